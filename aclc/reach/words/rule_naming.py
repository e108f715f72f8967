"""Access in words: by the selectors of the rules behind it, under the conditions that the rules make."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from aclc.policy.selectors import Selector, parse_selector
from aclc.reach.graph.access import Access
from aclc.reach.graph.endpoints import Endpoints, part_selectors
from aclc.reach.graph.space import View
from aclc.reach.population.population import NEW_DOMAIN, NEW_LOGIN, OTHER_LOGIN, OUTSIDER
from aclc.reach.population.principals import Principal
from aclc.reach.words.cover import greedy_cover
from aclc.reach.words.naming import Named, Naming, ranges_in, source_selectors
from aclc.reach.words.word_index import Candidate
from aclc.records import NamedTuple
from aclc.resolve.posture import effective_postures

SHARED_IN_BY = "devices shared in by "


class NamedAccess(NamedTuple):
    """An `Access` in words."""

    who: Named
    what: Named
    access: Access


class RuleNaming(Naming):
    """Names also by what rules ask for besides: `group:eng (if posture:latest)`, `vpc (through tag:router)`.

    A group, like a login, may stand for its members' devices without those that they share in from elsewhere. What was
    `asked` about goes by the name it was asked by.
    """

    def __init__(self, view: View, asked: Sequence[Principal] = ()) -> None:
        super().__init__(view)
        self._asked = asked

    def source_words(self) -> list[Candidate]:
        """Give the words that there are for sources, those that are preferred first."""
        view = self._view
        shared = view.sources.of_nodes(view.resolved.names.shared)
        asked = [(each.text, each.sources(view)) for each in self._asked]
        asked += [(text, bits & ~shared) for text, bits in asked]
        return [
            *((text, bits) for text, bits in asked if bits),
            *(each for each in super().source_words() if not _is_made_up(each[0])),
            *((name, view.sources.of_nodes(nodes)) for name, nodes in self._unshared()),
            *((text, view.sources.of_nodes(nodes)) for text, nodes in self._shared_in()),
            *self._guarded(),
        ]

    def target_words(self) -> list[Candidate]:
        """Give the words that there are for targets, those that are preferred first."""
        view = self._view
        asked = [(each.text, each.targets(view)) for each in self._asked]
        return [
            *((text, bits) for text, bits in asked if bits),
            *(each for each in super().target_words() if not _is_made_up(each[0])),
            *((name, view.targets.of_nodes(nodes) & view.live) for name, nodes in self._unshared()),
            *((text, view.targets.of_nodes(nodes) & view.live) for text, nodes in self._shared_in()),
            *self._steered(),
        ]

    def access(self, row: Access) -> NamedAccess:
        """Give one row in words, those of the rules behind it where they say it all."""
        view = self._view
        who = self._by_rules(row.sources, self.source_words_of(row.grants), view.sources)
        what = self._by_rules(row.targets, self.target_words_of(row.grants), view.targets)
        return NamedAccess(who or self.sources(row.sources), what or self.targets(row.targets), row)

    def _by_rules(self, found: int, words: Sequence[Candidate], endpoints: Endpoints) -> Named | None:
        """Name a set by a few words alone; None where they do not say it all."""
        spoken = endpoints.families_of(found)
        inside = [(text, bits & spoken) for text, bits in words if not bits & spoken & ~found]
        taken, left = greedy_cover(found, [bits for _, bits in inside])
        if left:
            return None
        nodes = endpoints.nodes_in(found & endpoints.own).bit_count()
        return Named(tuple(inside[number][0] for number in taken), (), nodes, ranges_in(endpoints, found))

    def source_words_of(self, grants: Iterable[int]) -> list[Candidate]:
        """Give the words that some rules use for their sources."""
        view = self._view
        found: dict[str, int] = {}
        for grant in (view.resolved.grants[at] for at in grants):
            postures = effective_postures(view.resolved.policy, grant.src_posture)
            for selector in grant.src:
                found[under(selector, postures, "if")] = view.sources_of(selector, postures)
        return list(found.items())

    def target_words_of(self, grants: Iterable[int]) -> list[Candidate]:
        """Give the words that some rules use for their destinations."""
        view = self._view
        found: dict[str, int] = {}
        for grant in (view.resolved.grants[at] for at in grants):
            for selector in part_selectors(grant.parts):
                found[under(selector, grant.via or (), "through")] = view.targets_of(selector, grant.via)
        return list(found.items())

    def _unshared(self) -> list[tuple[str, int]]:
        """Give the devices of each group's members, without those that they share in from elsewhere."""
        names = self._view.resolved.names
        found = [
            (name, names.nodes(parse_selector(name)) & ~names.shared) for name in self._view.resolved.policy.groups
        ]
        return [(name, nodes) for name, nodes in found if nodes]

    def _shared_in(self) -> list[tuple[str, int]]:
        """Give the nodes that people share in from elsewhere, which their login or group means too."""
        view, names = self._view, self._view.resolved.names
        people = [*view.resolved.policy.groups, *(user.login for user in names.tailnet.users)] if names.shared else []
        found = [(name, names.nodes(parse_selector(name)) & names.shared) for name in people]
        return [(SHARED_IN_BY + name, nodes) for name, nodes in found if nodes]

    def _guarded(self) -> list[tuple[str, int]]:
        view = self._view
        policy = view.resolved.policy
        asked = dict.fromkeys(effective_postures(policy, grant.src_posture) for grant in view.resolved.grants)
        selectors = [selector for selector in source_selectors(view) if not _is_made_up(selector.name)]
        found: dict[int, str] = {}
        for postures in asked:
            for selector in selectors if postures else ():
                bits = view.sources_of(selector, postures)
                if bits and bits != view.sources_of(selector):
                    found.setdefault(bits, under(selector, postures, "if"))
        return [(text, bits) for bits, text in found.items()]

    def _steered(self) -> list[tuple[str, int]]:
        view = self._view
        found: dict[int, str] = {}
        for grant in view.resolved.grants:
            for selector in part_selectors(grant.parts) if grant.via else ():
                bits = view.targets_of(selector, grant.via)
                if bits and bits != view.targets_of(selector):
                    found.setdefault(bits, under(selector, grant.via or (), "through"))
        return [(text, bits) for bits, text in found.items()]


def _is_made_up(text: str) -> bool:
    """Tell whether a login is one of the population's own, which says nothing to anybody."""
    return text == OUTSIDER or text.endswith(f"@{NEW_DOMAIN}") or text.startswith((NEW_LOGIN, OTHER_LOGIN))


def under(selector: Selector, conditions: Sequence[str], word: str) -> str:
    """Give a selector in words, with the conditions under which it counts."""
    name = selector.name if selector.kind in {"group", "tag", "autogroup"} else selector.text
    return f"{name} ({word} {' or '.join(conditions)})" if conditions else name


def named(rows: Iterable[Access], naming: RuleNaming) -> Iterator[NamedAccess]:
    """Put access into words, row by row."""
    for row in rows:
        yield naming.access(row)
