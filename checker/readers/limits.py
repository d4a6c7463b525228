"""What a file may cost to read. Inputs are hostile: every bound is checked before or while the cost arises."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

from checker.errors import ReadError

MEBIBYTE = 1024 * 1024
PIECE = 1 << 16


class Limits(Struct, frozen=True):
    """Upper bounds of one file; a file beyond one of them is refused with a `ReadError` that names it.

    Sizes are bytes. `max_cells` (filled), `max_rows`, `max_columns` and `max_area` (rows × columns of
    the used part) hold for one grid, `max_grids` for one
    file (sheets, tables). `max_entries`, `max_ratio` (unpacked ÷ packed, per member) and
    `max_unpacked` (all members together) hold for one zip container, an .xlsx or .docx included;
    `max_depth` counts archives within archives; `max_files` the inputs of one folder or archive.
    `max_nesting` is the depth of tables or elements within each other, `max_pages` of a PDF,
    `max_cell_text` the characters of one cell.
    """

    max_bytes: int = 100 * MEBIBYTE
    max_cells: int = 500_000
    max_rows: int = 100_000
    max_columns: int = 1_000
    max_area: int = 5_000_000
    max_grids: int = 500
    max_entries: int = 5_000
    max_ratio: int = 200
    max_unpacked: int = 300 * MEBIBYTE
    max_depth: int = 2
    max_files: int = 20_000
    max_nesting: int = 200
    max_pages: int = 500
    max_cell_text: int = 100_000


DEFAULT = Limits()

# Small members may compress well (blank styles); the ratio says something only above this size.
RATIO_FLOOR = MEBIBYTE

ZIP_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    RuntimeError,
    NotImplementedError,
    ValueError,
    KeyError,
    IndexError,
    OverflowError,
)
"""What `zipfile` raises on broken, encrypted or exotic members."""

HEADER = 30
"""Bytes of a member's own header before its name."""
UNUSUAL = 0x61
"""Flags of members that are encrypted or patched."""

DOCTYPE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def shown_size(size: int) -> str:
    """Returns a size for a person, e.g. `200.0 MB`, `35.9 KB`, `10 B`."""
    if size < 1024:
        return f"{size} B"
    return f"{size / 1024:.1f} KB" if size < MEBIBYTE else f"{size / MEBIBYTE:.1f} MB"


def check_size(size: int, path: str, limits: Limits = DEFAULT) -> None:
    """Raises ReadError when a file of `size` bytes is empty or larger than `limits.max_bytes`."""
    if size == 0:
        raise ReadError(f"文件为空 @ {path}，请检查文件是否上传完整")
    if size > limits.max_bytes:
        raise ReadError(
            f"文件过大（{shown_size(size)}，上限 {shown_size(limits.max_bytes)}）@ {path}，请拆分文件或提高上限"
        )


