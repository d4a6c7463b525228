"""All shipped rules on one part of generated forms with every reading in place: indicator rows a second.

    python bench/shipped.py FOLDER [--make 20000] [--times 3] [--jobs 2]

checks the part in FOLDER, or with `--make` writes it there, and prints a line of JSON: seconds of each run, peak memory, rows,
rules, findings and their digest; with `--jobs` the parts a second of several processes. Loading and compiling the rules is told apart, since a run does it once for all its parts.

`DISTINCT` forms of `bench/generate.py` are laid out by the recogniser, then repeated under ids and names of indicators of
their own (a place before each), so that texts repeat about as often as they do among the forms of a city. Readings are worked out of the
texts so made, as for any part.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import polars as pl

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]
DAY = date(2024, 4, 18)
DISTINCT = 2_000
PLACES = 97
PARTS = 6
"""Parts that each of several processes checks."""


def generate(many: int, folder: Path, seed: int = 7) -> None:
    """Write a part of `many` forms with the readings that the shipped rules need."""
    import scale
    from generate import form

    from checker import api
    from checker.engine.parts import typed, write_part, write_tables
    from checker.engine.prepared import prepare
    from checker.fields import TABLES
    from checker.layouts import recognise
    from checker.model import Cell, Document, Grid, Locator, Source
    from checker.readings import add
    from checker.tables.frames import Tables

    forms = []
    for number in range(1, min(many, DISTINCT) + 1):
        name = f"form-{number:06d}.xlsx"
        cells = [Cell(row, column, str(text), Locator(name, "绩效自评表")) for row, texts in enumerate(form(number, seed).rows) for column, text in enumerate(texts) if text not in (None, "")]
        forms += recognise(Document(Source(name, f"{number:064x}", "xlsx"), (Grid("绩效自评表", tuple(cells)),)))
    write_part(forms, folder)
    scale.repeated(folder, -(-many // len(forms)), folder)
    frames = {table: typed(table, pl.read_parquet(folder / f"{table}.parquet").filter(pl.col("form") < many)) for table in TABLES}
    place = pl.format("第{}街道", (pl.col("form") * 31 + pl.col("form") // DISTINCT) % PLACES + 1)
    frames["indicators"] = frames["indicators"].with_columns((place + pl.col("name")).alias("name"))
    needed = prepare(api.load_rules().active).needed
    made = add(Tables(frames["forms"], frames["budget_lines"], frames["indicator_groups"], frames["indicators"]), needed)
    write_tables(made, folder)


def measure(folder: Path, times: int) -> dict[str, object]:
    """Check a part several times and return what it took."""
    from contenders import peak, used

    from checker import api
    from checker.engine.parts import check_part, digest, ready

    wall, cpu = time.perf_counter(), used()
    rules = api.load_rules().active
    work = ready(rules, DAY)
    made = time.perf_counter() - wall, used() - cpu
    spent = []
    found = pl.DataFrame()
    for _ in range(times):
        wall, cpu = time.perf_counter(), used()
        found = check_part(folder, work)
        spent.append((time.perf_counter() - wall, used() - cpu))
    forms, rows = (pl.scan_parquet(folder / f"{table}.parquet").select(pl.len()).collect().item() for table in ("forms", "indicators"))
    return {
        "ready": made, "wall": [s for s, _ in spent], "cpu": [s for _, s in spent], "mb": peak(), "forms": forms, "rows": rows, "rules": len(work.prepared.rules),
        "findings": found.height, "digest": digest(found)[:12],
    }  # fmt: skip


def shared(folder: Path, jobs: int, parts: int) -> float:
    """Return the parts a second that several processes check together, after the first of each, which loads and compiles the rules."""
    from checker import api
    from checker.engine.parts import check_parts

    done = [time.perf_counter() for _ in check_parts([folder] * parts, api.load_rules().active, DAY, jobs=jobs)]
    return (parts - jobs) / (done[-1] - done[jobs - 1])


def table(many: int, rounds: int, times: int = 3) -> str:
    """Make a part, check it in fresh processes and return the medians of their best runs as Markdown."""
    with tempfile.TemporaryDirectory() as kept:
        command = [sys.executable, str(Path(__file__)), kept]
        subprocess.run([*command, "--make", str(many)], check=True)
        taken = [json.loads(subprocess.run([*command, "--times", str(times)], check=True, capture_output=True, text=True).stdout) for _ in range(rounds)]
        both = statistics.median(float(subprocess.run([*command, "--jobs", "2"], check=True, capture_output=True, text=True).stdout) for _ in range(rounds))
    if len({one["digest"] for one in taken}) != 1:
        raise SystemExit("findings of the same part differ from run to run")
    one = taken[0]
    wall, cpu = (statistics.median(min(each[clock]) for each in taken) for clock in ("wall", "cpu"))
    ready = statistics.median(each["ready"][1] for each in taken)
    rows = one["rows"] / 1e6
    return "\n".join(
        [
            f"| {one['forms']:,} forms, {one['rows']:,} indicator rows, all {one['rules']} shipped rules on single forms | seconds | M indicator rows/s | target |",
            "|---|---|---|---|",
            f"| one process, wall time | {wall:.3f} | {rows / wall:.2f} | |",
            f"| two processes, wall time a part | {1 / both:.3f} | {rows * both:.2f} | 1 |",
            f"| one process, processor time | {cpu:.3f} | {rows / cpu:.2f} a processor | |",
            f"| rules loaded and compiled, once a run (processor) | {ready:.3f} | | |",
            f"| findings {one['findings']:,}, peak {statistics.median(each['mb'] for each in taken):.0f} MB | | | |",
        ]
    )


def main() -> None:
    """Make the part, or measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--make", type=int)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--jobs", type=int, help="print the parts a second of so many processes")
    given = parser.parse_args()
    if given.make:
        generate(given.make, given.folder)
    elif given.jobs:
        print(shared(given.folder, given.jobs, PARTS * given.jobs))
    else:
        print(json.dumps(measure(given.folder, given.times)))


if __name__ == "__main__":
    main()
