"""What a change of the policy does to SSH sessions, as a reviewer wants to read it: who, where, as whom, asked again or
not.

The exact difference (`ssh.ssh_changes`) is cut along the rules that it comes from, and each part named.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from aclc.policy.selectors import Selector
from aclc.reach.difference.causes import Cause, RulePairs, is_changed
from aclc.reach.graph.space import Scope, Space, View
from aclc.reach.powers.ssh import ANY_OTHER, OWN_NAME, ChangeKind, Mode, SshChange, SshEdge, ssh_changes, ssh_edges
from aclc.reach.powers.ssh_terms import terms_texts
from aclc.reach.words.rule_naming import under
from aclc.reach.words.setting import Setting
from aclc.reach.words.word_index import Candidate
from aclc.reach.words.wording import Worded, Wording
from aclc.records import NamedTuple
from aclc.resolve.node_sets import indices_of, node_set
from aclc.resolve.posture import effective_postures

SessionKind = ChangeKind


class SessionRow(NamedTuple):
    """Who may newly open SSH sessions, no longer, without being asked, only after it, or on other terms. `kind` and
    `mode` as in `SshChange`.

    `terms`: how they change, in words. `sources`, `targets`: exactly the nodes. `logins` are in words, `tokens` as in
    `SshChange`. `nodes`: how many there are on each side. `accepted`: agreed to.
    """

    kind: SessionKind
    mode: Mode
    who: Worded
    what: Worded
    sources: int
    targets: int
    tokens: tuple[str, ...]
    scope: Scope
    causes: tuple[Cause, ...]
    nodes: tuple[int, int]
    logins: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    accepted: bool = False


def session_rows(setting: Setting, space: Space, pairs: RulePairs) -> tuple[SessionRow, ...]:
    """Give the rows, in the order of `ssh_changes`. Empty: nobody's sessions change."""
    before, after = (view.resolved for view in space.views)
    edges = ssh_edges(before), ssh_edges(after)
    wordings = [Wording(setting, view, other) for view, other in zip(space.views, space.views[::-1], strict=True)]
    many = _with_several_tags(space) if setting.everywhere else 0
    changes = ssh_changes(before, after)
    rows: list[SessionRow] = []
    for change in changes:
        is_new = change.kind != "lost"
        parts = _parts(change, edges[is_new])
        rows += (_row(change, part, edges, pairs, space, wordings[is_new], many) for part in parts)
    rows = _joined(setting, [row for row in rows if row.sources and row.targets])
    for change in changes if many else ():
        is_new = change.kind != "lost"
        for part in _parts(change, edges[is_new]):
            left = [
                _left(change, part._replace(sources=part.sources & many), rows),
                _left(change, part._replace(sources=part.sources & ~many, targets=part.targets & many), rows),
            ]
            rows += (_row(change, each, edges, pairs, space, wordings[is_new], 0) for each in left if each is not None)
    known = {"root", OWN_NAME}.union(*(edge.logins for side in edges for edge in side)) - {ANY_OTHER}
    return tuple(
        row._replace(logins=login_words(row.tokens, known)) for row in _without_implied(_joined(setting, rows))
    )


def about_nodes(rows: Iterable[SessionRow], kept: Sequence[int]) -> tuple[SessionRow, ...]:
    """Give what rows say of some of the nodes, numbered anew in the order given; rows about none of them are left
    out."""
    numbers = {at: number for number, at in enumerate(kept)}

    def among(nodes: int) -> int:
        return node_set([numbers[at] for at in indices_of(nodes) if at in numbers])

    found = (
        row._replace(
            sources=among(row.sources),
            targets=among(row.targets),
            who=row.who._replace(bits=among(row.who.bits)),
            what=row.what._replace(bits=among(row.what.bits)),
            nodes=(among(row.sources).bit_count(), among(row.targets).bit_count()),
        )
        for row in rows
    )
    return tuple(row for row in found if row.sources and row.targets)


