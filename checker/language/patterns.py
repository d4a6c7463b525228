"""`matches` and `blank` on one text without Polars: an automaton for the plain part of Rust's regular expressions.

Its states are sets of places of the pattern, made when they are first reached; a text is read once, whatever the
pattern. What lies beyond the plain part (flags, `\\w`, `\\b`, Unicode classes, characters newer than Python's tables) is
left to Polars, which evaluates columns: both say the same (`tests/test_language_patterns.py`).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from msgspec import Struct, field

START, END = "^^", "$$"
"""Stand before and behind every text; `^` and `$` match them."""
MAX_PLACES = 600
MAX_KNOWN = 20_000
_WHITE = frozenset("\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000") | frozenset(map(chr, range(0x2000, 0x200B)))
_ESCAPED = frozenset(r"\.+*?()|[]{}^$#&-~")
_PLAIN_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}


class Beyond(Exception):
    """The pattern or a character of the text is beyond the plain part."""


class Symbol(NamedTuple):
    """What one place of a pattern matches: characters, ranges, `d` and `s`; or all but these."""

    chars: frozenset[str] = frozenset()
    ranges: tuple[tuple[str, str], ...] = ()
    kinds: str = ""
    negated: bool = False

    def fits(self, char: str) -> bool:
        """Say whether the place matches a character, START or END."""
        if len(char) > 1 or START in self.chars or END in self.chars:
            return char in self.chars
        if not self.ranges and not self.kinds:
            return (char in self.chars) is not self.negated
        found = char in self.chars or any(low <= char <= high for low, high in self.ranges) or ("s" in self.kinds and char in _WHITE)
        if not found and "d" in self.kinds:
            kind = unicodedata.category(char)
            if kind == "Cn":
                raise Beyond
            found = kind == "Nd"
        return found is not self.negated


class _Piece(NamedTuple):
    """A part of a pattern: may it be empty, at which places can it begin and end (bits)."""

    empty: bool
    first: int
    last: int


class Automaton(Struct):
    """Places of a pattern with what can follow each; `moves` are the steps known so far, `masks` the places of each character."""

    symbols: list[Symbol] = field(default_factory=list)
    follow: list[int] = field(default_factory=list)
    whole: _Piece = field(default_factory=lambda: _Piece(True, 0, 0))
    moves: dict[tuple[int, str], int] = field(default_factory=dict)
    masks: dict[str, int] = field(default_factory=dict)

    def search(self, text: str) -> bool:
        """Say whether the pattern matches somewhere in a text. Raises Beyond for a character Python does not know."""
        if self.whole.empty:
            return True
        state = 0
        for char in (START, *text, END):
            step = self.moves.get((state, char))
            state = self._step(state, char) if step is None else step
            if state & self.whole.last:
                return True
        return False

    def _step(self, state: int, char: str) -> int:
        reach, left = self.whole.first, state
        while left:
            low = left & -left
            reach |= self.follow[low.bit_length() - 1]
            left ^= low
        made = reach & self._fitting(char)
        if len(self.moves) >= MAX_KNOWN:
            self.moves.clear()
        self.moves[state, char] = made
        return made

    def _fitting(self, char: str) -> int:
        """Return the places that match a character."""
        known = self.masks.get(char)
        if known is None:
            known = sum(1 << at for at, symbol in enumerate(self.symbols) if symbol.fits(char))
            if len(self.masks) < MAX_KNOWN:
                self.masks[char] = known
        return known

    def place(self, symbol: Symbol) -> _Piece:
        """Add a place."""
        if len(self.symbols) >= MAX_PLACES:
            raise Beyond
        bit = 1 << len(self.symbols)
        self.symbols.append(symbol)
        self.follow.append(0)
        return _Piece(False, bit, bit)

    def then(self, one: _Piece, other: _Piece) -> _Piece:
        """Put a part behind another."""
        self.link(one.last, other.first)
        return _Piece(one.empty and other.empty, one.first | (other.first if one.empty else 0), other.last | (one.last if other.empty else 0))

    def link(self, ends: int, begins: int) -> None:
        """Let places follow places."""
        for at in range(len(self.follow)):
            if ends >> at & 1:
                self.follow[at] |= begins


@lru_cache(256)
def automaton(pattern: str) -> Automaton | None:
    """Return the automaton of a pattern, None when it is beyond the plain part."""
    made = Automaton()
    try:
        at, made.whole = _choice(pattern, 0, made)
        if at != len(pattern):
            return None
    except Beyond:
        return None
    for symbol, follow in zip(made.symbols, made.follow, strict=True):
        # Each of START and END is read once: `^^` asks for it twice.
        for mark in (START, END):
            if mark in symbol.chars and any(mark in made.symbols[i].chars for i in range(len(made.symbols)) if follow >> i & 1):
                return None
    return made


def _choice(text: str, at: int, made: Automaton) -> tuple[int, _Piece]:
    at, piece = _sequence(text, at, made)
    while text[at : at + 1] == "|":
        at, other = _sequence(text, at + 1, made)
        piece = _Piece(piece.empty or other.empty, piece.first | other.first, piece.last | other.last)
    return at, piece


def _sequence(text: str, at: int, made: Automaton) -> tuple[int, _Piece]:
    piece = _Piece(True, 0, 0)
    while at < len(text) and text[at] not in "|)":
        start = at
        at, one = _atom(text, at, made)
        end = at
        at, least, most = _quantifier(text, at)
        if (least, most) != (1, 1):
            if any(mark in made.symbols[i].chars for mark in (START, END) for i in range(len(made.symbols)) if (one.first | one.last) >> i & 1):
                raise Beyond
            one = _repeated(text[start:end], one, least, most, made)
        piece = made.then(piece, one)
    return at, piece


def _repeated(text: str, one: _Piece, least: int, most: int | None, made: Automaton) -> _Piece:
    """Return a part `least` to `most` times: written out, the last one looped when there is no end."""
    if most == 0:
        raise Beyond
    if not one.first:
        # Nothing but the empty text, however often: written out, nested repetitions of it would never end.
        return one
    copies = [one, *(_atom(text, 0, made)[1] for _ in range((most if most is not None else max(least, 1)) - 1))]
    if most is None:
        made.link(copies[-1].last, copies[-1].first)
    piece = _Piece(True, 0, 0)
    for number, copy in enumerate(copies):
        piece = made.then(piece, copy if number < least else _Piece(True, copy.first, copy.last))
    return piece


def _atom(text: str, at: int, made: Automaton) -> tuple[int, _Piece]:
    char = text[at]
    if char == "(":
        plain = text[at + 1 : at + 3] == "?:"
        if text[at + 1 : at + 2] == "?" and not plain:
            raise Beyond
        at, piece = _choice(text, at + (3 if plain else 1), made)
        if text[at : at + 1] != ")":
            raise Beyond
        return at + 1, piece
    if char == "[":
        at, symbol = _class(text, at + 1)
        return at, made.place(symbol)
    if char == "\\":
        return at + 2, made.place(_escape(text, at + 1))
    if char in "*+?{}])":
        raise Beyond
    special = {".": Symbol(frozenset("\n"), negated=True), "^": Symbol(frozenset({START})), "$": Symbol(frozenset({END}))}
    return at + 1, made.place(special.get(char) or Symbol(frozenset(char)))


def _escape(text: str, at: int) -> Symbol:
    char = text[at : at + 1]
    if char and char in "ds":
        return Symbol(kinds=char)
    if char in _PLAIN_ESCAPES or char in _ESCAPED:
        return Symbol(frozenset(_PLAIN_ESCAPES.get(char, char)))
    raise Beyond


def _class(text: str, at: int) -> tuple[int, Symbol]:
    negated = text[at : at + 1] == "^"
    at += negated
    first, chars, ranges, kinds = at, set[str](), list[tuple[str, str]](), ""
    while text[at : at + 1] != "]" or at == first:
        if at >= len(text) or text[at] in "[]" or text[at : at + 2] in ("&&", "--", "~~"):
            raise Beyond
        at, low = _member(text, at)
        if text[at : at + 1] != "-" or text[at + 1 : at + 2] == "]":
            chars |= low.chars
            kinds += low.kinds
            continue
        at, high = _member(text, at + 1)
        if not low.chars or not high.chars or text[at : at + 1] == "-":
            raise Beyond
        ranges.append((min(low.chars), min(high.chars)))
    return at + 1, Symbol(frozenset(chars), tuple(ranges), kinds, negated)


def _member(text: str, at: int) -> tuple[int, Symbol]:
    char = text[at : at + 1]
    if char == "\\":
        return at + 2, _escape(text, at + 1)
    if not char or char in "[]":
        raise Beyond
    return at + 1, Symbol(frozenset(char))


def _quantifier(text: str, at: int) -> tuple[int, int, int | None]:
    """Return (behind the quantifier, least, most), 1 and 1 when there is none. A lazy one matches the same texts."""
    found: tuple[int, int | None] = (1, 1)
    if text[at : at + 1] and text[at] in "?*+":
        found = {"?": (0, 1), "*": (0, None), "+": (1, None)}[text[at]]
        at += 1
    elif text[at : at + 1] == "{":
        end = text.find("}", at)
        parts: Sequence[str] = text[at + 1 : end].split(",") if end > 0 else ()
        if not (1 <= len(parts) <= 2 and parts[0].isdecimal() and parts[0].isascii() and (parts[-1] == "" or (parts[-1].isdecimal() and parts[-1].isascii()))):
            raise Beyond
        least, most = int(parts[0]), int(parts[-1]) if parts[-1] else None
        if most is not None and not least <= most <= MAX_PLACES:
            raise Beyond
        found = (least, most)
        at = end + 1
    else:
        return at, 1, 1
    at += text[at : at + 1] == "?"
    if text[at : at + 1] and text[at] in "?*+{":
        raise Beyond
    return at, *found


def has_substance(text: str) -> bool | None:
    """Say whether a text holds a letter, a digit or a Han character; None when Python does not know one of its characters."""
    kinds = {unicodedata.category(char) for char in set(text)}
    if any(kind[0] in "LN" for kind in kinds):
        return True
    return None if "Cn" in kinds else False
