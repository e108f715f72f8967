"""Sets of endpoints in the policy's own words: the fewest selectors that say exactly who is meant, and the rest one by
one."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator
from functools import cached_property

from aclc.net import IpSet, interval_text
from aclc.policy.selectors import Selector, parse_selector
from aclc.reach.graph.endpoints import Endpoint, Endpoints, Extent, extents_of, part_selectors
from aclc.reach.graph.space import View
from aclc.reach.words.word_index import Candidate, WordIndex, Words
from aclc.records import NamedTuple
from aclc.resolve.node_sets import indices_of, node_set

EVERYBODY = tuple(parse_selector(text) for text in ("*", "autogroup:member", "autogroup:tagged", "autogroup:shared"))


class Named(NamedTuple):
    """A set of endpoints in words.

    `selectors`: together they hold nothing but the set; the widest first. `rest`: what no selector of the policy
    covers, by node name or address. `nodes`: how many nodes there are in all; `ranges`: how many address ranges behind
    routers or outside.
    """

    selectors: tuple[str, ...]
    rest: tuple[str, ...]
    nodes: int
    ranges: int

    def words(self, most: int = 6) -> str:
        """Give it as a list for people: at most `most` items are written out."""
        items = [*self.selectors, *self.rest]
        shown = items if len(items) <= most else [*items[: most - 1], f"{len(items) - most + 1} more"]
        return ", ".join(shown)


def range_of(endpoint: Endpoint) -> Extent | str:
    """Give the range of addresses that an endpoint is, whichever router leads there; the kind of what exit nodes lead
    to, which is one."""
    if endpoint.kind in {"internet", "elsewhere"}:
        return endpoint.kind
    return endpoint.family, endpoint.first, endpoint.last


def ranges_in(endpoints: Endpoints, found: int) -> int:
    """Count the ranges of addresses in a set that are no nodes: what touches is one, whichever routers lead there, and
    so is the internet behind exit nodes."""
    beyond = {range_of(endpoints.items[at]) for at in indices_of(found & ~endpoints.own)}
    extents = [each for each in beyond if not isinstance(each, str)]
    return len(beyond) - len(extents) + sum(1 for _ in IpSet.from_intervals(extents).intervals())


class Naming:
    """Puts sets of endpoints of one view into words; every selector is looked up once."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._texts: dict[Endpoint, str] = {}

    def source_words(self) -> list[Candidate]:
        """Give the words that there are for sources, those that are preferred first."""
        view = self._view
        return [*self._candidates(source_selectors(view), view.sources_of), *self._logins(view.sources)]

    def target_words(self) -> list[Candidate]:
        """Give the words that there are for targets, those that are preferred first."""
        view = self._view
        logins = [(login, found & view.live) for login, found in self._logins(view.targets)]
        return [*self._candidates(target_selectors(view), view.targets_of), *logins]

    @cached_property
    def _sources(self) -> Words:
        return Words(WordIndex(self.source_words(), len(self._view.sources), self._view.sources.nodes_count))

    @cached_property
    def _targets(self) -> Words:
        return Words(WordIndex(self.target_words(), len(self._view.targets), self._view.targets.nodes_count))

    def sources(self, found: int) -> Named:
        """Give a set of sources in words."""
        return self._named(found, self._sources, self._view.sources)

    def targets(self, found: int) -> Named:
        """Give a set of targets in words."""
        return self._named(found, self._targets, self._view.targets)

    def of_source_nodes(self, nodes: int) -> Named:
        """Give a set of nodes in words, by selectors of sources."""
        return self.sources(self._view.sources.of_nodes(nodes))

    def of_target_nodes(self, nodes: int) -> Named:
        """Give a set of nodes in words, by selectors of destinations."""
        return self.targets(self._view.targets.of_nodes(nodes) & self._view.live)

    @staticmethod
    def _candidates(selectors: Iterable[Selector], lookup: Callable[[Selector], int]) -> list[Candidate]:
        by_set: dict[int, str] = {}
        for selector in selectors:
            found = lookup(selector)
            if found and found not in by_set:
                by_set[found] = _text(selector)
        return sorted(
            ((text, found) for found, text in by_set.items()), key=lambda each: (-each[1].bit_count(), each[0])
        )

    def _logins(self, endpoints: Endpoints) -> list[Candidate]:
        """Give each user's devices without those shared in from outside, which `*` and the login itself may mean
        besides."""
        names = self._view.resolved.names
        return [(user.login, endpoints.of_nodes(names.user(user.login))) for user in names.tailnet.users]

    def _named(self, found: int, words: Words, endpoints: Endpoints) -> Named:
        """Cover the set greedily, widest selector first; only selectors that lie wholly inside it count.

        Of a set that speaks of one family only, selectors are taken in that family.
        """
        taken, left = words.cover(found, endpoints.families_of(found))
        return Named(
            tuple(map(words.text, taken)),
            self.one_by_one(left, found, endpoints),
            endpoints.nodes_in(found & endpoints.own).bit_count(),
            ranges_in(endpoints, found),
        )

    def one_by_one(self, members: Iterable[int], found: int, endpoints: Endpoints) -> tuple[str, ...]:
        """Name some members of a set, each node or range by itself: a node with both families once, one with a single
        family with that family, where the set speaks of the other one too."""
        bits = node_set(list(members))
        texts = [self.endpoint(endpoints.items[at]) for at in indices_of(bits & ~endpoints.own)]
        four, six = (endpoints.nodes_in(bits & endpoints.own & family) for family in endpoints.families)
        nodes, addresses = self._view.resolved.tailnet.nodes, self._view.resolved.names.addresses
        speaks_of_both = all(found & family for family in endpoints.families)
        for family, other, alone in ((4, 6, four & ~six), (6, 4, six & ~four)):
            for node in indices_of(alone if family == 6 else four):
                lacks = speaks_of_both and alone >> node & 1 and any(each.family == other for each in addresses[node])
                texts.append(f"{nodes[node].name} (IPv{family} only)" if lacks else nodes[node].name)
        return tuple(dict.fromkeys(texts))

    def endpoint(self, endpoint: Endpoint) -> str:
        """Name one endpoint: a node by name, an interval by its addresses and the router that serves it."""
        found = self._texts.get(endpoint)
        if found is None:
            found = self._texts[endpoint] = self._text(endpoint)
        return found

    def _text(self, endpoint: Endpoint) -> str:
        nodes = self._view.resolved.tailnet.nodes
        router = nodes[endpoint.node].name if endpoint.node is not None else ""
        if endpoint.kind == "own":
            return router
        if endpoint.kind == "internet":
            return f"the internet through {router}"
        if endpoint.kind == "elsewhere":
            return f"private addresses beyond {router}"
        text = interval_text(endpoint.family, endpoint.first, endpoint.last)
        return f"{text} behind {router}" if router else text


