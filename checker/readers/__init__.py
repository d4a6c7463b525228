"""Files to documents: the type by content, the reader by type, grids of cells with places.

A reader module offers `read(data, source, limits) -> Document` and is imported when its type
first occurs.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

from msgspec.structs import replace

from checker.errors import NotText, ReadError
from checker.model import Document, Source, Unreadable
from checker.readers.archive import SEPARATOR, Budget, members
from checker.readers.detect import FORMATS, detect, suffix_note, suffix_of
from checker.readers.folder import STDIN, excluded, inputs, listed
from checker.readers.legend import without_legends
from checker.readers.limits import DEFAULT, Limits, check_size

__all__ = ["DEFAULT", "FORMATS", "SEPARATOR", "STDIN", "Limits", "document", "excluded", "inputs", "listed", "opened", "read", "read_bytes", "read_each", "sources"]

Reader = Callable[[bytes, Source, Limits], Document]

READERS = {
    "xlsx": "xlsx", "xls": "xls", "ods": "ods", "spreadsheetml": "spreadsheetml", "csv": "delimited", "tsv": "delimited",
    "txt": "text", "html": "html", "docx": "docx", "doc": "doc", "rtf": "doc", "pdf": "pdf",
}  # fmt: skip
"""The module of this package that reads a format; imported when the format first occurs."""

NORMALIZED = ("json", "yaml")
"""Formats that hold normalized forms; `checker.forms.normalized` takes their text, no reader does."""


def read(path: str | Path, *, limits: Limits = DEFAULT, input_format: str | None = None) -> Iterator[Document]:
    """Yields the document of one file; an archive gives one for each file in it.

    Raises ReadError when the file cannot be read. Of an archive all readable files come first,
    then one ReadError names those that are not.
    """
    return _or_raise(read_each(path, limits=limits, input_format=input_format))


def read_bytes(
    data: bytes, name: str, limits: Limits = DEFAULT, input_format: str | None = None
) -> Iterator[Document]:
    """Yields the documents of a file held in memory (standard input); raises as `read` does."""
    return _or_raise(_each(opened(data, name, limits, input_format), limits))


def read_each(
    path: str | Path, *, limits: Limits = DEFAULT, input_format: str | None = None
) -> Iterator[Document | Unreadable]:
    """Yields documents and, for each file or archive member that cannot be read, why. Raises nothing."""
    return _each(sources(path, limits=limits, input_format=input_format), limits)


def sources(
    path: str | Path, *, data: bytes | None = None, limits: Limits = DEFAULT, input_format: str | None = None
) -> Iterator[tuple[bytes, Source] | Unreadable]:
    """Yields content and type of one file, of an archive those of its members; unreadable ones with the reason.

    `data` is the content when it does not stand in the file (standard input). For callers that
    take normalized forms too: those have a format of `NORMALIZED`, everything else goes to `document`.
    """
    name = os.fspath(path)
    try:
        data = _content(name, limits) if data is None else data
    except ReadError as fault:
        yield Unreadable(name, str(fault))
        return
    yield from opened(data, name, limits, input_format)


def document(data: bytes, source: Source, limits: Limits = DEFAULT) -> Document:
    """Returns the document of one file by its detected type; raises ReadError when it cannot be read."""
    kind = source.format
    if kind not in READERS:
        raise ReadError(f"{kind} 不是可读的表格格式 @ {source.path}，请提交表格文件")
    read_one: Reader = import_module(f"checker.readers.{READERS[kind]}").read
    note = suffix_note(source.path, kind)
    try:
        made = without_legends(read_one(data, source, limits))
    except NotText:
        if note:
            raise ReadError(f"内容既不是 {suffix_of(source.path)} 文件，也不是文字 @ {source.path}，请重新导出或重新上传") from None
        raise
    except (RecursionError, MemoryError) as fault:
        raise ReadError(f"文件结构过深或过大，无法读取 @ {source.path}，请另存后重新提交（{type(fault).__name__}）") from None
    return replace(made, notes=(note, *made.notes)) if note else made


def _content(path: str, limits: Limits) -> bytes:
    # The size is looked at before reading, and no more is read than the limit even if the file grows.
    try:
        with open(path, "rb", opener=_regular) as stream:
            check_size(os.fstat(stream.fileno()).st_size, path, limits)
            data = stream.read(limits.max_bytes + 1)
    except FileNotFoundError:
        raise ReadError(f"文件不存在 @ {path}，请检查路径") from None
    except PermissionError:
        raise ReadError(f"没有读取权限 @ {path}，请检查文件权限") from None
    except IsADirectoryError:
        raise ReadError(f"文件夹内没有可读的文件 @ {path}，请检查路径") from None
    except (OSError, ValueError) as fault:
        raise ReadError(f"无法打开 @ {path}，请检查文件（{fault.strerror if isinstance(fault, OSError) else fault}）") from None
    check_size(len(data), path, limits)
    return data


def _regular(path: str, flags: int) -> int:
    # A pipe or device would block or never end.
    descriptor = os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISREG(mode):
        return descriptor
    os.close(descriptor)
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(path)
    raise ReadError(f"不是普通文件 @ {path}，请给出表格文件")


def opened(
    data: bytes, path: str, limits: Limits, input_format: str | None, depth: int = 0, budget: Budget | None = None
) -> Iterator[tuple[bytes, Source] | Unreadable]:
    budget = budget or Budget(limits.max_files, limits.max_unpacked)
    try:
        kind = detect(data, path, limits, input_format)
        if kind != "zip":
            yield data, Source(path, hashlib.sha256(data).hexdigest(), kind, len(data))
            return
        if depth >= limits.max_depth:
            raise ReadError(f"压缩包层层嵌套（上限 {limits.max_depth} 层）@ {path}，不予读取")
        for name, content in members(data, path, limits, budget):
            if isinstance(content, ReadError):
                yield Unreadable(name, str(content))
            else:
                yield from opened(content, name, limits, None, depth + 1, budget)
    except ReadError as fault:
        yield Unreadable(path, str(fault))


def _each(found: Iterator[tuple[bytes, Source] | Unreadable], limits: Limits) -> Iterator[Document | Unreadable]:
    for item in found:
        if isinstance(item, Unreadable):
            yield item
            continue
        data, source = item
        try:
            made: Document | Unreadable = document(data, source, limits)
        except ReadError as fault:
            made = Unreadable(source.path, str(fault))
        yield made


def _or_raise(items: Iterator[Document | Unreadable]) -> Iterator[Document]:
    faults: list[str] = []
    for item in items:
        if isinstance(item, Unreadable):
            faults.append(item.reason)
        else:
            yield item
    if faults:
        raise ReadError("\n".join(faults))
