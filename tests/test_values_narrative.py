"""Narratives: numbers matched to indicators, goals without an answer, other years, sums, residues."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.fuzz import ratio
from yardstick import at_most

from checker.values import goals
from checker.values.likeness import likeness
from checker.values.narrative import (
    admissions,
    admitted,
    concerning,
    narrated,
    object_of,
    quoted_rate,
    statements,
    widespread,
)
from checker.values.reason import on_funds, stated
from checker.values.residue import document_number_fault, is_cut_text, markup_left, prompt_left
from checker.values.units import read_unit
from checker.values.wording import action_mismatch, bare_name, bigrams, is_cut, stem

NONE: frozenset[str] = frozenset()

# name | unit | narrative | value
MATCHES = """
电影播放场次数量|场次|全年区残联组织播放观看无障碍电影12场|12
电影播放场次数量|场次|各镇、街道社区无障碍电影放映点播放电影320场|
电影播放场次数量|场次|全年播放电影12场;上半年播放电影5场|12
电影播放场次数量|场次|播放电影12场,又播放电影3场|
电影播放场次数量|人|全年播放电影12场|
电影播放场次数量|场次|累计播放电影120场|
残疾人就业率|%|持续保持应届残疾大学生就业率100%|
残疾人就业率|%|残疾人就业率达98%|98
残疾人就业率|%|农村残疾人就业率达98%|
观影人次数量|人次|惠及残疾群众1.04万余人|
培训技术人员数量|人|共培训技术人员1.2万人|12000
培训技术人员数量|人|计划培训技术人员300人|
残疾人就业率|%|残疾人就业率提高3%|
残疾人就业率|%|残疾人就业率超额完成3%|
残疾人就业率|%|残疾人就业率提高到98%|98
税收收入增长率|%|税收收入增长6%|6
培训合格率|%|培训合格率93%|93
培训合格率|%|培训合格率达到93%|93
培训合格率|%|培训合格率提高3%|
培训合格率|%|设备培训合格率93%|
培训合格率|%|计划培训合格率95%|
农村公路养护里程|公里|完成农村公路养护里程35.6公里|35.6
农村公路养护里程|公里|完成农村公路养护里程35600米|35.6
农村公路养护里程|公里|农村公路安全检查35次|
传染病报告准确率|%|传染病报告及时率100%|
传染病报告准确率|%|传染病报告准确率达到99.5%|99.5
服务对象满意度|%|服务对象满意率为95%|95
参加比赛数量|次|组织参加排舞比赛等8项赛事|
"""


@pytest.mark.parametrize("line", MATCHES.strip().splitlines())
def test_number_in_the_narrative(line: str) -> None:
    """Object, unit and scope must agree before a number of the narrative counts for an indicator."""
    name, unit, text, value = line.split("|")
    found = narrated([read_unit(unit)], None, concerning(object_of(name, NONE), statements(text)))
    assert (f"{found.value.normalize():f}" if found else "") == value


def test_equal_number_wins_among_several() -> None:
    """Of several numbers for one object the one that equals the measured value is taken, so nothing contradicts."""
    told = concerning(object_of("电影播放场次数量", NONE), statements("播放电影12场。播放电影10场。"))
    assert narrated([read_unit("场")], None, told) is None
    found = narrated([read_unit("场")], Decimal(10), told)
    assert found is not None and found.value == 10


@pytest.mark.parametrize(
    ("told", "measured", "equal"),
    [("11万人次", 110406, True), ("11万人次", 115000, True), ("11万人次", 115001, False), ("11.0万人次", 110406, True), ("11.1万人次", 110406, False), ("110000人次", 110406, False), ("12万人次", 110406, False)],
)
def test_a_number_told_in_a_larger_unit_is_rounded(told: str, measured: int, equal: bool) -> None:
    """11万人次 tells 110406人次 to its digits; a number in the indicator's own unit must be the same."""
    found = narrated([read_unit("人次")], Decimal(measured), concerning(object_of("医疗救助人次", NONE), statements(f"医疗救助惠及{told}")))
    assert found is not None
    assert (found.value == measured) is equal


