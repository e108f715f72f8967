"""Random tailnets for the policies of `cases`, and what makes machines of them lead to others."""

from __future__ import annotations

from random import Random
from typing import NamedTuple

from tests.oracles.cases import Json, Question, case

ROUTES = (
    "10.0.0.0/8",
    "10.0.5.5/32",
    "10.1.0.0/16",
    "fd00:1::/32",
    "8.8.8.0/24",
    "100.64.200.0/24",
    "0.0.0.0/0",
    "::/0",
)
FACTS: tuple[Json, ...] = (
    {},
    {"node:os": "linux"},
    {"node:os": "macos", "custom:tier": 3},
    {"node:os": "linux", "custom:tier": 9},
    {"custom:tier": 1},
)
OWNERS = ("ann@x.com", "bob@x.com", "kim@y.com", "zoe@x.com", "zed@z.com")


def tailnet(chance: Random, tags: list[str]) -> Json:
    """Give a tailnet of a few nodes of all kinds."""
    nodes = []
    for number in range(chance.randint(2, 8)):
        node: Json = {
            "name": f"n{number}",
            "addresses": [
                f"100.64.{chance.choice((0, 5, 130))}.{number + 10}",
                f"fd7a:115c:a1e0:7:0:7:a01:{number + 1:x}",
            ],
            "posture": chance.choice(FACTS),
        }
        kind = chance.choice(["user", "user", "tags", "tags", "tags", "shared"])
        if kind == "tags":
            node["tags"] = chance.sample(tags, chance.randint(1, len(tags)))
        else:
            node["user"], node["shared"] = chance.choice(OWNERS), kind == "shared"
        if chance.random() < 0.5 and kind != "shared":
            node["approved_routes"] = node["advertised_routes"] = chance.sample(ROUTES, chance.randint(1, 3))
        nodes.append(node)
    nodes[0]["addresses"][0] = "100.64.5.5"
    users = [{"login": login, "role": chance.choice(["owner", "admin", "auditor", "member"])} for login in OWNERS]
    return {"schema_version": 1, "users": users, "nodes": nodes}


def with_pivots(policy: Json, chance: Random) -> Json:
    """Give a policy with SSH and owners of tags, and the door that SSH needs."""
    tags = list(policy["tagOwners"])
    people = ["ann@x.com", "group:a", "autogroup:member"]
    appliers = [*people, *tags, "kim@y.com", "zoe@x.com", "user:*@x.com"]
    owners = {tag: chance.sample(appliers, chance.randint(0, 2)) for tag in tags}
    ssh, doors = [], []
    for _ in range(chance.choice((1, 1, 2))):
        one = chance.choice(["ann@x.com", "kim@y.com"])
        src, dst = chance.choice(
            [
                ([chance.choice(people)], ["autogroup:self", *chance.sample(tags, 1)]),
                ([chance.choice(people)], ["autogroup:tagged"]),
                ([chance.choice(tags)], tags[:1]),
                (["autogroup:tagged"], tags[-1:]),
                ([one], [one]),
            ]
        )
        users = chance.choice((["root"], ["autogroup:nonroot"], ["localpart:*@x.com"], ["ubuntu", "localpart:*@y.com"]))
        rule: Json = {"action": "accept", "src": src, "dst": dst, "users": users}
        if policy["postures"] and chance.random() < 0.5:
            rule["srcPosture"] = [chance.choice(sorted(policy["postures"]))]
        ssh.append(rule)
        if chance.random() < 0.8:
            opened = [each for each in dst if each != "autogroup:self"]
            doors.append({"src": src, "dst": opened, "ip": [chance.choice(["tcp:22", "22", "*"])]})
        if "autogroup:tagged" not in src and not set(src) & set(tags) and chance.random() < 0.5:
            doors.append({"src": src, "dst": ["autogroup:self"], "ip": ["22"]})
    return {**policy, "tagOwners": owners, "ssh": ssh, "grants": [*policy["grants"], *doors]}


class Posed(NamedTuple):
    """A policy on a tailnet, and promises about it."""

    policy: Json
    tailnet: Json
    questions: tuple[Question, ...]


def posed(seed: int) -> Posed:
    """Give promises of every kind about a policy on a tailnet, without services; the same for the same seed."""
    chance = Random(f"tailnets/{seed}")
    old, _, questions = case(seed)
    policy = with_pivots(_without_services(old), chance)
    asked = []
    for each in questions:
        plain = each._replace(b=tuple(name for name in each.b if not _is_service(name)) or ("autogroup:tagged",))
        asked += [plain] if plain.kind == "always" else [plain, plain._replace(transitive=True)]
        most = chance.randint(0, 3)
        asked.append(Question("at most", plain.a, (), plain.services, chance.random() < 0.6, most))
        openings = ["internet", "funnel", *(name for name in plain.a if name != "*")]
        who = tuple(dict.fromkeys(chance.sample(openings, chance.randint(0, 2))))
        asked.append(Question("exposed", who, plain.b, plain.services, chance.random() < 0.5))
    return Posed(policy, tailnet(chance, list(old["tagOwners"])), tuple(asked))


def _without_services(policy: Json) -> Json:
    grants = [{**each, "dst": [name for name in each["dst"] if not _is_service(name)]} for each in policy["grants"]]
    acls = [{**each, "dst": [name for name in each["dst"] if not _is_service(name)]} for each in policy["acls"]]
    return {
        **policy,
        "grants": [each for each in grants if each["dst"]],
        "acls": [each for each in acls if each["dst"]],
    }


def _is_service(name: str) -> bool:
    return name.startswith("svc:")
