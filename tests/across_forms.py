"""Forms made by hand for the comparison of forms: units, projects, years, narratives that differ or do not."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from decimal import Decimal

from msgspec.structs import replace

from checker.model import FieldValue, Form, Locator, Place, PlaceKey, Source

VERBS = ["开展", "组织", "实施", "推进", "完成", "落实", "举办", "建立", "健全", "修订", "排查", "整治", "培育", "创建", "打造", "扶持", "帮扶", "走访", "慰问", "检测", "监测", "评估", "编制", "印发", "督导"]
OBJECTS = ["农村饮水安全", "残疾人康复", "图书馆借阅", "道路交通信号", "消防器材配备", "古树名木养护", "河道清淤", "校园食品安全", "劳动技能培训", "地方志编纂", "气象预警", "农机购置", "社区矫正", "公共厕所改造", "民兵训练", "档案数字化", "畜禽防疫", "就业援助", "法律援助", "文物修缮", "林木病虫害防治", "电梯维保", "殡葬服务", "粮食储备", "科普宣传", "广播电视覆盖", "老旧小区改造", "孤儿保障", "特种设备检验", "土壤污染调查", "渔业增殖放流", "退役军人优抚"]
PLACES = ["东街", "西坪", "南湾", "北渡", "石桥", "柳林", "青山", "白沙", "红旗", "新丰", "长乐", "永安", "太平", "和顺", "龙泉", "凤台", "金川", "银湖", "玉泉", "珠江"]
TAILS = ["取得阶段性成效", "群众反映良好", "较上年有所增长", "按期交付使用", "纳入常态管理", "形成工作台账", "通过专家评审", "覆盖全部乡镇", "整改销号到位", "建立长效机制", "完成年度任务", "移交属地管护"]


def narrative(seed: int, clauses: int = 12) -> str:
    """A result text of its own: clauses of random verbs, objects, places and numbers."""
    rng = random.Random(seed)
    parts = [f"在{rng.choice(PLACES)}{rng.choice(VERBS)}{rng.choice(OBJECTS)}{rng.randint(2, 900)}{rng.choice('个户件次人场')}，{rng.choice(TAILS)}" for _ in range(clauses)]
    return "；".join(parts) + "。"


def row(name: str, target: str = "≥100人", actual: str = "100人", weight: str | None = "10", score: str | None = "10", reason: str | None = None, level2: str = "数量指标") -> dict[str, FieldValue]:
    """An indicator row as filled."""
    made: dict[str, FieldValue] = {"level1": "产出指标", "level2": level2, "name": name, "target": target, "actual": actual, "reason": reason}
    made |= {"weight": Decimal(weight) if weight else None, "score": Decimal(score) if score else None}
    return {key: value for key, value in made.items() if value is not None}


def line(label: str, budget: str | None, executed: str | None, role: str = "source") -> dict[str, FieldValue]:
    """A budget line as filled."""
    made: dict[str, FieldValue] = {"label": label, "role": role, "budget": Decimal(budget) if budget else None, "executed": Decimal(executed) if executed else None}
    return {key: value for key, value in made.items() if value is not None}


def form(
    unit: str | None = "示例区图书馆",
    *,
    kind: str = "department",
    year: int | None = 2023,
    project: str | None = None,
    above: str | None = None,
    count: int | None = None,
    money: str = "元",
    lines: Sequence[Mapping[str, FieldValue]] = (),
    rows: Sequence[Mapping[str, FieldValue]] = (),
    goal: str | None = None,
    result: str | None = None,
    score: str | None = None,
    path: str | None = None,
) -> Form:
    """A form with a place for every filled cell, each in a file of its own."""
    header: dict[str, FieldValue] = {
        "form_type": kind, "title": "绩效自评表", "fiscal_year": year, "unit_name": unit if kind != "project" else None, "implementing_unit": unit if kind == "project" else None,
        "project_name": project, "supervising_department": above, "subordinate_units": count, "amount_unit": money,
        "goal_planned": goal, "goal_actual": result, "total_weight": Decimal(100), "total_score": Decimal(score) if score else None,
    }  # fmt: skip
    header = {key: value for key, value in header.items() if value is not None}
    name = "-".join(str(part) for part in (year, unit, project, kind) if part)
    file = path or f"{name}.xlsx"
    places: dict[PlaceKey, Place] = {("forms", 1, key): Place(Locator(file, "表", f"B{n}"), str(value)) for n, (key, value) in enumerate(header.items(), 1)}
    for table, listed in (("budget_lines", lines), ("indicators", rows)):
        for n, values in enumerate(listed, 1):
            places |= {(table, n, key): Place(Locator(file, "表", f"{'ABCDEFGHIJKLMN'[c]}{n + (20 if table == 'indicators' else 10)}"), str(value)) for c, (key, value) in enumerate(values.items())}
    return Form(name, Source(file, f"sha-{file}", "xlsx"), header, budget_lines=tuple(lines), indicators=tuple(rows), places=places)


def family(parts: int = 2, *, own_level: bool = False, count: int | None = None, money: str = "元") -> list[Form]:
    """A summary form and the forms it sums up: 100.00 + 200.00 + … and half of it executed."""
    amounts = [Decimal(100 * (n + 1)).quantize(Decimal("0.01")) for n in range(parts)]
    names = ["示例区教育局（本级）" if own_level and n == 0 else f"示例区教育局第{'一二三四五六七八'[n]}中心" for n in range(parts)]
    made = [form(name, lines=[line("财政拨款", str(a), str(a / 2))], money=money) for name, a in zip(names, amounts, strict=True)]
    total = sum(amounts, Decimal(0))
    top = form("示例区教育局（汇总）", count=count if count is not None else parts, lines=[line("财政拨款", str(total), str(total / 2))], money=money)
    return [top, *made]


def changed(one: Form, table: str, row_number: int, **values: object) -> Form:
    """The form with some cells of one row changed; None empties a cell."""
    rows = [dict(values_) for values_ in (getattr(one, table) if table != "forms" else [one.header])]
    target = rows[row_number - 1]
    for key, value in values.items():
        if value is None:
            target.pop(key, None)
        else:
            target[key] = Decimal(value) if isinstance(value, str) and key in ("budget", "executed", "weight", "score") else value  # type: ignore[assignment]
    return replace(one, header=rows[0]) if table == "forms" else replace(one, **{table: tuple(rows)})


def crowd(size: int, copied: int = 0, rows_each: int = 0) -> list[Form]:
    """Project forms of as many units, each with a text of its own; the first `copied` share one text, numbers changed."""
    made = []
    for n in range(size):
        text = narrative(n)
        if n < copied:
            text = narrative(0).replace("1", str(n % 9 + 1))
        unit = f"示例市{'甲乙丙丁戊己庚辛壬癸'[n // 1000 % 10]}{'子丑寅卯辰巳午未申酉'[n // 100 % 10]}{'天地玄黄宇宙洪荒日月'[n // 10 % 10]}{'金木水火土风雷电云雨'[n % 10]}局"
        rng = random.Random(n)
        rows = [row(f"{rng.choice(OBJECTS)}数量{k}", f"≥{rng.randint(50, 99)}件", f"{rng.randint(100, 300)}件", reason=narrative(100_000 + n * 100 + k, 2) if k % 5 == 0 else None) for k in range(rows_each)]
        made.append(form(unit, kind="project", project=f"{unit}专项{n}", goal=narrative(50_000 + n, 8), result=text, rows=rows, score=f"{80 + n % 17}.{n % 10}", path=f"batch/{n}.xlsx"))
    return made
