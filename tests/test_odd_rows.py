"""Rows that look odd and are right, and rows that are wrong, judged by all rules as in a real run."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from checker import check, read
from checker.model import Outcome, Severity

# level 2 | name | target | result
RIGHT = """
数量指标|贷款不良率|≤1.5%|1.2%
数量指标|服务企业数|800-1000家|950家
数量指标|培训人数|≥1.2万人|12,345人
数量指标|撬动社会投资|≥0.5亿元|5,230万元
数量指标|举办赛事|＞＝５场|５场
数量指标|发放物资|2000份左右|1980份
数量指标|会议次数|每季度1次|4次
数量指标|巡查次数|每月不少于4次|52次
数量指标|每月巡查次数|≥2次|2次
数量指标|每月检查次数|1|12
数量指标|师生配比|1∶15|1:15
质量指标|质量评分|≥90分|92.5分
质量指标|差错率|≤3‰|2.1‰
质量指标|安全事故|零事故|零事故
质量指标|重大质量问题|无|无
质量指标|是否通过验收|是|是
质量指标|考核排名|全省前5名|第3名
质量指标|优良天数比例|≥85%|312天，占85.5%
时效指标|项目实施周期|2023年1-12月|2023年1月至12月
时效指标|项目实施期|2023年1月至2023年12月|2023年1月1日至2023年12月20日
时效指标|任务完成时间|2023年12月底前|2023年11月提前完成
时效指标|办结时限|5个工作日内|平均3.5个工作日
时效指标|建设周期|≤18个月|15个月
时效指标|报表报送时间|每季度结束后15日内|每季度结束后10日内
时效指标|项目完成率（截至12月底）|≥90%|100%
时效指标|竣工时间|2023年10月15日前|2023年9月30日（合同约定2023年10月15日）
时效指标|拨付时间|收到资金后30日内|收到资金后18日拨付
时效指标|工资发放时间|每月15日前|每月10日发放
时效指标|数据报送时间|每月15日前|每月12日前
成本指标|成本控制|控制在预算内|未超预算，支出98.5万元
成本指标|成本节约率|≥1%|1.5%
社会效益指标|能源消耗|较上年下降3%以上|下降3.5%
社会效益指标|三公经费|不高于上年|低于上年12%
社会效益指标|群体性事件|不发生|未发生
社会效益指标|返贫人口|0人|0
社会效益指标|水鸟种类|较上年增加|由42种增至47种
社会效益指标|亩均增收|200元|220元
经济效益指标|财政收入|稳步增长|同比增长6.3%
经济效益指标|亏损企业数|减少|由12家减至9家
社会效益指标|火灾事故|同比下降10%|同比下降12%
社会效益指标|医疗服务能力|提升|孕产妇死亡率较上年下降2个百分点
社会效益指标|违法用地|不新增|未新增
质量指标|饮用水达标|全部达标|检测48次全部达标
时效指标|工程进度|按计划完成100%|100%
时效指标|应急物资到位时间|24小时|12小时
"""
# level 2 | name | target | result | the rule that says so
WRONG = """
数量指标|贷款不良率|≤1.5%|1.8%|ACH-004
数量指标|服务企业数|800-1000家|750家|ACH-003
数量指标|培训人数|≥1.2万人|11,345人|ACH-004
数量指标|举办赛事|＞＝５场|４场|ACH-004
数量指标|发放物资|2000份左右|1500份|ACH-004
数量指标|巡查次数|每月不少于4次|每月3次|ACH-004
数量指标|巡查次数|每月不少于4次|3次|ACH-004
数量指标|会议次数|每季度1次|3次|ACH-019
质量指标|设备合格率|100%|0.96|ACH-004
质量指标|安全事故|零事故|发生1起|ACH-003
质量指标|重大质量问题|无|1起|ACH-018
质量指标|考核排名|全省前5名|第7名|ACH-020
时效指标|完成时间|2023年11月30日前|2023年12月31日|TIM-004
时效指标|任务完成时间|2023年12月底前|2024年1月完成|TIM-004
时效指标|办结时限|5个工作日内|平均6.5个工作日|ACH-004
时效指标|报表报送时间|每季度结束后15日内|每季度结束后20日|ACH-004
时效指标|工资发放时间|每月15日前|每月20日发放|TIM-015
成本指标|成本控制|控制在预算内|超支8.5万元|ACH-018
成本指标|人均培训成本|≤400元/人|415.6元/人|ACH-004
社会效益指标|三公经费|不高于上年|高于上年12%|ACH-018
社会效益指标|群体性事件|不发生|发生2起|ACH-018
社会效益指标|返贫人口|0人|3人|ACH-003
社会效益指标|长效机制|建立|尚未建立|ACH-018
社会效益指标|亩均增收|200元|180元|ACH-004
经济效益指标|财政收入|稳步增长|同比下降6.3%|ACH-018
经济效益指标|亏损企业数|减少|由9家增至12家|ACH-018
社会效益指标|火灾事故|同比下降10%|同比下降2%|ACH-004
社会效益指标|火灾事故起数|同比下降10%|同比上升2%|ACH-004
社会效益指标|违法用地|不新增|新增2宗|ACH-018
质量指标|饮用水达标|全部达标|检测48次，3次不达标|ACH-018
时效指标|工程进度|按计划完成100%|80%|ACH-004
时效指标|应急物资到位时间|24小时|36小时|ACH-004
"""


def told(tmp_path: Path, level2: str, name: str, target: str, actual: str) -> set[str]:
    """Return the rules with an error or a warning on one row with full marks."""
    level1 = "效益指标" if "效益" in level2 else "产出指标"
    row = {"level1": level1, "level2": level2, "name": name, "target": target, "actual": actual, "weight": 10, "score": 10, "reason": None}
    form = {"form_id": "row", "form_type": "project", "layout": "国家项目支出", "title": "项目支出绩效自评表", "fiscal_year": 2023, "project_name": "甲项目", "amount_unit": "万元"}
    path = tmp_path / "row.json"
    path.write_text(json.dumps({"forms": [{"form": form, "budget_lines": [], "indicators": [row]}]}, ensure_ascii=False), encoding="utf-8")
    result = check(read([path]), as_of=date(2024, 4, 18)).forms[0]
    of_rows = {finding.rule for finding in result.findings if finding.kind is Outcome.FAIL and finding.severity is not Severity.NOTE}
    return {rule for rule in of_rows if rule[:3] in ("ACH", "TIM", "DED", "SCO", "NAR") or rule in ("TGT-002", "TGT-008", "TGT-014")}


@pytest.mark.parametrize("line", RIGHT.strip().splitlines())
def test_a_row_that_is_right_is_left_alone(tmp_path: Path, line: str) -> None:
    """No rule on results, dates, reasons or scores says more than a note of a row that met its target, however it is written."""
    assert told(tmp_path, *line.split("|")) == set()


@pytest.mark.parametrize("line", WRONG.strip().splitlines())
def test_a_row_that_is_wrong_is_told(tmp_path: Path, line: str) -> None:
    """Full marks for a missed target are an error or a warning of the rule that knows such targets."""
    *cells, rule = line.split("|")
    assert rule in told(tmp_path, *cells)
