"""A packet filter as a node receives it, typed. Text is made only where it is written out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from aclc.net import IpSet, PortRange, Prefix, address_text, interval_text
from aclc.policy.model import Json
from aclc.records import NamedTuple
from aclc.resolve.model import Item
from aclc.resolve.sources import Sources


class Block(NamedTuple):
    """Addresses as one entry of `DstPorts` names them: everything, or one interval.

    `form`: how it is written. The control plane writes what autogroup:internet holds as ranges, even a prefix (capture
    routes-b17).
    """

    addresses: IpSet
    form: Literal["*", "prefix", "range"]

    def __str__(self) -> str:
        if self.form == "*":
            return "*"
        ((family, first, last),) = self.addresses.intervals()
        if self.form == "range" and first != last:
            return f"{address_text(family, first)}-{address_text(family, last)}"
        return interval_text(family, first, last)


EVERYWHERE = Block(IpSet.everything(), "*")


class Opening(NamedTuple):
    """One entry of `DstPorts`: addresses on or behind the node, and ports on them."""

    block: Block
    ports: PortRange


class CapGrant(NamedTuple):
    """One entry of `CapGrant`. `capabilities`: name → values, by name; None for a companion, which has no values."""

    destinations: tuple[Prefix, ...]
    capabilities: Mapping[str, Json]


class FilterRule(NamedTuple):
    """One rule: either a network rule or an application rule, never both.

    `sources`: may be empty only in an application rule. `protocols`: IP protocol numbers, `DEFAULT_PROTOCOLS` where the
    policy names none; empty in an application rule. `openings`: in the control plane's order, repeats kept.
    """

    sources: Sources
    protocols: tuple[int, ...]
    openings: tuple[Opening, ...]
    cap_grants: tuple[CapGrant, ...]


class Origin(NamedTuple):
    """Why an entry is there: a position in `Resolved.grants`, and the items of that rule."""

    grant: int
    item: Item
