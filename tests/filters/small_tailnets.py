"""Small tailnets and policies written down in a line, for tests of what comes out of them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from aclc.dialects import dialect_named
from aclc.filters.node_filter import PacketFilters
from aclc.filters.packet_filter_json import packet_filter_json
from aclc.filters.sources import SourceTexts
from aclc.net import Address, Prefix, parse_address, parse_prefix
from aclc.policy.model import Policy
from aclc.policy.read_hujson import read_policy
from aclc.resolve.model import Resolved
from aclc.resolve.resolution import resolve
from aclc.source import Source
from aclc.tailnet.model import Node, Tailnet, User

ALL = (0, 65535)


def address(text: str) -> Address:
    """Give the address that a text spells."""
    found = parse_address(text)
    assert found is not None, text
    return found


def prefix(text: str) -> Prefix:
    """Give the prefix that a text spells."""
    found = parse_prefix(text)
    assert found is not None, text
    return found


def node(name: str, *addresses: str, owner: str = "", routes: Sequence[str] | None = (), **facts: Any) -> Node:
    """Give a node. `owner`: a login, or tags with blanks between; `routes`: the approved ones."""
    tags = tuple(owner.split()) if owner.startswith("tag:") else ()
    return Node(
        name=name,
        addresses=tuple(address(each) for each in addresses),
        user=owner if owner and not tags else None,
        tags=tags,
        approved_routes=None if routes is None else tuple(prefix(each) for each in routes),
        **facts,
    )


def tailnet(*nodes: Node, roles: Mapping[str, Any] | None = None, domains: Sequence[str] = ("example.com",)) -> Tailnet:
    """Give a tailnet of these nodes, with their owners and those named in `roles` as users."""
    logins = dict.fromkeys([*(each.user for each in nodes if each.user and not each.shared), *(roles or {})])
    users = tuple(User(login, (roles or {}).get(login, "member")) for login in logins)
    return Tailnet("example.com", tuple(domains), users, nodes)


def policy(target: str = "tailscale", **sections: Any) -> Policy:
    """Give the policy with these sections, for a control plane."""
    dialect = dialect_named(target)
    assert dialect is not None, target
    outcome = read_policy(Source("policy.hujson", json.dumps(sections)), dialect)
    assert outcome.value is not None, outcome.diagnostics
    return outcome.value


def acl(src: Sequence[str], dst: Sequence[str], **more: Any) -> dict[str, Any]:
    """Give an acl."""
    return {"action": "accept", "src": list(src), "dst": list(dst), **more}


def grant(src: Sequence[str], dst: Sequence[str], ip: Sequence[str] = (), **more: Any) -> dict[str, Any]:
    """Give a grant."""
    return {"src": list(src), "dst": list(dst), **({"ip": list(ip)} if ip else {}), **more}


def resolved(net: Tailnet, **sections: Any) -> Resolved:
    """Give a policy resolved on a tailnet."""
    outcome = resolve(policy(**sections), net)
    assert outcome.value is not None, outcome.diagnostics
    return outcome.value


def filters(net: Tailnet, **sections: Any) -> dict[str, list[dict[str, Any]]]:
    """Give the packet filter of every node, by name, as the control plane writes it."""
    found = resolved(net, **sections)
    texts = SourceTexts(found.names)
    every = PacketFilters(found)
    return {each.name: packet_filter_json(every[at].rules, texts) for at, each in enumerate(net.nodes)}


def openings(*entries: tuple[str, int | tuple[int, int]]) -> list[dict[str, Any]]:
    """Give `DstPorts` from (address, port or range)."""
    found = []
    for ip, ports in entries:
        first, last = (ports, ports) if isinstance(ports, int) else ports
        found.append({"IP": ip, "Ports": {"First": first, "Last": last}})
    return found


def rule(sources: Sequence[str], *entries: tuple[str, int | tuple[int, int]], protocol: int | None = None) -> Any:
    """Give a network rule as the control plane writes it."""
    protocols = {} if protocol is None else {"IPProto": [protocol]}
    return {"SrcIPs": list(sources), **protocols, "DstPorts": openings(*entries)}


def application_rule(sources: Sequence[str], destinations: Sequence[str], capabilities: Mapping[str, Any]) -> Any:
    """Give an application rule as the control plane writes it."""
    return {"SrcIPs": list(sources), "CapGrant": [{"Dsts": list(destinations), "CapMap": dict(capabilities)}]}
