"""Corruption of clean forms: the share of single-cell changes noticed, by kind; all of those under an equation."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from checker.api import load_rules, read
from checker.authoring.corrupt import KINDS, Change, Verdict, changes, corrupt, covered_share, table, unclean
from checker.authoring.corrupt.told import percent, told
from checker.cli import cli
from checker.model import Form, Locator, Place, Source

SAMPLES = Path(__file__).resolve().parent.parent / "sample_forms"
CLEAN = ("clean_department", "clean_project", "clean_sichuan", "clean_hubei")
DAY = date(2024, 6, 30)


@pytest.fixture(scope="module")
def forms() -> tuple[Form, ...]:
    return tuple(read([SAMPLES / f"{name}.xlsx"]).forms[0] for name in CLEAN)


@pytest.fixture(scope="module")
def verdicts(forms: tuple[Form, ...]) -> tuple[Verdict, ...]:
    return corrupt(forms, load_rules().active, DAY)


def test_the_clean_forms_are_clean(forms: tuple[Form, ...]) -> None:
    """No error and no warning on the forms themselves: what is noticed later is noticed because of the change."""
    assert unclean(forms, load_rules().active, DAY) == []


def test_the_share_noticed_is_printed_by_kind(verdicts: tuple[Verdict, ...], capsys: pytest.CaptureFixture[str]) -> None:
    """Every kind of slip is tried on all four families together."""
    with capsys.disabled():
        print(f"\ncorruption of clean forms, one cell at a time:\n{told(verdicts, [], 'en')}")
    assert {line.kind for line in table(verdicts)} == set(KINDS)
    assert sum(line.tried for line in table(verdicts)) == len(verdicts) > 1500


@pytest.mark.parametrize("kind", ["digit", "swapped", "sign", "point", "removed", "copied", "above_weight"])
def test_figures_under_an_equation_are_all_noticed(verdicts: tuple[Verdict, ...], kind: str) -> None:
    """Amounts, rates, weights, scores and totals: 100 %, but for what the printed rounding of a rate hides."""
    missed = [v for v in verdicts if v.change.kind == kind and v.covered and not v.hidden and not v.noticed]
    assert [(v.name.rpartition("/")[2], v.change.cell, v.change.old, v.change.new) for v in missed] == []


@pytest.mark.parametrize("kind", ["reason", "above_weight", "late"])
def test_removed_reasons_high_scores_and_late_dates_are_all_noticed(verdicts: tuple[Verdict, ...], kind: str) -> None:
    """Not only arithmetic: a deduction without its reason, a score above its weight, work after its deadline."""
    missed = [v for v in verdicts if v.change.kind == kind and not v.noticed]
    assert [(v.name.rpartition("/")[2], v.change.cell, v.change.old, v.change.new) for v in missed] == []


def rate_still_fits(form: Form) -> bool:
    """Whether every rate is the quotient of its line under one of the three roundings, and the execution score follows from it."""
    for line in form.budget_lines:
        budget, executed, rate = (line.get(name) for name in ("budget", "executed", "rate"))
        if isinstance(budget, Decimal) and isinstance(executed, Decimal) and isinstance(rate, Decimal) and budget:
            exact = executed / budget * 100
            if rate not in {exact.quantize(rate, mode) for mode in (ROUND_HALF_UP, ROUND_HALF_EVEN, ROUND_DOWN)}:
                return False
            score, weight = line.get("score"), line.get("weight", Decimal(20))
            if isinstance(score, Decimal) and isinstance(weight, Decimal) and abs(exact / 100 * weight - score) > Decimal("0.01"):
                return False
    return True


def test_what_rounding_hides_is_hidden_by_rounding(verdicts: tuple[Verdict, ...]) -> None:
    """By arithmetic of its own: only an amount or rate that leaves every printed rate and execution score true may pass unseen."""
    hidden = [v for v in verdicts if v.hidden and not v.noticed]
    assert all(v.change.cell[0] == "budget_lines" and rate_still_fits(v.change.form) for v in hidden)
    assert len(hidden) < 0.02 * len(verdicts)


def cells_of(form: Form) -> Counter[tuple[str, int, str, str]]:
    return Counter((name, n, field, str(value)) for name in ("budget_lines", "indicator_groups", "indicators") for n, row in enumerate(getattr(form, name), 1) for field, value in row.items())


def test_one_cell_is_changed_at_a_time(forms: tuple[Form, ...]) -> None:
    """Fields differ only where they are read from the same cell: a merged weight in all its rows, nothing else."""
    for form in forms:
        places = form.places
        for change in changes(form):
            removed = cells_of(form) - cells_of(change.form)
            touched = {places[t, n, f].locator for t, n, f, _ in removed if (t, n, f) in places}
            assert len(touched) <= 1, change.cell
            assert change.form != form


def test_changes_are_deterministic_and_none_repeats_the_original(forms: tuple[Form, ...]) -> None:
    """The same list every time; a number is never replaced by its equal."""
    def named(found: list[Change]) -> list[tuple[str, object, str, str | None]]:
        return [(c.kind, c.cell, c.old, c.new) for c in found]

    for form in forms:
        found = list(changes(form))
        assert named(found) == named(list(changes(form)))
        assert all(c.new is None or c.new != c.old for c in found)


def small(score: str, weight: str) -> Form:
    """A form of one indicator whose score and weight stand in cells of their own."""
    places = {("indicators", 1, name): Place(Locator(sheet="s", cell=cell), text) for name, cell, text in (("score", "H1", score), ("weight", "G1", weight))}
    return Form("f", Source("f", "", "xlsx"), {"form_type": "project"}, (), ({"name": "甲", "score": Decimal(score), "weight": Decimal(weight)},), (), places)


def test_the_slips_of_one_number() -> None:
    """9.70: each digit by one and by five, neighbours swapped, sign, point, removed, above its weight."""
    found = [(c.kind, c.new) for c in changes(small("9.70", "10")) if c.cell[2] == "score"]
    assert found == [
        ("digit", "0.70"), ("digit", "4.70"), ("swapped", "7.90"), ("digit", "9.80"), ("digit", "9.20"), ("swapped", "9.07"), ("digit", "9.71"), ("digit", "9.75"),
        ("sign", "-9.70"), ("point", "97.0"), ("point", "0.970"), ("removed", None), ("above_weight", "11"),
    ]  # fmt: skip


def test_what_nothing_notices_is_listed() -> None:
    """Without rules on them changes go unnoticed: the table says 0 and names them, so the check can fail."""
    rules = [rule for rule in load_rules().active if rule.id == "STR-008"]
    found = corrupt([small("9.70", "10")], rules, DAY)
    assert not any(v.noticed for v in found) and covered_share(found) == 100
    assert "得分  改一个数字 × 6  例如第 1 行 9.70 → 0.70" in told(found, [], "zh")
    covered = [replace(v, covered=True) for v in found]
    assert covered_share(covered) == 0 and told(covered, [("f", "X", "error")], "en").startswith("not clean itself: f X (error)")


def test_shares_are_cut_off_not_rounded_up() -> None:
    """100.0 % is said of all only."""
    assert [percent(1999, 2000), percent(2, 2), percent(0, 0)] == ["99.9 %", "100.0 %", "—"]


def test_the_command_takes_forms(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    """Forms without --corrupt, or --corrupt without forms, is wrong usage; with both the table is printed, and a form that cannot be read is exit code 3."""
    sample = str(SAMPLES / "clean_hubei.xlsx")
    assert cli(["rules", "test", sample]) == 2
    assert cli(["rules", "test", "--corrupt"]) == 2
    assert cli(["rules", "test", "--corrupt", "no such file.xlsx"]) == 3
    assert cli(["rules", "test", "-k", "SCO", "--corrupt", sample]) == 0
    assert "改一个数字" in capsysbinary.readouterr().out.decode()
    assert cli(["rules", "test", "-k", "GRD", "--corrupt", sample]) == 0
    assert cli(["rules", "test", "-k", "GRD", "--corrupt", sample, "no such file.xlsx"]) == 3