def _with_several_tags(space: Space) -> int:
    """Give the nodes that carry more than one tag.

    They are there to tell a check of one rule before the accept of another. Words for nodes with one tag mean them as
    well, and only what those do not say of them gets a row of its own.
    """
    nodes = space.views[0].resolved.tailnet.nodes
    return node_set([at for at, node in enumerate(nodes) if len(node.tags) > 1])


def _left(change: SshChange, part: _Part, rows: Sequence[SessionRow]) -> _Part | None:
    """Give of a part what no row says; None where they say it all."""
    targets = part.targets
    for row in rows:
        if (
            (row.kind, row.mode, row.terms) == (change.kind, change.mode, _terms(change))
            and row.scope in {"any", change.scope}
            and set(part.logins) <= set(row.tokens)
            and not part.sources & ~row.who.bits
        ):
            targets &= ~row.what.bits
    return part._replace(targets=targets) if part.sources and targets else None


def _joined(setting: Setting, found: Sequence[SessionRow]) -> list[SessionRow]:
    """Join rows that have the same words and differ in one thing only."""
    rows = list(found)
    for alike in (_same_sources, _same_targets, _same_nodes, *([_same_words] if setting.everywhere else [])):
        joined: dict[tuple[object, ...], SessionRow] = {}
        for row in rows:
            key = (row.kind, row.mode, row.terms, row.scope, row.who.texts, row.what.texts, *alike(row))
            joined[key] = _both(joined[key], row) if key in joined else row
        rows = list(joined.values())
    return rows


def login_words(tokens: Sequence[str], known: Iterable[str]) -> tuple[str, ...]:
    """Give logins in words; `known`: all that either policy speaks of.

    >>> login_words(["any other login", "root", "their own name"], ["root", "their own name"])
    ('any login',)
    >>> login_words(["any other login", "their own name"], ["root", "their own name", "ubuntu"])
    ('any login but root, ubuntu',)
    """
    if ANY_OTHER not in tokens:
        return tuple(tokens)
    missing = sorted(set(known) - set(tokens), key=lambda login: (login == OWN_NAME, login != "root", login))
    return (f"any login but {', '.join(missing)}",) if missing else ("any login",)


def _same_sources(row: SessionRow) -> tuple[object, ...]:
    return row.sources, row.tokens


def _same_targets(row: SessionRow) -> tuple[object, ...]:
    return row.targets, row.tokens


def _same_nodes(row: SessionRow) -> tuple[object, ...]:
    return row.sources, row.targets


def _same_words(row: SessionRow) -> tuple[object, ...]:
    return (row.tokens,)


class _Part(NamedTuple):
    """What one rule has to do with a change: which sources and targets of it, as which logins."""

    edge: SshEdge
    sources: int
    targets: int
    logins: tuple[str, ...]


def _parts(change: SshChange, edges: Sequence[SshEdge]) -> Iterator[_Part]:
    """Cut a change along the rules of the policy that allows the sessions."""
    for edge in edges:
        if edge.mode != change.mode or (change.terms is not None and edge.terms != change.terms[1]):
            continue
        reached = edge.targets & change.targets
        if change.scope == "own":
            reached |= edge.own & change.targets
        by_sources: dict[int, list[str]] = {}
        for login in change.logins:
            by_sources.setdefault(edge.lets_in(login) & change.sources, []).append(login)
        for sources, logins in by_sources.items():
            if sources and reached:
                yield _Part(edge, sources, reached, tuple(logins))


def _row(
    change: SshChange,
    part: _Part,
    edges: tuple[Sequence[SshEdge], Sequence[SshEdge]],
    pairs: RulePairs,
    space: Space,
    wording: Wording,
    apart: int,
) -> SessionRow:
    view = space.views[change.kind != "lost"]
    everywhere = part.edge.targets
    if change.scope == "own":
        everywhere |= part.edge.own
    within = part.edge.sources
    for login in part.logins:
        within &= part.edge.lets_in(login)
    sources, targets = _candidates(view, part.edge)
    return SessionRow(
        change.kind,
        change.mode,
        wording.source_nodes(part.sources & ~apart, within, sources, apart),
        wording.target_nodes(part.targets & ~apart, everywhere, targets, apart),
        part.sources & ~apart,
        part.targets & ~apart,
        part.logins,
        change.scope,
        tuple(_causes(change, part, edges, pairs, space)),
        nodes=(part.sources.bit_count(), part.targets.bit_count()),
        terms=_terms(change),
    )


