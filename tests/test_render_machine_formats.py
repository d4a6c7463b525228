"""SARIF, JUnit, GitHub, GitLab, Markdown and JSON Lines: each read back by a consumer of its own kind."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from urllib.parse import unquote

import jsonschema
import pytest
import results_factory as factory
from lxml import etree
from markdown_it import MarkdownIt
from msgspec.structs import replace

from checker.model import Locator, Outcome, Results, RuleOutcome, Severity, Step, Unreadable, Verdict
from checker.render import github, gitlab, jsonl, junit, markdown, sarif
from checker.render import json as findings_json
from checker.render.told import one_line

FORMATS: tuple[ModuleType, ...] = (sarif, junit, github, gitlab, markdown, jsonl)
SARIF_SCHEMA = json.loads((Path(__file__).parent / "data" / "sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
LONG = "字" * 100_000
TEXTS = (*factory.HOSTILE, LONG, "##[error]x", "@everyone #12 www.example.invalid", "a\r\nb\tc", "]]>", "&amp;#64;", "\\|\\", "- - 1. x")


def name(module: ModuleType) -> str:
    return module.__name__.rpartition(".")[2]


def sarif_of(results: Results) -> dict:
    """The run of a SARIF file that fits the schema; of results that differ in their fingerprint only one is held against it."""
    log = json.loads(sarif.render(results))
    (run,) = log["runs"]
    kinds = {json.dumps({key: value for key, value in result.items() if key != "partialFingerprints"}): result for result in run["results"]}
    jsonschema.Draft7Validator(SARIF_SCHEMA, format_checker=jsonschema.FormatChecker()).validate({**log, "runs": [{**run, "results": list(kinds.values())}]})
    return run


def with_finding(results: Results, **changes: object) -> Results:
    """The results with the first finding of the first form changed."""
    form = results.forms[0]
    findings = (replace(form.findings[0], **changes), *form.findings[1:])
    return replace(results, forms=(replace(form, findings=findings), *results.forms[1:]))


def crashed(results: Results) -> Results:
    form = results.forms[0]
    rules = (*form.rules, RuleOutcome("WGT-009", Outcome.ERROR, reason="division::by,zero"))
    return replace(results, forms=(replace(form, rules=rules), *results.forms[1:]))


def many(count: int) -> Results:
    seed = factory.seed()
    form = seed.forms[0]
    findings = tuple(
        replace(form.findings[n % len(form.findings)], fingerprint=f"{n:016x}") for n in range(count)
    )
    return replace(seed, forms=(replace(form, findings=findings),))


# ---- every format


@pytest.mark.parametrize("module", FORMATS, ids=name)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_same_results_give_the_same_bytes(module: ModuleType, lang: str) -> None:
    """Rendering is a pure function: twice the same results give the same text, ending in a line feed."""
    first, second = module.render(factory.seed(lang)), module.render(factory.seed(lang))
    assert first == second
    assert first.endswith("\n")


@pytest.mark.parametrize("module", FORMATS, ids=name)
@pytest.mark.parametrize("text", TEXTS, ids=lambda t: ascii(t[:12]))
def test_hostile_text_encodes_and_is_not_run(module: ModuleType, text: str) -> None:
    """No text of a form breaks a format: the output is UTF-8, without control, bidi or unpaired characters."""
    out = module.render(factory.hostile(text))
    out.encode("utf-8")
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\u200b\ufeff]", out)


@pytest.mark.parametrize("module", FORMATS, ids=name)
def test_waived_findings_stay_and_are_marked(module: ModuleType) -> None:
    """A waived finding is in every output, with the reason of its waiver."""
    waived = with_finding(factory.seed(), waiver={"reason": "口径已批复", "approved_by": "李审", "expires": "2024-06-30"})
    plain = factory.seed()
    out = module.render(waived)
    assert "口径已批复" in out
    assert "口径已批复" not in module.render(plain)
    assert plain.forms[0].findings[0].fingerprint in out or module in (github, markdown)


@pytest.mark.parametrize("module", FORMATS, ids=name)
def test_a_crashed_rule_and_an_unread_file_show(module: ModuleType) -> None:
    """A rule that crashed and a file that could not be read are said in every output."""
    results = replace(crashed(factory.seed()), unreadable=(Unreadable("x.xlsx", "文件已损坏"),))
    out = module.render(results)
    assert "x.xlsx" in out
    assert "文件已损坏" in out
    if module is not jsonl:
        assert "WGT-009" in out or "| 1 |" in out


@pytest.mark.parametrize("module", FORMATS, ids=name)
def test_no_form_is_no_pass(module: ModuleType) -> None:
    """A run without forms says so."""
    empty = replace(factory.seed(), forms=())
    out = module.render(empty)
    if module is jsonl:
        assert json.loads(out.splitlines()[-1])["verdict"] is None
    else:
        assert "没有检查任何表" in out


# ---- SARIF


@pytest.mark.parametrize("make", [factory.seed, lambda: factory.seed("en"), lambda: factory.hostile(LONG)], ids=["zh", "en", "long"])
def test_sarif_validates(make: Callable[[], Results]) -> None:
    """The log validates against the official schema of SARIF 2.1.0."""
    assert sarif_of(make())["results"]


@pytest.mark.parametrize("text", TEXTS, ids=lambda t: ascii(t[:12]))
def test_sarif_validates_with_hostile_text(text: str) -> None:
    """Whatever the form holds, the log stays valid, URIs included."""
    run = sarif_of(factory.hostile(text))
    assert len(run["results"]) == 3


def test_the_schema_check_can_fail() -> None:
    """A result without a message does not pass the schema the other tests rely on."""
    log = json.loads(sarif.render(factory.seed()))
    del log["runs"][0]["results"][0]["message"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft7Validator(SARIF_SCHEMA).validate(log)


def test_sarif_kinds_and_levels() -> None:
    """A failed row has the level of its severity; open and review rows have their kind and level none."""
    seed = factory.seed()
    for result, finding in zip(sarif_of(seed)["results"], seed.forms[0].findings, strict=True):
        assert result["kind"] == finding.kind.value
        assert result["level"] == (finding.severity.value if finding.kind is Outcome.FAIL else "none")
        assert result["properties"]["severity"] == finding.severity.value
        assert result["partialFingerprints"] == {"checkerFinding/v1": finding.fingerprint}
    assert {result["kind"] for result in sarif_of(seed)["results"]} == {"fail", "open", "review"}


def test_sarif_rule_index_points_at_the_rule() -> None:
    """ruleIndex and the rules' list agree, and each rule has help and a full description."""
    run = sarif_of(factory.seed())
    rules = run["tool"]["driver"]["rules"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    assert all(rule["help"]["text"] and rule["fullDescription"]["text"] for rule in rules)


def test_sarif_places() -> None:
    """A text line is a region; a workbook cell is a logical location with sheet and cell, without an invented line."""
    seed = factory.seed()
    first = seed.forms[0].findings[0]
    run = sarif_of(seed)
    assert run["results"][0]["locations"][0]["physicalLocation"]["region"] == {"startLine": 28}
    moved = tuple(replace(at, locator=Locator("自评 表.xlsx", sheet="表 1", cell="H39")) for at in first.locations)
    place = sarif_of(with_finding(seed, locations=moved))["results"][0]["locations"][0]
    assert "region" not in place["physicalLocation"]
    assert {"name": "H39", "fullyQualifiedName": "表 1!H39", "kind": "cell"} in place["logicalLocations"]


def test_sarif_lists_every_place_of_an_aggregate_finding() -> None:
    """A finding over 51 rows has 51 locations; the cells it used are related ones."""
    results = {result["ruleId"]: result for result in sarif_of(factory.seed())["results"]}
    assert len(results["ACH-006"]["locations"]) == 51
    assert [at["physicalLocation"]["region"]["startLine"] for at in results["ACH-005"]["relatedLocations"]] == [38, 38]


def test_sarif_waivers_are_suppressions_and_a_baseline_is_a_state() -> None:
    """A waiver is an accepted external suppression with its reason; baseline findings are unchanged, the others new."""
    waived = sarif_of(with_finding(factory.seed(), waiver={"reason": "口径已批复"}))["results"]
    assert waived[0]["suppressions"] == [{"kind": "external", "status": "accepted", "justification": "已豁免：口径已批复"}]
    assert "suppressions" not in waived[1]
    assert "baselineState" not in waived[0]
    known = sarif_of(with_finding(factory.seed(), baseline=True))["results"]
    assert [known[0]["baselineState"], known[1]["baselineState"]] == ["unchanged", "new"]


def test_sarif_cap_is_said_and_keeps_the_heaviest() -> None:
    """Of more than 5,000 results the heaviest 5,000 are written, and a notification says how many there are."""
    run = sarif_of(many(5_200))
    assert len(run["results"]) == 5_000
    said = [n["message"]["text"] for n in run["invocations"][0]["toolExecutionNotifications"] if n["descriptor"]["id"] == "capped"]
    assert len(said) == 1
    assert "5,200" in said[0]
    assert run["properties"]["results_total"] == 5_200
    levels = [result["level"] for result in run["results"]]
    assert levels.count("error") == sum(f.severity is Severity.ERROR and f.kind is Outcome.FAIL for f in many(5_200).forms[0].findings)
    whole = sarif_of(many(5_000))
    assert len(whole["results"]) == 5_000
    assert not whole["invocations"][0]["toolExecutionNotifications"]


@pytest.mark.parametrize(("lang", "called"), [("zh", "按比例应得："), ("en", "due by ratio: ")])
def test_junit_calls_steps_as_the_page_does(lang: str, called: str) -> None:
    """The steps of a rule have the names that a person knows, and none of its own."""
    run = with_finding(factory.seed(lang), rule="ACH-004", steps=(Step("due", "1 × 0.9 = 0.9"), Step("expect", "0.95 = 0.9")))
    text = junit.render(run)
    assert f"{called}1 × 0.9 = 0.9" in text
    assert "due: " not in text and "expect: " not in text


@pytest.mark.parametrize(("lang", "words"), [("zh", ("提示：", "指纹：")), ("en", ("Note: ", "fingerprint: "))])
def test_junit_is_in_one_language(lang: str, words: tuple[str, str]) -> None:
    """What marks a note and names the fingerprint is said in the language of the run, with its colon."""
    note, print_ = words
    run = with_finding(factory.seed(lang), rule="ACH-004", severity=Severity.NOTE)
    root = junit_of(run)
    said = [node.text or "" for node in root.findall(".//system-out")]
    assert said and all(text.startswith(note) for text in said)
    told = [*said, *(node.text or "" for node in [*root.findall(".//failure"), *root.findall(".//skipped")] if node.text)]
    assert all(print_ in text for text in told)


def test_sarif_failed_runs() -> None:
    """A crashed rule and an unreadable file make the execution unsuccessful and are no results."""
    assert sarif_of(factory.seed())["invocations"][0]["executionSuccessful"] is True
    for broken in (crashed(factory.seed()), replace(factory.seed(), unreadable=(Unreadable("x.pdf", "扫描件"),))):
        run = sarif_of(broken)
        assert run["invocations"][0]["executionSuccessful"] is False
        assert len(run["results"]) == len(factory.seed().forms[0].findings)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("./a/自评表 1.xlsx", "a/%E8%87%AA%E8%AF%84%E8%A1%A8%201.xlsx"),
        ("/srv/a.txt", "file:///srv/a.txt"),
        ("C:\\forms\\a.txt", "file:///C:/forms/a.txt"),
        ("a:b%20.txt", "a%3Ab%2520.txt"),
        ("forms\\a.txt", "forms/a.txt"),
    ],
)
def test_sarif_paths(path: str, expected: str) -> None:
    """Relative paths stay relative, absolute ones become file URIs, and unquoting gives the name back."""
    assert sarif.uri(path) == expected
    assert unquote(expected).endswith(path.replace("\\", "/").rpartition("/")[2])


