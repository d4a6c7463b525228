"""checker.toml and [tool.checker]: defaults of the command line, checked before anything runs.

The file is looked for from the working folder upwards, to the top of the repository; never in
the folders of the forms, which strangers fill. Paths in it start from its own folder. What is written on
the command line goes before it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from msgspec import Struct, field

from checker.errors import RuleError
from checker.strict_yaml import suggest

NAME = "checker.toml"
MAX_BYTES = 1_000_000
MAX_JOBS = 256
"""Processes of a run, on the command line and in the settings alike; 0 is one a processor."""

Kind = Literal["text", "texts", "path", "paths", "choice", "number", "flag"]
Value = str | int | bool | tuple[str, ...]


class Setting(Struct, frozen=True):
    """One key: what it takes, an example for `checker init`, and what it does in both languages."""

    name: str
    kind: Kind
    example: str
    zh: str
    en: str
    choices: tuple[str, ...] = ()
    least: int = 0
    most: int = 0


SETTINGS = (
    Setting("rules", "paths", '["builtin", "rules/"]', "规则文件或文件夹；builtin 为随程序提供的规则", "rule files or folders; builtin is the shipped set"),
    Setting("profile", "text", '"shanghai_department"', "适用口径；不写则按版式选择", "parameters of a jurisdiction; chosen by the layout when left out"),
    Setting("select", "texts", '["BUD", "DED-001"]', "只运行这些规则或规则族", "run only these rules or families"),
    Setting("ignore", "texts", '["NAR"]', "不运行这些规则或规则族", "leave these rules or families out"),
    Setting("exclude", "texts", '["*.md", "out"]', "文件夹中不读的文件；读了几个、没读几个都会说明", "files of folders that are left out; a note counts them"),
    Setting("format", "choice", '"terminal"', "标准输出的格式", "what is printed on standard output", ("terminal", "json", "jsonl", "github", "gitlab", "markdown")),
    Setting("report", "paths", '["out/"]', "报告文件，后缀决定格式；文件夹得到整批报告", "reports, the suffix chooses; a folder gets the pages of a batch"),
    Setting("fail_on", "choice", '"error"', "达到哪一级时退出码为 1", "least severity that makes the exit code 1", ("error", "warning", "note", "open", "never")),
    Setting("lang", "choice", '"zh"', "输出语言", "language of the output", ("zh", "en")),
    Setting("jobs", "number", "2", "读文件、审核、写网页的进程数；0 为每个处理器一个", "processes that read files, check and write pages; 0: one a processor", most=MAX_JOBS),
    Setting("waivers", "path", '"waivers.yaml"', "已接受的问题（豁免）", "accepted findings"),
    Setting("waivers_longest_days", "number", "366", "豁免自批准至到期最长几天", "longest time from approval to end of a waiver, in days", least=1, most=3660),
    Setting("waivers_approvers", "texts", '["李审"]', "可以批准豁免的人；不写则除申请人外谁都可以", "who may approve waivers; anybody but the one who asks when left out"),
    Setting("baseline", "path", '"baseline.json"', "已知问题（基线）；审核时从不改写", "known findings; never rewritten by a check"),
    Setting("responses", "path", '"responses.yaml"', "单位的答复", "the unit's answers"),
    Setting("evidence", "path", '"events.csv"', "佐证事项及日期", "events with dates that prove timeliness"),
    Setting("calendar", "paths", '["holidays.yaml"]', "地方节假日、工作日安排", "regional holidays and working days"),
    Setting("previous", "path", '"2022/"', "用来对照的上年自评表", "forms of earlier years to compare with"),
    Setting("approved", "path", '"approved/"', "用来对照的批复目标", "approved targets to compare with"),
    Setting("reference", "paths", '["final_accounts.xlsx"]', "决算、复核评分、应报清单", "final accounts, re-check scores, lists of forms due"),
    Setting("record", "path", '"records/"', "每次审核的运行记录存放处", "folder of the run record"),
    Setting("quiet", "flag", "false", "只输出汇总", "print the summary only"),
)

BY_NAME = {setting.name: setting for setting in SETTINGS}

_REFUSED = {"as_of": "a day in a file goes stale, give --as-of on the command line", "who": "set CHECKER_WHO in the environment"}
_TABLE = re.compile(r"\s*\[\s*([^\[\]]+?)\s*\]\s*(?:#.*)?$")


class Config(Struct, frozen=True):
    """The settings of one file, paths as seen from the working folder; `path` is None when there is none."""

    path: Path | None = None
    values: Mapping[str, Value] = field(default_factory=dict)

    def get(self, name: str) -> Value | None:
        """Return a setting, None when the file does not give it."""
        return self.values.get(name)

    def text(self, name: str) -> str | None:
        """Return a setting that is one text."""
        value = self.values.get(name)
        return value if isinstance(value, str) else None

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a setting that is several texts, none when not given."""
        value = self.values.get(name)
        return value if isinstance(value, tuple) else ()

    def number(self, name: str, default: int) -> int:
        """Return a setting that is a number."""
        value = self.values.get(name)
        return value if isinstance(value, int) else default


