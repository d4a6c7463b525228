"""Parts on PySpark: the findings of the local run, on this machine alone."""

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

on_spark = engine("spark", "java")

pytestmark = pytest.mark.limit(300)


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    started = on_spark.start(workers=2, scratch=tmp_path_factory.mktemp("spark"))
    yield started
    started.stop()


def test_findings_are_those_of_the_local_run(session: Any, tmp_path: Path) -> None:
    """Every row of every part, in any order; told in order they are the local table, digest and all."""
    folders = parts(tmp_path)
    here = pl.concat(list(check_parts(folders, RULES, DAY)))
    there = on_spark.collected(on_spark.findings(session, folders, RULES, DAY))
    same(there, here, 50)


def test_rules_over_several_forms_find_the_same_after_a_shuffle(session: Any, tmp_path: Path) -> None:
    """Forms of one comparison stand in different parts: their findings are those of the usual run, digest and all."""
    many = forms()
    there = on_spark.collected(on_spark.across(session, across_parts(tmp_path, many, 7), RULES, DAY, buckets=3))
    here = usual(many, RULES)
    same(there, here, 10)


def test_a_part_that_is_not_whole_fails_the_job(session: Any, tmp_path: Path) -> None:
    """One broken part among good ones never means fewer findings."""
    folders = parts(tmp_path, 20)
    (folders[-1] / "indicators.parquet").unlink()
    with pytest.raises(Exception, match="不是完整的数据分片"):
        on_spark.collected(on_spark.findings(session, folders, RULES, DAY))


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="sockets are read from /proc")
@pytest.mark.usefixtures("session")
def test_nothing_listens_beyond_this_machine() -> None:
    """All sockets of Spark's processes are bound to the loopback address."""
    found = listening(os.getpid())
    assert found
    assert {address for address in found if not ipaddress.ip_address(address).is_loopback} == set()