# ---- JUnit


def junit_of(results: Results) -> etree._Element:
    return etree.fromstring(junit.render(results).encode(), etree.XMLParser(resolve_entities=False, no_network=True))


@pytest.mark.parametrize("text", TEXTS, ids=lambda t: ascii(t[:12]))
def test_junit_is_well_formed_and_its_counts_add_up(text: str) -> None:
    """The XML parses whatever the form holds; the counts of suites and of the whole equal the cases in them."""
    root = junit_of(factory.hostile(text))
    assert int(root.get("failures")) == len(root.findall(".//failure")) == 2
    assert int(root.get("errors")) == len(root.findall(".//error"))
    assert int(root.get("skipped")) == len(root.findall(".//skipped"))
    assert int(root.get("tests")) == len(root.findall(".//testcase"))
    for suite in root.findall("testsuite"):
        assert int(suite.get("tests")) == len(suite.findall("testcase"))
        names = [case.get("name") for case in suite.findall("testcase")]
        assert len(names) == len(set(names))


def test_junit_states() -> None:
    """Fails of errors and warnings are failures, notes pass with a text, undecided rows are skipped with the reason."""
    seed = factory.seed()
    root = junit_of(seed)
    found = seed.forms[0].findings
    expected = sum(f.kind is Outcome.FAIL and f.severity is not Severity.NOTE for f in found)
    assert len(root.findall(".//failure")) == expected
    assert len(root.findall(".//system-out")) == sum(f.kind is Outcome.FAIL and f.severity is Severity.NOTE for f in found)
    skipped = [node.get("message") for node in root.findall(".//skipped")]
    assert any("第 27 行的得分读不到，合计无法复核" in message for message in skipped)
    assert not root.findall(".//error")


