"""The run record: a chain in which no byte can change unseen, enough to run again, and answers over years."""

from __future__ import annotations

import io
import json
import re
import threading
import tomllib
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
import results_factory as factory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from checker.errors import CheckerError, ReadError, UsageError
from checker.forms.export import csv_text
from checker.model import Form, FormResult, Outcome, Results, RuleOutcome, Source, Unreadable, Verdict
from checker.records import chain, history, record
from checker.render import json as findings_json
from checker.settle.change import SHANGHAI

WHEN = datetime(2024, 4, 18, 9, 30, tzinfo=SHANGHAI)


def entry(results: Results | None = None, when: datetime = WHEN, **more: object) -> chain.Entry:
    results = results or factory.seed()
    values = {"who": "李审", "when": when, "exit_code": 1, "options": {"paths": ["a.txt"], "fail_on": "error", "jobs": None}, **more}
    return record.entry(results, findings_json.render(results).encode(), **values)  # type: ignore[arg-type]


def chained(folder: Path, count: int) -> list[Path]:
    return [chain.write(folder, entry(when=WHEN + timedelta(days=n))) for n in range(count)]


def rewrite(path: Path, data: bytes) -> None:
    path.chmod(0o644)
    path.write_bytes(data)


# ---- the chain


def test_records_form_a_chain(tmp_path: Path) -> None:
    """Each record holds the digest of the one before; the whole verifies, and says how many and which is last."""
    made = chained(tmp_path / "records", 3)
    assert [path.name for path in made] == ["000001.json", "000002.json", "000003.json"]
    values = [json.loads(path.read_text(encoding="utf-8")) for path in made]
    assert [item["previous"] for item in values] == [None, values[0]["digest"], values[1]["digest"]]
    assert chain.verify(tmp_path / "records") == chain.Chain(3, values[2]["digest"], ())


def test_what_a_record_holds() -> None:
    """Who, when, versions, rule set, options, input digests, outcome counts and the digest of the findings."""
    values = entry(replace(factory.seed(), unreadable=(Unreadable("x.pdf", "扫描件"),)))
    assert (values["who"], values["when"], values["as_of"]) == ("李审", "2024-04-18T09:30:00+08:00", "2024-04-18")
    assert values["ruleset"]["digest"].startswith("sha256:")
    assert values["inputs"] == [{"path": "minhang_dpf_2023.txt", "sha256": f"sha256:{factory.seed().forms[0].form.source.sha256}", "format": "txt", "size": factory.SEED_PATH.stat().st_size}]
    assert values["rules"]["ACH-005"] == {"title": "未完成年度指标值，却填“达成指标”", "fail": 1}
    (form,) = values["forms"]
    assert (form["error"], form["warning"], form["note"], form["verdict"]) == (6, 9, 3, "return")
    assert form["failed"]["ACH-005"] == 5
    assert form["failed"]["ACH-006"] == 51
    assert values["unreadable"] == [{"path": "x.pdf", "reason": "扫描件", "sha256": None}]
    assert set(values["libraries"]) == set(record.LIBRARIES)


