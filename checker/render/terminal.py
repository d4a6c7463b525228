"""Findings for a terminal: grouped by form, severity and rule, aligned for Chinese, one summary line at the end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from checker.model import Finding, FormResult, Outcome, Results, RuleOutcome, Verdict
from checker.render import tally
from checker.render.arrange import Group, arranged
from checker.render.labels import joined, load
from checker.render.places import many, placed, primary, row_places
from checker.render.shown import pad, shorten, visible, width, wrapped
from checker.render.summary import unread
from checker.render.told import answer_text, names_of, settled_text
from checker.wording import phrase

_SGR = {"fault": "1;31", "error": "1;31", "warning": "33", "note": "36", "open": "35", "review": "34", "pass": "32", "dim": "2", "bold": "1"}
_VERDICTS = {Verdict.ACCEPT: "pass", Verdict.REVIEW: "warning", Verdict.RETURN: "error"}
_QUOTED = 300
"""Longest text shown of one message; the whole stands in the other formats."""


def render(results: Results, *, color: bool = False, width: int = 100, quiet: bool = False) -> str:
    """Return the run as lines for a terminal of `width` columns; no control character of a form is ever sent.

    `quiet` keeps only the line of each form (when there are several) and the summary line.
    """
    page = _Page(results.lang, color, max(width, 40))
    lines: list[str] = []
    for form in results.forms:
        if quiet:
            lines += [page.form_line(form)] if len(results.forms) > 1 else []
        else:
            lines += page.form(form)
            lines += [page.form_line(form), ""] if len(results.forms) > 1 else []
    if results.batch and not quiet:
        lines += [page.ink(page.labels["terminal"]["batch"], "bold"), *page.groups(arranged(results.batch)), ""]
    for unreadable in results.unreadable:
        said = f"{page.labels['terminal']['unreadable']} {unreadable.path}{page.labels['colon']}{unreadable.reason}"
        lines.append(page.ink(shorten(visible(said, one_line=True), _QUOTED), "error"))
    lines += [visible(note, one_line=True) for note in results.notes if not quiet]
    lines.append(page.last_line(results))
    return "\n".join(lines) + "\n"


class _Page:
    """Labels, colour and width, fixed for one rendering."""

    __slots__ = ("color", "labels", "lang", "width")

    def __init__(self, lang: str, color: bool, width: int) -> None:
        self.lang, self.color, self.width = lang, color, width
        self.labels: Mapping[str, Any] = load(lang)

    def ink(self, text: str, style: str) -> str:
        return f"\x1b[{_SGR[style]}m{text}\x1b[0m" if self.color and text else text

    def verdict(self, verdict: Verdict) -> str:
        return self.ink(self.labels["verdicts"][verdict.value], _VERDICTS[verdict])

    def name(self, form: FormResult) -> str:
        parts = [*names_of(form.form), form.form.header.get("fiscal_year")]
        named = "  ".join(shorten(visible(str(part), one_line=True), 60) for part in parts if part)
        file = shorten(visible(form.form.source.path, one_line=True), 120)
        return f"{named}  {file}" if named else file

    def form_line(self, form: FormResult) -> str:
        return f"{self.verdict(form.verdict)}{self.labels['colon']}{self.counts(form.findings, len(form.unread))}  {self.name(form)}"

    def form(self, form: FormResult) -> list[str]:
        """Return the lines of one form: name, verdict, findings by rule, rules left undecided."""
        lines = [self.ink(self.name(form), "bold"), self.ink("─" * min(self.width, 100), "dim")]
        lines += self.groups(arranged(placed(form, row_places(form.form)).findings))
        told = {f.rule for f in form.findings if f.kind in (Outcome.OPEN, Outcome.ERROR)}
        silent = [rule for rule in form.rules if rule.outcome in (Outcome.OPEN, Outcome.ERROR) and rule.rule not in told]
        lines += self.undecided(silent)
        if form.unread:
            lines += [*(self.ink(text, "open") for text in self.fold(unread(form, self.labels), 0)), ""]
        return lines

    def groups(self, groups: tuple[Group, ...]) -> list[str]:
        """Return the groups in order: what failed or needs a person, what is undecided, what was accepted."""
        undecided = [group for group in groups if group.status == "open" and not group.accepted]
        lines = [line for group in groups if group.status != "open" and not group.accepted for line in self.group(group)]
        lines += self.open_findings(undecided)
        return lines + [line for group in groups if group.accepted for line in self.group(group)]

    def group(self, group: Group) -> list[str]:
        status, said = self.labels["statuses"][group.status], self.labels["terminal"]
        tail = f"  {said['places'].format(n=sum(len(primary(item.finding)) for item in group.items))}"
        if group.first.heuristic:
            tail += f"  {said['heuristic']}"
        title = shorten(visible(group.title, one_line=True), 100)
        lines = [f"{self.ink(status['name'], group.status)}  {visible(group.rule)}  {self.ink(title, 'bold')}{self.ink(tail, 'dim')}"]
        wheres = [self.where(item.finding) for item in group.items]
        column = min(max(map(width, wheres)), self.width // 3)
        for item, where in zip(group.items, wheres, strict=True):
            lines += self.finding(item.finding, where, column)
        if group.first.advice and not group.accepted:
            lines += self.block(f"{said['advice']}  ", group.first.advice, "dim")
        return [*lines, ""]

    def open_findings(self, groups: list[Group]) -> list[str]:
        """Return what is undecided, a line or two each: rule, place, what is missing. What several lack is said once."""
        if not groups:
            return []
        items = [(group, item) for group in groups for item in group.items]
        lines = [f"{self.ink(self.labels['statuses']['open']['name'], 'open')}  {self.ink(self.labels['terminal']['places'].format(n=len(items)), 'dim')}"]
        last = ""
        for group, item in items:
            head = f"{group.rule}  {shorten(group.title, 60)}  {self.where(item.finding)}"
            lines += [("   " if n == 0 else " " * 12) + text for n, text in enumerate(self.fold(head, 12))]
            reason = " ".join(part for part in (item.finding.message, item.finding.arithmetic, answer_text(item.finding, self.lang)) if part)
            if reason != last:
                lines += [" " * 12 + self.ink(text, "dim") for text in self.fold(reason, 12)]
            last = reason
        return [*lines, ""]

    def where(self, finding: Finding) -> str:
        return shorten(visible(many(self.labels, primary(finding)), one_line=True), 60) or self.labels["places"]["whole"]

    def finding(self, finding: Finding, where: str, column: int) -> list[str]:
        """Return message and arithmetic of one finding, hung behind its place."""
        if width(where) > column:
            lines = [f"   {self.ink(where, 'dim')}"]
            lead = " " * (column + 5)
        else:
            lines = []
            lead = f"   {self.ink(pad(where, column), 'dim')}  "
        blank = " " * (column + 5)
        message = finding.message
        for text in self.fold(message, column + 5):
            lines.append(lead + text)
            lead = blank
        if finding.arithmetic:
            lines += [blank + self.ink(text, "dim") for text in self.fold(finding.arithmetic, column + 5)]
        elif finding.expected and finding.expected not in finding.message:
            said = self.labels["terminal"]
            pair = f"{said['reported']} {finding.reported or said['blank']}  {said['expected']} {finding.expected}"
            lines += [blank + self.ink(text, "dim") for text in self.fold(pair, column + 5)]
        for said in filter(None, (settled_text(finding, self.lang), answer_text(finding, self.lang))):
            lines += [blank + text for text in self.fold(said, column + 5)]
        return lines

    def fold(self, text: str, used: int) -> list[str]:
        return wrapped(shorten(visible(text, one_line=True), _QUOTED), max(self.width - used, 20))

    def block(self, head: str, text: str, style: str) -> list[str]:
        folded = self.fold(text, width(head) + 3)
        return [self.ink(f"   {head if n == 0 else ' ' * width(head)}{line}", style) for n, line in enumerate(folded)]

    def undecided(self, rules: list[RuleOutcome]) -> list[str]:
        if not rules:
            return []
        mark = self.labels["statuses"]["open"]
        lines = [self.ink(f"{mark['mark']} {self.labels['terminal']['reasons']}", "open")]
        for rule in rules:
            lines += self.block(f"{visible(rule.rule)}  ", rule.reason or self.labels["statuses"]["open"]["name"], "dim")
        return [*lines, ""]

    def counts(self, findings: tuple[Finding, ...], unread: int) -> str:
        """Return the counts by severity and special outcome, zero severities included, and of unread cells."""
        said, names = self.labels["terminal"], self.labels["statuses"]
        numbers = tally.severities(findings)
        text = said["findings"].format(
            **numbers, error_name=names["error"]["name"], warning_name=names["warning"]["name"], note_name=names["note"]["name"]
        )
        special = [
            said[key].format(n=n)
            for key, kind in (("open", Outcome.OPEN), ("review", Outcome.REVIEW), ("fault", Outcome.ERROR))
            if (n := sum(f.kind is kind and tally.counts(f) for f in findings))
        ]
        rest = [said[key].format(n=n) for key, n in (("unread", unread), ("accepted", tally.accepted(findings))) if n]
        return joined({"list_mark": self.labels["join_mark"]}, [text, *special, *rest])

    def last_line(self, results: Results) -> str:
        """Return the line a script's user reads: verdict, findings, files unread, rules by outcome."""
        said, names = self.labels["terminal"], self.labels["verdicts"]
        worst = tally.verdict(results)
        parts = [self.counts(tuple(tally.findings_of(results)), tally.unread_cells(results.forms))] if results.forms else []
        if len(results.forms) > 1:
            by = {verdict: sum(form.verdict is verdict for form in results.forms) for verdict in Verdict}
            verdicts = joined(self.labels, [f"{names[v.value]} {n}" for v, n in by.items() if n])
            parts.insert(0, phrase(said["forms"], n=len(results.forms), verdicts=verdicts))
        if results.unreadable:
            parts.append(said["unread_files"].format(n=len(results.unreadable)))
        if results.forms:
            parts.append(said["rules"].format(**tally.outcomes(results.forms)))
        head = self.ink(self.labels["verdict_none"], "error") if worst is None else self.verdict(worst)
        return f"{head}{self.labels['colon']}{self.labels['join_mark'].join(parts)}" if parts else head