def test_about_words_are_marked() -> None:
    """余 and 约 make a number approximate."""
    found = narrated([read_unit("人")], None, concerning(object_of("培训技术人员数量", NONE), statements("培训技术人员约300人")))
    assert found is not None and found.approximate


@pytest.mark.parametrize(("text", "rate"), [("全年预算执行率为99.18%，完成各项任务", "99.18"), ("项目资金执行率98%。", "98"), ("道路改造项目资金执行率98%", ""), ("执行率约98%", ""), ("预算执行率98%。资金执行率97%", ""), ("满意度98%", ""), (None, "")])
def test_quoted_execution_rate(text: str | None, rate: str) -> None:
    """Only the exact rate of the whole budget is taken from a narrative."""
    found = quoted_rate(text)
    assert ("" if found is None else str(found)) == rate


def test_words_of_a_third_of_the_names_tell_nothing() -> None:
    """What many names share is no object."""
    names = [f"残疾人{word}数量" for word in ("就业", "康复", "培训", "体育", "维权", "托养")]
    assert {"残疾", "疾人"} <= widespread(names) and "就业" not in widespread(names)
    assert widespread(names[:3]) == frozenset()


# sentence | admits a shortfall of 道路改造工程面积
@pytest.mark.parametrize(("text", "admits"), [("道路改造工程因雨季滞后", True), ("道路改造工程尚未完工", True), ("道路改造工程未完成验收", True), ("道路改造工程无未完成事项", False), ("绿化补植工程滞后", False), ("道路改造工程已完成", False)])
def test_admitted_shortfall(text: str, admits: bool) -> None:
    """A clause admits a shortfall only with its object near and no denial."""
    assert (admitted(object_of("道路改造工程面积", NONE), admissions(text)) is not None) is admits


@pytest.mark.parametrize(
    ("goal", "result", "lost"),
    [
        ("一是推进“一网通办”建设。二是开展技能培训。", "开展残疾人技能培训3期。", ["推进“一网通办”建设"]),
        ("完成河道清淤工程。加强水质监测。", "完成河道清淤工程,水质监测稳步开展。", []),
        ("通过党建引领,实施古树名木保护。", "完成绿化养护。", ["实施古树名木保护"]),
        ("听党话、跟党走", "完成绿化养护。", []),
        ("1.完成脱贫户产业扶持1000户\n2.建设扶贫车间12个", "扶持1024户\n建成11个", []),
        ("1.完成脱贫户产业扶持1000户\n2.建设扶贫车间12个", "扶持1024户\n培训2130人次", ["建设扶贫车间12个"]),
        ("建设扶贫车间12个。建设图书馆3个。", "建成11个", ["建设图书馆3个"]),
        ("建设扶贫车间12个", "新建卫生厕所与污水管网11个", ["建设扶贫车间12个"]),
    ],
)
def test_unanswered_goals(goal: str, result: str, lost: list[str]) -> None:
    """A promise whose matter is not named in the result is unanswered; grounds and slogans are no promises."""
    assert list(goals.unanswered(goal, result) or ()) == lost


def test_unanswered_needs_both_texts_and_counts_indicators() -> None:
    """Without a text nothing is said; an indicator that names the matter answers it."""
    assert goals.unanswered(None, "x") is None and goals.unanswered("推进一网通办建设", None) is None
    assert goals.unanswered("推进政务大厅改造", "完成绿化养护", ["政务大厅改造面积"]) == ()


@pytest.mark.parametrize(("text", "general"), [("完成", True), ("完成年度目标。", True), ("通过项目实施，完成了年度工作任务。", True), ("已按要求完成各项工作任务", True), ("已完成援滇人员相关经费支付。", False), ("完成道路改造工程", False), (None, None)])
def test_general_result(text: str | None, general: bool | None) -> None:
    """A result that names no matter only says all is done; then no goal is called unanswered."""
    assert goals.is_general(text) is general
    if general:
        assert goals.unanswered("开展“社区一家亲”系列活动", text) == ()


