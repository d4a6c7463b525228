"""The comparison with other validators stays honest: equal findings, contenders that are missing named, plots of what was measured."""

from __future__ import annotations

import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import polars as pl
import pytest

BENCH = str(Path(__file__).resolve().parent.parent / "bench")
if BENCH not in sys.path:
    sys.path.append(BENCH)

import peers  # noqa: E402
import tables  # noqa: E402
from peers import csv_of, measure  # noqa: E402


@pytest.fixture(scope="module")
def part(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("part")
    tables.generate(200, folder)
    csv_of.write(folder)
    return folder


@pytest.mark.parametrize("name", peers.PEERS)
def test_a_peer_finds_every_fault_and_nothing_else(part: Path, name: str) -> None:
    """Rule, form and row of a peer's findings are the generator's truth."""
    if why := peers.lacking(name):
        pytest.skip(why)
    found = peers.loaded(name)(part)
    truth = pl.read_parquet(part / "truth.parquet")
    assert set(found.select("rule", "form_id", "row").rows()) == set(truth.rows())
    assert found.height == truth.height > 0


def test_what_is_not_installed_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """A contender that cannot run is left out with the reason, never in silence."""
    monkeypatch.setitem(peers.PEERS, "pointblank", "no_such_package")
    assert peers.lacking("pointblank") == "no_such_package is not installed (requirements/bench.txt)"
    assert peers.lacking("pandera") is None


def test_a_run_in_which_findings_differ_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two digests are an error whatever the times are."""

    class Done:
        returncode = 0

    def run(command: list[str], **_: object) -> Done:
        done = Done()
        done.stdout = f'{{"digest": "{command[2]}", "wall": [1], "cpu": [1], "mb": 1}}'  # type: ignore[attr-defined]
        return done

    monkeypatch.setattr(measure.subprocess, "run", run)
    with pytest.raises(SystemExit, match="disagree"):
        measure.contend(Path(), 1, ("checker", "pandera"))


def test_the_plot_holds_every_contender() -> None:
    """A point for each, labelled with how many times checker's time it takes."""
    taken = {name: [{"wall": [1.0], "cpu": [spent], "mb": 1, "digest": ""}] for name, spent in (("checker", 2.0), ("pandera", 6.0), ("polars", 1.0))}
    root = ET.fromstring(measure.plot(1000, taken))
    texts = [each.text for each in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {"checker", "pandera", "polars", "3.00", "0.50"} <= set(texts)
    assert measure.times(taken, "pandera", "cpu") == 3.0
