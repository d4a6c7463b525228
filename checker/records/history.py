"""Questions about many runs, answered from the run record with Polars.

Named questions instead of SQL: the people who ask are auditors. Whoever wants SQL exports the
tables as Parquet and opens them with DuckDB or a spreadsheet. A form that was checked many times counts once,
with its last run, so that ten tries at one form don't look like ten faults.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from checker.errors import UsageError

if TYPE_CHECKING:
    import polars as pl

Entry = Mapping[str, Any]

TABLES = ("runs", "forms", "rules")


def frames(entries: Iterable[Entry]) -> dict[str, pl.DataFrame]:
    """Return the record as three tables: `runs`, `forms` (a row a form and run) and `rules` (a row a form, run and failed rule)."""
    import polars as pl

    runs: list[dict[str, object]] = []
    forms: list[dict[str, object]] = []
    rules: list[dict[str, object]] = []
    for item in entries:
        run = {"run": item["number"], "when": item["when"], "day": date.fromisoformat(item["when"][:10])}
        counted: list[Mapping[str, Any]] = item["forms"]
        total = {name: sum(int(form[name]) for form in counted) for name in ("error", "warning", "note")}
        runs.append({**run, "who": item["who"], "checker": item["checker"], "ruleset": item["ruleset"]["version"], "digest": item["ruleset"]["digest"], "as_of": item["as_of"], "exit_code": item["exit_code"], "forms": len(counted), "unreadable": len(item["unreadable"]), **total})
        for form in counted:
            about = {**run, **{key: form[key] for key in ("form_id", "unit", "project", "year", "type")}}
            forms.append({**about, **{key: form[key] for key in ("verdict", "error", "warning", "note", "accepted")}})
            for rule, places in form["failed"].items():
                rules.append({**about, "rule": rule, "title": item["rules"].get(rule, {}).get("title", ""), "places": places})
    text, number = pl.String, pl.Int64
    base = {"run": number, "when": text, "day": pl.Date}
    about_types = {**base, "form_id": text, "unit": text, "project": text, "year": number, "type": text}
    return {
        "runs": pl.DataFrame(runs, {**base, "who": text, "checker": text, "ruleset": text, "digest": text, "as_of": text, "exit_code": number, "forms": number, "unreadable": number, "error": number, "warning": number, "note": number}),
        "forms": pl.DataFrame(forms, {**about_types, "verdict": text, "error": number, "warning": number, "note": number, "accepted": number}),
        "rules": pl.DataFrame(rules, {**about_types, "rule": text, "title": text, "places": number}),
    }  # fmt: skip


def last_runs(tables: Mapping[str, pl.DataFrame], since: date | None) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the forms as last checked, since a day, and the rules that failed on them then."""
    import polars as pl

    forms = tables["forms"] if since is None else tables["forms"].filter(pl.col("day") >= since)
    last = forms.filter(pl.col("run") == pl.col("run").max().over("form_id")).unique(["run", "form_id"], maintain_order=True)
    return last, tables["rules"].join(last.select("run", "form_id"), on=["run", "form_id"], how="semi")


def rules(tables: Mapping[str, pl.DataFrame], since: date | None = None) -> pl.DataFrame:
    """Which rule failed most: forms, places and units by rule, the most forms first."""
    import polars as pl

    forms, failed = last_runs(tables, since)
    return (
        failed.group_by("rule")
        .agg(pl.col("title").last(), forms=pl.len(), places=pl.col("places").sum(), units=pl.col("unit").n_unique())
        .with_columns(of_forms=pl.lit(forms.height, pl.Int64))
        .sort(["forms", "places", "rule"], descending=[True, True, False])
    )


def units(tables: Mapping[str, pl.DataFrame], since: date | None = None) -> pl.DataFrame:
    """Which unit has the most errors: forms, returned ones, errors and warnings by unit, the most errors first."""
    import polars as pl

    forms, _ = last_runs(tables, since)
    return (
        forms.group_by("unit")
        .agg(forms=pl.len(), returned=(pl.col("verdict") == "return").sum(), error=pl.col("error").sum(), warning=pl.col("warning").sum())
        .sort(["error", "warning", "unit"], descending=[True, True, False])
    )