def test_junit_error_is_not_failure() -> None:
    """A crashed rule and an unreadable file are errors; they add no failure."""
    before = junit_of(factory.seed())
    after = junit_of(replace(crashed(factory.seed()), unreadable=(Unreadable("x.xlsx", "文件已损坏"),)))
    assert before.get("failures") == after.get("failures")
    assert [node.get("message") for node in after.findall(".//error")] == ["division::by,zero", "文件已损坏"]


def test_junit_rules_that_hold_are_counted() -> None:
    """A rule that holds everywhere passes, with the number of places; one that does not apply is skipped."""
    root = junit_of(factory.seed())
    suites = {suite.get("name").split()[0]: suite for suite in root.findall("testsuite")}
    assert [case.get("name") for case in suites["SCO-001"]] == ["minhang_dpf_2023 · 57 处通过"]
    assert "批次里没有下属单位的表" in suites["BAT-001"].find(".//skipped").get("message")


def test_junit_read_by_its_own_library() -> None:
    """The JUnit parser CI tools share reads the file and counts the same."""
    junitparser = pytest.importorskip("junitparser")
    read = junitparser.JUnitXml.fromstring(junit.render(factory.seed()).encode())
    cases = [case for suite in read for case in suite]
    results = [type(result).__name__ for case in cases for result in case.result]
    root = junit_of(factory.seed())
    assert len(cases) == int(root.get("tests"))
    assert results.count("Failure") == int(root.get("failures"))
    assert results.count("Skipped") == int(root.get("skipped"))


