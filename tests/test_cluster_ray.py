"""Parts on Ray Data: the findings of the local run, on this machine alone."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from across_parts import DAY, forms, usual
from across_parts import parts as across_parts
from cluster_parts import RULES, engine, listening, parts, same

from checker.engine.parts import check_parts
from checker.errors import UsageError

on_ray = engine("ray")

pytestmark = pytest.mark.limit(300)


@pytest.fixture(scope="module")
def ray() -> Iterator[Any]:
    on_ray.start(workers=2)
    import ray

    yield ray
    ray.shutdown()


@pytest.mark.usefixtures("ray")
def test_findings_are_those_of_the_local_run(tmp_path: Path) -> None:
    """Every row of every part, in any order; told in order they are the local table, digest and all."""
    folders = parts(tmp_path)
    here = pl.concat(list(check_parts(folders, RULES, DAY)))
    there = on_ray.collected(on_ray.findings(folders, RULES, DAY))
    same(there, here, 50)


def test_rules_over_several_forms_find_the_same_after_a_shuffle(ray: Any, tmp_path: Path) -> None:
    """Forms of one comparison stand in different parts: their findings are those of the usual run, digest and all."""
    many = forms()
    there = on_ray.collected(on_ray.across(across_parts(tmp_path, many, 7), RULES, DAY, buckets=3))
    here = usual(many, RULES)
    same(there, here, 10)


def test_a_part_that_is_not_whole_fails_the_job(ray: Any, tmp_path: Path) -> None:
    """One broken part among good ones never means fewer findings."""
    folders = parts(tmp_path, 20)
    (folders[-1] / "indicators.parquet").unlink()
    with pytest.raises(ray.exceptions.RayError, match="不是完整的数据分片"):
        on_ray.collected(on_ray.findings(folders, RULES, DAY))


@pytest.mark.usefixtures("ray")
def test_ray_that_was_imported_before_is_not_started() -> None:
    """Ray would listen on every address: refused in one line."""
    with pytest.raises(UsageError, match="先调用 start"):
        on_ray.start()


@pytest.mark.usefixtures("ray")
@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="sockets are read from /proc")
def test_nothing_listens_beyond_this_machine() -> None:
    """All sockets of Ray's processes are bound to the loopback address."""
    found = listening(os.getpid())
    assert found
    assert {address for address in found if not ipaddress.ip_address(address).is_loopback} == set()
