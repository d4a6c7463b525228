"""All measurements in one run, in alternation, as tables and a plot.

    python bench/run.py [--forms 20000] [--files 1000] [--rounds 5] [--peers] [--write]

Each round runs every contender once in a fresh process; ratios are of the same round, the figures shown their medians.
`--write` puts the tables into docs/performance.md between its marks and the plot into docs/performance.svg.
`--peers` runs the other validators, too (bench/peers/measure.py).
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "bench"))
TARGETS = {"polars": 1.2, "duckdb": 0.6}


def contend(folder: Path, rounds: int, names: tuple[str, ...], times: int = 3) -> dict[str, list[dict[str, object]]]:
    """Run the contenders in turn; every one must find the same rows."""
    taken: dict[str, list[dict[str, object]]] = {name: [] for name in names}
    for _ in range(rounds):
        for name in names:
            done = subprocess.run([sys.executable, "bench/contenders.py", name, str(folder), "--times", str(times)], cwd=ROOT, capture_output=True, text=True, check=True)
            taken[name].append(json.loads(done.stdout))
    digests = {str(one["digest"]) for each in taken.values() for one in each}
    if len(digests) != 1:
        raise SystemExit(f"contenders disagree: { {name: each[0]['digest'] for name, each in taken.items()} }")
    return taken


def ratios(taken: dict[str, list[dict[str, object]]], other: str, clock: str = "wall") -> float:
    """Return the median over rounds of checker ÷ other, the best run of each process."""
    return statistics.median(min(a[clock]) / min(b[clock]) for a, b in zip(taken["checker"], taken[other], strict=True))  # type: ignore[call-overload]


def engine_table(forms: int, taken: dict[str, list[dict[str, object]]]) -> str:
    """Return the engine's figures as a Markdown table."""
    lines = [f"| {forms:,} forms, ten rules | best run, s | M indicator rows/s | processor s | peak MB | checker ÷ this (wall) | (processor) | target |", "|---|---|---|---|---|---|---|---|"]
    for name, each in taken.items():
        best = statistics.median(min(one["wall"]) for one in each)  # type: ignore[call-overload]
        used = statistics.median(min(one["cpu"]) for one in each)  # type: ignore[call-overload]
        memory = statistics.median(int(str(one["mb"])) for one in each)
        compared = ("1", "1", "") if name == "checker" else (f"{ratios(taken, name):.2f}", f"{ratios(taken, name, 'cpu'):.2f}", str(TARGETS[name]))
        lines.append(f"| {name} | {best:.3f} | {forms * 62 / best / 1e6:.1f} | {used:.3f} | {memory:.0f} | {' | '.join(compared)} |")
    return "\n".join(lines)


FILES = """
import json, sys, time
from datetime import date
from pathlib import Path
from checker import api
from checker.forms import intake
from checker.cli.screen import write
from checker.readers.limits import DEFAULT
from checker.screen import Setting, screen
import polars

rules, names, few = api.load_rules(), sorted(map(str, Path(sys.argv[1]).iterdir())), int(sys.argv[2])
started = time.process_time()
read = [len(intake.take(name, DEFAULT).forms) for name in names]
reading = time.process_time() - started
started, wall = time.process_time(), time.perf_counter()
parts = list(screen(names, Setting(rules.active, date(2024, 4, 18), DEFAULT)))
found = polars.concat([part.findings for part in parts])
write(found, Path(sys.argv[1]).parent / "findings.parquet")
whole, wall = time.process_time() - started, time.perf_counter() - wall
started = time.process_time()
results = api.check(api.read(names[:few]), rules=rules, as_of=date(2024, 4, 18))
print(json.dumps([sum(read), reading, whole, wall, found.height, few, time.process_time() - started, sum(len(form.findings) for form in results.forms)]))
"""


def files_table(many: int) -> str:
    """Read and judge generated xlsx files with findings as Parquet, and some of them with findings in words; one process."""
    import generate

    few = min(many, 200)
    with tempfile.TemporaryDirectory() as kept:
        generate.generate(many, Path(kept) / "forms")
        done = subprocess.run([sys.executable, "-c", FILES, str(Path(kept) / "forms"), str(few)], cwd=ROOT, capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": str(ROOT)})
    forms, reading, whole, wall, found, few, words, told = json.loads(done.stdout)
    lines = ["| xlsx files, all shipped rules on single forms, one process | figure |", "|---|---|"]
    lines += [f"| files | {forms:,} (about 35 indicators each, {found / forms:.1f} rows of findings) |", f"| files a processor second, read and recognised | {forms / reading:.0f} |"]
    lines += [f"| files a processor second, end to end, findings as Parquet | {forms / whole:.0f} (target 800) |", f"| files a second of wall time, end to end | {forms / wall:.0f} |"]
    lines += [f"| share of reading and recognising | {100 * reading / whole:.0f} % |"]
    lines += [f"| files a processor second with findings in words, proposals and rules over several forms ({few} files, {told / few:.1f} findings each) | {few / words:.0f} |"]
    return "\n".join(lines)


def plot(taken: dict[str, list[dict[str, object]]]) -> str:
    """Return the engine's wall times as an SVG of bars."""
    best = {name: statistics.median(min(one["wall"]) for one in each) for name, each in taken.items()}  # type: ignore[call-overload]
    widest = max(best.values())
    bars = []
    for number, (name, seconds) in enumerate(best.items()):
        y, width = 20 + number * 34, 360 * seconds / widest
        bars.append(f'<text x="90" y="{y + 16}" text-anchor="end">{name}</text><rect x="100" y="{y}" width="{width:.0f}" height="22" fill="#4878a8"/><text x="{106 + width:.0f}" y="{y + 16}">{seconds:.3f} s</text>')
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 560 {30 + 34 * len(best)}" font-family="sans-serif" font-size="14" role="img" aria-label="seconds from Parquet to findings">{"".join(bars)}</svg>\n'


def main() -> None:
    """Measure, print, and write when asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--forms", type=int, action="append")
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    import cold
    import page
    import readers
    import shipped
    import tables

    told = [page.heading(f", {given.rounds} rounds in alternation")]
    drawn = ""
    with tempfile.TemporaryDirectory() as kept:
        for forms in given.forms or [20_000]:
            folder = Path(kept) / str(forms)
            tables.generate(forms, folder)
            taken = contend(folder, given.rounds, ("checker", "polars", "duckdb"), 3 if forms <= 20_000 else 1)
            told.append(engine_table(forms, taken))
            drawn = drawn or plot(taken)
    told.append(shipped.table(20_000, given.rounds))
    told += [page.marked("cold", cold.table(cold.measure(given.rounds))), files_table(given.files), readers.table(min(given.files, 40), given.rounds)]
    text = "\n\n".join(told)
    print(text)
    if given.write:
        page.put(page.DOCS / "performance.md", "measured", text)
        (page.DOCS / "performance.svg").write_text(drawn, encoding="utf-8")
    if given.peers:
        from peers import measure

        beside, points = measure.measure([1_000, 20_000], given.rounds)
        print(beside)
        if given.write:
            measure.write(beside, points)


if __name__ == "__main__":
    main()
