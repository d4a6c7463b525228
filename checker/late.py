"""Regular expressions compiled when they are first used: a run compiles those its forms ask for, not all there are."""

from __future__ import annotations

import re
from typing import cast

_METHODS = ("search", "match", "fullmatch", "finditer", "findall", "sub", "subn", "split")


class Late:
    """Stands for a compiled pattern; at its first use it takes the methods of the real one."""

    def __init__(self, pattern: str, flags: int) -> None:
        self.pattern = pattern
        self.flags = flags

    def __getattr__(self, name: str) -> object:
        # Only asked for what is not there yet.
        if name not in _METHODS:
            raise AttributeError(name)
        made = re.compile(self.pattern, self.flags)
        for method in _METHODS:
            setattr(self, method, getattr(made, method))
        return self.__dict__[name]


def late(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Return what can be used as the compiled pattern, compiled at its first use; a faulty pattern is found then."""
    return cast(re.Pattern[str], Late(pattern, flags))
