"""Which slip of the pen turns the right number into the one reported?"""

from __future__ import annotations


def slip(reported: str, value: str) -> str | None:
    """Name the slip between two plain decimal texts ("97.84", "97.48"), None when no single one explains it."""
    if reported.lstrip("-") == value.lstrip("-"):
        return "sign" if reported != value else None
    one, other = _digits(reported), _digits(value)
    if len(one) == len(other):
        wrong = [i for i, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
        if len(wrong) == 2 and wrong[1] == wrong[0] + 1 and one[wrong[0]] == other[wrong[1]] and one[wrong[1]] == other[wrong[0]]:
            return "swapped"
        # Any number of one digit is one digit away from any other.
        if len(wrong) == 1 and len(one) > 1:
            return "digit"
    if one.strip("0") and one.strip("0") == other.strip("0"):
        return "point"
    if len(one) + 1 == len(other) and any(other[:i] + other[i + 1 :] == one for i in range(len(other))):
        return "dropped"
    if len(other) + 1 == len(one) and any(one[:i] + one[i + 1 :] == other for i in range(len(one))):
        return "doubled"
    return None


def _digits(text: str) -> str:
    return text.lstrip("-").replace(".", "").replace(",", "")


def slipped(reported: str) -> dict[str, str]:
    """Return the numbers a swap of neighbouring digits or a shift of the point could have come from, each with its slip."""
    sign = "-" if reported.startswith("-") else ""
    whole, _, decimals = reported.lstrip("-").partition(".")
    digits, places = whole + decimals, len(decimals)
    made: dict[str, str] = {}
    for i in range(len(digits) - 1):
        if digits[i] != digits[i + 1]:
            swapped = digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :]
            made.setdefault(sign + _pointed(swapped, places), "swapped")
    for shift in (-4, -3, -2, -1, 1, 2, 3, 4):
        if places + shift >= 0:
            made.setdefault(sign + _pointed(digits, places + shift), "point")
        else:
            made.setdefault(sign + digits + "0" * -(places + shift), "point")
    return made


def _pointed(digits: str, places: int) -> str:
    padded = digits.rjust(places + 1, "0")
    return f"{padded[:-places]}.{padded[-places:]}" if places else padded
