"""Readings of target cells: operator, value, unit, bases, direction, words."""

from __future__ import annotations

from decimal import Decimal

import pytest

from checker.values.direction import named_direction
from checker.values.kind import read_kind
from checker.values.level import level1_class
from checker.values.target import is_reference, is_vague, read_target

# text | name | level-2 class | operator | value | unit | bases | measured | direction | comparator
CASES = """
100%(3133人)|应保尽保率|数量||100|%|3133人|1|higher|implied
100%（3133人）|应保尽保率|数量||100|%|3133人|1|higher|implied
100%(115人,20家企业)||质量||100|%|115人 20家|2|higher|implied
100%(5家(盲协、肢协、聋协))|协会指导数量|数量||100|%|5家|1|higher|implied
100%准确(3133人)||质量||100|%|3133人|1|higher|implied
100%(14个街镇)|培训街镇覆盖率|质量||100|%|14个|1|higher|implied
100%1000件|灭火设备配备率|数量||100|%|1000件|1|higher|implied
100%|残疾等级审核无误率|质量||100|%||0|higher|implied
100%|政府采购执行率|质量||100|%||0|equal|implied
95%|预算执行率|||95|%||1|equal|missing
≥95%|预算执行率||≥|95|%||1|higher|written
≤200/10万|发病率|社会效益|≤|200|/10万||1|lower|written
≤33微克/立方米|PM2.5浓度||≤|33|微克/立方米||1|lower|written
≤33|PM2.5浓度||≤|33|||1|lower|written
≥95以上|群众满意度||≥|95|%||1|higher|doubled
≥85贝尔|噪声达标率||≥|85|||1|higher|written
16/10万|孕产妇死亡率|||16|/10万||1|lower|missing
不低于38%（较上年提升2个百分点）|回收利用率||≥|38|%||1|higher|written
≥1000万元|项目总成本|成本|≥|1000|万元||1||written
≥1000万元|成本节约额|成本|≥|1000|万元||1|higher|written
5000元/人|救助标准|成本||5000|元/人||1||missing
5000元/人|救助标准|数量||5000|元/人||1|higher|missing
>=520人次|观影人次数量|质量|≥|520|人次||1|higher|written
＞＝520人次|||≥|520|人次||1|higher|written
> =520人次|||≥|520|人次||1|higher|written
≧735人次|||≥|735|人次||1|higher|written
≦10次|||≤|10|次||1|lower|written
═100%|||=|100|%||0|equal|written
＝100％|||=|100|%||0|equal|written
=100|按时发放率||=|100|%||0|equal|written
≥100百分比|||≥|100|百分比||0|higher|written
不低于95%|||≥|95|%||1|higher|written
不少于12种|||≥|12|种||1|higher|written
98%以上|||≥|98|%||1|higher|written
辖区企业满意率达95%以上。|||≥|95|%||1|higher|written
小于0.9‰|||<|0.9|‰||1|lower|written
控制在3%以内|||≤|3|%||1|lower|written
不超过30万元|||≤|30|万元||1|lower|written
≤30万元|||≤|30|万元||1|lower|written
至少全年完成2次宣传|宣传次数|数量|≥|2|次||1|higher|written
>=95%以上参与活动的残疾人认为有促进作用|||≥|95|%||1|higher|doubled
有95%的残疾人认为有提升|残疾人生活质量提升作用|社会效益||95|%||1||missing
290%|开工率|时效||290|%||1||missing
120%|营业收入增长率|||120|%||1|higher|missing
0.9%|森林火灾受害率|||0.9|%||1|lower|missing
0起|重大森林火灾|社会效益||0|起||1|lower|missing
0人次|人员伤亡事故|||0|人次||1|lower|missing
63|成本控制数（万元）|成本||63|万元||1|lower|missing
20万元|项目计划总投资|成本||20|万元||1|lower|missing
1000万元|每年财政补助1000万元|||1000|万元||1||missing
400元/人、天|培训成本|成本||400|元/人、天||1|lower|missing
38508人|补助对象|数量||38508|人||1|higher|missing
38508人|补助对象||||人||1||missing
12个|投诉件数|数量||12|个||1|lower|missing
90%|投诉处理及时率|质量||90|%||1|higher|missing
90%|退捕渔民抽样调查满意度|||90|%||1|higher|missing
5万|以低价位高质量为采购原则|成本||5|万||1|lower|missing
25TB|一个存储备份器|数量||25|TB||1|higher|missing
≥8万亩|国家级公益林管护面积||≥|8|万亩||1|higher|written
百分之九十五以上|||≥|95|%||1|higher|written
一次|宣传次数|数量||1|次||1|higher|missing
≥1,234.50万元|||≥|1234.50|万元||1|higher|written
1|完成中型灌区节水改造项目数量|数量||1|||1|higher|missing
自申请之日起15个工作日内完成发放||时效|≤|15|个工作日||1|lower|written
≥1次/年|巡查次数|数量|≥|1|次/年||1|higher|written
每季度不少于1次|巡查次数|数量|≥|1|次||1|higher|written
2000人以上|||≥|2000|人||1|higher|written
达到90%|||≥|90|%||1|higher|written
大于等于90%|||≥|90|%||1|higher|written
90分以上|||≥|90|分||1|higher|written
同比增长10%|收入|||10|%||1|higher|missing
同比增长10%|支出|||10|%||1|lower|missing
下降5%|单位水耗|||5|%||1|higher|missing
较上年提高5个百分点||||5|个百分点||1|higher|missing
零投诉|服务对象|||0|||1|lower|missing
365天|开放|数量||365|天||1||missing
60（人）|受训对象|数量||60|人||1|higher|missing
20台(1批)|设备|数量||20|台||1|higher|missing
100Mbps|带宽|数量||100|Mbps||1|higher|missing
5km²|治理|数量||5|km²||1|higher|missing
≤2万元/公里||成本|≤|2|万元/公里||1|lower|written
50元/人/月|补助标准|数量||50|元/人/月||1||missing
培训2期、100人次|培训|数量||2|期||2|higher|missing
优秀率≥30%，合格率100%|||≥|30|%||1|higher|written
2018.5|成本控制数（万元）|成本||2018.5|万元||1|lower|missing
2000.5亩|造林|数量||2000.5|亩||1|higher|missing
0.95|群众满意度|||0.95|||1|higher|missing
"""


