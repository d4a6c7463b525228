"""Form ⇄ the contract's JSON and YAML (CONTRACT section 4), numbers with the form's own digits."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from checker.errors import ReadError
from checker.fields import BY_TABLE, TABLES
from checker.model import FieldValue, Form, Locator, Place, PlaceKey, Source

CONTRACT_TOKENS = ("weights", "scores", "reasons", "rates", "levels")
"""What `not_applicable` names; other columns a layout lacks stand in `absent`."""

EXTRA = {
    "forms": ("form_id", "recognition"),
    "budget_lines": ("rate_text",),
    "indicator_groups": (),
    "indicators": ("part_of", "goal_block"),
}
"""Keys beyond the fields of `checker.fields` that are kept."""

MAX_BYTES = 20_000_000
MAX_YAML = 5_000_000
MAX_ROWS = 100_000
_PLACE_KEYS = ("sheet", "cell", "page", "table", "line", "column")


def filled(table: str) -> tuple[str, ...]:
    """Return the names of a table's filled fields in order."""
    return tuple(name for name, field in BY_TABLE[table].items() if not field.reading)


def to_data(forms: Iterable[Form], locations: bool = False) -> dict[str, object]:
    """Return the forms as plain data in the contract's shape; numbers stay Decimal."""
    return {"forms": [_form(form, locations) for form in forms]}


def to_json(forms: Iterable[Form], locations: bool = False) -> str:
    """Return the forms as JSON text; numbers carry the form's digits, never an exponent or a float's tail."""
    return "".join(_json(to_data(forms, locations), 0)) + "\n"


def to_yaml(forms: Iterable[Form], locations: bool = False) -> str:
    """Return the forms as YAML text: the same data, numbers with the form's digits."""
    import yaml

    class Dumper(yaml.SafeDumper):
        """Writes decimals as plain scalars and every value where it stands."""

        def ignore_aliases(self, data: Any) -> bool:
            return True

    Dumper.add_representer(
        Decimal, lambda dumper, value: dumper.represent_scalar(_tag(value), plain_number(value))
    )
    # Within a plain or single-quoted text a next-line character is folded like any line end.
    Dumper.add_representer(str, lambda dumper, value: dumper.represent_scalar("tag:yaml.org,2002:str", value, style='"' if "\x85" in value else None))
    text: str = yaml.dump(to_data(forms, locations), Dumper=Dumper, allow_unicode=True, sort_keys=False, width=10_000)
    return text


def _tag(value: Decimal) -> str:
    return "tag:yaml.org,2002:int" if plain_number(value).lstrip("-").isdigit() else "tag:yaml.org,2002:float"


def plain_number(value: Decimal) -> str:
    """Write a number with its printed digits and without an exponent."""
    return f"{value:f}"


def _form(form: Form, locations: bool) -> dict[str, object]:
    head: dict[str, object] = {"form_id": form.form_id}
    head.update({name: form.header.get(name) for name in filled("forms")})
    data: dict[str, object] = {"form": head}
    if locations:
        head["cells"] = _cells(form, "forms", 1)
    for table in ("budget_lines", "indicators", "indicator_groups"):
        data[table] = [
            _row(form, table, number, row, locations) for number, row in enumerate(getattr(form, table), 1)
        ]
    data["not_applicable"] = [token for token in form.not_applicable if token in CONTRACT_TOKENS]
    data["absent"] = [token for token in form.not_applicable if token not in CONTRACT_TOKENS]
    data["repairs"] = list(form.repairs)
    data["unread"] = list(form.unread)
    data["recognition"] = form.recognition
    unread = {
        f"{table}[{row}].{name}": place.unread for (table, row, name), place in form.places.items() if place.unread
    }
    data["unread_cells"] = unread
    return data


def _row(form: Form, table: str, number: int, row: Mapping[str, FieldValue], locations: bool) -> dict[str, object]:
    made: dict[str, object] = {name: row.get(name) for name in filled(table)}
    made.update({name: row[name] for name in EXTRA[table] if row.get(name) is not None})
    if locations:
        made["cells"] = _cells(form, table, number)
    return made


def _cells(form: Form, table: str, number: int) -> dict[str, object]:
    names = (*filled(table), *EXTRA[table])
    cells: dict[str, object] = {}
    for name in names:
        place = form.places.get((table, number, name))
        if place is None:
            continue
        cell = {key: getattr(place.locator, key) for key in _PLACE_KEYS}
        cells[name] = {**cell, "text": place.text, **({"unread": place.unread} if place.unread else {})}
    return cells


def _json(value: object, depth: int) -> Iterable[str]:
    """Write data as JSON, two blanks a level; a row without nested values stays on one line."""
    pad, inner = "  " * depth, "  " * (depth + 1)
    if isinstance(value, dict) and value and not _flat(value):
        yield "{\n"
        for n, (key, item) in enumerate(value.items()):
            yield f"{',' + chr(10) if n else ''}{inner}{json.dumps(key, ensure_ascii=False)}: "
            yield from _json(item, depth + 1)
        yield f"\n{pad}}}"
    elif isinstance(value, (list, tuple)) and value:
        yield "[\n"
        for n, item in enumerate(value):
            yield f"{',' + chr(10) if n else ''}{inner}"
            yield from _json(item, depth + 1)
        yield f"\n{pad}]"
    else:
        yield _scalar(value)


