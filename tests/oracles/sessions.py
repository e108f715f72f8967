"""Random changes of SSH rules, and what brute force over pairs of devices says of them, for every tailnet."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product
from random import Random
from typing import NamedTuple

from tests.oracles.cases import GROUPS, POSTURES, TAGS, USERS, Json
from tests.oracles.vocabulary import facts
from tests.properties.oracle import World, is_member
from tests.properties.ssh_oracle import may_ssh

NEWCOMERS = ("new@new.invalid", "new@x.com", "new@y.com")
DOMAINS = ("x.com", "y.com", "new.invalid")
SSH_ROLES = ("member", "admin", "owner", "auditor")
LOGINS = ("root", "ubuntu", "somebody", "new", *(login.partition("@")[0] for login in USERS))


class Pair(NamedTuple):
    """A policy before and after, plain JSON."""

    old: Json
    new: Json


def pair(seed: int) -> Pair:
    """Give two policies that differ in SSH; the same for the same seed."""
    maker = _Maker(Random(f"sessions/{seed}"))
    old = maker.policy()
    return Pair(old, maker.changed(old))


class _Maker:
    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._users = chance.sample(USERS, chance.randint(1, 2))
        self._tags = chance.sample(TAGS, chance.randint(1, 2))
        self._postures = chance.sample(sorted(POSTURES), chance.randint(1, 2)) if chance.random() < 0.35 else []
        everybody = [*GROUPS, "autogroup:member", "autogroup:admin", "autogroup:owner", "user:*@x.com"]
        self._people = chance.sample([*self._users, *everybody, "autogroup:auditor"], 4)

    def policy(self) -> Json:
        """Give a policy with a few SSH rules."""
        chance = self._chance
        return {
            "groups": {name: chance.sample(self._users, chance.randint(1, len(self._users))) for name in GROUPS},
            "tagOwners": {tag: [] for tag in self._tags},
            "postures": {name: POSTURES[name] for name in self._postures},
            "grants": [],
            "ssh": [self._rule() for _ in range(chance.randint(0, 3))],
        }

    def changed(self, old: Json) -> Json:
        """Give it with rules more, less, split, or of other logins and destinations, or with other groups."""
        chance = self._chance
        new = {**old, "ssh": [dict(each) for each in old["ssh"]]}
        for _ in range(chance.randint(1, 2)):
            rules = new["ssh"]
            at = chance.randrange(len(rules)) if rules else 0
            match chance.randrange(6) if rules else 0:
                case 0:
                    rules.insert(chance.randint(0, len(rules)), self._rule())
                case 1:
                    rules.pop(at)
                case 2:
                    if not set(rules[at]["dst"]) & set(USERS):
                        rules[at]["dst"] = [*rules[at]["dst"], chance.choice([*self._tags, "autogroup:tagged"])]
                case 3:
                    rules[at]["users"] = self._logins()
                case 4:
                    rules[at : at + 1] = [{**rules[at], "src": [each]} for each in rules[at]["src"]]
                case _:
                    members = chance.sample(self._users, chance.randint(1, len(self._users)))
                    new["groups"] = {**new["groups"], GROUPS[0]: members}
        if self._postures and chance.random() < 0.1:
            new["defaultSrcPosture"] = self._postures[:1]
        return new

    def _logins(self) -> list[str]:
        names = ["root", "autogroup:nonroot", "ubuntu", "localpart:*@x.com", "localpart:*@y.com"]
        return self._chance.sample(names, self._chance.randint(1, 2))

    def _rule(self) -> Json:
        chance = self._chance
        kind = chance.choice(["people", "people", "people", "tags", "one"])
        machines = [*self._tags, "autogroup:tagged"]
        src = chance.sample(self._people, chance.randint(1, 2))
        dst = chance.sample([*machines, "autogroup:self"], chance.randint(1, 2))
        if kind == "tags":
            src, dst = chance.sample(machines, chance.randint(1, 2)), chance.sample(machines, 1)
        elif kind == "one":
            src = [chance.choice(self._users)]
            dst = [*src, *chance.sample([*self._tags, "autogroup:self"], chance.randint(0, 1))]
        action = "accept" if kind == "tags" else chance.choice(["accept", "check"])
        rule: Json = {"action": action, "src": src, "dst": dst, "users": self._logins()}
        if self._postures and chance.random() < 0.5:
            rule["srcPosture"] = chance.sample(self._postures, chance.randint(1, len(self._postures)))
        return rule


def changes(old: Json, new: Json) -> dict[str, Json]:
    """Give an example for each way in which a session changes for some two devices in some tailnet: `gained`, `lost`,
    `unchecked`, `checked`."""
    conditions = [each for policy in (old, new) for listed in policy["postures"].values() for each in listed]
    shown = list(facts(dict.fromkeys(conditions))) or [{}]
    found: dict[str, Json] = {}
    for (one, role), (other, its_role) in product(devices(old, new, "ssh"), repeat=2):
        is_own = is_member(one) and is_member(other) and one["user"] == other["user"]
        if is_own and role != its_role:
            continue
        for posture, its_posture in product(shown, shown if is_own else [{}]):
            source = {"name": "s", "addresses": ["100.64.0.1"], "posture": posture, **one}
            target = {"name": "t", "addresses": ["100.64.0.2"], "posture": its_posture, **other}
            users = [{"login": n["user"], "role": r} for n, r in ((one, role), (other, its_role)) if is_member(n)]
            tailnet = {"nodes": [source, target], "users": users, "domains": list(DOMAINS)}
            for login in LOGINS:
                before, after = (may_ssh(World(each, tailnet), source, target, login) for each in (old, new))
                if before != after:
                    found.setdefault(_kind(before, after), (source, target, role, login))
    return found


def _kind(before: str | None, after: str | None) -> str:
    if before is None or after is None:
        return "gained" if before is None else "lost"
    return "unchecked" if before == "check" else "checked"


def devices(old: Json, new: Json, section: str) -> Iterator[tuple[Json, str]]:
    """Give who can be told apart, each with each role. `section`: of the policies, where names may stand in `src`."""
    named = dict.fromkeys(
        [
            *(login for policy in (old, new) for members in policy["groups"].values() for login in members),
            *(name for policy in (old, new) for rule in policy[section] for name in rule["src"] if name in USERS),
        ]
    )
    for login in (*named, *NEWCOMERS):
        for role in SSH_ROLES:
            yield {"user": login}, role
    for login in (*named, "outsider@elsewhere.invalid"):
        yield {"user": login, "shared": True}, "member"
    tags = (*old["tagOwners"], "tag:new")
    for size in range(1, len(tags) + 1):
        for chosen in combinations(tags, size):
            yield {"tags": list(chosen)}, "member"
