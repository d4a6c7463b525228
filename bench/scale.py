"""What checking costs, by file, part, row and rule; where that bends; and what it comes to for many forms.

    python bench/scale.py [--files 60] [--rounds 3] [--engines] [--write]

Seconds are processor seconds of one process, the least of the rounds, so that other work on the machine counts little.
A part of generated forms with all readings in place is repeated and cut to parts of several sizes and checked with a quarter,
half and all of the shipped rules; least squares over relative errors give the constants. `--engines` measures Ray and Spark too,
where they are installed (wall time). `--write` puts the tables into docs/scale.md between its marks.
"""

from __future__ import annotations

import argparse
import os
import pickle
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from shutil import which

import numpy as np
import polars as pl

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]
DAY = date(2024, 4, 18)
SIZES = (20, 100, 500, 2_500, 10_000)
"""Forms a part."""
SHARES = (0.25, 0.5, 1.0)
"""Of the shipped rules."""
MANY = 10**8
TABLES = ("forms", "budget_lines", "indicator_groups", "indicators")


@dataclass(frozen=True, slots=True)
class Point:
    """One measurement: rows in the part, rules, seconds."""

    forms: int
    rows: int
    rules: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Model:
    """seconds a part = part + part_rule × rules + rows × (row + row_rule × rules)."""

    part: float
    part_rule: float
    row: float
    row_rule: float

    def seconds(self, rows: float, rules: int) -> float:
        """Return what a part of so many rows costs."""
        return self.fixed(rules) + rows * self.each(rules)

    def fixed(self, rules: int) -> float:
        """Return what a part costs however small it is."""
        return self.part + self.part_rule * rules

    def each(self, rules: int) -> float:
        """Return what a row costs."""
        return self.row + self.row_rule * rules


def repeated(folder: Path, times: int, out: Path) -> None:
    """Write a part that holds the forms of another many times, each with an id of its own."""
    out.mkdir(parents=True, exist_ok=True)
    many = pl.scan_parquet(folder / "forms.parquet").select(pl.len()).collect().item()
    for table in TABLES:
        frame = pl.read_parquet(folder / f"{table}.parquet")
        copies = [frame.with_columns((pl.col("form") + n * many).cast(pl.UInt32)) for n in range(times)]
        if table == "forms":
            copies = [copy.with_columns(pl.col("form_id") + f"~{n}") for n, copy in enumerate(copies)]
        pl.concat(copies).write_parquet(out / f"{table}.parquet", row_group_size=131_072)


def rows_of(folder: Path) -> int:
    """Return the rows of all tables of a part."""
    return sum(pl.scan_parquet(folder / f"{table}.parquet").select(pl.len()).collect().item() for table in TABLES)


def least(rounds: int, work: Callable[[], object]) -> float:
    """Return the processor seconds of the quickest of several rounds."""
    spent = []
    for _ in range(rounds):
        start = time.process_time()
        work()
        spent.append(time.process_time() - start)
    return min(spent)


def fitted(points: Sequence[Point]) -> tuple[Model, float]:
    """Return the model with the least relative errors and the largest of them. No constant is negative."""
    terms = np.array([[1.0, p.rules, p.rows, p.rows * p.rules] for p in points])
    seconds = np.array([p.seconds for p in points])
    kept = list(range(4))
    while True:
        found, *_ = np.linalg.lstsq(terms[:, kept] / seconds[:, None], np.ones(len(points)), rcond=None)
        if found.min() >= 0:
            break
        kept.pop(int(found.argmin()))
    constants = np.zeros(4)
    constants[kept] = found
    made = Model(*(float(value) for value in constants))
    return made, max(abs(made.seconds(p.rows, p.rules) / p.seconds - 1) for p in points)


