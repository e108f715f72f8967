"""The reference semantics, as naive as it can be: may this packet pass? It shares no code with aclc.

`may_pass` asks the policy itself (plain JSON values, canonical keys) and the tailnet (the JSON of a tailnet file);
`decide` asks a compiled packet filter, as the Tailscale client reads it. Both speak of the *first* packet of a flow.

Sections (§) are those of the reference on Tailscale's policy language. Where it leaves something open, both follow
docs/decisions/0010 and 0020.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import Any, NamedTuple

Json = Any
Address = tuple[int, int]
"""(4 or 6, number)."""
Span = tuple[int, int, int]
"""(4 or 6, first, last)."""

ICMP, TCP, UDP, ICMPV6, TSMP, SCTP = 1, 6, 17, 58, 99, 132
UNSET = (TCP, UDP, ICMP, ICMPV6)
EVERY_PORT = (0, 65535)
PROTOCOLS = {"icmp": 1, "igmp": 2, "tcp": 6, "udp": 17, "gre": 47, "esp": 50, "ah": 51, "ipv6-icmp": 58, "sctp": 132}
ROLES = {"owner": ("owner",), "admin": ("admin", "owner")} | {
    role: (role,) for role in ("it-admin", "network-admin", "billing-admin", "auditor")
}


@lru_cache(maxsize=100_000)
def address(text: str) -> Address:
    """Give an address as numbers."""
    parsed = ip_address(text)
    return parsed.version, int(parsed)


@lru_cache(maxsize=100_000)
def span(text: str) -> Span:
    """Give an address, a CIDR (host bits dropped) or a range `a-b` as numbers."""
    low, dash, high = text.partition("-")
    if dash:
        return (*address(low), address(high)[1])
    net = ip_network(text, strict=False)
    return net.version, int(net[0]), int(net[-1])


def within(one: Address, other: Span) -> bool:
    """Tell whether an address lies in a span."""
    return one[0] == other[0] and other[1] <= one[1] <= other[2]


def overlap(one: Span, other: Span) -> bool:
    """Tell whether two spans share an address."""
    return one[0] == other[0] and one[1] <= other[2] and other[1] <= one[2]


TAILNET = tuple(map(span, ("100.64.0.0-100.115.91.255", "100.115.94.0-100.127.255.255", "fd7a:115c:a1e0::/48")))
PUBLIC = tuple(map(span, ("0.0.0.0/0", "2000::/3")))
PRIVATE = tuple(map(span, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16")))


def on_internet(one: Address) -> bool:
    """Tell whether an address is among those of autogroup:internet (§3.3)."""
    return any(within(one, each) for each in PUBLIC) and not any(within(one, each) for each in PRIVATE)


def port_open(protocols: Sequence[int], ports: tuple[int, int], p: int, q: int) -> bool:
    """Tell whether protocols and ports of a rule let a first packet in; ping goes wherever anything does (§5.1)."""
    if p in {ICMP, ICMPV6}:
        return True
    if p in {TCP, UDP, SCTP}:
        return p in protocols and ports[0] <= q <= ports[1]
    return p in protocols and ports == EVERY_PORT


def decide(rules: Sequence[Json], local: Sequence[str], s: str, d: str, p: int, q: int) -> bool:
    """Tell whether a client with these filter rules lets a first packet in.

    `local`: the node's addresses and the routes it serves; its filter knows no others.
    """
    if not any(within(address(d), span(each)) for each in local):
        return False
    return p == TSMP or any(
        port_open(rule.get("IPProto") or UNSET, (entry["Ports"]["First"], entry["Ports"]["Last"]), p, q)
        and (entry["IP"] == "*" or within(address(d), span(entry["IP"])))
        and any(source == "*" or within(address(s), span(source)) for source in rule["SrcIPs"])
        for rule in rules
        for entry in rule.get("DstPorts", ())
    )


class World(NamedTuple):
    """A policy on a tailnet, both as plain JSON values."""

    policy: Json
    tailnet: Json

    def table(self, key: str) -> Json:
        """Give a top-level value that is an object; empty where absent."""
        return self.policy.get(key) or {}


class Opening(NamedTuple):
    """One destination of a rule and what is open on it."""

    dst: str
    protocols: tuple[int, ...]
    ports: tuple[int, int]


class Rule(NamedTuple):
    """A grant, or an acl as one."""

    src: list[str]
    openings: list[Opening]
    via: list[str]
    postures: list[str]


def may_pass(policy: Json, tailnet: Json, s: str, d: str, p: int, q: int, n: str) -> bool:
    """Tell whether a first packet from `s` to `d`, protocol `p`, port `q`, may enter node `n`."""
    world = World(policy, tailnet)
    node = next(each for each in tailnet["nodes"] if each["name"] == n)
    source, target = address(s), address(d)
    if target not in own(world, node) and not any(within(target, route) for route in routes(world, node)):
        return False
    return p == TSMP or any(
        port_open(opening.protocols, opening.ports, p, q)
        and reaches(world, rule, opening.dst, node, target)
        and sends(world, rule, source)
        and (opening.dst != "autogroup:self" or of_same_user(world, source, node))
        for rule in rules(world)
        for opening in rule.openings
    )


def rules(world: World) -> Iterator[Rule]:
    """Give every rule of the policy; without `grants` and `acls` everybody reaches everything (§5.11)."""
    grants, acls = world.policy.get("grants"), world.policy.get("acls")
    if grants is None and acls is None:
        acls = [{"src": ["*"], "dst": ["*:*"]}]
    for grant in grants or ():
        opened = [(dst, *port_spec(text)) for dst in grant["dst"] for text in grant.get("ip") or ()]
        yield Rule(grant["src"], [Opening(*each) for each in opened], grant.get("via") or [], postures(world, grant))
    for acl in acls or ():
        protocol = protocols(acl.get("proto") or "")
        items = [item.rpartition(":") for item in acl["dst"]]
        openings = [
            Opening(dst.strip("[]"), protocol, port_range(each)) for dst, _, ports in items for each in ports.split(",")
        ]
        yield Rule(acl["src"], openings, [], postures(world, acl))


def postures(world: World, rule: Json) -> list[str]:
    """Give the postures one of which a source must meet; empty: no demand (§7.3)."""
    return rule.get("srcPosture") or world.policy.get("defaultSrcPosture") or []


def port_spec(text: str) -> tuple[tuple[int, ...], tuple[int, int]]:
    """Read an item of `ip`: `*`, `443`, `tcp:80-90` (§4.3)."""
    protocol, _, ports = text.rpartition(":")
    return protocols(protocol), port_range(ports)


def protocols(name: str) -> tuple[int, ...]:
    """Read a protocol; empty or 0 is the default set (§4.2)."""
    number = PROTOCOLS.get(name.lower()) or int(name or 0)
    return (number,) if number else UNSET


def port_range(text: str) -> tuple[int, int]:
    """Read `*`, `443` or `80-90`."""
    first, _, last = text.partition("-")
    return EVERY_PORT if text == "*" else (int(first), int(last or first))


def own(world: World, node: Json) -> list[Address]:
    """Give the addresses that a node has, without IPv4 where the policy denies it (§7.1)."""
    found = [address(each) for each in node["addresses"]]
    if node.get("service") is not None:
        return found  # no machine, so that nothing is said to it
    denied = world.policy.get("disableIPv4") or any(
        "disable-ipv4" in (entry.get("attr") or ())
        and any(
            selects(world, target, node) or any(within(each, net) for net in literal(world, target) for each in found)
            for target in entry["target"]
        )
        for entry in world.policy.get("nodeAttrs") or ()
    )
    return [each for each in found if each[0] == 6 or not denied]


def routes(world: World, node: Json) -> list[Span]:
    """Give the approved routes of a node: what the tailnet says, else what autoApprovers approve (§7.2)."""
    if node.get("approved_routes") is not None:
        return [span(each) for each in node["approved_routes"]]
    if node.get("shared"):
        return []
    approvers = world.table("autoApprovers")
    found = []
    for route in map(span, node.get("advertised_routes") or ()):
        keys = [] if is_exit(route) else [span(key) for key in approvers.get("routes") or {}]
        names = list(approvers.get("exitNode") or ()) if is_exit(route) else []
        for key, each in zip(keys, (approvers.get("routes") or {}).values(), strict=False):
            names += each if within(route[:2], key) and route[2] <= key[2] else []
        if any(selects(world, name, node) for name in names):
            found.append(route)
    return found


def is_exit(route: Span) -> bool:
    """Tell whether a route is `0.0.0.0/0` or `::/0`."""
    return route[1:] == (0, (1 << (32 if route[0] == 4 else 128)) - 1)


def subnet_routes(world: World, node: Json) -> list[Span]:
    """Give the approved routes but for exit routes."""
    return [each for each in routes(world, node) if not is_exit(each)]


def is_member(node: Json) -> bool:
    """Tell whether a node is untagged and a member's."""
    return not node.get("shared") and not node.get("tags") and node.get("user") is not None


