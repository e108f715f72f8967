"""Every kind of rule on one tailnet that has every kind of node, each rule by itself: nothing hides what it does."""

from __future__ import annotations

import pytest

from tests.properties.compiled import compile_world, lets_in, local
from tests.properties.oracle import World, may_pass, own
from tests.properties.packets import packets, text
from tests.properties.ssh_oracle import decide_ssh, may_ssh
from tests.properties.strategies import Json

PACKETS = 120

BASE: dict[str, Json] = {
    "groups": {"group:eng": ["alice@example.com", "bob@example.com", "zoe@example.com"], "group:nobody": []},
    "hosts": {"office": "10.33.0.0/16", "first": "100.64.0.1", "six": "fd00:1::/48"},
    "ipsets": {
        "ipset:wide": ["add 10.0.0.0/8", "remove 10.33.7.0/24", "add host:six"],
        "ipset:net": ["add autogroup:internet", "remove 8.8.8.0/24"],
        "ipset:mixed": ["add 100.64.0.0/28", "remove 100.64.0.2-100.64.0.4", "add ipset:wide", "remove 10.64.0.0/10"],
    },
    "tagOwners": {"tag:web": [], "tag:db": [], "tag:router": [], "tag:exit": []},
    "autoApprovers": {
        "routes": {"10.0.0.0/8": ["tag:router"], "0.0.0.0/0": ["tag:web"]},
        "exitNode": ["tag:exit", "bob@example.com"],
    },
    "postures": {
        "posture:linux": ["node:os == 'linux'", "node:tsVersion >= '1.40'"],
        "posture:trusted": ["custom:tier >= 3"],
    },
}


def node(number: int, **more: Json) -> Json:
    """Give a node with the addresses that belong to its number."""
    return {"name": f"n{number}", "addresses": [f"100.64.0.{number}", f"fd7a:115c:a1e0::{number:x}"], **more}


NEW_LINUX = {"node:os": "linux", "node:tsVersion": "1.62.1"}
OLD_LINUX = {"node:os": "linux", "node:tsVersion": "1.9.0", "custom:tier": 5}
TAILNET: dict[str, Json] = {
    "schema_version": 1,
    "tailnet": "example.com",
    "domains": ["example.com", "example.org"],
    "users": [
        {"login": "alice@example.com", "role": "owner"},
        {"login": "bob@example.com", "role": "admin"},
        {"login": "carol@example.org", "role": "it-admin"},
    ],
    "nodes": [
        node(1, user="alice@example.com", posture=NEW_LINUX),
        node(2, user="alice@example.com", posture=OLD_LINUX),
        node(3, user="bob@example.com"),
        node(4, user="carol@example.org", posture=NEW_LINUX) | {"addresses": ["100.64.0.4"]},
        node(5, user="carol@example.org") | {"addresses": ["fd7a:115c:a1e0::5"]},
        node(6, user="dan@example.com"),
        node(7, user="eve@elsewhere.net", shared=True),
        node(8, tags=["tag:web"], posture=NEW_LINUX, advertised_routes=["10.9.0.0/16"]),
        node(9, tags=["tag:web", "tag:db"]),
        node(10, tags=["tag:router"], advertised_routes=["10.33.0.0/16", "192.168.1.0/24"]),
        node(11, tags=["tag:router", "tag:db"], approved_routes=["10.33.7.0/24", "fd00:1:0:7::/64"]),
        node(12, tags=["tag:db"], approved_routes=["10.33.0.0/16", "8.8.8.0/24"]),
        node(13, tags=["tag:exit"], advertised_routes=["0.0.0.0/0", "::/0"]),
        node(14, tags=["tag:exit", "tag:router"], advertised_routes=["0.0.0.0/0", "10.0.0.0/8"]),
        node(15, user="bob@example.com", advertised_routes=["0.0.0.0/0", "::/0"], approved_routes=["::/0"]),
        node(16),
    ],
}

WHO: tuple[str, ...] = (
    "alice@example.com",
    "user:*@example.com",
    "group:eng",
    "tag:db",
    "autogroup:member",
    "autogroup:tagged",
)
WHO += ("autogroup:admin", "autogroup:owner", "autogroup:it-admin", "eve@elsewhere.net", "zoe@example.com", "*")
WHAT: tuple[str, ...] = (
    "first",
    "office",
    "six",
    "10.33.7.128/25",
    "10.0.0.0/7",
    "100.64.0.4/30",
    "8.8.8.8",
    "fd7a:115c:a1e0::8/125",
)
WHAT += ("ipset:wide", "ipset:net", "ipset:mixed")
POSTURES: tuple[list[str], ...] = (["posture:linux"], ["posture:trusted", "posture:linux"], [])

