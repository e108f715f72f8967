"""How one machine leads to another, in words."""

from __future__ import annotations

from aclc.policy.model import SshRule
from aclc.reach.graph.space import Edge, View
from aclc.reach.powers.pivots import SSH_PORT, TCP, Step
from aclc.reach.words.plain_names import with_article
from aclc.source import Place


def step_text(view: View, step: Step) -> str:
    """Say in one clause how one machine leads to another, and by which lines."""
    nodes = view.resolved.tailnet.nodes
    policy = view.resolved.policy
    source, target = (with_article(nodes[at].name) for at in (step.source, step.target))
    if step.kind == "tag":
        owned = policy.tag_owners.get(step.tag or "")
        line = f" ({_line(owned.place)})" if owned is not None else ""
        return f"{source} may apply {step.tag}{line}, which gives the rights of {target}"
    rules = policy.ssh or ()
    rule = rules[step.rule] if step.rule is not None else None
    return f"{source} opens SSH to {target}{_as(rule, _port_22(view, step))}"


def end_text(view: View, node: int, edge: Edge) -> str:
    """Say in one clause by which line a machine reaches the end of a way."""
    grant = view.resolved.grants[edge.grant]
    by = "by default" if grant.origin == "default" else f"by {_line(grant.place)}"
    return f"from {with_article(view.resolved.tailnet.nodes[node].name)} on {by}"


def _as(rule: SshRule | None, opened: str) -> str:
    if rule is None or not rule.users:
        return ""
    shown = rule.users if len(rule.users) <= 3 else (*rule.users[:2], f"{len(rule.users) - 2} more")
    return f" as {', '.join(shown)} ({_line(rule.place)}{opened})"


def _port_22(view: View, step: Step) -> str:
    """Name the rule that opens port 22 for a step."""
    sources, targets = view.sources.of_nodes(1 << step.source), view.targets.of_nodes(1 << step.target)
    for edge in view.edges:
        if edge.src & sources and edge.targets & targets and edge.opens(TCP, SSH_PORT):
            grant = view.resolved.grants[edge.grant]
            return "; port 22 by default" if grant.origin == "default" else f"; port 22 by {_line(grant.place)}"
    return ""


def _line(place: Place) -> str:
    span = place.span
    return f"{span.source.name}:{span.source.position(span.start).line}"
