"""Refuses PDF files whose packed streams unpack to far more than a form needs, before pdfium unpacks them.

A page of a form unpacks to some ten or hundred kilobytes of drawing. Streams are looked at where they
stand in the file; pictures are never unpacked by this reader, fonts may be large. Streams of an
encrypted file cannot be looked into.
"""

from __future__ import annotations

import re
import struct
import zlib

from checker.errors import ReadError

MAX_DRAWING = 8_000_000
MAX_OTHER = 200_000_000
RATIO = 1_032
"""What deflate packs at most into one byte."""
LZW_RATIO = 2_800
HEAD = 400
PIECE = 65_536

LENGTH = re.compile(rb"/Length\s+(\d{1,12})(?!\s+\d+\s+R)")
TWICE = re.compile(rb"/(?:FlateDecode|Fl|LZWDecode|LZW|RunLengthDecode|RL)\s*/(?:FlateDecode|Fl|LZWDecode|LZW|RunLengthDecode|RL)\b")
ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
DIGITS = bytes((code - 33) % 256 for code in range(256))
FONTS = (b"\x00\x01\x00\x00", b"OTTO", b"true", b"ttcf", b"%!", b"\x01\x00\x04", b"\x01\x00\x05")


def check_streams(data: bytes, path: str) -> None:
    """Raises ReadError when a stream of the file unpacks beyond what a form's page or font needs."""
    heads: list[bytes] = []
    at = 0
    while (start := data.find(b"stream", at)) >= 0:
        head = data[max(at, start - HEAD) : start]
        head = head[head.rfind(b"obj") + 1 :]
        heads.append(head)
        length = LENGTH.search(head)
        end = data.find(b"endstream", start)
        end = max(end if end >= 0 else len(data), start + int(length.group(1)) if length else 0)
        at = min(end, len(data)) + len(b"endstream")
        # Most streams are too short to matter, whatever they hold.
        if (end - start) * LZW_RATIO > MAX_DRAWING and b"/Image" not in head:
            _check(data, start, min(end, len(data)), head, path)
    named = b"\n".join(heads) + data[-HEAD:]
    if TWICE.search(ESCAPED.sub(lambda found: bytes([int(found.group(1), 16)]), named) if b"#" in named else named):
        raise ReadError(f"PDF 的数据流重复压缩 @ {path}，疑为压缩炸弹，不予读取")


def _check(data: bytes, start: int, end: int, head: bytes, path: str) -> None:
    if b"/LZW" in head and (end - start) * LZW_RATIO > MAX_OTHER:
        raise ReadError(f"PDF 的数据流过大 @ {path}，疑为压缩炸弹，不予读取")
    body = start + len(b"stream")
    while body < end and data[body] in b"\r\n":
        body += 1
    packed = memoryview(data)[body:end]
    if b"ASCII" in head:
        packed = memoryview(_plain(bytes(packed), b"ASCIIHex" in head))
    if len(packed) * RATIO > MAX_DRAWING and _unpacks_beyond(packed):
        raise ReadError(f"PDF 的数据流解压后过大（上限 {MAX_DRAWING // 1_000_000} MB）@ {path}，疑为压缩炸弹，不予读取")


def _plain(text: bytes, hexadecimal: bool) -> bytes:
    """Returns the bytes of a stream written in letters, b"" when it is not well formed."""
    try:
        if hexadecimal:
            return bytes.fromhex(b"".join(text.split(b">")[0].split()).decode("ascii"))
        body = b"".join(text.split(b"~>")[0].removeprefix(b"<~").split()).replace(b"z", b"!!!!!")
        whole = len(body) // 5 * 5
        digits = bytes(body[:whole]).translate(DIGITS)
        groups = zip(*(digits[k::5] for k in range(5)), strict=True)
        values = [(((a * 85 + b) * 85 + c) * 85 + d) * 85 + e for a, b, c, d, e in groups]
        # The last, shorter group holds at most three bytes; what they unpack to is below any bound.
        return struct.pack(f">{len(values)}I", *values)
    except (ValueError, struct.error):
        return b""


def _unpacks_beyond(packed: memoryview) -> bool:
    """Returns True when a deflated stream unpacks beyond its bound; counts without keeping what comes out."""
    unpacker = zlib.decompressobj()
    try:
        size = len(first := unpacker.decompress(packed[:PIECE], 64))
        most = MAX_OTHER if first.startswith(FONTS) else MAX_DRAWING
        if len(packed) * RATIO <= most:
            return False
        at, rest = PIECE, unpacker.unconsumed_tail
        while not unpacker.eof:
            if not rest:
                rest = bytes(packed[at : at + PIECE])
                at += PIECE
                if not rest:
                    return False
            size += len(unpacker.decompress(rest, 1_000_000))
            if size > most:
                return True
            rest = unpacker.unconsumed_tail
    except zlib.error:
        # Not deflated, encrypted or broken: pdfium unpacks no more of it than this did.
        return False
    return False
