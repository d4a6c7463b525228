"""What is worked out from files kept as JSON under a digest of them, so that the next process need not do it again.

A cache that is missing, unwritable, foreign or broken is no fault: the work is done again. `CHECKER_CACHE` names another
folder; `CHECKER_CACHE=off` switches it off.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from checker import __version__

Made = TypeVar("Made")
MOST = 60
"""Files kept of one kind; the oldest go first."""


def folder() -> Path | None:
    """Return where things are kept, None when that is switched off or there is no home."""
    named = os.environ.get("CHECKER_CACHE")
    if named is not None:
        return None if named in ("", "off") else Path(named)
    try:
        return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "checker"
    except RuntimeError:
        return None


def digest(*texts: str) -> str:
    """Return the key of what is made from some texts by this version of the checker."""
    made = sha256(__version__.encode())
    for text in texts:
        made.update(f"\0{len(text)}\0".encode() + text.encode("utf-8", "surrogatepass"))
    return made.hexdigest()


def load(kind: str, key: str, read: Callable[[Any], Made]) -> Made | None:
    """Return what `read` makes of the values kept under a key, None when there are none that can be read."""
    held = text(kind, key)
    return None if held is None else content(held, key, read)


def text(kind: str, key: str) -> bytes | None:
    """Return the file kept under a key as it stands, None when there is none."""
    where = folder()
    if where is None:
        return None
    try:
        return (where / f"{kind}-{key}.json").read_bytes()
    except OSError:
        return None


def content(held: bytes, key: str, read: Callable[[Any], Made]) -> Made | None:
    """Return what `read` makes of the values in a file kept under a key, None when they are none of ours or cannot be read."""
    try:
        values = json.loads(held)
        return read(values["content"]) if values["key"] == key else None
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError):
        return None


def keep(kind: str, key: str, content: object) -> None:
    """Keep JSON values under a key: whole or not at all, and quietly not at all where nothing can be written."""
    where = folder()
    if where is not None:
        with suppress(OSError):
            _write(where, kind, key, json.dumps({"key": key, "content": content}, ensure_ascii=True, separators=(",", ":")))


def _write(where: Path, kind: str, key: str, text: str) -> None:
    import tempfile

    where.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, made = tempfile.mkstemp(prefix=f"{kind}-", suffix=".part", dir=where)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(made, where / f"{kind}-{key}.json")
    except BaseException:
        os.unlink(made)
        raise
    old = sorted(where.glob(f"{kind}-*.json"), key=lambda path: path.stat().st_mtime_ns)
    for path in old[:-MOST]:
        path.unlink(missing_ok=True)


def made(kind: str, text: str, make: Callable[[], Made], pack: Callable[[Made], Any], unpack: Callable[[Any], Made]) -> Made:
    """Return what is made of a text, as an earlier process kept it or made now; what JSON would change is not kept."""
    key = digest(text)
    known = load(kind, key, unpack)
    if known is None:
        known = make()
        content = pack(known)
        with suppress(TypeError):
            if json.loads(json.dumps(content)) == content:
                keep(kind, key, content)
    return known


@cache
def words(path: Path) -> Any:
    """Return the plain values of a YAML file that ships with the checker."""
    text = path.read_text(encoding="utf-8")

    def read() -> Any:
        import yaml

        return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))

    return made("words", text, read, _packed, _unpacked)


_PAIRS = "\0"
"""Stands for a mapping in which a key is not text: JSON would make text of it."""


def _packed(value: Any) -> Any:
    if isinstance(value, list):
        return [_packed(item) for item in value]
    if not isinstance(value, dict):
        return value
    pairs = [[key, _packed(item)] for key, item in value.items()]
    return dict(pairs) if all(isinstance(key, str) for key in value) else {_PAIRS: pairs}


def _unpacked(value: Any) -> Any:
    if isinstance(value, list):
        return [_unpacked(item) for item in value]
    if not isinstance(value, dict):
        return value
    pairs = value[_PAIRS] if _PAIRS in value else value.items()
    return {key: _unpacked(item) for key, item in pairs}