@lru_cache(maxsize=1)
def check_zip(data: bytes, limits: Limits = DEFAULT, path: str = "") -> zipfile.ZipFile:
    """Opens a zip container after checking its directory: entry count, declared sizes, ratios, encryption.

    The declared sizes may lie: read members with `unpack` or `member`, which count what is really unpacked.
    The last container is kept, because the type of a file is found out in it before it is read. Raises ReadError naming `path` when a bound of `limits` is exceeded or the directory is broken.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        entries = archive.infolist()
    except ZIP_FAULTS as fault:
        raise ReadError(f"压缩容器已损坏，无法打开 @ {path}，请重新保存或重新上传（{type(fault).__name__}）") from None
    if len(entries) > limits.max_entries:
        raise ReadError(f"压缩容器内文件过多（{len(entries)}，上限 {limits.max_entries}）@ {path}，疑为压缩炸弹，不予读取")
    total = 0
    for entry in entries:
        total += entry.file_size
        if entry.flag_bits & 0x1:
            raise ReadError(f"压缩容器已加密 @ {path}，请去除密码后重新提交")
        check_ratio(entry.file_size, entry.compress_size, path, limits)
    if total > limits.max_unpacked:
        raise ReadError(
            f"解压后过大（{shown_size(total)}，上限 {shown_size(limits.max_unpacked)}）@ {path}，疑为压缩炸弹，不予读取"
        )
    return archive


def check_ratio(unpacked: int, packed: int, path: str, limits: Limits = DEFAULT) -> None:
    """Raises ReadError when a member unpacks to more than `limits.max_ratio` times its packed size."""
    if unpacked > RATIO_FLOOR and unpacked > limits.max_ratio * max(packed, 1):
        raise ReadError(f"压缩比异常（超过 {limits.max_ratio} 倍）@ {path}，疑为压缩炸弹，不予读取")


def unpack(archive: zipfile.ZipFile, name: str, limits: Limits = DEFAULT, path: str = "") -> Iterator[bytes]:
    """Yields the pieces of one member, counting what really comes out, so that false sizes gain nothing.

    Raises ReadError when the member is missing or broken, or unpacks beyond `limits`.
    """
    size = 0
    try:
        entry = archive.getinfo(name)
        if (held := packed(archive, entry, limits)) and (whole := unpacked(held, entry.compress_type, entry.file_size, entry.CRC)):
            yield whole
            return
        with archive.open(entry) as pieces:
            while piece := pieces.read(PIECE):
                size += len(piece)
                if size > limits.max_unpacked:
                    raise ReadError(f"解压后过大（上限 {shown_size(limits.max_unpacked)}）@ {path}，疑为压缩炸弹，不予读取")
                check_ratio(size, entry.compress_size, path, limits)
                yield piece
    except ReadError:
        raise
    except ZIP_FAULTS as fault:
        raise ReadError(f"压缩容器内的 {name} 缺失或已损坏 @ {path}，请重新保存（{type(fault).__name__}）") from None


def packed(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limits: Limits = DEFAULT) -> bytes | None:
    """Returns a small sound member as it lies in a container held in memory; None for any other, which `unpack` reads piece by piece and refuses by name."""
    if not 0 < entry.file_size <= min(RATIO_FLOOR, limits.max_unpacked) or entry.flag_bits & UNUSUAL or not isinstance(archive.fp, io.BytesIO):
        return None
    data, name = archive.fp.getvalue(), entry.orig_filename.encode("utf-8", "replace")
    start = entry.header_offset + HEADER + len(name)
    header = data[entry.header_offset : start]
    if header[:4] != b"PK\x03\x04" or header[26:28] != len(name).to_bytes(2, "little") or header[HEADER:] != name or not name.isascii():
        return None
    start += int.from_bytes(header[28:30], "little")
    end = start + entry.compress_size
    # Newer versions of `zipfile` note where the next member begins, and refuse one that reaches into it.
    if end > (getattr(entry, "_end_offset", None) or len(data)):
        return None
    return data[start:end]


def unpacked(held: bytes, method: int, size: int, checksum: int) -> bytes | None:
    """Returns the content of a member from its bytes as `packed` gives them; None unless size and checksum are as declared."""
    if method == zipfile.ZIP_DEFLATED:
        try:
            held = zlib.decompressobj(-zlib.MAX_WBITS).decompress(held, size + 1)
        except zlib.error:
            return None
    elif method != zipfile.ZIP_STORED:
        return None
    return held if len(held) == size and zlib.crc32(held) == checksum else None


def member(archive: zipfile.ZipFile, name: str, limits: Limits = DEFAULT, path: str = "") -> bytes | None:
    """Returns the bytes of one member, or None when the container has none of that name; raises as `unpack` does."""
    return b"".join(unpack(archive, name, limits, path)) if name in archive.NameToInfo else None


def check_xml(data: bytes, path: str = "") -> bytes:
    """Returns XML that declares no document type; raises ReadError otherwise.

    Office files never need a DOCTYPE; entity bombs and outside entities always do. UTF-16 and
    UTF-32 are looked through as well, because the parser would accept them.
    """
    plain = data if b"\x00" not in data else data.replace(b"\x00", b"")
    if DOCTYPE.search(plain):
        raise ReadError(f"文件内的 XML 含 DOCTYPE 或实体声明 @ {path}，不予读取，请用办公软件另存后重新提交")
    return data
