"""Places that a command writes to, looked at before anything is read."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from checker.cli.reports import SUFFIXES, is_folder
from checker.errors import UsageError
from checker.readers.folder import excluded


def check_targets(targets: Mapping[str, Sequence[Path]], paths: Sequence[str], exclude: Sequence[str] | None, sides: Mapping[str, Path | None]) -> None:
    """Look at what is to be written (option → places).

    Raises UsageError for a suffix nobody writes, a place named twice, and one that is an input or side file of this run or lies in a
    folder that is read: the next run would take the report for a form. A folder's `exclude` patterns let it be; None stands for a
    command that has none.
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
                if real.startswith(os.path.join(inside, "")) and not excluded(real, inside, exclude or (), []):
                    raise UsageError(
                        f"{option} {place} lies in {folder}, which is checked: the next run would read it as a form; choose a place outside it"
                        if exclude is None
                        else f"{option} {place} lies in {folder}, which is checked: the next run would read it as a form; choose a place outside it or --exclude it"
                    )


def check_writable(targets: Mapping[str, Sequence[Path]]) -> None:
    """Raise UsageError when nothing can be written to one of the places (as of `check_targets`): the work of a long run must not be lost at its end."""
    for option, places in targets.items():
        for place in places:
            _writable(place, whole=option == "--record" or (option == "--report" and is_folder(place)), made=option == "--marked")


def _writable(place: Path, *, whole: bool, made: bool) -> None:
    """Raise UsageError when nothing can be written there. `whole`: the place is a folder, made with all above it when missing; `made`: those above a file are."""
    import errno
    from tempfile import TemporaryFile

    folder = os.path.abspath(place if whole else place.parent)
    while (whole or made) and not os.path.lexists(folder):
        folder = os.path.dirname(folder)
    try:
        with suppress(FileNotFoundError, NotADirectoryError):
            os.lstat(place)
        if whole and not os.path.isdir(folder):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
        with TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise UsageError(f"cannot write @ {place}: {error.strerror}, choose another place") from None


def check_output(output: Path | str | None, paths: Sequence[str], sides: Mapping[str, Path | None], exclude: Sequence[str] | None = None) -> None:
    """Look at the place named with -o as `check_targets` and `check_writable` do; there is none for standard output."""
    if output is not None:
        targets = {"-o": (Path(output),)}
        check_targets(targets, paths, exclude, sides)
        check_writable(targets)


def check_new(output: Path) -> None:
    """Raise UsageError when a file that people fill in is there already: what they wrote is not overwritten."""
    if output.exists():
        raise UsageError(f"{output}: exists, it is not overwritten")