def check_points(part: Path, forms: int, kept: Path, rounds: int) -> list[Point]:
    """Measure parts of several sizes with several numbers of rules."""
    from checker import api
    from checker.engine.parts import check_part, ready

    rules = api.load_rules().active
    folders = {}
    for size in SIZES:
        folders[size] = kept / f"size-{size}"
        repeated(part, size // forms, folders[size])
    points = []
    for share in SHARES:
        # Every fourth, every second, all: families stay mixed.
        some = rules[:: round(1 / share)]
        work = ready(some, DAY)
        check_part(folders[SIZES[0]], work)
        for size, folder in folders.items():
            points.append(Point(size, rows_of(folder), len(some), least(rounds, lambda f=folder, w=work: check_part(f, w))))  # type: ignore[misc]
    return points


def engine_lines(part: Path, kept: Path) -> list[str]:
    """Return the start of Ray and Spark and what they add for each part, in wall time beside the local run."""
    from checker import api
    from checker.engine.parts import check_parts

    rules = api.load_rules().active
    folders = [kept / f"few-{n:03d}" for n in range(48)]
    for folder in folders:
        repeated(part, 1, folder)

    def timed(work: Callable[[], object]) -> float:
        start = time.perf_counter()
        work()
        return time.perf_counter() - start

    lines = ["| engine | start, s | 48 parts, s: first / later |", "|---|---|---|"]
    local = [timed(lambda: list(check_parts(folders, rules, DAY))) for _ in range(2)]
    lines.append(f"| one process | 0 | {local[0]:.1f} / {local[1]:.1f} |")
    if find_spec("ray"):
        from checker.cluster import ray as on_ray

        start = timed(on_ray.start)
        both = [timed(lambda: on_ray.collected(on_ray.findings(folders, rules, DAY))) for _ in range(2)]
        lines.append(f"| Ray, two workers | {start:.1f} | {both[0]:.1f} / {both[1]:.1f} |")
        import ray

        ray.shutdown()
    if find_spec("pyspark") and which("java"):
        from checker.cluster import spark as on_spark

        begun = time.perf_counter()
        session = on_spark.start(scratch=kept / "spark")
        start = time.perf_counter() - begun
        both = [timed(lambda: on_spark.collected(on_spark.findings(session, folders, rules, DAY))) for _ in range(2)]
        lines.append(f"| Spark, two workers | {start:.1f} | {both[0]:.1f} / {both[1]:.1f} |")
        session.stop()
    return lines


def measure(files: int, rounds: int, engines: bool) -> str:
    """Measure all and return it as Markdown."""
    import generate
    import page

    from checker import api
    from checker.engine.parts import write_part

    rules = api.load_rules().active
    with tempfile.TemporaryDirectory() as name:
        kept = Path(name)
        generate.generate(files, kept / "forms")
        api.read([next((kept / "forms").iterdir())])
        forms: list = []  # type: ignore[type-arg]
        read = least(1, lambda: forms.extend(api.read([kept / "forms"]).forms)) / files
        part = kept / "part"
        small = forms[: SIZES[0]]
        write_part(small, part, rules)
        written = least(rounds, lambda: write_part(forms, kept / "all", rules)) / files
        per_form = rows_of(kept / "all") / files
        points = check_points(part, len(small), kept, rounds)
        model, error = fitted(points)
        told = [
            page.heading(f"; processor seconds, least of {rounds}"),
            points_table(points),
            model_table(model, error, max(p.rules for p in points), per_form, read, written),
            projection(model, max(p.rules for p in points), per_form, read, written),
            shuffled(kept / "all", files),
        ]
        if engines:
            told.append("\n".join(engine_lines(part, kept)))
    return "\n\n".join(told)


def points_table(points: Sequence[Point]) -> str:
    """Return what was measured: milliseconds a part, by forms and rules."""
    rules = sorted({p.rules for p in points})
    lines = ["| forms a part | rows | " + " | ".join(f"{n} rules, ms" for n in rules) + " | M rows/s, all rules |", "|---|---|" + "---|" * (len(rules) + 1)]
    for size in sorted({p.forms for p in points}):
        mine = {p.rules: p for p in points if p.forms == size}
        last = mine[rules[-1]]
        lines.append(f"| {size:,} | {last.rows:,} | " + " | ".join(f"{mine[n].seconds * 1000:,.0f}" for n in rules) + f" | {last.rows / last.seconds / 1e6:.2f} |")
    return "\n".join(lines)


def model_table(model: Model, error: float, rules: int, per_form: float, read: float, written: float) -> str:
    """Return the constants."""
    fixed, each = model.fixed(rules), model.each(rules)
    lines = [
        "| cost | processor time |",
        "|---|---|",
        f"| a file (.xlsx, about 35 indicators): read and recognise | {read * 1e3:.1f} ms |",
        f"| a form: readings of text, normalize, write into a part | {written * 1e3:.2f} ms |",
        f"| a part | {model.part * 1e3:.1f} ms + {model.part_rule * 1e3:.2f} ms a rule = {fixed * 1e3:.0f} ms with {rules} rules |",
        f"| a row | {model.row * 1e6:.3f} µs + {model.row_rule * 1e9:.1f} ns a rule = {each * 1e6:.2f} µs with {rules} rules |",
        f"| a form of {per_form:.0f} rows in a large part | {each * per_form * 1e3:.3f} ms |",
        f"| bend: forms a part at which the part costs as much as its rows | {fixed / (each * per_form):,.0f} |",
        f"| largest deviation of the model from a measurement | {error * 100:.0f} % |",
    ]
    return "\n".join(lines)


def projection(model: Model, rules: int, per_form: float, read: float, written: float) -> str:
    """Return what many forms come to, by the model."""
    lines = [f"| {MANY:.0e} forms, projected | parts | processor hours | hours on 200 processors |".replace("e+0", "·10^").replace("1·", ""), "|---|---|---|---|"]
    for size in (100, 2_500, 20_000):
        hours = MANY / size * model.seconds(size * per_form, rules) / 3600
        lines.append(f"| check, parts of {size:,} forms | {MANY // size:,} | {hours:,.0f} | {hours / 200:.2f} |")
    made = MANY * (read + written) / 3600
    lines.append(f"| read .xlsx and write parts | {MANY // 20_000:,} | {made:,.0f} | {made / 200:.1f} |")
    return "\n".join(lines)


def shuffled(part: Path, forms: int) -> str:
    """Return what the forms of a part weigh on disk and in the shuffles of rules over several forms."""
    from checker.cluster import across

    stored = sum((part / f"{table}.parquet").stat().st_size for table in TABLES) / forms
    lines = ["| a form takes | KB moved or stored | KB of memory where it is compared |", "|---|---|---|", f"| in a part of {forms} forms, on disk | {stored / 1024:.1f} | |"]
    for name, shuffle in across.SHUFFLES.items():
        moved = [form for batch in across.keyed([str(part)], [name], 1) for form in batch.column("form").to_pylist()]
        tracemalloc.start()
        held = [pickle.loads(form) for form in moved]
        memory = tracemalloc.get_traced_memory()[0] / len(held)
        tracemalloc.stop()
        lines.append(f"| for `{'`, `'.join(shuffle.tables)}` | {sum(map(len, moved)) / forms / 1024:.1f} | {memory / 1024:.1f} |")
    return "\n".join(lines)


def main() -> None:
    """Measure, print, and write when asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--engines", action="store_true")
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    text = measure(given.files, given.rounds, given.engines)
    print(text)
    if given.write:
        import page

        page.put(page.DOCS / "scale.md", "measured", text)


if __name__ == "__main__":
    main()
