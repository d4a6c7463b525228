"""Strings of BIFF records: shared strings over record borders, plain ones, byte strings of Excel 5/95."""

from __future__ import annotations

import struct

from msgspec import Struct

from checker.readers.limits import Limits
from checker.readers.sheet import too_many

CODEPAGES = {936: "gb18030", 950: "big5hkscs", 932: "cp932", 949: "cp949", 1252: "cp1252", 1200: "utf-16-le", 367: "ascii", 65001: "utf-8"}
WIDE, PHONETIC, RICH = 1, 4, 8
MAX_STRINGS = 4


class Continued(Struct):
    """A record's body with the offsets where continuations begin, and how far it has been read."""

    body: bytes
    joints: tuple[int, ...]
    at: int = 0
    joint: int = 0

    def border(self) -> int:
        """Returns the first offset not behind the place reached where a continuation begins, or the end."""
        while self.joint < len(self.joints) and self.joints[self.joint] < self.at:
            self.joint += 1
        return self.joints[self.joint] if self.joint < len(self.joints) else len(self.body)


def shared_strings(record: Continued, path: str, limits: Limits) -> tuple[str, ...]:
    """Returns the texts of the shared string table; a table cut short gives those that are whole.

    Raises ReadError for more strings than `limits` allow.
    """
    count = struct.unpack_from("<I", record.body, 4)[0]
    if count > MAX_STRINGS * limits.max_cells:
        raise too_many("共享文字", MAX_STRINGS * limits.max_cells, path)
    record.at = 8
    strings: list[str] = []
    while len(strings) < count and record.at + 3 <= len(record.body):
        strings.append(_shared(record))
    return tuple(strings)


def _shared(record: Continued) -> str:
    body = record.body
    length, flags = struct.unpack_from("<HB", body, record.at)
    record.at += 3
    runs = phonetic = 0
    if flags & RICH:
        runs = struct.unpack_from("<H", body, record.at)[0]
        record.at += 2
    if flags & PHONETIC:
        phonetic = struct.unpack_from("<I", body, record.at)[0]
        record.at += 4
    pieces: list[str] = []
    wide = flags & WIDE
    while True:
        width = 2 if wide else 1
        border = record.border()
        here = min(length, (border - record.at) // width)
        piece = body[record.at : record.at + here * width]
        pieces.append(piece.decode("utf-16-le", "replace") if wide else piece.decode("latin-1"))
        record.at += here * width
        length -= here
        if length <= 0:
            break
        # Characters go on in the continuation, whose first byte says anew how wide they are.
        record.at = border
        if border >= len(body):
            pieces.append("\ufffd")
            break
        wide = body[record.at] & WIDE
        record.at += 1
    record.at += 4 * runs + phonetic
    return "".join(pieces)


def text_at(body: bytes, at: int, prefix: int, unicode: bool, encoding: str) -> tuple[str, int]:
    """Returns a string of a single record and the offset behind it; `prefix` is the size of its length in bytes.

    Raises struct.error when the record is too short for the length.
    """
    length = struct.unpack_from("<B" if prefix == 1 else "<H", body, at)[0]
    at += prefix
    if not unicode:
        raw = struct.unpack_from(f"<{length}s", body, at)[0]
        return raw.decode(encoding, "replace"), at + length
    flags = struct.unpack_from("<B", body, at)[0]
    at += 1
    if flags & RICH:
        at += 2
    if flags & PHONETIC:
        at += 4
    size = length * 2 if flags & WIDE else length
    raw = struct.unpack_from(f"<{size}s", body, at)[0]
    return raw.decode("utf-16-le" if flags & WIDE else "latin-1", "replace"), at + size
