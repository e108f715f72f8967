"""Sources written out as `SrcIPs`."""

from __future__ import annotations

from itertools import chain

from aclc.net import WILDCARD, IpSet, interval_text
from aclc.resolve.names import Names
from aclc.resolve.node_sets import indices_of
from aclc.resolve.sources import Sources


class SourceTexts:
    """Writes sources. Addresses of nodes are turned into text and ordered once, so that a list is merely picked out."""

    __slots__ = ("_names", "_ranks", "_texts")

    def __init__(self, names: Names) -> None:
        self._names = names
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
        if self._names.meaning.sources_united:
            return self._united(sources)
        ranks = sorted(chain.from_iterable(map(self._ranks.__getitem__, indices_of(sources.nodes))))
        found = list(map(self._texts.__getitem__, ranks))
        if sources.extents:
            found += [interval_text(*extent) for extent in sources.extents]
            found.sort()
        return found

    def _united(self, sources: Sources) -> list[str]:
        """Give the strings that Headscale sends: neighbours as one, by address; with `*` every string by itself
        (reference §11)."""
        addresses = self._names.addresses
        own = [
            (each.family, each.value, each.value) for index in indices_of(sources.nodes) for each in addresses[index]
        ]
        everybody = frozenset(WILDCARD.intervals())
        if everybody <= sources.extents:
            others = sorted(sources.extents - everybody)
            return [interval_text(*each) for each in (*WILDCARD.intervals(), *others, *sorted(own))]
        return list(IpSet.from_intervals([*own, *sources.extents]).texts())
