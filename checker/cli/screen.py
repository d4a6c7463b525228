"""`checker check … -q --report FILE.parquet`: many files to one table of findings, without words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from checker.exit_status import stops
from checker.fields import BATCH_TABLES
from checker.model import Outcome, Severity
from checker.wording import phrase

if TYPE_CHECKING:
    import polars as pl

    from checker.model import FormResult
    from checker.readers.limits import Limits
    from checker.rules.rule import Rule, RuleSet

SUFFIX = ".parquet"
_WORDS = {
    "zh": "{forms} 张表：退回修改 {return}，人工复核 {review}，通过 {accept}；不合格 {fail} 处（错误 {error}，警告 {warning}，提示 {note}），未判定 {open}，需人工判断 {person}；读不出的格 {unread}；无法读取 {unreadable} 个文件",
    "en": "{forms} {forms:form|forms}: return {return}, review {review}, accept {accept}; {fail} failed (error {error}, warning {warning}, note {note}), {open} undecided, {person} for a person; {unread} {unread:cell|cells} unread; {unreadable} {unreadable:file|files} unreadable",
}  # fmt: skip


def wanted(reports: Sequence[str]) -> bool:
    """Say whether tables of findings are all that is to be written."""
    return bool(reports) and all(report.lower().endswith(SUFFIX) for report in reports)


def one_by_one(rules: Iterable[Rule]) -> bool:
    """Say whether every rule looks at single forms: one over several needs all forms together, and is never left out unasked."""
    return not any(rule.each in BATCH_TABLES for rule in rules)


def run(
    paths: Sequence[str], reports: Sequence[str], ruleset: RuleSet, *, profile: str | None, as_of: date, lang: str, fail_on: str, limits: Limits | None, exclude: Sequence[str], jobs: int
) -> int:
    """Read and judge files chunk by chunk, write the table, print one line; return the exit code."""
    import polars as pl

    from checker import readers
    from checker.cli.output import say, say_fault, write_out
    from checker.cli.progress import progress_line
    from checker.faults import in_language
    from checker.model import Verdict
    from checker.processes import processors
    from checker.readers.limits import DEFAULT
    from checker.screen import TABLE, Setting, screen

    setting = Setting(ruleset.active, as_of, limits or DEFAULT, profile)
    listed = readers.listed(paths, setting.limits, exclude)
    unreadable = list(listed.unreadable)
    parts, verdicts, half, done, unread, checked = [], dict.fromkeys(Verdict, 0), list[str](), 0, 0, False
    counts = Counter[tuple[str, str]]()
    with progress_line(lang) as progress:
        for made in screen(listed.files, setting, jobs or processors()):
            parts.append(made.findings)
            counts.update(made.counts)
            unreadable += made.unreadable
            half += made.half
            done += made.files
            unread += made.unread
            checked = checked or made.checked
            for verdict in made.verdicts:
                verdicts[verdict] += 1
            progress("check", done, len(listed.files))
    found = pl.concat(parts) if parts else pl.DataFrame(schema=dict(TABLE))
    for report in reports:
        write(found, Path(report))
    for note in listed.notes:
        say(in_language(note, lang))
    for file in unreadable:
        say_fault(file.reason, lang)
    for path in half:
        say_fault(f"只有半张表 @ {path}", lang)
    told = {verdict.value: many for verdict, many in verdicts.items()} | _told(counts)
    write_out(phrase(_WORDS[lang], forms=sum(verdicts.values()), unreadable=len(unreadable), unread=unread, **told))
    if unreadable or half or not checked:
        return 3
    stopped = any(stops(Outcome(outcome), Severity(severity), fail_on) for outcome, severity in counts)
    return 1 if stopped or (fail_on == "open" and unread) else 0


def write(found: pl.DataFrame, path: Path) -> None:
    """Write a table of findings as Parquet, whole or not at all."""
    import io

    from checker.cli.output import write_file

    out = io.BytesIO()
    found.write_parquet(out)
    write_file(path, out.getvalue())


def table_of(forms: Sequence[FormResult], rules: Sequence[Rule], profile: str | None, as_of: date) -> pl.DataFrame:
    """Return the same table for forms that were checked in words."""
    from checker.readers.limits import DEFAULT
    from checker.screen import Setting, judge

    return judge([one.form for one in forms], Setting(tuple(rules), as_of, DEFAULT, profile)).findings


def _told(counts: Mapping[tuple[str, str], int]) -> dict[str, int]:
    made = {"fail": 0, "error": 0, "warning": 0, "note": 0, "open": 0, "person": 0}
    for (outcome, severity), many in counts.items():
        if outcome == "fail":
            made["fail"] += many
            made[severity] += many
        else:
            made["person" if outcome == "review" else "open"] += many
    return made
