"""Random changes of grants with `app`, and what brute force over pairs of devices says of them, for every tailnet."""

from __future__ import annotations

from itertools import product
from random import Random

from tests.oracles.cases import GROUPS, POSTURES, TAGS, USERS, Json
from tests.oracles.sessions import DOMAINS, Pair, devices
from tests.oracles.vocabulary import facts
from tests.properties.oracle import World, address, is_member, rules, selects, sends

NAMES = ("example.com/cap/a", "example.com/cap/b")
Change = tuple[bool, str, int]
"""(gained, capability, its level)."""


def pair(seed: int) -> Pair:
    """Give two policies that differ in what grants give applications; the same for the same seed."""
    chance = Random(f"capabilities/{seed}")
    users = chance.sample(USERS, chance.randint(1, 2))
    tags = chance.sample(TAGS, chance.randint(1, 2))
    postures = chance.sample(sorted(POSTURES), chance.randint(1, 2)) if chance.random() < 0.35 else []
    roles = ["autogroup:admin", "autogroup:owner"]
    people = chance.sample([*users, *GROUPS, "autogroup:member", "user:*@x.com", *roles], 3)
    machines = [*tags, "autogroup:tagged"]

    def grant() -> Json:
        src = chance.sample([*people, *machines, "*"], chance.randint(1, 2))
        dst = chance.sample([*people, *machines, "*"], chance.randint(1, 2))
        if chance.random() < 0.5:
            src, dst = chance.sample(people, 1), ["autogroup:self", *chance.sample(machines, chance.randint(0, 1))]
        found: Json = {"src": src, "dst": dst, "app": {chance.choice(NAMES): [{"level": chance.randint(0, 1)}]}}
        if postures and chance.random() < 0.5:
            found["srcPosture"] = chance.sample(postures, chance.randint(1, len(postures)))
        return found

    grants = [grant() for _ in range(chance.randint(0, 3))]
    old: Json = {
        "groups": {name: chance.sample(users, chance.randint(1, len(users))) for name in GROUPS},
        "tagOwners": {tag: [] for tag in tags},
        "postures": {name: POSTURES[name] for name in postures},
        "grants": grants,
    }
    changed = [dict(each) for each in grants]
    at = chance.randrange(len(changed)) if changed else 0
    match chance.randrange(5) if changed else 0:
        case 0:
            changed.append(grant())
        case 1:
            changed.pop(at)
        case 2:
            changed[at : at + 1] = [{**changed[at], "dst": [each]} for each in changed[at]["dst"]]
        case 3:
            own = changed[at]["dst"]
            changed[at]["dst"] = [("autogroup:member" if each == "autogroup:self" else each) for each in own]
        case _:
            changed[at]["app"] = {**changed[at]["app"], NAMES[0]: [{"level": 1}]}
    return Pair(old, {**old, "grants": changed})


def changes(old: Json, new: Json) -> set[Change]:
    """Give what changes between some two devices in some tailnet."""
    conditions = [each for listed in old["postures"].values() for each in listed]
    shown = list(facts(dict.fromkeys(conditions))) or [{}]
    found: set[Change] = set()
    for (one, role), (other, its_role) in product(devices(old, new, "grants"), repeat=2):
        is_own = is_member(one) and is_member(other) and one["user"] == other["user"]
        if is_own and role != its_role:
            continue
        for posture in shown:
            source = {"name": "s", "addresses": ["100.64.0.1"], "posture": posture, **one}
            target = {"name": "t", "addresses": ["100.64.0.2"], **other}
            users = [{"login": n["user"], "role": r} for n, r in ((one, role), (other, its_role)) if is_member(n)]
            tailnet = {"nodes": [source, target], "users": users, "domains": list(DOMAINS)}
            before, after = (_given(World(each, tailnet), target, is_own=is_own) for each in (old, new))
            found.update((True, *each) for each in after - before)
            found.update((False, *each) for each in before - after)
    return found


def _given(world: World, target: Json, *, is_own: bool) -> set[tuple[str, int]]:
    """Give the capabilities of the first device on the second one."""
    return {
        (name, value["level"])
        for rule, grant in zip(rules(world), world.policy["grants"], strict=True)
        if sends(world, rule, address("100.64.0.1"))
        and any(is_own if dst == "autogroup:self" else selects(world, dst, target) for dst in grant["dst"])
        for name, values in grant["app"].items()
        for value in values
    }
