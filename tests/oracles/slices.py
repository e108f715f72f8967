"""How many cases each test of an oracle tries: few in `make test`, ten times as many in `make oracles`."""

from __future__ import annotations

import os

TIMES = int(os.environ.get("ACLC_ORACLES", "1"))
"""How many times the cases of `make test` are tried."""


def slices(first: int, size: int, count: int = 2) -> list[range]:
    """Give `count` runs of seeds, the first of which begins at `first`; each has `size` seeds for every time."""
    size *= TIMES
    return [range(start, start + size) for start in range(first, first + count * size, size)]
