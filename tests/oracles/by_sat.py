"""The questions as clauses for a SAT solver: every choice one of finitely many, exactly one of each kind.

Unlike the formulas for z3 nothing here is a number: addresses are the pieces that literals cut, ports the pieces that
rules cut, and what a device shows one of the ways to come out of the conditions.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from pysat.solvers import Solver

from tests.oracles.cases import Question
from tests.oracles.vocabulary import NEW, NEWER, Vocabulary, facts, in_tailnet, is_home, vocabulary
from tests.properties.oracle import (
    EVERY_PORT,
    ROLES,
    Opening,
    Rule,
    World,
    block,
    in_ipset,
    literal,
    meets_posture,
    on_internet,
    overlap,
    rules,
    takes_in_internet,
    within,
)

Json = Any


class _Clauses:
    """Clauses, and variables that stand for parts of formulas (Tseitin's way)."""

    def __init__(self) -> None:
        self._count = 1
        self.listed: list[list[int]] = [[1]]
        self._known: dict[tuple[str, tuple[int, ...]], int] = {}

    true = 1

    def fresh(self) -> int:
        """Give a new variable."""
        self._count += 1
        return self._count

    def one_of(self, count: int) -> list[int]:
        """Give that many variables of which exactly one is true."""
        found = [self.fresh() for _ in range(count)]
        self.listed.append(list(found))
        self.listed += [[-a, -b] for at, a in enumerate(found) for b in found[:at]]
        return found

    def all(self, *parts: int) -> int:
        """Give a variable that is true where all parts are."""
        wanted = tuple(sorted({each for each in parts if each != 1}))
        if -1 in wanted:
            return -1
        if len(wanted) < 2:
            return wanted[0] if wanted else 1
        known = self._known.get(("all", wanted))
        if known is None:
            known = self._known["all", wanted] = self.fresh()
            self.listed += [[-known, each] for each in wanted]
            self.listed.append([known, *(-each for each in wanted)])
        return known

    def any(self, *parts: int) -> int:
        """Give a variable that is true where some part is."""
        return -self.all(*(-each for each in parts))

    def same(self, one: int, other: int) -> int:
        """Give a variable that is true where both are or neither is."""
        return self.any(self.all(one, other), self.all(-one, -other))


class _Device:
    """Choices of one device. The kinds: nobody's (a source outside), a person's, tagged, shared in, a service."""

    def __init__(self, there: _Clauses, words: Vocabulary, logins: Sequence[str], rooms: dict[int, list[int]]) -> None:
        self.outside, self.person, self.tagged, self.shared, self.service = there.one_of(5)
        self.svc = dict(zip(words.svc, there.one_of(len(words.svc)), strict=True)) if words.svc else {}
        there.listed += [] if words.svc else [[-self.service]]
        self.by_name_only = there.fresh()
        there.listed.append([-self.by_name_only, self.service])
        self.login = dict(zip(logins, there.one_of(len(logins)), strict=True))
        names = ["member", *words.roles]
        self.role = dict(zip(names, there.one_of(len(names)), strict=True))
        self.tags = {tag: there.fresh() for tag in (*words.tags, "tag:new")}
        there.listed += [[-tag, self.tagged] for tag in self.tags.values()]
        there.listed.append([-self.tagged, *self.tags.values()])
        self.home = {family: dict(zip(found, there.one_of(len(found)), strict=True)) for family, found in rooms.items()}


class _Search:
    """One question in one family."""

    def __init__(self, policies: Sequence[Json], asked: Sequence[str], ports: Iterable[int], family: int) -> None:
        self.there = there = _Clauses()
        self._words = words = vocabulary(policies, asked, ports)
        self._family = family
        self._pieces = words.pieces[family]
        self._at = [(family, first) for first, _ in self._pieces]
        rooms = {
            number: [at for at, (first, _) in enumerate(pieces) if is_home((number, first))]
            for number, pieces in words.pieces.items()
        }
        logins = list(dict.fromkeys([*words.logins, NEW, NEWER, *(f"new@{each}" for each in words.domains)]))
        self.s = _Device(there, words, logins, rooms)
        self.t = _Device(there, words, logins, rooms)
        there.listed += [[-self.t.outside], [-self.s.service]]
        every = range(len(self._pieces))
        self.source = dict(zip(every, there.one_of(len(self._pieces)), strict=True))
        self.target = dict(zip(every, there.one_of(len(self._pieces)), strict=True))
        self.routed, self.is_own, self.exit = there.fresh(), there.fresh(), there.fresh()
        # Two subnet routes at most, each within one piece; the last choice is "none".
        self.served = [there.one_of(len(self._pieces) + 1) for _ in (0, 1)]
        shown = list(facts(words.conditions))
        self._shown = list(zip(shown, there.one_of(len(shown)), strict=True))
        self.services = dict(zip(words.services, there.one_of(len(words.services)), strict=True))
        self._laws()

    def _laws(self) -> None:
        there, s, t = self.there, self.s, self.t
        for at, piece in self.source.items():
            if in_tailnet(self._at[at]):
                there.listed.append([-piece, -s.outside, self.routed])
                there.listed.append([s.outside, -piece, *self._living(s, at)])
            else:
                there.listed.append([-piece, s.outside])
        for at, piece in self.target.items():
            inside = in_tailnet(self._at[at])
            there.listed.append([-self.is_own, -piece, *self._living(t, at)])
            behind = [served[at] for served in self.served]
            there.listed.append([-piece, self.is_own, *behind, *([] if inside else [self.exit])])
        # A service is no machine, so that nothing lies behind it.
        there.listed += [[-t.service, none] for none in (-self.exit, *(served[-1] for served in self.served))]
        one = there.all(s.person, t.person, self.of_one())
        there.listed += [[-one, there.same(role, t.role[name])] for name, role in s.role.items()]

    def of_one(self) -> int:
        """Say that both have one login."""
        return self.there.any(*(self.there.all(each, self.t.login[name]) for name, each in self.s.login.items()))

    def apart(self) -> int:
        """Say that source and target are two devices: where a piece is a single address only one of them has it."""
        there = self.there
        clash = [
            there.all(self.s.home[family][at], self.t.home[family][at])
            for family, pieces in self._words.pieces.items()
            for at in self.s.home[family]
            if pieces[at][0] == pieces[at][1]
        ]
        # Nobody sends to the very address that is theirs.
        itself = [
            there.all(each, self.target[at])
            for at, each in self.source.items()
            if self._pieces[at][0] == self._pieces[at][1]
        ]
        return there.all(-there.any(*itself), there.any(self.s.outside, -there.any(*clash)))

    def one_or_apart(self) -> int:
        """Say the same, or that they may be one device, or that the source is none."""
        there, s, t = self.there, self.s, self.t
        same = [there.same(a, b) for a, b in ((s.person, t.person), (s.tagged, t.tagged), (s.shared, t.shared))]
        same += [there.same(each, t.tags[tag]) for tag, each in s.tags.items()]
        same += [there.same(each, t.role[name]) for name, each in s.role.items()]
        same += [there.same(each, t.home[family][at]) for family, home in s.home.items() for at, each in home.items()]
        one = there.any(there.all(self.of_one(), *same), there.all(s.tagged, *same))
        return there.any(self.apart(), s.outside, one)

    def solve(self, *conditions: int) -> bool:
        """Tell whether all conditions can hold at once."""
        with Solver(name="cadical153", bootstrap_with=[*self.there.listed, *([each] for each in conditions)]) as solver:
            return bool(solver.solve())

    def _in(self, choice: dict[int, int], spans: Iterable[tuple[int, int, int]]) -> int:
        spans = list(spans)
        return self.there.any(
            *(each for at, each in choice.items() if any(within(self._at[at], span) for span in spans))
        )

    def _selects(self, world: World, selector: str, who: _Device) -> int:
        there = self.there
        kind, _, name = selector.partition(":")
        if selector == "*":
            return -who.outside
        if kind == "svc":
            return there.all(who.service, who.svc[selector])
        if kind == "tag":
            return there.all(who.tagged, who.tags.get(selector, -1))
        if kind == "group":
            return there.any(*(self._selects(world, each, who) for each in world.table("groups").get(selector, ())))
        if kind == "user":
            of_domain = [each for login, each in who.login.items() if login.partition("@")[2] == name[2:]]
            return there.all(who.person, there.any(*of_domain))
        if kind == "autogroup" and name in {"member", "tagged", "shared"}:
            return {"member": who.person, "tagged": who.tagged, "shared": who.shared}[name]
        if kind == "autogroup":
            return there.all(who.person, there.any(*(who.role[each] for each in ROLES[name] if each in who.role)))
        return there.all(there.any(who.person, who.shared), who.login[selector])

    def _living(self, device: _Device, at: int) -> list[int]:
        """Say that a device has its address in a piece; nothing where none may."""
        home = device.home[self._family]
        return [home[at]] if at in home else []

    def names_source(self, world: World, selector: str) -> int:
        """Say that a selector means the source."""
        there = self.there
        if selector == "autogroup:danger-all":
            return 1
        if selector == "*":
            inside = [each for at, each in self.source.items() if in_tailnet(self._at[at])]
            return there.any(*inside, there.all(self.s.outside, self.routed))
        if selector.startswith("ipset:"):
            return there.any(*(each for at, each in self.source.items() if in_ipset(world, selector, self._at[at])))
        spans = literal(world, selector)
        return self._in(self.source, spans) if spans else self._selects(world, selector, self.s)

    def is_target(self, world: World, selector: str) -> int:
        """Say that a selector, as a destination of a promise, means the target."""
        if selector == "*":
            return -self.t.by_name_only
        if selector.startswith("ipset:"):
            inside = [each for at, each in self.target.items() if in_ipset(world, selector, self._at[at])]
            return self.there.any(*inside)
        spans = literal(world, selector)
        if spans:
            return self._in(self.target, spans)
        return self.there.all(self.is_own, self._selects(world, selector, self.t))

    def relied_on(self) -> int:
        """Say that the target is no private address beyond an exit node."""
        public = [each for at, each in self.target.items() if on_internet(self._at[at])]
        behind = [self.there.all(each, served[at]) for at, each in self.target.items() for served in self.served]
        return self.there.any(self.is_own, *public, *behind)

    def _sends(self, world: World, rule: Rule) -> int:
        there = self.there
        if not rule.postures:
            return there.any(*(self.names_source(world, each) for each in rule.src))
        plain = [each for each in rule.src if each not in {"*", "autogroup:danger-all"}]
        literals = [each for each in plain if literal(world, each) or each.startswith("ipset:")]
        outside = there.all(self.s.outside, there.any(*(self.names_source(world, each) for each in literals)))
        met = [
            variable
            for shown, variable in self._shown
            if any(meets_posture(world, name, {"posture": shown}) for name in rule.postures)
        ]
        meets = there.any(self.s.shared, *met)
        named = [1 if each == "*" else self.names_source(world, each) for each in rule.src]
        return there.any(outside, there.all(-self.s.outside, meets, there.any(*named)))

    def _touched(self, world: World, rule: Rule, span: tuple[int, int, int]) -> int:
        if span[0] != self._family:
            return -1
        there = self.there
        ways = [
            each
            for served in self.served
            for at, each in enumerate(served[:-1])
            if overlap((self._family, *self._pieces[at]), span)
        ]
        if not rule.via:
            own = self._in(self.t.home[self._family], [span])
            ways.append(there.all(own, -self.denied(world, self.t)) if self._family == 4 else own)
        return there.all(self._in(self.target, [span]), there.any(*ways))

    def _blocks(self, world: World, name: str) -> set[tuple[int, int, int]]:
        return {block(world, name, each) for each in self._at if in_ipset(world, name, each)}

    def _opens(self, world: World, rule: Rule, opening: Opening) -> int:
        there, dst = self.there, opening.dst
        steered = there.any(*(self.t.tags.get(tag, -1) for tag in rule.via)) if rule.via else 1
        if dst == "autogroup:internet":
            public = [each for at, each in self.target.items() if on_internet(self._at[at])]
            return there.all(steered, self.exit, there.any(*public))
        spans = literal(world, dst)
        if dst.startswith("ipset:"):
            ways = [self._touched(world, rule, each) for each in sorted(self._blocks(world, dst))]
            if takes_in_internet(world, dst):
                ways.append(there.all(self.exit, self.is_target(world, dst)))
            return there.all(steered, there.any(*ways))
        if spans:
            return there.all(steered, self._touched(world, rule, spans[0]))
        if rule.via:
            return -1
        if dst == "*":
            return -self.t.by_name_only
        if dst == "autogroup:self":
            return there.all(self.is_own, self.s.person, self.t.person, self.of_one())
        return there.all(self.is_own, self._selects(world, dst, self.t))

    def _services(self, opening: Opening) -> int:
        fits = []
        for (protocol, port), each in self.services.items():
            ported = protocol in {6, 17, 132}
            in_ports = opening.ports[0] <= port <= opening.ports[1] if ported else opening.ports == EVERY_PORT
            if protocol == 1 or (protocol in opening.protocols and in_ports):
                fits.append(each)
        return self.there.any(*fits)

    def denied(self, world: World, who: _Device) -> int:
        """Say that a policy takes a device's IPv4 address away."""
        told = []
        for entry in world.policy.get("nodeAttrs") or ():
            for target in entry["target"] if "disable-ipv4" in entry["attr"] else ():
                spans = literal(world, target)
                if not spans:
                    told.append(self._selects(world, target, who))
                for family, home in who.home.items():
                    starts = {at: (family, self._words.pieces[family][at][0]) for at in home}
                    told += [home[at] for at, one in starts.items() if any(within(one, each) for each in spans)]
        return self.there.all(-who.service, self.there.any(*told))

    def exists(self, world: World) -> int:
        """Say that both ends have the addresses in question under a policy."""
        if self._family == 6:
            return 1
        there = self.there
        sends = there.any(self.s.outside, -self.denied(world, self.s))
        return there.all(sends, there.any(-self.is_own, -self.denied(world, self.t)))

    def allowed(self, policy: Json) -> int:
        """Say that a policy lets the packet in."""
        world = World(policy, {"nodes": [], "users": []})
        there = self.there
        ways = [
            there.all(self._sends(world, rule), self._opens(world, rule, opening), self._services(opening))
            for rule in rules(world)
            for opening in rule.openings
        ]
        return there.all(self.exists(world), there.any(*ways))


def new_access(old: Json, new: Json) -> bool:
    """Tell whether some tailnet shows an access that the second policy gives and the first does not."""
    for family in (4, 6):
        asked = _Search((old, new), (), (), family)
        if asked.solve(asked.one_or_apart(), asked.allowed(new), -asked.allowed(old)):
            return True
    return False


def broken(policy: Json, question: Question) -> bool:
    """Tell whether some tailnet breaks a promise."""
    world = World(policy, {"nodes": [], "users": []})
    ports = [port for _, first, last in question.services for port in (first, last)]
    for family in (4, 6):
        asked = _Search((policy,), (*question.a, *question.b), ports, family)
        there = asked.there
        services = [
            each
            for (protocol, port), each in asked.services.items()
            if not question.services or any(protocol == p and q <= port <= r for p, q, r in question.services)
        ]
        allowed = asked.allowed(policy)
        from_a, from_b = (there.any(*(asked.names_source(world, each) for each in side)) for side in question[1:3])
        to_a, to_b = (there.any(*(asked.is_target(world, each) for each in side)) for side in question[1:3])
        match question.kind:
            case "never":
                wanted = there.all(from_a, to_b, allowed)
            case "only":
                wanted = there.all(-from_a, to_b, allowed)
            case "isolated":
                wanted = there.all(there.any(there.all(from_a, to_b), there.all(from_b, to_a)), allowed)
            case _:
                wanted = there.all(from_a, to_b, -allowed, asked.relied_on(), asked.exists(world))
        if asked.solve(asked.apart(), there.any(*services), wanted):
            return True
    return False
