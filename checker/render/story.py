"""The long texts of a form in paragraphs: those with a mark shown, the others folded and counted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from msgspec import Struct

from checker.model import Form
from checker.render.arrange import STATUSES, Item

LIMIT = 4000
"""Characters printed of one text; what is left out is counted on the page."""

_SHORT = 600
_BREAK = re.compile(r"\n+|(?<=</p>)|(?<=<br>)|(?<=<br/>)", re.IGNORECASE)
_FIGURE = re.compile(r"[0-9][0-9.,]*")
_TAG = re.compile(r"<[^<>]{1,200}>")


class Span(Struct, frozen=True):
    """A stretch of text: plain (""), a left-over tag ("tag"), or marked with a status."""

    text: str
    status: str = ""


class Passage(Struct, frozen=True):
    """Paragraphs that follow each other: shown, or folded with their number and length."""

    folded: bool
    paragraphs: tuple[tuple[Span, ...], ...]
    characters: int


class Story(Struct, frozen=True):
    """One long text: its field, the place it stands at, passages, the findings that mention it."""

    field: str
    passages: tuple[Passage, ...]
    length: int
    items: tuple[Item, ...]


def _quotes(items: Iterable[Item], text: str) -> list[tuple[int, int, str]]:
    """Find what the findings quote from the text: first occurrences, none overlapping."""
    found: list[tuple[int, int, str]] = []
    for item in sorted(items, key=lambda i: STATUSES.index(i.status)):
        for quote in (item.finding.reported, item.finding.expected):
            if quote is None or not 1 < len(quote) <= 200 or quote.startswith("<"):
                continue
            start = _found(quote, text)
            if start >= 0 and all(start >= end or start + len(quote) <= begin for begin, end, _ in found):
                found.append((start, start + len(quote), item.status))
    return sorted(found)


def _found(quote: str, text: str) -> int:
    """Return where the quote stands first, -1 when nowhere; a number is not looked for within a longer one."""
    number = _FIGURE.fullmatch(quote) is not None
    start = text.find(quote)
    while number and start >= 0 and _cuts_number(text, start, start + len(quote)):
        start = text.find(quote, start + 1)
    return start


def _cuts_number(text: str, start: int, end: int) -> bool:
    before, after = text[max(start - 2, 0) : start], text[end : end + 2]
    return before[-1:].isdigit() or (len(before) == 2 and before[1] in ".," and before[0].isdigit()) or after[:1].isdigit() or (len(after) == 2 and after[0] in ".," and after[1].isdigit())


def _spans(text: str, offset: int, quotes: list[tuple[int, int, str]]) -> tuple[Span, ...]:
    cuts = [(match.start() + offset, match.end() + offset, "tag") for match in _TAG.finditer(text)]
    cuts += [cut for cut in quotes if cut[0] < offset + len(text) and cut[1] > offset]
    spans: list[Span] = []
    at = offset
    for begin, end, status in sorted(cuts):
        begin, end = max(begin, at), min(end, offset + len(text))
        if begin >= end:
            continue
        if begin > at:
            spans.append(Span(text[at - offset : begin - offset]))
        spans.append(Span(text[begin - offset : end - offset], status))
        at = end
    if at < offset + len(text):
        spans.append(Span(text[at - offset :]))
    return tuple(spans)


def story(form: Form, field: str, mentions: Mapping[str, tuple[Item, ...]]) -> Story | None:
    """Return a long text of the form as filed, None when it is empty; texts beyond LIMIT are cut."""
    place = form.places.get(("forms", 1, field))
    filed = (place.text if place is not None else "") or str(form.header.get(field) or "")
    if not filed.strip():
        return None
    items = mentions.get(field, ())
    text = filed[:LIMIT]
    quotes = _quotes(items, text)
    paragraphs: list[tuple[tuple[Span, ...], int, bool]] = []
    offset = 0
    for part in _BREAK.split(text):
        start = text.find(part, offset)
        offset = start + len(part)
        spans = _spans(part, start, quotes)
        if part.strip():
            paragraphs.append((spans, len(part.strip()), any(span.status not in ("", "tag") for span in spans)))
    whole = len(text) <= _SHORT
    passages: list[Passage] = []
    for index, (spans, characters, marked) in enumerate(paragraphs):
        folded = not (whole or marked or index == 0)
        if passages and passages[-1].folded == folded:
            last = passages[-1]
            passages[-1] = Passage(folded, (*last.paragraphs, spans), last.characters + characters)
        else:
            passages.append(Passage(folded, (spans,), characters))
    return Story(field, tuple(passages), len(filed), items)
