"""The questions as formulas for z3: a tailnet is a handful of unknowns, and the solver looks for one.

Addresses, ports and numbers are integers, so nothing is cut into pieces beforehand. What a target serves are two
intervals of addresses, anywhere, and perhaps the internet.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

import z3

from tests.oracles.cases import Question
from tests.oracles.vocabulary import HOMES, NEW, NEWER
from tests.properties.oracle import (
    EVERY_PORT,
    PRIVATE,
    PUBLIC,
    ROLES,
    TAILNET,
    Opening,
    Rule,
    Span,
    World,
    block,
    edges,
    in_ipset,
    literal,
    rules,
    takes_in_internet,
)

Json = Any
Formula = Any

OUTSIDE, PERSON, TAGGED, SHARED, SERVICE = range(5)
PORTED = (6, 17, 132)


class _Side:
    """Unknowns of one device: whose it is, its addresses, what it shows."""

    def __init__(self, name: str, words: _Words) -> None:
        self.kind = z3.Int(f"{name}.kind")
        self.login = z3.Int(f"{name}.login")
        self.service = z3.Int(f"{name}.service")
        self.by_name_only = z3.Bool(f"{name}.by-name-only")
        self.role = z3.Int(f"{name}.role")
        self.tags = {tag: z3.Bool(f"{name}.{tag}") for tag in words.tags}
        self.new_tag = z3.Bool(f"{name}.new-tag")
        self.own = {4: z3.Int(f"{name}.four"), 6: z3.Int(f"{name}.six")}
        self.facts = {attribute: z3.Int(f"{name}.{attribute}") for attribute in words.attributes}
        any_tag = z3.Or(self.new_tag, *self.tags.values())
        self.laws = [
            0 <= self.login,
            self.login < len(words.logins),
            0 <= self.service,
            z3.Implies(self.by_name_only, self.kind == SERVICE),
            z3.Or(self.kind != SERVICE, self.service < len(words.services)),
            0 <= self.role,
            self.role <= len(words.roles),
            any_tag == (self.kind == TAGGED),
            *(_within(self.own[family], family, HOMES) for family in (4, 6)),
            # A fact is 0 where it is not set.
            *(fact >= 0 for fact in self.facts.values()),
        ]


class _Words:
    """What the policies speak of."""

    def __init__(self, policies: Sequence[Json], asked: Iterable[str]) -> None:
        spoken = [*asked]
        self.tags: list[str] = []
        for policy in policies:
            for rule in rules(World(policy, {"nodes": [], "users": []})):
                spoken += [*rule.src, *(each.dst for each in rule.openings)]
            for entry in policy.get("nodeAttrs") or ():
                spoken += entry["target"]
            self.tags += [tag for tag in policy["tagOwners"] if tag not in self.tags]
        named = [login for policy in policies for members in policy["groups"].values() for login in members]
        named += [each for each in spoken if "@" in each and not each.startswith("user:")]
        domains = [each.partition("@")[2] for each in spoken if each.startswith("user:")]
        self.logins = list(dict.fromkeys([*named, NEW, NEWER, *(f"new@{domain}" for domain in domains)]))
        self.roles = [role for role in ROLES if f"autogroup:{role}" in spoken]
        self.services = [each for each in dict.fromkeys(spoken) if each.startswith("svc:")]
        conditions = [text for policy in policies for listed in policy["postures"].values() for text in listed]
        self.attributes = list(dict.fromkeys(text.split(" ", 1)[0] for text in conditions))
        self.texts = list(dict.fromkeys(each for text in conditions for each in re.findall(r"'([^']*)'", text)))


class Question3:
    """One question: unknowns with their laws; conditions are put beside them."""

    def __init__(self, policies: Sequence[Json], asked: Iterable[str] = ()) -> None:
        self._words = _Words(policies, asked)
        self._s, self._t = _Side("s", self._words), _Side("t", self._words)
        self.source, self.target = z3.Int("source"), z3.Int("target")
        self.protocol, self.port = z3.Int("protocol"), z3.Int("port")
        self._routed, self._is_own = z3.Bool("routed"), z3.Bool("own")
        self._exit = z3.Bool("exit")
        self._served = [(z3.Bool(f"serves{at}"), z3.Int(f"low{at}"), z3.Int(f"high{at}")) for at in (0, 1)]

    def search(self, family: int, conditions: Sequence[Formula]) -> bool:
        """Tell whether there is a tailnet, with addresses of one family, in which the conditions hold."""
        solver = z3.Solver()
        solver.add(*self._s.laws, *self._t.laws, *self._laws(family), *conditions)
        found = solver.check()
        assert found != z3.unknown
        return bool(found == z3.sat)

    def _laws(self, family: int) -> Iterable[Formula]:
        s, t = self._s, self._t
        last = (1 << (32 if family == 4 else 128)) - 1
        yield z3.And(0 <= s.kind, s.kind <= SHARED, PERSON <= t.kind, t.kind <= SERVICE)
        for each in (self.source, self.target):
            yield z3.And(0 <= each, each <= last)
        inside = _within(self.source, family, TAILNET)
        yield z3.If(s.kind == OUTSIDE, z3.Or(z3.Not(inside), self._routed), self.source == s.own[family])
        behind = [z3.And(on, low <= self.target, self.target <= high) for on, low, high in self._served]
        by_exit = z3.And(self._exit, z3.Not(_within(self.target, family, TAILNET)))
        yield self._is_own == (self.target == t.own[family])
        yield z3.Or(self._is_own, by_exit, *behind)
        for _, low, high in self._served:
            yield z3.And(0 <= low, low <= high, high <= last, z3.Not(z3.And(low == 0, high == last)))
        # A service is no machine, so that nothing lies behind it.
        serves = z3.Or(self._exit, *(on for on, _, _ in self._served))
        yield z3.Implies(t.kind == SERVICE, z3.Not(serves))
        one = z3.And(s.kind == PERSON, t.kind == PERSON, s.login == t.login)
        yield z3.Implies(one, s.role == t.role)
        yield z3.And(0 <= self.port, self.port <= 65535)
        yield z3.Or(*(self.protocol == each for each in (*PORTED, 1, 47)))

    def apart(self) -> Formula:
        """Say that source and target are two devices, with addresses of their own, and nobody sends to their own."""
        s, t = self._s, self._t
        clash = [s.own[4] != t.own[4], s.own[6] != t.own[6]]
        return z3.And(self.source != self.target, z3.Or(s.kind == OUTSIDE, z3.And(*clash)))

    def one_or_apart(self) -> Formula:
        """Say the same, or that they are one device, or that the source is none."""
        s, t = self._s, self._t
        same = [s.kind == t.kind, s.own[4] == t.own[4], s.own[6] == t.own[6]]
        same += [z3.Implies(s.kind != TAGGED, z3.And(s.login == t.login, s.role == t.role))]
        same += [s.tags[tag] == t.tags[tag] for tag in s.tags]
        return z3.Or(self.apart(), s.kind == OUTSIDE, z3.And(*same, s.new_tag == t.new_tag))

    def serves(self, services: Sequence[tuple[int, int, int]]) -> Formula:
        """Say that protocol and port are among those."""
        told = [z3.And(self.protocol == p, low <= self.port, self.port <= high) for p, low, high in services]
        return z3.Or(*told) if told else z3.BoolVal(val=True)

    def allowed(self, policy: Json, family: int) -> Formula:
        """Say that a policy lets the packet in."""
        world = World(policy, {"nodes": [], "users": []})
        ways = [
            z3.And(self._sends(world, rule, family), self._opens(world, rule, opening, family))
            for rule in rules(world)
            for opening in rule.openings
        ]
        has_four = z3.BoolVal(val=True)
        if family == 4:
            s, t = self._s, self._t
            lost = z3.Or(
                z3.And(s.kind != OUTSIDE, self._denied(world, s)), z3.And(self._is_own, self._denied(world, t))
            )
            has_four = z3.Not(lost)
        return z3.And(has_four, z3.Or(*ways))

    def _denied(self, world: World, side: _Side) -> Formula:
        entries = world.policy.get("nodeAttrs") or ()
        targets = [target for entry in entries if "disable-ipv4" in entry["attr"] for target in entry["target"]]
        told = []
        for target in targets:
            spans = literal(world, target)
            told += [_within(side.own[family], family, spans) for family in (4, 6)] if spans else []
            told += [] if spans else [self._selects(world, target, side)]
        return z3.And(side.kind != SERVICE, z3.Or(*told))

    def _selects(self, world: World, selector: str, side: _Side) -> Formula:
        person = side.kind == PERSON
        kind, _, name = selector.partition(":")
        if selector == "*":
            return side.kind != OUTSIDE
        if kind == "svc":
            return z3.And(side.kind == SERVICE, side.service == self._words.services.index(selector))
        if kind == "tag":
            return z3.And(side.kind == TAGGED, side.tags[selector])
        if kind == "group":
            members = world.table("groups").get(selector, ())
            return z3.Or(*(self._selects(world, each, side) for each in members))
        if kind == "user":
            at = [number for number, login in enumerate(self._words.logins) if login.endswith(f"@{name[2:]}")]
            return z3.And(person, z3.Or(*(side.login == number for number in at)))
        if kind == "autogroup":
            plain = {"member": person, "tagged": side.kind == TAGGED, "shared": side.kind == SHARED}
            if name in plain:
                return plain[name]
            wanted = [at for at, role in enumerate(self._words.roles, 1) if role in ROLES[name]]
            return z3.And(person, z3.Or(*(side.role == at for at in wanted)))
        return z3.And(z3.Or(person, side.kind == SHARED), side.login == self._words.logins.index(selector))

    def from_(self, policy: Json, selectors: Iterable[str], family: int) -> Formula:
        """Say that some selector means the source."""
        world = World(policy, {"nodes": [], "users": []})
        return z3.Or(*(self._names_source(world, each, family) for each in selectors))

    def _names_source(self, world: World, selector: str, family: int) -> Formula:
        if selector == "autogroup:danger-all":
            return z3.BoolVal(val=True)
        if selector == "*":
            return z3.Or(_within(self.source, family, TAILNET), z3.And(self._s.kind == OUTSIDE, self._routed))
        if selector.startswith("ipset:"):
            return _within(self.source, family, _blocks(world, selector))
        spans = literal(world, selector)
        if spans:
            return _within(self.source, family, spans)
        return z3.And(self._s.kind != OUTSIDE, self._selects(world, selector, self._s))

    def _sends(self, world: World, rule: Rule, family: int) -> Formula:
        if not rule.postures:
            return z3.Or(*(self._names_source(world, each, family) for each in rule.src))
        outside = self._s.kind == OUTSIDE
        literals = [each for each in rule.src if literal(world, each) or each.startswith("ipset:")]
        meets = z3.Or(self._s.kind == SHARED, *(self._meets(world, name) for name in rule.postures))
        by_node = [
            z3.BoolVal(val=True) if each == "*" else self._names_source(world, each, family) for each in rule.src
        ]
        return z3.If(
            outside,
            z3.Or(*(self._names_source(world, each, family) for each in literals)),
            z3.And(meets, z3.Or(*by_node)),
        )

    def _meets(self, world: World, name: str) -> Formula:
        conditions = world.table("postures").get(name)
        return z3.And(*map(self._holds, conditions)) if conditions is not None else z3.BoolVal(val=False)

    def _holds(self, condition: str) -> Formula:
        """Say that a condition holds. Facts: 0 is "not set"; texts have numbers, and numbers are 1000 more."""
        attribute, rest = condition.split(" ", 1)
        fact = self._s.facts[attribute]
        if rest == "NOT SET":
            return fact == 0
        texts = [self._words.texts.index(text) + 1 for text in re.findall(r"'([^']*)'", rest)]
        values = texts or [int(text) + 1000 for text in re.findall(r"\d+", rest)]
        is_set = fact > 0
        operator = rest.split(" ", 1)[0]
        told = {
            "==": lambda: fact == values[0],
            "!=": lambda: fact != values[0],
            "<": lambda: fact < values[0],
            ">=": lambda: fact >= values[0],
            "IN": lambda: z3.Or(*(fact == value for value in values)),
        }
        return z3.And(is_set, told[operator]())

    def _opens(self, world: World, rule: Rule, opening: Opening, family: int) -> Formula:
        protocols, (low, high) = opening.protocols, opening.ports
        spoken = z3.Or(*(self.protocol == each for each in protocols))
        ported = z3.Or(*(self.protocol == each for each in PORTED))
        in_ports = z3.And(spoken, low <= self.port, self.port <= high)
        other = z3.And(spoken, z3.BoolVal(opening.ports == EVERY_PORT))
        service = z3.If(self.protocol == 1, z3.BoolVal(val=True), z3.If(ported, in_ports, other))
        return z3.And(service, self._stands(world, rule, opening.dst, family))

    def _stands(self, world: World, rule: Rule, dst: str, family: int) -> Formula:
        t = self._t
        steered = z3.Or(*(t.tags[tag] for tag in rule.via if tag in t.tags)) if rule.via else z3.BoolVal(val=True)
        if dst == "autogroup:internet":
            return z3.And(steered, self._exit, _on_internet(self.target, family))
        if dst.startswith("ipset:"):
            parts = [self._touched(world, rule, span, family) for span in _blocks(world, dst)]
            if takes_in_internet(world, dst):
                parts.append(z3.And(self._exit, _within(self.target, family, _blocks(world, dst))))
            return z3.And(steered, z3.Or(*parts))
        spans = literal(world, dst)
        if spans:
            return z3.And(steered, self._touched(world, rule, spans[0], family))
        if rule.via:
            return z3.BoolVal(val=False)
        if dst == "*":
            return z3.Not(t.by_name_only)
        if dst == "autogroup:self":
            s = self._s
            return z3.And(self._is_own, s.kind == PERSON, t.kind == PERSON, s.login == t.login)
        return z3.And(self._is_own, self._selects(world, dst, t))

    def _touched(self, world: World, rule: Rule, span: Span, family: int) -> Formula:
        if span[0] != family:
            return z3.BoolVal(val=False)
        own = self._t.own[family]
        denied = self._denied(world, self._t) if family == 4 else z3.BoolVal(val=False)
        touches = [z3.And(on, low <= span[2], span[1] <= high) for on, low, high in self._served]
        if not rule.via:
            touches.append(z3.And(span[1] <= own, own <= span[2], z3.Not(denied)))
        return z3.And(span[1] <= self.target, self.target <= span[2], z3.Or(*touches))

    def to(self, policy: Json, selectors: Iterable[str], family: int) -> Formula:
        """Say that some selector, as a destination of a promise, means the target."""
        world = World(policy, {"nodes": [], "users": []})
        told = []
        for each in selectors:
            spans = _blocks(world, each) if each.startswith("ipset:") else literal(world, each)
            if spans:
                told.append(_within(self.target, family, spans))
            elif each == "*":
                told.append(z3.Not(self._t.by_name_only))
            else:
                told.append(z3.And(self._is_own, self._selects(world, each, self._t)))
        return z3.Or(*told)

    def relied_on(self, family: int) -> Formula:
        """Say that the target is no private address beyond an exit node."""
        behind = [z3.And(on, low <= self.target, self.target <= high) for on, low, high in self._served]
        return z3.Or(self._is_own, _on_internet(self.target, family), *behind)


def _within(one: Formula, family: int, spans: Iterable[Span]) -> Formula:
    return z3.Or(*(z3.And(low <= one, one <= high) for of, low, high in spans if of == family))


def _on_internet(one: Formula, family: int) -> Formula:
    return z3.And(_within(one, family, PUBLIC), z3.Not(_within(one, family, PRIVATE)))


def _blocks(world: World, name: str) -> list[Span]:
    """Give the CIDR blocks of an ipset, which is what filters name."""
    found: list[Span] = []
    for family in (4, 6):
        last = (1 << (32 if family == 4 else 128)) - 1
        starts = sorted({0, *(cut for of, cut in edges(world, name) if of == family and cut <= last)})
        for first, after in zip(starts, [*starts[1:], last + 1], strict=True):
            at = first
            while at < after and in_ipset(world, name, (family, first)):
                found.append(block(world, name, (family, at)))
                at = found[-1][2] + 1
    return list(dict.fromkeys(found))


def new_access(old: Json, new: Json) -> bool:
    """Tell whether some tailnet shows an access that the second policy gives and the first does not."""
    asked = Question3((old, new))
    return any(
        asked.search(
            family,
            [asked.one_or_apart(), asked.allowed(new, family), z3.Not(asked.allowed(old, family))],
        )
        for family in (4, 6)
    )


def broken(policy: Json, question: Question) -> bool:
    """Tell whether some tailnet breaks a promise."""
    there = Question3((policy,), (*question.a, *question.b))
    for family in (4, 6):
        allowed = there.allowed(policy, family)
        from_a, to_b = there.from_(policy, question.a, family), there.to(policy, question.b, family)
        match question.kind:
            case "never":
                wanted = z3.And(from_a, to_b, allowed)
            case "only":
                wanted = z3.And(z3.Not(from_a), to_b, allowed)
            case "isolated":
                back = z3.And(there.from_(policy, question.b, family), there.to(policy, question.a, family))
                wanted = z3.And(z3.Or(z3.And(from_a, to_b), back), allowed)
            case _:
                has = [
                    z3.Not(there._denied(World(policy, {"nodes": [], "users": []}), each))
                    for each in (there._s, there._t)
                ]
                exists = z3.And(z3.Or(there._s.kind == OUTSIDE, has[0]), z3.Or(z3.Not(there._is_own), has[1]))
                wanted = z3.And(from_a, to_b, z3.Not(allowed), there.relied_on(family))
                wanted = z3.And(wanted, exists) if family == 4 else wanted
        if there.search(family, [there.apart(), there.serves(question.services), wanted]):
            return True
    return False
