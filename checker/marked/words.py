"""What the marks look like and what the legend says, by language."""

from __future__ import annotations

from checker.readers.legend import LEGENDS

TINTS = {"error": "F9D2CD", "warning": "FBE3B4", "review": "E3D3F2", "open": "DCDCD8", "fault": "DCDCD8", "note": "D3E2F6"}
"""The hues of the report, deep enough to be seen on a printed sheet; accepted findings have none."""

INKS = {"error": "A8281D", "warning": "7A4A00", "review": "583A78", "open": "4D5158", "fault": "A8281D", "note": "24497A", "accepted": "565B63"}
"""The report's text colours, for the heads of comments and legend entries."""

STRENGTH = ("error", "warning", "review", "open", "fault", "note", "accepted")
"""The first one on a cell gives its colour."""

WORDS: dict[str, dict[str, str]] = {
    "zh": {
        "author": "绩效自评表审核",
        "initials": "审",
        "sheet": "审核标记",
        "title": LEGENDS["zh"],
        "about": "本文件是送审原表的标记副本：问题所在的单元格加了底色和批注，末尾加了这份图例，其他内容一律未动。",
        "none": "没有发现问题，也没有待判断的事项。",
        "accepted": "已接受",
        "accepted_tally": "不再计入，不加底色",
        "advice": "建议：",
        "reported": "填报：",
        "expected": "应为：",
        "settled": "状态：",
        "whole": "整张表",
        "place": "位置",
        "mark": "标记",
        "finding": "问题和建议",
        "more": "另有 {n} 条，见文末图例",
        "rest": "其余 {n} 条未列出，见审核报告",
        "only_here": "（无对应单元格，只列在此处）",
        "signed": "原文件带有数字签名，标记副本中该签名失效 @ {path}，签名以原文件为准",
    },
    "en": {
        "author": "Self-evaluation audit",
        "initials": "AC",
        "sheet": "Audit marks",
        "title": LEGENDS["en"],
        "about": "This file is a marked copy of the form as submitted: the cells with findings are tinted and carry comments, this legend is added at the end, nothing else is changed.",
        "none": "Nothing was found, and nothing is undecided.",
        "accepted": "Accepted",
        "accepted_tally": "no longer counted, not tinted",
        "advice": "Advice: ",
        "reported": "Filed: ",
        "expected": "Expected: ",
        "settled": "Status: ",
        "whole": "whole form",
        "place": "Place",
        "mark": "Mark",
        "finding": "Finding and advice",
        "more": "{n} more, see the legend at the end",
        "rest": "{n} more {n:is|are} not listed, see the audit report",
        "only_here": " (no cell of its own, listed here only)",
        "signed": "the source carries a digital signature, which is broken in the marked copy @ {path}, keep the source as the signed one",
    },
}
