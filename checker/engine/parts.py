"""The unit of work: a form-aligned part (a folder of Parquet tables) × rules → its findings as one table.

A part holds the four tables of `checker.tables.frames` with `form` counted from 0 within the part, sorted; `forms` has
`form_id` besides and, as `rows_<table>`, how many rows each form has in the other tables. Numbers are Int64 counts of
10⁻⁶, exact; a column without any value has the type Null. Readings of text that the rules need are taken from the part;
those it lacks are worked out, and a warning names them: that costs many times the check.

A part is checked batch by batch; memory is bounded by the batch. The findings do not depend on how forms are divided
into parts and batches, nor on how many processes check them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import lru_cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from warnings import warn

import polars as pl
from msgspec import Struct

from checker.engine.batch_pass import Scopes, closed, code_of, scopes
from checker.engine.folded import Folded, fold, folded, told
from checker.engine.prepared import CODE, CODES, Prepared, conditions, prepare
from checker.engine.suspects import may_mark, suspects
from checker.errors import ReadError
from checker.fields import BY_TABLE, TABLES
from checker.language import Tree
from checker.language.known import of_tables, with_figures
from checker.language.plans import missing, outputs, places, searched
from checker.language.program_columns import columns_read
from checker.language.shown import plain
from checker.model import Form, Outcome, Severity
from checker.processes import pool
from checker.readings import add
from checker.rules.rule import Rule
from checker.tables.columns import columns, filled_columns
from checker.tables.frames import Tables, dtype, framed

BATCH = 20_000
"""Forms a pass."""

CHILDREN = TABLES[1:]

SCHEMA: Mapping[str, pl.DataType | type[pl.DataType]] = {
    "form_id": pl.String, "rule": pl.String, "version": pl.Int32, "severity": pl.String, "outcome": pl.String,
    "table": pl.String, "row": pl.UInt32, "field": pl.String, "reported": pl.String, "expected": pl.String,
}  # fmt: skip
"""Columns of the findings: one row a form, rule and row that failed, is undecided or needs a person."""


LEVELS = tuple(Severity)


class Work(Struct, frozen=True):
    """Rules made ready for many parts, as they stand, and the columns of each table they read."""

    prepared: Prepared
    standing: Folded
    columns: Mapping[str, tuple[str, ...]]
    as_of: date


def ready(rules: Sequence[Rule], as_of: date) -> Work:
    """Compile rules once for all parts. Rules over several forms are left out."""
    prepared = prepare(rules)
    standing = folded(prepared.rules)
    return Work(prepared, standing, columns_read(standing.program), as_of)


def write_part(forms: Sequence[Form], folder: Path, rules: Sequence[Rule] = ()) -> None:
    """Write normalized forms as a part, with the readings that `rules` need."""
    laid = columns(forms)
    made = framed(add(laid, prepare(rules).needed) if rules else laid)
    folder.mkdir(parents=True, exist_ok=True)
    counts = [pl.Series(f"rows_{table}", [len(getattr(form, table)) for form in forms], pl.UInt32) for table in CHILDREN]
    write_tables(made.replaced({"forms": made.forms.with_columns(pl.Series("form_id", [form.form_id for form in forms], pl.String), *counts)}), folder)


def write_tables(made: Tables, folder: Path) -> None:
    """Write the tables of a part; columns that hold nothing are told by their type and need not be read."""
    for table in TABLES:
        frame = made.frame(table)
        empty = [column.name for column in frame.iter_columns() if 0 < column.len() == column.null_count()]
        frame.with_columns(pl.col(empty).cast(pl.Null)).write_parquet(folder / f"{table}.parquet", row_group_size=131_072)


def typed(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Return a table of a part as it was before it was written."""
    return frame.with_columns(pl.lit(None, dtype(table, name)).alias(name) for name, kind in frame.schema.items() if kind == pl.Null)


