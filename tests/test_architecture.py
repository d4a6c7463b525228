"""One direction of imports: the table of ARCHITECTURE.md, compared with the imports in the source."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "checker"

VALUES = {"model", "errors", "fields"}
RULES = {"language", "rules"}
ALLOWED: dict[str, set[str]] = {
    "model": set(),
    "errors": set(),
    "fields": set(),
    "resources": {"errors"},
    "kept": set(),
    "late": set(),
    "remembered": set(),
    "processes": set(),
    "wording": {"late"},
    "faults": {"kept", "late", "wording"},
    "strict_yaml": {"errors", "kept"},
    "values": {"kept", "late", "remembered"},
    "readers": {"late", "model", "errors", "remembered"},
    "layouts": {"model", "errors", "faults", "kept", "late", "remembered", "values", "wording"},
    "forms": {*VALUES, "layouts", "processes", "readers", "wording"},
    "tables": {"model", "fields", "remembered"},
    "readings": {"fields", "remembered", "tables", "values"},
    "evidence": {"model", "errors", "readers", "strict_yaml", "values"},
    "language": {"errors", "fields", "tables", "wording"},
    "rules": {*VALUES, "kept", "language", "resources", "strict_yaml", "wording"},
    "engine": {*VALUES, *RULES, "processes", "readings", "tables"},
    "findings": {"model", "fields", *RULES, "wording"},
    "corrections": {"model", "fields", *RULES},
    "verdict": {"model", "errors", "strict_yaml"},
    "exit_status": {"model"},
    "across": {*VALUES, *RULES, "engine", "findings", "kept", "late", "tables", "values", "wording"},
    "references": {"across", "errors", "forms", "model", "readers"},
    "cluster": {*VALUES, "across", "engine", "rules"},
    "audit": {
        *VALUES, *RULES, "across", "corrections", "engine", "findings", "layouts", "processes", "readings", "resources", "tables", "verdict",
    },
    "screen": {"model", "audit", "engine", "forms", "processes", "readers", "resources", "rules", "tables", "verdict"},
    "settle": {"model", "errors", "strict_yaml", "verdict", "wording"},
    "diff": {"errors"},
    "render": {"model", "fields", "kept", "resources", "errors", "diff", "wording"},
    "records": {"errors", "model", "render", "settle", "wording"},
    "marked": {"model", "errors", "readers", "render", "wording"},
    "config": {"errors", "strict_yaml"},
    "pandera_rules": {*VALUES, *RULES, "engine", "readings", "settle", "tables"},
    "authoring": {
        *VALUES, *RULES, "across", "audit", "corrections", "engine", "faults", "findings", "readings", "render", "resources", "strict_yaml",
        "tables", "values", "wording",
    },
}  # fmt: skip
FREE = {"__init__", "__main__", "api", "cli"}
FORBIDDEN_NAMES = {"utils", "helpers", "common", "base", "manager", "service", "factory"}


def modules() -> list[Path]:
    return sorted(p for p in PACKAGE.rglob("*.py"))


def unit(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return parts[0]


@cache
def imports(path: Path) -> set[str]:
    """The units of `checker` a module imports, type-checking imports included."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names = [f"{node.module}.{alias.name}" if node.module == "checker" else str(node.module) for alias in node.names]
        for name in names:
            parts = name.split(".")
            if parts[0] == "checker" and len(parts) > 1 and parts[1] != "__version__":
                found.add(parts[1])
    return found


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_follow_the_table(path: Path) -> None:
    """A module imports only what ARCHITECTURE.md allows its unit."""
    name = unit(path)
    if name not in FREE:
        assert name in ALLOWED, f"{name} has no line in the table"
        assert imports(path) - {name} <= ALLOWED[name]


def test_the_table_allows_no_more_than_is_used() -> None:
    """What a unit may import it does import somewhere, so that the table is also a description."""
    used: dict[str, set[str]] = {}
    for path in modules():
        used.setdefault(unit(path), set()).update(imports(path))
    assert {name: allowed - used[name] for name, allowed in ALLOWED.items() if allowed - used[name]} == {}


def test_the_table_of_the_document_is_this_one() -> None:
    """ARCHITECTURE.md has every unit of the package once, with what it may import; only the entrances may import all."""
    table = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").partition("| may import (of ours) |\n|---|---|---|\n")[2].partition("\n\n")[0]
    told = []
    for line in table.splitlines():
        first, _, last = (cell.strip() for cell in line.strip("|").split("|"))
        names = [name.rstrip("/") for name in re.findall(r"`([^`]+)`", first)]
        told += names
        if last == "all of the above":
            assert set(names) <= FREE, line
        else:
            assert set(last.split(", ")) - {"nothing"} == set().union(*(ALLOWED[name] for name in names)) - set(names), line
    assert sorted(told) == sorted({unit(path) for path in modules()})


def test_the_table_has_no_cycle() -> None:
    """One direction of imports: every unit can be put after all it may import."""
    done: set[str] = set()
    left = {name: {unit for unit in allowed if unit in ALLOWED} for name, allowed in ALLOWED.items()}
    while left:
        ready = {name for name, allowed in left.items() if allowed <= done}
        assert ready, f"cycle among {sorted(left)}"
        done |= ready
        left = {name: allowed for name, allowed in left.items() if name not in ready}


def test_renderers_never_import_engine_rules_or_readers() -> None:
    """Outputs are made from results alone."""
    for path in (PACKAGE / "render").glob("*.py"):
        assert not imports(path) & {"engine", "rules", "readers", "language", "layouts", "api", "cli"}, path


def test_nothing_below_the_command_line_imports_it() -> None:
    """Only `__main__` and the command line itself know the command line."""
    for path in modules():
        if unit(path) not in ("cli", "__main__"):
            assert "cli" not in imports(path), path


def test_modules_stay_small_and_well_named() -> None:
    """No module passes 400 lines, none is called utils or the like."""
    for path in modules():
        lines = path.read_text(encoding="utf-8").count("\n")
        assert lines <= 400, f"{path.relative_to(ROOT)}: {lines} lines"
        assert path.stem not in FORBIDDEN_NAMES, path


def test_every_module_of_the_recogniser_has_its_step() -> None:
    """The section on recognition names each module of layouts once, and no other."""
    section = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").partition("## Recognition")[2].partition("\n## ")[0]
    named = [word for word in re.findall(r"`([a-z_]+)`", section) if word not in ("repairs", "unread")]
    modules = {path.stem for path in (ROOT / "checker" / "layouts").glob("*.py")} - {"__init__"}
    assert (sorted(named), set(named)) == (sorted(set(named)), modules)


def test_the_checker_can_fail(tmp_path: Path) -> None:
    """The import finder sees imports in functions and under TYPE_CHECKING, so the table can be broken."""
    probe = tmp_path / "probe.py"
    probe.write_text("def f():\n    from checker.engine.batch_pass import run\n    import checker.cli.check\n", encoding="utf-8")
    assert imports(probe) == {"engine", "cli"}
