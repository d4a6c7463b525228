"""`--limit NAME=VALUE`: the bounds of one input, for those who read larger files or want to refuse smaller ones."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

from checker.errors import UsageError

if TYPE_CHECKING:
    from checker.readers.limits import Limits


def _list(context: click.Context, _: click.Parameter, bounds: tuple[str, ...]) -> tuple[str, ...]:
    """`--limit list` prints the bounds as they are without options, whatever else stands on the line."""
    if "list" in bounds:
        from checker.cli.output import write_out

        write_out("\n".join(f"{name}={value}" for name, value in _known().items()))
        context.exit()
    return bounds


option = click.option("--limit", "bounds", multiple=True, is_eager=True, callback=_list, metavar="NAME=VALUE", help="Change a reading limit, such as max_bytes=50000000, repeatable; `--limit list` names them.")


def limits(bounds: tuple[str, ...]) -> Limits | None:
    """Read the options; None without any. Raises UsageError for an unknown name or no whole number."""
    if not bounds:
        return None
    from checker.readers.limits import DEFAULT
    from checker.strict_yaml import suggest

    known = _known()
    changed: dict[str, int] = {}
    for bound in bounds:
        name, _, value = bound.partition("=")
        if name not in known:
            raise UsageError(f"--limit {bound}: no limit {name!r}{suggest(name, list(known))}, see --limit list")
        if not (value.isascii() and value.isdigit() and len(value) < 19 and int(value) > 0):
            raise UsageError(f"--limit {bound[:99]}: a whole number above 0 is needed, of 18 digits at most")
        changed[name] = int(value)
    return replace(DEFAULT, **changed)


def _known() -> dict[str, int]:
    from checker.readers.limits import DEFAULT

    return {name: getattr(DEFAULT, name) for name in DEFAULT.__struct_fields__}


def standard_input(paths: Sequence[str], limits: Limits | None) -> bytes | None:
    """Return the bytes on standard input when `-` is among the paths: not many more than will be read of them."""
    from checker.readers.limits import DEFAULT

    if "-" not in paths:
        return None
    return b"" if sys.stdin is None else sys.stdin.buffer.read((limits or DEFAULT).max_bytes + 1)


def input_format(context: click.Context, param: click.Parameter, value: str | None) -> str | None:
    """Check --input-format. Raises UsageError for a format nobody reads."""
    from checker.readers.detect import ALIASES, FORMATS
    from checker.strict_yaml import suggest

    plain = (value or "").lstrip(".").lower()
    if plain and plain not in FORMATS and plain not in ALIASES:
        raise UsageError(f"--input-format {value}: not a format{suggest(plain, list(FORMATS))}, known: {' '.join(FORMATS)}")
    return value