def find(start: Path) -> Path | None:
    """Return the nearest configuration from `start` upwards: checker.toml, or pyproject.toml with [tool.checker].

    The search ends at the top of a git repository. Raises RuleError for a pyproject.toml that is not TOML.
    """
    folder = start.resolve()
    for place in (folder, *folder.parents):
        own, project = place / NAME, place / "pyproject.toml"
        if own.is_file():
            return own
        if project.is_file() and _table(project, str(project)) is not None:
            return project
        if (place / ".git").exists():
            return None
    return None


def load(path: Path, name: str | None = None, start: Path | None = None) -> Config:
    """Read a configuration file; its paths come out as seen from `start`, the working folder.

    Raises RuleError with every fault, `file:line key: what`.
    """
    name = name or str(path)
    table = _table(path, name)
    if table is None:
        raise RuleError(f"{name}: has no [tool.checker] table")
    text = path.read_text(encoding="utf-8-sig")
    within = "tool.checker" if path.name == "pyproject.toml" else ""
    folder = _seen_from(start or Path.cwd(), path.parent)
    faults: list[str] = []
    values: dict[str, Value] = {}
    for key, value in table.items():
        where = f"{name}:{_line(text, key, within)} {key}"
        setting = BY_NAME.get(key)
        if setting is None:
            why = f"can't be set here, {_REFUSED[key]}" if key in _REFUSED else f"unknown key{suggest(key, list(BY_NAME))}"
            faults.append(f"{where}: {why}")
            continue
        fault = _fault(setting, value)
        if fault:
            faults.append(f"{where}: {fault}")
        else:
            values[key] = _value(setting, value, folder)
    if faults:
        raise RuleError(faults)
    return Config(path, values)


def discover(start: Path) -> Config:
    """Find and read the configuration that holds for a working folder; an empty one when there is none."""
    found = find(start)
    return Config() if found is None else load(found, start=start)


def _table(path: Path, name: str) -> Mapping[str, object] | None:
    import tomllib

    try:
        if path.stat().st_size > MAX_BYTES:
            raise RuleError(f"{name}: larger than {MAX_BYTES:,} bytes")
        root = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        raise RuleError(f"{name}: not UTF-8, save it as UTF-8") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise RuleError(_not_toml(name, str(error))) from None
    except OSError as error:
        raise RuleError(f"{name}: cannot be read ({error.strerror or error})") from None
    if path.name != "pyproject.toml":
        return root
    tool = root.get("tool")
    table = tool.get("checker") if isinstance(tool, dict) else None
    if table is not None and not isinstance(table, dict):
        raise RuleError(f"{name}: tool.checker must be a table")
    return table


def _not_toml(name: str, said: str) -> str:
    """Return the fault of a file that is no TOML, its line where one is told."""
    found = re.fullmatch(r"(?s)(.*?) \(at (?:line (\d+), column \d+|end of document)\)", said)
    what, line = (found[1], found[2]) if found else ("nested too deeply", None)
    return f"{name}:{line} not TOML ({what})" if line else f"{name}: not TOML ({what})"


