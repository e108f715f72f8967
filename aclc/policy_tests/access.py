"""The entries of `tests`: who can reach what (reference §8.1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from aclc.diagnostics import Diagnostic, Edit, Fix, Note, shown
from aclc.dialects.tailscale import TAILSCALE
from aclc.net import ALL_PORTS, TCP, UDP
from aclc.policy.fields import in_string
from aclc.policy.model import PolicyTest
from aclc.policy.ports import UnknownProtocol, parse_protocol, split_destination
from aclc.policy.selectors import Selector, parse_selector
from aclc.policy_tests.findings import MOST_NOTES, NEEDS_POSTURE, fails, hangs_on, undecided, unfit
from aclc.policy_tests.openings import PORTED, Opening, Probe, openings, protocol_name, reached
from aclc.policy_tests.world import SELF, Party, Unfit, World, first_of
from aclc.records import NamedTuple
from aclc.resolve.node_sets import indices_of
from aclc.source import Place
from aclc.syntax.hujson_document import HujsonDocument

_NOT_KNOWN_AS_SOURCE = frozenset({"ipset", "domain-users"})
_NOT_KNOWN_AS_DESTINATION = frozenset({"ipset", "domain-users", "autogroup"})
_NEVER_A_DESTINATION = frozenset({SELF, "autogroup:internet", "*"})


class _Case(NamedTuple):
    """One item of `accept` or `deny`: where it stands, its words, and what it asks."""

    place: Place
    test: PolicyTest
    text: str
    probe: Probe
    openings: Sequence[Opening]


def check_access(world: World, tests: Iterable[PolicyTest]) -> Iterator[Diagnostic]:
    """Give what fails, and what cannot be decided, in file order.

    Every item of `accept` must be reached from each source, every item of `deny` from none.
    """
    for test in tests:
        yield from _check(world, test)


def subjects(test: PolicyTest) -> Iterator[Selector]:
    """Give everything that a test names."""
    if test.src is not None:
        yield test.src
    for text in (*(test.accept or ()), *(test.deny or ())):
        yield _host(text)


def wanted(world: World, test: PolicyTest) -> Iterator[Probe]:
    """Give what the items of `accept` ask, those left out that a test cannot ask."""
    protocols = _protocols(test.proto)
    if protocols is None or test.src is None or not test.src.text:
        return
    source = _source(world, test.src)
    if isinstance(source, Unfit):
        return
    for text in test.accept or ():
        destination = _destination(world, text, protocols)
        if not isinstance(destination, Unfit):
            yield Probe(source, destination[0], protocols, destination[1], test.src_posture_attrs)


def _check(world: World, test: PolicyTest) -> Iterator[Diagnostic]:
    if not test.accept and not test.deny:
        yield fails(test.place, "a test needs `accept` or `deny`", help="say what the source can reach, or must not")
        return
    if test.src is None or not test.src.text:
        yield fails(test.place, "a test needs a source", help="give `src`: a user, a group, a tag or a host")
        return
    protocols = _protocols(test.proto)
    if protocols is None:
        yield fails(test.place.at("proto"), f"{shown(test.proto)} is not a protocol", help="use tcp, udp, sctp or icmp")
        return
    if world.policy.dialect.is_headscale and not PORTED.issuperset(protocols):
        # Reference §10.2: `test protocol must be tcp, udp, sctp, or empty`.
        yield fails(test.place.at("proto"), f"tests of Headscale take no {shown(test.proto)}", help="test tcp or udp")
        return
    source = _source(world, test.src)
    if isinstance(source, Unfit):
        yield unfit(test.place.at("src"), source)
        return
    for wish, texts, verdict in (("accept", test.accept, _accepts), ("deny", test.deny, _denies)):
        for at, text in enumerate(texts or ()):
            place = test.place.at(wish, at)
            destination = _destination(world, text, protocols)
            if isinstance(destination, Unfit):
                yield unfit(place, destination, _split(place, text, wish))
                continue
            target, port = destination
            probe = Probe(source, target, protocols, port, test.src_posture_attrs)
            yield from verdict(world, _Case(place, test, text, probe, tuple(openings(world, probe))))


def _protocols(text: str) -> tuple[int, ...] | None:
    """Give the protocols of which one must do: TCP or UDP where a test names none. None for a text that names none."""
    number = parse_protocol(text, TAILSCALE.protocols)
    if isinstance(number, UnknownProtocol):
        return None
    return (TCP, UDP) if number is None else (number,)


def _source(world: World, selector: Selector) -> Party | Unfit:
    if selector.kind in _NOT_KNOWN_AS_SOURCE:
        return Unfit(f"whether {shown(selector.text)} can be the source of a test is not known", certain=False)
    if selector.kind in {"any", "autogroup", "service"} and selector.name not in world.testable_autogroups:
        return Unfit(f"{shown(selector.text)} cannot be the source of a test", "name a user, a group, a tag or a host")
    return world.party(selector)


def _host(text: str) -> Selector:
    host = (split_destination(text).host or "").strip()
    return parse_selector(host[1:-1] if host.startswith("[") and host.endswith("]") else host)


def _destination(world: World, text: str, protocols: tuple[int, ...]) -> tuple[Party, int] | Unfit:
    """Give the two parts of `HOST:PORT`: one name or address, and one port."""
    selector = _host(text)
    host, ports, _ = split_destination(text.strip())
    if host is None or parse_selector(text).kind == "prefix" or selector.text in {"tag", "group", "autogroup", "svc"}:
        return Unfit(f"{shown(text)} has no port", f"write {shown(_with_port(text))}")
    number = int(ports) if ports.isascii() and ports.isdigit() and len(ports) <= 5 else -1
    if not (1 if PORTED.issuperset(protocols) else 0) <= number <= ALL_PORTS.last:
        return Unfit(f"{shown(ports)} is not one port", "test each port by itself: a number from 1 to 65535")
    if selector.name in _NEVER_A_DESTINATION:
        name = shown(selector.text)
        return Unfit(f"{name} cannot be the destination of a test", "name a tag, a user, a group or a host")
    if selector.kind in _NOT_KNOWN_AS_DESTINATION:
        return Unfit(f"whether {shown(selector.text)} can be the destination of a test is not known", certain=False)
    party = world.party(selector)
    return party if isinstance(party, Unfit) else (party, number)


def one_by_one(text: str) -> tuple[str, ...]:
    """Give a destination with several ports as one destination for each, anything else as it is.

    A list of ports makes an item fail whatever the rules say (reference §8.1); a range is no list.
    """
    host, ports, _ = split_destination(text.strip())
    pieces = [piece.strip() for piece in ports.split(",")]
    is_list = len(pieces) > 1 and all(piece.isascii() and piece.isdigit() for piece in pieces)
    return tuple(dict.fromkeys(f"{host}:{piece}" for piece in pieces)) if host and is_list else (text,)


def _split(place: Place, text: str, wish: str) -> Fix | None:
    """Give the repair of a destination with several ports. For `deny` it may be more than was asked: whether such an
    item fails by itself is not known."""
    items = one_by_one(text)
    if len(items) < 2 or not isinstance(place.document, HujsonDocument):
        return None
    written = ", ".join(f'"{in_string(each)}"' for each in items)
    return Fix("test each port by itself", (Edit(place.span, written),), safe=wish == "accept")


def _with_port(text: str) -> str:
    return f"[{text}]:443" if ":" in text and parse_selector(text).kind == "prefix" else f"{text}:443"


def _accepts(world: World, case: _Case) -> Iterator[Diagnostic]:
    doubtful: int | None = None
    for source, surely, maybe in reached(world, case.probe, case.openings):
        missing = case.probe.target.nodes & ~surely
        if missing & ~maybe:
            yield _not_reached(world, case, source, first_of(missing & ~maybe))
            return
        if missing and doubtful is None:
            doubtful = source
    if doubtful is not None:
        yield _undecided(world, case, doubtful)


def _not_reached(world: World, case: _Case, source: int, target: int) -> Diagnostic:
    """Give the failure, with a note on each rule that lacks one thing only."""
    notes: list[Note] = []
    help: str | None = "no rule has this source and this destination"
    for opening in case.openings:
        if not opening.reached_from(source, world).surely >> target & 1:
            continue
        help = None if not notes else help
        if opening.fit == "no":
            notes.append(Note(opening.span, f"this rule opens only {opening.opened}"))
        elif opening.is_guarded:
            notes.append(Note(opening.span, "this rule wants a posture that the source of the test does not have"))
            help = "give the source its attributes in `srcPostureAttrs`"
    message = f"{_who(world, case, source)} cannot reach {_where(world, case, target)}, but should"
    return fails(case.place, message, help=help, notes=notes[:MOST_NOTES])


def _denies(world: World, case: _Case) -> Iterator[Diagnostic]:
    doubtful: int | None = None
    for source, surely, maybe in reached(world, case.probe, case.openings):
        if surely:
            target = first_of(surely)
            message = f"{_who(world, case, source)} can reach {_where(world, case, target)}, but should not"
            through = [
                each
                for each in case.openings
                if each.fit == "yes" and not each.is_guarded and each.reached_from(source, world).surely >> target & 1
            ]
            notes = [Note(each.span, "allowed here") for each in through[:MOST_NOTES]]
            yield fails(case.place, message, notes=notes)
            return
        if maybe and doubtful is None:
            doubtful = source
    if doubtful is not None:
        yield _undecided(world, case, doubtful)
    elif not case.probe.attributes:
        yield from _only_posture_denies(world, case)


def _only_posture_denies(world: World, case: _Case) -> Iterator[Diagnostic]:
    """Warn where only a posture keeps the source out: the test then says nothing of sources that meet it."""
    for opening in case.openings:
        if opening.is_guarded and opening.fit == "yes":
            for source in indices_of(opening.sources.surely):
                if opening.reached_from(source, world).surely:
                    who = shown(case.probe.source.selector.text)
                    yield NEEDS_POSTURE.at(
                        case.place,
                        f"only a posture keeps {who} from {shown(case.text)} in this test",
                        help="test with `srcPostureAttrs` too: a source without attributes meets no posture",
                        notes=(Note(opening.span, "allowed here to sources that meet the posture"),),
                    )
                    return


def _undecided(world: World, case: _Case, source: int) -> Diagnostic:
    message = f"whether {_who(world, case, source)} can reach {shown(case.text)} cannot be decided"
    return undecided(case.place, message, help=hangs_on(world, case.probe.source, case.probe.target))


def _who(world: World, case: _Case, source: int) -> str:
    return world.part(case.probe.source, source)


def _where(world: World, case: _Case, target: int) -> str:
    over = f" over {protocol_name(case.probe.protocols[0])}" if case.test.proto else ""
    if case.probe.target.nodes.bit_count() == 1:
        return shown(case.text) + over
    return f"{shown(world.name(target))} of {shown(case.text)}{over}"
