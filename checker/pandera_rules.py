"""The YAML rules of one table as a pandera schema, for people with their own Polars pipelines.

The schema says nothing the rules do not say: its checks run the engine on the frame that is validated.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

import pandera.polars as pa
import polars as pl
from msgspec import Struct, field
from pandera.config import ValidationDepth, config_context

from checker.engine.batch_pass import CODE, codes, prepare
from checker.errors import CheckerError, UsageError
from checker.fields import BY_TABLE, TABLES, Field
from checker.language import Tree, needs
from checker.language.nodes import aggregates_of
from checker.model import FieldValue, Form, Locator, Outcome, Place, PlaceKey, Source
from checker.readings import add
from checker.rules.rule import Rule, RuleSet
from checker.tables.contracts import promised
from checker.tables.frames import LIMITS, Tables, exact, tables

SCOPE = ("form_type", "fiscal_year")
"""Fields of the form that every rule's scope rests on; their columns must be there, null where unknown."""

PRINTED = 4
"""A Decimal column with more decimals than these is storage, not print: how many were printed is unknown then."""

_ELSEWHERE: Mapping[tuple[str, str], tuple[str, str]] = {
    **{("indicators", name): ("forms", "goal_actual") for name in ("narrated_value", "narrated_text", "narrated_approximate", "admitted_shortfall")},
    **{("forms", name): ("indicators", "name") for name in ("goals_unanswered", "goals_unanswered_count", "parallel_pairs", "parallel_differing")},
}
"""Readings that rest on another table than their own."""


Frame = TypeVar("Frame", pl.DataFrame, pl.LazyFrame)


class RuleSchema(pa.DataFrameSchema):
    """A pandera schema that looks at the values whatever frame comes.

    Pandera alone looks at nothing but the types of a LazyFrame, or of any frame where the environment asks for the schema
    only: every fault would pass. Here a LazyFrame is collected first, and comes back lazy.
    """

    @classmethod
    def get_backend(cls, check_obj: Any = None, check_type: type | None = None) -> Any:
        """Return what validates: pandera keeps it under its own class."""
        return pa.DataFrameSchema.get_backend(check_obj, check_type)

    def validate(self, check_obj: Frame, *options: Any, **named: Any) -> Frame:
        """Validate a DataFrame or LazyFrame, types and values; options as those of `pandera.polars.DataFrameSchema.validate`."""
        with config_context(validation_depth=ValidationDepth.SCHEMA_AND_DATA):
            found: Any = super().validate(check_obj.collect() if isinstance(check_obj, pl.LazyFrame) else check_obj, *options, **named)
        made: Frame = found.lazy() if isinstance(check_obj, pl.LazyFrame) else found
        return made


class _Judged(Struct):
    """The outcomes of the frame validated last, so that all checks of one validation share one run."""

    frame: weakref.ref[pl.LazyFrame] | None = None
    codes: Mapping[str, pl.Series] = field(default_factory=dict)


