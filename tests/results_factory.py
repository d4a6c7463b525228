"""Results values made by hand for the tests of outputs: the seed form, hostile data, and batches.

The engine is not needed here: what outputs promise must hold for any `Results`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

from msgspec.structs import replace

from checker.model import (
    FieldValue,
    Finding,
    Form,
    FormResult,
    Location,
    Locator,
    Outcome,
    Place,
    Results,
    RuleInfo,
    RuleOutcome,
    RulesetInfo,
    Severity,
    Source,
    Step,
    Unreadable,
    Verdict,
)

SEED_FILE = "minhang_dpf_2023.txt"
SEED_PATH = Path(__file__).parents[1] / "sample_forms" / SEED_FILE


def _seed_rows() -> tuple[tuple[object, ...], ...]:
    lines = Path(__file__).with_name("seed_rows.tsv").read_text(encoding="utf-8").splitlines()[1:]
    rows = [line.split("\t") for line in lines]
    return tuple((int(row[0]), *(cell or None for cell in row[1:])) for row in rows)


SEED_ROWS = _seed_rows()
"""The 58 indicator rows after repair: line, level 1, its weight, level 2, name, target, actual, weight, score, reason."""

COLUMNS = ("level1", "level1_weight", "level2", "name", "target", "actual", "weight", "score", "reason")
NUMBERS = {"level1_weight", "weight", "score"}

HOSTILE = (
    "<script>alert(1)</script>",
    "</style><style>*{display:none}",
    "{{ 7*7 }}{% for x in y %}",
    "\u202egnp.exe\u2066",
    "\x1b[31mred\x1b]0;title\x07",
    '=HYPERLINK("http://example.invalid","x")',
    "\" onmouseover=\"alert(1)\" x='",
    "a\x00b\x85c\u2028d\u200be\ufeff",
    "::error file=a::b%0A",
    "| a | b |\n- [x](javascript:alert(1))",
    "\ud800 lone",
)


def place(line: int, column: int, text: str, unread: str | None = None) -> Place:
    return Place(Locator(SEED_FILE, line=line, column=column), text, unread)


def indicator_rows(rows: Iterable[tuple[object, ...]]) -> tuple[list[dict[str, FieldValue]], dict[tuple[str, int, str], Place]]:
    filled: list[dict[str, FieldValue]] = []
    places: dict[tuple[str, int, str], Place] = {}
    for number, (line, *cells) in enumerate(rows, 1):
        row: dict[str, FieldValue] = {}
        for column, (name, text) in enumerate(zip(COLUMNS, cells, strict=True), 1):
            unread = "the row has 10 cells, its score is not among them" if line == 27 and name == "score" else None
            places["indicators", number, name] = place(int(str(line)), column, "" if text is None else str(text), unread)
            if text is not None:
                row[name] = Decimal(str(text)) if name in NUMBERS else str(text)
        filled.append(row)
    return filled, places


def seed_form() -> Form:
    indicators, places = indicator_rows(SEED_ROWS)
    text = SEED_PATH.read_text(encoding="utf-8").split("\n")[14].split("\t")
    goals = {"goal_planned": text[1], "goal_actual": text[3]}
    header: dict[str, FieldValue] = {
        "form_type": "department",
        "layout": "department_budget",
        "title": "部门(单位)整体支出绩效自评表",
        "fiscal_year": 2023,
        "unit_name": "上海市闵行区残疾人联合会(汇总)",
        "subordinate_units": 2,
        "amount_unit": "元",
        "total_weight": Decimal("100"),
        "total_score": Decimal("98.75"),
        **{name: goal.replace("<p>", "").replace("</p>", "").strip() for name, goal in goals.items()},
    }
    for name, line, column in (("title", 3, 1), ("fiscal_year", 5, 1), ("unit_name", 7, 2), ("subordinate_units", 7, 5)):
        places["forms", 1, name] = place(line, column, str(header[name]))
    for (name, goal), column in zip(goals.items(), (2, 4), strict=True):
        places["forms", 1, name] = place(15, column, goal)
    places["forms", 1, "total_weight"] = place(79, 9, "100")
    places["forms", 1, "total_score"] = place(79, 10, "98.75")
    budget: list[dict[str, FieldValue]] = []
    for number, (label, role, planned, executed, rate) in enumerate(
        (
            ("财政拨款", "source", "57157686.73", "56690686.28", "99.18"),
            ("其他资金", "source", "0.00", "0.00", "0.00"),
            ("基本支出", "structure", "9597603.49", "9391037.56", "97.84"),
            ("项目支出", "structure", "47560083.24", "47299648.72", "99.45"),
        ),
        1,
    ):
        budget.append({"label": label, "role": role, "budget": Decimal(planned), "executed": Decimal(executed), "rate": Decimal(rate)})
        for column, name in enumerate(("label", "budget", "executed", "rate"), 2):
            value = budget[-1][name]
            places["budget_lines", number, name] = place(number + 8, column, f"{value:,}" if isinstance(value, Decimal) else str(value))
    groups: list[dict[str, FieldValue]] = []
    for level1, weight, level2 in (
        ("投入管理指标", "30", None),
        ("产出指标", "25", None),
        ("产出指标", "12.00", "数量指标"),
        ("产出指标", "7.00", "质量指标"),
        ("产出指标", "6.00", "时效指标"),
        ("效益指标", "35", None),
        ("满意度指标", "10", None),
    ):
        group: dict[str, FieldValue] = {"level": 1 if level2 is None else 2, "level1": level1, "weight": Decimal(weight)}
        if level2 is not None:
            group["level2"] = level2
        groups.append(group)
    return Form(
        form_id="minhang_dpf_2023",
        source=Source(SEED_FILE, hashlib.sha256(SEED_PATH.read_bytes()).hexdigest(), "txt", SEED_PATH.stat().st_size, "utf-8"),
        header=header,
        budget_lines=tuple(budget),
        indicators=tuple(indicators),
        indicator_groups=tuple(groups),
        places=places,
        not_applicable=("initial",),
        repairs=("第 28 行：左移 3 格的内容已归位", "第 39 行：右移 1 格的内容已归位"),
        unread=("第 27 行 得分：本行只有 10 格，得分格不在其中",),
    )


def row_of(line: int) -> int:
    return next(n for n, row in enumerate(SEED_ROWS, 1) if row[0] == line)


def location(form: Form, table: str, row: int, field: str, role: str = "primary") -> Location:
    found = form.places.get((table, row, field))
    if found is None:
        return Location(role, table, row, field, "", Locator(form.source.path))
    return Location(role, table, row, field, found.text, found.locator)


def finding(
    form: Form,
    rule: RuleInfo,
    rows: Iterable[int],
    field: str,
    message: str,
    *,
    table: str = "indicators",
    related: Iterable[tuple[str, int, str]] = (),
    kind: Outcome = Outcome.FAIL,
    **more: object,
) -> Finding:
    primary = tuple(location(form, table, row, field) for row in rows)
    others = tuple(location(form, *cell, role="related") for cell in related)
    identity = "|".join((rule.id, form.form_id, table, *(str(at.row) for at in primary), field))
    return Finding(
        fingerprint=hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()[:16],
        rule=rule.id,
        severity=rule.severity,
        kind=kind,
        title=rule.title,
        message=message,
        locations=primary + others,
        basis=rule.basis,
        advice=rule.advice or None,
        heuristic=rule.kind == "heuristic",
        **more,  # type: ignore[arg-type]
    )


def rule(id: str, title: str, severity: Severity = Severity.ERROR, kind: str = "deterministic", advice: str = "", basis: str = "", sentence: str = "") -> RuleInfo:
    return RuleInfo(id, 1, title, severity, kind, id.split("-")[0], sentence, (basis,) if basis else (), advice)


E, W, N = Severity.ERROR, Severity.WARNING, Severity.NOTE
GUIDE = "参照《项目支出绩效评价管理办法》（财预〔2020〕10号）（条款待核）"

RULES = {
    r.id: r
    for r in (
        rule("ACH-005", "未完成年度指标值，却填“达成指标”", E, advice="“全年完成值”改填实际数值，并保留偏差说明。", basis=GUIDE, sentence="完成值是“达成指标”时，原因里写的实际数不得少于指标值。"),
        rule("DED-001", "扣分应说明原因", E, advice="补充偏差原因及改进措施。", basis=GUIDE, sentence="得分低于分值时，偏差原因不得为空。"),
        rule("SCO-002", "自评总分等于各项得分之和", E, advice="补报读不到的得分。", basis=GUIDE),
        rule("ACH-001", "得分与完成比例不符", W, advice="按完成比例计分，或说明计分办法。", basis=GUIDE),
        rule("ACH-006", "“全年完成值”未填实际数值", W, advice="改填实际完成的数量、比例或日期。", basis=GUIDE),
        rule("ACH-007", "完成值远高于指标值，未分析原因", W, advice="补充上年实际数，说明指标值如何确定。", basis=GUIDE),
        rule("NAR-001", "同一事项前后数字不一", W, "heuristic", advice="核对原始记录，两处改成一致。"),
        rule("TIM-003", "时效指标没有完成日期", W, advice="写明完成日期。"),
        rule("BUD-002", "执行率与执行数、预算数不符", N, advice="统一四舍五入到两位小数。"),
        rule("STR-009", "文字疑似被截断", N, advice="核对是否超出系统字数。"),
        rule("STR-010", "残留网页标记", N, advice="删去标记后重新导出。"),
        rule("TGT-008", "满意度指标应有调查依据", W, "heuristic", advice="附问卷份数、回收率和结果。"),
        rule("BUD-001", "资金来源合计等于资金结构合计", E),
        rule("WGT-001", "指标分值合计为 100", E),
        rule("WGT-002", "一级指标分值等于所属指标分值之和", E),
        rule("SCO-001", "得分不超过分值", E),
        rule("BAT-001", "下属单位个数与收到的表数一致", W),
        rule("CST-001", "项目支出应有成本指标", W),
    )
}


def seed_findings(form: Form) -> tuple[Finding, ...]:
    def on(id: str, line: int, field: str, message: str, **more: object) -> Finding:
        return finding(form, RULES[id], [row_of(line)], field, message, **more)  # type: ignore[arg-type]

    found: list[Finding] = []
    for line, done, aim, shown in ((28, 3037, 3133, "96.94"), (31, 881, 910, "96.81"), (33, 100, 115, "86.96"), (34, 122, 128, "95.31"), (38, 4, 5, "80.00")):
        row = row_of(line)
        found.append(
            on(
                "ACH-005", line, "actual", "原因栏写明的实际数少于指标值，完成值却填“达成指标”。",
                reported="达成指标", expected=f"{done}", arithmetic=f"{done} ÷ {aim} = {shown}%", difference=f"−{aim - done}",
                related=[("indicators", row, "target"), ("indicators", row, "reason")],
                steps=(Step("完成比例", f"{done} ÷ {aim} = {shown}%"), Step("判断", f"{shown}% < 100%")),
            )
        )  # fmt: skip
    found.append(
        on(
            "DED-001", 39, "reason", "得分 0.80 低于分值 1.00，扣 0.20 分，未说明原因。",
            reported="", expected="说明原因", arithmetic="1.00 − 0.80 = 0.20", difference="0.20",
            related=[("indicators", row_of(39), "weight"), ("indicators", row_of(39), "score")],
            steps=(Step("扣分", "1.00 − 0.80 = 0.20"),),
        )
    )  # fmt: skip
    found.append(
        finding(
            form, RULES["SCO-002"], [1], "total_score", "第 27 行的得分读不到，合计无法复核。",
            table="forms", kind=Outcome.OPEN, reported="98.75", expected="□ + 97.75",
            arithmetic="97.75 + □ = 98.75", related=[("indicators", row_of(27), "score")],
        )
    )  # fmt: skip
    for line, score in ((28, "0.97"), (31, "0.97"), (33, "0.87"), (34, "0.95")):
        found.append(on("ACH-001", line, "score", f"按完成比例应得 {score}。", reported="0.80", expected=score, difference=f"{Decimal('0.80') - Decimal(score)}".replace("-", "−")))
    found.append(
        finding(
            form, RULES["ACH-006"], range(8, 59), "actual", "51 项指标的完成值都是“达成指标”，没有数值。",
            reported="达成指标", expected="实际完成的数值",
        )
    )  # fmt: skip
    for line, done, aim, share in ((29, "28", "10", "280"), (35, "10", "4", "250")):
        found.append(on("ACH-007", line, "reason", f"完成值是指标值的 {share}%，没有分析原因。", reported=f"{done}", expected="分析原因", arithmetic=f"{done} ÷ {aim} = {share}%"))
    found.append(
        on(
            "NAR-001", 35, "reason", "完成情况写 12 场，本行写 10 场。", reported="10场", expected="12场",
            related=[("forms", 1, "goal_actual")], difference="−2",
        )
    )  # fmt: skip
    found.append(
        finding(form, RULES["TIM-003"], [row_of(n) for n in range(51, 63)], "actual", "12 项时效指标全部满分，没有一个日期。", reported="达成指标", expected="完成日期")
    )
    found.append(
        finding(
            form, RULES["BUD-002"], [3], "rate", "相差 0.01 个百分点，疑为截尾。", table="budget_lines", reported="97.84", expected="97.85",
            difference="−0.01", arithmetic="9,391,037.56 ÷ 9,597,603.49 = 97.8477%", related=[("budget_lines", 3, "executed"), ("budget_lines", 3, "budget")],
            steps=(Step("执行率", "9,391,037.56 ÷ 9,597,603.49 = 97.8477%"), Step("四舍五入", "97.85"), Step("截尾", "97.84（与填报相符）")),
        )
    )  # fmt: skip
    found.append(on("STR-009", 48, "name", "名称在“奖”字断开，比照第 33 行应为“奖励发放准确性”。", reported="促进残疾劳动者就业区级补贴及奖", expected="促进残疾劳动者就业区级补贴及奖励发放准确性"))
    found.append(finding(form, RULES["STR-010"], [1], "goal_planned", "留有网页标记 11 处。", table="forms", reported="<p>", expected="无标记"))
    found.append(
        finding(form, RULES["TGT-008"], [row_of(77), row_of(78)], "target", "满意度没有调查依据，只能由人判断。", kind=Outcome.REVIEW, reported=">=85%", expected="调查结果")
    )
    return tuple(found)


def seed_outcomes(findings: Iterable[Finding]) -> tuple[RuleOutcome, ...]:
    listed = tuple(findings)
    outcomes: list[RuleOutcome] = []
    other = {"BUD-001": 2, "WGT-001": 1, "WGT-002": 4, "SCO-001": 57}
    for id in RULES:
        mine = [f for f in listed if f.rule == id]
        if mine:
            kind = mine[0].kind
            count = len(mine)
            outcomes.append(
                RuleOutcome(
                    id, kind, checked=58, failed=count if kind is Outcome.FAIL else 0, open=count if kind is Outcome.OPEN else 0,
                    review=count if kind is Outcome.REVIEW else 0, reason="第 27 行的得分读不到" if kind is Outcome.OPEN else None,
                )
            )  # fmt: skip
        elif id in other:
            outcomes.append(RuleOutcome(id, Outcome.PASS, checked=other[id]))
        else:
            outcomes.append(RuleOutcome(id, Outcome.NOT_APPLICABLE, not_applicable=1, reason="批次里没有下属单位的表" if id == "BAT-001" else "本表是部门整体支出"))
    return tuple(outcomes)


def seed_figures(findings: Iterable[Finding]) -> tuple[Mapping[str, object], ...]:
    prints = {f.rule: f.fingerprint for f in findings}

    def figure(name: str, reported: str, expected: str, difference: str, arithmetic: str, outcome: str, rule: str) -> Mapping[str, object]:
        return {
            "name": name, "reported": reported, "expected": expected, "difference": difference, "arithmetic": arithmetic,
            "outcome": outcome, "rule": rule, "fingerprint": prints.get(rule, "0" * 16),
        }  # fmt: skip

    return (
        figure("预算：来源合计 = 结构合计", "57,157,686.73", "57,157,686.73", "0.00", "9,597,603.49 + 47,560,083.24", "pass", "BUD-001"),
        figure("执行：来源合计 = 结构合计", "56,690,686.28", "56,690,686.28", "0.00", "9,391,037.56 + 47,299,648.72", "pass", "BUD-001"),
        figure("财政拨款执行率（%）", "99.18", "99.18", "0.00", "56,690,686.28 ÷ 57,157,686.73 = 99.1830%", "pass", "BUD-002"),
        figure("基本支出执行率（%）", "97.84", "97.85", "−0.01", "9,391,037.56 ÷ 9,597,603.49 = 97.8477%", "fail", "BUD-002"),
        figure("分值合计", "100", "100.00", "0.00", "30.00 + 25.00 + 35.00 + 10.00", "pass", "WGT-001"),
        figure("得分合计", "98.75", "97.75 + □", "", "29.95 + 22.80 + □ + 35.00 + 10.00", "open", "SCO-002"),
        *(
            {"kind": "completion", "table": "indicators", "row": row_of(line), "share": Decimal(share)}
            for line, share in ((28, "96.94"), (29, "280"), (30, "100.47"), (31, "96.81"), (33, "86.96"), (34, "95.31"), (35, "250"), (36, "104.76"), (38, "80"))
        ),
    )


def cell(line: int, field: str, reported: str | None, value: str | None, **more: object) -> Mapping[str, object]:
    """One cell of a proposal, as the engine writes it."""
    place = {"table": "indicators", "row": row_of(line), "field": field, "line": line, "sheet": None, "cell": None}
    return {**place, "reported": reported, "value": value, "values": [], "low": None, "high": None, "slip": None, **more}


def seed_corrections() -> tuple[Mapping[str, object], ...]:
    return ({"kind": "deduced", "size": 1, "cells": [cell(27, "score", None, "1.00")], "likeliest": False},)


def form_result(form: Form, findings: Iterable[Finding] = (), verdict: Verdict = Verdict.RETURN, **more: object) -> FormResult:
    listed = tuple(findings)
    return FormResult(form, verdict, "department", listed, seed_outcomes(listed), **more)  # type: ignore[arg-type]


def results(forms: Iterable[FormResult], lang: str = "zh", unreadable: Iterable[Unreadable] = (), rules: Iterable[RuleInfo] | None = None) -> Results:
    infos = tuple(RULES.values() if rules is None else rules)
    info = RulesetInfo("checker-rules", "2024.1", "sha256:" + "0123456789abcdef" * 4, infos)
    return Results(date(2024, 4, 18), lang, "0.1.0", info, tuple(forms), tuple(unreadable))


def seed(lang: str = "zh") -> Results:
    form = seed_form()
    findings = seed_findings(form)
    return results([form_result(form, findings, figures=seed_figures(findings), corrections=seed_corrections())], lang)


def hostile(text: str, lang: str = "zh") -> Results:
    """Every text of the form, its findings, rules and file name is `text`."""
    rows = [(20 + n, text, "30", text, text, text, text, "1.00", "0.80", text) for n in range(3)]
    indicators, places = indicator_rows(rows)
    header: dict[str, FieldValue] = dict.fromkeys(("title", "unit_name", "project_name", "goal_planned", "goal_actual", "amount_unit", "preparer"), text)
    for name in header:
        places["forms", 1, name] = place(3, 1, text)
    budget = ({"label": text, "role": "source", "budget": Decimal("1.00"), "executed": Decimal("1.00"), "reason": text},)
    form = Form(
        form_id=text, source=Source(text, "0" * 64, "txt"), header=header, budget_lines=budget, indicators=tuple(indicators),
        places=places, repairs=(text,), unread=(text,),
    )  # fmt: skip
    bad = RuleInfo("XXX-001", 1, text, Severity.ERROR, "heuristic", text, text, (text,), text)
    found = [
        finding(
            form, bad, [n], "name", text, reported=text, expected=text, difference=text, arithmetic=text, steps=(Step(text, text),),
            waiver={"reason": text, "until": text} if n == 3 else None,
        )
        for n in (1, 2, 3)
    ]  # fmt: skip
    one = FormResult(
        form, Verdict.RETURN, text, tuple(found), (RuleOutcome("XXX-001", Outcome.FAIL, 3, 3, reason=text),),
        figures=({"name": text, "reported": text, "expected": text, "difference": text, "arithmetic": text, "outcome": "fail", "rule": "XXX-001", "fingerprint": found[0].fingerprint},),
    )  # fmt: skip
    return results([one], lang, [Unreadable(text, text)], [bad])


def batch(size: int, lang: str = "zh") -> Results:
    """A batch of forms with different names, scores and shares of the seed's findings; every seventh file is unreadable."""
    form = seed_form()
    forms = []
    for n in range(size):
        score = Decimal("99.60") - Decimal(n * n % 23) / 2
        header = {**form.header, "unit_name": f"第{n + 1}单位", "total_score": score}
        mine = replace(form, form_id=f"unit-{n + 1}", header=header, source=replace(form.source, path=f"in/{n + 1}.txt"))
        found = seed_findings(mine)[n % 20 :] if n % 5 else ()
        verdict = Verdict.RETURN if any(f.severity is E for f in found) else Verdict.REVIEW if found else Verdict.ACCEPT
        forms.append(form_result(mine, found, verdict))
    return results(forms, lang, [Unreadable(f"in/bad-{n}.xlsx", "不是工作簿") for n in range(size // 7)])
