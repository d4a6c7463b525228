"""Readings of actual and reason cells, and what of them compares with the target."""

from __future__ import annotations

import pytest

from checker.values.actual import read_actual, read_band
from checker.values.reason import read_reason
from checker.values.target import read_target

# target | actual | reason | value+unit read | source | pairs aim/measured unit
PAIRS = """
100%(3133人)|达成指标|3037人,按照实际符合条件的残疾人参保|3037人|reason|3133/3037 人
100%(115人,20家企业)|达成指标|100人、19家,申请补贴的企业或残疾人减少|100人 19家|reason|115/100 人;20/19 家
100%(10场次)|达成指标|28次|28次|reason|10/28 场次
100%(4场次)|达成指标|10场|10场|reason|4/10 场次
100%(1712辆)|达成指标|实际1720辆|1720辆|reason|1712/1720 辆
100%(5人)|达成指标|4人，补贴人数减少|4人|reason|5/4 人
100%(5人)|80%||80%|actual|100/80 %
100%(128家)|122|其中6家注销|122|actual|128/122 家
≥50个|50||50|actual|50/50 个
≥100百分比|100||100|actual|100/100 百分比
≥8万亩|8||8|actual|8/8 万亩
≥300亩|20.5公顷||20.5公顷|actual|300/307.5 亩
10公顷|160亩||160亩|actual|150/160 亩
≤33微克/立方米|36μg/立方米||36μg/立方米|actual|
同比增长6%|下降8%||8%|actual|6/-8 %
同比增长6%|同比增长8%||8%|actual|6/8 %
较上年下降5%|上升3%||3%|actual|5/-3 %
较上年下降5%|下降6.3%||6.3%|actual|5/6.3 %
提高到95%|由97%下降至96%||97% 96%|actual|
≥2万人次|20860||20860|actual|2/2.086 万人次
≥2万人次|15000||15000|actual|2/1.5 万人次
≥2万剂次|2.086||2.086|actual|2/2.086 万剂次
≥2万剂次|20860||20860|actual|2/2.086 万剂次
≥2万工日|2.086||2.086|actual|2/2.086 万
≥2万工日|20860||20860|actual|2/2.086 万
≤1200万元|11600000||11600000|actual|1200/1160 万元
≥1.2亿元|12350||12350|actual|
≥1.2亿元|1.3||1.3|actual|1.2/1.3 亿元
≤16/10万|12.5/10万||12.5/10万|actual|16/12.5 /10万
≤16/10万|18.5||18.5|actual|16/18.5 /10万
≤200例/10万人|216例/10万||216例/10万|actual|200/216 例/10万人
≤0|3.2%||3.2%|actual|0/3.2 %
≤0|-3.2%||-3.2%|actual|0/-3.2 %
0起|未收到投诉||0|actual|0/0 起
0起|全年未发生安全事故||0|actual|0/0 起
不少于2场/月|25场||25场|actual|24/25 场
不少于2场/月|20场||20场|actual|
100%|0.96||0.96|actual|100/96 %
≥95%|0.97||0.97|actual|
≥95%|0.949||0.949|actual|95/94.9 %
100%|1||1|actual|
不少于2场/月|24||24|actual|24/24 场
不少于2场/月|2场||2场|actual|2/2 场
不少于2场/月|1场||1场|actual|2/1 场
不少于2场/月|每月3场||3场|actual|2/3 场/月
不超过2场/月|20场||20场|actual|
不超过2场/月|25场||25场|actual|24/25 场
每周1场|52场||52场|actual|
每月500元|6000元||6000元|actual|
4次/季|4次/季度||4次/季度|actual|4/4 次/季
4次/季|16次||16次|actual|
不低于38%(较上年提升2个百分点)|40.2%(较上年提升2.4个百分点)||40.2% 2.4个百分点|actual|38/40.2 %
90%|100||100|actual|90/100 %
≤90万元|90||90|actual|90/90 万元
5亿元|6.47亿元||6.47亿元|actual|5/6.47 亿元
20万元|198000元||198000元|actual|20/19.8 万元
400元/人、天|180元/人、天||180元/人、天|actual|400/180 元/人、天
15万元。|按合同10.5万元。||10.5万元|actual|15/10.5 万元
100%|100%覆盖||100%|actual|100/100 %
≥3|4个||4个|actual|3/4 个
0.9%|0.3‰||0.3‰|actual|0.9/0.03 %
≥95%|≥95%||||
90%|≥90%||||
98%以上|98%以上||||
至少全年完成2次宣传|已完成100%||||
290%|90%||90%|actual|
250|50||50|actual|
≥95%|0.98||0.98|actual|
≥520人次|500人||500人|actual|
10万元|已完成100%||||
≥95%|达成预期指标||||
100%|无||||
≥2项|2021年12月完成||||
≥3000人|超过5000人||5000人|actual|3000/5000 人
≥95%|90%以上||||
≤5天|3天以内||3天|actual|5/3 天
每月2次|24次||24次|actual|
每月2次|每月2次||2次|actual|2/2 次
每季度不少于1次|4次||4次|actual|4/4 次
≥1次/年|2次||2次|actual|1/2 次/年
300元/人/月|每人每月300元||300元|actual|300/300 元/人/月
≥3次|线上2次、线下3次||2次 3次|actual|
≥3次|共5次,其中线上2次||5次 2次|actual|3/5 次
≥3次|2次(线上1次、线下1次)||2次 1次 1次|actual|3/2 次
13个乡镇、156个村|156个村||156个|actual|
13个乡镇、156个村|13个乡镇、150个村||13个 150个|actual|13/13 个;156/150 个
≥95%，≥90%|96%，85%||96% 85%|actual|95/96 %;90/85 %
100%(3133人)|100%(3037人)||100% 3037人|actual|100/100 %;3133/3037 人
100%(5人)|100||100|actual|100/100 %
下降5%|-4.5%||-4.5%|actual|
零投诉|0起||0起|actual|0/0 起
≥50个|45家||45家|actual|
0起|未发生||0|actual|0/0 起
0起|无||0|actual|0/0 起
零投诉|无投诉||0|actual|0/0
≥3次|无||||
≥3次|两次||2次|actual|3/2 次
10万元|8万||8万|actual|10/8 万元
5万|48000元||48000元|actual|5/4.8 万
5万|5万||5万|actual|5/5 万
||3037人||reason|
"""


