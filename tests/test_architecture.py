"""One direction of imports: the table of ARCHITECTURE.md, compared with the imports in the source."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "checker"

VALUES = {"model", "errors", "fields"}
RULES = {"language", "rule"}
ALLOWED: dict[str, set[str]] = {
    "model": set(),
    "errors": set(),
    "fields": set(),
    "resources": {"errors"},
    "kept": set(),
    "late": set(),
    "remembered": set(),
    "wording": {"late"},
    "faults": {"kept", "late", "wording"},
    "strict_yaml": {"errors", "kept"},
    "values": {"kept", "late", "remembered"},
    "readers": {"late", "model", "errors", "remembered"},
    "layouts": {*VALUES, "faults", "kept", "late", "remembered", "values", "strict_yaml", "wording"},
    "normalized": {*VALUES, "strict_yaml"},
    "explain_layout": {"model", "fields", "layouts"},
    "export": {"fields", "model"},
    "intake": {"model", "errors", "readers", "layouts", "normalized"},
    "template": set(),
    "columns": {*VALUES, "remembered"},
    "contracts": {"columns", "fields"},
    "frames": {*VALUES, "columns"},
    "readings": {"columns", "fields", "values"},
    "evidence": {*VALUES, "frames", "readers", "strict_yaml", "values"},
    "language": {"columns", "errors", "fields", "frames"},
    "rule": {"model", "language"},
    "rule_reader": {*VALUES, *RULES, "strict_yaml"},
    "rule_cache": {*VALUES, *RULES, "kept"},
    "ruleset": {*VALUES, *RULES, "strict_yaml", "rule_reader", "rule_cache"},
    "profiles": {*VALUES, *RULES, "resources", "rule_cache", "rule_reader", "strict_yaml"},
    "prepared": {*VALUES, *RULES},
    "engine": {*VALUES, *RULES, "frames", "prepared"},
    "row_pass": {*VALUES, *RULES, "columns", "prepared"},
    "parts": {*VALUES, *RULES, "columns", "engine", "frames", "prepared", "readings"},
    "cluster": {"across", "errors", "fields", "model", "parts", "rule"},
    "proof": {*VALUES, *RULES},
    "findings": {*VALUES, *RULES, "proof"},
    "figures": {*VALUES, *RULES, "findings", "proof"},
    "corrections": {*VALUES, *RULES},
    "verdict": {"model", "errors", "strict_yaml"},
    "exit_status": {"model"},
    "settle": {"model", "verdict"},
    "waivers": {*VALUES, "settle", "strict_yaml", "verdict"},
    "baseline": {*VALUES, "settle", "verdict", "strict_yaml"},
    "responses": {*VALUES, "settle", "strict_yaml"},
    "diff": {"errors"},
    "record_chain": {"errors"},
    "record": {"errors", "model", "record_chain", "settle"},
    "history": {"errors", "render"},
    "config": {"errors", "strict_yaml", "resources"},
    "audit": {
        *VALUES, *RULES, "columns", "contracts", "corrections", "engine", "figures", "findings", "frames", "prepared", "profiles", "readings",
        "resources", "row_pass", "verdict", "evidence", "across", "layouts",
    },
    "across": {*VALUES, *RULES, "engine", "findings", "frames", "kept", "late", "prepared", "values"},
    "screen": {"model", "rule", "readers", "intake", "audit", "engine", "frames", "parts", "profiles", "resources", "verdict"},
    "references": {"across", "errors", "intake", "model", "readers"},
    "examples": {*VALUES, *RULES, "across", "audit", "engine", "findings", "frames", "readings", "strict_yaml", "values"},
    "pandera_rules": {*VALUES, *RULES, "contracts", "engine", "frames", "readings", "settle"},
    "marked": {"model", "errors", "readers", "render"},
    "render": {"model", "fields", "kept", "resources", "errors", "diff"},
    "mutate": {*VALUES, *RULES, "engine", "examples", "frames", "readings"},
    "corrupt": {*VALUES, *RULES, "audit", "corrections", "engine", "profiles"},
    "lint": {*VALUES, *RULES, "corrections", "engine", "examples", "faults", "frames", "readings", "rule_reader", "strict_yaml"},
    "rule_schema": {*VALUES, *RULES, "examples", "rule_reader"},
    "rule_skeleton": {"errors"},
    "rule_show": {*VALUES, *RULES, "profiles"},
    "rule_docs": {*VALUES, *RULES, "profiles", "render", "resources", "rule_show", "strict_yaml"},
}  # fmt: skip
FREE = {"__init__", "__main__", "api", "cli"}
FORBIDDEN_NAMES = {"utils", "helpers", "common", "base", "manager", "service", "factory"}


def modules() -> list[Path]:
    return sorted(p for p in PACKAGE.rglob("*.py"))


def unit(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return parts[0]


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
        assert not imports(path) & {"engine", "ruleset", "rule", "readers", "language", "layouts", "api", "cli"}, path


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


def test_the_checker_can_fail(tmp_path: Path) -> None:
    """The import finder sees imports in functions and under TYPE_CHECKING, so the table can be broken."""
    probe = tmp_path / "probe.py"
    probe.write_text("def f():\n    from checker.engine import run\n    import checker.cli.check\n", encoding="utf-8")
    assert imports(probe) == {"engine", "cli"}
