"""The normalized form as JSON and YAML: the contract's shape, the form's own digits, and back again without loss."""

from __future__ import annotations

import json
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from checker.errors import ReadError
from checker.forms.normalized import filled, from_data, from_json, from_yaml, to_json, to_yaml
from checker.layouts import recognise
from checker.model import Form, Locator, Place, Source
from checker.readers import read

ROOT = Path(__file__).parent.parent
SOURCE = Source("form.json", "0" * 64, "json")


@cache
def seed() -> Form:
    (document,) = read(ROOT / "sample_forms" / "minhang_dpf_2023.txt")
    (form,) = recognise(document)
    return form


def rows(form: Form) -> tuple[object, ...]:
    return form.header, form.budget_lines, form.indicators, form.indicator_groups, form.not_applicable, form.repairs, form.unread, form.form_id, form.recognition


def digits(form: Form) -> list[str]:
    return [str(row[name]) for row in (*form.budget_lines, *form.indicators) for name in sorted(row) if isinstance(row[name], Decimal)]


def unread(form: Form) -> dict[object, str | None]:
    return {key: place.unread for key, place in form.places.items() if place.unread and key[2] in (*filled(key[0]),)}


@pytest.mark.parametrize("locations", [False, True])
def test_json_and_yaml_give_the_form_back(locations: bool) -> None:
    """Values, digits, repairs and the reasons of unread cells survive both notations."""
    for again in (from_json(to_json([seed()], locations), SOURCE), from_yaml(to_yaml([seed()], locations), SOURCE)):
        assert len(again) == 1
        assert rows(again[0]) == rows(seed()) and digits(again[0]) == digits(seed())
        assert unread(again[0]) == unread(seed())


def test_numbers_are_written_as_printed() -> None:
    """1.00 stays 1.00 and 57157686.73 has no exponent and no float's tail."""
    text = to_json([seed()])
    assert '"budget": 57157686.73, "executed": 56690686.28, "rate": 99.18' in text
    assert '"weight": 1.00, "score": 0.80' in text
    big = Form("x", SOURCE, {"total_weight": Decimal("1E+2"), "form_type": "other"}, budget_lines=({"budget": Decimal("1E-7")},))
    assert '"total_weight": 100,' in to_json([big]) and '"budget": 0.0000001' in to_json([big])


def test_the_shape_is_the_contracts() -> None:
    """form, budget_lines, indicators, not_applicable, repairs, unread; each row has every filled field, null when it has none."""
    (entry,) = json.loads(to_json([seed()]))["forms"]
    assert {"form", "budget_lines", "indicators", "not_applicable", "repairs", "unread"} <= set(entry)
    assert entry["form"]["form_id"] == seed().form_id and entry["form"]["project_name"] is None
    row = entry["indicators"][7]
    assert row["weight"] == 1.0 and row["score"] is None and set(filled("indicators")) <= set(row)
    assert entry["not_applicable"] == [] and entry["absent"] == ["initial"]


def test_locations_name_the_place_of_every_value() -> None:
    """With locations each row has cells with sheet, cell, page, line, column and text."""
    (entry,) = json.loads(to_json([seed()], locations=True))["forms"]
    cell = entry["indicators"][8]["cells"]["score"]
    assert (cell["line"], cell["column"], cell["text"], cell["sheet"], cell["cell"], cell["page"]) == (28, 8, "0.80", None, None, None)
    assert entry["indicators"][7]["cells"]["score"]["unread"].endswith("得分格丢失")
    for row in entry["indicators"]:
        for name in ("name", "target", "actual", "weight"):
            if row[name] is not None:
                assert row["cells"][name]["line"]


def test_a_single_form_may_stand_alone() -> None:
    """One form without the list is taken; groups come from the rows when none are given."""
    (form,) = from_data({"form": {"form_type": "project", "fiscal_year": Decimal(2023)}, "indicators": [
        {"level1": "产出指标", "level1_weight": Decimal(50), "level2": "数量指标", "name": "甲", "weight": Decimal("1.50")},
    ]}, SOURCE)  # fmt: skip
    assert form.header["fiscal_year"] == 2023
    assert form.indicator_groups == (
        {"level": 1, "level1": "产出指标", "weight": Decimal(50)}, {"level": 2, "level1": "产出指标", "level2": "数量指标"},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "JSON"), ("[1", "JSON"), ("{}", "forms"), ('{"forms": []}', "forms"), ('{"forms": [1]}', "forms[0]"),
        ('{"forms": [{"form": {"total_score": "98"}}]}', "total_score"), ('{"forms": [{"form": {"fiscal_year": 2023.5}}]}', "整数"),
        ('{"forms": [{"form": {}, "indicators": [{"weight": true}]}]}', "weight"), ('{"forms": [{"form": {}, "indicators": 3}]}', "indicators"),
        ('{"forms": [{"form": {"total_score": 1e999999999}}]}', "JSON"), ('{"forms": [{"form": {"total_score": NaN}}]}', "JSON"),
        ('{"forms": [{"form": {"total_score": ' + "9" * 5000 + "}}]}", "JSON"), ("[" * 100_000, "JSON"), ('{"forms": [{"form": {}, "unread": [1]}]}', "unread"),
    ],
)  # fmt: skip
def test_broken_data_gets_one_line(text: str, said: str) -> None:
    """Anything else than the contract's shape is refused with the place and the path, never a traceback."""
    with pytest.raises(ReadError) as fault:
        from_json(text, SOURCE)
    assert said in str(fault.value) and "form.json" in str(fault.value) and "\n" not in str(fault.value)


@pytest.mark.parametrize("text", ["a: [", "forms: &a [*a]", "!!python/object:os.system x", "forms: 3", "- " * 5000])
def test_broken_yaml_gets_one_line(text: str) -> None:
    """Aliases, tags and broken YAML are refused like broken JSON."""
    with pytest.raises(ReadError) as fault:
        from_yaml(text, SOURCE)
    assert "form.json" in str(fault.value) and "\n" not in str(fault.value)


NUMBER = st.decimals(min_value=-(10**12), max_value=10**12, allow_nan=False, allow_infinity=False, places=4)
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20).map(str.strip).filter(bool)
ROW = st.fixed_dictionaries({}, optional={"level1": TEXT, "name": TEXT, "target": TEXT, "weight": NUMBER, "score": NUMBER, "reason": TEXT})


@settings(max_examples=200, deadline=None)
@given(st.lists(ROW, max_size=4), TEXT, st.text(max_size=10))
@example([{"name": "a"}], "a", "a\x85b")
def test_any_values_survive(found: list[dict[str, object]], name: str, reason: str) -> None:
    """Any text and any decimal comes back equal, with its digits, from JSON and from YAML."""
    places = {("indicators", 1, "score"): Place(Locator("a.xlsx", "表", "A1"), "坏", reason)} if found and reason else {}
    form = Form(name, SOURCE, {"form_type": "project", "unit_name": name}, indicators=tuple(found), places=places)  # type: ignore[arg-type]
    for again in (from_json(to_json([form]), SOURCE)[0], from_yaml(to_yaml([form]), SOURCE)[0]):
        assert again.indicators == form.indicators and digits(again) == digits(form)
        assert again.header == form.header and again.form_id == name
        if places:
            assert again.places["indicators", 1, "score"].unread == reason