@pytest.mark.parametrize("line", PAIRS.strip().splitlines())
def test_measured_value_and_what_it_compares_with(line: str) -> None:
    """The own cell comes first, then the number leading the reason; bands, thresholds and dates measure nothing."""
    target, actual, reason, value, source, pairs = line.split("|")
    told = read_actual(actual or None, reason or None, read_target(target or None))
    if not target:
        assert told is not None and told.source == "reason" and not told.pairs
        return
    assert told is not None
    assert " ".join(f"{q.value}{q.unit.written}" for q in told.measured) == value
    assert (told.source or "") == source
    assert ";".join(f"{p.aim}/{p.measured.normalize():f} {p.unit}".strip() for p in told.pairs) == pairs


@pytest.mark.parametrize(
    ("name", "target", "actual", "pairs"),
    [
        ("每月巡查次数", "≥1次", "12次", "12/12 次"), ("每月巡查次数", "1", "12", "12/12"), ("每月巡查次数", "≥2次", "2次", "2/2 次"), ("每月巡查次数", "≥2次", "3次", ""),
        ("每月发放率", "100%", "100%", "100/100 %"), ("每月补贴标准", "500元", "550元", "500/550 元"), ("每人每月探访次数", "≥2次", "3次", "2/3 次"),
    ],
)  # fmt: skip
def test_a_period_in_the_name_may_be_that_of_the_target_or_not(name: str, target: str, actual: str, pairs: str) -> None:
    """A count beside a target of so many a month compares only where the month and the year lead to the same answer."""
    told = read_actual(actual, None, read_target(target, name, "数量"), name)
    assert told is not None and ";".join(f"{p.aim}/{p.measured.normalize():f} {p.unit}".strip() for p in told.pairs) == pairs


@pytest.mark.parametrize(("target", "actual", "repeats"), [("1:5", "1:5", False), ("1∶5", "1：5", False), ("3比7", "3比7", False), ("≥1:5", "≥1:5", True), ("专款专用", "专款专用", True)])
def test_a_ratio_said_again_is_a_result(target: str, actual: str, repeats: bool) -> None:
    """1:5 beside 1:5, with whatever colon, measures something and is no pair of numbers; nothing says which way is better."""
    told = read_actual(actual, None, read_target(target, "师生比", "数量"), "师生比")
    assert told is not None and not told.pairs and told.repeats is repeats