def selects(world: World, selector: str, node: Json) -> bool:
    """Tell whether a selector means a node by identity (§3.3)."""
    kind, _, name = selector.partition(":")
    login = node.get("user")
    if selector == "*":
        return True
    if kind == "svc":
        return bool(node.get("service") == selector)
    if kind == "tag":
        return not node.get("shared") and selector in (node.get("tags") or ())
    if kind == "group":
        return any("@" in each and selects(world, each, node) for each in world.table("groups").get(selector, ()))
    if kind == "user":
        domains = world.tailnet.get("domains") or [name[2:]]
        return is_member(node) and name[2:] in domains and login.rpartition("@")[2] == name[2:]
    if kind == "autogroup":
        if name in {"member", "members"}:
            return is_member(node)
        if name == "tagged":
            return not node.get("shared") and bool(node.get("tags"))
        if name == "shared":
            return bool(node.get("shared"))
        role = next((each.get("role") for each in world.tailnet["users"] if each["login"] == login), None)
        return is_member(node) and role in ROLES.get(name, ())
    return "@" in selector and login == selector and (is_member(node) or bool(node.get("shared")))


def literal(world: World, selector: str) -> list[Span]:
    """Give the one prefix that an address, a CIDR or a host alias stands for; nothing for every other selector."""
    text = world.table("hosts").get(selector, selector)
    return [span(text)] if re.fullmatch(r"[0-9a-fA-F:.]+(/\d+)?", text) and ("." in text or ":" in text) else []


