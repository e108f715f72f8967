"""Sources written out as `SrcIPs`."""

from __future__ import annotations

from itertools import chain

from aclc.net import interval_text
from aclc.resolve.names import Names
from aclc.resolve.node_sets import indices_of
from aclc.resolve.sources import Sources


class SourceTexts:
    """Writes sources. Addresses of nodes are turned into text and ordered once, so that a list is merely picked out."""

    __slots__ = ("_ranks", "_texts")

    def __init__(self, names: Names) -> None:
        texts = [(str(address), index) for index, own in enumerate(names.addresses) for address in own]
        texts.sort()
        ranks: list[list[int]] = [[] for _ in names.addresses]
        for rank, (_, index) in enumerate(texts):
            ranks[index].append(rank)
        self._texts = [text for text, _ in texts]
        self._ranks = ranks

    def write(self, sources: Sources) -> list[str]:
        """Give the strings of `SrcIPs`, sorted byte-wise (reference §5.3). Cost: O(n log n) in their number."""
        if sources.anyone:
            return ["*"]
        ranks = sorted(chain.from_iterable(map(self._ranks.__getitem__, indices_of(sources.nodes))))
        found = list(map(self._texts.__getitem__, ranks))
        if sources.extents:
            found += [interval_text(*extent) for extent in sources.extents]
            found.sort()
        return found