# ---- GitHub

def commands(text: str) -> list[tuple[str, dict[str, str], str]]:
    """The workflow commands in a log as the runner reads them: split at the first `::` after the command, then unescaped."""
    found = []
    for line in text.split("\n"):
        if not line.lstrip().startswith("::"):
            continue
        command, _, message = line.lstrip()[2:].partition("::")
        level, _, rest = command.partition(" ")
        properties = dict(item.split("=", 1) for item in rest.split(",") if "=" in item)
        for code, char in (("%3A", ":"), ("%2C", ",")):
            properties = {key: value.replace(code, char) for key, value in properties.items()}
        for code, char in (("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
            properties = {key: value.replace(code, char) for key, value in properties.items()}
            message = message.replace(code, char)
        found.append((level, properties, message))
    return found


def test_github_round_trip() -> None:
    """The runner reads a command for each finding, with file, line, title and the text itself."""
    seed = factory.seed()
    read = commands(github.render(seed))
    assert len(read) == len(seed.forms[0].findings)
    level, properties, message = read[0]
    assert (level, properties["file"], properties["line"]) == ("error", "minhang_dpf_2023.txt", "28")
    assert properties["title"] == "ACH-005 未完成年度指标值，却填“达成指标”"
    assert "3037 ÷ 3133 = 96.94%" in message
    levels = [level for level, _, _ in read]
    assert levels == sorted(levels, key=["error", "warning", "notice"].index)


@pytest.mark.parametrize("text", TEXTS, ids=lambda t: ascii(t[:12]))
def test_github_forms_issue_no_commands(text: str) -> None:
    """A form can't issue workflow commands: every line is one of ours, and its title and message read back."""
    results = factory.hostile(text)
    out = github.render(results)
    assert len(out.splitlines()) == len(results.forms[0].findings) + len(results.unreadable) + 1
    for level, properties, _ in commands(out):
        assert level in {"error", "notice"}
        assert set(properties) <= {"file", "line", "title"}
    assert all(line.startswith("::") for line in out.splitlines()[:-1])


def test_github_says_what_the_page_hides() -> None:
    """With more than ten annotations of a level the last line says that the page shows ten only."""
    assert "只显示前 10 条" in github.render(many(60)).splitlines()[-1]
    few = replace(factory.seed(), forms=(replace(factory.seed().forms[0], findings=factory.seed().forms[0].findings[:3]),))
    assert "只显示" not in github.render(few)


# ---- GitLab

GITLAB_SCHEMA = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "minLength": 1},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "minLength": 1, "pattern": r"^(?!\./)"},
                    "lines": {"type": "object", "required": ["begin"], "properties": {"begin": {"type": "integer", "minimum": 1}}},
                },
            },
        },
    },
}
"""What GitLab documents of its code quality report; written here from that page."""


