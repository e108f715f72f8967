"""Answers to who reaches what, in the policy's own words: what reports are made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from aclc.policy.model import Policy
from aclc.policy.selectors import Selector
from aclc.reach.graph.access import accesses
from aclc.reach.graph.service_sets import Services
from aclc.reach.graph.space import View
from aclc.reach.population.principals import Principal
from aclc.reach.questions.blast import Takeover, blast
from aclc.reach.questions.selector_matrix import Row, selector_matrix, vocabulary
from aclc.reach.words.naming import Named
from aclc.reach.words.rule_naming import NamedAccess, RuleNaming, named
from aclc.reach.words.setting import Setting
from aclc.reach.words.step_words import step_text
from aclc.records import NamedTuple


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
    if len(sources) == 1:
        rows = _as_parts(view, sources[0], rows)
    names = tuple(each.text for each in sources), tuple(each.text for each in targets)
    return ListAnswer(_told_of_routes(setting, view, sources), view, *names, services, rows)


def _told_of_routes(setting: Setting, view: View, sources: Iterable[Principal]) -> Setting:
    """Add a doubt for sources outside that `*` means in some tailnets and in others does not."""
    has_star = any(each.kind == "any" for grant in view.resolved.grants for each in grant.src)
    if not setting.everywhere or not has_star:
        return setting
    outside = [each.text for each in sources if each.selector.kind != "any" and each.sources(view) & ~view.sources.own]
    doubts = [
        f"tailnets in which no approved subnet route holds {text}: there `*` as a source does not mean it"
        for text in outside
    ]
    return setting._replace(doubts=(*setting.doubts, *doubts))


MOST_NAMES = 6
"""Names in a row, beyond which the part of whoever was asked about is named by the rules instead."""


def _as_parts(view: View, asked: Principal, rows: Iterable[NamedAccess]) -> Iterator[NamedAccess]:
    """Name a part of the asked-about by what the rules call it, where its members would be a long list: `group:eng in
    group:paris`."""
    whole = asked.sources(view)
    for row in rows:
        items = [*row.who.selectors, *row.who.rest]
        if len(items) <= MOST_NAMES:
            yield row
            continue
        grants = [view.resolved.grants[at] for at in row.access.grants]
        meant = 0
        for grant in grants:
            meant |= view.sources_of_rule(grant)
        selectors = dict.fromkeys(each.text for grant in grants for each in grant.src)
        if meant & whole != row.access.sources or len(selectors) > MOST_NAMES:
            yield row
            continue
        who = row.who._replace(selectors=(f"{asked.text} in {' or '.join(selectors)}",), rest=())
        yield row._replace(who=who)


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
    return MatrixAnswer(
        _told_of_routes(setting, view, sources),
        tuple(each.text for each in columns),
        selector_matrix(view, rows, columns),
    )


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
        _told_of_routes(setting, view, (principal,)),
        view,
        principal.text,
        tuple(_as_parts(view, principal, named(found.direct, naming))),
        naming.targets(found.reached),
        tuple(_ways(view, naming, found.takeovers)),
        naming.of_target_nodes(found.taken),
        tuple(named(found.beyond, naming)),
        naming.targets(found.total),
    )


def _ways(view: View, naming: RuleNaming, takeovers: Iterable[Takeover]) -> Iterator[Way]:
    for each in takeovers:
        yield Way(naming.of_target_nodes(each.nodes), each.level, tuple(step_text(view, step) for step in each.steps))