def _flat(value: Mapping[str, object]) -> bool:
    return not any(isinstance(item, (dict, list, tuple)) and item for item in value.values()) and len(value) > 3


def _scalar(value: object) -> str:
    if isinstance(value, Decimal):
        return plain_number(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(k, ensure_ascii=False)}: {_scalar(v)}" for k, v in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[]"
    return json.dumps(value, ensure_ascii=False)


def from_json(text: str, source: Source) -> tuple[Form, ...]:
    """Read the contract's JSON back into forms. Raises ReadError where it is not of that shape."""
    if len(text) > MAX_BYTES:
        raise ReadError(f"规范化 JSON 超过 {MAX_BYTES} 字符 @ {source.path}，请拆分")
    try:
        data = json.loads(text, parse_float=_number, parse_int=_number, parse_constant=_refuse)
    except (ValueError, InvalidOperation, RecursionError) as fault:
        raise ReadError(f"不是有效的 JSON（{_where(fault)}）@ {source.path}，请检查文件") from None
    return from_data(data, source)


def from_yaml(text: str, source: Source) -> tuple[Form, ...]:
    """Read the same data written as YAML. Raises ReadError where it is not of that shape."""
    import re

    import yaml

    class Loader(yaml.SafeLoader):
        """Reads numbers as decimals with their digits; anchors are refused."""

        def compose_node(self, parent: Any, index: Any) -> Any:
            if self.check_event(yaml.events.AliasEvent):
                raise yaml.YAMLError("alias")
            return super().compose_node(parent, index)

    Loader.yaml_implicit_resolvers = {}
    for tag, pattern, first in (
        ("null", r"^(?:null|~|)$", ["n", "~", ""]),
        ("bool", r"^(?:true|false)$", ["t", "f"]),
        ("float", r"^-?\d+(?:\.\d+)?$", list("-0123456789")),
    ):
        Loader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(pattern), first)
    Loader.add_constructor("tag:yaml.org,2002:float", lambda loader, node: _number(node.value))
    if len(text) > MAX_YAML:
        raise ReadError(f"规范化 YAML 超过 {MAX_YAML} 字符 @ {source.path}，请拆分")
    try:
        data = yaml.load(text, Loader=Loader)
    except (yaml.YAMLError, RecursionError, ValueError) as fault:
        raise ReadError(f"不是有效的 YAML（{type(fault).__name__}）@ {source.path}，请检查文件") from None
    return from_data(data, source)


def _number(text: str) -> Decimal:
    value = Decimal(text) if len(text) <= 60 else Decimal("NaN")
    if not value.is_finite() or not -30 <= int(value.as_tuple().exponent) <= 30:
        raise ValueError("数字过长")
    return value


def _refuse(text: str) -> Decimal:
    raise ValueError(f"{text} 不是数字")


def _where(fault: Exception) -> str:
    line = getattr(fault, "lineno", None)
    return f"第{line}行" if line else str(fault)[:60]


def from_data(data: object, source: Source) -> tuple[Form, ...]:
    """Turn plain data of the contract's shape into forms; a single form may stand alone."""
    if isinstance(data, dict) and "form" in data and "forms" not in data:
        data = {"forms": [data]}
    entries = data.get("forms") if isinstance(data, dict) else None
    if not isinstance(entries, list) or not entries:
        raise ReadError(f"没有 forms 列表 @ {source.path}，应为 checker normalize 的输出")
    return tuple(_from_entry(entry, n, source) for n, entry in enumerate(entries))


def _from_entry(entry: object, number: int, source: Source) -> Form:
    at = f"forms[{number}]"
    if not isinstance(entry, dict):
        raise ReadError(f"{at} 不是对象 @ {source.path}")
    places: dict[PlaceKey, Place] = {}
    head = _read_row(entry.get("form"), "forms", 1, f"{at}.form", source, places)
    tables = {
        table: tuple(
            _read_row(row, table, n, f"{at}.{table}[{n - 1}]", source, places)
            for n, row in enumerate(_rows(entry, table, at, source), 1)
        )
        for table in ("budget_lines", "indicators", "indicator_groups")
    }
    _unread_cells(entry.get("unread_cells"), places, source)
    groups = tables["indicator_groups"] or _groups(tables["indicators"])
    identity = head.pop("form_id", None)
    recognition = "weak" if entry.get("recognition") == "weak" else "strong"
    return Form(
        form_id=str(identity) if identity else _identity(head),
        source=source,
        header=head,
        budget_lines=tables["budget_lines"],
        indicators=tables["indicators"],
        indicator_groups=groups,
        places=places,
        not_applicable=(*_texts(entry, "not_applicable", at, source), *_texts(entry, "absent", at, source)),
        repairs=_texts(entry, "repairs", at, source),
        unread=_texts(entry, "unread", at, source),
        recognition=recognition,
        cues=("规范化数据",),
    )


