"""A comparison of two runs as text for a terminal, as Markdown and as one HTML page without script."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator

from checker.diff import BESIDE, STATES, Comparison, Difference, Pair, Past, Run, Spot
from checker.model import Location, Locator, Verdict
from checker.render.labels import LANGUAGES, field_name, load
from checker.render.markdown import quoted
from checker.render.shown import visible
from checker.render.told import cut, one_line, place, status_name, verdict_name
from checker.wording import phrase

MAX_ROWS = 2_000
"""Differences listed on a page; the counts are of all."""

MAX_TEXT = 400

WORDS = {
    "zh": {
        "title": "两次审核对照", "old": "上次", "new": "本次", "as_of": "审核基准日", "file": "文件", "verdict": "建议", "form": "表", "finding": "问题", "place": "位置", "message": "说明",
        "changes": "变化", "answer": "单位答复", "state": "状况", "level": "级别", "none": "两次都没有问题。", "first": "首次提交，上次没有这份表", "missing": "本次没有提交", "unreadable": "本次读不出",
        "rules": "两次所用规则集不同：新增的问题可能来自新规则。", "renamed": "表的编号已变，问题按规则和位置对应。", "new_rule": "新规则", "more": "另有 {n} 条未列出。", "batch": "整批", "count": "条数",
        "new_": "新增", "reopened": "再次出现", "still": "仍未改正", "accepted": "已接受", "fixed": "已改正", "unknown": "无法判断", "answered": "其中已答复", "changed": "其中数值有变", "only_new": "首次提交的表里", "only_old": "未再提交的表里", "digest": "所依据的数值", "lang": "问题的文字照运行时的语言引用（上次为{old}，本次为{new}）。", "zh": "中文", "en": "英文", "said": "{label}：{text}", "aside": "（{text}）", "arrow": "改为", "blank": "（空）",
    },
    "en": {
        "title": "Two runs compared", "old": "earlier", "new": "later", "as_of": "as of", "file": "file", "verdict": "verdict", "form": "form", "finding": "finding", "place": "place", "message": "message",
        "changes": "changes", "answer": "answer", "state": "state", "level": "level", "none": "No findings in either run.", "first": "first submission, not in the earlier run", "missing": "not in the later run", "unreadable": "not read in the later run",
        "rules": "The runs used different rule sets: new findings may come from new rules.", "renamed": "The form's id differs, findings are matched by rule and place.", "new_rule": "new rule", "more": "{n} more {n:is|are} not listed.", "batch": "batch", "count": "number",
        "new_": "new", "reopened": "reopened", "still": "still open", "accepted": "accepted", "fixed": "fixed", "unknown": "not decided", "answered": "of these answered", "changed": "of these with changed values", "only_new": "in forms handed in first", "only_old": "in forms not handed in again", "digest": "values it rests on", "lang": "Findings are quoted in the language of their run (earlier: {old}, later: {new}).", "zh": "Chinese", "en": "English", "said": "{label}: {text}", "aside": " ({text})", "arrow": "now", "blank": "(blank)",
    },
}  # fmt: skip

_COLOUR = {"new": "31", "reopened": "31", "still": "33", "accepted": "36", "fixed": "32", "unknown": "35"}
_MARK = {"new": "+", "reopened": "!", "still": "=", "accepted": "~", "fixed": "✓", "unknown": "?"}


def _words(comparison: Comparison, lang: str | None) -> tuple[dict[str, str], str]:
    chosen = lang if lang in LANGUAGES else comparison.new.lang
    return WORDS[chosen], chosen


def state_name(state: str, lang: str) -> str:
    """Return a state as a person says it: 仍未改正."""
    return WORDS[lang]["new_" if state == "new" else state]


def level(past: Past, lang: str) -> str:
    """Return how a finding is marked: its severity when it failed, else its outcome."""
    word = past.severity if past.kind == "fail" else "engine" if past.kind == "error" else past.kind
    known = ("error", "warning", "note", "open", "review", "engine")
    return status_name(word, lang) if word in known else visible(word)


def place_of(past: Past, lang: str) -> str:
    """Return the first place of a finding in words."""
    at = next((spot for spot in past.spots if spot.role == "primary"), None)
    return "" if at is None else one_line(place(_location(at), lang), 120)


def _location(at: Spot) -> Location:
    return Location(at.role, at.table, at.row, at.field, at.text, Locator(sheet=at.sheet, cell=at.cell, page=at.page, line=at.line))


def changes(item: Difference, lang: str) -> list[str]:
    """Return what changed in words: `得分：0.80 改为 0.90`."""
    words, labels = WORDS[lang], load(lang)
    said = []
    for what, before, after in item.changes:
        table, _, name = what.rpartition(".")
        known = {"reported": "reported", "expected": "expected"}
        if table:
            label = field_name(labels, table, name)
        elif what in known:
            label = str(labels["terminal"][known[what]])
        elif what in ("kind", "severity"):
            label = words["state"] if what == "kind" else words["level"]
            before, after = (status_name({"error": "engine"}.get(v, v) if what == "kind" else v, lang) for v in (before, after))
        elif what == "value_digest":
            said.append(words["digest"])
            continue
        else:
            label = {"zh": "算式", "en": "arithmetic"}[lang]
        said.append(f"{label}{'：' if lang == 'zh' else ': '}{one_line(before, MAX_TEXT) or words['blank']} {words['arrow']} {one_line(after, MAX_TEXT) or words['blank']}")
    return said


def answer(item: Difference) -> str:
    """Return the unit's answer on one line."""
    return one_line(" · ".join(value for value in item.answer.values() if value), MAX_TEXT)


