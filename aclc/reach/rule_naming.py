"""Access in words: by the selectors of the rules behind it, under the conditions that the rules make."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from aclc.policy.selectors import Selector, parse_selector
from aclc.reach.access import Access
from aclc.reach.endpoints import Endpoints, part_selectors
from aclc.reach.naming import Named, Naming, source_selectors
from aclc.reach.population import NEW_DOMAIN, NEW_LOGIN, OTHER_LOGIN, OUTSIDER
from aclc.reach.principals import Principal
from aclc.reach.space import View
from aclc.records import NamedTuple
from aclc.resolve.posture import effective_postures

SHARED_IN_BY = "devices shared in by "

Candidate = tuple[str, int]
"""Words, and what they stand for."""


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
        self._is_complete = False

    def sources(self, found: int) -> Named:
        """Give a set of sources in words."""
        self._complete()
        return super().sources(found)

    def targets(self, found: int) -> Named:
        """Give a set of targets in words."""
        self._complete()
        return super().targets(found)

    def access(self, row: Access) -> NamedAccess:
        """Give one row in words, those of the rules behind it where they say it all."""
        who = self.cover(row.sources, self.source_candidates(row.grants)[0], self._view.sources)
        what = self.cover(row.targets, self.target_candidates(row.grants)[0], self._view.targets)
        return NamedAccess(
            self.sources(row.sources) if who.rest else who, self.targets(row.targets) if what.rest else what, row
        )

    def cover(self, found: int, candidates: Sequence[Candidate], endpoints: Endpoints) -> Named:
        """Name a set by candidates that lie inside it, the rest one by one."""
        return self._named(found, candidates, endpoints)

    def source_candidates(self, grants: Iterable[int]) -> tuple[list[Candidate], list[Candidate]]:
        """Give the words that some rules use for their sources, and those that there are besides."""
        self._complete()
        view = self._view
        found: dict[str, int] = {}
        for grant in (view.resolved.grants[at] for at in grants):
            postures = effective_postures(view.resolved.policy, grant.src_posture)
            for selector in grant.src:
                found[under(selector, postures, "if")] = view.sources_of(selector, postures)
        return list(found.items()), self._sources or []

    def target_candidates(self, grants: Iterable[int]) -> tuple[list[Candidate], list[Candidate]]:
        """Give the words that some rules use for their destinations, and those that there are besides."""
        self._complete()
        view = self._view
        found: dict[str, int] = {}
        for grant in (view.resolved.grants[at] for at in grants):
            for selector in part_selectors(grant.parts):
                found[under(selector, grant.via or (), "through")] = view.targets_of(selector, grant.via)
        return list(found.items()), self._targets or []

    def _complete(self) -> None:
        if self._is_complete:
            return
        self._is_complete = True
        super().sources(0)
        super().targets(0)
        view = self._view
        names = view.resolved.names
        unshared = [(name, names.nodes(parse_selector(name)) & ~names.shared) for name in view.resolved.policy.groups]
        if self._sources is not None:
            mine = [(each.text, each.sources(view)) for each in self._asked]
            mine += [(text, bits & ~view.sources.of_nodes(names.shared)) for text, bits in mine]
            self._sources = [each for each in self._sources if not _is_made_up(each[0])]
            self._sources[:0] = [(text, bits) for text, bits in mine if bits]
            self._sources += [(name, view.sources.of_nodes(nodes)) for name, nodes in unshared if nodes]
            self._sources += self._shared_in()
            self._sources += self._guarded()
        if self._targets is not None:
            theirs = [(each.text, each.targets(view)) for each in self._asked]
            self._targets = [each for each in self._targets if not _is_made_up(each[0])]
            self._targets[:0] = [(text, bits) for text, bits in theirs if bits]
            self._targets += [(name, view.targets.of_nodes(nodes) & view.live) for name, nodes in unshared if nodes]
            self._targets += self._steered()

    def _shared_in(self) -> list[tuple[str, int]]:
        """Give the devices that people share in from elsewhere, which their login or group means too."""
        view, names = self._view, self._view.resolved.names
        people = [*view.resolved.policy.groups, *(user.login for user in names.tailnet.users)] if names.shared else []
        found = [(name, names.nodes(parse_selector(name)) & names.shared) for name in people]
        return [(SHARED_IN_BY + name, view.sources.of_nodes(nodes)) for name, nodes in found if nodes]

    def _guarded(self) -> list[tuple[str, int]]:
        view = self._view
        policy = view.resolved.policy
        asked = dict.fromkeys(effective_postures(policy, grant.src_posture) for grant in view.resolved.grants)
        found: dict[int, str] = {}
        for postures in asked:
            for selector in source_selectors(view) if postures else ():
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
