"""How much of 23 real forms, rebuilt as documents, is read rightly: a share per format and family.

`python tests/corpus/measure.py` prints the table. A cell is right when it equals the truth (or another
value that `index.json` accepts), null when the truth has a value and the reading none, wrong when the
two differ. Rows beyond the truth are extra. A cell that is null in both is not counted.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

FORMS = Path(__file__).parent / "forms"
HEAD = (
    "form_type", "fiscal_year", "unit_name", "project_name", "supervising_department", "implementing_unit",
    "subordinate_units", "amount_unit", "total_weight", "total_score", "foot_reason",
)  # fmt: skip
ROWS = {
    "budget_lines": ("label", "initial", "budget", "executed", "rate", "weight", "score"),
    "indicators": ("level1", "level1_weight", "level2", "name", "target", "actual", "weight", "score", "reason"),
}
FORMATS = ("xlsx", "docx", "html", "pdf", "xls", "doc")


@dataclass(slots=True)
class Share:
    """Counts of cells; `misses` says where and how a reading differs."""

    right: int
    null: int
    wrong: int
    extra: int
    misses: list[str]

    @property
    def cells(self) -> int:
        """How many cells have a truth."""
        return self.right + self.null + self.wrong


def truth(name: str) -> dict[str, Any]:
    """Return the truth of one form, numbers as decimals."""
    text = (FORMS / "truth" / f"{name}.json").read_text("utf-8")
    data: dict[str, Any] = json.loads(text, parse_float=Decimal, parse_int=Decimal)
    return data


def index() -> dict[str, Any]:
    """Return what is accepted besides the truth, and the family of each form."""
    data: dict[str, Any] = json.loads((FORMS / "index.json").read_text("utf-8"), parse_float=Decimal, parse_int=Decimal)
    return data


def compare(name: str, forms: list[Mapping[str, Any]]) -> Share:
    """Compare the normalized forms read from a file with the truth of the one form in it."""
    share = Share(0, 0, 0, 0, [])
    known, entry = truth(name), index()[name]
    if len(forms) != 1:
        share.extra += max(len(forms) - 1, 0)
        share.misses.append(f"{len(forms)} forms")
    read = forms[0] if forms else {"form": {}, "budget_lines": [], "indicators": []}
    accept = entry["accept"]
    expected_head = {**known["form"], "foot_reason": known.get("foot_reason")}
    for field in HEAD:
        got = read["form"].get(field)
        if field == "foot_reason" and expected_head[field] is None:
            continue
        _count(share, f"form.{field}", expected_head.get(field), got, accept)
    for table, fields in ROWS.items():
        wanted, found = _without_optional(known[table], entry["optional"], read[table]), read[table]
        share.extra += max(len(found) - len(wanted), 0)
        if len(found) > len(wanted):
            share.misses.append(f"{table}: {len(found)} rows instead of {len(wanted)}")
        for number, row in enumerate(wanted):
            other = found[number] if number < len(found) else {}
            for field in fields:
                _count(share, f"{table}[{number}].{field}", row.get(field), other.get(field), accept)
    return share


def _without_optional(rows: list[Any], optional: list[str], found: list[Any]) -> list[Any]:
    """Leave out rows a reader may skip, when it skipped them."""
    names = {row.get("name") for row in found}
    return [
        row
        for row in rows
        if not any(text.startswith(str(row.get("name"))) and row.get("name") not in names for text in optional)
    ]


def _count(share: Share, where: str, expected: object, got: object, accept: Mapping[str, list[Any]]) -> None:
    if expected is None and got is None:
        return
    allowed = [expected, *accept.get(where, [])]
    if any(_same(value, got) for value in allowed):
        share.right += 1
        return
    if got is None:
        share.null += 1
    else:
        share.wrong += 1
    share.misses.append(f"{where}: {expected!r} ≠ {got!r}")


def _same(expected: object, got: object) -> bool:
    if isinstance(got, Decimal) and isinstance(expected, str):
        return expected.replace(".", "", 1).isdigit() and Decimal(expected) == got
    return expected == got


def files() -> Iterator[tuple[str, Path]]:
    """Yield format and path of every document of the corpus."""
    for kind in FORMATS:
        for path in sorted((FORMS / kind).glob(f"*.{kind}")):
            yield kind, path


def read(path: Path) -> list[Mapping[str, Any]]:
    """Read a document as `checker normalize` does: through the contract's JSON, numbers as decimals."""
    from checker.forms import normalized
    from checker.layouts import recognise
    from checker.readers import read as documents

    forms = [form for document in documents(path) for form in recognise(document)]
    data = json.loads(normalized.to_json(forms), parse_float=Decimal, parse_int=Decimal)
    entries: list[Mapping[str, Any]] = data["forms"]
    return entries


def table(shares: Mapping[tuple[str, str], list[Share]]) -> str:
    """Write the shares as a Markdown table: families down, formats across."""
    formats = [kind for kind in FORMATS if any(key[0] == kind for key in shares)]
    families = sorted({key[1] for key in shares})
    lines = [f"| family | cells | {' | '.join(formats)} |", f"|---|---|{'---|' * len(formats)}"]
    for family in [*families, "all"]:
        cells = []
        most = 0
        for kind in formats:
            found = [s for key, group in shares.items() if key[0] == kind and family in (key[1], "all") for s in group]
            most = max(most, sum(share.cells for share in found))
            cells.append(_shown(found))
        lines.append(f"| {family} | {most} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n\nright / null / wrong in % of the cells that have a value; +n: rows too many"


def _shown(shares: list[Share]) -> str:
    cells = sum(share.cells for share in shares)
    if not cells:
        return "–"
    right, null, wrong = (sum(getattr(share, name) for share in shares) for name in ("right", "null", "wrong"))
    extra = sum(share.extra for share in shares)
    return " / ".join(f"{Decimal(100 * count) / cells:.2f}" for count in (right, null, wrong)) + (f" +{extra}" if extra else "")


def main() -> None:
    """Measure the corpus and print the table, then every miss."""
    shares: dict[tuple[str, str], list[Share]] = {}
    misses = []
    families = index()
    for kind, path in files():
        share = compare(path.stem, read(path))
        shares.setdefault((kind, families[path.stem]["family"]), []).append(share)
        misses += [f"{kind} {path.stem} {miss}" for miss in share.misses]
    print(table(shares))
    print("\n".join(misses))


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent.parent.parent))
    main()
