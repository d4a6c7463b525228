"""`--report FILE`: the suffix chooses the writer; a folder gets the pages of a batch."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from checker.cli.output import write_file
from checker.errors import UsageError
from checker.readers.folder import excluded

if TYPE_CHECKING:
    from checker.api import Progress
    from checker.model import Results

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

SUFFIXES = (".html", ".pdf", ".parquet", *WRITERS)


def check_targets(targets: Mapping[str, Sequence[Path]], paths: Sequence[str], exclude: Sequence[str], sides: Mapping[str, Path | None]) -> None:
    """Look at what is to be written (option → places) before anything is read.

    Raises UsageError for a suffix nobody writes, a place named twice, and a place that is an input or side file of this run or lies
    in a folder that is checked: the next run would take the report for a form. A folder's `exclude` patterns let it be.
    """
    known = {os.path.realpath(path): f"the {name} file" for name, path in sides.items() if path} | {os.path.realpath(path): "an input" for path in paths if path != "-"}
    folders = [path for path in paths if path != "-" and os.path.isdir(path)]
    taken: set[str] = set()
    for option, places in targets.items():
        for place in places:
            real = os.path.realpath(place)
            if option == "--report" and not is_folder(place) and place.suffix.lower() not in SUFFIXES:
                raise UsageError(f"no report format for {place.name!r}, end it in {' '.join(SUFFIXES)} or name a folder with a trailing /")
            if real in known:
                raise UsageError(f"{option} {place} would overwrite {known[real]}, choose another place")
            if real in taken:
                raise UsageError(f"{option} {place} is named twice, choose another place")
            taken.add(real)
            for folder in folders:
                inside = os.path.realpath(folder)
                if real.startswith(os.path.join(inside, "")) and not excluded(real, inside, exclude, []):
                    raise UsageError(f"{option} {place} lies in {folder}, which is checked: the next run would read it as a form; choose a place outside it or --exclude it")


def write(results: Results, target: Path, progress: Progress | None = None) -> None:
    """Write one report; `progress` hears of the pages of a folder. Raises UsageError for a suffix nobody writes."""
    if is_folder(target):
        write_folder(results, target, progress)
        return
    suffix = target.suffix.lower()
    if suffix == ".html":
        html = import_module("checker.render.html")
        if len(results.forms) == 1:
            write_file(target, html.render(results, results.forms[0]))
        else:
            write_file(target, html.render_index(results, {}))
    elif suffix == ".pdf":
        write_file(target, import_module("checker.render.pdf").render(results))
    elif suffix in WRITERS:
        write_file(target, import_module(f"checker.render.{WRITERS[suffix]}").render(results))
    else:
        raise UsageError(f"no report format for {target.name!r}, end it in {' '.join(SUFFIXES)} or name a folder with a trailing /")


def is_folder(target: Path) -> bool:
    """A target without suffix, or an existing folder, takes the batch pages."""
    return target.is_dir() or not target.suffix


def write_folder(results: Results, folder: Path, progress: Progress | None = None) -> None:
    """Write index.html, one page a form, findings.json and findings.xlsx into a folder.

    All are written beside each other first and moved into place when the last is done, the index last of all.
    """
    from tempfile import TemporaryDirectory

    html = import_module("checker.render.html")
    links = page_names(results)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=UNFINISHED, dir=folder) as name:
            place = Path(name)
            for number, form in enumerate(results.forms, 1):
                write_file(place / links[form.form.form_id], html.render(results, form, index="index.html"))
                if progress:
                    progress("write", number, len(results.forms))
            for suffix, file in ((".json", "findings.json"), (".xlsx", "findings.xlsx")):
                write_file(place / file, import_module(f"checker.render.{WRITERS[suffix]}").render(results))
            write_file(place / "index.html", html.render_index(results, links))
            for file in (*links.values(), "findings.json", "findings.xlsx", "index.html"):
                (place / file).replace(folder / file)
    except OSError as error:
        raise UsageError(f"cannot write @ {folder}: {error.strerror}, choose another place") from None


def page_names(results: Results) -> dict[str, str]:
    """Return form id → file name: made of the digest of the id, never of the form's words."""
    from hashlib import sha256

    return {form.form.form_id: f"form-{sha256(form.form.form_id.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}.html" for form in results.forms}