def repeats(tables: Mapping[str, pl.DataFrame], since: date | None = None) -> pl.DataFrame:
    """Which unit fails the same rule in more than one fiscal year: the years by unit and rule, the most years first."""
    import polars as pl

    _, failed = last_runs(tables, since)
    return (
        failed.drop_nulls("year")
        .group_by("unit", "rule")
        .agg(pl.col("title").last(), years=pl.col("year").n_unique(), which=pl.col("year").unique().sort().cast(pl.String).str.join(" "), places=pl.col("places").sum())
        .filter(pl.col("years") > 1)
        .sort(["years", "places", "unit", "rule"], descending=[True, True, False, False])
    )


def tries(tables: Mapping[str, pl.DataFrame], since: date | None = None) -> pl.DataFrame:
    """How often each form was checked until it stood as it stands: runs, first and last verdict by form."""
    import polars as pl

    forms = tables["forms"] if since is None else tables["forms"].filter(pl.col("day") >= since)
    return (
        forms.sort("run")
        .group_by("form_id", maintain_order=True)
        .agg(pl.col("unit").last(), runs=pl.col("run").n_unique(), first=pl.col("verdict").first(), last=pl.col("verdict").last(), error=pl.col("error").last())
        .sort(["runs", "form_id"], descending=[True, False])
    )


QUESTIONS: dict[str, Callable[[Mapping[str, pl.DataFrame], date | None], pl.DataFrame]] = {"rules": rules, "units": units, "repeats": repeats, "tries": tries}


def ask(question: str, entries: Iterable[Entry], since: date | None = None) -> pl.DataFrame:
    """Answer one of `QUESTIONS` from records. Raises UsageError for another."""
    if question not in QUESTIONS:
        raise UsageError(f"no question {question!r}, ask one of {', '.join(QUESTIONS)}")
    return QUESTIONS[question](frames(entries), since)


def years_before(day: date, years: int) -> date:
    """Return the same day some years earlier; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


_HEADINGS = {
    "rule": "规则", "title": "名称", "forms": "表数", "places": "处数", "units": "单位数", "of_forms": "审核表数", "unit": "单位", "returned": "退回", "error": "错误",
    "warning": "警告", "years": "年数", "which": "年度", "form_id": "表", "runs": "次数", "first": "首次结论", "last": "末次结论",
}  # fmt: skip
"""Columns of the answers in Chinese; in files they keep their names."""

_VERDICTS = ("first", "last")


def table(frame: pl.DataFrame, lang: str = "zh") -> str:
    """Return an answer as aligned text: numbers right, East Asian characters two columns wide."""
    from checker.model import Verdict
    from checker.render.shown import visible, width
    from checker.render.told import verdict_name

    def said(name: str, value: object) -> str:
        if name in _VERDICTS:
            return verdict_name(Verdict(str(value)), lang)
        return "" if value is None else visible(str(value), one_line=True)

    heads = [_HEADINGS.get(name, name) if lang == "zh" else name for name in frame.columns]
    rows = [heads, *([said(name, value) for name, value in zip(frame.columns, row, strict=True)] for row in frame.iter_rows())]
    numeric = [dtype.is_numeric() for dtype in frame.dtypes]
    widths = [max(width(row[n]) for row in rows) for n in range(len(frame.columns))]
    lines = []
    for row in rows:
        cells = [" " * (widths[n] - width(cell)) + cell if numeric[n] else cell + " " * (widths[n] - width(cell)) for n, cell in enumerate(row)]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines) + "\n"


def parquet(entries: Iterable[Entry], name: str) -> bytes:
    """Return one of `TABLES` as a Parquet file. Raises UsageError for another name."""
    import io

    if name not in TABLES:
        raise UsageError(f"no table {name!r}, take one of {', '.join(TABLES)}")
    out = io.BytesIO()
    frames(entries)[name].write_parquet(out)
    return out.getvalue()
