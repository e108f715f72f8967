"""Policies and tailnets for hypothesis: one library for every property.

What is generated is valid: the control plane would take it. Names come from small pools, so that rules, nodes and
routes meet often; what is rare in real life (a node without IPv4, a route inside a route, three tags on one node, an
owner with no device, a rule that names nobody) is frequent here. Everything is plain JSON values, as the oracle takes
them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from tests.properties.oracle import World

Json = Any

of_worlds = settings(max_examples=max(settings().max_examples // 3, 20))
"""How often a property of whole worlds is tried: a world takes as long as many other examples."""

USERS = ("alice@example.com", "bob@example.com", "carol@example.org", "dan@example.com")
STRANGER = "eve@elsewhere.net"
"""Somebody outside, whose nodes are shared into the tailnet."""
NOBODY = "zoe@example.com"
"""A login that no tailnet knows."""
DOMAINS = ("example.com", "example.org")
ROLE_NAMES = ("admin", "owner", "it-admin", "network-admin", "billing-admin", "auditor")
SERVICE = "svc:web"
ROLES = ("owner", "admin", "it-admin", "network-admin", "billing-admin", "auditor", "member")
TAGS = ("tag:web", "tag:db", "tag:router", "tag:exit")
GROUPS = ("group:eng", "group:ops", "group:nobody")
IPSETS = ("ipset:wide", "ipset:holes", "ipset:net", "ipset:mixed")
POSTURES = ("posture:linux", "posture:new", "posture:trusted")
ROUTES = (
    "10.0.0.0/8",
    "10.33.0.0/16",
    "10.33.7.0/24",
    "192.168.1.0/24",
    "100.64.9.0/24",  # inside the addresses of nodes
    "8.8.8.0/24",  # public, but a subnet route
    "fd00:1::/48",
    "fd00:1:0:7::/64",
    "fd7a:115c:a1e0:b1a:0:7:a21:0/112",  # 10.33.0.0/16 at site 7, by 4via6
    "fd7a:115c:a1e0:9::/64",
)
EXIT_ROUTES = ("0.0.0.0/0", "::/0")
LITERALS = (
    "10.33.7.9",
    "10.33.0.0/16",
    "10.0.0.0/7",
    "10.33.7.128/25",
    "192.168.1.0/24",
    "192.168.0.0/16",
    "172.20.0.0/14",
    "100.64.0.0/30",
    "100.64.0.2",
    "100.100.0.0/16",
    "8.8.0.0/16",
    "203.0.113.7",
    "fd7a:115c:a1e0::2",
    "fd7a:115c:a1e0::/64",
    "fd00:1::/32",
    "fd00:1:0:7::5",
    "2001:db8::/32",
    "100.64.0.0/10",
    "100.115.92.0/23",  # no node has these
    "fd7a:115c:a1e0::/48",
    "fd7a:115c:a1e0:b1a::/64",
    "fd7a:115c:a1e0:b1a:0:7:a21:700/120",
    "fd7a:115c:a1e0:9::7",
    "2000::/3",
    "0.0.0.0/1",
)
HOSTS = {
    "office": "10.33.0.0/16",
    "printer": "192.168.1.77",
    "first": "100.64.0.1",
    "six": "fd00:1::/48",
    "web6": "fd7a:115c:a1e0::3",
}
PORTS = ("*", "22", "80", "443", "80-90", "1-65535", "8000-8999", "65535")
PORT_PROTOCOLS = ("tcp", "udp", "sctp", "6", "17", "TCP", "0")
PLAIN_PROTOCOLS = ("icmp", "47", "gre", "ipv6-icmp", "esp", "igmp", "ah", "2", "255")
CAPABILITIES = ("example.com/cap/a", "example.com/cap/b", "tailscale.com/cap/drive", "tailscale.com/cap/relay")
CONDITIONS = (
    "node:os == 'linux'",
    "node:os != 'windows'",
    "node:os IN ['linux', 'macos']",
    "node:tsVersion >= '1.40'",
    "node:osVersion < '13.4.0'",
    "node:tsAutoUpdate == true",
    "custom:tier >= 3",
    "custom:tier IS SET",
    "ip:country NOT IN ['XX', 'YY']",
    "custom:quarantined NOT SET",
    "custom:quarantined != true",
    "custom:tier IN [1, 3]",
    "custom:tier < 3",
    "custom:tier != 3",
    "node:tsVersion IN ['1.40', '1.62.1']",
    "node:os IS SET",
)


def some(
    items: Iterable[Json] | st.SearchStrategy[Json], least: int = 0, most: int = 3
) -> st.SearchStrategy[list[Json]]:
    """Give lists of different items."""
    each = items if isinstance(items, st.SearchStrategy) else st.sampled_from(list(items))
    return st.lists(each, min_size=least, max_size=most, unique_by=repr)


def many(items: st.SearchStrategy[Json], most: int) -> st.SearchStrategy[list[Json]]:
    """Give lists that are empty now and then, and have a few items else."""
    return st.lists(items, min_size=2, max_size=most) | st.lists(items, max_size=most)


def maybe(draw: st.DrawFn, chance: int = 2) -> bool:
    """Give True once in `chance` times; shrinks to False."""
    return draw(st.integers(0, chance - 1)) == chance - 1


# Tailnets ----------------------------------------------------------------------------------------------------------


@st.composite
def facts(draw: st.DrawFn) -> dict[str, Json]:
    """Give what is known of a node's posture, often little."""
    every: dict[str, st.SearchStrategy[Json]] = {
        "node:os": st.sampled_from(["linux", "macos", "windows"]),
        "node:tsVersion": st.sampled_from(["1.9", "1.40", "1.40.0", "1.62.1"]),
        "node:osVersion": st.sampled_from(["13.4", "13.10", "9.1"]),
        "node:tsAutoUpdate": st.booleans(),
        "custom:tier": st.integers(1, 5) | st.sampled_from(["3", 2.5, True]),
        "ip:country": st.sampled_from(["XX", "AT"]),
        "custom:quarantined": st.just(value=True),
    }
    return {name: draw(values) for name, values in every.items() if maybe(draw)}