GRANTS: list[Json] = [
    *({"src": [src], "dst": ["*"], "ip": ["tcp:443"]} for src in (*WHO, *WHAT, "autogroup:shared")),
    {"src": ["autogroup:danger-all"], "dst": ["tag:web"], "ip": ["22", "80-90"]},
    *({"src": ["*"], "dst": [dst], "ip": ["udp:53", "icmp:*"]} for dst in (*WHO, *WHAT, "autogroup:internet")),
    *(
        {"src": [src], "dst": ["autogroup:self"], "ip": ["*"]}
        for src in WHO
        if src.startswith(("alice", "user", "group"))
    ),
    {"src": ["autogroup:member"], "dst": ["tag:web", "autogroup:self"], "ip": ["22"]},
    *({"src": ["*"], "dst": [dst], "ip": ["*"], "via": ["tag:router"]} for dst in (*WHAT, "*", "autogroup:internet")),
    *({"src": ["group:eng"], "dst": [dst], "ip": ["47"], "via": ["tag:exit", "tag:db"]} for dst in WHAT),
    *(
        {"src": [src], "dst": ["tag:web", "office"], "ip": ["*"], "srcPosture": postures}
        for src in (
            "*",
            "autogroup:member",
            "tag:web",
            "autogroup:shared",
            "autogroup:danger-all",
            "ipset:mixed",
            "first",
        )
        for postures in POSTURES
    ),
    {"src": ["*"], "dst": ["*"], "app": {"example.com/cap/x": [{}]}},
]
ACLS: list[Json] = [
    {"src": ["*"], "dst": ["autogroup:self:*"]},
    {"src": ["*"], "dst": ["tag:web:22,80-90", "office:*", "tag:web:443"]},
    {"src": ["tag:web"], "dst": ["*:*"], "proto": "47"},
    {"src": ["group:nobody"], "dst": ["*:*"]},
    {"src": ["*"], "dst": ["[fd7a:115c:a1e0::8]:1-65535"], "proto": "sctp"},
    {"src": ["*"], "dst": ["100.64.0.8:1-65535", "autogroup:internet:443"]},
]
TOP: tuple[Json, ...] = (
    {},
    {"defaultSrcPosture": ["posture:linux"]},
    {"nodeAttrs": [{"target": ["tag:web", "alice@example.com", "100.64.0.11"], "attr": ["disable-ipv4"]}]},
    {"disableIPv4": True},
)


SSH: list[Json] = [
    *(
        {"action": action, "src": src, "dst": dst, "users": users}
        for action, src, dst in (
            ("accept", ["autogroup:member"], ["tag:web", "autogroup:self"]),
            ("check", ["group:eng", "alice@example.com"], ["tag:db"]),
            ("accept", ["tag:web", "autogroup:tagged"], ["tag:db", "tag:web"]),
            ("accept", ["user:*@example.com"], ["autogroup:tagged"]),
            ("check", ["carol@example.org"], ["carol@example.org", "autogroup:self"]),
            ("accept", ["eve@elsewhere.net"], ["eve@elsewhere.net"]),
        )
        for users in (["root"], ["autogroup:nonroot"], ["localpart:*@example.com", "ubuntu"], ["ubuntu", "someone"])
    ),
    {
        "action": "accept",
        "src": ["autogroup:member"],
        "dst": ["tag:web"],
        "users": ["root"],
        "srcPosture": ["posture:linux"],
    },
]
LOGINS = ("root", "ubuntu", "alice", "bob", "carol", "eve", "someone")


@pytest.mark.parametrize("top", TOP, ids=lambda top: next(iter(top), "plain"))
def test_each_rule_alone_lets_in_what_it_says(top: Json) -> None:
    """Client with compiled rules = reference semantics, for every rule and every kind of node."""
    rules = [*(("grants", rule) for rule in GRANTS), *(("acls", {"action": "accept", **rule}) for rule in ACLS)]
    accepted = 0
    for number, (key, rule) in enumerate(rules):
        world = World({**BASE, **top, key: [rule]}, TAILNET)
        nodes, known = compile_world(world), local(world)
        for packet in packets(world, number, PACKETS):
            expected = may_pass(world.policy, world.tailnet, *packet)
            assert expected == lets_in(nodes, known, packet), (rule, packet)
            accepted += expected
    assert accepted > 500


def test_all_rules_together_let_in_what_any_of_them_says() -> None:
    """The same for one policy of all these rules, in which many share their sources and are merged."""
    policy = {**BASE, "grants": GRANTS, "acls": [{"action": "accept", **acl} for acl in ACLS]}
    world = World(policy, TAILNET)
    nodes, known = compile_world(world), local(world)
    for packet in packets(world, 1, 1000):
        assert may_pass(world.policy, world.tailnet, *packet) == lets_in(nodes, known, packet), packet


def test_a_policy_without_rules_lets_the_tailnet_in() -> None:
    """Without `grants` and `acls`, everybody in the tailnet and behind it reaches everything, and nobody else does."""
    world = World(BASE, TAILNET)
    nodes, known = compile_world(world), local(world)
    tried = packets(
        World({**BASE, "grants": [{"src": ["autogroup:danger-all"], "dst": ["*"], "ip": ["*"]}]}, TAILNET), 2, 500
    )
    verdicts = [lets_in(nodes, known, packet) for packet in tried]
    assert [may_pass(world.policy, world.tailnet, *packet) for packet in tried] == verdicts
    assert set(verdicts) == {True, False}


@pytest.mark.parametrize("top", TOP, ids=lambda top: next(iter(top), "plain"))
def test_each_ssh_rule_and_all_of_them_let_in_what_they_say(top: Json) -> None:
    """Client with compiled SSH rules = reference semantics, for every pair of nodes and login."""
    accepted = 0
    for rules in (*([rule] for rule in SSH), SSH):
        world = World({**BASE, **top, "ssh": rules}, TAILNET)
        nodes = compile_world(world)
        for target in TAILNET["nodes"]:
            received = nodes[target["name"]]["ssh_rules"]
            for source in TAILNET["nodes"]:
                addresses = [text(*each) for each in own(world, source)]
                for login in LOGINS:
                    expected = may_ssh(world, source, target, login)
                    decided = {decide_ssh(received, each, login) for each in addresses}
                    assert decided <= {expected}, (rules, source["name"], target["name"], login)
                    accepted += expected is not None
    assert accepted > 100
