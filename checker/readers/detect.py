"""What a file is, by its content; the suffix only tells text formats apart."""

from __future__ import annotations

import re
import zipfile
from pathlib import PurePath

from checker.errors import ReadError
from checker.readers.limits import DEFAULT, ZIP_FAULTS, Limits, check_size, check_zip
from checker.readers.ole import OLE_MAGIC, stream_names

FORMATS = (
    "xlsx", "xls", "ods", "spreadsheetml", "docx", "doc", "rtf", "pdf", "html", "txt", "tsv", "csv", "json", "yaml", "zip",
)  # fmt: skip
"""Every format `detect` returns and `--input-format` takes."""

TEXTUAL = frozenset({"html", "txt", "tsv", "csv", "json", "yaml", "spreadsheetml"})
ALIASES = {
    "text": "txt", "tab": "tsv", "htm": "html", "xlsm": "xlsx", "xltx": "xlsx", "et": "xls", "wps": "doc",
    "docm": "docx", "yml": "yaml",
}  # fmt: skip
SUFFIX_FORMATS = {"csv": "csv", "tsv": "tsv", "tab": "tsv", "yaml": "yaml", "yml": "yaml"}
SUFFIXES_OF = {
    "xlsx": {"xlsx", "xlsm", "xltx", "xltm", "et"}, "xls": {"xls", "xlt", "et"}, "docx": {"docx", "docm", "dotx"},
    "doc": {"doc", "dot", "wps"}, "html": {"html", "htm", "shtml", "xhtml"}, "spreadsheetml": {"xml", "xls"},
    "ods": {"ods", "ots", "fods"}, "rtf": {"rtf", "doc"}, "pdf": {"pdf"}, "zip": {"zip"},
}  # fmt: skip

PICTURE = "图片（{}），不是表格文件"
REFUSED: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", PICTURE.format("PNG")),
    (b"\xff\xd8\xff", PICTURE.format("JPEG")),
    (b"GIF8", PICTURE.format("GIF")),
    (b"II*\x00", PICTURE.format("TIFF")),
    (b"MM\x00*", PICTURE.format("TIFF")),
    (b"Rar!\x1a\x07", "RAR 压缩包"),
    (b"7z\xbc\xaf\x27\x1c", "7z 压缩包"),
    (b"\x1f\x8b", "gzip 压缩包"),
    (b"BZh", "bzip2 压缩包"),
    (b"\xfd7zXZ\x00", "xz 压缩包"),
    (b"MZ", "可执行程序"),
    (b"\x7fELF", "可执行程序"),
    (b"%!PS", "PostScript 文件"),
    (b"SQLite format 3\x00", "数据库文件"),
)
RESAVE = "请另存为 .xlsx、.docx、.pdf、.html 或文本后重新提交"

HTML_TAG = re.compile(rb"<(?:!doctype\s+html|html|head|meta|body|table|div|p|span|style|center|font)[\s>/]", re.IGNORECASE)
TABLE_TAG = re.compile(rb"^\s*<table[\s>]", re.IGNORECASE | re.MULTILINE)
"""A table of HTML in other text, as Markdown has it."""
SPREADSHEET_2003 = b"urn:schemas-microsoft-com:office:spreadsheet"
FLAT_SHEET = b"application/vnd.oasis.opendocument.spreadsheet"
WORD_2003 = b"schemas.microsoft.com/office/word/2003/wordml"
HEAD = 65536


def detect(data: bytes, path: str, limits: Limits = DEFAULT, input_format: str | None = None) -> str:
    """Returns one of `FORMATS` for a whole file; `input_format` chooses among the text formats.

    Raises ReadError for an empty, over-large, encrypted or unsupported file, and when
    `input_format` names a binary format that the content is not.
    """
    check_size(len(data), path, limits)
    wanted = ALIASES.get(input_format or "", input_format or "").lstrip(".").lower()
    if wanted and wanted not in FORMATS:
        raise ReadError(f"不支持的输入格式 {input_format} @ {path}，可用：{' '.join(FORMATS)}")
    found = _found(data, path, limits)
    if not wanted or wanted == found:
        return found
    if wanted in TEXTUAL and found in TEXTUAL:
        return wanted
    raise ReadError(f"内容是 {found}，不是所指定的 {wanted} @ {path}，请更正输入格式")


def suffix_of(path: str) -> str:
    """Returns what a file's name claims it to be: "xlsx" for "自评表.XLSX"."""
    return PurePath(path).suffix.lstrip(".").lower()