@st.composite
def nodes(draw: st.DrawFn, number: int) -> dict[str, Json]:
    """Give node number `number`, with addresses that no other node has."""
    four = draw(
        st.sampled_from(
            [f"100.64.0.{number + 1}", f"100.115.{91 if number % 2 else 94}.{number}", f"100.127.255.{255 - number}"]
        )
    )
    six = f"fd7a:115c:a1e0::{number + 1:x}"
    node: dict[str, Json] = {
        "name": f"n{number}",
        "addresses": draw(st.sampled_from([[four, six], [four, six], [four], [six]])),
    }
    owned = draw(st.sampled_from(["user"] * 5 + ["tags"] * 5 + ["shared", "nobody"]))
    if owned == "user":
        node["user"] = draw(st.sampled_from(USERS))
    elif owned == "tags":
        node["tags"] = draw(some(TAGS, 1))
    elif owned == "shared":
        node["user"], node["shared"] = STRANGER, True
    node["posture"] = draw(facts())
    if maybe(draw):
        node["advertised_routes"] = draw(some(ROUTES, 1)) + draw(some(EXIT_ROUTES, 0, 2))
        known = draw(st.sampled_from(["all", "all", "some", "by policy", "by policy"]))
        if known != "by policy":
            node["approved_routes"] = [each for each in node["advertised_routes"] if known == "all" or maybe(draw)]
    if maybe(draw):
        node["created"] = f"2026-01-0{draw(st.integers(1, 9))}T00:00:00Z"
    if maybe(draw, 5):
        node["online"] = False
    return node


@st.composite
def tailnets(draw: st.DrawFn, most: int = 8) -> dict[str, Json]:
    """Give a tailnet of one to `most` nodes."""
    users = [{"login": login, "role": draw(st.sampled_from(ROLES))} for login in USERS if not maybe(draw, 5)]
    count = draw(st.integers(1, 3)) if maybe(draw, 6) else draw(st.integers(4, most))
    return {
        "schema_version": 1,
        "tailnet": "example.com",
        "domains": list(DOMAINS),
        "users": users,
        "nodes": [draw(nodes(number)) for number in range(count)],
    }


# Policies ----------------------------------------------------------------------------------------------------------

