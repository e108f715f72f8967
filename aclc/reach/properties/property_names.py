"""What the names in promises mean under a policy; a name that means nothing is an error, never a promise kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from aclc.diagnostics import Code, Diagnostic, Outcome, Severity, did_you_mean, shown, shown_first
from aclc.dialects.tailscale import TAILSCALE
from aclc.policy.model import Policy
from aclc.policy.selectors import Kind, Selector, parse_selector
from aclc.reach.population.definitions import definitions
from aclc.reach.properties.property_file import Property
from aclc.records import NamedTuple
from aclc.source import Span

UNKNOWN = Code("PRP013", "promise-unknown-name", Severity.ERROR)

_NO_SIDES = ("autogroup:self", "autogroup:nonroot")
"""Autogroups that mean nobody by themselves."""


SHORTEST_MISSPELT = 3
"""Letters of a bare name from which on a letter that is wrong is seen to be one."""


class _Fault(NamedTuple):
    """What is wrong with a name, and what to do."""

    message: str
    help: str


def bind_names(policy: Policy, promises: Sequence[Property]) -> Outcome[tuple[Property, ...]]:
    """Give the properties with bare names spelled out, as in the aclc language (`eng` is `group:eng` where the policy
    has such a group), and an error for each name that the policy does not define or that means two things."""
    found: list[Diagnostic] = []
    bound = []
    for promise in promises:
        sides = tuple(tuple(_meant(policy, each) for each in side) for side in promise.sides)
        named = promise._replace(sides=sides)
        faulty: set[Selector] = set()
        for selector, place in placed(named):
            fault = None if selector in faulty else _fault(policy, selector) or _misplaced(named, selector)
            if fault is not None:
                faulty.add(selector)
                found.append(UNKNOWN.at(place, fault.message, help=fault.help))
        bound.append(named)
    return Outcome(tuple(bound), tuple(found))


def placed(promise: Property) -> Iterator[tuple[Selector, Span]]:
    """Give each selector of a promise with where it stands."""
    for number, side in enumerate(promise.sides):
        places = promise.places.sides[number] if promise.places.sides else (promise.span,) * len(side)
        yield from zip(side, places, strict=True)


def _meanings(policy: Policy, name: str) -> list[str]:
    known: list[tuple[Mapping[str, object], str]] = [
        (policy.hosts, name),
        (policy.groups, f"group:{name}"),
        (policy.ipsets, f"ipset:{name}"),
    ]
    return [full for table, full in known if full in table]


def _meant(policy: Policy, selector: Selector) -> Selector:
    """Give the selector that a bare name stands for: the first thing of that name, else an autogroup."""
    if selector.kind != "host":
        return selector
    meanings = _meanings(policy, selector.name)
    if not meanings and f"autogroup:{selector.name}" in TAILSCALE.autogroups:
        return parse_selector(f"autogroup:{selector.name}")
    return parse_selector(meanings[0]) if meanings else selector


def _misplaced(promise: Property, selector: Selector) -> _Fault | None:
    """Refuse what sends nothing where whoever sends is meant: the internet behind exit nodes, and services."""
    sending = promise.sides if promise.kind == "isolated" else promise.sides[:1] if promise.kind != "exposed" else ()
    if not any(selector in side for side in sending):
        return None
    if selector.kind == "service":
        message = f"{shown(selector.text)} is a service, which sends nothing"
        return _Fault(message, "name the nodes that answer for it")
    if selector.name != "autogroup:internet":
        return None
    return _Fault(
        "the internet behind exit nodes sends nothing by itself",
        "say `exposed at most to …` about who may come in from outside",
    )


def _fault(policy: Policy, selector: Selector) -> _Fault | None:
    defined = definitions(policy)
    table = defined.get(selector.kind)
    if selector.kind == "host" and len(_meanings(policy, selector.name)) > 1:
        choices = " or ".join(f"`{each}`" for each in _meanings(policy, selector.name)[1:])
        message = f"{shown(selector.text)} is the name of a host and of something else"
        return _Fault(message, f"write {choices}, or rename the host")
    if selector.name in _NO_SIDES:
        message = f"{shown(selector.text)} means nobody by itself"
        return _Fault(message, "name users, groups, tags, hosts or addresses")
    if selector.kind in {"posture", "localpart", "range", "host-prefixed"}:
        message = f"a promise cannot speak of {shown(selector.text)}"
        return _Fault(message, "name users, groups, tags, hosts, ipsets or addresses")
    is_autogroup = selector.kind != "autogroup" or selector.name in TAILSCALE.autogroups
    if (table is None and is_autogroup) or (table is not None and selector.name in table):
        return None
    known = [name for names in defined.values() for name in names]
    if selector.kind == "autogroup":
        near = did_you_mean(selector.name, TAILSCALE.autogroups)
        return _Fault(f"there is no {shown(selector.text)}", f"did you mean `{near}`?" if near else _autogroups())
    if " " in selector.text:
        return _Fault(f"{shown(selector.text)} is no name", _between(selector.text, known))
    near = did_you_mean(selector.name, known) or _otherwise(selector.name, known)
    message = f"the policy defines no {shown(selector.text)}"
    return _Fault(message, f"did you mean `{near}`?" if near else _what_there_is(selector, defined))


def _autogroups() -> str:
    return f"there are {', '.join(name for name in TAILSCALE.autogroups if name not in _NO_SIDES)}"


def _otherwise(name: str, known: Sequence[str]) -> str | None:
    """Give a known name that is the same, or nearly, behind the colon, whatever kind it is written as."""
    bare = {each.rpartition(":")[2].casefold(): each for each in reversed(known)}
    word = name.rpartition(":")[2].casefold()
    near = word if word in bare else did_you_mean(word, bare) if len(word) >= SHORTEST_MISSPELT else None
    return bare[near] if near is not None else None


def _between(text: str, known: Sequence[str]) -> str:
    """Say what is wrong between names that should be one: a comma is missing, or a word of the promise is misspelt."""
    words = text.split(" ")
    joined = ", ".join(word for word in words if word not in {"and", "or", "&", "|", "+"})
    if len(words) > 1 and all(each in known or "@" in each for each in joined.split(", ")):
        return f"separate names with commas: `{joined}`"
    for word in words[1:]:
        near = did_you_mean(word, ("on", "transitively"))
        if near is not None:
            return f"did you mean `{near}` by `{word}`?"
    if words[-1] in {"may", "can", "must", "should", "is", "are"}:
        return f"leave out `{words[-1]}`"
    if words[-1] == "on":
        return "name services behind `on`, like `on tcp 22`"
    return "separate names with commas, and begin services with `on`"


def _what_there_is(selector: Selector, defined: Mapping[Kind, Mapping[str, object]]) -> str:
    """Say which names of a kind there are, of none that there is none."""
    names = list(defined[selector.kind])
    if selector.kind == "host":  # a bare name may be meant for any kind
        names = [each for table in defined.values() for each in table]
    if not names:
        return f"it defines no {selector.kind} at all"
    return f"it defines {shown_first(names)}"
