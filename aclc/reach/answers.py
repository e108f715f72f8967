"""Answers to who reaches what, in the policy's own words: what reports are made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from aclc.policy.model import Policy, SshRule
from aclc.policy.selectors import Selector
from aclc.reach.access import accesses
from aclc.reach.blast import Takeover, blast
from aclc.reach.compare import Services
from aclc.reach.naming import Named
from aclc.reach.pivots import Step
from aclc.reach.principals import Principal
from aclc.reach.rule_naming import NamedAccess, RuleNaming, named
from aclc.reach.selector_matrix import Row, selector_matrix, vocabulary
from aclc.reach.setting import Setting
from aclc.reach.space import View


class ListAnswer(NamedTuple):
    """Rows of access. `sources`, `targets`: what was asked about, empty for everybody and everything. `services`: what
    was asked about, None for all. `rows` can be gone through once."""

    setting: Setting
    view: View
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    services: Services | None
    rows: Iterable[NamedAccess]


def list_answer(
    setting: Setting,
    policy: Policy,
    sources: Sequence[Principal],
    targets: Sequence[Principal],
    services: Services | None = None,
) -> ListAnswer:
    """Give who of the sources reaches which of the targets; an empty side means all. Rows are put into words as they
    are taken."""
    view = setting.view(policy)
    src = dst = None
    if sources:
        src = 0
        for each in sources:
            src |= each.sources(view)
    if targets:
        dst = 0
        for each in targets:
            dst |= each.targets(view)
    if src is not None and dst is None and len(sources) == 1 and sources[0].node is not None:
        dst = view.live & ~view.targets.of_nodes(1 << sources[0].node)  # a node reaching itself is no news
    rows = named(accesses(view, src, dst, services), RuleNaming(view, (*sources, *targets)))
    names = tuple(each.text for each in sources), tuple(each.text for each in targets)
    return ListAnswer(setting, view, *names, services, rows)


class MatrixAnswer(NamedTuple):
    """A matrix of selectors. `rows` can be gone through once."""

    setting: Setting
    columns: tuple[str, ...]
    rows: Iterable[Row]


def matrix_answer(
    setting: Setting, policy: Policy, sources: Sequence[Principal] = (), targets: Sequence[Principal] = ()
) -> MatrixAnswer:
    """Give the matrix of some principals; an empty side means everything that the policy speaks of."""
    view = setting.view(policy)
    left, right = vocabulary(view)
    rows = sources or _principals(left)
    columns = targets or _principals(right)
    return MatrixAnswer(setting, tuple(each.text for each in columns), selector_matrix(view, rows, columns))


def _principals(selectors: Iterable[Selector]) -> list[Principal]:
    return [Principal(each.text, each) for each in selectors]


class Way(NamedTuple):
    """Machines that can be taken over, and how, one sentence a step; no steps where it was not worked out."""

    what: Named
    level: int
    steps: tuple[str, ...]


class BlastAnswer(NamedTuple):
    """The blast radius of one principal, in words."""

    setting: Setting
    view: View
    name: str
    direct: tuple[NamedAccess, ...]
    reached: Named
    takeovers: tuple[Way, ...]
    taken: Named
    beyond: tuple[NamedAccess, ...]
    total: Named


def blast_answer(setting: Setting, policy: Policy, principal: Principal) -> BlastAnswer:
    """Give the blast radius of a principal."""
    view = setting.view(policy)
    found = blast(view, principal)
    naming = RuleNaming(view, (principal,))
    return BlastAnswer(
        setting,
        view,
        principal.text,
        tuple(named(found.direct, naming)),
        naming.targets(found.reached),
        tuple(_ways(view, naming, found.takeovers)),
        naming.of_target_nodes(found.taken),
        tuple(named(found.beyond, naming)),
        naming.targets(found.total),
    )


def _ways(view: View, naming: RuleNaming, takeovers: Iterable[Takeover]) -> Iterator[Way]:
    for each in takeovers:
        yield Way(naming.of_target_nodes(each.nodes), each.level, tuple(step_text(view, step) for step in each.steps))


def step_text(view: View, step: Step) -> str:
    """Say in one clause how one machine leads to another."""
    nodes = view.resolved.tailnet.nodes
    source, target = nodes[step.source].name, nodes[step.target].name
    if step.kind == "tag":
        return f"{source} may apply {step.tag}, which gives the rights of {target}"
    rules = view.resolved.policy.ssh or ()
    rule = rules[step.rule] if step.rule is not None else None
    return f"{source} opens SSH to {target}{_as(rule)}"


def _as(rule: SshRule | None) -> str:
    if rule is None or not rule.users:
        return ""
    shown = rule.users if len(rule.users) <= 3 else (*rule.users[:2], f"{len(rule.users) - 2} more")
    line = rule.place.span.source.position(rule.place.span.start).line
    return f" as {', '.join(shown)} ({rule.place.span.source.name}:{line})"
