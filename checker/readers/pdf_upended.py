"""Text of a cell that runs up or down: labels turned a quarter, and those set in upright columns from the right."""

from __future__ import annotations

from itertools import pairwise

from checker.readers.pdf_chars import Char
from checker.readers.pdf_page import Page
from checker.readers.pdf_text import Line

FEWEST = 3
FEW = 3
"""Lines of text that runs across hold more letters than these, except in cells as narrow as a letter, where both ways read alike."""


def in_reading_order(page: Page, chars: list[Char], found: list[Line]) -> list[Line]:
    """Returns the lines of a cell, text that mostly steps up or down from letter to letter as one line in the order it was drawn."""
    if len(found) < 2:
        return found
    letters = [char for char in chars if char[4] != " "]
    if not FEWEST <= len(letters) <= FEW * len(found):
        return found
    drawn = page.drawn(letters)
    steep = sum(abs(b[0] - a[0]) > abs(b[1] + b[2] - a[1] - a[2]) / 2 for a, b in pairwise(drawn))
    text = "".join(char[4] for char in drawn)
    if 3 * steep < 2 * (len(drawn) - 1) or text == "".join("".join(line.text.split()) for line in found):
        return found
    left, right = min(char[1] for char in drawn), max(char[2] for char in drawn)
    return [Line(text, found[-1].y, left, right, max(char[3] for char in drawn), right - left)]