IDENTITIES = (
    *USERS,
    NOBODY,
    STRANGER,
    "user:*@example.com",
    *GROUPS,
    *TAGS,
    "autogroup:member",
    "autogroup:tagged",
    *(f"autogroup:{role}" for role in ROLE_NAMES),
    "user:*@example.org",
)
EVERY_IDENTITY = st.sampled_from(IDENTITIES)
EVERY_ADDRESS = st.sampled_from([*LITERALS, *HOSTS, *IPSETS, *IPSETS, *IPSETS])
SOURCES = EVERY_IDENTITY | EVERY_ADDRESS | st.sampled_from(["*", "*", "autogroup:shared", "autogroup:danger-all"])
DESTINATIONS = EVERY_IDENTITY | EVERY_ADDRESS | st.sampled_from(["*", "*", "autogroup:internet", SERVICE])
SELF_SOURCES = (
    *USERS,
    *(f"user:*@{domain}" for domain in DOMAINS),
    *GROUPS,
    "autogroup:member",
    *(f"autogroup:{role}" for role in ROLE_NAMES),
)


@st.composite
def port_specs(draw: st.DrawFn) -> str:
    """Give an item of a grant's `ip`."""
    form = draw(st.sampled_from(["ports", "protocol", "plain"]))
    if form == "ports":
        return draw(st.sampled_from(PORTS))
    if form == "protocol":
        return f"{draw(st.sampled_from(PORT_PROTOCOLS))}:{draw(st.sampled_from(PORTS))}"
    return f"{draw(st.sampled_from(PLAIN_PROTOCOLS))}:*"


def _with_posture(draw: st.DrawFn, rule: dict[str, Json]) -> dict[str, Json]:
    if maybe(draw, 4):
        rule["srcPosture"] = draw(some(POSTURES, 0, 2))
    return rule


@st.composite
def grants(draw: st.DrawFn) -> dict[str, Json]:
    """Give a grant."""
    grant: dict[str, Json] = {"src": draw(many(SOURCES, 4)), "dst": draw(many(DESTINATIONS, 4))}
    if maybe(draw, 4):
        grant["src"] = draw(some(SELF_SOURCES, 1))
        grant["dst"].insert(draw(st.integers(0, len(grant["dst"]))), "autogroup:self")
    elif maybe(draw, 4):
        grant["via"] = draw(some(TAGS, 1, 2))
        grant["dst"] = draw(some([*ROUTES, *LITERALS, *HOSTS, *IPSETS, "autogroup:internet", "tag:web", "*"], 1))
    if "autogroup:internet" not in grant["dst"] and maybe(draw, 4):
        grant["app"] = {name: [{"level": draw(st.integers(0, 2))}] for name in draw(some(CAPABILITIES, 1))}
    if "app" not in grant or maybe(draw):
        grant["ip"] = draw(st.lists(port_specs(), min_size=1, max_size=3))
    return _with_posture(draw, grant)


@st.composite
def acls(draw: st.DrawFn) -> dict[str, Json]:
    """Give an acl."""
    acl: dict[str, Json] = {"action": "accept", "src": draw(many(SOURCES, 4))}
    ports: st.SearchStrategy[str] = st.lists(st.sampled_from(PORTS[1:]), min_size=1, max_size=2).map(
        ",".join
    ) | st.just("*")
    if maybe(draw):
        acl["proto"] = draw(st.sampled_from([*PORT_PROTOCOLS, *PLAIN_PROTOCOLS]))
        if acl["proto"] in PLAIN_PROTOCOLS:
            ports = st.just("*")
    names = draw(many(DESTINATIONS, 4))
    if maybe(draw, 4):
        acl["src"] = draw(st.just(["*"]) | some(SELF_SOURCES, 1))
        names.append("autogroup:self")
    acl["dst"] = [
        f"{f'[{name}]' if ':' in name and name in LITERALS and '/' not in name else name}:{draw(ports)}"
        for name in names
    ]
    return _with_posture(draw, acl)


