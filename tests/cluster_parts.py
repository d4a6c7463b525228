"""Parts of the sample forms for tests of clusters, and what decides whether an engine has to be there."""

from __future__ import annotations

import importlib
import os
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from types import ModuleType

import polars as pl
import pytest

from checker import api
from checker.engine.parts import digest, write_part

RULES = api.load_rules().active
SAMPLES = Path(__file__).resolve().parent.parent / "sample_forms"


def engine(name: str, *programs: str) -> ModuleType:
    """Return `checker.cluster.<name>`. Where the engine is missing the module's tests are skipped, never in CI."""
    if os.environ.get("CI") != "true":
        package = {"ray": "ray", "spark": "pyspark"}[name]
        if find_spec(package) is None or find_spec("pyarrow") is None:
            pytest.skip(f"{package} is not installed: pip install '.[{name}]'", allow_module_level=True)
        for program in programs:
            if which(program) is None:
                pytest.skip(f"{program} is not installed", allow_module_level=True)
    return importlib.import_module(f"checker.cluster.{name}")


def same(there: pl.DataFrame, here: pl.DataFrame, more_than: int) -> None:
    """Assert that an engine gave the findings of the local run, digest and all, and that there were some."""
    assert here.height > more_than
    assert there.equals(here)
    assert digest(there) == digest(here)


def parts(folder: Path, size: int = 4) -> list[Path]:
    """Write forms of five layouts, clean and faulty, several of each, as parts of `size` forms."""
    files = [*sorted(SAMPLES.glob("*.xlsx")), SAMPLES / "minhang_dpf_2023.txt"]
    forms = api.read([file for _ in range(3) for file in files]).forms
    folders = []
    for start in range(0, len(forms), size):
        folders.append(folder / f"part-{start:06d}")
        write_part(forms[start : start + size], folders[-1], RULES)
    return folders


def listening(parent: int) -> set[str]:
    """Return the addresses on which a process and all below it accept connections (Linux)."""
    sockets = {inode for each in below(parent) for inode in _sockets(each)}
    found = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and fields[9] in sockets:
                found.add(_address(fields[1].split(":")[0]))
    return found


def below(parent: int) -> set[int]:
    """Return a process and all its descendants."""
    parents = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(status.parent.name)] = int(status.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    found = {parent}
    while grown := {child for child, above in parents.items() if above in found} - found:
        found |= grown
    return found


def _sockets(process: int) -> set[str]:
    found = set()
    try:
        for link in Path(f"/proc/{process}/fd").iterdir():
            target = os.readlink(link)
            if target.startswith("socket:["):
                found.add(target[8:-1])
    except OSError:
        return found
    return found


def _address(text: str) -> str:
    """Return an address of /proc/net/tcp, which holds words of four bytes in the machine's order."""
    import ipaddress

    raw = b"".join(bytes.fromhex(text[i : i + 8])[::-1] for i in range(0, len(text), 8))
    found = ipaddress.ip_address(raw)
    return str(getattr(found, "ipv4_mapped", None) or found)
