"""Cold start in alternation: `checker check` of one xlsx against the minimal script, `checker --version` against `import click`.

    python bench/cold.py [--rounds 9] [--write]

Prints medians of processor time and wall time and the ratios of the same round. Bytecode is compiled and the rule set
kept by a first, uncounted round. `--write` puts the tables in place of the last ones in docs/performance.md.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FORM = "sample_forms/clean_project.xlsx"
COMMANDS = {
    "python -c pass": ["-c", "pass"],
    "import click": ["-c", "import click"],
    "checker --version": ["-m", "checker", "--version"],
    "minimal script": ["bench/minimal.py", FORM],
    "checker check": ["-m", "checker", "check", FORM],
}
PAIRS = (("checker --version", "import click", 2.0), ("checker check", "minimal script", 1.5))


def run(command: list[str], env: dict[str, str]) -> tuple[float, float]:
    """Return (wall, processor) seconds of one process."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, *command], cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def measure(rounds: int) -> dict[str, Any]:
    """Run every command once a round, in turn."""
    with tempfile.TemporaryDirectory() as kept:
        env = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
        env |= {"PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": f"{kept}/bytecode", "CHECKER_CACHE": f"{kept}/rules"}
        for command in COMMANDS.values():
            run(command, env)
        taken: dict[str, list[tuple[float, float]]] = {name: [] for name in COMMANDS}
        for _ in range(rounds):
            for name, command in COMMANDS.items():
                taken[name].append(run(command, env))
    ratios = {}
    for one, other, bound in PAIRS:
        both = list(zip(taken[one], taken[other], strict=True))
        ratios[f"{one} / {other}"] = {"wall": statistics.median(a[0] / b[0] for a, b in both), "processor": statistics.median(a[1] / b[1] for a, b in both), "target": bound}
    return {
        "rounds": rounds,
        "milliseconds": {name: {"wall": 1000 * statistics.median(w for w, _ in each), "processor": 1000 * statistics.median(p for _, p in each)} for name, each in taken.items()},
        "ratios": ratios,
    }


def table(found: dict[str, Any]) -> str:
    """Return cold starts as Markdown tables."""
    lines = [f"Cold start, measured {time.strftime('%Y-%m-%d')}, {found['rounds']} rounds in alternation:", ""]
    lines += ["| process | wall ms | processor ms |", "|---|---|---|"]
    lines += [f"| {name} | {each['wall']:.0f} | {each['processor']:.0f} |" for name, each in found["milliseconds"].items()]
    lines += ["", "| ratio of the same round | wall | processor | target |", "|---|---|---|---|"]
    lines += [f"| {name} | {each['wall']:.2f} | {each['processor']:.2f} | {each['target']} |" for name, each in found["ratios"].items()]
    return "\n".join(lines)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    made = table(measure(given.rounds))
    print(made)
    if given.write:
        import page

        page.put(page.DOCS / "performance.md", "cold", made)
