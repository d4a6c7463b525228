"""Form-aligned parts: the findings of the usual run, whatever the size of parts and batches and the number of processes."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from random import Random
from shutil import copytree
from warnings import catch_warnings

import polars as pl
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from language_generator import Generator
from language_world import settled, world
from msgspec.structs import replace

from checker import api
from checker.audit import laid_out
from checker.engine import folded, suspects
from checker.engine.batch_pass import CODE, CODES, codes, prepare
from checker.engine.parts import SCHEMA, Work, check_part, check_parts, digest, findings, ready, typed, write_part
from checker.engine.prepared import SCOPE
from checker.errors import ReadError
from checker.fields import TABLES
from checker.language import LanguageFault, parse
from checker.model import Form, Outcome
from checker.tables.columns import columns, filled_columns
from checker.tables.frames import Tables, dtype, tables

DAY = date(2024, 4, 18)
SAMPLES = Path(__file__).resolve().parent.parent / "sample_forms"


@pytest.fixture(scope="module")
def forms() -> tuple[Form, ...]:
    """Forms of five layouts, clean and faulty, several of each."""
    files = [*sorted(SAMPLES.glob("*.xlsx")), SAMPLES / "minhang_dpf_2023.txt"]
    return api.read([file for _ in range(3) for file in files]).forms


@pytest.fixture(scope="module")
def rules() -> tuple:
    return api.load_rules().active


@pytest.fixture(scope="module")
def work(rules: tuple) -> Work:
    return ready(rules, DAY)


@pytest.fixture(scope="module")
def part(forms: tuple[Form, ...], rules: tuple, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All forms written into one part, only to be read."""
    made: Path = tmp_path_factory.mktemp("part")
    write_part(forms, made, rules)
    return made


@pytest.fixture(scope="module")
def whole(part: Path, work: Work) -> pl.DataFrame:
    """The findings of all forms in one part."""
    return check_part(part, work)


def split(forms: tuple[Form, ...], size: int, folder: Path, rules: tuple) -> list[Path]:
    folders = []
    for start in range(0, len(forms), size):
        folders.append(folder / f"part-{start:06d}")
        write_part(forms[start : start + size], folders[-1], rules)
    return folders