def _rows() -> list[list[str]]:
    return [line.split("|") for line in CASES.strip().splitlines()]


@pytest.mark.parametrize("row", _rows(), ids=lambda row: f"{row[0]}-{row[1]}")
def test_target_is_read_as_written(row: list[str]) -> None:
    """A target cell gives operator, value, unit, bases, count of quantities, direction and comparator."""
    text, name, level2, operator, value, unit, bases, measured, direction, comparator = row
    target = read_target(text, name or None, level2 or None)
    assert target is not None and target.main is not None
    assert (target.operator or "") == operator
    if value:
        assert target.main.value == Decimal(value)
    assert target.main.unit.written == unit
    assert " ".join(f"{q.value}{q.unit.written}" for q in target.bases) == bases
    assert target.measured == int(measured)
    assert (target.direction or "") == direction
    assert target.comparator == comparator


@pytest.mark.parametrize(
    ("text", "vague"),
    [("有提升", True), ("有保障作用", True), ("有获奖", True), ("完善", True), ("效果明显", True), ("显著提升", True), ("改善条件", True), ("不断提升", True), ("及时", True), ("良好", True), ("有效", True),
     ("严格执行相关制度规定", False), ("专款专用", False), ("资源采购期以当年为主", False), ("独有数据资源查询,查询范围可扩展到省图", False), ("是", False), ("公益性事业", False), ("符合相关规定", False), ("2021年12月完成", False), ("与合同约定条款一致", False)],
)  # fmt: skip
def test_only_words_that_measure_nothing_are_vague(text: str, vague: bool) -> None:
    """Vague targets hold words of the lexicon and nothing else; criteria and dates are not vague."""
    assert is_vague(text) is vague
    target = read_target(text)
    assert target is not None and target.main is None and target.vague is vague


def test_a_deed_is_not_vague() -> None:
    """Whether a thing was set up, or is more than last year, can be checked, whatever the indicator is called; that it got better cannot."""
    assert not is_vague("较上年增加", "水鸟种类") and not is_vague("同比有所下降", "发病率") and is_vague("有所增加", "水鸟种类")
    assert not is_vague("建立健全长效管护机制", "管护机制") and is_vague("健全长效管护机制", "管护机制")


