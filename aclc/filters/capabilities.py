"""What a WhoIs says: the application capabilities that a source has on a node (reference §5.1)."""

from __future__ import annotations

from collections.abc import Mapping

from aclc.filters.node_filter import PacketFilters
from aclc.net import Address
from aclc.policy.model import Json
from aclc.resolve.sources import Sources


def capabilities(filters: PacketFilters, node: int, source: Address) -> Mapping[str, Json]:
    """Give the capabilities of `source` on node number `node`, sorted by name; empty: none, as for an unknown source.

    They are those of every application rule that lists the source and one of the node's own addresses, values joined in
    rule order. A name that only companions give has no values (None).

    Args:
        filters: the packet filters of the tailnet.
        node: where WhoIs is asked.
        source: of a node, or of something behind a subnet route.
    """
    own = filters.resolved.names.addresses[node]
    # WHY one family: a connection has one, so the node answers for its address of the source's family alone.
    local = {each.prefix for each in own if each.family == source.family}
    found: dict[str, Json] = {}
    for entry in filters.entries(node):
        given = entry.head.capabilities
        if given is None or not local or not _lists(filters, entry.head.sources, source):
            continue
        for use in entry.uses:
            places = range(len(own)) if use.destinations is None else use.destinations
            prefixes = [own[each].prefix if isinstance(each, int) else each for each in places]
            if any(prefix.covers(address) for prefix in prefixes for address in local):
                for name, values in given.items():
                    found[name] = found.get(name) if values is None else [*(found.get(name) or ()), *values]
    return {name: found[name] for name in sorted(found)}


def _lists(filters: PacketFilters, sources: Sources, source: Address) -> bool:
    """Tell whether an address is among the sources of a rule."""
    if sources.anyone:
        return True
    owner = filters.resolved.names.address_index.owner(source)
    if owner is not None and sources.nodes >> owner & 1:
        return True
    return any(family == source.family and first <= source.value <= last for family, first, last in sources.extents)
