"""What is proven for every tailnet is broken in none that is tried, transitive promises included."""

from __future__ import annotations

from random import Random

import pytest

from aclc.reach.properties.property_file import parse_properties
from aclc.reach.properties.property_names import bind_names
from aclc.reach.prove.prove import judge, prove
from aclc.source import Source
from tests.oracles.cases import Json, case
from tests.reach.engine import policy_of, tailnet_of

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
    owners = {tag: chance.sample([*people, *tags], chance.randint(0, 2)) for tag in tags}
    pairs = [([chance.choice(people)], ["autogroup:self", *chance.sample(tags, 1)]), ([chance.choice(tags)], tags[:1])]
    src, dst = chance.choice(pairs)
    ssh = [{"action": "accept", "src": src, "dst": dst, "users": ["root"]}]
    if policy["postures"] and chance.random() < 0.5:
        ssh[0]["srcPosture"] = [chance.choice(sorted(policy["postures"]))]
    door = {"src": src, "dst": [each for each in dst if each != "autogroup:self"], "ip": ["tcp:22"]}
    return {**policy, "tagOwners": owners, "ssh": ssh, "grants": [*policy["grants"], door]}


@pytest.mark.parametrize("first", range(0, 45, 15))
def test_a_promise_that_is_proven_is_broken_in_no_tailnet(first: int) -> None:
    held = 0
    for seed in range(first, first + 15):
        chance = Random(seed)
        old, _, questions = case(seed)
        policy = policy_of(with_pivots(old, chance))
        lines = [each.text for each in questions]
        lines += [f"{each.text} transitively" for each in questions if each.kind != "always"]
        lines += ["assert nobody exposed but shared", "assert nobody exposed but internet transitively"]
        parsed = parse_properties(Source("p.aclc", "\n".join(lines))).value
        assert parsed is not None
        promises = bind_names(policy, parsed).value
        assert promises is not None
        proven = [each.promise for each in prove(policy, promises) if each.state == "holds"]
        held += len(proven)
        for _ in range(12):
            facts = tailnet(chance, list(old["tagOwners"]))
            for verdict in judge(policy, tailnet_of(facts), proven):
                assert verdict.state != "broken", (seed, verdict.promise.span.text, verdict.witness, facts)

    assert held > 5
