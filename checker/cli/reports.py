"""`--report FILE`: the suffix chooses the writer; a folder gets the pages of a batch."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from checker.cli.output import write_file
from checker.errors import UsageError

if TYPE_CHECKING:
    from checker.api import Progress
    from checker.model import FormResult, Results

Made = TypeVar("Made")

WRITERS = {
    ".json": "json",
    ".jsonl": "jsonl",
    ".sarif": "sarif",
    ".xml": "junit",
    ".xlsx": "workbook",
    ".md": "markdown",
}
UNFINISHED = ".unfinished-"
"""How the folder is called in which the pages of a batch are made."""

CHUNK = 8
"""Pages a process makes before it is given more."""
FEWEST = 32
"""Fewer pages are made in this process: starting others takes as long as some of them."""

SUFFIXES = (".html", ".pdf", ".parquet", *WRITERS)


def write(results: Results, target: Path, progress: Progress | None = None, jobs: int = 1) -> None:
    """Write one report; `progress` hears of the pages of a folder, `jobs` processes make them. Raises UsageError for a suffix nobody writes."""
    if is_folder(target):
        write_folder(results, target, progress, jobs)
        return
    suffix = target.suffix.lower()
    if suffix == ".html":
        html = import_module("checker.render.html")
        if len(results.forms) == 1:
            write_file(target, html.render(results, results.forms[0]))
        else:
            write_file(target, html.render_index(results, {}))
    elif suffix == ".pdf":
        pdf = import_module("checker.render.pdf")
        write_file(target, pdf.render(results) if len(results.forms) <= pdf.TOGETHER else pdf.merged(list(_printed(results, progress, jobs))))
    elif suffix in WRITERS:
        write_file(target, import_module(f"checker.render.{WRITERS[suffix]}").render(results))
    else:
        raise UsageError(f"no report format for {target.name!r}, end it in {' '.join(SUFFIXES)} or name a folder with a trailing /")


def _printed(results: Results, progress: Progress | None, jobs: int) -> Iterator[bytes]:
    """Yield the PDF of each form of a large batch."""
    pdf = import_module("checker.render.pdf")
    for number, made in enumerate(_made(pdf.printed, results, results.forms, jobs), 1):
        if progress:
            progress("write", number, len(results.forms))
        yield made


def _made(work: Callable[..., Made], results: Results, items: Sequence[object], jobs: int, *given: object) -> Iterator[Made]:
    """Yield what `work(results, item, *given)` makes of each item by `jobs` processes, in order; when one of them is ended from outside, this one goes on alone."""
    done = 0
    if jobs > 1:
        from itertools import repeat

        from msgspec.structs import replace

        from checker.processes import each, pool

        # What is said of one form of a batch needs no other, and is handed over with every few of them.
        run = replace(results, forms=(), notes=(), unreadable=(), batch=(), batch_rules=())
        with pool(jobs) as processes:
            for made in each(processes, work, repeat(run), items, *map(repeat, given)):
                done += 1
                yield made
    for item in items[done:]:
        yield work(results, item, *given)


def is_folder(target: Path) -> bool:
    """A target without suffix, or an existing folder, takes the batch pages."""
    return not target.suffix or os.path.isdir(target)


def write_folder(results: Results, folder: Path, progress: Progress | None = None, jobs: int = 1) -> None:
    """Write index.html, one page a form by `jobs` processes, findings.json and findings.xlsx into a folder.

    All are written beside each other first and moved into place when the last is done, the index last of all. While processes
    make pages, this one writes the rest.
    """
    from contextlib import closing
    from itertools import chain, islice
    from tempfile import TemporaryDirectory

    html = import_module("checker.render.html")
    links = page_names(results)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=UNFINISHED, dir=folder) as name, closing(_pages(results, Path(name), jobs)) as pages:
            place = Path(name)
            ready = list(islice(pages, 1))  # where processes make them the others are on their way, and this one has time for the rest
            for suffix, file in ((".json", "findings.json"), (".xlsx", "findings.xlsx")):
                _put(place / file, import_module(f"checker.render.{WRITERS[suffix]}").render(results))
            _put(place / "index.html", html.render_index(results, links))
            for made in chain(ready, pages):
                if progress:
                    progress("write", made, len(results.forms))
            for file in (*links.values(), "findings.json", "findings.xlsx", "index.html"):
                (place / file).replace(folder / file)
    except OSError as error:
        raise UsageError(f"cannot write @ {folder}: {error.strerror}, choose another place") from None


def _pages(results: Results, place: Path, jobs: int) -> Generator[int]:
    """Write the page of each form, and yield how many are there."""
    from itertools import accumulate

    forms = results.forms
    shared = jobs > 1 and len(forms) >= FEWEST
    size = CHUNK if shared else 1
    chunks = [forms[start : start + size] for start in range(0, len(forms), size)]
    yield from accumulate(_made(_write_pages, results, chunks, jobs if shared else 1, place))


def _write_pages(results: Results, forms: Sequence[FormResult], place: Path) -> int:
    html = import_module("checker.render.html")
    for form in forms:
        _put(place / _page_name(form), html.render(results, form, index="index.html"))
    return len(forms)


def _put(path: Path, content: str | bytes) -> None:
    """Write a file of a folder that is not in its place yet. Raises OSError."""
    path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)


def page_names(results: Results) -> dict[str, str]:
    """Return form id → file name of its page."""
    return {form.form.form_id: _page_name(form) for form in results.forms}


def _page_name(form: FormResult) -> str:
    """Return a file name made of the digest of the form's id, never of its words."""
    from hashlib import sha256

    return f"form-{sha256(form.form.form_id.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}.html"