def test_a_part_gives_what_the_usual_run_gives(forms: tuple[Form, ...], rules: tuple, part: Path, whole: pl.DataFrame) -> None:
    """Form, rule, row and outcome of every marked row are those of the engine over the same forms."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(suspects, "MANY", 1_000)
        assert check_part(part, ready(rules, DAY)).equals(whole)
    prepared = prepare(rules)
    long, crashed = codes(prepared, laid_out(forms, prepared.needed), DAY)
    assert not crashed
    marked = long.filter(pl.col("code") >= CODE[Outcome.FAIL])
    wanted = {(forms[form].form_id, rule, row, CODES[code].value) for form, row, rule, code in marked.iter_rows()}
    assert len(wanted) == marked.height > 50
    assert set(whole.select("form_id", "rule", "row", "outcome").rows()) == wanted
    assert whole.height == marked.height
    assert whole.schema == pl.Schema(SCHEMA)


@pytest.mark.parametrize("size", [1, 4, 10_000])
def test_the_size_of_parts_changes_nothing(forms: tuple[Form, ...], rules: tuple, whole: pl.DataFrame, tmp_path: Path, size: int) -> None:
    """One form a part, four, or all in one: one digest; and the order is that of the forms."""
    found = pl.concat(list(check_parts(split(forms, size, tmp_path, rules), rules, DAY)))
    assert found.equals(whole)
    assert digest(found) == digest(whole)


@pytest.mark.parametrize("batch", [1, 3])
def test_the_size_of_batches_changes_nothing(part: Path, whole: pl.DataFrame, work: Work, batch: int) -> None:
    """A part read in passes of few forms gives the table of one pass."""
    assert check_part(part, work, batch=batch).equals(whole)


def test_processes_change_nothing(forms: tuple[Form, ...], rules: tuple, tmp_path: Path) -> None:
    """Two processes give the tables of one, in the same order."""
    folders = split(forms, 6, tmp_path, rules)
    alone, shared = (pl.concat(list(check_parts(folders, rules, DAY, jobs=jobs))) for jobs in (1, 2))
    assert shared.equals(alone)


def test_readings_a_part_lacks_are_worked_out(forms: tuple[Form, ...], part: Path, work: Work, tmp_path: Path) -> None:
    """A part written without readings gives the same findings."""
    write_part(forms, tmp_path / "without")
    with pytest.warns(UserWarning, match="分片缺少规则所需的 .*without"):
        found = check_part(tmp_path / "without", work)
    with catch_warnings(action="error"):
        assert found.equals(check_part(part, work))


def test_a_part_with_some_of_the_readings_gives_the_same(forms: tuple[Form, ...], rules: tuple, whole: pl.DataFrame, work: Work, tmp_path: Path) -> None:
    """A part written for fewer rules holds part of what one step of reading makes; the findings are those of any other."""
    write_part(forms, tmp_path, [rule for rule in rules if rule.id.startswith("TIM")][:1])
    with pytest.warns(UserWarning):
        assert check_part(tmp_path, work).equals(whole)


def test_only_the_readings_a_part_lacks_are_worked_out(part: Path, whole: pl.DataFrame, work: Work, tmp_path: Path) -> None:
    """A part that lacks one reading keeps the others as they stand in it, those of the same step too; a warning names the one."""
    copytree(part, tmp_path, dirs_exist_ok=True)
    file = tmp_path / "indicators.parquet"
    frame = pl.read_parquet(file)
    assert frame.get_column("target_unit").null_count() < frame.height
    frame.drop("target_value", "target_value_digits").write_parquet(file)
    with pytest.warns(UserWarning, match=r"1 项文字读数（indicators\.target_value）"):
        assert check_part(tmp_path, work).equals(whole)
    frame.drop("target_value", "target_value_digits").with_columns(pl.lit("公里").alias("target_unit")).write_parquet(file)
    with pytest.warns(UserWarning):
        assert not check_part(tmp_path, work).equals(whole)


def test_columns_that_hold_nothing_come_back_as_they_were(forms: tuple[Form, ...], rules: tuple, tmp_path: Path) -> None:
    """Columns without any value are written without values; read back they have their types again. A table without rows keeps its types."""
    write_part([replace(form, budget_lines=()) for form in forms], tmp_path, rules)
    for table in TABLES:
        frame = pl.read_parquet(tmp_path / f"{table}.parquet")
        empty = [column.name for column in frame.iter_columns() if column.null_count() == column.len()]
        assert (pl.Null in frame.schema.values()) == (table != "budget_lines")
        assert all(frame.schema[name] == pl.Null for name in empty) or table == "budget_lines"
        assert typed(table, frame).schema == pl.Schema({name: dtype(table, name) if name in empty else kind for name, kind in frame.schema.items()})


def test_the_columns_a_part_may_lack_are_those_forms_are_laid_out_in(forms: tuple[Form, ...]) -> None:
    """What a part without some columns is filled up with is no more and no less than what forms give, in type and order."""
    laid, frames = columns(forms), tables(forms)
    for table in TABLES:
        assert tuple(laid.tables[table]) == filled_columns(table)
        assert frames.frame(table).schema == pl.Schema({name: dtype(table, name) for name in filled_columns(table)})


def test_the_digest_tells_findings_apart(whole: pl.DataFrame) -> None:
    """The digest ignores order and nothing else."""
    assert digest(whole.reverse()) == digest(whole)
    assert digest(whole.head(whole.height - 1)) != digest(whole)
    assert digest(whole.with_columns(pl.lit("9").alias("reported"))) != digest(whole)


def test_a_part_that_is_not_whole_is_refused(forms: tuple[Form, ...], tmp_path: Path) -> None:
    """A missing table is a fault in one line, never fewer findings."""
    write_part(forms[:1], tmp_path)
    (tmp_path / "indicators.parquet").unlink()
    with pytest.raises(ReadError, match="分片"):
        check_part(tmp_path, ready((), DAY))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**32), st.sampled_from(TABLES), st.booleans(), st.sampled_from([Outcome.NOT_APPLICABLE, Outcome.OPEN, Outcome.FAIL, Outcome.REVIEW]))
def test_marked_rows_are_those_of_the_engine(rules: tuple, seed: int, table: str, asked: bool, missing: Outcome) -> None:
    """Any rule, over values with and without nulls and at their bounds, marks the rows the engine marks, with the same outcome, alone as among many."""
    rng = Random(seed)
    try:
        when, expect = (parse(Generator(rng, table).any("bool", rng.randint(1, 4)), table) for _ in range(2))
    except LanguageFault:
        assume(False)
    rule = replace(rules[0], each=table, when=when if asked else None, expect=expect, on_missing=missing, reported=None, expected=None, severity_when=(), slots={})
    tables = world(seed % 7)
    forms = tables.forms.with_columns(
        pl.Series("form_type", [rng.choice((*rule.forms, "other", None)) for _ in range(tables.forms.height)], pl.String),
        pl.Series("not_applicable", [rng.choice((None, None, "|weights|", "|scores|rates|")) for _ in range(tables.forms.height)], pl.String),
    )
    tables = tables.replaced({"forms": forms})
    work, ids = ready([rule], DAY), forms.get_column("form").cast(pl.String)
    found = findings(tables, ids, work)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(suspects, "MANY", 1)
        assert findings(tables, ids, work).equals(found)
    long, crashed = codes(prepare([rule]), tables, DAY)
    assert not crashed
    wanted = [(str(form), row, CODES[code].value) for form, row, _, code in long.filter(pl.col("code") >= CODE[Outcome.FAIL]).sort("form", "row").iter_rows()]
    assert found.select("form_id", "row", "outcome").rows() == wanted


def forgotten() -> None:
    """Have nothing kept of batches before, as in a fresh process."""
    folded.fold.cache_clear()
    suspects._marks.cache_clear()


def unscoped(made: Tables) -> Tables:
    """Return tables of forms that every rule is meant for."""
    return made.replaced({"forms": made.forms.with_columns(pl.lit(None, dtype("forms", name)).alias(name) for name in SCOPE)})


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**32), st.sampled_from(TABLES), st.booleans(), st.sampled_from([Outcome.OPEN, Outcome.FAIL]))
def test_what_is_known_of_a_batch_is_not_taken_for_another(rules: tuple, seed: int, table: str, alone: bool, missing: Outcome) -> None:
    """Batches in turn of which different things are known have the findings each has in a fresh process."""
    rng = Random(seed)
    try:
        trees = [(parse(Generator(rng, table).any("bool", rng.randint(1, 4)), table), parse(Generator(rng, table).any("bool", rng.randint(1, 4)), table)) for _ in range(1 if alone else 3)]
    except LanguageFault:
        assume(False)
    mine = [replace(rule, each=table, when=when, expect=expect, on_missing=missing, reported=None, expected=None, severity_when=(), slots={}) for rule, (when, expect) in zip(rules, trees, strict=False)]
    work = ready(mine, DAY)
    # What is the same in every row of one batch is not in the other, and the other way round.
    batches = [unscoped(tables) for tables in (settled(world(seed % 7), rng), settled(world(seed % 5 + 1), rng), world(seed % 3))]
    ids = [tables.forms.get_column("form").cast(pl.String) for tables in batches]
    fresh = []
    for made, known in zip(batches, ids, strict=True):
        forgotten()
        fresh.append(findings(made, known, work))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(suspects, "MANY", 1 if alone else 12)
        forgotten()
        for at in (0, 1, 2, 1, 0):
            assert findings(batches[at], ids[at], work).equals(fresh[at])


def test_batches_of_which_the_same_is_known_are_read_once(rules: tuple) -> None:
    """A rule that one batch settles is asked of the next, where it is not settled; batches that know the same share how rules read."""
    rule = replace(rules[0], each="indicators", when=None, expect=parse("score <= weight", "indicators"), on_missing=Outcome.OPEN, reported=None, expected=None, severity_when=(), slots={})
    work, tables = ready([rule], DAY), unscoped(world(1))
    ids = tables.forms.get_column("form").cast(pl.String)

    def marked(score: list[int], weight: int) -> int:
        rows = tables.indicators.height
        columns = pl.Series("score", (score * rows)[:rows], pl.Int64), pl.lit(weight, pl.Int64).alias("weight"), pl.lit(None, pl.String).alias("unread")
        return findings(tables.replaced({"indicators": tables.indicators.with_columns(columns)}), ids, work).height

    forgotten()
    assert tables.indicators.height >= 2
    assert marked([1], 5) == 0
    assert marked([9], 5) == tables.indicators.height
    assert marked([1], 5) == 0
    before = folded.fold.cache_info().misses
    assert marked([7, 8], 5) == marked([8, 6], 5) == tables.indicators.height
    assert folded.fold.cache_info().misses == before + 2