@pytest.mark.parametrize(
    ("text", "year", "stale"),
    [("为2023年区残联换届做好准备", 2023, True), ("为2024年区残联换届做好准备", 2023, False), ("根据闵行区残联2022年工作以及2023年计划", 2023, False), ("完成2020年度重点工作任务", 2023, True), ("完成2022年度重点工作任务", 2023, False),
     ("自2015年以来持续开展的重点工作", 2023, False), ("取得2018-2022年监测资料", 2022, False), ("依据财预〔2020〕10号开展绩效目标管理", 2023, False), ("为2023年换届做好准备", None, False)],
)  # fmt: skip
def test_stale_goal(text: str, year: int | None, stale: bool) -> None:
    """A goal that prepares for its own year or sets an older year's work is from another year; histories and documents are not."""
    assert (goals.stale(text, year) is not None) is stale


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("共培训100人,其中男60人、女50人", True),
        ("共培训100人,其中男60人、女40人", False),
        ("共培训100人,其中优秀学员30人", False),
        ("共培训100人,分别为男60人、女30人", True),
        ("支付30万元、支付30万元、支付29.99万元,共完成89.97万元", True),
        ("支付30万元、支付30万元、支付29.97万元,共完成89.97万元", False),
        ("举办培训3次,参加20人次,现场30人次,共服务5000人次", False),
        ("共投入1.5万元,其中材料费10000元、人工费5000元", False),
        ("共投入约100万元,其中甲60万元、乙50万元", False),
        ("共3个项目,其中投资500万元", False),
        ("本项目共完成预算资金89.97万元。其中：30万元用于预算编制；30万元用于审计；29.99万元用于设计。", True),
        ("本项目共申请预算资金90万元。其中：30万元用于预算编制；30万元用于审计；30万元用于设计。", False),
        ("共培训100人,其中男60人;另发放补贴200人", False),
        ("共培训100人。另有其中的30人参加了复训。", False),
        ("新建改建道路24.6公里,其中新建10公里、改建16公里", True),
        ("新建改建道路24.6公里(其中新建10公里、改建14.6公里)", False),
        ("完成投资1200万元,其中中央资金800万元,省级资金450万元", True),
        ("下达资金1200万元,其中中央资金800万元,本年支出700万元", False),
        ("培训1200人,其中女性800人、党员600人", False),
    ],
)
def test_sums_in_narratives(text: str, fault: bool) -> None:
    """Parts must make their total where the sentence says so; open lists, rounded and other measures are left alone."""
    assert (goals.sum_fault(text) is not None) is fault


def test_a_wrong_sum_is_told_without_the_clauses_around_it() -> None:
    """The clauses from the first number of the sum to its last are quoted, no others."""
    told = goals.sum_fault("群众受益;新建改建道路24.6公里,其中新建10公里、改建16公里;培训人员1100人次")
    assert told == "新建改建道路24.6公里,其中新建10公里、改建16公里(10 + 16 = 26 ≠ 24.6)"


@pytest.mark.parametrize(("text", "count"), [("一、完成2次培训;2、新建3座泵站", 2), ("根据2022年工作以及2023年计划,完善“一人一档”", 0), ("“十四五”规划〔2022〕13号", 0), ("满意度达到95%以上", 1), ("1.完成任务。2.加强管理。", 0), (None, None)])
def test_goal_quantities(text: str | None, count: int | None) -> None:
    """Years, list marks, document numbers and plan names are no quantities of a goal."""
    assert goals.count_quantities(text) == count