def owner(world: World, source: Address) -> Json | None:
    """Give the node that has an address."""
    return next((each for each in world.tailnet["nodes"] if source in own(world, each)), None)


def sends(world: World, rule: Rule, source: Address) -> bool:
    """Tell whether an address is among the sources of a rule (§5.3).

    A posture keeps out the nodes that do not meet it; of `*` and autogroup:danger-all it leaves nodes alone.
    """
    node = owner(world, source)
    if not rule.postures:
        return any(names_source(world, selector, source, node) for selector in rule.src)
    if node is None:
        return any(literal(world, each) or each.startswith("ipset:") for each in rule.src) and any(
            names_source(world, each, source, None) for each in rule.src if each not in {"*", "autogroup:danger-all"}
        )
    meets = node.get("shared") or any(meets_posture(world, name, node) for name in rule.postures)
    return meets and any(selector == "*" or names_source(world, selector, source, node) for selector in rule.src)


def names_source(world: World, selector: str, source: Address, node: Json | None) -> bool:
    """Tell whether a selector means an address, which is one of `node`'s or of no node's."""
    if selector == "autogroup:danger-all":
        return True
    if selector == "*":
        behind = (route for each in world.tailnet["nodes"] for route in subnet_routes(world, each))
        return any(within(source, each) for each in (*TAILNET, *behind))
    if selector.startswith("ipset:"):
        return in_ipset(world, selector, source)
    nets = literal(world, selector)
    return any(within(source, each) for each in nets) or (
        node is not None and not nets and selects(world, selector, node)
    )


def reaches(world: World, rule: Rule, dst: str, node: Json, target: Address) -> bool:
    """Tell whether a destination of a rule opens an address on a node, or behind it (§5.4, §5.8)."""
    if rule.via and (node.get("shared") or not set(rule.via) & set(node.get("tags") or ())):
        return False
    exits = any(is_exit(each) for each in routes(world, node))
    nets = literal(world, dst)
    if dst == "autogroup:internet":
        return exits and on_internet(target)
    if dst.startswith("ipset:"):
        if not in_ipset(world, dst, target):
            return False
        if exits and takes_in_internet(world, dst):
            return True
        nets = [block(world, dst, target)]
    if nets:
        touched = not rule.via and any(within(each, nets[0]) for each in own(world, node))
        return within(target, nets[0]) and (
            touched or any(overlap(each, nets[0]) for each in subnet_routes(world, node))
        )
    if rule.via:
        return False
    if dst == "*":
        return not node.get("by_name_only")
    return target in own(world, node) and (dst == "autogroup:self" or selects(world, dst, node))


def of_same_user(world: World, source: Address, node: Json) -> bool:
    """Tell whether an address and a node are of one member (§5.5)."""
    sender = owner(world, source)
    return sender is not None and is_member(sender) and is_member(node) and bool(sender["user"] == node["user"])


