"""Few forms are worked out row by row, many over frames: the results are the same to the last byte."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from checker import api
from checker.audit import ContractFault, audit
from checker.engine import row_pass
from checker.model import Form, Outcome, Results
from checker.render import json as rendered
from checker.tables import contracts
from checker.tables.columns import LIMITS, columns
from checker.tables.frames import tables

ROOT = Path(__file__).resolve().parent.parent
DAY = date(2024, 4, 18)
FORMS = [*sorted((ROOT / "sample_forms").iterdir()), *sorted((ROOT / "tests" / "corpus" / "forms" / "xlsx").glob("*.xlsx"))]


@pytest.fixture(scope="module")
def forms() -> tuple[Form, ...]:
    return api.read(FORMS).forms


def both(forms: tuple[Form, ...], monkeypatch: pytest.MonkeyPatch, **options: object) -> tuple[Results, Results]:
    """Return the results of both evaluations."""
    made = []
    for few in (10**9, 0):
        monkeypatch.setattr(row_pass, "FEW", few)
        made.append(audit(forms, api.load_rules(), as_of=DAY, **options))  # type: ignore[arg-type]
    return made[0], made[1]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_form_gives_the_same_results_both_ways(forms: tuple[Form, ...], lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sample and corpus forms: findings, arithmetic, rule outcomes, figures, corrections, verdicts, and the JSON of them."""
    assert len(forms) >= 25
    few, many = both(forms, monkeypatch, lang=lang)
    for one, other in zip(few.forms, many.forms, strict=True):
        assert one == other, one.form.form_id
    assert few == many
    assert rendered.render(few) == rendered.render(many)
    assert {finding.kind for found in few.forms for finding in found.findings} >= {Outcome.FAIL, Outcome.OPEN}
    assert not any(finding.kind is Outcome.ERROR for found in few.forms for finding in found.findings)


def test_evidence_is_read_the_same_both_ways(forms: tuple[Form, ...], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Dated events reach the rules over plain columns, too."""
    events = tmp_path / "events.csv"
    events.write_text("指标,事项,日期\n残疾人康复服务及时,完成,2023-11-30\n", encoding="utf-8")
    seed = [form for form in forms if form.source.path.endswith(".txt")]
    names = [str(row["name"]) for row in seed[0].indicators]
    events.write_text("指标,事项,日期\n" + "".join(f"{name},完成,2024-02-03\n" for name in names), encoding="utf-8")
    few, many = both(tuple(seed), monkeypatch, evidence=api.load_evidence(events))
    assert few == many
    assert few != both(tuple(seed), monkeypatch)[0]


def test_values_that_do_not_fit_and_cells_that_cannot_be_read(forms: tuple[Form, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    """Nulls of every kind come to the same outcome both ways: a score too large, too fine, missing, unreadable."""
    seed = next(form for form in forms if form.source.path.endswith(".txt"))
    values = (Decimal("1e7"), Decimal("0.1234567"), None, Decimal("-1.00"), Decimal("1.00"))
    rows = tuple({**row, "score": values[n % len(values)], "reason": None if n % 3 else row.get("reason")} for n, row in enumerate(seed.indicators))
    places = {key: replace(place, unread="读不出") if key[0] == "indicators" and key[1] % 4 == 0 and key[2] in ("score", "weight", "target") else place for key, place in seed.places.items()}
    few, many = both((replace(seed, indicators=rows, places=places),), monkeypatch)
    assert few == many
    assert {finding.kind for finding in few.forms[0].findings} >= {Outcome.FAIL, Outcome.OPEN}


def test_a_rule_that_crashes_is_an_error_and_never_a_pass(forms: tuple[Form, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    """The other rules are run all the same."""
    real = row_pass.outcome

    def outcome(rule, context):  # type: ignore[no-untyped-def]
        if rule.id == "DED-001":
            raise ArithmeticError("made to crash")
        return real(rule, context)

    monkeypatch.setattr(row_pass, "outcome", outcome)
    (found,) = audit(forms[:1], api.load_rules(), as_of=DAY).forms
    by_id = {told.rule: told for told in found.rules}
    assert by_id["DED-001"].outcome is Outcome.ERROR
    assert by_id["DED-001"].reason == "ArithmeticError: made to crash"
    assert [finding.rule for finding in found.findings if finding.kind is Outcome.ERROR] == ["DED-001"]
    assert sum(told.outcome is Outcome.ERROR for told in found.rules) == 1
    assert sum(told.checked for told in found.rules) > 50


def test_plain_columns_are_held_to_the_same_contract(forms: tuple[Form, ...]) -> None:
    """What the frames break the columns break, and the other way round; the fault names it."""
    sound = columns(forms)
    assert contracts.kept(sound, LIMITS)
    assert not contracts.violations({name: getattr(tables(forms), name) for name in sound.names}, LIMITS)
    for table, column, value in (
        ("forms", "form_type", "poem"), ("forms", "amount_unit", "角"), ("budget_lines", "role", "x"), ("indicators", "weight", 10**12), ("indicators", "weight", True),
        ("indicators", "weight_digits", 7), ("indicators", "name", ""), ("indicators", "name", 3), ("indicators", "row", 0), ("indicators", "unread", "score"), ("forms", "form", None),
    ):  # fmt: skip
        broken = {**sound.tables[table], column: [value, *sound.tables[table][column][1:]]}
        assert not contracts.kept(type(sound)({**sound.tables, table: broken}), LIMITS), (table, column, value)
    shuffled = {name: list(reversed(values)) for name, values in sound.tables["indicators"].items()}
    assert not contracts.kept(type(sound)({**sound.tables, "indicators": shuffled}), LIMITS)
    broken_form = replace(forms[0], header={**forms[0].header, "form_type": "poem"})
    with pytest.raises(ContractFault, match="form_type"):
        audit([broken_form], api.load_rules(), as_of=DAY)


def test_one_form_is_checked_without_polars() -> None:
    """Whatever kind of file Excel or a text editor writes; a second process finds the rules kept by the first."""
    code = "import sys; from checker.cli import cli; cli(['check', sys.argv[1]]); sys.exit(sum(name in sys.modules for name in ('polars', 'pandera', 'numpy', 'openpyxl', 'jinja2')))"
    for name in ("clean_project.xlsx", "clean_hubei.xlsx", "minhang_dpf_2023.txt"):
        runs = [subprocess.run([sys.executable, "-c", code, f"sample_forms/{name}"], cwd=ROOT, capture_output=True, check=False) for _ in range(2)]
        assert runs[1].returncode == 0, name
        assert runs[0].stdout == runs[1].stdout