def source_selectors(view: View) -> list[Selector]:
    """Give the selectors that sources may be named by: the policy's own, and those that every policy knows."""
    named = dict.fromkeys(selector for grant in view.resolved.grants for selector in grant.src)
    return list(dict.fromkeys([*EVERYBODY, *_defined(view, view.sources, named), *named, *_people(view)]))


def target_selectors(view: View) -> list[Selector]:
    """Give the selectors that targets may be named by."""
    named = dict.fromkeys(selector for grant in view.resolved.grants for selector in part_selectors(grant.parts))
    wide = (*EVERYBODY, parse_selector("autogroup:internet"))
    return list(dict.fromkeys([*wide, *_defined(view, view.targets, named), *named, *_people(view)]))


def _people(view: View) -> list[Selector]:
    return [parse_selector(user.login) for user in view.resolved.tailnet.users]


def _defined(view: View, endpoints: Endpoints, named: Container[Selector]) -> Iterator[Selector]:
    """Give the groups, tags and hosts of a policy; of hosts that no rule names on this side those that are cut out."""
    policy = view.resolved.policy
    yield from map(parse_selector, (*policy.groups, *policy.tag_owners))
    for selector in map(parse_selector, policy.hosts):
        if selector in named or is_cut_out(view, endpoints, selector):
            yield selector


def is_cut_out(view: View, endpoints: Endpoints, selector: Selector) -> bool:
    """Tell whether endpoints make up all the addresses that a host or an ipset stands for.

    Else its name would stand for that part of it alone which rules happen to name, and what holds for the part need not
    hold for the rest.
    """
    extents = extents_of(view.resolved.names, selector)
    items = (endpoints.items[at] for each in extents for at in indices_of(endpoints.within(*each)))
    return bool(extents) and IpSet.from_intervals(extents) == IpSet.from_intervals(
        (each.family, each.first, each.last) for each in items
    )


def names_of_other_sources(view: View, other: View) -> tuple[list[Candidate], list[Candidate]]:
    """Give the words that only another policy of the space uses for sources, and whom they mean: those that mean the
    same under both policies, hosts that only the other one defines among them with their addresses; and the names of
    people and of sets that only the other one defines."""
    return _names_of_other(view, other, source_selectors, View.sources_of)


def names_of_other_targets(view: View, other: View) -> tuple[list[Candidate], list[Candidate]]:
    """Give the words that only another policy of the space uses for targets, in the same way."""
    return _names_of_other(view, other, target_selectors, lambda each, selector: each.targets_of(selector) & view.live)


def _names_of_other(
    view: View, other: View, selectors: Callable[[View], list[Selector]], meaning: Callable[[View, Selector], int]
) -> tuple[list[Candidate], list[Candidate]]:
    policy = view.resolved.policy
    definitions = {"group": policy.groups, "host": policy.hosts, "ipset": policy.ipsets}
    known = set(selectors(view))
    same, foreign = [], []
    for selector in (each for each in selectors(other) if each not in known):
        if selector.name in definitions.get(selector.kind, (selector.name,)):
            same.append((_text(selector), meaning(view, selector)))
        elif selector.kind == "host" and (host := other.resolved.policy.hosts.get(selector.name)) and host.prefix:
            same.append((f"{selector.name} ({host.prefix})", meaning(other, selector)))
        else:
            foreign.append((_text(selector), meaning(other, selector)))
    return same, foreign


def _text(selector: Selector) -> str:
    return selector.name if selector.kind in {"group", "tag", "autogroup"} else selector.text
