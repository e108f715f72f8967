"""Packet filters as JSON text, fast: what many nodes share is written once and only filled in.

The text is that of `packet_filter_json`, written without blanks. A rule is three pieces: what comes before its sources,
the sources (one text per set of sources, whoever receives it), and what comes after. In the outer pieces control
characters, which JSON never holds, stand for what is still open: NUL for the sources, and one for each of the node's
own addresses.
"""

from __future__ import annotations

from collections.abc import Sequence

from aclc.filters.node_filter import Entry, PacketFilters
from aclc.filters.packet_filter_json import compact, packet_filter_json
from aclc.filters.program import Use
from aclc.filters.sources import SourceTexts
from aclc.net import WIDTH, PortRange
from aclc.records import NamedTuple
from aclc.resolve.sources import Sources

MOST_ADDRESSES = 30
"""Own addresses that have a control character; a node with more is written the slow way."""

Families = tuple[int, ...]
"""The families of a node's own addresses, in their order: what decides which rules it has beyond its class."""

_HOLES = tuple(chr(1 + at) for at in range(MOST_ADDRESSES))
_SOURCES_HOLE = "\0"


class _Text(NamedTuple):
    """A filter with holes, and what goes into the holes for sources, in order."""

    outer: bytes
    sources: list[bytes]


class _ClassText(NamedTuple):
    """What nodes of one class with the same families share. `rules`: the outer text of each entry, by its identity."""

    entries: list[Entry]
    rules: dict[int, str]
    text: _Text


class PacketFilterWriter:
    """Writes the packet filters of a tailnet.

    Pieces are kept for later nodes until they exceed `budget` bytes in all; then all are let go, which costs time,
    never correctness.
    """

    __slots__ = ("_behind", "_budget", "_classes", "_filters", "_fragments", "_kept", "_own", "_texts")

    def __init__(self, filters: PacketFilters, texts: SourceTexts, *, budget: int = 1 << 27) -> None:
        self._filters = filters
        self._texts = texts
        self._budget = budget
        self._kept = 0
        self._fragments: dict[Sources, bytes] = {}
        self._classes: dict[tuple[int, Families], _ClassText] = {}
        self._own: dict[tuple[Families, tuple[PortRange, ...]], str] = {}
        self._behind: dict[int, str] = {}

    def write(self, index: int) -> bytes:
        """Give the packet filter of a node as a JSON array."""
        filters = self._filters
        own = filters.resolved.names.addresses[index]
        if len(own) > MOST_ADDRESSES:
            return compact(packet_filter_json(filters[index].rules, self._texts)).encode()
        outer, sources = self._text(index, tuple(address.family for address in own))
        for hole, address in zip(_HOLES, own, strict=False):
            outer = outer.replace(hole.encode(), str(address).encode())
        pieces = [b""] * (2 * len(sources) + 1)
        pieces[::2] = outer.split(_SOURCES_HOLE.encode())
        pieces[1::2] = sources
        return b"".join(pieces)

    def _text(self, index: int, families: Families) -> _Text:
        shared = self._class_text(self._filters.classes[index], families)
        entries = self._filters.with_plan(shared.entries, index)
        if entries is shared.entries:
            return shared.text
        rules = shared.rules
        return self._join(entries, [rules.get(id(entry)) or self._rule(entry, families) for entry in entries])

    def _class_text(self, number: int, families: Families) -> _ClassText:
        found = self._classes.get((number, families))
        if found is None:
            if self._kept > self._budget:
                self._fragments.clear()
                self._classes.clear()
                self._kept = 0
            entries = self._filters.shared_entries(number)
            rules = [self._rule(entry, families) for entry in entries]
            by_identity = {id(entry): rule for entry, rule in zip(entries, rules, strict=True)}
            found = self._classes[number, families] = _ClassText(entries, by_identity, self._join(entries, rules))
            self._kept += 3 * len(found.text.outer)
        return found

    def _join(self, entries: Sequence[Entry], rules: Sequence[str]) -> _Text:
        """Put rules together; an empty one opens nothing on nodes with these families."""
        written = [(rule, entry.head.sources) for entry, rule in zip(entries, rules, strict=True) if rule]
        outer = f"[{','.join([rule for rule, _ in written])}]"
        return _Text(outer.encode(), [self._fragment(sources) for _, sources in written])

    def _fragment(self, sources: Sources) -> bytes:
        found = self._fragments.get(sources)
        if found is None:
            texts = self._texts.write(sources)
            found = self._fragments[sources] = ",".join(f'"{text}"' for text in texts).encode()
            self._kept += len(found)
        return found

    def _rule(self, entry: Entry, families: Families) -> str:
        """Give a rule with holes, empty where it opens nothing."""
        if entry.head.capabilities is not None:
            (use,) = entry.uses
            destinations = ",".join(f'"{text}"' for text in _destinations(use, families))
            capabilities = compact(entry.head.capabilities)
            granted = f'"CapGrant":[{{"Dsts":[{destinations}],"CapMap":{capabilities}}}]}}'
            return f'{{"SrcIPs":[{_SOURCES_HOLE}],{granted}' if destinations else ""
        openings = ",".join(filter(None, [self._openings(use, families) for use in entry.uses]))
        protocol = "" if entry.head.protocol is None else f'"IPProto":[{entry.head.protocol}],'
        return f'{{"SrcIPs":[{_SOURCES_HOLE}],{protocol}"DstPorts":[{openings}]}}' if openings else ""

    def _openings(self, use: Use, families: Families) -> str:
        if use.blocks is None:
            found = self._own.get((families, use.ports))
            if found is None:
                found = self._own[families, use.ports] = _entries(_HOLES[: len(families)], use.ports)
            return found
        # WHY by identity: a use with blocks belongs to the program, which outlives this.
        found = self._behind.get(id(use))
        if found is None:
            found = self._behind[id(use)] = _entries([str(block) for block in use.blocks], use.ports)
        return found


def _entries(addresses: Sequence[str], ports: Sequence[PortRange]) -> str:
    return ",".join(
        f'{{"IP":"{address}","Ports":{{"First":{each.first},"Last":{each.last}}}}}'
        for address in addresses
        for each in ports
    )


def _destinations(use: Use, families: Families) -> list[str]:
    return [
        f"{_HOLES[each]}/{WIDTH[families[each]]}" if isinstance(each, int) else each.cidr
        for each in (range(len(families)) if use.destinations is None else use.destinations)
    ]
