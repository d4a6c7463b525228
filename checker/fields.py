"""The fields rules may name: one table of names, Chinese names, units and where each is read from.

A filled field stands in a cell of the form. A reading is derived from filled fields by
`checker.readings`; its `source` names those cells, so that a reading of an unreadable cell is
itself unreadable (outcome `open`), never blank.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Unit = Literal["text", "count", "score", "money", "percent", "quantity", "number", "date", "bool"]

SCALE = 6
"""Every number in a frame is an Int64 count of 10**-SCALE of its own unit (money: of the form's unit)."""

TABLES = ("forms", "budget_lines", "indicator_groups", "indicators")
"""The tables of one form."""

BATCH_TABLES = ("summaries", "coverage", "shared", "due", "approvals", "years", "year_rows", "copies", "portfolios", "peers", "accounts", "reviews", "foreign")
"""The tables of comparisons between forms, one row a comparison; `checker.across` makes them."""

GRAINS = (*TABLES, *BATCH_TABLES)
"""What a rule may look at row by row."""


class Field(Struct, frozen=True):
    """One column: `zh` lists the names auditors use, the first is the one shown."""

    table: str
    name: str
    unit: Unit
    zh: tuple[str, ...]
    source: tuple[str, ...] = ()
    doc: str = ""

    @property
    def reading(self) -> bool:
        """True when the value is derived, not filled in a cell."""
        return bool(self.source)

    @property
    def scaled(self) -> bool:
        """True when the frame column is a scaled Int64 with a `<name>_digits` companion."""
        return self.unit in ("score", "money", "percent", "quantity", "number")


def _table(table: str, *rows: tuple[str, Unit, str] | tuple[str, Unit, str, str] | tuple[str, Unit, str, str, str]) -> tuple[Field, ...]:
    return tuple(
        Field(table, row[0], row[1], tuple(row[2].split()), tuple(row[3].split()) if len(row) > 3 else (), row[4] if len(row) > 4 else "")
        for row in rows
    )


FIELDS: tuple[Field, ...] = (
    *_table(
        "forms",
        ("form_type", "text", "表类型"),
        ("layout", "text", "版式"),
        ("title", "text", "标题"),
        ("fiscal_year", "count", "年度 预算年度"),
        ("unit_name", "text", "单位名称 部门名称"),
        ("project_name", "text", "项目名称"),
        ("supervising_department", "text", "主管部门"),
        ("implementing_unit", "text", "实施单位"),
        ("subordinate_units", "count", "下属单位个数"),
        ("amount_unit", "text", "金额单位"),
        ("goal_planned", "text", "年初设定目标 预期目标"),
        ("goal_actual", "text", "全年完成情况 实际完成情况"),
        ("total_weight", "score", "总分值 分值合计"),
        ("total_score", "score", "总得分 自评总分"),
        ("grade", "text", "等级 评价等级"),
        ("preparer", "text", "填报人"),
        ("filled_on", "text", "填报日期"),
        ("foot_reason", "text", "总体原因分析"),
    ),
    *_table(
        "budget_lines",
        ("label", "text", "资金项目"),
        ("role", "text", "资金角色"),
        ("group", "text", "资金分组"),
        ("initial", "money", "年初预算数"),
        ("budget", "money", "预算数 全年预算数"),
        ("executed", "money", "执行数 全年执行数"),
        ("rate", "percent", "执行率 预算执行率"),
        ("weight", "score", "分值"),
        ("score", "score", "得分"),
        ("reason", "text", "原因 偏差原因"),
        ("amount_malformed", "text", "写法有误的金额", "", "an amount of the line whose digits and marks make no number (7,00.0,77), as written; null when none"),
        ("reason_text", "text", "原因文字", "reason", "what is left of the reason after numbers and units that lead it; null when nothing is"),
        ("reason_substance", "text", "原因实义", "reason", "reason without numbers, units and words that only restate a figure; null when nothing is left"),
        ("reason_clauses", "count", "原因分句", "reason"),
        ("prompt_left", "text", "残留提示语", "label reason", "template prompt left in the line, quoted"),
        ("own_parts", "count", "本组分项数", "role", "of a total row of a group (several programmes in one form): parts of the same group with a budget; null for other rows"),
        ("own_parts_budget", "money", "本组分项预算合计", "role", "what their budgets add up to"),
        ("own_parts_executed", "money", "本组分项执行合计", "role", "what the executed amounts of the group's parts add up to; null when none is filled"),
        ("other_groups", "count", "其他组同名行数", "role", "of a row of the group named 合计: rows of the same label in the other groups with a budget; null for other rows"),
        ("other_groups_budget", "money", "其他组预算合计", "role", "what their budgets add up to"),
        ("other_groups_executed", "money", "其他组执行合计", "role", "what their executed amounts add up to; null when none is filled"),
    ),
    *_table(
        "indicator_groups",
        ("level", "count", "层级"),
        ("level1", "text", "一级指标"),
        ("level2", "text", "二级指标"),
        ("weight", "score", "分值 权重"),
        ("score", "score", "得分"),
        ("level1_class", "text", "一级指标类别", "level1"),
        ("level2_class", "text", "二级指标类别", "level2 level1"),
    ),
    *_table(
        "indicators",
        ("level1", "text", "一级指标"),
        ("level1_weight", "score", "一级指标分值"),
        ("level2", "text", "二级指标"),
        ("level2_weight", "score", "二级指标分值"),
        ("name", "text", "指标名称 三级指标"),
        ("target", "text", "年度指标值 指标值 目标值"),
        ("actual", "text", "全年完成值 实际完成值 完成值"),
        ("weight", "score", "分值 权重"),
        ("score", "score", "得分"),
        ("reason", "text", "偏差原因 原因"),
        ("part_of", "text", "所属汇总行", "", "name of the row whose points already count this one: rows under 一、, unscored 其中 rows"),
        ("judged_by", "text", "评分栏目", "", "title of the section that scores the row by criteria alone, without columns for target and result; null elsewhere"),
        ("criterion", "text", "评分标准", "", "what the form's own column of criteria (评分标准, 计分方法) says of the row; null without one"),
        # readings
        ("level1_class", "text", "一级指标类别", "level1", "投入 产出 效益 满意度 成本 其他"),
        ("level2_class", "text", "二级指标类别", "level2 level1", "数量 质量 时效 成本 经济效益 社会效益 生态效益 可持续影响 满意度 其他"),
        ("kind", "text", "指标性质", "target level2 name", "quantity (also a rate or a count under 时效), quality (words only) or timeliness; null when there is no target"),
        ("direction", "text", "指标方向", "target name level2", "higher, lower, equal, range; null when unknown: then no verdict. Operator first, then the name, then 数量/成本 class; 100%(N) is higher"),
        ("target_operator", "text", "目标比较符", "target", "≥ ≤ > < = (also written as words: 不低于, 以上, 以内) or null when none is written"),
        ("target_value", "quantity", "目标数值", "target", "the main quantity; for 100%(3133人) it is 100 with unit %"),
        ("target_unit", "text", "目标单位", "target"),
        ("target_high", "quantity", "目标上限", "target", "upper end of a range"),
        ("target_base", "quantity", "目标基数", "target", "3133 in 100%(3133人)"),
        ("target_base_unit", "text", "目标基数单位", "target"),
        ("target_quantities", "count", "目标个数", "target", "measured quantities besides 100 %"),
        ("target_vague", "bool", "目标含糊", "target", "words of the vague lexicon only (有提升, 效果明显, 及时), no number, date or threshold; filter by kind"),
        ("target_perception", "bool", "目标为认可度", "target", "a share of people who think so (认为有促进作用)"),
        ("target_reference", "bool", "以引用代替", "target name", "a reference to a document stands for the content"),
        ("comparator", "text", "比较符写法", "target", "written, implied (a bare 100%), missing (another bare number) or doubled (≥95%以上); null without a number"),
        ("actual_value", "quantity", "完成数值", "actual reason", "the measured value, from its own cell or leading the reason"),
        ("actual_unit", "text", "完成单位", "actual reason"),
        ("actual_source", "text", "完成值出处", "actual reason", "actual, reason or null"),
        ("actual_band", "text", "完成档次", "actual", "达成 部分达成 未达成: a status word, not a value"),
        ("actual_copies_target", "bool", "完成值照抄目标", "actual target", "the actual is a threshold with its operator (≥95%), not a measurement; null when the actual is blank"),
        ("actual_repeats_target", "bool", "完成值重复目标", "actual target", "the actual repeats the target's words and measures nothing"),
        ("actual_vague", "bool", "完成值含糊", "actual", "the actual is only words of the vague lexicon (明显改善), words of the name aside; no value and no band"),
        ("unit_mismatch", "text", "单位不符", "target actual", "the actual counts another thing than the target (场次 / 人); null when units agree, one is missing or a percentage"),
        ("aim", "quantity", "应完成数", "target actual reason", "the part of the target comparable with `measured` (same unit); the pair least fulfilled when there are several"),
        ("measured", "quantity", "实完成数", "target actual reason", "the measured value comparable with `aim`; null when none or only implied"),
        ("aim_best", "quantity", "最好项应完成数", "target actual reason", "as `aim`, for the pair most fulfilled"),
        ("measured_best", "quantity", "最好项实完成数", "target actual reason", "as `measured`, for the pair most fulfilled"),
        ("measured_unit", "text", "可比单位", "target actual reason"),
        ("target_missed", "bool", "未完成目标", "target actual reason name level2", "`measured` misses `aim`: short of it, above one to stay below, outside a range; off an approximate target (约500户) by over a tenth; null when nothing compares"),
        ("ambiguous_target", "bool", "率与基数并列", "target", "N% beside M units: which of them governs is not said"),
        ("cost_executed", "quantity", "对应执行数", "name target actual level2", "executed amount of the form in the unit of `measured`, for a cost whose target is the whole budget; null for other rows"),
        ("reason_text", "text", "原因文字", "reason", "what is left of the reason after numbers and units that lead it; null when nothing is, or it says 无 / 不适用"),
        ("reason_substance", "text", "原因实义", "reason", "reason without numbers, units and words that only restate a figure (%, 执行率, 完成, 实际); null when nothing is left"),
        ("reason_clauses", "count", "原因分句", "reason"),
        ("reason_measures", "bool", "有改进措施", "reason", "the reason names a corrective measure; null without reason text"),
        ("reason_external", "bool", "外部原因", "reason", "the reason blames what lies outside the unit and no planning of its own; null without reason text"),
        ("reason_stock", "bool", "套话原因", "reason", "the reason is one of the stock phrases and nothing else; null without reason text"),
        ("deadline_kind", "text", "时限类型", "target name", "none point window recurring duration event external rate; null when not a timeliness row"),
        ("deadline_strict", "date", "时限严格读法", "target name", "last day on time under the strict reading"),
        ("deadline_lenient", "date", "时限宽松读法", "target name", "last day on time under the lenient reading"),
        ("deadline_ambiguous", "bool", "时限有歧义", "target name"),
        ("deadline_readings", "text", "时限两种读法", "target name", "both readings of an ambiguous deadline in words: 2023-10-01 至 2023-10-31 / 不晚于 2023-10-31; null when not ambiguous"),
        ("deadline_readings_en", "text", "时限两种读法英文", "target name", "the same in English: 2023-10-01 to 2023-10-31 / by 2023-10-31"),
        ("deadline_days", "count", "时限天数", "target name", "N of a duration"),
        ("deadline_unit", "text", "时限单位", "target name", "工作日, 天, 周, 月, 年, 小时 or 分钟 of a duration"),
        ("deadline_periods", "count", "应办次数", "target name", "how often a recurring task falls due in the year: 12, 4, 2 or 1; null for shorter periods"),
        ("done_from", "date", "完成日期下限", "actual reason", "first day of the interval the form gives for completion (10月: the first); null when it only says before"),
        ("done_to", "date", "完成日期上限", "actual reason", "last day of that interval"),
        ("roll_gap_dates", "text", "顺延遗漏日期", "target name", "recurring days whose next official working day is not the one a bare 周末顺延 names; null when none, or when the calendar is unknown"),
        # readings of evidence (--evidence): null without it
        ("event_count", "count", "佐证事件数", "name", "dated events of the evidence for this indicator; null when there is none"),
        ("event_from", "date", "佐证完成日下限", "name", "first day on which the last event of doing may have happened"),
        ("event_to", "date", "佐证完成日上限", "name", "last day on which it may have happened"),
        ("late_strict", "bool", "严格读法逾期", "name target", "the evidence is later than the strict reading; null when it straddles it"),
        ("late_lenient", "bool", "宽松读法逾期", "name target", "the evidence is later than every reading; null when it straddles it"),
        ("case_count", "count", "佐证件数", "name target", "cases with a start, for a deadline that is a duration"),
        ("cases_late", "count", "超期件数", "name target", "of them over the limit; null while none is and one is undecided"),
        ("cases_undecided", "count", "无法判定件数", "name target", "of them without an end, with month precision, or in a year without a calendar"),
        ("worst_case", "text", "最长一件", "name target", "the longest decided case in words"),
        ("worst_case_days", "count", "最长天数", "name target", "its days in the unit of the limit (工作日, otherwise calendar days)"),
        ("missing_periods", "text", "缺漏期次", "name target", "periods of a recurring task without an event; null when none"),
        ("missing_period_count", "count", "缺漏期数", "name target", "how many; null for other deadlines, and while the calendar of the year leaves a period undecided"),
        ("late_periods", "text", "逾期期次", "name target", "periods whose event came behind the due day, rolled by the official calendar, or outside its window; null when none"),
        ("order_fault", "text", "事件次序颠倒", "name", "payment before application, acceptance before contract …, in words; null when none"),
        ("events_outside_year", "text", "非本年度事件", "name", "events outside the fiscal year; null when none"),
        ("payments_on_rest_days", "text", "非工作日支付", "name", "payments dated on a rest day; null when none"),
        # readings across the rows of one form
        ("twins", "count", "相同指标数", "level2 name target", "rows of the form with the same level 2, name and target, this one included; 1 when the target is blank or a reference"),
        ("parts", "count", "组成行数", "name", "rows of the form whose points this row already counts (1、2、 under 一、); 0 for other rows"),
        ("cross_class_twin", "bool", "产出效益重复", "name level1", "the same name under 产出 and under 效益"),
        ("name_cut", "bool", "名称被截断", "name", "the name breaks off: a joining word or open bracket at its end, or two siblings of the same programme go on alike"),
        ("same_share_rows", "count", "同比例扣分行数", "weight score", "deducted rows of the form with the same score ÷ weight, this one included; 0 for a row without deduction"),
        ("same_share_gap_spread", "percent", "同比例差距跨度", "weight score target actual reason", "largest minus smallest shortfall among those rows, percentage points at two decimals; null with fewer than two known gaps"),
        ("parallel_rows", "text", "同一事项行", "name target weight score", "rows of the same programme and base (another level 2) of which one is deducted and one is not: name（得分/分值）; null when none"),
        ("same_reason_rows", "count", "雷同原因行数", "reason", "rows of the form with the same reason text, this one included; null without one"),
        ("narrated_value", "quantity", "叙述数值", "name target actual reason", "number the result narrative gives for this object, unit and scope, in the unit of `measured`; null when none or several"),
        ("narrated_text", "text", "叙述原句", "name target actual reason", "the clause of that number"),
        ("narrated_approximate", "bool", "叙述为约数", "name target actual reason", "余 约 近 stands with that number: allow 10 %"),
        ("admitted_shortfall", "text", "自认未完成", "name", "clause of the result narrative that admits a shortfall of this indicator (未完成 滞后 延期); null when none"),
        ("action_mismatch", "text", "事项不符", "name target", "name and target speak of different acts: 投保 / 发放; null when they agree or name none"),
        ("markup_left", "text", "残留标记", "name target actual reason", "HTML tag or entity left in a cell of the row"),
        ("prompt_left", "text", "残留提示语", "name target actual reason", "template prompt or placeholder left in a cell of the row: (文字描述), (-年-月-日)"),
        ("document_number_fault", "text", "文号括号不规范", "name target actual reason", "document number without 〔〕, quoted"),
    ),
    *_table(
        "forms",
        ("goal_planned_cut", "bool", "目标被截断", "goal_planned", "text breaks off (field limit)"),
        ("goal_actual_cut", "bool", "完成情况被截断", "goal_actual"),
        ("cut_end", "text", "断开处", "goal_planned goal_actual", "how the texts that break off end, quoted; null when none does"),
        ("goal_actual_general", "bool", "完成情况笼统", "goal_actual", "the result only says that all is done (完成了年度工作任务); null when blank"),
        ("goal_similarity", "percent", "目标与完成情况相似度", "goal_planned goal_actual", "0 to 100"),
        ("goal_quantities", "count", "目标数量词数", "goal_planned", "quantities other than years, list marks and document numbers"),
        ("goals_unanswered", "text", "未回应目标", "goal_planned goal_actual", "promises of the goal whose matter neither the result nor an indicator names, the plainest first, twelve at most; null when none"),
        ("goals_unanswered_count", "count", "未回应目标数", "goal_planned goal_actual", "all of them; null when a text is blank"),
        ("goal_stale", "text", "往年文字", "goal_planned goal_actual", "words of the goal from another year: it prepares for this year or a past one, or sets an old year's work; null when none"),
        ("narrative_sum_fault", "text", "叙述合计不符", "goal_actual", "sentence whose parts (其中, 分别) do not make its total (共), quoted; null when none"),
        ("narrative_downgrade", "text", "目标降格", "goal_planned goal_actual", "goal 全覆盖, result 逐步构建: both quoted"),
        ("narrated_rate", "percent", "叙述执行率", "goal_actual", "execution rate of the whole budget that the result quotes; null when none or several"),
        ("markup_left", "text", "残留标记", "title goal_planned goal_actual foot_reason markup_taken_out", "HTML tags or entities left in a text of the form, quoted"),
        ("prompt_left", "text", "残留提示语", "title goal_planned goal_actual foot_reason", "template prompts left unreplaced, quoted"),
        ("markup_taken_out", "text", "已去除标记", "", "HTML tags the layout took out of a text of the form, with places; null when none"),
        ("head_score", "score", "表头总分", "", "total score that the head states where the total row gives one too; null elsewhere"),
        ("goal_weight", "score", "目标分值", "", "weight of their own that the goals or tasks carry in forms that score them; null elsewhere"),
        ("goal_score", "score", "目标得分", "", "points of their own that the goals carry in forms that score them; null elsewhere"),
        ("template_left", "text", "残留模板行", "", "rows and instructions of the blank template that the layout skipped (……, 指标2:, 注), quoted with lines; null when none"),
        ("document_number_fault", "text", "文号括号不规范", "title goal_planned goal_actual foot_reason", "document number without 〔〕, quoted"),
        ("rows_prompts", "text", "各行残留提示语", "form_type", "template prompts left in rows, quoted, three at most; null when none"),
        ("rows_markup", "text", "各行残留标记", "form_type", "HTML tags or entities left in rows, quoted, three at most; null when none"),
        ("rows_numbers", "text", "各行文号", "form_type", "document numbers without 〔〕 in rows, quoted, three at most; null when none"),
        ("groups_unmeasured", "text", "整类满分未实测", "form_type", "level-1 groups of which two rows or more all have full marks and none a measured value: 效益指标（14）; null when none"),
        ("unit_clash", "text", "叙述金额单位", "goal_planned goal_actual", "amount of the narrative that is ten thousand times the budget total or a ten-thousandth of it, quoted; null when none, or when another amount fits"),
        ("parallel_pairs", "count", "可比事项对数", "form_type", "pairs of rows of the same programme and base under different level 2"),
        ("parallel_differing", "count", "扣分不一致对数", "form_type", "those of which one is deducted and one is not"),
        ("columns_absent", "text", "版式没有的栏", "form_type", "columns the layout does not have, of weights budget_weights scores reasons rates levels initial adjusted targets actuals, between bars: |targets|actuals|; null when it has all"),
        ("calendar_known", "bool", "日历已公布", "fiscal_year", "the official working days of the fiscal year are known"),
        ("is_summary", "bool", "汇总表", "unit_name", "(汇总) in the unit's name"),
        ("is_own_level", "bool", "本级表", "unit_name", "(本级) in the unit's name"),
        ("merged_name_groups", "text", "合并名称", "", "groups whose one cell names several indicators: `line: names / rows`; null when none"),
        ("merged_name_mismatch", "bool", "合并名称个数不符"),
        ("shifted_rows", "count", "错位行数", "", "rows the layout had to realign"),
        ("lost_cells", "count", "丢失单元格数", "", "cells lost by the export, left null"),
    ),
    # comparisons between forms; amounts in `amount_unit`, the unit all of them share, else 元
    *_table(
        "summaries",
        ("subject", "text", "单位及项目"),
        ("label", "text", "资金项目"),
        ("column", "text", "金额栏"),
        ("amount_unit", "text", "比对金额单位"),
        ("parts", "count", "下属表张数"),
        ("part_names", "text", "下属单位"),
        ("amount", "money", "汇总数"),
        ("parts_amount", "money", "下属合计"),
        ("tolerance", "money", "舍入容差", "", "0 in 元; in 万元 half a last digit for every amount that takes part"),
    ),
    *_table(
        "coverage",
        ("subject", "text", "单位及项目"),
        ("label", "text", "资金项目"),
        ("amount_unit", "text", "比对金额单位"),
        ("projects", "count", "项目表张数"),
        ("project_names", "text", "已送项目"),
        ("budget", "money", "部门项目预算数"),
        ("projects_budget", "money", "项目预算数合计"),
        ("executed", "money", "部门项目执行数"),
        ("projects_executed", "money", "项目执行数合计"),
        ("tolerance", "money", "舍入容差"),
    ),
    *_table(
        "shared",
        ("subject", "text", "单位及项目"),
        ("name", "text", "指标名称"),
        ("project", "text", "项目"),
        ("target", "text", "部门表指标值"),
        ("project_target", "text", "项目表指标值"),
        ("target_same", "bool", "指标值相同"),
        ("actual", "text", "部门表完成值"),
        ("project_actual", "text", "项目表完成值"),
        ("actual_same", "bool", "完成值相同"),
        ("weight", "score", "部门表分值"),
        ("project_weight", "score", "项目表分值"),
        ("score", "score", "部门表得分"),
        ("project_score", "score", "项目表得分"),
        ("share_same", "bool", "得分率相同", "", "score ÷ weight is the same in both forms; null when one is missing"),
    ),
    *_table(
        "due",
        ("subject", "text", "单位及项目"),
        ("expected", "count", "应报表数"),
        ("received", "count", "实收表数"),
        ("own_level", "bool", "含本级表"),
        ("received_names", "text", "已收单位"),
        ("missing_names", "text", "缺报名单", "", "forms a list of forms due names and the run does not have"),
    ),
    *_table(
        "approvals",
        ("subject", "text", "单位及项目"),
        ("status", "text", "对应情况"),
        ("level2", "text", "二级指标"),
        ("name", "text", "指标名称"),
        ("target", "text", "填报指标值"),
        ("approved_target", "text", "批复指标值"),
        ("target_same", "bool", "指标值相同"),
        ("lowered", "bool", "目标降低"),
        ("weight", "score", "填报分值"),
        ("approved_weight", "score", "批复分值"),
    ),
    *_table(
        "years",
        ("subject", "text", "单位及项目"),
        ("last_year", "count", "上年年度"),
        ("column", "text", "比对栏目", "", "goal_planned, goal_actual, reason or actual"),
        ("size", "count", "比对规模", "", "letters of the shorter text; for actual the measured values compared"),
        ("similarity", "percent", "相似度", "", "of the texts with numbers masked; for actual the share of equal values"),
        ("numbers_same", "bool", "数字相同"),
    ),
    *_table(
        "year_rows",
        ("subject", "text", "单位及项目"),
        ("last_year", "count", "上年年度"),
        ("name", "text", "指标名称"),
        ("direction", "text", "指标方向"),
        ("unit", "text", "计量单位"),
        ("target", "quantity", "本年目标"),
        ("actual", "quantity", "本年完成"),
        ("last_target", "quantity", "上年目标"),
        ("last_actual", "quantity", "上年完成"),
        ("reason", "text", "本年原因"),
        ("last_reason", "text", "上年原因"),
        ("reason_same", "bool", "两年原因相同"),
    ),
    *_table(
        "copies",
        ("kind", "text", "雷同方式", "", "text: the texts as wholes; passage: one passage in texts that differ otherwise"),
        ("column", "text", "文字栏目", "", "goal_planned, goal_actual or reason"),
        ("forms_alike", "count", "雷同表数"),
        ("unit_names", "text", "雷同单位"),
        ("similarity", "percent", "文字相似度", "", "five-character sequences in common ÷ all; of a group the least of each text's closest"),
        ("passage", "count", "最长相同字数", "", "letters and characters of the longest passage in common"),
        ("excerpt", "text", "相同文字"),
    ),
    *_table(
        "portfolios",
        ("group", "text", "范围"),
        ("forms_scored", "count", "有得分表数"),
        ("full", "count", "满分表数"),
        ("most_reach", "percent", "九成表达到的得分率"),
        ("lowest", "percent", "最低得分率"),
        ("highest", "percent", "最高得分率"),
        ("rows_scored", "count", "有得分行数"),
        ("rows_full", "count", "满分行数"),
    ),
    *_table(
        "peers",
        ("subject", "text", "单位及项目"),
        ("measure", "text", "比较项目"),
        ("group", "text", "同类范围"),
        ("value", "number", "本表数值"),
        ("median", "number", "同类中位数"),
        ("deviation", "number", "中位绝对差"),
        ("forms_alike", "count", "同类表数"),
    ),
    *_table(
        "accounts",
        ("subject", "text", "单位及项目"),
        ("label", "text", "资金项目"),
        ("amount_unit", "text", "比对金额单位"),
        ("amount", "money", "自评表执行数"),
        ("accounts_amount", "money", "决算数"),
        ("tolerance", "money", "舍入容差"),
        ("source", "text", "决算出处"),
    ),
    *_table(
        "reviews",
        ("subject", "text", "单位及项目"),
        ("name", "text", "复核对象"),
        ("score", "score", "自评得分"),
        ("review_score", "score", "复核得分"),
        ("source", "text", "复核出处"),
    ),
    *_table(
        "foreign",
        ("subject", "text", "单位及项目"),
        ("name", "text", "其他单位名称"),
        ("clause", "text", "所在语句"),
        ("partner", "bool", "写明协作关系", "", "each clause with the name says why it is named (联合, 会同, 委托 …)"),
        ("places", "count", "出现处数"),
    ),
)

BY_TABLE: dict[str, dict[str, Field]] = {table: {f.name: f for f in FIELDS if f.table == table} for table in GRAINS}