def check_part(folder: Path, work: Work, *, batch: int = BATCH) -> pl.DataFrame:
    """Return the findings of one part, sorted by form, rule and row. Raises ReadError for a part that is not whole."""
    made = [found for found in batches(folder, work, batch=batch) if found.height]
    return pl.concat(made) if made else pl.DataFrame(schema=dict(SCHEMA))


def batches(folder: Path, work: Work, *, batch: int = BATCH) -> Iterator[pl.DataFrame]:
    """Yield the findings of a part batch by batch, in the order of its forms."""
    try:
        scans = {table: pl.scan_parquet(folder / f"{table}.parquet") for table in TABLES}
        have = {table: frozenset(scan.collect_schema().names()) for table, scan in scans.items()}
        counts = scans["forms"].select(*(pl.col(f"rows_{table}").cast(pl.Int64).cum_sum() for table in CHILDREN)).collect()
    except (OSError, pl.exceptions.PolarsError) as error:
        raise ReadError(f"不是完整的数据分片 @ {folder}：{str(error).splitlines()[0]}，请重新生成") from None
    absent = _absent(work, have)
    if absent:
        warn(_told_absent(folder, absent), stacklevel=2)
    for start in range(0, counts.height, batch):
        size = min(batch, counts.height - start)
        frames = {"forms": scans["forms"].slice(start, size)}
        for table in CHILDREN:
            first = counts.item(start - 1, f"rows_{table}") if start else 0
            frames[table] = scans[table].slice(first, counts.item(start + size - 1, f"rows_{table}") - first)
        wanted = {table: _wanted(table, work, have[table], absent) for table in TABLES}
        tables_read = dict(zip(TABLES, pl.collect_all([frames[table].select(wanted[table]) for table in TABLES]), strict=True))
        laid = _whole(tables_read, absent)
        yield findings(laid, laid.forms.get_column("form_id"), work)


def _wanted(table: str, work: Work, have: frozenset[str], absent: Collection[tuple[str, str]]) -> list[str]:
    """Return the columns to read; what readings are worked out of when some are `absent`."""
    names = {"form", "row", *work.columns.get(table, ())}
    if table == "forms":
        names |= {"form_id", "form_type", "fiscal_year", "not_applicable"}
    if absent:
        names |= set(filled_columns(table))
        names -= {column for owner, name in absent if owner == table for column in (name, f"{name}_digits")}
    return sorted(names & have)


def _absent(work: Work, have: Mapping[str, frozenset[str]]) -> frozenset[tuple[str, str]]:
    """Return the readings that rules need and the part does not have."""
    needed = (BY_TABLE[table][name] for table, name in work.prepared.needed if BY_TABLE[table][name].reading)
    return frozenset((field.table, field.name) for field in needed if not {field.name, *([f"{field.name}_digits"] if field.scaled else [])} <= have[field.table])


def _told_absent(folder: Path, absent: Collection[tuple[str, str]]) -> str:
    names = sorted(f"{table}.{name}" for table, name in absent)
    some = ", ".join(names[:SHOWN]) + (" …" if len(names) > SHOWN else "")
    return (
        f"分片缺少规则所需的 {len(names)} 项文字读数（{some}） @ {folder}，检查时逐批重算，费时数倍：请用现行规则重新生成分片"
        f" / the part lacks {len(names)} readings that the rules need ({some}) @ {folder}; they are worked out at every check, which takes several times as long: write the part anew with these rules"
    )


SHOWN = 5
"""Readings a warning names."""


def _whole(read: Mapping[str, pl.DataFrame], absent: frozenset[tuple[str, str]]) -> Tables:
    """Add what the part leaves out: filled columns nobody filled are null, readings it lacks are worked out."""
    frames, beside = {}, {}
    for table, frame in read.items():
        filled = filled_columns(table)
        lacking = [pl.lit(None, dtype(table, name)).alias(name) for name in filled if name not in frame.columns]
        frames[table] = typed(table, frame).with_columns(lacking)
        beside[table] = [column for column in frames[table].iter_columns() if column.name not in filled]
    whole = Tables(frames["forms"], frames["budget_lines"], frames["indicator_groups"], frames["indicators"])
    if not absent:
        return whole
    # A step of reading makes several columns: what the part has of them is put aside.
    made = add(whole.replaced({table: frame.select(filled_columns(table)) for table, frame in frames.items()}), absent)
    return made.replaced({table: made.frame(table).hstack(columns) for table, columns in beside.items()})


