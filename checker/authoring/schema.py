"""The JSON Schema (draft 2020-12) of a rule file: an editor that knows it completes keys, values and field names."""

from __future__ import annotations

from collections.abc import Mapping

from checker.authoring.examples import RESERVED
from checker.fields import BATCH_TABLES, BY_TABLE, TABLES, Field
from checker.language import AGGREGATES, FUNCTIONS
from checker.model import Outcome, Severity
from checker.rules.reader import DRAFT_REQUIRED, FORMS, GRAINS, KEYS, KINDS, ON_MISSING, REQUIRED, STATUSES

Schema = dict[str, object]

ROWS = (*TABLES, *BATCH_TABLES)
"""Tables a rule can judge row by row: those of a form and those of comparisons between forms."""

_TEXTS: Schema = {"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
_NUMBER_UNITS = ("count", "score", "money", "percent", "quantity", "number")

_DOCS: Mapping[str, str] = {
    "id": "规则编号：三个大写字母和三位数字，不重用 / family of three capitals and three digits, never reused",
    "version": "含义改变时加一 / raise it when the meaning changes",
    "status": "draft 草稿（写明 draft_reason）· active 启用 · deprecated 停用",
    "title": "标题，中英文 / title in both languages",
    "severity": "error 必须更正 · warning 说明或举证 · note 提示；heuristic 的规则不能是 error",
    "severity_when": "满足条件时改用的级别，先满足者算 / other severity where a condition holds, the first that does",
    "kind": "deterministic 只凭表就能判定 · parametric 要有参数 · heuristic 可能看错，只提问",
    "confidence": "high 或 low",
    "forms": "适用的表：department 部门整体 · project 项目支出 · transfer 转移支付 · other 其他",
    "each": "逐什么判定：forms 每张表 · budget_lines 每行资金 · indicator_groups 每个指标组 · indicators 每个指标 · batch 整批",
    "let": "步骤：名称和算式，写进算式说明，可用在提示语里 / named steps",
    "when": "什么时候适用；不成立就是“不适用” / where the rule applies",
    "expect": "必须成立的条件 / what must hold",
    "on_missing": "缺数据时的结果，默认 open 未定 / the outcome when a value is missing",
    "at": "问题指向的单元格 / the cell the finding points at",
    "rows": "表级规则所涉的行的条件 / condition on the rows a finding of the form shows",
    "rows_of": "rows 所在的表 / the table of rows",
    "aggregate": "一张表合并成一条 / one finding a form",
    "reported": "填报的数（字段名）/ the field reported",
    "expected": "应为的数（算式）/ the value expected",
    "message": "提示语，{名称} 处填入数值 / message with {name} slots",
    "advice": "怎么改 / what to do",
    "basis": "依据：文件、条款；verified 只有读过条款才写 true",
    "effective": "适用的年度 / years in force",
    "params": "门槛，地方口径可以改 / thresholds a profile may override",
    "waivable": "能否豁免 / may a finding be waived",
    "figure": "复算表里的名称 / its name among the recalculated figures",
    "not_when": "哪些情形不算，用文字写 / guards in words",
    "verify": "审核人核实的步骤 / steps for the auditor",
    "draft_reason": "为什么还是草稿 / why it is a draft",
    "examples": "示例：至少一个 fail、一个 pass、一个 open，界限上下各一个 / examples, also on the bound and on each side",
    "notes": "备注 / remarks",
    "replaced_by": "由哪条规则接替 / the rule that takes over",
}


def schema() -> Schema:
    """Return the schema of one rule file: a list of rules."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "绩效自评表审核规则 / audit rules of checker",
        "type": "array",
        "items": {"$ref": "#/$defs/rule"},
        "$defs": {"rule": _rule(), "bilingual": _bilingual(), "expression": _expression(), **{f"row_{table}": _row(table) for table in ROWS}},
    }


def _rule() -> Schema:
    return {
        "type": "object",
        "properties": {key: {**_property(key), "description": _DOCS[key]} for key in KEYS},
        "additionalProperties": False,
        "allOf": [
            {"if": {"properties": {"status": {"const": "draft"}}, "required": ["status"]}, "then": {"required": list(DRAFT_REQUIRED)}, "else": {"required": list(REQUIRED)}},
            {"if": {"properties": {"kind": {"const": "heuristic"}}, "required": ["kind"]}, "then": {"properties": {"severity": {"enum": ["warning", "note"]}}}},
            *(_of_grain(table) for table in ROWS),
        ],
    }


def _of_grain(table: str) -> Schema:
    """Return what follows from the grain: the fields `at` and the examples may name."""
    others = [f"{other}.{name}" for other in TABLES for name in BY_TABLE[other]]
    return {
        "if": {"properties": {"each": {"const": table}}, "required": ["each"]},
        "then": {
            "properties": {
                "at": {"enum": list(dict.fromkeys((*_names(table), *others)))},
                "when": {"description": f"{_DOCS['when']}\n\n{_fields(table)}"},
                "expect": {"description": f"{_DOCS['expect']}\n\n{_fields(table)}"},
                "examples": {"items": {"properties": {"given": {"$ref": f"#/$defs/row_{table}"}}}},
            }
        },
    }


def _names(table: str) -> list[str]:
    return [name for field in BY_TABLE[table].values() for name in (field.name, *field.zh)]


def _property(key: str) -> Schema:
    enums: Mapping[str, tuple[str, ...]] = {"status": STATUSES, "kind": KINDS, "severity": tuple(Severity), "each": GRAINS, "on_missing": ON_MISSING, "confidence": ("high", "low"), "rows_of": TABLES}
    if key in enums:
        return {"enum": [str(value) for value in enums[key]]}
    if key in ("title", "message", "advice", "figure", "draft_reason"):
        return {"$ref": "#/$defs/bilingual"}
    if key in ("when", "expect", "expected", "rows"):
        return {"$ref": "#/$defs/expression"}
    if key in ("not_when", "verify"):
        return _TEXTS
    if key in ("aggregate", "waivable"):
        return {"type": "boolean"}
    return dict(_OWN[key])


_OWN: Mapping[str, Schema] = {
    "id": {"type": "string", "pattern": r"^[A-Z]{3}-\d{3}$"},
    "version": {"type": "integer", "minimum": 1},
    "severity_when": {
        "type": "array",
        "items": {"type": "object", "properties": {"when": {"$ref": "#/$defs/expression"}, "severity": {"enum": list(map(str, Severity))}}, "required": ["when", "severity"], "additionalProperties": False},
    },
    "forms": {"type": "array", "items": {"enum": list(FORMS)}},
    "let": {"type": "object", "additionalProperties": {"$ref": "#/$defs/expression"}},
    "at": {"type": "string"},
    "reported": {"type": "string"},
    "basis": {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {"document": {"type": "string"}, "verified": {"type": "boolean"}, **{key: {"type": ["string", "number"]} for key in ("clause", "relation", "quote", "source")}},
            "required": ["document", "verified"],
            "additionalProperties": False,
        },
    },
    "effective": {"type": "object", "properties": {"from": {"type": ["integer", "null"]}, "to": {"type": ["integer", "null"]}}, "additionalProperties": False},
    "params": {"type": "object", "additionalProperties": {"anyOf": [{"type": ["number", "string"]}, {"type": "array", "items": {"type": ["string", "number"]}}]}},
    "examples": {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {
                "name": {"type": "string"},
                "given": {"type": "object"},
                "outcome": {"enum": list(map(str, Outcome))},
                "expected": {"type": ["string", "number"], "description": "应为的数，照算式说明的写法"},
                "values": {"type": "object", "additionalProperties": {"type": ["string", "number"]}, "description": "步骤的值"},
                "severity": {"enum": list(map(str, Severity))},
            },
            "required": ["given", "outcome"],
            "additionalProperties": False,
        },
    },
    "notes": {},
    "replaced_by": {"type": "string", "pattern": r"^[A-Z]{3}-\d{3}$"},
}


def _bilingual() -> Schema:
    text = {"type": "string", "minLength": 1}
    return {"type": "object", "properties": {"zh": text, "en": text}, "required": ["zh", "en"], "additionalProperties": False}


def _expression() -> Schema:
    functions = [f"{name} {function.zh}: {function.doc}" for name, function in FUNCTIONS.items()]
    figures = [f"{name} {zh}: {doc}" for name, (zh, doc) in AGGREGATES.items()]
    text = "\n".join(("+ - * / == != < <= > >= and or not in, x if 条件 else y", "", "函数 functions", *functions, "", "逐行合计 figures over rows", *figures))
    return {"type": ["string", "number"], "description": text}


def _fields(table: str) -> str:
    return "\n".join(f"{field.name} {'、'.join(field.zh)}{': ' + field.doc if field.doc else ''}" for field in BY_TABLE[table].values())


def _row(table: str) -> Schema:
    """Return the schema of a row as an example gives it: filled fields by either name, and what stands beside the row."""
    properties: dict[str, object] = {}
    for field in BY_TABLE[table].values():
        if not field.reading:
            properties |= {name: _value(field) for name in (field.name, *field.zh)}
    beside: dict[str, object] = {other: {"type": "array", "items": {"$ref": f"#/$defs/row_{other}"}} for other in TABLES if other != "forms"}
    beside |= {"forms": {"$ref": "#/$defs/row_forms"}, "recognition": {"enum": ["strong", "weak"]}}
    beside |= {"unread": {"type": "array", "items": {"type": "string"}, "description": "读不出的单元格 / cells that cannot be read"}}
    beside |= {"not_applicable": {"type": "array", "items": {"type": "string"}, "description": "版式没有的栏 / columns the layout lacks"}}
    beside |= {"events": {"type": "array", "items": {"type": "object"}, "description": "佐证：{event: paid, date: 2023-12-31}"}}
    return {"type": "object", "properties": {**properties, **{name: beside[name] for name in RESERVED if name in beside and name not in properties}}, "additionalProperties": False}


def _value(field: Field) -> Schema:
    types = ["boolean", "null"] if field.unit == "bool" else ["number", "string", "null"] if field.unit in _NUMBER_UNITS else ["string", "number", "null"]
    return {"type": types, "description": f"{'、'.join(field.zh)}（{field.unit}）"}