def test_downgrade_needs_the_same_matter() -> None:
    """Full coverage promised and gradual building reported on the same matter is a downgrade; other matters are not."""
    assert goals.downgrade("三级法律服务网络全覆盖", "逐步构建居村三级法律服务网络") == "三级法律服务网络全覆盖 → 逐步构建居村三级法律服务网络"
    assert goals.downgrade("三级法律服务网络全覆盖", "逐步构建社区康复体系") is None
    assert goals.downgrade("三级法律服务网络全覆盖", None) is None
    assert goals.downgrade("群众出行难问题得到根本性解决", "群众出行难问题得到基本性解决") is not None
    assert goals.downgrade("全面建成全市养老服务体系", "基本建成全市养老服务体系") is not None


def test_what_the_goal_itself_promises_no_more_of_is_no_downgrade() -> None:
    """基本建成 answers 基本建成."""
    assert goals.downgrade("基本建成全市养老服务体系", "基本建成全市养老服务体系") is None


LONG = "完成年度各项工作任务。" * 20


@pytest.mark.parametrize(
    ("text", "cut"),
    [(None, None), ("完成全年任务", False), (LONG, False), (LONG + "推进残疾", True), (LONG + "按期完成", False), (LONG + "共完成30项", False), (("推进各项工作" * 200)[:987], True), (("推进各项工作" * 200)[:800], False), (("推进各项工作" * 200)[:986] + "。", False), ("推进残疾", False)],
)
def test_cut_text(text: str | None, cut: bool | None) -> None:
    """A text that fills its field or breaks off in a stub is cut; short texts and closed sentences are not."""
    assert is_cut_text(text) is cut


SIBLINGS = tuple(map(bare_name, ("促进残疾劳动者就业区级补贴及奖励发放完成率", "促进残疾劳动者就业区级补贴及奖励发放及时性", "养老服务补贴发放率", "养老服务补贴发放及时性", "养老服务补贴")))


@pytest.mark.parametrize(("name", "cut"), [("促进残疾劳动者就业区级补贴及奖", True), ("促进残疾劳动者就业区级补贴及", True), ("养老服务补贴", False), ("养老服务补贴发放率", False), ("电影播放", False), ("设备采购（含", True), ("维修改造及", True), ("群众满意度", False), ("", False)])
def test_cut_name(name: str, cut: bool) -> None:
    """A name is cut when it ends in a joining word or where its siblings go on; a shorter whole name is not."""
    assert is_cut(name, SIBLINGS) is cut


@pytest.mark.parametrize(("name", "core"), [("电影播放场次数量", "电影播放"), ("指标1：学生满意度", "学生满意"), ("★安装坡面水标尺", "安装坡面水标尺"), ("1、农户施肥情况调查（户）", "农户施肥情况调查户"), ("覆盖率", "覆盖率"), ("（一）培训人次", "培训")])
def test_stem(name: str, core: str) -> None:
    """The stem of a name is what is counted."""
    assert stem(name) == core


@pytest.mark.parametrize(("name", "target", "acts"), [("全区重残人员医疗保险投保及时性", "届时根据市级文件要求及时发放", "投保 / 发放"), ("养老补助划拨及时性", "及时发放", None), ("帮扶及时性", "15个工作日内完成发放", None), ("发放及时性", "及时", None), (None, "发放", None)])
def test_action_mismatch(name: str | None, target: str | None, acts: str | None) -> None:
    """Name and target must speak of the same act when both name one; synonyms are the same act."""
    assert action_mismatch(name, target) == acts