def findings(made: Tables, ids: pl.Series, work: Work) -> pl.DataFrame:
    """Return the findings of tables with readings in place; `ids` are the ids of the forms in order."""
    work.standing.program.bounded(made)
    known = scopes(made.forms)
    facts = of_tables({table: made.frame(table) for table in TABLES})
    off = {rule.id: closed(rule, work.prepared.tokens[rule.id], known) for rule in work.prepared.rules}
    read = fold(work.standing, frozenset(rule for rule, kinds in off.items() if len(kinds) == len(known.kinds)), facts)
    figured = read.program.figured(made, work.as_of)
    read = fold(read, frozenset(), with_figures(facts, figured.columns()))
    asked: list[tuple[Rule, pl.LazyFrame]] = []
    for table, rows in read.program.beside(figured).items():
        asked += [(rule, _marked(some, rule, off[rule.id], known)) for rule, some in suspects(table, rows, read)]
    marked = pl.collect_all([plan for _, plan in asked], engine="streaming")
    parts = [(rule, frame) for (rule, _), frame in sorted(zip(asked, marked, strict=True), key=lambda pair: pair[0][0].id) if frame.height]
    if not parts:
        return pl.DataFrame(schema=dict(SCHEMA))
    # Rules stand in order, and so do the rows of each: what is left is to bring the forms together, while what findings share is a number.
    found = pl.concat(_of_rule(number, rule, frame) for number, (rule, frame) in enumerate(parts)).sort("form", maintain_order=True)
    return _told([rule for rule, _ in parts], found, ids.cast(pl.String).gather(places(made.forms, found)))


def _marked(plan: pl.LazyFrame, rule: Rule, off: frozenset[int], known: Scopes) -> pl.LazyFrame:
    """Return those of the rows that a rule marks, with their code and what findings say; what one step rules out the next leaves unread."""
    have = plan.collect_schema().names()
    left = _unmet(rule, pl.col(f"{rule.id}:expect"))
    if rule.when is not None:
        when = pl.col(f"{rule.id}:when")
        plan = _looked(plan, rule, rule.when, have).with_columns(outputs(f"{rule.id}:when", rule.when)).filter(when.fill_null(True))
        left = left | when.is_null()
    if rule.expect is not None:
        plan = _looked(plan, rule, rule.expect, have).with_columns(outputs(f"{rule.id}:expect", rule.expect)).filter(left)
    if off:
        plan = plan.join(known.of.lazy(), on="form", how="left", maintain_order="left")
    code = code_of(rule, conditions(rule), off, len(known.kinds)).alias("code")
    said = told(rule)
    marked = plan.with_columns(code).filter(pl.col("code") >= CODE[Outcome.FAIL])
    return marked.with_columns(searched(said.values(), have)).select("form", "row", "code", *(column for key, tree in said.items() for column in outputs(key, tree)))


def _looked(plan: pl.LazyFrame, rule: Rule, tree: Tree, have: list[str]) -> pl.LazyFrame:
    """Return rows with the searches of a condition, which become part of those they `have`; what one search rules out is not searched for the next."""
    for number, (name, search) in enumerate(missing([tree], have).items()):
        plan = (plan.filter(may_mark(rule, have)) if number else plan).with_columns(search.made)
        have.append(name)
    return plan


def _unmet(rule: Rule, expected: pl.Expr) -> pl.Expr:
    """Return where what a rule expects leads to a mark: it is not so or, for most rules, unknown."""
    return expected.ne_missing(True) if CODE[rule.on_missing] >= CODE[Outcome.FAIL] else expected.eq_missing(False)


