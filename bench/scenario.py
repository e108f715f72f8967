"""Generated tailnets and policies of any size, the same for the same seed.

Deliberately unkind: random members (so that few nodes are alike), overlapping tags, wildcard sources, literal prefixes,
random addresses. 55 % of nodes belong to people, 45 % carry one to three tags, 10 % are routers.
"""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from typing import Any, NamedTuple


class Scenario(NamedTuple):
    """The texts that a benchmark feeds to aclc."""

    policy: str
    tailnet: str


def scenario(nodes: int, rules: int, seed: int) -> Scenario:
    """Give a tailnet of `nodes` nodes and a policy of `rules` rules (half grants, half acls)."""
    chance = random.Random(f"{seed}/{nodes}/{rules}")
    users = [f"user{number}@example.com" for number in range(max(1, nodes * 55 // 220))]
    tags = [f"tag:t{number}" for number in range(max(4, min(400, rules // 10)))]
    return Scenario(_policy(chance, users, tags, rules), _tailnet(chance, users, tags, nodes))


def _groups(chance: random.Random, users: Sequence[str], count: int) -> dict[str, list[str]]:
    largest = max(3, len(users) // 10)
    return {
        f"group:g{number}": chance.sample(users, min(len(users), int(3 * (largest / 3) ** chance.random())))
        for number in range(count)
    }


def _policy(chance: random.Random, users: Sequence[str], tags: Sequence[str], rules: int) -> str:
    groups = _groups(chance, users, max(3, min(400, rules // 10)))
    hosts = {
        f"h{number}": f"10.{chance.randrange(256)}.{chance.randrange(256)}.0/{chance.choice((20, 24, 24, 28))}"
        for number in range(max(3, rules // 10))
    }
    hosts = {name: _masked(text) for name, text in hosts.items()}
    group_names, host_names = list(groups), list(hosts)

    def source() -> str:
        roll = chance.random()
        if roll < 0.02:
            return "*"
        if roll < 0.06:
            return "autogroup:member"
        if roll < 0.60:
            return chance.choice(group_names)
        if roll < 0.90:
            return chance.choice(tags)
        return chance.choice(users)

    def destination(src: Sequence[str]) -> str:
        roll = chance.random()
        if roll < 0.005 and "*" not in src:  # where everybody reaches everything, there is nothing to work out
            return "*"
        if roll < 0.70:
            return chance.choice(tags)
        if roll < 0.85:
            return chance.choice(host_names)
        if roll < 0.95:
            return chance.choice(group_names)
        return chance.choice(users)

    def ports() -> str:
        return chance.choice(("*", "22", "80", "443", "5432", "8000-8999", str(chance.randrange(1, 65536))))

    acls: list[dict[str, Any]] = [{"action": "accept", "src": ["autogroup:member"], "dst": ["autogroup:self:*"]}]
    grants: list[dict[str, Any]] = []
    while len(acls) + len(grants) < rules:
        src = [source() for _ in range(chance.choice((1, 1, 2, 3)))]
        if chance.random() < 0.5:
            acls.append(
                {
                    "action": "accept",
                    "src": src,
                    "dst": [f"{destination(src)}:{ports()}" for _ in range(chance.choice((1, 1, 2)))],
                    **({"proto": chance.choice(("tcp", "udp"))} if chance.random() < 0.3 else {}),
                }
            )
        else:
            entry = ports()
            grants.append(
                {
                    "src": src,
                    "dst": [destination(src) for _ in range(chance.choice((1, 1, 2)))],
                    "ip": [entry if entry == "*" else f"tcp:{entry}"],
                }
            )
    return json.dumps(
        {
            "groups": groups,
            "hosts": hosts,
            "tagOwners": {tag: ["autogroup:admin"] for tag in tags},
            "autoApprovers": {"routes": {"10.0.0.0/8": list(tags)}},
            "grants": grants,
            "acls": acls,
        },
        indent=1,
    )


def changed(text: str) -> str:
    """Give a generated policy after a change as a pull request makes it: one rule gone, one with another port, one
    more, and one more member in a group."""
    policy = json.loads(text)
    groups, tags = list(policy["groups"]), list(policy["tagOwners"])
    del policy["acls"][len(policy["acls"]) // 2]
    policy["grants"][len(policy["grants"]) // 3]["ip"] = ["tcp:8443"]
    policy["grants"].append({"src": [groups[1]], "dst": [tags[2]], "ip": ["tcp:9999"]})
    members = policy["groups"][groups[2]]
    members.append(
        next((one for each in groups for one in policy["groups"][each] if one not in members), "new@example.com")
    )
    return json.dumps(policy, indent=1)


def with_everything(text: str, seed: int) -> str:
    """Give a generated policy with what else policies have: tags that groups own, entries of `ssh`, postures, grants of
    capabilities, ipsets, tests. Kind of a policy that every rule of the linter has something to do with."""
    policy = json.loads(text)
    chance = random.Random(f"{seed}/{len(text)}")
    groups, tags, rules = list(policy["groups"]), list(policy["tagOwners"]), len(policy["grants"]) + len(policy["acls"])
    policy["tagOwners"] = {tag: chance.sample(groups, min(2, len(groups))) for tag in tags}
    for tag in tags[1::4]:
        policy["tagOwners"][tag].append(tags[0])
    policy["postures"] = {"posture:latest": ["node:tsVersion >= '1.60'"], "posture:mac": ["node:os == 'macos'"]}
    policy["ipsets"] = {f"ipset:s{number}": ["10.0.0.0/8", f"remove 10.{number}.0.0/16"] for number in range(8)}
    for grant in chance.sample(policy["grants"], len(policy["grants"]) // 20):
        grant["srcPosture"] = [chance.choice(("posture:latest", "posture:mac"))]
    for grant in chance.sample(policy["grants"], len(policy["grants"]) // 50):
        grant["app"] = {"example.com/cap/files": [{"path": f"/{chance.randrange(100)}"}]}
    for number in range(rules // 100):
        policy["grants"].append(
            {"src": [chance.choice(groups)], "dst": [f"ipset:s{number % 8}"], "ip": [f"udp:{1000 + number}"]}
        )
    policy["ssh"] = [
        {
            "action": chance.choice(("accept", "check")),
            "src": [chance.choice(groups)],
            "dst": [chance.choice(tags)],
            "users": chance.choice((["autogroup:nonroot"], ["root"], ["ubuntu", "autogroup:nonroot"])),
        }
        for _ in range(max(3, rules // 20))
    ]
    policy["tests"] = [
        {"src": policy["groups"][chance.choice(groups)][0], "accept": [], "deny": [f"{chance.choice(tags)}:{port}"]}
        for port in range(3, 3 + max(3, rules // 50))
    ]
    return json.dumps(policy, indent=1)


def _tailnet(chance: random.Random, users: Sequence[str], tags: Sequence[str], nodes: int) -> str:
    numbers = chance.sample(range(1, 1 << 21), nodes)
    listed: list[dict[str, Any]] = []
    for index, number in enumerate(numbers):
        node: dict[str, Any] = {
            "name": f"n{index}",
            "addresses": [
                f"100.{64 + (number >> 16)}.{number >> 8 & 255}.{number & 255}",
                f"fd7a:115c:a1e0::{number >> 8:x}:{number & 255:x}",
            ],
            "created": f"2026-01-{1 + index % 28:02}T00:00:{index % 60:02}Z",
        }
        if chance.random() < 0.55:
            node["user"] = chance.choice(users)
        else:
            node["tags"] = sorted(chance.sample(tags, min(len(tags), chance.choice((1, 1, 2, 3)))))
            if chance.random() < 0.22:  # 10 % of all nodes
                node["advertised_routes"] = [f"10.{chance.randrange(256)}.{chance.randrange(256)}.0/24"]
        listed.append(node)
    return json.dumps(
        {
            "schema_version": 1,
            "tailnet": "example.com",
            "domains": ["example.com"],
            "users": [{"login": login} for login in users],
            "nodes": listed,
        }
    )


def _masked(text: str) -> str:
    address, _, bits = text.partition("/")
    value = int.from_bytes(bytes(int(part) for part in address.split(".")), "big")
    value &= (0xFFFFFFFF << (32 - int(bits))) & 0xFFFFFFFF
    return ".".join(str(part) for part in value.to_bytes(4, "big")) + f"/{bits}"
