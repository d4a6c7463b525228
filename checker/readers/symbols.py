"""Characters of symbol fonts (Wingdings) as the Unicode characters they show: ticks, boxes, bullets."""

from __future__ import annotations

WINGDINGS = {
    0x6C: "●", 0x6E: "■", 0x6F: "□", 0x70: "□", 0x71: "□", 0x72: "□", 0x74: "◆", 0x75: "◆", 0x76: "❖", 0x77: "◆", 0x78: "☒",
    0xA1: "○", 0xA4: "◉", 0xA7: "■", 0xA8: "□", 0xAB: "★", 0xB7: "•", 0xD8: "➢", 0xDF: "←", 0xE0: "→", 0xE1: "↑", 0xE2: "↓",
    0xFB: "✗", 0xFC: "√", 0xFD: "☒", 0xFE: "☑",
}  # fmt: skip
WINGDINGS_2 = {
    0x4F: "✗", 0x50: "√", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0x95: "●", 0x97: "●", 0x98: "●", 0xA2: "■", 0xA3: "□", 0xA6: "■",
}  # fmt: skip
SYMBOL = {0xB3: "≥", 0xA3: "≤", 0xB1: "±", 0xB4: "×", 0xB7: "•", 0xB9: "≠", 0xD7: "·", 0x3D: "="}
# A private character whose font is not known: the codes of both fonts that do not contradict each other.
PRIVATE = {0xF000 + code: char for table in (WINGDINGS, {code: WINGDINGS_2[code] for code in (0x50, 0x52, 0x54, 0xA3)}) for code, char in table.items()}


def table_of(font: str | None) -> dict[int, str] | None:
    """Returns the code table of a symbol font by its name, None for a font of letters."""
    if not font:
        return None
    name = font.replace(" ", "").replace('"', "").replace("'", "").lower()
    if "wingdings2" in name:
        return WINGDINGS_2
    if "wingdings3" in name:
        return None
    if "wingdings" in name:
        return WINGDINGS
    return SYMBOL if name == "symbol" else None


def translate(text: str, table: dict[int, str]) -> str:
    """Returns `text`, set in a symbol font, as it shows; codes without an entry stay."""
    return "".join(table.get(ord(char) - 0xF000 if 0xF000 <= ord(char) <= 0xF0FF else ord(char), char) for char in text)
