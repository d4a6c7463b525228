"""The text of a web page from its bytes: marks, proof, declaration, in that order."""

from __future__ import annotations

import codecs
import re

from checker.readers.lines import words

CHARSET = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_\-]{2,20})", re.IGNORECASE)
BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
CHINESE = words("gb2312 gb_2312-80 gbk gb18030 x-gbk cp936 euc-cn hz-gb-2312")
OTHERS = {"utf-8": "utf-8", "utf8": "utf-8", "big5": "big5hkscs", "big5-hkscs": "big5hkscs"}


def decode(data: bytes) -> tuple[str, str, list[str]]:
    """Returns the page's text, its encoding and notes.

    Order: byte order mark, strict UTF-8 when the bytes prove it, the declared charset (gb2312 and
    gbk mean gb18030), gb18030. Bytes that fit none become U+FFFD and are said.
    """
    for mark, name in BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "replace"), name, []
    found = CHARSET.search(data[:4096])
    claimed = found.group(1).decode("ascii").lower() if found else ""
    declared = "gb18030" if claimed in CHINESE else OTHERS.get(claimed)
    notes = []
    try:
        text = data.decode("utf-8")
        # A handful of two-byte GBK words can pass for UTF-8; a dozen wide characters cannot.
        wide = sum(1 for _ in zip(range(12), re.finditer("[\u0800-\uffff]", text), strict=False))
        if declared in (None, "utf-8") or wide >= 12 or text.isascii():
            if declared not in (None, "utf-8") and not text.isascii():
                notes.append(f"网页声明编码为 {claimed}，实际为 UTF-8，按 UTF-8 读取")
            return text, "utf-8", notes
    except UnicodeDecodeError:
        pass
    for name in dict.fromkeys((declared or "gb18030", "gb18030")):
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            continue
        if claimed and name != declared:
            notes.append(f"网页声明编码为 {claimed}，实际按 {name} 读取")
        return text, name, notes
    name = declared or "gb18030"
    notes.append(f"部分字节不是 {name} 编码，显示为乱码")
    return data.decode(name, "replace"), name, notes