def _line(text: str, key: str, within: str) -> int:
    """Return the line a key of a table stands on, 1 when it is written in another way (inline, dotted)."""
    here = ""
    wanted = re.compile(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=")
    for number, line in enumerate(text.splitlines(), 1):
        if table := _TABLE.match(line):
            here = re.sub(r"\s|[\"']", "", table[1])
            if here == (f"{within}.{key}" if within else key):
                return number
        elif here == within and wanted.match(line):
            return number
    return 1


def _fault(setting: Setting, value: object) -> str | None:
    kind = setting.kind
    if kind in ("text", "path", "choice"):
        if not isinstance(value, str) or not value.strip():
            return "must be a text"
        if kind == "choice" and value not in setting.choices:
            return f"must be one of {', '.join(setting.choices)}{suggest(value, setting.choices)}"
    elif kind in ("texts", "paths"):
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            return "must be a list of texts"
    elif kind == "number":
        if not isinstance(value, int) or isinstance(value, bool) or not setting.least <= value <= setting.most:
            return f"must be a whole number from {setting.least} to {setting.most}"
    elif not isinstance(value, bool):
        return "must be true or false"
    if kind in ("path", "paths"):
        listed = value if isinstance(value, list) else [value]
        if any("\0" in str(item) for item in listed):
            return "must be a path"
    return None


def _value(setting: Setting, value: object, folder: Path) -> Value:
    if setting.kind == "path":
        return _from(folder, str(value))
    if isinstance(value, list):
        return tuple(_from(folder, str(item)) if setting.kind == "paths" else str(item) for item in value)
    return value if isinstance(value, bool | int) else str(value)


def _seen_from(start: Path, folder: Path) -> Path:
    """Return a folder as a relative path: what is written in outputs must not depend on the machine."""
    try:
        return Path(os.path.relpath(folder.resolve(), start.resolve()))
    except ValueError:  # another drive
        return folder.resolve()


def _from(folder: Path, text: str) -> str:
    """Return a path that starts from the file's own folder; a trailing slash, which names a folder, stays."""
    if text == "builtin":
        return text
    joined = str(folder / text)
    return joined + "/" if text.endswith(("/", "\\")) and not joined.endswith("/") else joined


def schema() -> dict[str, object]:
    """Return the JSON Schema of checker.toml, for editors."""
    properties: dict[str, object] = {}
    for setting in SETTINGS:
        about = {"description": f"{setting.zh} / {setting.en}"}
        text = {"type": "string", "minLength": 1, "pattern": r"\S"}
        if setting.kind in ("texts", "paths"):
            properties[setting.name] = {**about, "type": "array", "items": text}
        elif setting.kind == "choice":
            properties[setting.name] = {**about, "enum": list(setting.choices)}
        elif setting.kind == "number":
            properties[setting.name] = {**about, "type": "integer", "minimum": setting.least, "maximum": setting.most}
        elif setting.kind == "flag":
            properties[setting.name] = {**about, "type": "boolean"}
        else:
            properties[setting.name] = {**about, **text}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "checker.toml",
        "description": "绩效自评表审核程序的设置 / settings of checker; also the table [tool.checker] of pyproject.toml",
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
    }


def template(lang: str = "zh") -> str:
    """Return the text of a new checker.toml: every setting with what it does, commented out."""
    head = "# 绩效自评表审核程序的设置。去掉行首的 # 即生效；命令行上写的优先。\n" if lang == "zh" else "# Settings of checker. Remove the leading # to use one; the command line goes before it.\n"
    parts = [head]
    for setting in SETTINGS:
        choices = f"（{'、'.join(setting.choices)}）" if setting.choices and lang == "zh" else f" ({', '.join(setting.choices)})" if setting.choices else ""
        parts.append(f"\n# {setting.zh if lang == 'zh' else setting.en}{choices}\n# {setting.name} = {setting.example}\n")
    return "".join(parts)
