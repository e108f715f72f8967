"""Random questions: two policies that differ a little, and promises about one of them. Plain JSON values throughout."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any, NamedTuple

Json = Any

USERS = ("ann@x.com", "bob@x.com", "kim@y.com")
GROUPS = ("group:a", "group:b")
TAGS = ("tag:x", "tag:y", "tag:z")
PEOPLE = (
    *USERS,
    *GROUPS,
    "user:*@x.com",
    "autogroup:member",
    "autogroup:admin",
    "autogroup:owner",
    "autogroup:auditor",
)
SELF_SOURCES = (*USERS, *GROUPS, "user:*@x.com", "autogroup:member", "autogroup:admin", "autogroup:auditor")

FAMILIES_OF_LITERALS = (
    ("10.0.0.0/15", "10.0.0.0/16", "10.1.0.0/16", "10.0.5.5", "lan"),
    ("100.64.0.0/16", "100.64.0.0/17", "100.64.128.0/17", "100.64.5.5", "one"),
    ("fd00:1::/32", "fd00:1::/33", "fd00:1:8000::/33", "fd00:1::5"),
    ("fd7a:115c:a1e0::/48", "fd7a:115c:a1e0:b1a::/64", "fd7a:115c:a1e0:b1a:0:7:a01:100/120"),
    ("fd7a:115c:a1e0::/48", "fd7a:115c:a1e0:7::/64", "fd7a:115c:a1e0:7:0:7:a01:100/120"),
    ("0.0.0.0/1", "128.0.0.0/1", "64.0.0.0/2", "8.8.8.0/24"),
    ("ipset:net", "ipset:holes", "8.8.8.0/24", "10.0.0.0/16"),
)
ALONE = ("10.0.5.5", "fd00:1::5")
"""Single addresses outside."""
HOSTS = {"lan": "10.0.0.0/16", "one": "100.64.5.5"}
IPSETS = {
    "ipset:net": ["add autogroup:internet", "remove 8.8.8.0/24"],
    "ipset:holes": ["add 10.0.0.0/15", "remove 10.0.5.5"],
}
POSTURES = {
    "posture:linux": ["node:os == 'linux'"],
    "posture:other": ["node:os != 'linux'", "custom:tier < 5"],
    "posture:known": ["node:os IN ['linux', 'macos']"],
    "posture:high": ["custom:tier >= 3"],
    "posture:plain": ["custom:tier NOT SET"],
}
SERVICES = ("svc:s", "svc:t")
PORTS = ("*", "22", "80", "80-90", "1-65535")
SPECS = ("*", "22", "tcp:80", "tcp:80-90", "udp:53", "tcp:*", "icmp:*", "47:*", "1-65535")


class Question(NamedTuple):
    """A promise. `kind`: never, always, only, isolated, at most, exposed. `services`: (protocol, first, last); empty:
    any. `most`: how many nodes `a` may reach at most, `b` being empty. Of `exposed`, `a` is who may come in."""

    kind: str
    a: tuple[str, ...]
    b: tuple[str, ...]
    services: tuple[tuple[int, int, int], ...]
    transitive: bool = False
    most: int = 0

    @property
    def text(self) -> str:
        """Give it as a line of a file of promises."""
        one, other = ", ".join(self.a), ", ".join(self.b)
        names = {6: "tcp", 17: "udp"}
        on = " on " + ", ".join(f"{names[p]} {q}-{r}" for p, q, r in self.services) if self.services else ""
        on += " transitively" if self.transitive else ""
        match self.kind:
            case "only":
                return f"assert only {one} reach {other}{on}"
            case "at most":
                return f"assert {one} reach at most {self.most} nodes{on}"
            case "exposed":
                return f"assert {other} exposed at most to {one or 'nobody'}{on}"
            case "isolated":
                return f"assert isolated {one} | {other}{on}"
            case _:
                return f"assert {one} {self.kind} reach {other}{on}"


class Case(NamedTuple):
    """Two policies, and promises about the first."""

    old: Json
    new: Json
    questions: tuple[Question, ...]


def case(seed: int) -> Case:
    """Give one case; the same for the same seed."""
    maker = _Maker(Random(f"oracles/{seed}"))
    old = maker.policy()
    return Case(old, maker.changed(old), tuple(maker.question() for _ in range(3)))


class _Maker:
    """Draws from small pools, other ones in each case, so that what a rule names meets what another one names."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._users = chance.sample(USERS, chance.randint(1, 2))
        self._tags = chance.sample(TAGS, chance.randint(1, 3))
        self._postures = chance.sample(sorted(POSTURES), 2) if chance.random() < 0.3 else []
        literals: list[str] = []
        if chance.random() < 0.7:
            literals += chance.sample(family := chance.choice(FAMILIES_OF_LITERALS), min(3, len(family)))
        if chance.random() < 0.2:
            literals.append(chance.choice(chance.choice(FAMILIES_OF_LITERALS)))
        self._literals = list(dict.fromkeys(literals))
        people = [each for each in PEOPLE if each not in USERS or each in self._users]
        self._people = chance.sample(people, 3)
        both = [*self._people, *self._tags, *self._literals]
        self._sources = [*both, "autogroup:tagged", "*"]
        self._destinations = [*both, "autogroup:tagged", "*"]
        for more, side in (("autogroup:shared", self._sources), ("autogroup:danger-all", self._sources)):
            if chance.random() < 0.25:
                side.append(more)
        if chance.random() < 0.4:
            self._destinations.append("autogroup:internet")
        self._services = chance.sample(SERVICES, chance.randint(1, 2)) if chance.random() < 0.25 else []
        self._destinations += self._services

    def policy(self) -> Json:
        """Give a policy of a few rules."""
        chance = self._chance
        policy: dict[str, Json] = {
            "groups": {name: chance.sample(self._users, chance.randint(1, len(self._users))) for name in GROUPS},
            "hosts": dict(HOSTS),
            "ipsets": dict(IPSETS),
            "tagOwners": {tag: ["autogroup:admin"] for tag in self._tags},
            "postures": {name: POSTURES[name] for name in self._postures},
            "grants": [self._grant() for _ in range(chance.randint(0, 3))],
            "acls": [self._acl() for _ in range(chance.randint(0, 2))],
            "autoApprovers": {"services": {name: ["tag:none"] for name in self._services}},
        }
        if chance.random() < 0.1:
            literal = [each for each in self._literals if "/" in each or (":" not in each and "." in each)]
            target = chance.choice([*self._people, *self._tags, *literal])
            policy["nodeAttrs"] = [{"target": [target], "attr": ["disable-ipv4"]}]
        if self._postures and chance.random() < 0.15:
            policy["defaultSrcPosture"] = [chance.choice(self._postures)]
        return policy

    def changed(self, old: Json) -> Json:
        """Give the policy with a rule more, less, or written otherwise; often what it allows stays the same."""
        chance = self._chance
        new = {**old, "grants": [dict(each) for each in old["grants"]], "acls": [dict(each) for each in old["acls"]]}
        for _ in range(chance.randint(1, 2)):
            match chance.randrange(6):
                case 0:
                    new["grants"].append(self._grant())
                case 1:
                    new["acls"].append(self._acl())
                case 2 if new["grants"]:
                    new["grants"].pop(chance.randrange(len(new["grants"])))
                case 3 if new["grants"]:
                    at = chance.randrange(len(new["grants"]))
                    new["grants"][at : at + 1] = self._split(new["grants"][at])
                case 4 if new["grants"]:
                    each = chance.choice(new["grants"])
                    if "autogroup:self" not in each["dst"]:
                        side = chance.choice(["src", "dst"])
                        pool = self._sources if side == "src" else self._destinations
                        each[side] = [*each[side], chance.choice(pool)]
                case _:
                    for each in (*new["grants"], *new["acls"]):
                        each["dst"] = [part for item in each["dst"] for part in self._halves(item)]
        return new

    def _split(self, grant: Json) -> list[Json]:
        """Give grants that together say what one said, with literals halved now and then."""
        side = self._chance.choice(["src", "dst"])
        items = [part for item in grant[side] for part in self._halves(item)]
        return [{**grant, side: [item]} for item in items]

    def _halves(self, item: str) -> list[str]:
        halves = {
            "10.0.0.0/15": ["10.0.0.0/16", "10.1.0.0/16"],
            "fd00:1::/32": ["fd00:1::/33", "fd00:1:8000::/33"],
            "100.64.0.0/16": ["100.64.0.0/17", "100.64.128.0/17"],
            "*": ["*", "autogroup:tagged"],
            "autogroup:member": ["autogroup:member", *self._users[:1]],
        }
        return halves.get(item, [item]) if self._chance.random() < 0.5 else [item]

    def _some(self, pool: Sequence[str], most: int) -> list[str]:
        return self._chance.sample(list(pool), min(len(pool), self._chance.randint(1, most)))

    def _grant(self) -> Json:
        chance = self._chance
        grant: dict[str, Json] = {
            "src": self._some(self._sources, 2),
            "dst": self._some(self._destinations, 2),
            "ip": self._some(SPECS, 2),
        }
        if chance.random() < 0.2:
            grant["src"] = self._some([each for each in SELF_SOURCES if each not in USERS or each in self._users], 1)
            grant["dst"] = ["autogroup:self"]
        elif chance.random() < 0.2 and self._literals:
            grant["via"] = self._some(self._tags, 1)
            grant["dst"] = self._some([*self._literals, "autogroup:internet"], 2)
        return self._guarded(grant)

    def _acl(self) -> Json:
        chance = self._chance
        acl: dict[str, Json] = {"action": "accept", "src": self._some(self._sources, 2)}
        names = self._some(self._destinations, 2)
        if chance.random() < 0.2:
            acl["src"], names = chance.choice([["*"], ["autogroup:member"], [self._users[0]]]), ["autogroup:self"]
        if chance.random() < 0.3:
            acl["proto"] = chance.choice(["tcp", "udp"])
        single = {
            name: f"[{name}]" for name in self._literals if ":" in name and "/" not in name and "ipset" not in name
        }
        acl["dst"] = [f"{single.get(name, name)}:{chance.choice(PORTS)}" for name in names]
        return self._guarded(acl)

    def _guarded(self, rule: Json) -> Json:
        if self._postures and self._chance.random() < 0.4:
            rule["srcPosture"] = self._some(self._postures, 2)
        return rule

    def question(self) -> Question:
        """Give a promise in the words of the policy."""
        chance = self._chance
        kind = chance.choice(["never", "never", "only", "always", "isolated"])
        plain = [*self._people, *self._tags, *self._literals, "autogroup:tagged", *self._users]
        b = self._some(plain, 2)
        if self._services and kind != "isolated" and chance.random() < 0.5:
            b.append(self._services[0])
        a = self._some(plain, 2)
        if chance.random() < 0.1:
            a = b = [chance.choice(ALONE)]  # nobody sends to the address that is theirs
        if chance.random() < 0.1 and kind != "isolated":
            a = ["*"]
        services: tuple[tuple[int, int, int], ...] = ()
        if kind == "always" or chance.random() < 0.4:
            services = chance.choice([((6, 80, 80),), ((6, 22, 22),), ((17, 53, 53),), ((6, 80, 90), (17, 53, 53))])
        return Question(kind, tuple(a), tuple(b), services)