def suffix_note(path: str, detected: str) -> str | None:
    """Returns a note when a file's suffix claims another binary format than its content has."""
    suffix = suffix_of(path)
    claimed = {name for name, suffixes in SUFFIXES_OF.items() if suffix in suffixes}
    if not claimed or detected in claimed:
        return None
    return f"后缀为 .{suffix}，内容为 {detected}，已按内容读取"


def _found(data: bytes, path: str, limits: Limits) -> str:
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _container(data, path, limits)
    if data.startswith(OLE_MAGIC):
        return _compound(data, path, limits)
    if b"%PDF-" in data[:1024]:
        return "pdf"
    for magic, what in REFUSED:
        if data.startswith(magic):
            raise ReadError(f"文件是{what} @ {path}，{RESAVE}")
    if data.startswith(b"{\\rtf"):
        return "rtf"
    if (data[:2] == b"BM" and data[6:10] == b"\0\0\0\0") or (data[:4] == b"RIFF" and data[8:12] == b"WEBP"):
        raise ReadError(f"文件是{PICTURE.format('BMP/WEBP')} @ {path}，{RESAVE}")
    return _textual(data, path)


def _container(data: bytes, path: str, limits: Limits) -> str:
    archive = check_zip(data, limits, path)
    names = archive.namelist()
    lowered = {name.replace("\\", "/").lstrip("/").lower() for name in names}
    if "[content_types].xml" in lowered or "_rels/.rels" in lowered:
        if "xl/workbook.bin" in lowered:
            raise ReadError(f"文件是 .xlsb 二进制工作簿 @ {path}，{RESAVE}")
        for folder, kind in (("xl/", "xlsx"), ("word/", "docx")):
            if any(name.startswith(folder) for name in lowered):
                return kind
        if any(name.startswith("ppt/") for name in lowered):
            raise ReadError(f"文件是演示文稿（PowerPoint）@ {path}，{RESAVE}")
        raise ReadError(f"Office 文件不完整，缺少正文 @ {path}，请重新保存")
    if "mimetype" in lowered and "content.xml" in lowered:
        if b"spreadsheet" in _mimetype(archive):
            return "ods"
        raise ReadError(f"文件是 OpenDocument 文档，不是电子表格 @ {path}，{RESAVE}")
    return "zip"


def _mimetype(archive: zipfile.ZipFile) -> bytes:
    try:
        with archive.open("mimetype") as stream:
            return stream.read(200)
    except ZIP_FAULTS:
        return b""


def _compound(data: bytes, path: str, limits: Limits) -> str:
    names = stream_names(data, path, limits)
    if "EncryptedPackage" in names:
        raise ReadError(f"文件已加密 @ {path}，请去除打开密码后重新提交")
    if "Workbook" in names or "Book" in names:
        return "xls"
    if "WordDocument" in names:
        return "doc"
    if "PowerPoint Document" in names:
        raise ReadError(f"文件是演示文稿（PowerPoint）@ {path}，{RESAVE}")
    raise ReadError(f"无法识别的 OLE 复合文件 @ {path}，{RESAVE}")


def _textual(data: bytes, path: str) -> str:
    head = data[:HEAD]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in head[:64]:
        head = head.replace(b"\x00", b"")
    start = head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\f")
    if start.startswith(b"<"):
        if SPREADSHEET_2003 in head and b"Workbook" in head:
            return "spreadsheetml"
        if FLAT_SHEET in head:
            return "ods"
        if WORD_2003 in head:
            raise ReadError(f"文件是 Word 2003 XML 文档 @ {path}，{RESAVE}")
        if HTML_TAG.search(head):
            return "html"
    if start[:32].lower().startswith((b"mime-version:", b"from: <saved by")):
        raise ReadError(f"文件是 MHT 网页归档 @ {path}，{RESAVE}")
    suffix = suffix_of(path)
    if suffix in SUFFIX_FORMATS:
        return SUFFIX_FORMATS[suffix]
    if suffix in ("html", "htm") and HTML_TAG.search(head):
        return "html"
    if start.startswith((b"{", b"[")) and (suffix == "json" or b'"forms"' in head or b'"form"' in head):
        return "json"
    if re.match(rb"(?:---\s+)?(?:#[^\n]*\n|\s)*forms:\s", start):
        return "yaml"
    if TABLE_TAG.search(head) and b"</table>" in data.lower():
        return "html"
    if b"\t" not in data and start and _commas(head):
        return "csv"
    return "txt"


def _commas(head: bytes) -> bool:
    lines = [line for line in head.splitlines()[:60] if line.strip()]
    counts = [line.count(b",") for line in lines]
    commonest = max(set(counts), key=counts.count, default=0)
    return len(lines) >= 3 and commonest >= 2 and counts.count(commonest) * 2 > len(lines)
