"""Words the comparison of forms knows, kept as YAML beside the code."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

from checker.values.text import letters


@cache
def known(key: str) -> frozenset[str]:
    """Return a list of `words.yaml`, letters and Han characters only."""
    lists = yaml.safe_load(Path(__file__).with_name("words.yaml").read_text(encoding="utf-8"))
    return frozenset(letters(str(word)) for word in lists[key])