def test_recorded_libraries_are_those_the_program_needs() -> None:
    """Each library whose version is recorded is a dependency of every installation, not of some."""
    settings = tomllib.loads((Path(__file__).resolve().parents[1] / "pyproject.toml").read_text(encoding="utf-8"))
    needed = {re.split(r"[^\w-]", line)[0] for line in settings["project"]["dependencies"]}
    assert set(record.LIBRARIES) <= needed


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_changed_byte_is_refused(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    """Whichever byte of whichever record is changed, removed or added, verifying says so."""
    folder = tmp_path_factory.getbasetemp() / "bytes"
    if not folder.exists():
        chained(folder, 3)
    path = data.draw(st.sampled_from(chain.paths(folder)))
    whole = path.read_bytes()
    place = data.draw(st.integers(0, len(whole) - 1))
    other = data.draw(st.binary(min_size=0, max_size=2).filter(lambda new: new != whole[place : place + 1]))
    rewrite(path, whole[:place] + other + whole[place + 1 :])
    try:
        assert chain.verify(folder).faults
    finally:
        rewrite(path, whole)
    assert not chain.verify(folder).faults


def test_every_byte_of_a_record_counts(tmp_path: Path) -> None:
    """One after the other, each byte of a record is flipped and the record refused."""
    (path,) = chained(tmp_path, 1)
    whole = path.read_bytes()
    path.chmod(0o644)
    for place in range(0, len(whole), max(1, len(whole) // 500)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(ReadError):
            chain.read(path)
    path.write_bytes(whole)
    chain.read(path)


def test_a_record_made_anew_breaks_the_chain(tmp_path: Path) -> None:
    """A record replaced by another valid one no longer fits the one that follows it."""
    made = chained(tmp_path, 3)
    forged = json.loads(made[1].read_text(encoding="utf-8"))
    forged["who"] = "somebody else"
    body = {key: value for key, value in forged.items() if key != "digest"}
    rewrite(made[1], chain.dumps({**body, "digest": chain.sha256(chain.dumps(body).encode())}).encode())
    chain.read(made[1])
    (fault,) = chain.verify(tmp_path).faults
    assert "does not follow" in fault
    assert "000003" in fault


def test_a_missing_record_is_seen(tmp_path: Path) -> None:
    """The last record cut off is seen by HEAD, and, where HEAD was rewritten too, by a digest kept elsewhere; one taken out leaves a gap."""
    made = chained(tmp_path, 4)
    head = chain.verify(tmp_path).head
    made[3].unlink()
    assert "cut off" in chain.verify(tmp_path).faults[0]
    with pytest.raises(ReadError, match="cut off"):
        chain.write(tmp_path, entry())
    (tmp_path / "HEAD").unlink()
    assert "HEAD" in chain.verify(tmp_path).faults[0]
    (tmp_path / "HEAD").write_text(f"3 {json.loads(made[2].read_text(encoding='utf-8'))['digest']}\n", encoding="utf-8")
    assert not chain.verify(tmp_path).faults
    assert "cut off" in chain.verify(tmp_path, head).faults[0]
    made[1].unlink()
    assert any("missing or out of order" in fault for fault in chain.verify(tmp_path).faults)


def test_all_records_gone_is_seen(tmp_path: Path) -> None:
    """Where every record was deleted, HEAD still knows of them: no new chain begins."""
    for path in chained(tmp_path, 2):
        path.unlink()
    assert "cut off" in chain.verify(tmp_path).faults[0]
    with pytest.raises(ReadError, match="cut off"):
        chain.write(tmp_path, entry())


def test_two_records_exchanged_are_seen(tmp_path: Path) -> None:
    """Records in another order than they were written are refused."""
    made = chained(tmp_path, 3)
    texts = [path.read_bytes() for path in made]
    rewrite(made[0], texts[1])
    rewrite(made[1], texts[0])
    assert any("out of order" in fault for fault in chain.verify(tmp_path).faults)


@pytest.mark.parametrize("name", ["000004.json", "000002 copy.json", "notes.txt"])
def test_a_file_put_in_is_seen(tmp_path: Path, name: str) -> None:
    """Whatever is put beside the records is no record: a copy, a note; hidden files of version control are let be."""
    made = chained(tmp_path, 3)
    (tmp_path / ".gitattributes").write_text("x", encoding="utf-8")
    assert not chain.verify(tmp_path).faults
    (tmp_path / name).write_bytes(made[1].read_bytes())
    assert chain.verify(tmp_path).faults


@pytest.mark.parametrize("text", ["", "x", "9999999999999 sha256:0", "2 sha256:0", "4 sha256:0", "\xff"])
def test_a_changed_head_is_seen(tmp_path: Path, text: str) -> None:
    """A HEAD that names another record than the chain has is a fault, never a traceback."""
    chained(tmp_path, 3)
    (tmp_path / "HEAD").write_text(text, encoding="latin-1")
    assert chain.verify(tmp_path).faults


def test_nothing_is_added_to_a_broken_chain(tmp_path: Path) -> None:
    """A run does not build on a last record that was changed."""
    (path,) = chained(tmp_path, 1)
    rewrite(path, path.read_bytes().replace("李审".encode(), "王报".encode()))
    with pytest.raises(ReadError, match="changed after it was written"):
        chain.write(tmp_path, entry())
    assert len(chain.paths(tmp_path)) == 1


def test_no_records_is_no_intact_chain(tmp_path: Path) -> None:
    """An empty or missing folder does not verify."""
    for folder in (tmp_path, tmp_path / "none"):
        with pytest.raises(ReadError, match="no records"):
            chain.verify(folder)


def test_runs_at_the_same_time_each_get_a_place(tmp_path: Path) -> None:
    """Records written at once stand one after the other, none lost, none doubled."""
    values = entry()
    threads = [threading.Thread(target=chain.write, args=(tmp_path, values)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert chain.verify(tmp_path).records == 8
    assert not chain.verify(tmp_path).faults
    assert {path.name[0] for path in tmp_path.iterdir()} == {"0", "H"}


@pytest.mark.parametrize("text", factory.HOSTILE, ids=ascii)
def test_hostile_names_are_recorded_as_they_are(tmp_path: Path, text: str) -> None:
    """Whatever a form or file is called, its record reads back exactly and verifies."""
    path = chain.write(tmp_path, entry(factory.hostile(text), who=text))
    assert chain.read(path)["who"] == text
    assert chain.read(path)["forms"][0]["unit"] == text
    assert not chain.verify(tmp_path).faults


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    """A file in the way of the folder is told in one line."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(CheckerError) as caught:
        chain.write(tmp_path / "file", entry())
    assert isinstance(caught.value, UsageError)
    assert "\n" not in str(caught.value)


# ---- running again


def recorded(tmp_path: Path) -> chain.Entry:
    form = tmp_path / "a.txt"
    form.write_text("form", encoding="utf-8")
    side = tmp_path / "waivers.yaml"
    side.write_text("", encoding="utf-8")
    seed = factory.seed()
    source = replace(seed.forms[0].form.source, path=str(form), sha256=chain.sha256(b"form").removeprefix("sha256:"))
    seed = replace(seed, forms=(replace(seed.forms[0], form=replace(seed.forms[0].form, source=source)),))
    return entry(seed, files={"waivers": str(side)})


def test_a_replay_gives_the_same_bytes(tmp_path: Path) -> None:
    """Run again on the same inputs with the recorded options, day and language, the findings are the same byte for byte."""
    values = recorded(tmp_path)
    seen: list[Mapping[str, object]] = []
    seed = factory.seed()

    def check(options: Mapping[str, object]) -> bytes:
        seen.append(options)
        path = values["inputs"][0]["path"]
        form = replace(seed.forms[0], form=replace(seed.forms[0].form, source=replace(seed.forms[0].form.source, path=path, sha256=values["inputs"][0]["sha256"].removeprefix("sha256:"))))
        return findings_json.render(replace(seed, forms=(form,))).encode()

    assert record.replay(values, check) == []
    assert seen == [{"paths": ["a.txt"], "fail_on": "error", "jobs": None, "as_of": "2024-04-18", "lang": "zh"}]
    (fault,) = record.replay(values, lambda options: check(options) + b" ")
    assert "differ" in fault


def test_changed_inputs_are_named(tmp_path: Path) -> None:
    """A replay on other bytes is not compared: the input or waiver file that changed is named."""
    values = recorded(tmp_path)
    assert record.changed_inputs(values) == []
    (tmp_path / "a.txt").write_text("form2", encoding="utf-8")
    (tmp_path / "waivers.yaml").unlink()
    assert record.replay(values, lambda options: b"") == [f"has other bytes now @ {tmp_path / 'a.txt'}", f"is not there any more @ {tmp_path / 'waivers.yaml'}"]


def test_listing_has_a_line_a_run(tmp_path: Path) -> None:
    """The list shows number, time, who, exit code and counts."""
    chained(tmp_path, 2)
    lines = record.listing(chain.entries(tmp_path), "en").splitlines()
    assert lines[0] == "000001  2024-04-18T09:30:00+08:00  李审  exit 1  1 form  error 6 warning 9 note 3  2024.1"
    assert len(lines) == 2
    assert record.listing(chain.entries(tmp_path)).splitlines()[0] == "000001  2024-04-18T09:30:00+08:00  李审  退出码 1  1 份表  错误 6 警告 9 提示 3  2024.1"


@pytest.mark.parametrize("question", sorted(history.QUESTIONS))
def test_answers_are_headed_in_the_language_of_the_run(question: str) -> None:
    """No heading and no verdict of an answer is English in Chinese; in English the columns have their names."""
    answer = history.ask(question, RUNS)
    head, *rows = history.table(answer).splitlines()
    assert not re.search("[a-z]", head)
    assert not any(word in " ".join(rows) for word in ("return", "review", "accept"))
    assert history.table(answer, "en").splitlines()[0].split() == answer.columns


def test_who_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """CHECKER_WHO names who runs; without it the account does, and nothing fails where there is none."""
    monkeypatch.setenv("CHECKER_WHO", "李审")
    assert record.default_who() == "李审"
    for name in ("CHECKER_WHO", "GITHUB_ACTOR", "GITLAB_USER_LOGIN"):
        monkeypatch.delenv(name, raising=False)

    def nobody() -> str:
        raise OSError("no user name")

    monkeypatch.setattr(record.getpass, "getuser", nobody)
    assert record.default_who() == "unknown"


# ---- questions over years


def run(number: int, day: str, *forms: tuple[str, int, dict[str, int], str]) -> chain.Entry:
    """One made-up run: forms as (unit, year, failed rules with places, verdict)."""
    results = []
    for unit, year, failed, verdict in forms:
        form = Form(form_id=f"{year}-{unit}", source=Source(f"{unit}.xlsx", "0" * 64, "xlsx"), header={"unit_name": unit, "fiscal_year": year, "form_type": "department"})
        base = factory.seed().forms[0].findings[0]
        findings = tuple(replace(base, rule=rule, fingerprint=f"{unit}{year}{rule}{n}", severity=factory.RULES[rule].severity) for rule, places in failed.items() for n in range(places))
        results.append(FormResult(form, Verdict(verdict), None, findings, tuple(RuleOutcome(rule, Outcome.FAIL, 9, n) for rule, n in failed.items())))
    made = entry(factory.results(results), when=datetime.fromisoformat(f"{day}T12:00:00+08:00"))
    return {**made, "number": number}


RUNS = [
    run(1, "2022-04-01", ("甲局", 2021, {"DED-001": 3, "WGT-001": 1}, "return"), ("乙局", 2021, {"DED-001": 1}, "return")),
    run(2, "2023-04-01", ("甲局", 2022, {"DED-001": 2}, "return"), ("乙局", 2022, {}, "accept")),
    run(3, "2024-04-01", ("甲局", 2023, {"DED-001": 5, "ACH-005": 1}, "return")),
    run(4, "2024-05-01", ("甲局", 2023, {"ACH-005": 1}, "return"), ("丙局", 2023, {"ACH-005": 2}, "return")),
]


def test_which_rule_failed_most() -> None:
    """Each form counts once, with its last run: a fault corrected on the second try does not count."""
    answer = history.ask("rules", RUNS).rows(named=True)
    assert [(row["rule"], row["forms"], row["places"], row["units"], row["of_forms"]) for row in answer] == [("DED-001", 3, 6, 2, 6), ("ACH-005", 2, 3, 2, 6), ("WGT-001", 1, 1, 1, 6)]
    assert answer[0]["title"] == "扣分应说明原因"


def test_since_a_day() -> None:
    """Only runs since the day count."""
    answer = history.ask("rules", RUNS, date(2023, 1, 1)).rows(named=True)
    assert [(row["rule"], row["forms"]) for row in answer] == [("ACH-005", 2), ("DED-001", 1)]
    assert history.ask("rules", RUNS, date(2030, 1, 1)).height == 0


def test_units_repeats_and_tries() -> None:
    """Units by errors, rules a unit fails in several years, and how often a form was tried."""
    worst = history.ask("units", RUNS).rows(named=True)
    assert (worst[0]["unit"], worst[0]["forms"], worst[0]["returned"], worst[0]["error"]) == ("甲局", 3, 3, 7)
    assert history.ask("repeats", RUNS).select("unit", "rule", "which").rows() == [("甲局", "DED-001", "2021 2022")]
    assert history.ask("tries", RUNS).rows(named=True)[0] == {"form_id": "2023-甲局", "unit": "甲局", "runs": 2, "first": "return", "last": "return", "error": 1}


@pytest.mark.parametrize("question", sorted(history.QUESTIONS))
def test_an_empty_record_answers_with_no_rows(question: str) -> None:
    """Questions to an empty record give an empty table, not a fault."""
    answer = history.ask(question, [])
    assert answer.height == 0
    assert history.table(answer).count("\n") == 1


def test_unknown_questions_are_refused() -> None:
    """A question or table nobody knows is told with those there are."""
    with pytest.raises(UsageError, match="rules, units, repeats, tries"):
        history.ask("who", RUNS)
    with pytest.raises(UsageError, match="runs, forms, rules"):
        history.parquet(RUNS, "x")


def test_parquet_reads_back() -> None:
    """The tables for analysts read back from Parquet as they are."""
    for name, frame in history.frames(RUNS).items():
        assert pl.read_parquet(io.BytesIO(history.parquet(RUNS, name))).equals(frame)


def test_table_is_aligned_and_safe() -> None:
    """Columns line up with Chinese text in them, and control characters are shown, not obeyed."""
    from checker.render.shown import width

    lines = history.table(pl.DataFrame({"unit": ["甲局", "a\x1b[31m"], "n": [1, 100]})).splitlines()
    assert [width(line) for line in lines] == [width(lines[0])] * 3
    assert "\x1b" not in "".join(lines)


def test_csv_holds_no_formula() -> None:
    """A unit named like a formula is text in the CSV of an answer; numbers stay as they are."""
    frame = pl.DataFrame({"unit": ["=1+1", "@x", "区"], "forms": [-1, 2, 3]})
    made = csv_text(frame.columns, frame.iter_rows())
    assert made.splitlines() == ["unit,forms", "'=1+1,-1", "'@x,2", "区,3"]


def test_years_before_a_leap_day() -> None:
    """Three years before 29 February is the 28th."""
    assert history.years_before(date(2024, 2, 29), 3) == date(2021, 2, 28)
    assert history.years_before(date(2024, 4, 18), 3) == date(2021, 4, 18)
