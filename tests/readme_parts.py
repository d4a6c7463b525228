"""Fill the parts of README.md that are output: `python tests/readme_parts.py` rewrites them, a test compares."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "corpus")]

FIVE = {
    "WGT-001": ("weights sum to 100", "60 + 40.01"),
    "SCO-001": ("a score never exceeds its weight", "1.01 of 1"),
    "BUD-001": ("rate = executed ÷ budget", "97.86 printed"),
    "DED-001": ("a reason for every deduction", "0.80 of 1.00, reason empty"),
    "TIM-004": ("timeliness agrees with dates", "due 11月之前, done 2023年11月1日, full marks"),
}


def five() -> str:
    """The five promises, each with what its first failing example is told."""
    from checker.api import Reading, check, load_rules
    from checker.authoring.examples import example_form
    from checker.model import Outcome

    lines = ["| rule | what must hold | a form that breaks it | what is said |", "|---|---|---|---|"]
    rules = {rule.id: rule for rule in load_rules().rules}
    for name, (promise, broken) in FIVE.items():
        number, example = next((n, e) for n, e in enumerate(rules[name].examples, 1) if e.outcome is Outcome.FAIL)
        results = check(Reading((example_form(rules[name], example, number),)), as_of=date(2024, 6, 30))
        finding = next(f for f in results.forms[0].findings if f.rule == name and f.kind is Outcome.FAIL)
        arithmetic = f"<br>{finding.arithmetic}" if finding.arithmetic else ""
        lines.append(f"| {name} | {promise} | {broken} | {finding.message}{arithmetic} |")
    return "\n".join(lines)


def output(arguments: str) -> str:
    """What a command prints, from the top of the repository."""
    done = subprocess.run([sys.executable, "-m", "checker", *arguments.split()], cwd=ROOT, capture_output=True, timeout=120, check=False)
    return done.stdout.decode("utf-8").rstrip()


def fill(text: str, *, corpus: str | None = None, hand: str | None = None) -> str:
    """Return the README with its generated parts made anew; `corpus` and `hand` stay as they are when not given."""
    parts = {"five": five(), "corpus": corpus, "hand": hand}
    for name, made in parts.items():
        if made is not None:
            text = re.sub(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", lambda m, made=made: f"{m[1]}{made}\n{m[2]}", text, flags=re.DOTALL)
    return re.sub(r"(<!-- output: (.+?) -->\n```text\n).*?(```)", lambda m: f"{m[1]}{output(m[2])}\n{m[3]}", text, flags=re.DOTALL)


def hand() -> str:
    """What was found of the findings made by hand, by class, and what was asked for of the errors and warnings, by rule."""
    import test_hand_findings as by_hand

    wanted, got = by_hand.recall()
    fired, asked = by_hand.precision()
    hits, cases, all_fired, all_asked = sum(got.values()), sum(wanted.values()), sum(fired.values()), sum(asked.values())
    found = ", ".join(f"{kind} {got[kind]}/{number}" for kind, number in sorted(wanted.items()))
    right = ", ".join(f"{rule} {asked[rule]}/{number}" for rule, number in sorted(fired.items()))
    return (
        f"Of {cases} findings made by hand on these forms the rules give {hits} (recall {100 * hits / cases:.0f} %); "
        f"of {all_fired} errors and warnings (rule and form) {all_asked} were asked for by hand (precision {100 * all_asked / all_fired:.0f} %). "
        "Each miss and each extra is explained in [docs/known-limits.md](docs/known-limits.md).\n\n"
        f"* Recall by class of finding: {found}.\n"
        f"* Precision by rule (forms where it was asked for / forms where it fired): {right}."
    )


def main() -> None:
    """Rewrite the README, measurements included."""
    import measure

    families = measure.index()
    shares: dict[tuple[str, str], list[measure.Share]] = {}
    for kind, path in measure.files():
        shares.setdefault((kind, families[path.stem]["family"]), []).append(measure.compare(path.stem, measure.read(path)))
    README.write_text(fill(README.read_text(encoding="utf-8"), corpus=measure.table(shares), hand=hand()), encoding="utf-8")


if __name__ == "__main__":
    main()
