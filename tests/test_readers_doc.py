"""Old Word documents go through LibreOffice, or end with a line that says what to do."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest
from msgspec.structs import replace

from checker.errors import ReadError
from checker.model import Source
from checker.readers import doc
from checker.readers.limits import DEFAULT

installed = pytest.mark.skipif(doc.find() is None, reason="LibreOffice is not installed")

# The smallest table there is in RTF: two rows, the first cell merged over both columns' heads.
RTF = (
    rb"{\rtf1\ansi\ansicpg936{\fonttbl\f0 SimSun;}"
    rb"\trowd\cellx2000\cellx4000\intbl A1\cell B1\cell\row"
    rb"\trowd\cellx2000\cellx4000\intbl \u24471?\u20998?\cell 9.5\cell\row\pard end\par}"
)


def source(data: bytes) -> Source:
    return Source("form.doc", "0" * 64, "doc", len(data))


@installed
def test_an_old_document_is_converted_and_read() -> None:
    """Cells come out as from a .docx; a note says that LibreOffice converted them."""
    found = doc.read(RTF, source(RTF))
    assert [cell.text for cell in found.grids[0].cells] == ["A1", "B1", "得分", "9.5"]
    assert found.source.format == "doc"
    assert any("LibreOffice" in note for note in found.notes)


@installed
@pytest.mark.parametrize("data", [doc.OLE + b"\x00" * 600, doc.OLE + bytes(range(256)) * 40])
def test_a_broken_document_ends_with_a_reason(data: bytes) -> None:
    """What LibreOffice cannot open, or opens as an empty text, is no crash."""
    try:
        found = doc.read(data, source(data))
    except ReadError as fault:
        assert "form.doc" in str(fault)
    else:
        assert all(not cell.text or cell.locator for grid in found.grids for cell in grid.cells)


def test_other_content_is_refused_before_anything_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """LibreOffice would take any text for a document; only what is one gets there."""
    monkeypatch.setattr(doc, "convert", lambda *_: pytest.fail("converted"))
    with pytest.raises(ReadError, match="内容不符"):
        doc.read(b"plain text", source(b"plain text"))


def test_without_libreoffice_the_message_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """One line: what is missing, where, and the other way out."""
    monkeypatch.setattr(doc, "PROGRAMS", ())
    with pytest.raises(ReadError, match=r"LibreOffice.*form\.doc.*另存为 \.docx"):
        doc.read(doc.OLE, source(doc.OLE))


def program(folder: Path, body: str) -> str:
    """A stand-in for LibreOffice that runs this Python."""
    path = folder / "office"
    path.write_text(f"#!{sys.executable}\nimport os, sys, time, pathlib, subprocess\nout = pathlib.Path(sys.argv[sys.argv.index('--outdir') + 1])\n{body}\n")
    path.chmod(0o755)
    return str(path)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a script that can be run")
def test_a_converter_that_hangs_is_ended_with_its_children(tmp_path: Path) -> None:
    """The time limit holds for the whole process group."""
    mark = tmp_path / "alive"
    child = f"import time, pathlib; time.sleep(3); pathlib.Path({str(mark)!r}).touch()"
    body = f"subprocess.Popen([sys.executable, '-c', {child!r}])\ntime.sleep(60)"
    begun = time.monotonic()
    with pytest.raises(ReadError, match="超过 1 秒"):
        doc.convert(RTF, "doc", "docx", "form.doc", timeout=1, program=program(tmp_path, body))
    assert time.monotonic() - begun < 10
    time.sleep(3)
    assert not mark.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="needs a script that can be run")
def test_output_that_is_missing_or_too_large_is_refused(tmp_path: Path) -> None:
    """A converter that writes nothing, or more than the limit, gives no document."""
    with pytest.raises(ReadError, match="无法转换"):
        doc.convert(RTF, "doc", "docx", "form.doc", program=program(tmp_path, "pass"))
    with pytest.raises(ReadError, match="无法启动"):
        doc.convert(RTF, "doc", "docx", "form.doc", program=str(tmp_path / "none"))
    flood = program(tmp_path, "out.mkdir()\n(out / 'form.docx').write_bytes(b'x' * 2000)")
    assert len(doc.convert(RTF, "doc", "docx", "form.doc", program=flood)) == 2000
    with pytest.raises(ReadError, match="过大"):
        doc.convert(RTF, "doc", "docx", "form.doc", replace(DEFAULT, max_bytes=1000), program=flood)