@pytest.mark.parametrize("text", ["≥95%", "≥ 266米", "不低于95%", "98%以上"])
def test_a_threshold_in_the_actual_cell_is_no_measurement(text: str) -> None:
    """A copied operator marks a copied target."""
    told = read_actual(text, None, read_target(text))
    assert told is not None and told.copies and not told.measured


@pytest.mark.parametrize("target", [">=5000亩", "=5000亩", "5000亩"])
def test_a_sign_of_equality_in_the_actual_cell_is_a_measurement(target: str) -> None:
    """Forms of systems write what was reached as =5000亩: that is no limit."""
    told = read_actual("=5000亩", None, read_target(target))
    assert told is not None and not told.copies and [f"{q.value}{q.unit.written}" for q in told.measured] == ["5000亩"]


BANDS = {
    "达成": "达成指标 达成预期指标 达成年度指标 达成年度目标 已完成 完成 全部完成 全部达成 已完成100% 完成目标 已达标 按时完成 达成 均已完成 圆满完成 达成预期效果 完成。",
    "部分达成": "部分达成 部分达成年度指标并具有一定效果 部分达成预期指标并具有一定效果 部分完成 大部分完成",
    "未达成": "未达成 未达成且效果较差 未达成年度指标且效果较差 未完成 未达成预期指标且效果较差 未开展 未达到预期目标",
    "": "及时 有效 建设中 98% 已按要求完成预算 基本完成 完成12场 有提升 无 100%覆盖 未发生事故",
}


@pytest.mark.parametrize(("band", "text"), [(band, text) for band, texts in BANDS.items() for text in texts.split()])
def test_band_words(band: str, text: str) -> None:
    """Only a whole cell of status words is a band."""
    assert (read_band(text) or "") == band


# reason | text left | substance null | clauses
REASONS = """
3037人,按照实际符合条件的残疾人参保|按照实际符合条件的残疾人参保|n|1
28次||y|0
28次。||y|0
100人、19家,申请补贴的企业或残疾人减少|申请补贴的企业或残疾人减少|n|1
881人,残疾人死亡或转到外区,只出不进|残疾人死亡或转到外区,只出不进|n|2
执行率99.18%|执行率99.18%|y|1
实际完成率为97%|实际完成率为97%|y|1
完成12场|!|y|0
补贴人数减少|补贴人数减少|n|1
3个项目未实施,因天气|3个项目未实施,因天气|n|2
2023年预算调整|2023年预算调整|n|1
10月因疫情停办|10月因疫情停办|n|1
1、因天气原因推迟|1、因天气原因推迟|n|1
预算执行率偏低，因项目未验收|预算执行率偏低,因项目未验收|n|2
19家企业，申请减少|申请减少|n|1
6人外出务工|6人外出务工|n|1
13户自愿放弃|13户自愿放弃|n|1
1个标段返工|1个标段返工|n|1
3人调离|3人调离|n|1
2批次仍在立案|2批次仍在立案|n|1
28次活动||y|0
"""


@pytest.mark.parametrize("line", REASONS.strip().splitlines())
def test_reason_text_behind_leading_numbers(line: str) -> None:
    """Numbers with units that open the cell go; words that only restate a figure have no substance."""
    text, left, bare, clauses = line.split("|")
    reason = read_reason(text)
    assert reason is not None
    if left != "!":
        assert (reason.text or "") == left
        assert reason.clauses == int(clauses)
    assert (reason.substance is None) == (bare == "y")


@pytest.mark.parametrize("text", [None, "", "　 ", "—", "/", "-", "。", "无", "无。", "不适用", "N/A", "无偏差"])
def test_blank_reason(text: str | None) -> None:
    """Blank cells, marks and words for none are no reason."""
    assert read_reason(text) is None


def test_a_fraction_of_a_rate_compares_with_a_percentage() -> None:
    """0.95 as the target of a rate is 95 %; 98 %, 98 and 0.98 all compare with it in its own digits."""
    target = read_target("0.95", "群众满意率")
    for text in ("98%", "98", "0.98"):
        told = read_actual(text, None, target, "群众满意率")
        assert told is not None and [f"{p.aim} {p.measured.normalize():f}" for p in told.pairs] == ["0.95 0.98"]


