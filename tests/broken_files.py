"""Files broken at random for tests: the same seed breaks them in the same way."""

from __future__ import annotations

import random
from collections.abc import Sequence


def damaged(data: bytes, chance: random.Random, most: int, longest: int = 30, marks: Sequence[bytes] = ()) -> bytes:
    """The bytes with `most` changes at most: one replaced, up to `longest` cut out, twice as many doubled.

    With `marks` one of them may be put in too, and what is doubled may come up to three times.
    """
    raw = bytearray(data)
    for _ in range(chance.randint(1, most)):
        at = chance.randrange(len(raw))
        match chance.randrange(4 if marks else 3):
            case 0:
                raw[at] = chance.randrange(256)
            case 1:
                del raw[at : at + chance.randint(1, longest)]
            case 2:
                raw[at:at] = raw[at : at + chance.randint(1, 2 * longest)] * (chance.randint(1, 3) if marks else 1)
            case _:
                raw[at:at] = chance.choice(marks)
    return bytes(raw)
