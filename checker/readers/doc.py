"""Old Word documents (.doc, .rtf) through LibreOffice, when it is installed."""

from __future__ import annotations

import functools
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from checker.errors import ReadError
from checker.model import Document, Source
from checker.readers import docx
from checker.readers.limits import DEFAULT, Limits, check_size

PROGRAMS = ("soffice", "libreoffice", "/Applications/LibreOffice.app/Contents/MacOS/soffice")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
RTF = b"{\\rtf"
TIMEOUT = 120.0

# No macro runs, nothing is fetched from outside the document.
SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>2</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>2</value></prop></item>
</oor:items>
"""


def read(data: bytes, source: Source, limits: Limits = DEFAULT) -> Document:
    """Returns the tables of a .doc or .rtf, converted to .docx first; a note says so.

    Raises ReadError when the file is neither, LibreOffice is not installed, fails or takes too long.
    """
    if not data.startswith((OLE, RTF)):
        raise ReadError(f"不是 .doc 文件（内容不符）@ {source.path}，请用 Word 或 WPS 另存为 .docx 后重新提交")
    converted = convert(data, "rtf" if data.startswith(RTF) else "doc", "docx", source.path, limits)
    document = docx.read(converted, source, limits)
    return Document(source, document.grids, (*document.notes, "由 LibreOffice 转换为 .docx 后读取"))


def convert(
    data: bytes, suffix: str, target: str, path: str = "", limits: Limits = DEFAULT, timeout: float = TIMEOUT, program: str | None = None
) -> bytes:
    """Returns `data`, a file of type `suffix` (without dot), converted to type `target` by LibreOffice.

    LibreOffice runs without a window, macros and links, with a profile of its own in a temporary
    folder; it is ended with its children after `timeout` seconds. Raises ReadError when it is not
    installed, fails, takes too long, or its output exceeds `limits.max_bytes`.
    """
    office = program or find()
    if office is None:
        raise ReadError(f".{suffix} 需要 LibreOffice 才能读取，本机没有安装 @ {path}，请安装 LibreOffice，或另存为 .{target} 后重新提交")
    with tempfile.TemporaryDirectory(prefix="checker-") as folder:
        given = Path(folder, f"form.{suffix}")
        given.write_bytes(data)
        made = Path(folder, "out", f"form.{target}")
        command = [
            office, f"-env:UserInstallation={Path(_profile().name).as_uri()}", "--headless", "--norestore", "--nolockcheck", "--nologo",
            "--convert-to", target, "--outdir", str(made.parent), str(given),
        ]  # fmt: skip
        try:
            in_time = _run(command, folder, timeout)
        except OSError as fault:
            raise ReadError(f"LibreOffice 无法启动（{fault.strerror}）@ {path}，请检查安装，或另存为 .{target} 后重新提交") from None
        if not in_time:
            raise ReadError(f"LibreOffice 转换超过 {timeout:g} 秒 @ {path}，请用 Word 或 WPS 另存为 .{target} 后重新提交")
        if not made.is_file():
            raise ReadError(f"LibreOffice 无法转换 @ {path}，文件可能已损坏或加密，请另存为 .{target} 后重新提交")
        check_size(made.stat().st_size, path, limits)
        return made.read_bytes()


def find() -> str | None:
    """Returns the LibreOffice program to run, or None when none is installed."""
    return next((found for name in PROGRAMS if (found := shutil.which(name))), None)


@functools.cache
def _profile() -> tempfile.TemporaryDirectory[str]:
    """Returns the profile folder of this process; making one costs seconds, so it is kept until the process ends."""
    folder = tempfile.TemporaryDirectory(prefix="checker-office-")
    user = Path(folder.name, "user")
    user.mkdir()
    Path(user, "registrymodifications.xcu").write_text(SETTINGS, encoding="utf-8")
    return folder


def _run(command: list[str], folder: str, timeout: float) -> bool:
    """Runs a program in a process group of its own; returns False when the time was up and the group was ended."""
    process = subprocess.Popen(
        command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        process.wait(timeout)
        return True
    except subprocess.TimeoutExpired:
        return False
    finally:
        if process.poll() is None:
            if os.name == "posix":
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()
            process.wait()
