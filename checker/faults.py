"""Faults in the language of the run. They arise in one language; faults.yaml has all of them in both.

A fault is `what @ place，what to do`, `file:line key: what`, or several of these joined. What nobody
translated stays as it is, and so does what is quoted: names, paths, texts of forms.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from checker import kept
from checker.late import late
from checker.wording import Template, templates

INNER = frozenset({"unit", "unit2", "what", "fault", "faults", "kind", "seen", "why", "place"})
"""Slots filled by words of ours, which are said in the other language too."""

MAX_TEXT = 2_000
MAX_CUTS = 40
"""Places at which a fault is tried to be cut into head and words, or place and advice."""
MAX_PARTS = 4096
"""Parts of faults kept with what they say: each is read once, however the parts before it are cut."""

PLACES = frozenset({"standard output", "this machine", "this run", "标准输出", "本机", "本次运行"})
"""Places that are words of ours; every other is the name of a file or folder, and stays."""

_HINT = late(r" \(did you mean (\"?)(.+?)\1\?\)")
_HEADS = late(r"(?<=[:：]) ?| ")
_COMMAS = late(r"，|, |；|; |: ")
_JOINTS = {"zh": ("; ", "；"), "en": ("；", "; ")}
_COMMA = {"zh": "，", "en": ", "}
_COLON = {"zh": "：", "en": ": "}


class _Said(NamedTuple):
    """Words in the other language, and how many letters of the fault were known."""

    known: int
    text: str


@lru_cache(maxsize=4096)
def in_language(text: str, lang: str) -> str:
    """Return a fault in zh or en; unchanged when it is said so already or is none of ours."""
    if len(text) > MAX_TEXT:
        return text
    hint = _HINT.search(text) if lang == "zh" else None
    if hint is not None and (said := _said(text[: hint.start()] + text[hint.end() :], lang)):
        return f"{said.text}（是否要写“{hint[2]}”？）"
    said = _said(text, lang)
    return said.text if said else text


@cache
def _known(lang: str) -> tuple[Template, ...]:
    pairs: list[list[str]] = kept.words(Path(__file__).with_name("faults.yaml"))
    return templates((zh, en) if lang == "en" else (en, zh) for zh, en in pairs)


@lru_cache(maxsize=MAX_PARTS)
def _said(text: str, lang: str) -> _Said | None:
    """Return the reading of a fault by which most of it is known."""
    return _most(said for said in (_behind(text, lang), _whole(text, lang), _placed(text, lang), _joined(text, lang)) if said)


@lru_cache(maxsize=MAX_PARTS)
def _whole(text: str, lang: str) -> _Said | None:
    filled = ((template, template.filled(text)) for template in _known(lang))
    return _most(_told(template, found, lang) for template, found in filled if found is not None and not any("@ " in value for value in found.values()))


def _told(template: Template, found: dict[str, str], lang: str) -> _Said:
    inner = {name: said for name, value in found.items() if name in INNER and (said := _said(value, lang))}
    again = template.again(found | {name: said.text for name, said in inner.items()})
    return _Said(template.fixed + sum(said.known for said in inner.values()), again)


def _most(readings: Iterable[_Said]) -> _Said | None:
    return max(readings, key=lambda said: said.known, default=None)


def _placed(text: str, lang: str) -> _Said | None:
    """Say `what @ place，what to do`; the place may hold commas, the advice is the longest that is known."""
    what, mark, rest = text.partition("@ ")
    said = _whole(what.rstrip(), lang) or _joined(what.rstrip(), lang) if mark else None
    if said is None:
        return None
    place, comma, advice = rest, "", None
    for cut in islice(_COMMAS.finditer(rest), MAX_CUTS):
        advice = _whole(rest[cut.end() :], lang)
        if advice is not None:
            place, comma = rest[: cut.start()], _COMMA[lang]
            break
    name, colon, why = place.rpartition(": ")
    because = _whole(why, lang) if colon else None
    if because:
        colon, why = _COLON[lang], because.text
    else:
        name, colon, why = place.partition(": ")
    known = _whole(name, lang) if name in PLACES else None
    told = f"{said.text} @ {known.text if known else name}{colon}{why}{comma}{advice.text if advice else ''}"
    return _Said(said.known + sum(part.known for part in (known, because, advice) if part), told)


def _joined(text: str, lang: str) -> _Said | None:
    there, here = _JOINTS[lang]
    parts = text.split(there, MAX_CUTS)
    said = [_said(part, lang) for part in parts] if len(parts) > 1 else []
    told = [one for one in said if one is not None]
    return _Said(sum(one.known for one in told), here.join(one.text for one in told)) if told and len(told) == len(said) else None


def _behind(text: str, lang: str) -> _Said | None:
    """Say what stands behind `file:line key:`; the head stays."""
    best: _Said | None = None
    for head in islice(_HEADS.finditer(text), MAX_CUTS):
        tail = text[head.end() :]
        said = (_whole(tail, lang) or _placed(tail, lang)) if tail else None
        if said and (best is None or said.known >= best.known):
            best = _Said(said.known, text[: head.end()] + said.text)
    return best