def to_pandera(rules: RuleSet | Sequence[Rule], table: str, *, others: Mapping[str, pl.DataFrame] | None = None, as_of: date | None = None) -> RuleSchema:
    """Return a pandera schema of one table whose checks are the active rules of that table.

    Columns are the fields of `table` by their English names, and `forms.<field>` for what a rule reads of the form's
    header; `schema.columns` lists those needed, `forms.form_type` and `forms.fiscal_year` always among them. `form` tells
    which form a row belongs to; without it a frame of `forms` holds one form a row and any other frame one form.
    Numbers are Decimal (the decimals of the column's type count as printed, up to four), or Int64 counts of 10⁻⁶ with a
    `<field>_digits` column beside them, as `checker.tables.frames` makes them; both are taken exactly. A float, and an Int64
    without digits, is a fault of the column. `unread` may name cells that cannot be read (`|score|reason|`),
    `forms.not_applicable` what the layout does not have (`|weights|`, as in `normalize`): rules that need it do not apply.

    A rule gives two checks, as pandera has no third value: `ID` fails where the rule fails, `ID:open` where it cannot be
    decided (`ID:review` where a person must). Null is never a pass. Rows outside a rule's scope pass both.
    Rules that need other tables take them from `others` (table → frame with `form`); those left without are named in
    `schema.metadata["left_out"]` with the reason. `as_of` is the day of the run, by default today in Asia/Shanghai.

    `schema.validate(frame, lazy=True)` tells every fault at once. A LazyFrame is collected and its values are looked at, where
    pandera by itself would look at types only. Raises UsageError for a table that is none, or when no rule is left.

    >>> import polars as pl
    >>> from decimal import Decimal
    >>> from pandera.errors import SchemaErrors
    >>> from checker import load_rules, to_pandera
    >>> schema = to_pandera([rule for rule in load_rules().rules if rule.id == "SCO-001"], "indicators")
    >>> row = {name: None for name in schema.columns} | {"weight": Decimal("1.00"), "score": Decimal("1.01")}
    >>> try:
    ...     schema.validate(pl.DataFrame([row]), lazy=True)
    ... except SchemaErrors as faults:
    ...     print(faults.failure_cases["check"].to_list())
    ['SCO-001']
    """
    from checker.settle.change import today

    if table not in TABLES:
        raise UsageError(f"no table {table!r}, choose one of {', '.join(TABLES)}")
    given = dict(others or {})
    active = [rule for rule in (rules.active if isinstance(rules, RuleSet) else rules) if rule.each == table and rule.expect is not None]
    missing = {rule.id: sorted(_tables(rule) - {table, "forms", *given}) for rule in active}
    mine = [rule for rule in active if not missing[rule.id]]
    if not mine:
        raise UsageError(f"no rule looks at {table} alone, choose other rules or give the other tables")
    run = _runner(mine, table, given, as_of or today())
    columns = {name: pa.Column(None, _promises(one), nullable=True) for name, one in _columns(mine, table, given).items()}
    checks = [check for rule in mine for check in _checks(rule, run)]
    left = {name: f"needs {', '.join(names)}" for name, names in missing.items() if names}
    return RuleSchema(columns, checks=checks, name=f"checker {table}", metadata={"left_out": left})


def _trees(rule: Rule) -> list[Tree]:
    return [tree for tree in (rule.when, rule.expect) if tree is not None]


def _fields(rule: Rule) -> set[tuple[str, str]]:
    pairs = {pair for tree in _trees(rule) for pair in needs(tree) if pair[0]}
    return pairs | {_ELSEWHERE[pair] for pair in pairs if pair in _ELSEWHERE}


def _tables(rule: Rule) -> set[str]:
    return {table for table, _ in _fields(rule)} | {a.table for tree in _trees(rule) for a in aggregates_of(tree.root)}


def _columns(rules: Sequence[Rule], table: str, others: Mapping[str, pl.DataFrame]) -> dict[str, Field]:
    pairs = {pair for rule in rules for pair in _fields(rule)} | {("forms", name) for name in SCOPE}
    made: dict[str, Field] = {}
    for owner in dict.fromkeys((table, "forms")):
        if owner == table or owner not in others:
            wanted = {cell for where, name in pairs if where == owner for cell in (BY_TABLE[owner][name].source or (name,))}
            for one in BY_TABLE[owner].values():
                if one.name in wanted and not one.reading:
                    made[one.name if owner == table else f"forms.{one.name}"] = one
    return made


_TYPES = {"text": "text", "count": "whole_number", "date": "date", "bool": "yes_or_no"}


def _promises(one: Field) -> list[pa.Check]:
    """Return the checks of one column: its type, and the closed list of its values where there is one."""
    choices = next(promise.choices for promise in promised(one.table, tuple(LIMITS.items())) if promise.column == one.name)
    made = [pa.Check(_typed(one), name=_TYPES.get(one.unit, "exact_number"))]
    return [*made, pa.Check.isin(choices)] if choices else made


def _typed(one: Field) -> Callable[[Any], pl.LazyFrame]:
    """Return the check of a column's type; on numbers it also refuses Int64 that does not say its digits."""

    def check(data: Any) -> pl.LazyFrame:
        sound = _readable(one, data.lazyframe.collect_schema(), data.key)
        made: pl.LazyFrame = data.lazyframe.select(pl.col(data.key).is_null() | pl.lit(sound))
        return made

    return check