@pytest.mark.parametrize("text", TEXTS, ids=lambda t: ascii(t[:12]))
def test_gitlab_has_what_gitlab_asks_for(text: str) -> None:
    """Each entry has the fields GitLab documents; fingerprints differ."""
    entries = json.loads(gitlab.render(factory.hostile(text)))
    jsonschema.validate(entries, GITLAB_SCHEMA)
    assert len({entry["fingerprint"] for entry in entries}) == len(entries)


def test_gitlab_severities_and_lines() -> None:
    """Errors are critical, warnings major, notes minor, undecided info; the line is the form's own."""
    seed = factory.seed()
    entries = json.loads(gitlab.render(seed))
    table = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.NOTE: "minor"}
    for entry, finding in zip(entries, seed.forms[0].findings, strict=True):
        assert entry["severity"] == (table[finding.severity] if finding.kind is Outcome.FAIL else "info")
        assert entry["location"]["lines"]["begin"] == finding.locations[0].locator.line
        assert entry["fingerprint"] == finding.fingerprint


def test_gitlab_same_form_twice_keeps_fingerprints_apart() -> None:
    """One form given under two names gives entries of their own: GitLab drops equal fingerprints."""
    seed = factory.seed()
    entries = json.loads(gitlab.render(replace(seed, forms=seed.forms * 2)))
    assert len({entry["fingerprint"] for entry in entries}) == len(entries) == 2 * len(seed.forms[0].findings)


# ---- Markdown


def html_of(text: str) -> etree._Element:
    page = MarkdownIt("commonmark", {"html": True, "linkify": True}).enable(["table", "linkify", "strikethrough"]).render(text)
    return etree.fromstring(f"<div>{page}</div>", etree.HTMLParser()).find(".//div")


@pytest.mark.parametrize("text", TEXTS, ids=lambda t: ascii(t[:12]))
def test_markdown_shows_the_text_itself(text: str) -> None:
    """A Markdown reader shows the form's text character by character, and makes nothing else of it."""
    root = html_of(markdown.render(factory.hostile(text)))
    tags = {node.tag for node in root.iter() if isinstance(node.tag, str)}
    assert tags <= {"div", "h2", "h3", "table", "thead", "tbody", "tr", "th", "td", "p", "br", "sub", "strong", "span"}
    attributes = {key for node in root.iter() for key in node.attrib}
    assert attributes <= {"style"}  # the alignment of table columns, from the reader
    rows = [["".join(cell.itertext()) for cell in row.findall("td")] for row in root.findall(".//tr")]
    findings = [row for row in rows if len(row) == 6 and row[1] == "XXX-001"]
    assert len(findings) == 3
    for row in findings:
        assert row[4] == row[5] == one_line(text, 120)
    for word in ("@", "#"):
        for node in root.iter():
            for part in (node.text, node.tail):
                assert part is None or part == word or word not in part


