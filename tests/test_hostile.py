"""Hostile forms: whatever stands in a cell or a file name is shown as text in every format."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from pathlib import Path
from subprocess import CompletedProcess

import openpyxl
import pytest
from command_line import ROOT, checker

EVIL = [
    "<script>alert(1)</script>",
    "</script><img src=x onerror=alert(2)>",
    "{{ 7*7 }}{% import 'os' as o %}",
    "</style><style>*{display:none}</style>",
    '=HYPERLINK("http://evil.example","x")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "‮txt.exe⁦‏",
    "\x1b[31mred\x1b]0;title\x07",
    "::error::injected%0A%25",
    "]]><a/>",
    "| a | b |\n|---|---|",
    "x" * 100_000,
]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clean project form with evil text in its names, targets and reasons; control characters as XML allows them."""
    sheet_file = ROOT / "sample_forms" / "clean_project.xlsx"
    book = openpyxl.load_workbook(sheet_file)
    sheet = book.active
    assert sheet is not None
    header = next(cell.row for row in sheet.iter_rows() for cell in row if cell.value == "三级指标")
    columns = {str(cell.value): cell.column for cell in sheet[header] if cell.value}

    def put(cell: object, text: str) -> None:
        cell.value = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "␛", text)  # type: ignore[attr-defined]
        cell.data_type = "s"  # type: ignore[attr-defined]

    put(sheet["C3"], EVIL[0])
    put(sheet["C4"], EVIL[6])
    for n, text in enumerate(EVIL[:10]):
        row = header + 1 + n
        put(sheet.cell(row, columns["三级指标"]), f"指标{n}{text[:20000]}")
        put(sheet.cell(row, columns["偏差原因分析及改进措施"]), text[:30000])
        sheet.cell(row, columns["得分"]).value = "0.5"
    path = tmp_path_factory.mktemp("evil") / "<img src=x onerror=alert(3)>=1+1.xlsx"
    book.save(path)
    return path


@pytest.fixture(scope="module")
def raw_form(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The seed as normalized JSON with raw terminal and bidi control characters and a cell of 100,000 characters."""
    done = checker("normalize", "sample_forms/minhang_dpf_2023.txt")
    assert done.returncode == 0
    data = json.loads(done.stdout)
    row = data["forms"][0]["indicators"][19]
    row["name"], row["target"] = row["name"] + EVIL[7] + EVIL[6], EVIL[11]
    data["forms"][0]["form"]["unit_name"] = EVIL[7] + EVIL[6]
    path = tmp_path_factory.mktemp("evil") / "evil.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


def run(path: Path, *arguments: str) -> CompletedProcess[bytes]:
    done = checker("check", path, "--as-of", "2024-04-18", *arguments)
    assert done.returncode in (0, 1), done.stderr.decode("utf-8", "replace")
    return done


class Elements(HTMLParser):
    """Counts the elements and attributes a browser would build."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}


def page(path: Path, folder: Path) -> Elements:
    run(path, "--report", str(folder / "r.html"))
    elements = Elements()
    elements.feed((folder / "r.html").read_text(encoding="utf-8"))
    return elements


def test_html_holds_no_element_of_the_form_s_making(hostile: Path, tmp_path: Path) -> None:
    """One script, one style, no image, no event attribute: what the template made and nothing else."""
    elements = page(hostile, tmp_path)
    assert elements.tags.count("script") == 1 and elements.tags.count("style") == 1
    assert "img" not in elements.tags
    assert not [name for name in elements.attributes if name.startswith("on") or name == "style"]
    text = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "&lt;script&gt;alert(1)" in text and "{{ 7*7 }}" in text


def test_terminal_sends_no_control_character(raw_form: Path) -> None:
    """Escape and bidi characters of a form are shown, not sent."""
    shown = run(raw_form).stdout.decode("utf-8")
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\u200e\u200f]", shown)


@pytest.mark.parametrize("suffix", ["md", "jsonl", "sarif", "xml", "json", "html"])
def test_files_hold_no_raw_escape_or_bidi(raw_form: Path, suffix: str, tmp_path: Path) -> None:
    """No text format carries an escape character raw; JSON may escape it."""
    run(raw_form, "--report", str(tmp_path / f"f.{suffix}"))
    assert "\x1b" not in (tmp_path / f"f.{suffix}").read_text(encoding="utf-8")


def test_workbook_has_no_formula(hostile: Path, tmp_path: Path) -> None:
    """Every cell of findings.xlsx that begins like a formula is text."""
    run(hostile, "--report", str(tmp_path / "f.xlsx"))
    book = openpyxl.load_workbook(tmp_path / "f.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert cells and not [cell.coordinate for cell in cells if cell.data_type == "f"]


def test_csv_guards_formulas(hostile: Path) -> None:
    """Text that a spreadsheet would run gets an apostrophe in CSV."""
    done = checker("normalize", hostile, "--format", "csv")
    assert done.returncode == 0
    assert "\"'=HYPERLINK" in done.stdout.decode("utf-8") or ",'=HYPERLINK" in done.stdout.decode("utf-8")


def test_json_sarif_and_junit_stay_well_formed(hostile: Path, tmp_path: Path) -> None:
    """Machine formats parse, with the text inside."""
    run(hostile, "--report", str(tmp_path / "f.json"), "--report", str(tmp_path / "f.sarif"), "--report", str(tmp_path / "f.xml"))
    assert json.loads((tmp_path / "f.json").read_text(encoding="utf-8"))["forms"][0]["project_name"] == EVIL[0]
    assert json.loads((tmp_path / "f.sarif").read_text(encoding="utf-8"))["runs"][0]["results"]
    assert ET.fromstring((tmp_path / "f.xml").read_bytes()).tag == "testsuites"


def test_github_annotations_cannot_be_forged(hostile: Path) -> None:
    """A form cannot write a workflow command: every line is one of ours, with its properties escaped."""
    *lines, summary = run(hostile, "--format", "github").stdout.decode("utf-8").splitlines()
    assert not summary.startswith(":")
    for line in lines:
        assert re.match(r"::(error|warning|notice|debug) ", line), line[:80]
        assert "::error::injected" not in line.split("::", 2)[1]


def test_error_lines_show_what_a_file_name_hides(tmp_path: Path) -> None:
    """A refusal that names the file spells out bidi characters of its name instead of sending them to the terminal."""
    sly = tmp_path / "a\u202egnp.txt"
    sly.write_bytes((ROOT / "sample_forms" / "minhang_dpf_2023.txt").read_bytes())
    done = checker("check", sly, "--marked", tmp_path / "copy.txt", "--select", "DED-001")
    said = done.stderr.decode("utf-8")
    assert done.returncode == 2
    assert "\u202e" not in said
    assert "[U+202E]" in said