RESIDUES = [
    (markup_left, "<p>2023年</p>", "<p>"), (markup_left, "a&nbsp;b", "&nbsp;"), (markup_left, "≥95%且<100人", None), (markup_left, "x<y>z 3<5", "<y>"), (markup_left, None, None),
    (prompt_left, "(100字以内)", "(100字以内)"), (prompt_left, "项目资金测算标准(文字描述)", "(文字描述)"), (prompt_left, "(-年-月-日)", "(-年-月-日)"), (prompt_left, "XX街道", "XX"), (prompt_left, "对照年度目标,说明完成情况", "对照年度目标,说明"), (prompt_left, "示范项目完成率100%", None), (prompt_left, "XXL", None), (prompt_left, "严格执行说明书要求", None),
    (document_number_fault, "根据沪财绩【2022】13号文", "沪财绩【2022】13号"), (document_number_fault, "沪财绩(2022)13号", "沪财绩(2022)13号"), (document_number_fault, "财预〔2020〕10号", None), (document_number_fault, "财预[2020]010号", "财预[2020]010号"), (document_number_fault, "（2023）年", None), (document_number_fault, "教室(2022)", None),
]  # fmt: skip


@pytest.mark.parametrize(("reader", "text", "found"), RESIDUES)
def test_residue(reader: object, text: str | None, found: str | None) -> None:
    """Markup, prompts and ill-formed document numbers are quoted; ordinary text is not."""
    assert callable(reader) and reader(text) == found


@given(st.text(max_size=200), st.text(max_size=200))
def test_narrative_readers_answer_any_text(one: str, two: str) -> None:
    """No text makes a narrative reader fail."""
    goals.unanswered(one, two, [one])
    goals.sum_fault(one)
    goals.downgrade(one, two)
    goals.stale(one, 2023)
    goals.count_quantities(one)
    is_cut_text(one)
    is_cut(one, (two,))
    narrated([], None, concerning(object_of(one, bigrams(two)), statements(two)))
    admissions(one)
    action_mismatch(one, two)
    markup_left(one)
    prompt_left(one)
    document_number_fault(one)


@pytest.mark.parametrize("text", ["共1人，" * 20_000, "<" * 100_000, "推进" * 50_000, "其中" * 50_000, "“" * 100_000, "（2022）" * 12_000, "_" * 100_000, "全覆盖。" * 25_000, "<a " + "b" * 100_000, "2022年" * 20_000])
def test_long_narratives_take_little_time(text: str) -> None:
    """A hundred thousand hostile characters take little work in all narrative readers together."""
    with at_most(40):
        goals.unanswered(text, text)
        goals.sum_fault(text)
        goals.stale(text, 2023)
        goals.count_quantities(text)
        goals.downgrade(text, "逐步构建" + text)
        statements(text)
        admissions(text)
        is_cut_text(text)
        markup_left(text)
        prompt_left(text)
        document_number_fault(text)


@given(st.text("完成率abc一二三", max_size=40), st.text("完成率abc一二三", max_size=40))
def test_likeness_is_rapidfuzz_ratio(one: str, two: str) -> None:
    """Short texts are compared without rapidfuzz, with its figure to the last bit."""
    assert likeness(one, two) == ratio(one, two)
    assert likeness(one * 30, two * 30) == ratio(one * 30, two * 30)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("无", None), ("无。", None), ("不存在偏差较大的情况。", None), ("未发生偏差或目标未完成情况", None), ("/", None), ("无偏差", None),
        ("没有按期完成招标，合同年底才签订", "没有按期完成招标,合同年底才签订"), ("无法按期到货，工期顺延", "无法按期到货,工期顺延"), ("资金下达较晚", "资金下达较晚"),
    ],
)  # fmt: skip
def test_the_foot_of_a_form_gives_reasons_or_says_that_there_are_none(text: str, kept: str | None) -> None:
    """A text that begins with 没有 or 无法 may be a reason; one that denies any deviation is none."""
    assert stated(text) == kept


@pytest.mark.parametrize(
    ("text", "kept"),
    [("本表由业务处填报。尾款跨年支付。", "尾款跨年支付"), ("无", None), ("请在此处简要说明财政监督中发现的问题。如没有请填无。", None), ("年中追加预算20万元；指标未调整", "年中追加预算20万元")],
)
def test_of_remarks_the_sentences_on_money_count(text: str, kept: str | None) -> None:
    """Only what speaks of budget or money explains a budget; the instruction of a blank form explains nothing."""
    assert on_funds(text) == kept