def _of_rule(number: int, rule: Rule, marked: pl.DataFrame) -> pl.DataFrame:
    """Return the findings of a rule, which is told by its `number`, as its severity and outcome are."""
    severity = _level(rule.severity)
    for of, (_, level) in reversed(list(enumerate(rule.severity_when))):
        severity = pl.when(pl.col(f"severity {of}").fill_null(False)).then(_level(level)).otherwise(severity)
    said = told(rule)
    return marked.select(
        "form",
        pl.lit(number, pl.UInt16).alias("rule"),
        severity.alias("severity"),
        "code",
        "row",
        *(_words(marked, name, said[name]).alias(name) if name in said else pl.lit(None, pl.String).alias(name) for name in ("reported", "expected")),
    )


def _level(severity: Severity) -> pl.Expr:
    return pl.lit(LEVELS.index(severity), pl.UInt8)


def _told(rules: Sequence[Rule], found: pl.DataFrame, ids: pl.Series) -> pl.DataFrame:
    """Return findings with what their numbers stand for."""
    of_rule = pl.DataFrame(
        [(rule.id, rule.version, rule.each, rule.at.rpartition(".")[2]) for rule in rules], schema={name: SCHEMA[name] for name in ("rule", "version", "table", "field")}, orient="row"
    )[found.get_column("rule")]
    levels, outcomes = (pl.Series([kind.value for kind in kinds], dtype=pl.String) for kinds in (LEVELS, CODES))
    said = [ids.alias("form_id"), levels.gather(found.get_column("severity")).alias("severity"), outcomes.gather(found.get_column("code")).alias("outcome")]
    return pl.DataFrame([*said, *of_rule.iter_columns(), *(found.get_column(name) for name in ("row", "reported", "expected"))]).select(list(SCHEMA))


def _words(marked: pl.DataFrame, key: str, tree: Tree) -> pl.Series:
    values = marked.get_column(key).to_list()
    if f"{key}/" not in marked.columns:
        return pl.Series([None if value is None else plain(value, None, tree.unit, "zh") for value in values], dtype=pl.String)
    under = marked.get_column(f"{key}/").to_list()
    return pl.Series([None if a is None or not b else _number(a, b, tree.unit) for a, b in zip(values, under, strict=True)], dtype=pl.String)


@lru_cache(1 << 14)
def _number(over: int, under: int, unit: str) -> str:
    return plain(Fraction(over, under), None, unit, "zh")


def digest(found: pl.DataFrame) -> str:
    """Return what two tables of findings share when they say the same, however their rows are ordered or divided."""
    lines = sorted("\x1f".join("" if value is None else str(value) for value in row) for row in found.select(list(SCHEMA)).iter_rows())
    return sha256("\n".join(lines).encode()).hexdigest()


def check_parts(folders: Sequence[Path], rules: Sequence[Rule], as_of: date, *, jobs: int = 1, batch: int = BATCH) -> Iterator[pl.DataFrame]:
    """Yield the findings of many parts in their order; `jobs` processes share the parts."""
    if jobs <= 1:
        work = ready(rules, as_of)
        for folder in folders:
            yield check_part(folder, work, batch=batch)
        return
    with pool(jobs, _start, tuple(rules), as_of) as processes:
        yield from map(pl.read_ipc_stream, processes.map(_one, folders, [batch] * len(folders)))


_WORK: list[Work] = []


def _start(rules: tuple[Rule, ...], as_of: date) -> None:
    _WORK[:] = [ready(rules, as_of)]


def _one(folder: Path, batch: int) -> bytes:
    """Return the findings of a part packed: as they are, sending them took a fifth of the time of the check."""
    packed = BytesIO()
    check_part(folder, _WORK[0], batch=batch).write_ipc_stream(packed, compression="zstd", compat_level=pl.CompatLevel.newest())
    return packed.getvalue()