@pytest.mark.parametrize(
    ("name", "direction"),
    [("资金支出率", "higher"), ("项目支出进度", "higher"), ("支出预算执行率", None), ("支出规范性", None), ("费用占比", None), ("人均费用", "lower"), ("成本控制率", "lower"), ("人员变动率", "lower"), ("结转结余率", "lower"), ("投诉率", "lower"), ("投诉处理及时率", "higher"), ("事故发生率", "lower"), ("森林火灾受害率", "lower"), ("火灾扑灭率", "higher"), ("森林火灾受害面积", "lower"), ("项目支出完成率", "higher"),
     ("培训成本", "lower"), ("降低成本", None), ("压减一般性支出", None), ("成本节约率", "higher"), ("受灾人数", None), ("受灾人员救助人数", "higher"), ("违法案件数量", None), ("违法案件查处数量", "higher"), ("隐患排查整改数量", "higher"), ("培训人数", "higher"), ("在职人员数量", None), ("群众满意度", "higher"), ("政府采购执行率", None), ("高血压随访控制数", "higher"), ("三公经费控制数", "lower"), ("基础养老金最低标准", "higher"), ("患者管理率", "higher"), ("任务执行率", "higher"), ("道路改造", None), ("受益面积", "higher"), ("电影播放场次数量（场）", "higher"), ("安全生产事故", "lower"), ("发生案件", "lower"), ("法律援助案件", None), ("陪审案件数", None), ("审结案件", None), ("查处违法案件", None), ("投诉处理时限", "lower"), (None, None)],
)  # fmt: skip
def test_direction_from_the_name(name: str | None, direction: str | None) -> None:
    """The head of the name decides; counts of adverse things and reductions decide nothing."""
    assert named_direction(name) == direction


def test_words_of_the_name_do_not_make_a_criterion() -> None:
    """养老服务提升 under 老年人日益增加的养老服务需求 says no more than 提升."""
    assert is_vague("养老服务提升", "老年人日益增加的养老服务需求") and not is_vague("养老服务提升", "道路改造")


def test_reference_stands_for_content() -> None:
    """Only a reference that sets indicators counts, not a criterion of quality or a deadline in a contract."""
    assert is_reference(None, "根据沪财绩【2022】13号文的规定要求设置三级指标和指标值")
    assert is_reference("详见附件", None)
    for text in ("严格执行相关制度规定", "届时根据市级文件要求及时发放", "与合同约定条款一致", "符合相关规定", "按照规定执行率达到90%"):
        assert not is_reference(text, None), text


@pytest.mark.parametrize("text", ["80%-90%", "80%～90%", "80－90%", "80%至90%", "80%≤X≤90%", "80%＜满意度≤90%", "[80%,90%]", "(80%，90%]", "［80%,90%）"])
def test_range_keeps_both_ends(text: str) -> None:
    """A range has a lower and an upper end and direction range."""
    target = read_target(text)
    assert target is not None and target.main is not None
    assert (target.main.value, target.main.high, target.direction, target.main.unit.written) == (80, 90, "range", "%")


@pytest.mark.parametrize("text", ["9月前", "2021年12月完成", "2021年12月31日", "2021年底", "1-12月", "2020年全年。", "2020年", "2021.12.31", "2023-2025年", "根据沪财绩【2022】13号文", "2023.5-2023.11", "1,234,56元", "5G网络", "1:1", "7*24小时", "预算数以内", "不低于上年", "4A级", "第3季度", "每月25日", "1、2、3号楼完好", "12月之前", "PM2.5达标", None, "", "　", "—"])
def test_dates_and_numbers_of_documents_are_no_quantities(text: str | None) -> None:
    """Dates, document numbers, ordinals and codes give no target value."""
    target = read_target(text)
    assert target is None or target.main is None


@pytest.mark.parametrize(
    ("text", "name", "level2", "kind"),
    [("及时", "发放及时性", "时效", "timeliness"), ("≥95%", "按时开工率", "时效", "quantity"), ("≥360天", "服务", "时效", "quantity"), ("15个工作日内", "发放", "时效", "timeliness"), ("有提升", "便捷性", "社会效益", "quality"),
     ("100%(1场)", "场次", "数量", "quantity"), (None, "场次", "数量", None), ("6月底前", "资金发放及时性", None, "timeliness"), ("6月底前", "验收", "质量", "quality"),
     ("不适用", "不适用", "经济效益", None), ("不涉及。", "土地征收面积", "数量", None), ("无", "安全事故", "质量", "quality"), ("不适用人员清退率100%", "清退率", "质量", "quantity")],
)  # fmt: skip
def test_kind(text: str | None, name: str, level2: str | None, kind: str | None) -> None:
    """Rates and counts under 时效 are measured; limits of time and words there are timeliness; what does not apply is of no kind."""
    assert read_kind(read_target(text, name, level2), name, level2) == kind


@pytest.mark.parametrize(
    ("label", "level1"),
    [("经济指标", "效益"), ("社会指标", "效益"), ("生态指标", "效益"), ("技术指标", "其他"), ("人才指标", "其他"), ("经济成本指标", "成本")],
)
def test_level_1_of_forms_of_science_programmes(label: str, level1: str) -> None:
    """经济指标, 社会指标 and 生态指标 beside 产出指标 are benefits; 技术指标 is a class of the form's own."""
    assert level1_class(label) == level1
