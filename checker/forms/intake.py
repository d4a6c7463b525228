"""Files → forms, one after the other or by several processes; the same forms in the same order either way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import Struct

from checker.errors import CheckerError, ReadError
from checker.model import Document, Form, Source, Unreadable
from checker.processes import each, pool

if TYPE_CHECKING:
    from checker.readers.limits import Limits

FEWEST = 16
"""Files below which starting processes takes longer than it saves."""
CHUNK = 8
"""Files handed to a process at a time."""
PATIENCE = 0.5
"""Seconds a file that was read waits for the next one before it is handed on, where results are wanted while a run goes on."""
WINDOW = 200
"""Files handed on at once at most."""

Item = TypeVar("Item")


class Taken(Struct, frozen=True):
    """What one file gave: its forms (an archive has several), the parts that gave none, notes for the person."""

    forms: tuple[Form, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()
    notes: tuple[str, ...] = ()


def take(name: str, limits: Limits, input_format: str | None = None, stdin: bytes | None = None) -> Taken:
    """Read one file, archive or, for `-`, the bytes of `stdin`."""
    from checker import readers

    forms: list[Form] = []
    unreadable: list[Unreadable] = []
    notes: list[str] = []
    found = readers.opened(stdin or b"", "-", limits, input_format) if name == "-" else readers.sources(name, limits=limits, input_format=input_format)
    for item in found:
        if isinstance(item, Unreadable):
            unreadable.append(item)
            continue
        data, source = item
        try:
            made, said = forms_of_bytes(data, source, limits)
        except CheckerError as error:
            unreadable.append(Unreadable(source.path, str(error)))
            continue
        forms += made
        notes += said
    return Taken(tuple(forms), tuple(unreadable), tuple(notes))


def forms_of_bytes(data: bytes, source: Source, limits: Limits) -> tuple[tuple[Form, ...], list[str]]:
    """Return the forms of one file and notes about it. Raises ReadError or LayoutError when it holds none."""
    from checker import readers

    if source.format in readers.NORMALIZED:
        from checker.forms.normalized import from_json, from_yaml

        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise ReadError(f"规范化文件不是 UTF-8 编码 @ {source.path}，请另存为 UTF-8") from None
        return (from_json if source.format == "json" else from_yaml)(text, source), []
    document = readers.document(data, source, limits)
    return forms_of(document), [f"{source.path}: {note}" for note in document.notes]


def forms_of(document: Document) -> tuple[Form, ...]:
    """Return the forms of one document. Raises LayoutError when it holds none."""
    from checker.layouts import recognise

    return recognise(document)


def told_apart(ids: Iterable[str], seen: dict[str, int]) -> Iterator[str]:
    """Yield form ids unique within a run: what came before, counted in `seen`, gets ~2, ~3 …"""
    for name in ids:
        seen[name] = count = seen.get(name, 0) + 1
        yield name if count == 1 else f"{name}~{count}"


def take_all(names: Sequence[str], limits: Limits, input_format: str | None = None, stdin: bytes | None = None, jobs: int = 1) -> Iterator[Taken]:
    """Yield what each file gave, in order. `jobs` processes share the work when there are enough files."""
    if jobs <= 1 or len(names) < FEWEST:
        for name in names:
            yield take(name, limits, input_format, stdin)
        return
    yield from _shared(names, limits, input_format, stdin, jobs)


def ahead(items: Iterable[Item], patience: float = PATIENCE, most: int = WINDOW) -> Iterator[list[Item]]:
    """Yield what a thread takes from `items`, in lists: none waits longer than `patience` seconds for the item after it.

    What `items` raises is raised here, after what came before it.
    """
    from queue import Empty, SimpleQueue
    from threading import Thread

    queue: SimpleQueue[tuple[bool, Item | BaseException | None]] = SimpleQueue()

    def take_them() -> None:
        try:
            for item in items:
                queue.put((True, item))
            queue.put((False, None))
        except BaseException as fault:
            queue.put((False, fault))

    Thread(target=take_them, daemon=True, name="reading").start()
    window: list[Any] = []
    while True:
        try:
            more, got = queue.get(timeout=patience if window else None)
        except Empty:
            yield window
            window = []
            continue
        if more:
            window.append(got)
        if window and (not more or len(window) >= most):
            yield window
            window = []
        if not more:
            if isinstance(got, BaseException):
                raise got
            return


def _shared(names: Sequence[str], limits: Limits, input_format: str | None, stdin: bytes | None, jobs: int) -> Iterator[Taken]:
    from itertools import repeat

    done = 0
    chunks = [names[start : start + CHUNK] for start in range(0, len(names), CHUNK)]
    with pool(jobs) as processes:
        for taken in each(processes, _take_some, chunks, repeat(limits), repeat(input_format), (stdin if "-" in chunk else None for chunk in chunks)):
            done += len(taken)
            yield from taken
    if done < len(names):
        yield from _one_by_one(names[done:], limits, input_format, stdin)


def _one_by_one(names: Sequence[str], limits: Limits, input_format: str | None, stdin: bytes | None) -> Iterator[Taken]:
    """Read files in a process of their own: a file that ends its process is named, the others are read."""
    from collections import deque
    from concurrent.futures.process import BrokenProcessPool

    left = deque(names)
    while left:
        with pool(1) as alone:
            while left:
                name = left.popleft()
                try:
                    yield alone.submit(take, name, limits, input_format, stdin if name == "-" else None).result()
                except BrokenProcessPool:
                    yield Taken(unreadable=(Unreadable(name, f"读取进程意外结束 @ {name}，文件可能损坏，请检查后重新提交"),))
                    break


def _take_some(names: Sequence[str], limits: Limits, input_format: str | None, stdin: bytes | None) -> list[Taken]:
    return [take(name, limits, input_format, stdin) for name in names]