def test_markdown_fits_a_comment_and_says_what_is_left_out() -> None:
    """However many findings there are, the summary fits a comment, lists the heaviest and counts the rest."""
    out = markdown.render(many(3_000))
    assert len(out) < 65_536
    listed = sum(line.startswith("| 错误 |") for line in out.splitlines())
    left = int(re.search(r"另有 ([\d,]+) 条未列出", out).group(1).replace(",", ""))
    rows = sum(line.startswith("| ") and line.count(" | ") == 5 for line in out.splitlines()) - 3
    assert listed > 50
    assert left == 3_000 - rows
    assert "未列出" not in markdown.render(factory.seed())


def test_markdown_verdict_and_counts() -> None:
    """The first line is the worst verdict; the counts leave accepted findings out."""
    out = markdown.render(factory.seed())
    assert out.startswith("## 绩效自评表审核：退回修改\n")
    assert "| 1 | 6 | 9 | 3 | 2 | 0 | 0 | 0 |" in out
    assert "| 1 | 5 | 9 | 3 | 2 | 1 | 0 | 0 |" in markdown.render(with_finding(factory.seed(), waiver={"reason": "x"}))
    passed = replace(factory.seed(), forms=(replace(factory.seed().forms[0], verdict=Verdict.ACCEPT, findings=()),))
    assert "没有发现问题" in markdown.render(passed)


# ---- JSON Lines


@pytest.mark.parametrize("text", TEXTS, ids=lambda t: ascii(t[:12]))
def test_jsonl_reads_back_exactly(text: str) -> None:
    """Each line is one JSON value, however lines are split; texts read back exactly, unpaired characters too."""
    results = factory.hostile(text)
    out = jsonl.render(results)
    values = [json.loads(line) for line in out.splitlines()]
    assert [value["type"] for value in values] == ["run", "finding", "finding", "finding", "form", "unreadable", "summary"]
    assert values[1]["message"] == text
    assert values[1]["reported"] == text
    assert values[5] == {"type": "unreadable", "path": text, "reason": text}


def test_jsonl_streams_forms_as_they_come() -> None:
    """The lines of a form need no other form: written one by one they equal the whole."""
    seed = factory.seed()
    parts = [jsonl.head(seed), *(line for form in seed.forms for line in jsonl.form_lines(form)), jsonl.tail(seed)]
    assert "".join(parts) == jsonl.render(seed)
    taken = jsonl.lines(seed)
    assert json.loads(next(taken))["type"] == "run"
    assert json.loads(next(taken))["type"] == "finding"


def test_jsonl_agrees_with_the_findings_json() -> None:
    """A finding's line holds the same values as the findings JSON."""
    seed = factory.seed()
    whole = json.loads(findings_json.render(seed))["forms"][0]["findings"]
    listed = [json.loads(line) for line in jsonl.render(seed).splitlines()]
    for value, line in zip(whole, (item for item in listed if item["type"] == "finding"), strict=True):
        assert {key: line[key] for key in value} == value


def test_the_last_line_for_github_counts_one_as_one() -> None:
    """One form with one error is told as one, in English too."""
    form = factory.seed_form()
    made = factory.results([factory.form_result(form, [finding for finding in factory.seed_findings(form) if finding.rule == "DED-001" and finding.kind is Outcome.FAIL][:1])], "en")
    assert "1 form checked, 0 not read: 1 error, 0 warnings, 0 notes, 0 undecided" in github.render(made).splitlines()[-1]


def test_a_rule_over_several_forms_that_crashed_is_told_without_a_finding() -> None:
    """An engine fault that no finding tells of is an error of every gate, whether the rule looks at one form or at several."""
    broken = RuleOutcome("XFM-001", Outcome.ERROR, reason="division by zero")
    made = replace(factory.seed(), batch_rules=(broken,))
    assert "title=XFM-001::规则未能执行：division by zero" in github.render(made)
    assert 'classname="XFM-001" time="0">\n      <error message="division by zero" type="engine-error">' in junit.render(made)
    assert [entry["severity"] for entry in json.loads(gitlab.render(made)) if entry["check_name"] == "XFM-001"] == ["blocker"]
    notices = json.loads(sarif.render(made))["runs"][0]["invocations"][0]["toolExecutionNotifications"]
    assert [notice["message"]["text"] for notice in notices if notice["descriptor"]["id"] == "engine-error"] == ["规则 XFM-001 未能执行：division by zero"]
