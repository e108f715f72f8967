"""The semantic difference of two policies: what a change really opens and closes, in every layer.

With a tailnet the answer is exact for it; without one it is worked out on the population that stands for every
tailnet, so that "no change" is a proof.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from aclc.policy.model import Policy
from aclc.policy.selectors import Selector
from aclc.reach.accepted import Accepted, accepts, accepts_session
from aclc.reach.causes import Cause, Rule, RulePairs, rules_behind
from aclc.reach.compare import Change, Scope, Services, changes
from aclc.reach.endpoints import part_selectors
from aclc.reach.naming import Named, Naming
from aclc.reach.population import canonical_population
from aclc.reach.powers import (
    AssertionChange,
    AttributeChange,
    PowerChange,
    approval_changes,
    assertion_changes,
    attribute_changes,
    capability_changes,
    ownership_changes,
)
from aclc.reach.space import Space, View
from aclc.reach.ssh import Mode, ssh_changes, ssh_edges
from aclc.resolve.model import Resolved
from aclc.resolve.posture import effective_postures
from aclc.resolve.resolution import resolve
from aclc.source import Span
from aclc.tailnet.model import Tailnet


class AccessChange(NamedTuple):
    """Who gains or loses what over the network.

    `shared`, `anyone`: sources include devices shared in from outside; any address at all. `accepted`: a gain that was
    agreed to.
    """

    gained: bool
    who: Named
    what: Named
    services: Services
    scope: Scope
    causes: tuple[Cause, ...]
    shared: bool
    anyone: bool
    accepted: bool = False


class SessionChange(NamedTuple):
    """Who may newly open SSH sessions, no longer, without being asked, or only after it. `kind` and `mode` as in
    `SshChange`."""

    kind: str
    mode: Mode
    who: Named
    what: Named
    logins: tuple[str, ...]
    scope: Scope
    causes: tuple[Cause, ...]
    accepted: bool = False


class ParameterChange(NamedTuple):
    """An application capability with one value that some gain or lose. `value`: canonical JSON, empty where it has
    none."""

    gained: bool
    name: str
    value: str
    who: Named
    what: Named


class NodeChange(NamedTuple):
    """A node attribute that nodes gain or lose."""

    gained: bool
    name: str
    value: str
    nodes: Named


class GuardRemoved(NamedTuple):
    """A rule that asked for a posture and asks for none, or for fewer."""

    removed: tuple[str, ...]
    old: Span
    new: Span


class Diff(NamedTuple):
    """Everything that changes between two policies; each list in a fixed order, empty where nothing does.

    `tailnet`: the name of the tailnet it was worked out on, None: proven for every tailnet. `doubts`: what that proof
    does not cover, in plain words.
    """

    tailnet: str | None
    network: tuple[AccessChange, ...]
    sessions: tuple[SessionChange, ...]
    parameters: tuple[ParameterChange, ...]
    attributes: tuple[NodeChange, ...]
    approvals: tuple[PowerChange, ...]
    ownership: tuple[PowerChange, ...]
    guards: tuple[GuardRemoved, ...]
    assertions: tuple[AssertionChange, ...]
    doubts: tuple[str, ...]

    @property
    def changes_access(self) -> bool:
        """Whether anybody can do anything else than before. Tests are no access."""
        return bool(
            self.network or self.sessions or self.parameters or self.attributes or self.approvals or self.ownership
        )

    @property
    def gives_access(self) -> bool:
        """Whether anybody can do more than before, gains that were agreed to left aside."""
        return (
            any(each.gained and not each.accepted for each in self.network)
            or any(each.gained for each in self.parameters)
            or any(each.gained for each in self.attributes)
            or any(each.gained for each in (*self.approvals, *self.ownership))
            or any(each.kind in {"gained", "unchecked"} and not each.accepted for each in self.sessions)
        )


def diff(old: Policy, new: Policy, tailnet: Tailnet | None = None, accepted: tuple[Accepted, ...] = ()) -> Diff:
    """Give what changes from one policy to another.

    Args:
        old, new: read without errors.
        tailnet: facts to be exact on; None: every tailnet that fits the policies.
        accepted: gains that were agreed to; they stay in the answer, marked.
    """
    pairs = RulePairs(old, new)
    if tailnet is None:
        tags = ssh_tag_sets(old, new)
        population = canonical_population((old, new), tag_sets=tags)
        facts, routed, doubts = population.tailnet, population.routed, population.doubts
    else:
        facts, routed, doubts = tailnet, None, ()
    before, after = _resolved(old, facts), _resolved(new, facts)
    space = Space((before, after), routed)
    old_view, new_view = space.views
    namings = Naming(old_view), Naming(new_view)
    return Diff(
        tailnet=None if tailnet is None else tailnet.name,
        network=tuple(_network(space, change, namings, pairs, accepted) for change in changes(space)),
        sessions=tuple(_sessions(space, namings, pairs, accepted)),
        parameters=tuple(
            ParameterChange(
                each.gained,
                each.name,
                each.value,
                namings[each.gained].sources(each.sources),
                namings[each.gained].targets(each.targets),
            )
            for each in capability_changes(old_view, new_view)
        ),
        attributes=tuple(_attribute(each, namings[each.gained]) for each in attribute_changes(before, after)),
        approvals=approval_changes(old, new),
        ownership=ownership_changes(old, new),
        guards=tuple(_guards(old, new, pairs)),
        assertions=assertion_changes(old, new),
        doubts=doubts,
    )


def _resolved(policy: Policy, tailnet: Tailnet) -> Resolved:
    resolved = resolve(policy, tailnet).value
    assert resolved is not None  # `resolve` gives a value for every policy and tailnet
    return resolved


def ssh_tag_sets(*policies: Policy) -> list[tuple[str, ...]]:
    """Give pairs of tags such that a node with both tells whether a check of one rule stands before an accept of
    another."""
    tags: dict[str, dict[str, None]] = {"check": {}, "accept": {}}
    for policy in policies:
        for rule in policy.ssh or ():
            for selector in (*rule.src, *rule.dst):
                if selector.kind == "tag":
                    tags["check" if rule.action == "check" else "accept"][selector.name] = None
    return [(one, other) for one in tags["check"] for other in tags["accept"] if one != other]


def _network(
    space: Space,
    change: Change,
    namings: tuple[Naming, Naming],
    pairs: RulePairs,
    accepted: tuple[Accepted, ...],
) -> AccessChange:
    view = space.views[change.gained]
    naming = namings[change.gained]
    causes: dict[Cause, None] = {}
    for edge in rules_behind(view, change.sources, change.targets, change.services):
        grant = view.resolved.grants[edge.grant]
        selectors: Sequence[Selector] = [*grant.src, *part_selectors(grant.parts)]
        cause = pairs.cause_of_gain if change.gained else pairs.cause_of_loss
        causes[cause(grant.place, selectors)] = None
    names = view.resolved.names
    outside = change.sources & ~space.sources.own
    return AccessChange(
        gained=change.gained,
        who=naming.sources(change.sources),
        what=naming.targets(change.targets),
        services=change.services,
        scope=change.scope,
        causes=tuple(causes),
        shared=bool(change.sources & space.sources.of_nodes(names.shared)),
        anyone=bool(outside) and _is_all_outside(view, outside),
        accepted=change.gained and accepts(view, accepted, change),
    )


def _is_all_outside(view: View, outside: int) -> bool:
    everything = (view.sources.families[0] | view.sources.families[1]) & ~view.sources.own
    return any(not everything & family & ~outside for family in view.sources.families if everything & family)


def _sessions(
    space: Space, namings: tuple[Naming, Naming], pairs: RulePairs, accepted: tuple[Accepted, ...]
) -> list[SessionChange]:
    found = []
    before, after = (view.resolved for view in space.views)
    for change in ssh_changes(before, after):
        is_new = change.kind != "lost"
        naming, resolved = namings[is_new], (after if is_new else before)
        sources, targets = naming.of_source_nodes(change.sources), naming.of_target_nodes(change.targets)
        causes: dict[Cause, None] = {}
        rules = resolved.policy.ssh or ()
        for edge in ssh_edges(resolved):
            reached = edge.targets | (resolved.names.members if edge.to_self else 0)
            let_in = 0
            for login in change.logins:
                let_in |= edge.lets_in(login)
            if let_in & change.sources and reached & change.targets:
                rule = rules[edge.rule]
                cause = pairs.cause_of_gain if is_new else pairs.cause_of_loss
                causes[cause(rule.place, [*rule.src, *rule.dst])] = None
        found.append(
            SessionChange(
                change.kind,
                change.mode,
                sources,
                targets,
                change.logins,
                change.scope,
                tuple(causes),
                is_new and accepts_session(space.views[1], accepted, change),
            )
        )
    return found


def _attribute(change: AttributeChange, naming: Naming) -> NodeChange:
    return NodeChange(change.gained, change.name, change.value, naming.of_target_nodes(change.nodes))


def _guards(old: Policy, new: Policy, pairs: RulePairs) -> list[GuardRemoved]:
    """Give rules that both policies have and that ask for less than before."""
    found = []
    asked = {rule.place: rule.src_posture for rule in _rules(old)}
    for rule in _rules(new):
        place = pairs.old_of(rule.place)
        if place is None:
            continue
        before = effective_postures(old, asked[place])
        after = effective_postures(new, rule.src_posture)
        if before and (not after or set(after) - set(before)):
            found.append(GuardRemoved(tuple(sorted(set(before) - set(after)) or before), place.span, rule.place.span))
    return found


def _rules(policy: Policy) -> tuple[Rule, ...]:
    return (*(policy.grants or ()), *(policy.acls or ()), *(policy.ssh or ()))
