"""checker beside the other validators: the same ten rules on the same part, in alternation.

    python bench/peers/measure.py [--forms 1000 --forms 20000] [--rounds 3] [--write]

Each round runs every contender once in a fresh process of the interpreter at hand; ratios are of the same round. A run in
which the findings of two contenders differ by rule, form or row stops. A contender that is not installed is skipped with a
word; requirements/bench.txt lists what they need, in an environment of its own. `--write` puts the tables into
docs/performance.md between its marks and the plot into docs/peers.svg.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "bench"))
OURS = ("checker", "polars", "duckdb")
SLOW = ("great_expectations", "frictionless", "r_validate")
"""Contenders that take minutes: one run a process, and one round."""
Taken = dict[str, list[dict[str, Any]]]


def contend(folder: Path, rounds: int, names: tuple[str, ...]) -> Taken:
    """Run the contenders in turn; every one must find the same rows."""
    taken: Taken = {name: [] for name in names}
    for number in range(rounds):
        for name in names:
            if number == 0 or name not in SLOW:
                done = subprocess.run([sys.executable, "bench/contenders.py", name, str(folder), "--times", "1" if name in SLOW else "3"], cwd=ROOT, capture_output=True, text=True, check=False)
                if done.returncode:
                    raise SystemExit(f"{name} failed: {done.stderr.strip()[-600:]}")
                taken[name].append(json.loads(done.stdout.splitlines()[-1]))
    digests = {name: {one["digest"] for one in each} for name, each in taken.items()}
    if len(set().union(*digests.values())) != 1:
        raise SystemExit(f"contenders disagree: {digests}")
    return taken


def times(taken: Taken, name: str, clock: str = "wall") -> float:
    """Return the median over rounds of this contender ÷ checker, the best run of each process."""
    return median(min(a[clock]) / min(b[clock]) for a, b in zip(taken[name], taken["checker"], strict=False))


def table(forms: int, taken: Taken) -> str:
    """Return the figures of one size as a Markdown table."""
    lines = [f"| {forms:,} forms, ten rules | best run, s | M indicator rows/s | processor s | peak MB | ÷ checker (wall) | ÷ checker (processor) |", "|---|---|---|---|---|---|---|"]
    for name, each in sorted(taken.items(), key=lambda pair: times(taken, pair[0], "cpu")):
        best, used = (median(min(one[clock]) for one in each) for clock in ("wall", "cpu"))
        memory = median(one["mb"] for one in each)
        lines.append(f"| {called(name)} | {best:.3f} | {forms * 62 / best / 1e6:.2f} | {used:.3f} | {memory:.0f} | {times(taken, name):.2f} | {times(taken, name, 'cpu'):.2f} |")
    return "\n".join(lines)


def called(name: str) -> str:
    """Return a contender's name and version."""
    if name == "r_validate":
        from peers import with_r_validate

        return f"{name} {with_r_validate.version()}"
    return name if name == "checker" else f"{name} {version(name)}"


def plot(forms: int, taken: Taken) -> str:
    """Return how many times the processor time of checker each contender takes, as points on a logarithmic scale (SVG)."""
    found = sorted((times(taken, name, "cpu"), name) for name in taken)
    ticks = [step * 10.0**power for power in range(-3, 6) for step in (1, 2, 5)]
    first, last = max(tick for tick in ticks if tick <= found[0][0]), min(tick for tick in ticks if tick > found[-1][0])
    drawn = []
    height = 46 + 26 * len(found)

    def at(value: float) -> float:
        return 150 + 340 * math.log(value / first) / math.log(last / first)

    for tick in ticks:
        if first <= tick <= last:
            x = at(tick)
            drawn.append(f'<line x1="{x:.1f}" y1="30" x2="{x:.1f}" y2="{height - 8}" stroke="#ddd"/><text x="{x:.1f}" y="24" text-anchor="middle" fill="#666" font-size="11">{tick:g}×</text>')
    for number, (value, name) in enumerate(found):
        y = 48 + 26 * number
        colour = "#b03030" if name == "checker" else "#4878a8"
        drawn.append(f'<text x="140" y="{y + 5}" text-anchor="end">{name}</text><circle cx="{at(value):.1f}" cy="{y}" r="6" fill="{colour}"/><text x="{at(value) + 11:.1f}" y="{y + 5}" font-size="12">{value:.2f}</text>')
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 560 {height}" font-family="sans-serif" font-size="14" role="img" aria-label="processor time at {forms} forms in multiples of that of checker">{"".join(drawn)}</svg>\n'


def measure(sizes: list[int], rounds: int) -> tuple[str, str]:
    """Return the tables and the plot of the largest size."""
    import page
    import tables

    from peers import PEERS, csv_of, lacking

    skipped = {name: why for name in PEERS if (why := lacking(name))}
    names = (*OURS, *(name for name in PEERS if name not in skipped))
    told = [page.heading(f", {rounds} rounds in alternation")]
    drawn = ""
    with tempfile.TemporaryDirectory() as kept:
        for forms in sizes:
            folder = Path(kept) / str(forms)
            tables.generate(forms, folder)
            csv_of.write(folder)
            taken = contend(folder, rounds, names)
            told.append(table(forms, taken))
            drawn = plot(forms, taken)
    return "\n\n".join([*told, *(f"{name}: not run, {why}." for name, why in skipped.items())]), drawn


def write(text: str, drawn: str) -> None:
    """Put the tables between the marks of docs/performance.md and the plot beside it."""
    import page

    page.put(page.DOCS / "performance.md", "peers", text)
    (page.DOCS / "peers.svg").write_text(drawn, encoding="utf-8")


def main() -> None:
    """Measure, print, and write when asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--forms", type=int, action="append")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    text, drawn = measure(given.forms or [1_000, 20_000], given.rounds)
    print(text)
    if given.write:
        write(text, drawn)


if __name__ == "__main__":
    main()
