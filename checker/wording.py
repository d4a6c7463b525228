"""Sentences in two languages from one pair of templates: what was said by one of them is said again by the other.

A slot `{name}` takes a value; `{name:form|forms}` is the word that goes with the number `name`, for one and for all others.

Slots are found by looking for the words between them, from left to right, each slot as short as it can be:
linear in the text, which may quote names and cells of strangers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import product

from msgspec import Struct

from checker.late import late

_SLOT = late(r"\{(\w+)\}")
_WORD = late(r"\{([\w.]+):([^{}|]*)\|([^{}|]*)\}")


def phrase(text: str, /, **slots: object) -> str:
    """Return a sentence with its slots filled as by `str.format`; texts of the form are values here, never the pattern."""
    return _agreed(text, slots).format(**slots)


def _agreed(text: str, slots: Mapping[str, object]) -> str:
    return agreed(text, lambda name: str(slots.get(name)))


def agreed(text: str, shown: Callable[[str], str]) -> str:
    """Return a template whose words for one and for many are chosen by what `shown` gives for their numbers; its other slots stay."""
    return _WORD.sub(lambda word: word[2] if shown(word[1]) == "1" else word[3], text) if "|" in text else text


def slots_only(text: str) -> str:
    """Return a template with the slot of its number in the place of each pair of words."""
    return _WORD.sub(r"{\1}", text)


class Template(Struct, frozen=True):
    """A sentence with {slots}, cut into its words and the names of the slots between them, and what to say instead."""

    words: tuple[str, ...]
    slots: tuple[str, ...]
    other: str

    @property
    def fixed(self) -> int:
        """How many letters the template gives by itself: the more, the surer that a sentence is its."""
        return sum(map(len, self.words))

    def filled(self, text: str) -> dict[str, str] | None:
        """Return what stands in each slot, at least a letter; None when the text is another sentence."""
        first, last = self.words[0], self.words[-1]
        if not self.slots:
            return {} if text == first else None
        if not text.startswith(first) or not text.endswith(last):
            return None
        end = len(text) - len(last)
        at, found = len(first), dict[str, str]()
        for n, slot in enumerate(self.slots, 1):
            word = self.words[n]
            stop = end if n == len(self.slots) else text.find(word, at + 1, end)
            if stop <= at or found.setdefault(slot, text[at:stop]) != text[at:stop]:
                return None
            at = stop + len(word)
        return found

    def again(self, said: dict[str, str]) -> str:
        """Return the other sentence with its slots filled."""
        return _SLOT.sub(lambda slot: said.get(slot[1], slot[0]), _agreed(self.other, said))


def templates(pairs: Iterable[tuple[str, str]]) -> tuple[Template, ...]:
    """Return the templates of (sentence, other sentence), the most specific first; a sentence with words for one and many is one for each way its numbers may go."""
    said = ((form, other) for sentence, other in pairs for form in _forms(sentence))
    cut = ((_SLOT.split(sentence), other) for sentence, other in said)
    return tuple(sorted((Template(tuple(parts[::2]), tuple(parts[1::2]), other) for parts, other in cut), key=lambda template: -template.fixed))


def _forms(sentence: str) -> Iterable[str]:
    numbers = dict.fromkeys(word[1] for word in _WORD.finditer(sentence))
    for singular in product((True, False), repeat=len(numbers)):
        one = dict(zip(numbers, singular, strict=True))
        yield _WORD.sub(lambda word, one=one: word[2] if one[word[1]] else word[3], sentence)  # type: ignore[misc]


def retold(text: str, known: Iterable[Template], slot: Callable[[str, str], str]) -> str | None:
    """Return the text by the first template it fits, each slot (name, what stands in it) told by `slot`; None when it fits none."""
    for template in known:
        found = template.filled(text)
        if found is not None:
            return template.again({name: slot(name, value) for name, value in found.items()})
    return None
