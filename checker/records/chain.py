"""Records as files of a hash chain: none can be changed, left out or cut off unseen.

Each holds the digest of the one before it; `HEAD` holds number and digest of the last. Whoever rewrites
both is only found out by a digest kept elsewhere (`verify(…, head=…)`).
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from msgspec import Struct

from checker.errors import ReadError, UsageError

VERSION = 1
HEAD = "HEAD"

_NAME = re.compile(r"[0-9]{6,}\.json")
_SURROGATE = re.compile("[\ud800-\udfff]")

Entry = Mapping[str, Any]


class Chain(Struct, frozen=True):
    """What verifying found: how many records, the digest of the last, and every fault, one line each."""

    records: int
    head: str | None
    faults: tuple[str, ...]


def sha256(data: bytes) -> str:
    """Return a digest as records write it: sha256:…"""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def dumps(values: Entry) -> str:
    """Return the one text a record can have: any other byte is a change."""
    made = json.dumps(values, ensure_ascii=False, indent=1)
    return _SURROGATE.sub(lambda match: f"\\u{ord(match.group()):04x}", made) + "\n"


def paths(folder: Path) -> list[Path]:
    """Return the record files of a folder in order."""
    return sorted((path for path in folder.iterdir() if _NAME.fullmatch(path.name)), key=lambda path: (len(path.name), path.name))


def write(folder: Path, values: Entry) -> Path:
    """Add a record to the chain in `folder`, whole or not at all, and return its file.

    Raises ReadError when the last record is not intact, UsageError when the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(folder):
            for _ in range(1000):
                kept = _head(folder)
                listed = paths(folder)
                if cut := _cut_off(folder, kept, [int(path.stem) for path in listed]):
                    raise ReadError(cut)
                last = read(listed[-1]) if listed else None
                number = int(last["number"]) + 1 if last else 1
                body = {"version": values["version"], "number": number, "previous": last["digest"] if last else None, **{k: v for k, v in values.items() if k != "version"}}
                digest = sha256(dumps(body).encode())
                target = folder / f"{number:06d}.json"
                if _place(target, dumps({**body, "digest": digest}).encode()):
                    if kept is None or kept[0] < number:
                        with _beside(folder, f"{number} {digest}\n".encode(), 0o644) as name:
                            os.replace(name, folder / HEAD)
                    return target
    except OSError as error:
        raise UsageError(f"cannot write the record @ {folder}: {error.strerror or error}, choose another folder") from None
    raise UsageError(f"too many runs write to {folder} at once, try again")


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep other runs from writing between a record and HEAD; the system frees the lock of a run that ends.

    Where folders cannot be locked, the number of a record is still taken by one run alone.
    """
    if sys.platform == "win32":
        yield
        return
    import fcntl

    handle = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


@contextmanager
def _beside(folder: Path, data: bytes, mode: int) -> Iterator[str]:
    """Give the name of a file that is written whole and on the disk, to be moved into place; it is gone when it was not."""
    handle, name = tempfile.mkstemp(prefix=".record.", dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, mode)
        yield name
    finally:
        Path(name).unlink(missing_ok=True)


def _place(target: Path, data: bytes) -> bool:
    """Put a record in place unless somebody else has put one there already: then False."""
    with _beside(target.parent, data, 0o444) as name:
        try:
            os.link(name, target)
        except FileExistsError:
            return False
        except OSError:  # a file system without links
            if target.exists():
                return False
            os.replace(name, target)
        return True


def _head(folder: Path) -> tuple[int, str] | None:
    """Return number and digest of the last record as HEAD has them, None without HEAD; read before records are listed, it is never ahead of them."""
    try:
        number, _, digest = (folder / HEAD).read_text(encoding="ascii").strip().partition(" ")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError):
        return 0, ""
    return (int(number), digest) if number.isdecimal() and len(number) < 10 else (0, "")


def _cut_off(folder: Path, kept: tuple[int, str] | None, numbers: Sequence[int]) -> str | None:
    """Say what is wrong when HEAD knows of a later record than there is, or is gone while there are records."""
    if kept is None:
        return f"{HEAD}, which names the last record, is missing @ {folder}" if numbers else None
    if kept[0] not in numbers:
        return f"the last record was {kept[0]}, it is not there any more @ {folder}: records were cut off"
    return None


def read(path: Path) -> Entry:
    """Read one record and prove that no byte of it was changed. Raises ReadError."""
    try:
        text = path.read_bytes().decode("utf-8")
        values = json.loads(text)
        if not isinstance(values, dict) or values.get("version") != VERSION:
            raise ReadError(f"not a record of version {VERSION} @ {path}")
        body = {key: value for key, value in values.items() if key != "digest"}
        if dumps(values) != text or values.get("digest") != sha256(dumps(body).encode()):
            raise ReadError(f"the record was changed after it was written @ {path}")
        return values
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise ReadError(f"the record was changed after it was written, it is no JSON any more @ {path}") from None
    except OSError as error:
        raise ReadError(f"cannot be read ({error.strerror or error}) @ {path}") from None


def verify(folder: Path, head: str | None = None) -> Chain:
    """Read every record, prove each and the links between them.

    `head` is the digest of a last record somebody kept elsewhere: it must be in the chain. Raises
    ReadError when there is no such folder or no record in it.
    """
    kept, listed = (_head(folder), paths(folder)) if folder.is_dir() else (None, [])
    if not (listed or kept):
        raise ReadError(f"no records @ {folder}, name the folder given to --record")
    faults = [f"not a record @ {path}" for path in sorted(folder.iterdir()) if not (_NAME.fullmatch(path.name) or path.name == HEAD or path.name.startswith("."))]
    digests: list[str] = []
    previous: str | None = None
    broken = False
    for place, path in enumerate(listed, 1):
        try:
            values = read(path)
        except ReadError as error:
            faults.append(str(error))
            broken = True
            continue
        if values.get("number") != place or path.name != f"{place:06d}.json":
            faults.append(f"record {place} is missing or out of order @ {path}")
        if not broken and values.get("previous") != previous:
            faults.append(f"does not follow the record before it @ {path}")
        previous, broken = str(values["digest"]), False
        digests.append(previous)
    if cut := _cut_off(folder, kept, range(1, len(listed) + 1)):
        faults.append(cut)
    elif kept and not faults and digests[kept[0] - 1] != kept[1]:
        faults.append(f"{HEAD} names another record {kept[0]} than there is @ {folder}")
    if head is not None and head not in digests:
        faults.append(f"the record with digest {head or repr(head)} is not in the chain @ {folder}: records were cut off or replaced")
    return Chain(len(digests), previous, tuple(faults))


def entries(folder: Path) -> list[Entry]:
    """Return all records, proved one by one. Raises ReadError at the first that was changed."""
    return [read(path) for path in paths(folder)]