def _identity(head: Mapping[str, FieldValue]) -> str:
    text = "-".join(str(head[name]) for name in ("fiscal_year", "unit_name", "project_name", "form_type") if head.get(name))
    return text or "form-" + hashlib.sha256(repr(sorted(head.items(), key=str)).encode()).hexdigest()[:8]


def _rows(entry: Mapping[str, object], table: str, at: str, source: Source) -> list[object]:
    rows = entry.get(table)
    if rows is None:
        return []
    if not isinstance(rows, list) or len(rows) > MAX_ROWS:
        raise ReadError(f"{at}.{table} 不是列表或超过 {MAX_ROWS} 行 @ {source.path}")
    return rows


def _texts(entry: Mapping[str, object], key: str, at: str, source: Source) -> tuple[str, ...]:
    items = entry.get(key) or []
    if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
        raise ReadError(f"{at}.{key} 应为文字列表 @ {source.path}")
    return tuple(items)


def _read_row(
    row: object, table: str, number: int, at: str, source: Source, places: dict[PlaceKey, Place]
) -> dict[str, FieldValue]:
    if not isinstance(row, dict):
        raise ReadError(f"{at} 不是对象 @ {source.path}")
    made: dict[str, FieldValue] = {}
    cells = row.get("cells") if isinstance(row.get("cells"), dict) else {}
    for name in (*filled(table), *EXTRA[table]):
        value = row.get(name)
        if value is not None:
            made[name] = _value(value, table, name, f"{at}.{name}", source)
        cell = cells.get(name) if isinstance(cells, dict) else None
        places[table, number, name] = _place(cell, value, source)
    return made


def _place(cell: object, value: object, source: Source) -> Place:
    if not isinstance(cell, dict):
        return Place(Locator(source.path), "" if value is None else _shown(value))
    known: dict[str, Any] = {}
    for key in _PLACE_KEYS:
        part = cell.get(key)
        if key in ("sheet", "cell"):
            known[key] = part if isinstance(part, str) else None
        else:
            known[key] = int(part) if isinstance(part, Decimal) and part == part.to_integral_value() and abs(part) < 10**9 else None
    text, unread = cell.get("text"), cell.get("unread")
    return Place(
        Locator(source.path, **known), text if isinstance(text, str) else "", unread if isinstance(unread, str) else None
    )


def _shown(value: object) -> str:
    return plain_number(value) if isinstance(value, Decimal) else str(value)


def _value(value: object, table: str, name: str, at: str, source: Source) -> FieldValue:
    field = BY_TABLE[table].get(name)
    unit = field.unit if field is not None else "text"
    if unit == "text":
        if isinstance(value, str):
            return value.strip() or None
        if isinstance(value, Decimal):
            return plain_number(value)
    elif unit == "bool":
        if isinstance(value, bool):
            return value
    elif isinstance(value, Decimal) and not isinstance(value, bool) and value.is_finite():
        if unit != "count":
            return value
        if value == value.to_integral_value() and abs(value) < 10**9:
            return int(value)
    raise ReadError(f"{at} 的值 {json.dumps(_shown(value)[:40], ensure_ascii=False)} 不是{_wanted(unit)} @ {source.path}，请改正")


def _wanted(unit: str) -> str:
    return {"text": "文字", "bool": "true 或 false", "count": "整数"}.get(unit, "数字")


def _unread_cells(cells: object, places: dict[PlaceKey, Place], source: Source) -> None:
    """Put back why cells are unread, keyed as table[row].field."""
    if not isinstance(cells, dict):
        return
    for key, reason in cells.items():
        table, _, rest = str(key).partition("[")
        row, _, name = rest.partition("].")
        if table in TABLES and row.isdigit() and len(row) < 7 and isinstance(reason, str):
            known = places.get((table, int(row), name))
            if known is not None:
                places[table, int(row), name] = Place(known.locator, known.text, reason)


def _groups(rows: Sequence[Mapping[str, FieldValue]]) -> tuple[dict[str, FieldValue], ...]:
    """Derive the groups of indicators in order, with the stated weights their rows carry."""
    made: dict[tuple[FieldValue, FieldValue], dict[str, FieldValue]] = {}
    for row in rows:
        one, two = row.get("level1"), row.get("level2")
        if one is not None and (one, None) not in made:
            made[one, None] = {"level": 1, "level1": one, **_weight(row, "level1_weight")}
        if two is not None and (one, two) not in made:
            head = {"level1": one} if one is not None else {}
            made[one, two] = {"level": 2, **head, "level2": two, **_weight(row, "level2_weight")}
    return tuple(made.values())


def _weight(row: Mapping[str, FieldValue], name: str) -> dict[str, FieldValue]:
    return {"weight": row[name]} if row.get(name) is not None else {}
