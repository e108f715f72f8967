"""The entries of `sshTests`: who gets in where, as which login (reference §8.2, §6.4).

Only the `ssh` rules are asked; whether port 22 is open at all is for `tests`. What the control plane refuses before it
runs any test (`SSH tests dst contains disallowed element`) is the lint rule sshtest-dst's to say, and skipped here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from aclc.diagnostics import Diagnostic, Note, shown
from aclc.dialects.dialect import Position
from aclc.dialects.tailscale import TAILSCALE
from aclc.policy.model import SshTest
from aclc.policy.selectors import Kind, Selector
from aclc.policy_tests.doors import Door, doors
from aclc.policy_tests.findings import MOST_NOTES, NEEDS_POSTURE, fails, hangs_on, undecided, unfit
from aclc.policy_tests.world import Party, Reach, Unfit, World, first_of
from aclc.records import NamedTuple
from aclc.resolve.node_sets import indices_of
from aclc.source import Place

_TESTABLE: frozenset[Kind] = frozenset({"user", "group", "tag", "host", "prefix"})
_SOURCES = TAILSCALE.positions["sshTests.src"]
_TARGETS = TAILSCALE.positions["sshTests.dst"]


class _Case(NamedTuple):
    """One login of one list, at one destination."""

    place: Place
    source: Party
    login: str
    target: Party
    doors: Sequence[Door]
    has_attributes: bool


class _Entry(NamedTuple):
    """What a source gets into: by rules that check first, and by rules of either kind."""

    source: int
    checked: Reach
    any: Reach


def check_ssh(world: World, tests: Iterable[SshTest]) -> Iterator[Diagnostic]:
    """Give what fails, and what cannot be decided, in file order.

    Each login must get in (`accept`), get in after a check (`check`) or be kept out (`deny`) at every destination, from
    every device of the source.
    """
    for test in tests:
        yield from _check(world, test)


def subjects(test: SshTest) -> Iterator[Selector]:
    """Give everything that a test names."""
    if test.src is not None:
        yield test.src
    yield from test.dst


def _check(world: World, test: SshTest) -> Iterator[Diagnostic]:
    lists = (("accept", test.accept, _accepts), ("check", test.check, _checks), ("deny", test.deny, _denies))
    if not any(logins for _, logins, _ in lists):
        yield fails(test.place, "an ssh test needs `accept`, `check` or `deny`", help="name the logins to be tried")
        return
    if test.src is None or not test.src.text:
        yield fails(test.place, "an ssh test needs a source", help="give `src`: a user, a group or a tag")
        return
    if not test.dst:
        yield undecided(test.place, "an ssh test without a destination tests nothing", help="give `dst`")
        return
    source = _party(world, test.src, _SOURCES)
    if source is None:
        return
    if isinstance(source, Unfit):
        yield unfit(test.place.at("src"), source)
        return
    targets: dict[Party, tuple[Door, ...]] = {}
    for at, selector in enumerate(test.dst):
        found = _party(world, selector, _TARGETS)
        if isinstance(found, Unfit):
            yield unfit(test.place.at("dst", at), found)
        elif found is not None and found not in targets:
            targets[found] = tuple(doors(world, test, source, found))
    for wish, logins, verdict in lists:
        for at, login in enumerate(logins or ()):
            place = test.place.at(wish, at)
            if not login.strip():
                yield fails(place, "the empty login gets in nowhere", help="name a login")
                continue
            for target, found_doors in targets.items():
                case = _Case(place, source, login.strip(), target, found_doors, bool(test.src_posture_attrs))
                yield from verdict(world, case)


def _party(world: World, selector: Selector, law: Position) -> Party | Unfit | None:
    """Give what a test speaks of; None where the lint rule sshtest-dst speaks up."""
    if selector.kind not in law.kinds or (selector.kind == "autogroup" and selector.name not in law.autogroups):
        return None
    if selector.kind == "prefix" and world.address(selector) is None and not law.cidr:
        return None
    if selector.kind == "tag" and law is _TARGETS and selector.name not in world.policy.tag_owners:
        return None
    if selector.kind not in _TESTABLE or (selector.kind == "prefix" and world.address(selector) is None):
        return Unfit(f"whether {shown(selector.text)} can stand in an ssh test is not known", certain=False)
    return world.party(selector)


def _entries(world: World, case: _Case) -> Iterator[_Entry]:
    for source in indices_of(case.source.nodes):
        surely = maybe = checked = checked_maybe = 0
        for door in case.doors:
            if door.is_guarded or not door.takes(case.login, source, world):
                continue
            reach = door.reached_from(source, world)
            surely |= reach.surely
            maybe |= reach.maybe
            if door.rule.action == "check":
                checked |= reach.surely
                checked_maybe |= reach.maybe
        yield _Entry(source, Reach(checked, checked_maybe & ~checked), Reach(surely, maybe & ~surely))


def _accepts(world: World, case: _Case) -> Iterator[Diagnostic]:
    doubtful: str | None = None
    for entry in _entries(world, case):
        missing = case.target.nodes & ~entry.any.surely
        if missing & ~entry.any.maybe:
            yield _kept_out(world, case, entry.source, missing & ~entry.any.maybe, "but should")
            return
        if missing:
            doubtful = doubtful or hangs_on(world, case.source, case.target)
        elif entry.checked != Reach() and not world.policy.meaning.checks_satisfy_accept:
            # WHY: documented as «without a check», while Headscale lets it pass; nothing was captured.
            doubtful = doubtful or "a rule lets in after a check; say `check` to test for that"
    if doubtful is not None:
        yield _undecided(case, "gets in without a check", doubtful)


def _checks(world: World, case: _Case) -> Iterator[Diagnostic]:
    is_doubtful = False
    for entry in _entries(world, case):
        missing = case.target.nodes & ~entry.checked.surely
        lost = missing & ~entry.checked.maybe
        if lost & entry.any.surely:
            target = first_of(lost & entry.any.surely)
            message = f"{_session(world, case, entry.source, target)} gets in without a check, but should be checked"
            yield fails(case.place, message, notes=_opened_by(world, case, entry.source, target))
            return
        if lost:
            yield _kept_out(world, case, entry.source, lost, "but should after a check")
            return
        is_doubtful = is_doubtful or bool(missing)
    if is_doubtful:
        yield _undecided(case, "gets in after a check", hangs_on(world, case.source, case.target))


def _denies(world: World, case: _Case) -> Iterator[Diagnostic]:
    is_doubtful = False
    for entry in _entries(world, case):
        if entry.any.surely:
            target = first_of(entry.any.surely)
            message = f"{_session(world, case, entry.source, target)} gets in, but should not"
            yield fails(case.place, message, notes=_opened_by(world, case, entry.source, target))
            return
        is_doubtful = is_doubtful or bool(entry.any.maybe)
    if is_doubtful:
        yield _undecided(case, "is kept out", hangs_on(world, case.source, case.target))
    elif not case.has_attributes:
        yield from _only_posture_denies(world, case)


def _only_posture_denies(world: World, case: _Case) -> Iterator[Diagnostic]:
    """Warn where only a posture keeps the source out: the test then says nothing of sources that meet it."""
    for door in case.doors:
        for source in indices_of(case.source.nodes) if door.is_guarded else ():
            if door.takes(case.login, source, world) and door.reached_from(source, world).surely:
                who, where = shown(case.source.selector.text), shown(case.target.selector.text)
                yield NEEDS_POSTURE.at(
                    case.place,
                    f"only a posture keeps {who} out of {where} in this test",
                    help="test with `srcPostureAttrs` too: a source without attributes meets no posture",
                    notes=(Note(door.rule.place.at("action").span, "lets in sources that meet the posture"),),
                )
                return


def _kept_out(world: World, case: _Case, source: int, lost: int, wish: str) -> Diagnostic:
    """Give the failure, with a note on each rule that lacks one thing only."""
    target = first_of(lost)
    notes: list[Note] = []
    is_guarded = False
    for door in case.doors:
        if not door.reached_from(source, world).surely >> target & 1:
            continue
        if not door.takes(case.login, source, world):
            logins = ", ".join(shown(user) for user in door.rule.users or ())
            notes.append(Note(door.rule.place.at("users").span, f"this rule lets in only as {logins}"))
        elif door.is_guarded:
            is_guarded = True
            wanted = "this rule wants a posture that the source of the test does not have"
            notes.append(Note(door.rule.place.at("action").span, wanted))
    help = None if notes else "no ssh rule has this source and this destination"
    if is_guarded:
        help = "give the source its attributes in `srcPostureAttrs`"
    message = f"{_session(world, case, source, target)} does not get in, {wish}"
    return fails(case.place, message, help=help, notes=notes[:MOST_NOTES])


def _opened_by(world: World, case: _Case, source: int, target: int) -> list[Note]:
    notes = [
        Note(door.rule.place.at("action").span, "let in here")
        for door in case.doors
        if not door.is_guarded
        and door.takes(case.login, source, world)
        and door.reached_from(source, world).surely >> target & 1
    ]
    return notes[:MOST_NOTES]


def _undecided(case: _Case, what: str, help: str) -> Diagnostic:
    who, where = shown(case.source.selector.text), shown(case.target.selector.text)
    return undecided(case.place, f"whether {who} {what} at {where} as {shown(case.login)} cannot be decided", help=help)


def _session(world: World, case: _Case, source: int, target: int) -> str:
    return f"{world.part(case.source, source)} at {world.part(case.target, target)} as {shown(case.login)}"
