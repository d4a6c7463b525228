"""`--report FILE`: the suffix chooses the writer; a folder gets the pages of a batch."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from checker.cli.output import write_file
from checker.errors import UsageError

if TYPE_CHECKING:
    from checker.model import Results

WRITERS = {
    ".json": "json",
    ".jsonl": "jsonl",
    ".sarif": "sarif",
    ".xml": "junit",
    ".xlsx": "workbook",
    ".md": "markdown",
}


def write(results: Results, target: Path) -> None:
    """Write one report. Raises UsageError for a suffix nobody writes."""
    if is_folder(target):
        write_folder(results, target)
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
        raise UsageError(f"no report format for {target.name!r}, end it in .html .pdf {' '.join(WRITERS)} or name a folder with a trailing /")


def is_folder(target: Path) -> bool:
    """A target without suffix, or an existing folder, takes the batch pages."""
    return target.is_dir() or not target.suffix


def write_folder(results: Results, folder: Path) -> None:
    """Write index.html, one page a form, findings.json and findings.xlsx into a folder."""
    html = import_module("checker.render.html")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"cannot make folder @ {folder}: {error.strerror}, choose another place") from None
    links = page_names(results)
    for form in results.forms:
        write_file(folder / links[form.form.form_id], html.render(results, form, index="index.html"))
    write_file(folder / "index.html", html.render_index(results, links))
    for suffix, name in ((".json", "findings.json"), (".xlsx", "findings.xlsx")):
        write_file(folder / name, import_module(f"checker.render.{WRITERS[suffix]}").render(results))


def page_names(results: Results) -> dict[str, str]:
    """Return form id → file name: made of the digest of the id, never of the form's words."""
    from hashlib import sha256

    return {form.form.form_id: f"form-{sha256(form.form.form_id.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}.html" for form in results.forms}
