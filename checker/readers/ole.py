"""OLE compound files (.xls, .doc): the directory and single streams, read only.

Source: [MS-CFB]. Chains are followed with a bound on their length, so that cycles end.
"""

from __future__ import annotations

import struct

from msgspec import Struct

from checker.errors import ReadError
from checker.readers.limits import DEFAULT, Limits

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LAST_SECTOR = 0xFFFFFFFA
ENTRY = 128
STREAM, ROOT = 2, 5
HEADER_DIFAT = 109


class Entry(Struct, frozen=True):
    """One directory entry: a stream or the root, where it starts and how long it is."""

    name: str
    kind: int
    start: int
    size: int


class Compound(Struct, frozen=True):
    """An opened compound file: sector sizes, allocation tables and directory."""

    data: bytes
    sector: int
    mini_sector: int
    mini_cutoff: int
    fat: tuple[int, ...]
    mini_fat: tuple[int, ...]
    entries: tuple[Entry, ...]


def stream_names(data: bytes, path: str, limits: Limits = DEFAULT) -> frozenset[str]:
    """Returns the names of all streams; raises ReadError when the container is broken."""
    return frozenset(entry.name for entry in opened(data, path, limits).entries if entry.kind == STREAM)


def stream(data: bytes, name: str, path: str, limits: Limits = DEFAULT) -> bytes | None:
    """Returns the bytes of the first stream of that name, or None when there is none.

    Raises ReadError when the container is broken or the stream is cut short.
    """
    compound = opened(data, path, limits)
    entry = next((entry for entry in compound.entries if entry.kind == STREAM and entry.name == name), None)
    if entry is None:
        return None
    try:
        content = _content(compound, entry)
    except ValueError:
        content = b""
    if len(content) < entry.size:
        raise ReadError(f"OLE 复合文件不完整（{name}）@ {path}，请重新保存后提交")
    return content


def _content(compound: Compound, entry: Entry) -> bytes:
    if entry.size >= compound.mini_cutoff:
        return _chain(compound.data, entry.start, compound.fat, compound.sector, compound.sector, entry.size)
    root = next((entry for entry in compound.entries if entry.kind == ROOT), None)
    if root is None:
        return b""
    mini = _chain(compound.data, root.start, compound.fat, compound.sector, compound.sector, root.size)
    return _chain(mini, entry.start, compound.mini_fat, compound.mini_sector, 0, entry.size)


def opened(data: bytes, path: str, limits: Limits = DEFAULT) -> Compound:
    """Returns the container's tables; raises ReadError when its header or tables are broken."""
    try:
        return _opened(data, limits)
    except (struct.error, ValueError, IndexError, OverflowError) as fault:
        raise ReadError(f"OLE 复合文件已损坏 @ {path}，请重新保存后提交（{type(fault).__name__}）") from None


def _opened(data: bytes, limits: Limits) -> Compound:
    shift, mini_shift = struct.unpack_from("<HH", data, 30)
    if shift not in (9, 12) or mini_shift > shift:
        raise ValueError("扇区大小")
    sector = 1 << shift
    fat_sectors, directory, _, cutoff, mini_start, _, difat, _ = struct.unpack_from("<II I I I I I I", data, 44)
    if fat_sectors * sector > len(data) + sector:
        raise ValueError("分配表")
    table = list(struct.unpack_from(f"<{HEADER_DIFAT}I", data, 76))
    seen: set[int] = set()
    while difat < LAST_SECTOR and difat not in seen:
        seen.add(difat)
        block = struct.unpack_from(f"<{sector // 4}I", data, (difat + 1) * sector)
        table.extend(block[:-1])
        difat = block[-1]
    fat: list[int] = []
    for number in table[:fat_sectors]:
        if number < LAST_SECTOR:
            piece = data[(number + 1) * sector : (number + 2) * sector]
            fat.extend(struct.unpack(f"<{len(piece) // 4}I", piece[: len(piece) // 4 * 4]))
    chain = tuple(fat)
    listing = _chain(data, directory, chain, sector, sector, limits.max_entries * ENTRY)
    entries = tuple(
        _entry(listing, at, sector) for at in range(0, len(listing) - ENTRY + 1, ENTRY) if listing[at + 66] in (STREAM, ROOT)
    )
    mini = _chain(data, mini_start, chain, sector, sector, len(data))
    mini_fat = struct.unpack(f"<{len(mini) // 4}I", mini[: len(mini) // 4 * 4])
    return Compound(data, sector, 1 << mini_shift, cutoff, chain, mini_fat, entries)


def _entry(listing: bytes, at: int, sector: int) -> Entry:
    length = struct.unpack_from("<H", listing, at + 64)[0]
    name = listing[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
    start, size = struct.unpack_from("<IQ", listing, at + 116)
    return Entry(name, listing[at + 66], start, size & 0xFFFFFFFF if sector == 512 else size)


def _chain(data: bytes, start: int, fat: tuple[int, ...], sector: int, offset: int, size: int) -> bytes:
    pieces: list[bytes] = []
    wanted = min(size, len(data))
    got = 0
    seen: set[int] = set()
    while start < len(fat) and got < wanted:
        if start in seen:
            raise ValueError("扇区链成环")
        seen.add(start)
        at = start * sector + offset
        pieces.append(data[at : at + sector])
        got += sector
        start = fat[start]
    return b"".join(pieces)[:wanted]
