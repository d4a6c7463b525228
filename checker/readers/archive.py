"""Zip archives of forms: their members in order of name, nothing is ever written to disk."""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath

from msgspec import Struct

from checker.errors import ReadError
from checker.readers.limits import Limits, check_zip, shown_size, unpack

SEPARATOR = "!/"
"""Stands between an archive and its member in a path: forms.zip!/2023/a.xlsx."""

UTF8_NAME = 0x800


class Budget(Struct):
    """What an archive with all archives inside it may still unpack: files and bytes."""

    files: int
    size: int


def ignored(name: str) -> bool:
    """Tells files that are never forms: hidden ones, lock files of office programs, litter of file managers."""
    parts = PurePosixPath(name.replace("\\", "/")).parts
    if any((part.startswith(".") and part not in (".", "..")) or part == "__MACOSX" for part in parts):
        return True
    last = parts[-1] if parts else ""
    return last.startswith("~$") or last.lower() in ("thumbs.db", "desktop.ini")


def members(data: bytes, path: str, limits: Limits, budget: Budget) -> Iterator[tuple[str, bytes | ReadError]]:
    """Yields the path and content of each file in an archive, or the fault that kept it from being unpacked.

    `budget` is used up across nested archives. Raises ReadError when the archive as a whole is
    broken or beyond `limits` or `budget`, or holds no file.
    """
    archive = check_zip(data, limits, path)
    entries = sorted((_name(entry), at) for at, entry in enumerate(archive.infolist()) if not entry.is_dir())
    wanted = [(name, archive.infolist()[at]) for name, at in entries if not ignored(name)]
    if not wanted:
        raise ReadError(f"压缩包内没有文件 @ {path}，请检查压缩包")
    for name, entry in wanted:
        whole = f"{path}{SEPARATOR}{name}"
        try:
            content = _content(archive, entry, whole, limits)
        except ReadError as fault:
            yield whole, fault
            continue
        budget.files -= 1
        budget.size -= len(content)
        if budget.files < 0:
            raise ReadError(f"压缩包内文件过多（上限 {limits.max_files}）@ {path}，请分批检查")
        if budget.size < 0:
            raise ReadError(f"解压后过大（上限 {shown_size(limits.max_unpacked)}）@ {path}，疑为压缩炸弹，不予读取")
        yield whole, content


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, path: str, limits: Limits) -> bytes:
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise ReadError(f"压缩包内的符号链接 @ {path}，不予读取")
    if entry.file_size > limits.max_bytes:
        raise ReadError(f"文件过大（{shown_size(entry.file_size)}，上限 {shown_size(limits.max_bytes)}）@ {path}，请拆分文件或提高上限")
    return b"".join(unpack(archive, entry.filename, limits, path))


def _name(entry: zipfile.ZipInfo) -> str:
    # Archives made by Chinese Windows keep names in GB18030 without saying so; zipfile takes them for CP437.
    name = entry.filename
    if not entry.flag_bits & UTF8_NAME and not name.isascii():
        try:
            raw = name.encode("cp437")
            try:
                name = raw.decode("utf-8")
            except UnicodeDecodeError:
                name = raw.decode("gb18030")
        except UnicodeError:
            pass
    return "".join(letter if letter.isprintable() else "�" for letter in name)