def heading(pair: Pair, lang: str) -> str:
    """Return how a person calls the form of a pair."""
    return WORDS[lang]["batch"] if pair.sheet.kind == "batch" else one_line(pair.sheet.name, 200)


def remarks(pair: Pair, comparison: Comparison, lang: str) -> list[str]:
    """Return what is to be said of a pair as a whole."""
    words = WORDS[lang]
    if pair.before is None and pair.sheet.kind != "batch":
        return [words["first"]]
    if pair.after is None:
        gone = [reason for path, reason in comparison.new.unreadable if pair.before and path == pair.before.path]
        return [words["said"].format(label=words["unreadable"], text=one_line(gone[0], MAX_TEXT)) if gone else words["missing"]]
    return [words["renamed"]] if pair.renamed else []


def verdicts(pair: Pair, lang: str) -> str:
    """Return both verdicts: `退回修改 → 通过`."""
    known = set(Verdict)
    said = [verdict_name(Verdict(sheet.verdict), lang) if sheet and sheet.verdict in known else "—" for sheet in (pair.before, pair.after)]
    return said[1] if said[0] == said[1] else " → ".join(said)


def terminal(comparison: Comparison, lang: str | None = None, *, color: bool = False) -> str:
    """Return the comparison for a terminal: counts first, then form by form, heaviest state first."""
    words, lang = _words(comparison, lang)

    def paint(text: str, state: str) -> str:
        return f"\x1b[{_COLOUR[state]}m{text}\x1b[0m" if color else text

    lines = [f"{words['title']}  {_run(comparison.old, words['old'], words)}  {_run(comparison.new, words['new'], words)}", _counted(comparison, lang)]
    lines += notes(comparison, lang)
    for pair, listed, left in _pages(comparison):
        lines += ["", f"{heading(pair, lang)}  [{verdicts(pair, lang)}]", *(f"  {line}" for line in remarks(pair, comparison, lang))]
        for item in listed:
            found = item.shown
            mark = paint(f"{_MARK[item.state]} {state_name(item.state, lang)}", item.state)
            lines.append(f"  {mark}  {level(found, lang)}  {one_line(found.rule, 40)}  {place_of(found, lang)}  {one_line(found.message, MAX_TEXT)}{_new(item, words)}")
            lines += [f"      {line}" for line in changes(item, lang)]
            if item.answer:
                lines.append(f"      {words['said'].format(label=words['answer'], text=answer(item))}")
        if left:
            lines.append(f"  {phrase(words['more'], n=left)}")
    if not any(pair.differences for pair in comparison.pairs):
        lines += ["", words["none"]]
    return "\n".join(lines) + "\n"


def notes(comparison: Comparison, lang: str) -> list[str]:
    """Return what is to be said of the two runs: other rules, and whose words are quoted in another language."""
    words, old, new = WORDS[lang], comparison.old, comparison.new
    said = [words["rules"]] if old.ruleset != new.ruleset else []
    return [*said, words["lang"].format(old=words[old.lang], new=words[new.lang])] if {old.lang, new.lang} != {lang} else said