def in_ipset(world: World, name: str, one: Address) -> bool:
    """Tell whether an ipset holds an address: its steps, one after the other (§2.5)."""
    inside = False
    for removes, target in steps(world, name):
        if in_target(world, target, one):
            inside = not removes
    return inside


def steps(world: World, name: str) -> Iterator[tuple[bool, str]]:
    """Give (whether it removes, what) for each line of an ipset."""
    for line in world.table("ipsets").get(name, ()):
        verb, _, rest = line.partition(" ")
        yield verb == "remove", (rest if verb in {"add", "remove"} else line).strip()


def in_target(world: World, target: str, one: Address) -> bool:
    """Tell whether a line of an ipset speaks of an address."""
    if target.startswith("ipset:"):
        return in_ipset(world, target, one)
    if target == "autogroup:internet":
        return on_internet(one)
    return within(one, span(world.table("hosts").get(target.removeprefix("host:"), target)))


def takes_in_internet(world: World, name: str) -> bool:
    """Tell whether an ipset is made from autogroup:internet."""
    return any(
        not removes
        and (target == "autogroup:internet" or (target.startswith("ipset:") and takes_in_internet(world, target)))
        for removes, target in steps(world, name)
    )


def edges(world: World, name: str) -> Iterator[Address]:
    """Give the addresses at which an ipset may begin or end."""
    for _, target in steps(world, name):
        if target.startswith("ipset:"):
            yield from edges(world, target)
            continue
        found = (*PUBLIC, *PRIVATE)
        if target != "autogroup:internet":
            found = (span(world.table("hosts").get(target.removeprefix("host:"), target)),)
        for family, first, last in found:
            yield family, first
            yield family, last + 1


def block(world: World, name: str, one: Address) -> Span:
    """Give the widest CIDR block around an address that lies in an ipset: that is what a filter names."""
    family, number = one
    width = 32 if family == 4 else 128
    for size in range(width, -1, -1):
        first = number >> size << size
        found = (family, first, first + (1 << size) - 1)
        if all(in_ipset(world, name, each) for each in ((family, first), *edges(world, name)) if within(each, found)):
            return found
    raise AssertionError(name, one)


def meets_posture(world: World, name: str, node: Json) -> bool:
    """Tell whether a node meets every condition of a posture; an undefined one is met by nobody (§7.3)."""
    conditions = world.table("postures").get(name)
    return conditions is not None and all(holds(each, node.get("posture") or {}) for each in conditions)


def holds(condition: str, facts: Json) -> bool:
    """Tell whether one condition holds: `node:os == 'linux'`, `custom:tier >= 3`, `ip:country NOT IN ['XX']`."""
    if negated := re.fullmatch(r"(\S+) (IS|NOT) SET", condition):
        return (negated[1] in facts) == (negated[2] == "IS")
    parts = re.fullmatch(r"(\S+) (==|!=|<=|>=|<|>|NOT IN|IN) (.+)", condition)
    assert parts is not None, condition
    name, operator, text = parts.groups()
    if name not in facts:
        return False
    fact: Any = facts[name]
    values: list[Any] = [value(each) for each in re.findall(r"'[^']*'|[^\s,\[\]]+", text)]
    if any(kind(each) != kind(fact) for each in values) and operator != "IN":
        return False
    if name in {"node:osVersion", "node:tsVersion"}:
        fact, values = version(fact), [version(each) for each in values]
    match operator:
        case "IN":
            return any(kind(each) == kind(fact) and each == fact for each in values)
        case "NOT IN":
            return fact not in values
        case "==" | "!=":
            return bool(fact == values[0]) == (operator == "==")
        case _:
            ordered = {"<": fact < values[0], "<=": fact <= values[0], ">": fact > values[0], ">=": fact >= values[0]}
            return bool(ordered[operator])


def value(text: str) -> str | bool | float:
    """Read a value of a condition."""
    if text.startswith("'"):
        return text[1:-1]
    return text == "true" if text in {"true", "false"} else float(text)


def kind(fact: Any) -> str:
    """Give the type of a value, numbers as one."""
    return "number" if isinstance(fact, int | float) and not isinstance(fact, bool) else type(fact).__name__


def version(text: str) -> list[int]:
    """Read a version of numbers and dots; zeros at the end do not count."""
    parts = [int(each) for each in text.split(".")]
    while parts and parts[-1] == 0:
        parts.pop()
    return parts
