"""Gains that somebody has agreed to: a list beside the policy, so that a gate stops at everything else.

```text
allow group:eng -> tag:staging on tcp 443
allow ssh group:oncall -> tag:prod as root, ubuntu
allow app group:eng -> tag:k8s as tailscale.com/cap/kubernetes
allow attr tag:web -> funnel
allow apply group:eng -> tag:staging
allow offer tag:router -> 10.0.0.0/16, exit node
```
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, get_args

from aclc.diagnostics import Code, Diagnostic, Outcome, Severity
from aclc.policy.selectors import parse_selector
from aclc.reach.difference.power_rows import AttributeRow, CapabilityRow, PowerRow
from aclc.reach.difference.review import ReviewRow
from aclc.reach.difference.session_rows import SessionRow
from aclc.reach.graph.service_sets import Services
from aclc.reach.graph.space import View
from aclc.reach.population.principals import Principal
from aclc.reach.properties.promised_services import ANY_SERVICE, Service, parse_services
from aclc.reach.words.wording import EVERY_SOURCE
from aclc.records import NamedTuple
from aclc.source import Source, Span

CODE = Code("PRP012", "accepted-gain-syntax", Severity.ERROR)

Kind = Literal["network", "ssh", "app", "attr", "apply", "offer"]

_LINE = re.compile(
    r"allow\s+(?:(?P<kind>ssh|app|attr|apply|offer)\s+)?(?P<src>.+?)\s*->\s*(?P<dst>.+?)"
    r"(?:\s+on\s+(?P<on>.+?)|\s+as\s+(?P<names>.+?))?"
)


class Accepted(NamedTuple):
    """One line. `left`, `right`: both sides as they stand there. `names`: logins of SSH, or capabilities; empty: any.

    Of `apply`, `offer` and `attr`, the right side is what may be done, not who.
    """

    kind: Kind
    left: tuple[str, ...]
    right: tuple[str, ...]
    services: tuple[Service, ...]
    names: frozenset[str]

    def sources(self, view: View) -> int:
        """Give whom the left side means."""
        found = 0
        for selector in map(parse_selector, self.left):
            found |= Principal(selector.text, selector).sources(view)
        return found

    def targets(self, view: View) -> int:
        """Give what the right side means."""
        return _targets(view, self.right)


def parse_accepted(source: Source) -> Outcome[tuple[Accepted, ...]]:
    """Give the accepted gains of a text, and what is wrong with lines that are none. `#` and `//` begin comments."""
    found: list[Accepted] = []
    diagnostics: list[Diagnostic] = []
    at = 0
    for line in source.text.split("\n"):
        text = re.split(r"(?:^|\s)(?:#|//)", line, maxsplit=1)[0].strip()
        if text:
            start = at + line.index(text)
            one = _accepted(text)
            if one is None:
                span = Span(source, start, start + len(text))
                help = "write `allow A -> B on tcp 443`, `allow ssh A -> B as root`, or see docs/reachability.md"
                diagnostics.append(CODE.at(span, "accepted gain cannot be read", help=help))
            else:
                found.append(one)
        at += len(line) + 1
    return Outcome(tuple(found), tuple(diagnostics))


def _accepted(text: str) -> Accepted | None:
    match = _LINE.fullmatch(text)
    if match is None:
        return None
    kind: Kind = next((each for each in get_args(Kind) if each == match["kind"]), "network")
    if (match["on"] and kind != "network") or (match["names"] and kind not in {"ssh", "app"}):
        return None
    services = parse_services(match["on"]) if match["on"] else ANY_SERVICE
    left, right, names = (_list(match[group]) for group in ("src", "dst", "names"))
    if services is None or not left or not right:
        return None
    return Accepted(kind, left, right, services, frozenset(names))


def _list(text: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in (text or "").split(",") if part.strip())


def accepts(view: View, accepted: Sequence[Accepted], row: ReviewRow) -> bool:
    """Tell whether lines cover a whole gain: one of them everybody and everything that its words mean, and every
    service; or, where only a part of that is gained, each piece of it."""

    def covers(line: Accepted, sources: int, targets: int, services: Services) -> bool:
        return (
            line.kind == "network"
            and not sources & ~line.sources(view)
            and not targets & ~line.targets(view)
            and all(_covers(line.services, service) for service in services)
        )

    pieces = [(each.sources, each.targets, each.services) for each in row.inside]
    return any(covers(line, row.who.bits, row.what.bits, row.part.services) for line in accepted) or (
        bool(pieces) and all(any(covers(line, *piece) for line in accepted) for piece in pieces)
    )


def accepts_session(view: View, accepted: Accepted, row: SessionRow) -> bool:
    """Tell whether a line covers a whole change of SSH: everybody and everything that its words mean, every login."""
    sources = view.sources.of_nodes(row.who.bits) & view.sources_of(EVERY_SOURCE)
    targets = view.targets.of_nodes(row.what.bits) & view.live
    return (
        accepted.kind == "ssh"
        and not sources & ~accepted.sources(view)
        and not targets & ~accepted.targets(view)
        and (not accepted.names or set(row.tokens) <= accepted.names)
    )


def accepts_capability(view: View, accepted: Accepted, row: CapabilityRow) -> bool:
    """Tell whether a line covers a gained capability, with whatever parameters."""
    return (
        accepted.kind == "app"
        and (not accepted.names or row.name in accepted.names)
        and not row.who.bits & ~accepted.sources(view)
        and not row.what.bits & ~accepted.targets(view)
    )


def accepts_attribute(view: View, accepted: Accepted, row: AttributeRow) -> bool:
    """Tell whether a line covers a gained node attribute, with whatever parameters."""
    nodes = view.targets.of_nodes(row.nodes.bits) & view.live
    return accepted.kind == "attr" and row.name in accepted.right and not nodes & ~_targets(view, accepted.left)


def accepts_power(accepted: Accepted, kind: Kind, row: PowerRow) -> bool:
    """Tell whether a line covers a gained power word by word; a line about a group covers its members."""
    by_group = bool(row.through) and row.through[0] in accepted.left
    return (
        accepted.kind == kind
        and (by_group or set(row.who) <= set(accepted.left))
        and set(row.powers) <= set(accepted.right)
    )


def _targets(view: View, texts: tuple[str, ...]) -> int:
    found = 0
    for selector in map(parse_selector, texts):
        found |= Principal(selector.text, selector).targets(view)
    return found


def _covers(services: tuple[Service, ...], wanted: tuple[int, int, int]) -> bool:
    protocol, first, last = wanted
    return any(each in {None, protocol} and low <= first and last <= high for each, low, high in services)
