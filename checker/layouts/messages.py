"""Sentences about the reading of a form: Chinese where they arise, English from the same template."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from checker import kept
from checker.faults import in_language
from checker.late import late
from checker.model import Form
from checker.wording import Template, retold, templates

_PLACE = late(r"^(?:(?P<sheet>.+!)?[A-Z]{1,3}\d+|(?:第(?P<page>\d+)页)?(?:表(?P<table>\d+))?(?:第(?P<line>\d+)行)?(?:第(?P<cell>\d+)格)?)$")
MAX_DEPTH = 3


@cache
def _data() -> Mapping[str, Any]:
    data: Mapping[str, Any] = kept.words(Path(__file__).with_name("messages.yaml"))
    return data


def say(key: str, **slots: object) -> str:
    """Return a sentence of messages.yaml in Chinese with its slots filled."""
    text: str = _data()["messages"][key]["zh"]
    return text.format_map(slots) if slots else text


def at(place: str, key: str, **slots: object) -> str:
    """Return a sentence with the place it is about in front."""
    return say("at", at=place, what=say(key, **slots))


def field_name(name: str) -> str:
    """Return the Chinese name of a field as forms title it."""
    text: str = _data()["fields"].get(name, {}).get("zh", name)
    return text


@cache
def _templates() -> tuple[Template, ...]:
    return templates((entry["zh"], entry["en"]) for key, entry in _data()["messages"].items() if key != "at")


@lru_cache(maxsize=2048)
def english(text: str) -> str:
    """Return a sentence made by `say` in English; what is quoted from the form stays as filed."""
    return _english(text, 0)


def in_english(form: Form) -> Form:
    """Return the form with what was said of its reading in English: repairs, unread cells, cues; its own texts stay."""
    places = {key: replace(place, unread=english(place.unread)) if place.unread is not None else place for key, place in form.places.items()}
    told = {name: tuple(english(text) for text in getattr(form, name)) for name in ("repairs", "unread", "cues")}
    return replace(form, places=places, repairs=told["repairs"], unread=told["unread"], cues=told["cues"])


def _english(text: str, depth: int) -> str:
    known = _words().get(text)
    if known is not None:
        return known
    place = _place(text)
    if place is not None or depth > MAX_DEPTH or len(text) > 2_000:
        return place or text
    front, colon, rest = text.partition("：")
    if colon and rest and (said := _place(front)) is not None:
        return f"{said}: {_english(rest, depth + 1)}"
    for separator, joint in (("；", "; "), ("，", ", ")):
        parts = text.split(separator)
        if len(parts) > 1 and all(_whole(part) for part in parts):
            return joint.join(_english(part, depth + 1) for part in parts)
    return retold(text, _templates(), lambda name, value: _slot(name, value, depth)) or in_language(text, "en")


def _slot(name: str, value: str, depth: int) -> str:
    """Translate what we wrote; leave what stands in the form."""
    if name in ("text", "title", "tags", "value", "first", "name", "group", "cues"):
        return value
    return _english(value, depth + 1)


def _whole(text: str) -> bool:
    """True when a text is a sentence of ours by itself."""
    return text in _words() or any(template.filled(text) is not None for template in _templates())


@cache
def _words() -> Mapping[str, str]:
    words = {str(entry["zh"]): str(entry["en"]) for entry in _data()["fields"].values()}
    return {**words, "空": "empty", "原文": "the text"}


def _place(text: str) -> str | None:
    match = _PLACE.match(text)
    if match is None or not text:
        return None
    if not any(match.group(part) for part in ("page", "table", "line", "cell")):
        return text
    said = [f"{part} {match.group(part)}" for part in ("page", "table", "line", "cell") if match.group(part)]
    return ", ".join(said)