@pytest.mark.parametrize(("target", "actual", "mismatch"), [("≥50个", "45家", "个 / 家"), ("10场次", "30人", "场次 / 人"), ("10场次", "12次", None), ("100%", "12次", "% / 次"), ("≥50个", "45", None), ("100%(3133人)", "3037户", "人 / 户"), ("10万元", "已完成100%", None), ("5公里", "5000米", None), ("每月2次", "24次", None), ("每月2次", "24人", "次 / 人"), ("400元/人", "8000元", "元/人 / 元"), ("≤2小时", "90分钟", None), ("50元/公里", "50元/米", "元/公里 / 元/米"), ("50元/公里", "48元/千米", None), ("50元/小时", "48元/分钟", "元/小时 / 元/分钟")])
def test_unit_mismatch(target: str, actual: str, mismatch: str | None) -> None:
    """Only a count of another thing is a mismatch; a count beside a rate is one; synonyms, multiples and bare numbers are not."""
    told = read_actual(actual, None, read_target(target))
    assert told is not None and told.mismatch == mismatch


@pytest.mark.parametrize(("name", "target", "actual", "measured"), [("税收增长率", "≥5%", "同比下降8%", "-8"), ("税收增长率", "≥5%", "同比增长8%", "8"), ("能耗下降率", "≥3%", "下降3.4%", "3.4"), ("能耗下降率", "≥3%", "上升3.4%", "-3.4"), ("税收", "≥5%", "下降8%", "8")])
def test_a_fall_where_the_name_says_growth(name: str, target: str, actual: str, measured: str) -> None:
    """A change against the way the indicator's name goes is below zero; where neither name nor target says a way it stays as written."""
    told = read_actual(actual, None, read_target(target, name), name)
    assert told is not None and [f"{pair.measured:f}" for pair in told.pairs] == [measured]


@pytest.mark.parametrize(("target", "actual", "mismatch"), [("不少于2场/月", "25场", None), ("2次/季", "8次", None), ("5000元/学期", "10000元", None), ("≤400元/人", "385元", "元/人 / 元"), ("2场/月", "25人", "场/月 / 人")])
def test_a_rhythm_is_no_other_unit(target: str, actual: str, mismatch: str | None) -> None:
    """25场 in the year counts the 场 of 场/月; 元 and 元/人 are two measures."""
    told = read_actual(actual, None, read_target(target))
    assert told is not None and told.mismatch == mismatch


@pytest.mark.parametrize(("target", "actual", "pair"), [("≤2小时", "90分钟", "2 1.5 小时"), ("30分钟内", "1小时", "30 60 分钟"), ("≤2小时", "150分钟", "2 2.5 小时")])
def test_hours_and_minutes_compare(target: str, actual: str, pair: str) -> None:
    """A limit in hours and a result in minutes are the same measure."""
    told = read_actual(actual, None, read_target(target))
    assert told is not None and [f"{p.aim} {p.measured.normalize():f} {p.unit}" for p in told.pairs] == [pair]


@pytest.mark.parametrize(
    ("target", "actual", "pairs"),
    [
        ("≤12分钟", "11分38秒", "720/698 秒"), ("≤12分钟", "12分30秒", "12/12.5 分钟"), ("≤90分钟", "1小时20分", "90/80 分钟"), ("≤2小时", "1小时30分钟", "2/1.5 小时"),
        ("≤30秒", "25秒", "30/25 秒"), ("≥90分", "92分", "90/92 分"),
    ],
)  # fmt: skip
def test_times_of_two_units_are_one_quantity(target: str, actual: str, pairs: str) -> None:
    """11分38秒 is one time; where it is no exact number of the target's unit both are compared in the finer one. 分 alone are points."""
    read = read_actual(actual, None, read_target(target), "平均时间")
    assert read is not None and read.mismatch is None
    assert ";".join(f"{pair.aim.normalize():f}/{pair.measured.normalize():f} {pair.unit}" for pair in read.pairs) == pairs


def test_a_day_of_the_last_month_is_no_quantity() -> None:
    """每季度末月25日前 gives a day, nothing that is counted."""
    target = read_target("每季度末月25日前")
    assert target is not None and target.main is None


@pytest.mark.parametrize(
    ("reason", "substance"),
    [("完成值为66%，比指标值70%低4个百分点", None), ("比目标少3家", None), ("完成66%，低于70%的目标", None), ("比目标少3家，1家企业注销", "家企业注销"), ("报名少2人", "报名")],
)
def test_by_how_much_a_target_was_missed_is_no_reason(reason: str, substance: str | None) -> None:
    """The distance to the target only restates the figures; what stands beside it counts."""
    read = read_reason(reason)
    assert read is not None and (read.substance is None) == (substance is None)
    assert substance is None or substance[-2:] in (read.substance or "")
