"""The files a run is given: folders walked in a fixed order, links that lead out of them refused."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePath

from msgspec import Struct

from checker.errors import ReadError
from checker.model import Unreadable
from checker.readers.archive import ignored
from checker.readers.limits import DEFAULT, Limits

STDIN = "-"


def inputs(paths: Iterable[str | Path], limits: Limits = DEFAULT, outside: list[str] | None = None) -> Iterator[str]:
    """Yields the files to read: each path as given, a folder as its files sorted by path.

    In folders, hidden files, office lock files (~$…) and symbolic links that lead outside the
    folder or nowhere are left out; linked folders are not entered. Such links are added to `outside`. A path that does not exist is yielded as
    it is, and so is a folder without files, so that reading it gives the fault. Raises ReadError
    for a folder with more than `limits.max_files` files.
    """
    seen: set[str] = set()
    for given in paths:
        text = os.fspath(given)
        found = _walk(text, limits, [] if outside is None else outside) if text != STDIN and os.path.isdir(text) else iter((text,))
        for path in found:
            if path not in seen:
                seen.add(path)
                yield path


class Listed(Struct, frozen=True):
    """The files of a run in order, the paths that could not be listed, and in words what was left out of folders."""

    files: tuple[str, ...]
    unreadable: tuple[Unreadable, ...]
    notes: tuple[str, ...]


def listed(paths: Iterable[str], limits: Limits = DEFAULT, exclude: Sequence[str] = ()) -> Listed:
    """List the files to read, without those that `exclude` names; a folder with too many becomes an `Unreadable`.

    A file that is reached twice (given twice, by two paths, in a folder and by itself, by a link) is one form, not two: it is listed where
    it comes first. Files that only hold the same are different files.
    """
    files: dict[str, str] = {}
    faults: list[Unreadable] = []
    left_out: list[str] = []
    again: list[str] = []
    outside: list[str] = []
    places: dict[str, str] = {}
    for name in paths:
        try:
            for path in inputs([name], limits, outside):
                real = _real(path, places)
                if real in files:
                    again.append(path)
                elif not excluded(path, name, exclude, left_out):
                    files[real] = path
        except ReadError as error:
            faults.append(Unreadable(name, str(error)))
    said = (f"{what} {len(told)} 个文件：{', '.join(told[:5])}{' …' * (len(told) > 5)}" for what, told in (("按 exclude 未读", left_out), ("重复给出、只读一次的有", again), ("链接指向文件夹之外或不存在，未读", sorted(outside))) if told)
    return Listed(tuple(files.values()), tuple(faults), tuple(said))


def _real(path: str, places: dict[str, str]) -> str:
    """Return where a file really lies; `places` keeps that of folders, which have many files."""
    folder, name = os.path.split(path)
    if os.path.islink(path) or name in ("", os.curdir, os.pardir):
        return os.path.realpath(path)
    if folder not in places:
        places[folder] = os.path.realpath(folder)
    return os.path.join(places[folder], name)


def excluded(path: str, given: str, patterns: Sequence[str], left_out: list[str]) -> bool:
    """Say whether a pattern leaves out a file that was found in the folder `given`, and take it down if so.

    A pattern without / means any file or folder of that name below the folder, one with / a path from the folder on. A
    file that was named itself is never left out.
    """
    if not patterns or path == given:
        return False
    from fnmatch import fnmatchcase

    parts = PurePath(os.path.relpath(path, given)).parts
    beginnings = ["/".join(parts[:end]) for end in range(1, len(parts) + 1)]
    for pattern in patterns:
        wanted = pattern.replace("\\", "/").removeprefix("./").rstrip("/")
        if any(fnmatchcase(name, wanted) for name in (beginnings if "/" in wanted else parts)):
            left_out.append(path)
            return True
    return False


def _walk(folder: str, limits: Limits, outside: list[str]) -> Iterator[str]:
    root = os.path.realpath(folder)
    files: list[str] = []
    for place, folders, names in os.walk(folder, followlinks=False):
        folders[:] = [name for name in folders if not ignored(name)]
        outside += (path for name in folders if os.path.islink(path := os.path.join(place, name)))
        for name in names:
            path = os.path.join(place, name)
            if ignored(name):
                continue
            if os.path.islink(path) and not _inside(path, root):
                outside.append(path)
                continue
            files.append(path)
            if len(files) > limits.max_files:
                raise ReadError(f"文件夹内文件过多（上限 {limits.max_files}）@ {folder}，请分批检查")
    yield from sorted(files, key=lambda path: path.split(os.sep)) or (folder,)


def _inside(path: str, root: str) -> bool:
    target = os.path.realpath(path)
    return target.startswith(root + os.sep) and os.path.isfile(target)
