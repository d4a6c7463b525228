"""Spellings met in published forms and all wordings of the deadline grammar, against readings set down by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from checker.values.chinese import read_chinese
from checker.values.date import Span
from checker.values.deadline import read_deadline
from checker.values.done import read_done
from checker.values.number import read_money, read_percent
from checker.values.target import read_target

# target, name, level 2 → value, unit, direction, operator, upper end
TARGETS: list[tuple[str, str, str, str | None, str | None, str | None, str | None, str | None]] = [
    ("12个", "建设数量", "数量", "12", "个", "higher", None, None),
    ("38508人", "补助人数", "数量", "38508", "人", "higher", None, None),
    ("1000万元", "项目成本", "成本", "1000", "万元", "lower", None, None),
    ("≥95%", "满意度", "满意度", "95", "%", "higher", "≥", None),
    ("≧95%", "满意度", "满意度", "95", "%", "higher", "≥", None),
    (">=95%", "满意度", "满意度", "95", "%", "higher", "≥", None),
    ("＞=95%", "满意度", "满意度", "95", "%", "higher", "≥", None),
    ("》95%", "满意度", "满意度", "95", "%", "higher", "≥", None),
    ("＝100%", "完成率", "质量", "100", "%", "equal", "=", None),
    ("═100%", "完成率", "质量", "100", "%", "equal", "=", None),
    ("≦10次", "会议次数", "数量", "10", "次", "lower", "≤", None),
    ("<=10次", "会议次数", "数量", "10", "次", "lower", "≤", None),
    ("不低于95%", "满意度", "满意度", "95", "%", "higher", "≥", None),
    ("不少于12种", "品种数", "数量", "12", "种", "higher", "≥", None),
    ("小于0.9‰", "森林火灾受害率", "质量", "0.9", "‰", "lower", "<", None),
    ("98%以上", "合格率", "质量", "98", "%", "higher", "≥", None),
    ("辖区企业满意率达95%以上。", "满意率", "满意度", "95", "%", "higher", "≥", None),
    ("至少全年完成2次宣传", "宣传次数", "数量", "2", "次", "higher", "≥", None),
    ("≥100百分比", "合格率", "质量", "100", "百分比", "higher", "≥", None),
    ("400元/人、天", "补助标准", "成本", "400", "元/人、天", "lower", None, None),
    ("100%覆盖", "覆盖率", "质量", "100", "%", "higher", None, None),
    ("100%1000件", "抽检任务", "数量", "100", "%", "higher", None, None),
    ("100%(3133人)", "应保尽保率", "数量", "100", "%", "higher", None, None),
    ("100％（3133人）", "应保尽保率", "数量", "100", "%", "higher", None, None),
    ("资源采购期以当年为主", "采购期", "时效", None, None, None, None, None),
    ("是否利于企业走出去", "作用", "社会效益", None, None, None, None, None),
    ("80%-90%", "满意度", "满意度", "80", "%", "range", None, "90"),
    ("80%～90%", "满意度", "满意度", "80", "%", "range", None, "90"),
    ("5至10次", "活动次数", "数量", "5", "次", "range", None, "10"),
    ("10—15天", "办理时限", "时效", "10", "天", "range", None, "15"),
    ("不超过3‰", "差错率", "质量", "3", "‰", "lower", "≤", None),
    ("控制在3%以内", "变动率", "数量", "3", "%", "lower", "≤", None),
    ("0起", "安全事故起数", "质量", "0", "起", "lower", None, None),
    ("零投诉", "投诉", "满意度", "0", "", "lower", None, None),
    ("无", "安全事故", "质量", None, None, None, None, None),
    ("三次", "培训次数", "数量", "3", "次", "higher", None, None),
    ("百分之九十五以上", "满意度", "满意度", "95", "%", "higher", "≥", None),
    ("百分之九十五", "完成率", "质量", "95", "%", "higher", None, None),
    ("5000户", "受益农户数", "社会效益", "5000", "户", "higher", None, None),
    ("2.38 万元", "运行成本", "成本", "2.38", "万元", "lower", None, None),
    ("≥1,000人次", "培训人次", "数量", "1000", "人次", "higher", "≥", None),
    ("约500人", "受益人数", "社会效益", "500", "人", "higher", None, None),
    ("500余人", "受益人数", "社会效益", "500", "人", "higher", None, None),
    ("增长5%以上", "税收增长率", "经济效益", "5", "%", "higher", "≥", None),
    ("下降10%", "能耗", "生态效益", "10", "%", None, None, None),
    ("100%准确(115人,20家企业)", "发放准确性", "质量", "100", "%", "higher", None, None),
    ("5家(盲协、肢协、聋协、精亲协、智亲协)", "协会数", "数量", "5", "家", "higher", None, None),
    ("培训2期，每期50人", "培训", "数量", "2", "期", "higher", None, None),
    ("举办3场次，参加300人次", "活动", "数量", "3", "场次", "higher", None, None),
    ("2021年12月", "完成时间", "时效", None, None, None, None, None),
    ("2021年12月31日前", "完成时间", "时效", None, None, None, None, None),
    ("1-12月", "实施周期", "时效", None, None, None, None, None),
    ("≥360天", "开放天数", "时效", "360", "天", "higher", "≥", None),
    ("15万元", "项目成本", "成本", "15", "万元", "lower", None, None),
    ("98%", "知晓率", "社会效益", "98", "%", "higher", None, None),
    ("90%", "政府采购执行", "质量", "90", "%", None, None, None),
    ("0.95", "完成率", "质量", "0.95", "", "higher", None, None),
    ("1:1", "师生比", "质量", None, None, None, None, None),
    ("一等奖1个", "获奖", "质量", "1", "个", None, None, None),
    ("第一名", "排名", "社会效益", None, None, None, None, None),
    ("GB/T 8170-2008", "标准", "质量", None, None, None, None, None),
    ("沪财绩〔2022〕13号", "依据", "质量", None, None, None, None, None),
    ("2亩-3亩", "面积", "数量", "2", "亩", "range", None, "3"),
    ("≥50个且≤60个", "数量", "数量", "50", "个", "range", "≥", "60"),
    ("50≤X≤60个", "建设数", "数量", "50", "个", "range", None, "60"),
    ("大于等于90分", "考核得分", "质量", "90", "分", "higher", "≥", None),
    ("≥90分（含）", "考核得分", "质量", "90", "分", "higher", "≥", None),
    ("1.5公里", "道路长度", "数量", "1.5", "公里", "higher", None, None),
    ("６０个", "采样数", "数量", "60", "个", "higher", None, None),
    ("2万余人次", "服务人次", "数量", "2", "万人次", "higher", None, None),
    ("10 0%", "完成率", "质量", None, None, None, None, None),
    ("3000元/人·年", "补助标准", "成本", "3000", "元/人·年", "lower", None, None),
    ("≥ 95 %", "满意度", "满意度", "95", "%", "higher", "≥", None),
    ("95%≤满意度", "满意度", "满意度", "95", "%", "higher", None, None),
    ("满意度≥95%", "群众满意度", "满意度", "95", "%", "higher", "≥", None),
    ("＜5%", "超支率", "成本", "5", "%", "lower", "<", None),
    ("高于上年", "收入", "经济效益", None, None, None, None, None),
    ("较上年增长8%", "收入", "经济效益", "8", "%", "higher", None, None),
    ("不低于去年", "收入", "经济效益", None, None, None, None, None),
    ("每月不少于2次", "巡查次数", "数量", "2", "次", "higher", "≥", None),
    ("全年12次", "巡查次数", "数量", "12", "次", "higher", None, None),
    ("4个季度", "发放", "时效", "4", "个季度", None, None, None),
    ("=98%", "合格率", "质量", "98", "%", "equal", "=", None),
    ("3万元", "培训费用", "成本", "3", "万元", "lower", None, None),
    ("≤3万元/场", "单场成本", "成本", "3", "万元/场", "lower", "≤", None),
    ("2-3次/月", "巡查", "数量", "2", "次/月", "range", None, "3"),
    ("贰拾万元", "补助", "成本", "200000", "元", "lower", None, None),
    ("二十万元", "补助", "成本", "200000", "元", "lower", None, None),
    ("95%及以上", "满意度", "满意度", "95", "%", "higher", "≥", None),
    ("≥95%以上", "满意度", "满意度", "95", "%", "higher", "≥", None),
    ("100 个", "数", "数量", "100", "个", "higher", None, None),
    ("1，000个", "数", "数量", "1000", "个", "higher", None, None),
    ("-5%", "变动率", "成本", "-5", "%", "lower", None, None),
    ("±5%", "误差率", "质量", "5", "%", "lower", None, None),
    ("5%±1%", "误差率", "质量", "5", "%", "lower", None, None),
    ("≥4.5A", "信用等级", "质量", None, None, None, None, None),
    ("3A级", "评级", "质量", None, None, None, None, None),
    ("不少于三场", "宣传场次", "数量", "3", "场", "higher", "≥", None),
    ("7×24小时", "服务", "时效", None, None, None, None, None),
    ("7*24小时", "服务", "时效", None, None, None, None, None),
]

# deadline of 2023 → kind, strict span, lenient span, days, unit
DEADLINES: list[
    tuple[str, str | None, tuple[str | None, str] | None, tuple[str | None, str] | None, int | None, str | None]
] = [
    ("及时", "none", None, None, None, None),
    ("按时", "none", None, None, None, None),
    ("适时", "none", None, None, None, None),
    ("尽快", "none", None, None, None, None),
    ("长期", "none", None, None, None, None),
    ("及时（10月）", "point", ("2023-10-01", "2023-10-31"), (None, "2023-10-31"), None, None),
    ("及时（11月之前）", "point", (None, "2023-10-31"), (None, "2023-11-30"), None, None),
    ("11月前", "point", (None, "2023-10-31"), (None, "2023-11-30"), None, None),
    ("11月以前", "point", (None, "2023-10-31"), (None, "2023-11-30"), None, None),
    ("11月底前", "point", (None, "2023-11-30"), (None, "2023-11-30"), None, None),
    ("11月底", "point", (None, "2023-11-30"), (None, "2023-11-30"), None, None),
    ("11月末前", "point", (None, "2023-11-30"), (None, "2023-11-30"), None, None),
    ("11月30日前(含)", "point", (None, "2023-11-30"), (None, "2023-11-30"), None, None),
    ("11月30日前", "point", (None, "2023-11-29"), (None, "2023-11-30"), None, None),
    ("11月30日之前", "point", (None, "2023-11-29"), (None, "2023-11-30"), None, None),
    ("不晚于11月30日", "point", (None, "2023-11-30"), (None, "2023-11-30"), None, None),
    ("截至11月30日", "point", (None, "2023-11-30"), (None, "2023-11-30"), None, None),
    ("截止2023年11月30日", "point", (None, "2023-11-30"), (None, "2023-11-30"), None, None),
    ("2023年12月底", "point", (None, "2023-12-31"), (None, "2023-12-31"), None, None),
    ("12月前完成资金支付", "point", (None, "2023-11-30"), (None, "2023-12-31"), None, None),
    ("完成时间≤12月", "point", (None, "2023-12-31"), (None, "2023-12-31"), None, None),
    ("2025年8月7日完成", "point", ("2025-08-07", "2025-08-07"), (None, "2025-08-07"), None, None),
    ("年底前", "point", (None, "2023-12-31"), (None, "2023-12-31"), None, None),
    ("年内", "point", (None, "2023-12-31"), (None, "2023-12-31"), None, None),
    ("年底", "point", (None, "2023-12-31"), (None, "2023-12-31"), None, None),
    ("次年3月底前", "point", (None, "2024-03-31"), (None, "2024-03-31"), None, None),
    ("上半年", "window", ("2023-01-01", "2023-06-30"), (None, "2023-06-30"), None, None),
    ("第三季度", "window", ("2023-07-01", "2023-09-30"), (None, "2023-09-30"), None, None),
    ("第四季度前", "point", (None, "2023-09-30"), (None, "2023-12-31"), None, None),
    ("三季度末", "point", (None, "2023-09-30"), (None, "2023-09-30"), None, None),
    ("1-12月", "window", ("2023-01-01", "2023-12-31"), (None, "2023-12-31"), None, None),
    ("3月至5月", "window", ("2023-03-01", "2023-05-31"), (None, "2023-05-31"), None, None),
    ("9月上旬", "window", ("2023-09-01", "2023-09-10"), (None, "2023-09-10"), None, None),
    ("5月中旬前", "point", (None, "2023-05-10"), (None, "2023-05-20"), None, None),
    ("及时（每月25日，周末顺延）", "recurring", None, None, None, None),
    ("及时(每月25日,周末顺延)", "recurring", None, None, None, None),
    ("每季度首月", "recurring", None, None, None, None),
    ("每月底", "recurring", None, None, None, None),
    ("每年12月", "recurring", None, None, None, None),
    ("每学期", "recurring", None, None, None, None),
    ("按月发放", "recurring", None, None, None, None),
    ("按季度", "recurring", None, None, None, None),
    ("逐月发放", "recurring", None, None, None, None),
    ("每周一次", "recurring", None, None, None, None),
    ("自申请之日起15个工作日内完成发放", "duration", None, None, 15, "工作日"),
    ("及时（自申请之日起15个工作日内完成发放）", "duration", None, None, 15, "工作日"),
    ("收到申请后5日内", "duration", None, None, 5, "天"),
    ("15个工作日", "duration", None, None, 15, "工作日"),
    ("十五个工作日内", "duration", None, None, 15, "工作日"),
    ("三个月内", "duration", None, None, 3, "月"),
    ("资金下达后30日内", "duration", None, None, 30, "天"),
    ("春节前", "event", None, None, None, None),
    ("国庆节前", "event", None, None, None, None),
    ("汛期前", "event", None, None, None, None),
    ("开学前", "event", None, None, None, None),
    ("验收后10日内", "duration", None, None, 10, "天"),
    ("与合同约定条款一致", "external", None, None, None, None),
    ("及时（与工作方案计划一致）", "external", None, None, None, None),
    ("届时根据市级文件要求及时发放", "external", None, None, None, None),
    ("在项目计划完成时间内完成", "external", None, None, None, None),
    ("按合同约定", "external", None, None, None, None),
    ("按时发放率=100%", "rate", None, None, None, None),
    ("支付及时率≥95%", "rate", None, None, None, None),
    ("100%", "rate", None, None, None, None),
    ("≥360天", "rate", None, None, None, None),
    ("2023年", "window", ("2023-01-01", "2023-12-31"), (None, "2023-12-31"), None, None),
    ("2023年全年。", "window", ("2023-01-01", "2023-12-31"), (None, "2023-12-31"), None, None),
    ("2023年12月31日", "point", ("2023-12-31", "2023-12-31"), (None, "2023-12-31"), None, None),
    ("2023年1月1日-2023年12月31日", "window", ("2023-01-01", "2023-12-31"), (None, "2023-12-31"), None, None),
    ("二〇二三年十二月底前", "point", (None, "2023-12-31"), (None, "2023-12-31"), None, None),
    ("12月31日24时前", "point", (None, "2023-12-31"), (None, "2023-12-31"), None, None),
    ("6月30日(含)前", "point", (None, "2023-06-30"), (None, "2023-06-30"), None, None),
    ("当年", "window", ("2023-01-01", "2023-12-31"), (None, "2023-12-31"), None, None),
    ("2023.12", "point", ("2023-12-01", "2023-12-31"), (None, "2023-12-31"), None, None),
    ("2023-12-31前", "point", (None, "2023-12-30"), (None, "2023-12-31"), None, None),
    ("每月10日前", "recurring", None, None, None, None),
    ("每月5日前发放", "recurring", None, None, None, None),
    ("一年", "duration", None, None, 1, "年"),
    ("每个工作日", "recurring", None, None, None, None),
    ("13月前", None, None, None, None, None),
    ("2月30日前", None, None, None, None, None),
]


@pytest.mark.parametrize(("text", "name", "level2", "value", "unit", "direction", "operator", "high"), TARGETS)
def test_targets(
    text: str,
    name: str,
    level2: str,
    value: str | None,
    unit: str | None,
    direction: str | None,
    operator: str | None,
    high: str | None,
) -> None:
    """Value, unit, direction and operator are those a person reads; what cannot be read for certain is None."""
    target = read_target(text, name, level2)
    main = target.main if target else None
    assert (str(main.value) if main else None, main.unit.written if main else None) == (value, unit)
    assert (target.direction if target else None, main.operator if main else None) == (direction, operator)
    assert (str(main.high) if main and main.high is not None else None) == high


def span(told: tuple[str | None, str] | None) -> Span | None:
    return Span(date.fromisoformat(told[0]) if told[0] else None, date.fromisoformat(told[1])) if told else None


@pytest.mark.parametrize(("text", "kind", "strict", "lenient", "days", "unit"), DEADLINES)
def test_deadlines(
    text: str,
    kind: str | None,
    strict: tuple[str | None, str] | None,
    lenient: tuple[str | None, str] | None,
    days: int | None,
    unit: str | None,
) -> None:
    """Kind, both readings and the length are those of the grammar."""
    found = read_deadline(text, None, 2023)
    assert (found.kind if found else None) == kind
    if found is not None:
        assert (found.strict, found.lenient, found.days, found.unit) == (span(strict), span(lenient), days, unit)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("一百一", None),
        ("三万五", None),
        ("一百零一", 101),
        ("一百一十", 110),
        ("三万五千", 35000),
        ("三万零五", 30005),
        ("一百二十三", 123),
    ],
)
def test_a_numeral_that_may_mean_two_numbers_is_none(text: str, number: int | None) -> None:
    """一百一 is 110 in speech and 101 on paper."""
    assert read_chinese(text) == number


@pytest.mark.parametrize(
    ("text", "percent"),
    [("百分之百", "100"), ("百分之九十五点五", "95.5"), ("百分之九十五", "95"), ("百分之点五", None)],
)
def test_hundredths_in_words(text: str, percent: str | None) -> None:
    """百分之 with a whole number, a decimal or 百."""
    assert read_percent(text) == (Decimal(percent) if percent else None)


def test_money_closed_with_zheng() -> None:
    """20万元整 is an amount like any."""
    money = read_money("20万元整")
    assert money is not None and (money.amount, money.unit) == (Decimal(20), "万元")


def test_a_range_of_months_is_done_over_all_of_them() -> None:
    """1-12月 as a result is the year, not December."""
    assert read_done("1-12月", None, 2023) == Span(date(2023, 1, 1), date(2023, 12, 31))
