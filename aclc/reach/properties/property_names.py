"""What the names in properties mean under a policy; a name that means nothing is an error, never a promise kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aclc.diagnostics import Code, Diagnostic, Outcome, Severity, did_you_mean, shown
from aclc.dialects.tailscale import TAILSCALE
from aclc.policy.model import Policy
from aclc.policy.selectors import Selector, parse_selector
from aclc.reach.population.definitions import definitions
from aclc.reach.properties.property_file import Property

UNKNOWN = Code("PRP013", "property-unknown-name", Severity.ERROR)

_NO_SIDES = ("autogroup:self", "autogroup:nonroot")
"""Autogroups that mean nobody by themselves."""


def bind_names(policy: Policy, promises: Sequence[Property]) -> Outcome[tuple[Property, ...]]:
    """Give the properties with bare names spelled out, as in the aclc language (`eng` is `group:eng` where the policy
    has such a group), and an error for each name that the policy does not define or that means two things."""
    found: list[Diagnostic] = []
    bound = []
    for promise in promises:
        sides = tuple(tuple(_meant(policy, each) for each in side) for side in promise.sides)
        for selector in dict.fromkeys(selector for side in sides for selector in side):
            fault = _fault(policy, promise, selector) or _misplaced(promise._replace(sides=sides), selector)
            if fault is not None:
                found.append(fault)
        bound.append(promise._replace(sides=sides))
    return Outcome(tuple(bound), tuple(found))


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


def _misplaced(promise: Property, selector: Selector) -> Diagnostic | None:
    """Refuse what sends nothing where whoever sends is meant: the internet behind exit nodes, and services."""
    sending = promise.sides if promise.kind == "isolated" else promise.sides[:1] if promise.kind != "exposed" else ()
    if not any(selector in side for side in sending):
        return None
    if selector.kind == "service":
        return UNKNOWN.at(
            promise.span,
            f"{shown(selector.text)} is a service, which sends nothing",
            help="name the nodes that answer for it",
        )
    if selector.name != "autogroup:internet":
        return None
    return UNKNOWN.at(
        promise.span,
        "the internet behind exit nodes sends nothing by itself",
        help="say `exposed at most to …` about who may come in from outside",
    )


def _fault(policy: Policy, promise: Property, selector: Selector) -> Diagnostic | None:
    defined = definitions(policy)
    table = defined.get(selector.kind)
    if selector.kind == "host" and len(_meanings(policy, selector.name)) > 1:
        choices = " or ".join(f"`{each}`" for each in _meanings(policy, selector.name)[1:])
        message = f"{shown(selector.text)} is the name of a host and of something else"
        return UNKNOWN.at(promise.span, message, help=f"write {choices}, or rename the host")
    if selector.name in _NO_SIDES:
        message = f"{shown(selector.text)} means nobody by itself"
        return UNKNOWN.at(promise.span, message, help="name users, groups, tags, hosts or addresses")
    if selector.kind in {"posture", "localpart", "range", "host-prefixed"}:
        message = f"a property cannot speak of {shown(selector.text)}"
        return UNKNOWN.at(promise.span, message, help="name users, groups, tags, hosts, ipsets or addresses")
    is_autogroup = selector.kind != "autogroup" or selector.name in TAILSCALE.autogroups
    if (table is None and is_autogroup) or (table is not None and selector.name in table):
        return None
    known = [name for names in defined.values() for name in names]
    near = did_you_mean(selector.name, known)
    if near is None and f"tag:{selector.name}" in policy.tag_owners:
        near = f"tag:{selector.name}"
    message = f"the policy defines no {shown(selector.text)}"
    return UNKNOWN.at(promise.span, message, help=f"did you mean `{near}`?" if near else None)