def _terms(change: SshChange) -> tuple[str, ...]:
    return terms_texts(*change.terms) if change.terms is not None else ()


def _candidates(view: View, edge: SshEdge) -> tuple[list[Candidate], list[Candidate]]:
    """Give the words that a rule uses for its sources and for its targets, with the nodes that they mean."""
    policy, names = view.resolved.policy, view.resolved.names
    rule = (policy.ssh or ())[edge.rule]
    postures = effective_postures(policy, rule.src_posture)
    sources = [(under(each, postures, "if"), names.nodes(each) & edge.sources) for each in rule.src]
    # WHY: in sessions on one's own devices a group means its members without what they share in from elsewhere.
    sources += [(text, nodes & ~names.shared) for text, nodes in sources if nodes & names.shared]
    targets = [(each.name, names.nodes(each) & edge.targets) for each in rule.dst]
    targets += [(text, nodes & edge.own) for text, nodes in sources if nodes & edge.own]
    return sources, targets


def _causes(
    change: SshChange,
    part: _Part,
    edges: tuple[Sequence[SshEdge], Sequence[SshEdge]],
    pairs: RulePairs,
    space: Space,
) -> Iterator[Cause]:
    """Give the rule that the sessions come from; where nobody asks any more, the rules that did."""
    mine = _cause(pairs, space, part.edge, is_new=change.kind != "lost")
    asked = []
    for edge in edges[False] if change.kind == "unchecked" else ():
        lets_in = any(edge.lets_in(login) & part.sources for login in part.logins)
        if edge.mode == "check" and lets_in and (edge.targets | edge.own) & part.targets:
            asked.append(_cause(pairs, space, edge, is_new=False))
    if not asked or is_changed(mine):
        yield mine
    yield from (cause for cause in asked if is_changed(cause) and (cause.old, cause.new) != (mine.old, mine.new))


def _cause(pairs: RulePairs, space: Space, edge: SshEdge, *, is_new: bool) -> Cause:
    rule = (space.views[is_new].resolved.policy.ssh or ())[edge.rule]
    selectors: list[Selector] = [*rule.src, *rule.dst]
    return (pairs.cause_of_gain if is_new else pairs.cause_of_loss)(rule.place, selectors)


def _both(one: SessionRow, other: SessionRow) -> SessionRow:
    """Join two rows that have the same words."""
    sources, targets = one.sources | other.sources, one.targets | other.targets
    return one._replace(
        who=one.who._replace(bits=one.who.bits | other.who.bits),
        what=one.what._replace(bits=one.what.bits | other.what.bits),
        sources=sources,
        targets=targets,
        tokens=tuple(sorted({*one.tokens, *other.tokens})),
        causes=tuple(dict.fromkeys((*one.causes, *other.causes))),
        nodes=(sources.bit_count(), targets.bit_count()),
    )


def _without_implied(rows: list[SessionRow]) -> Iterable[SessionRow]:
    """Leave out rows that another one says already."""

    def says(wide: SessionRow, narrow: SessionRow) -> bool:
        return (
            (wide.kind, wide.mode, wide.terms) == (narrow.kind, narrow.mode, narrow.terms)
            and wide.scope in {"any", narrow.scope}
            and not narrow.who.bits & ~wide.who.bits
            and not narrow.what.bits & ~wide.what.bits
            and set(narrow.tokens) <= set(wide.tokens)
        )

    for number, row in enumerate(rows):
        if not any(
            at != number and says(other, row) and (at < number or not says(row, other)) for at, other in enumerate(rows)
        ):
            yield row