@st.composite
def ssh_rules(draw: st.DrawFn) -> dict[str, Json]:
    """Give an ssh rule, now and then on terms of its own."""
    kind = draw(st.sampled_from(["people", "people", "people", "tags", "tags", "one"]))
    people = [*SELF_SOURCES, STRANGER, NOBODY]
    match kind:
        case "tags":
            src, dst = draw(some([*TAGS, "autogroup:tagged"], 1)), draw(some([*TAGS, "autogroup:tagged"], 1))
        case "people":
            src, dst = draw(some(people, 1)), draw(some([*TAGS, "autogroup:tagged", "autogroup:self"], 1))
        case _:
            src = [draw(st.sampled_from(USERS))]
            dst = [*src, *draw(some([*TAGS, "autogroup:self"], 0, 1))]
    rule: dict[str, Json] = {
        "action": "accept" if kind == "tags" else draw(st.sampled_from(["accept", "check"])),
        "src": src,
        "dst": dst,
        "users": draw(some(["root", "autogroup:nonroot", "ubuntu", *(f"localpart:*@{each}" for each in DOMAINS)], 1)),
    }
    terms: dict[str, Json] = {
        "checkPeriod": draw(st.sampled_from(["always", "30m"])) if rule["action"] == "check" else None,
        "recorder": ["tag:db"],
        "acceptEnv": ["LANG"],
    }
    for name in terms if maybe(draw, 3) else ():
        if terms[name] is not None and maybe(draw):
            rule[name] = terms[name]
    return _with_posture(draw, rule)


@st.composite
def ipsets(draw: st.DrawFn) -> dict[str, list[str]]:
    """Give all the ipsets; `ipset:mixed` takes in others."""
    parts = [
        *LITERALS,
        *(f"host:{name}" for name in HOSTS),
        "10.33.6.200-10.33.8.3",
        "fd00:1::5-fd00:1:0:8::",
        "autogroup:internet",
    ]
    step = st.tuples(st.sampled_from(["add ", "add ", "remove "]), st.sampled_from(parts)).map("".join)
    return {
        "ipset:wide": ["add 10.0.0.0/8", "add fd00:1::/32", *draw(st.lists(step, max_size=3))],
        "ipset:holes": [
            "add 100.64.0.0/10",
            f"remove {draw(st.sampled_from(LITERALS))}",
            *draw(st.lists(step, max_size=3)),
        ],
        "ipset:net": ["autogroup:internet"] if maybe(draw) else ["add autogroup:internet", "remove 8.8.8.0/24"],
        "ipset:mixed": ["add ipset:holes", f"{draw(st.sampled_from(['add', 'remove']))} ipset:wide"],
    }


@st.composite
def policies(draw: st.DrawFn) -> dict[str, Json]:
    """Give a policy that the control plane would take. Every name of the pools is declared."""
    policy: dict[str, Json] = {
        "groups": {
            "group:eng": draw(some([*USERS, NOBODY], 1)),
            "group:ops": draw(some([*USERS, STRANGER])),
            "group:nobody": [],
        },
        "hosts": dict(HOSTS),
        "ipsets": draw(ipsets()),
        "tagOwners": {tag: draw(some(["autogroup:admin", "group:eng", USERS[0], *TAGS])) for tag in TAGS},
        "autoApprovers": {
            "routes": {
                "10.0.0.0/8": draw(some([*TAGS, "autogroup:member"], 1)),
                **{
                    key: draw(some([*TAGS, *USERS, "group:ops", "autogroup:it-admin"]))
                    for key in draw(some([*ROUTES, *EXIT_ROUTES]))
                },
            },
            "exitNode": draw(some([*TAGS, "autogroup:member"], 1)),
            "services": {SERVICE: ["tag:web"]},
        },
        "postures": {name: draw(some(CONDITIONS, 1)) for name in POSTURES},
    }
    if maybe(draw, 6):
        policy["defaultSrcPosture"] = draw(some(POSTURES, 0, 2))
    if maybe(draw, 3):
        targets = ["autogroup:tagged", "autogroup:member", "autogroup:owner", *USERS, *TAGS, "group:ops", "*"]
        targets += ["100.64.0.2", "first", "web6", "100.64.0.0/30"]
        attrs = ["disable-ipv4", "disable-ipv4", "funnel", "nextdns:abc"]
        entry = st.tuples(some(targets, 1), some(attrs, 1, 2)).map(lambda each: {"target": each[0], "attr": each[1]})
        policy["nodeAttrs"] = draw(st.lists(entry, min_size=1, max_size=2))
    if maybe(draw, 20):
        policy["disableIPv4"] = True
    if maybe(draw, 3):
        policy["ssh"] = draw(st.lists(ssh_rules(), max_size=3))
    form = draw(st.sampled_from(["both", "both", "both", "grants", "acls", "neither"]))
    if form in {"grants", "both"}:
        policy["grants"] = draw(many(grants(), 6))
    if form in {"acls", "both"}:
        policy["acls"] = draw(many(acls(), 6))
    return policy


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Give a policy on a tailnet."""
    return World(draw(policies()), draw(tailnets()))