def _readable(one: Field, types: Mapping[str, pl.DataType], column: str) -> bool:
    kind = types[column]
    if kind == pl.Null:
        return True
    if one.scaled:
        return isinstance(kind, pl.Decimal) or (kind == pl.Int64 and f"{column}_digits" in types)
    if one.unit == "text":
        return kind in (pl.String, pl.Categorical, pl.Enum)
    return kind.is_integer() if one.unit == "count" else kind == (pl.Date if one.unit == "date" else pl.Boolean)


def _checks(rule: Rule, run: Callable[[pl.LazyFrame], Mapping[str, pl.Series]]) -> list[pa.Check]:
    def check(bad: tuple[Outcome, ...]) -> Callable[[Any], pl.LazyFrame]:
        marks = [CODE[outcome] for outcome in bad]

        def holds(data: Any) -> pl.LazyFrame:
            return pl.LazyFrame({"holds": ~run(data.lazyframe)[rule.id].is_in(marks)})

        return holds

    zh, en = rule.title["zh"], rule.title["en"]
    made = [pa.Check(check((Outcome.FAIL, Outcome.ERROR)), name=rule.id, title=zh, description=en)]
    if rule.on_missing is not Outcome.NOT_APPLICABLE:
        word = "review" if rule.on_missing is Outcome.REVIEW else "open"
        made.append(pa.Check(check((Outcome.OPEN, Outcome.REVIEW)), name=f"{rule.id}:{word}", title=zh, description=en))
    return made


def _runner(rules: Sequence[Rule], table: str, others: Mapping[str, pl.DataFrame], as_of: date) -> Callable[[pl.LazyFrame], Mapping[str, pl.Series]]:
    """Return what gives the outcome codes of every rule on every row of a frame, in the frame's order."""
    prepared = prepare(rules)
    last = _Judged()

    def run(lazy: pl.LazyFrame) -> Mapping[str, pl.Series]:
        if last.frame is not None and last.frame() is lazy:
            return last.codes
        frame = lazy.collect()
        laid, order = _laid_out(frame, table, others)
        found, faults = codes(prepared, add(laid, prepared.needed), as_of)
        at = {place: i for i, place in enumerate(order)}
        judged = {rule.id: [CODE[Outcome.ERROR if rule.id in faults else Outcome.NOT_APPLICABLE]] * frame.height for rule in rules}
        for form, row, rule, code in found.iter_rows():
            judged[rule][at[form, row]] = code
        last.codes = {name: pl.Series(name, values, pl.UInt8) for name, values in judged.items()}
        last.frame = weakref.ref(lazy)
        return last.codes

    return run


def _laid_out(frame: pl.DataFrame, table: str, others: Mapping[str, pl.DataFrame]) -> tuple[Tables, list[tuple[int, int]]]:
    """Return the tables of a frame and the place (form, row) of each of its rows."""
    frames = {**others, table: frame}
    frames = {name: frames[name] for name in TABLES if name in frames}  # forms first: the others are held to their header
    read = {name: _rows(one, name) for name, one in frames.items()}
    keys = {name: _keys(one, name) for name, one in frames.items()}
    forms = {key: i for i, key in enumerate(dict.fromkeys(key for listed in keys.values() for key in listed))}
    rows: dict[str, list[list[Mapping[str, FieldValue]]]] = {name: [[] for _ in forms] for name in TABLES}
    places: list[dict[PlaceKey, Place]] = [{} for _ in forms]
    marks: list[set[str]] = [set() for _ in forms]
    order: list[tuple[int, int]] = []
    for name, listed in read.items():
        for key, (row, header, unread, absent) in zip(keys[name], listed, strict=True):
            i = forms[key]
            if name == "forms" or header:
                _header(rows["forms"][i], row if name == "forms" else header, name, key)
            if name != "forms":
                rows[name][i].append(row)
            marks[i].update(absent)
            places[i] |= {(name, len(rows[name][i]), cell): Place(Locator(), unread=cell) for cell in unread}
            if name == table:
                order.append((i, len(rows[name][i])))
    made = tables(
        [
            Form(str(i), Source("", "", "frame"), next(iter(rows["forms"][i]), {}), tuple(rows["budget_lines"][i]), tuple(rows["indicators"][i]), tuple(rows["indicator_groups"][i]), places[i], tuple(sorted(marks[i])))
            for i in range(len(forms))
        ]
    )
    return made.replaced({name: _unknown_digits(made.frame(name), one, name) for name, one in frames.items()}), order