def _new(item: Difference, words: dict[str, str]) -> str:
    return f" [{words['new_rule']}]" if item.new_rule else ""


def _run(run: Run, label: str, words: dict[str, str]) -> str:
    when = words["aside"].format(text=f"{words['as_of']} {one_line(run.as_of, 20)}")
    return words["said"].format(label=label, text=one_line(run.path, 120) + when)


def _counted(comparison: Comparison, lang: str) -> str:
    counts = comparison.counts
    return " · ".join(f"{state_name(state, lang)} {counts[state]}" for state in (*STATES, *BESIDE))


def _pages(comparison: Comparison) -> Iterator[tuple[Pair, tuple[Difference, ...], int]]:
    """Yield each pair with the differences there is room for, and how many were left out."""
    room = MAX_ROWS
    for pair in comparison.pairs:
        listed = pair.differences[: max(room, 0)]
        room -= len(listed)
        yield pair, listed, len(pair.differences) - len(listed)


def markdown(comparison: Comparison, lang: str | None = None) -> str:
    """Return the comparison as Markdown; texts of forms are escaped."""
    words, lang = _words(comparison, lang)
    counts = comparison.counts
    states = (*STATES, *BESIDE)
    lines = [
        f"## {words['title']}", "",
        " · ".join(
            words["said"].format(label=words[name], text=quoted(run.path, 120) + words["aside"].format(text=quoted(run.as_of, 20)))
            for name, run in (("old", comparison.old), ("new", comparison.new))
        ), "",
        f"| {' | '.join(state_name(state, lang) for state in states)} |", f"|{'---:|' * len(states)}", f"| {' | '.join(str(counts[state]) for state in states)} |",
    ]  # fmt: skip
    for note in notes(comparison, lang):
        lines += ["", note]
    for pair, listed, left in _pages(comparison):
        lines += ["", f"### {quoted(heading(pair, lang), 200)}{words['aside'].format(text=verdicts(pair, lang))}", *(f"\n{quoted(line)}" for line in remarks(pair, comparison, lang))]
        if listed:
            lines += ["", f"| {words['state']} | {words['level']} | {words['finding']} | {words['place']} | {words['message']} | {words['changes']} | {words['answer']} |", f"|{'---|' * 7}"]
        for item in listed:
            found = item.shown
            changed = "<br>".join(quoted(line, 2 * MAX_TEXT) for line in changes(item, lang))
            cells = (state_name(item.state, lang) + _new(item, words), level(found, lang), quoted(found.rule, 40), quoted(place_of(found, lang)), quoted(found.message), changed, quoted(answer(item)))
            lines.append(f"| {' | '.join(cells)} |")
        if left:
            lines += ["", phrase(words["more"], n=left)]
    return "\n".join(lines) + "\n"


def html(comparison: Comparison, lang: str | None = None) -> str:
    """Return the comparison as one HTML page: no script, no network, its style allowed by digest."""
    from checker.render.templates import environment
    from checker.resources import template_dir

    words, lang = _words(comparison, lang)
    css = (template_dir() / "diff.css").read_text(encoding="utf-8").strip() + "\n"
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode("ascii")
    counts = comparison.counts
    pages = [
        {
            "name": heading(pair, lang), "verdicts": verdicts(pair, lang), "remarks": remarks(pair, comparison, lang), "left": left,
            "rows": [
                {
                    "state": item.state, "word": state_name(item.state, lang), "mark": _MARK[item.state], "level": level(item.shown, lang), "rule": one_line(item.shown.rule, 40),
                    "title": cut(item.shown.title, MAX_TEXT), "place": place_of(item.shown, lang), "message": cut(item.shown.message, MAX_TEXT), "changes": changes(item, lang), "answer": answer(item), "new_rule": item.new_rule,
                }
                for item in listed
            ],
        }
        for pair, listed, left in _pages(comparison)
    ]  # fmt: skip
    from markupsafe import Markup

    return environment().get_template("diff.html.j2").render(
        W=words, lang="zh-CN" if lang == "zh" else "en", css=Markup(css), css_hash=f"'sha256-{digest}'", pages=pages, old=comparison.old, new=comparison.new,
        counts=[(state, state_name(state, lang), counts[state]) for state in (*STATES, *BESIDE)], notes=notes(comparison, lang),
    )  # fmt: skip