def _header(known: list[Mapping[str, FieldValue]], header: Mapping[str, FieldValue], table: str, form: object) -> None:
    """Take the header of a form from one of its rows. Raises CheckerError when two rows do not agree on it."""
    if table == "forms" and known:
        raise CheckerError(f"two rows of forms for form {form!r}, give one")
    if not known:
        known.append(header)
    elif any(name in known[0] and known[0][name] != value for name, value in header.items()):
        raise CheckerError(f"the rows of form {form!r} do not agree on forms.{next(n for n, v in header.items() if known[0].get(n) != v)}")


def _keys(frame: pl.DataFrame, table: str) -> list[object]:
    if "form" in frame.columns:
        return frame["form"].to_list()
    return list(range(frame.height)) if table == "forms" else [0] * frame.height


def _rows(frame: pl.DataFrame, table: str) -> list[tuple[dict[str, FieldValue], dict[str, FieldValue], tuple[str, ...], tuple[str, ...]]]:
    """Return each row's own values, its form's values, the cells that cannot be read, and the columns its layout does not have."""
    own = {name: _values(frame, name, one) for name, one in BY_TABLE[table].items() if not one.reading and name in frame.columns}
    header = {name: _values(frame, f"forms.{name}", one) for name, one in BY_TABLE["forms"].items() if not one.reading and f"forms.{name}" in frame.columns}
    unread = _marks(frame, "unread")
    absent = _marks(frame, "not_applicable" if table == "forms" else "forms.not_applicable")
    return [
        ({name: values[i] for name, values in own.items()}, {name: values[i] for name, values in header.items()}, unread[i], absent[i])
        for i in range(frame.height)
    ]


def _marks(frame: pl.DataFrame, column: str) -> list[tuple[str, ...]]:
    if column not in frame.columns:
        return [()] * frame.height
    return [tuple(filter(None, str(listed or "").split("|"))) for listed in frame[column].to_list()]


def _values(frame: pl.DataFrame, column: str, one: Field) -> list[FieldValue]:
    if not _readable(one, frame.schema, column):
        raise CheckerError(f"{column} is {frame.schema[column]}, which holds no exact {one.unit}: cast it to Decimal, String, Int64, Date or Boolean")
    if one.scaled and f"{column}_digits" in frame.columns:
        counted = frame.schema[column] == pl.Int64
        pairs = zip(frame[column].to_list(), frame[f"{column}_digits"].to_list(), strict=True)
        return [exact(value, digits) if counted else _printed(value, digits) for value, digits in pairs]
    return frame[column].cast(pl.String).to_list() if one.unit == "text" else frame[column].to_list()


def _unknown_digits(made: pl.DataFrame, given: pl.DataFrame, table: str) -> pl.DataFrame:
    """Return the table with printed decimals unknown where the frame has room for more than are ever printed and does not say how many were."""
    wide = [
        name
        for name, one in BY_TABLE[table].items()
        if one.scaled and isinstance(kind := given.schema.get(name), pl.Decimal) and kind.scale > PRINTED and f"{name}_digits" not in given.columns
    ]
    return made.with_columns(pl.lit(None, pl.UInt8).alias(f"{name}_digits") for name in wide)


def _printed(value: Decimal | None, digits: int | None) -> Decimal | None:
    """Return a value with its printed decimals. Raises CheckerError when it has more than are said to be printed."""
    if value is None or digits is None:
        return value
    shown = value.quantize(Decimal(1).scaleb(-digits))
    if shown != value:
        raise CheckerError(f"{value} has more than the {digits} decimals said to be printed")
    return shown
