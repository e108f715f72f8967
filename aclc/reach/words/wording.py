"""Parts of access in words that stay true and stay short: `group:eng except ada@example.com`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache, cached_property

from aclc.net import IpSet, Prefix
from aclc.policy.selectors import parse_selector
from aclc.reach.graph.endpoints import Endpoints
from aclc.reach.graph.space import View
from aclc.reach.words.cover import greedy_cover
from aclc.reach.words.naming import names_of_other_sources, names_of_other_targets
from aclc.reach.words.plain_names import StandIns, plain_texts, stand_in_words
from aclc.reach.words.posture_words import posture_words
from aclc.reach.words.rule_naming import RuleNaming
from aclc.reach.words.setting import Setting
from aclc.reach.words.short_words import Lexicon, SingleNames, short_words
from aclc.reach.words.word_index import Candidate, WordIndex, Words
from aclc.records import NamedTuple
from aclc.resolve.node_sets import indices_of, node_set, union_of

EXCEPT = " except "

EVERY_SOURCE = parse_selector("autogroup:danger-all")


class Worded(NamedTuple):
    """A set in words. `bits`: whoever the words mean; at least the set itself."""

    texts: tuple[str, ...]
    bits: int


def names_in(texts: Iterable[str]) -> int:
    """Count the names in words, those that are excepted included.

    >>> names_in(["group:a except tag:b, tag:c", "group:d"])
    4
    """
    return sum(1 + (text.partition(EXCEPT)[2].count(", ") + 1 if EXCEPT in text else 0) for text in texts)


class Wording:
    """Puts parts of rectangles into words.

    On one tailnet the words are exact. For every tailnet they speak of the least privileged: who has more than a
    selector gives may have had before what it gains, so `autogroup:member` stands for members of whom nothing else is
    known, and names that are known to be apart are excepted.

    `beside`: the other policy, whose names say too who is excepted: whoever keeps something is named by the policy that
    leaves it to them.
    """

    def __init__(self, setting: Setting, view: View, beside: View | None = None) -> None:
        self._stand_ins = setting.stand_ins if setting.everywhere else None
        self._view = view
        self._beside = beside
        self._naming = RuleNaming(view)

    @cached_property
    def _sources(self) -> _Side:
        view, beside = self._view, self._beside
        same, foreign = names_of_other_sources(view, beside) if beside is not None else ([], [])
        words = [*self._naming.source_words(), *same, *posture_words(view, beside)]
        return _Side(self._naming, view.sources, words, foreign, self._stand_ins)

    @cached_property
    def _targets(self) -> _Side:
        view, beside = self._view, self._beside
        same, foreign = names_of_other_targets(view, beside) if beside is not None else ([], [])
        words = [*self._naming.target_words(), *same]
        return _Side(self._naming, view.targets, words, foreign, self._stand_ins)

    def sources(self, part: int, within: int, grants: Sequence[int]) -> Worded:
        """Give the part of a rectangle's sources in words; `grants`: the rules behind the rectangle."""
        return self._with_addresses(self._sources.worded(part, within, self._naming.source_words_of(grants)))

    def targets(self, part: int, within: int, grants: Sequence[int]) -> Worded:
        """Give the part of a rectangle's targets in words."""
        return self._with_addresses(self._targets.worded(part, within, self._naming.target_words_of(grants)))

    def sources_by_rules(self, found: int, within: int, grants: Sequence[int]) -> Worded | None:
        """Give the words of the rules that together mean a set of sources, and whoever of `within` they mean besides;
        None where they do not mean all of it, or more than `within`."""
        return self._by_rules(found, within, self._naming.source_words_of(grants))

    def targets_by_rules(self, found: int, within: int, grants: Sequence[int]) -> Worded | None:
        """Give the words of the rules that together mean a set of targets, in the same way."""
        return self._by_rules(found, within, self._naming.target_words_of(grants))

    def _by_rules(self, found: int, within: int, words: Sequence[Candidate]) -> Worded | None:
        inside = [(text, bits) for text, bits in words if not bits & ~within]
        taken, left = greedy_cover(found, [bits for _, bits in inside])
        if left:
            return None
        chosen = [inside[at] for at in sorted(taken)]
        return self._with_addresses(Worded(tuple(text for text, _ in chosen), union_of(bits for _, bits in chosen)))

    @cached_property
    def _moved(self) -> dict[str, str]:
        """Hosts that stand for something else under the other policy, with what they stand for here."""
        here = self._view.resolved.policy.hosts
        there = self._beside.resolved.policy.hosts if self._beside is not None else {}
        return {
            name: f"{name} ({host.prefix})"
            for name, host in here.items()
            if name in there and host.prefix is not None and host.prefix != there[name].prefix
        }

    def _with_addresses(self, worded: Worded) -> Worded:
        """Tell hosts of one name apart: both policies may gain and lose `db` in one difference."""
        if not self._moved:
            return worded
        told = []
        for text in worded.texts:
            words, with_exceptions, excepted = text.partition(EXCEPT)
            name, gap, conditions = words.partition(" ")
            listed = ", ".join(self._moved.get(each, each) for each in excepted.split(", "))
            told.append(f"{self._moved.get(name, name)}{gap}{conditions}{with_exceptions}{listed}")
        return worded._replace(texts=tuple(told))

    def source_nodes(self, part: int, within: int, mine: Sequence[Candidate], apart: int = 0) -> Worded:
        """Give nodes as sources in words; the answer's `bits` are nodes too.

        `mine`: the words of the rule behind them, with the nodes that they mean. `apart`: nodes that the words need not
        tell from others, because they are spoken of elsewhere.
        """
        view = self._view
        return self._sources.nodes(part, within, mine, view.sources_of(EVERY_SOURCE) & view.sources.own, apart)

    def target_nodes(self, part: int, within: int, mine: Sequence[Candidate], apart: int = 0) -> Worded:
        """Give nodes as targets in words."""
        view = self._view
        return self._targets.nodes(part, within, mine, view.live & view.targets.own, apart)


class _Side:
    """The words for one side, those of the policy first; `foreign` words only except."""

    def __init__(
        self,
        naming: RuleNaming,
        endpoints: Endpoints,
        words: Sequence[Candidate],
        foreign: Sequence[Candidate],
        stand_ins: Sequence[tuple[Prefix, IpSet]] | None,
    ) -> None:
        """Take the words. `stand_ins`: what stands for other addresses for every tailnet; None: it is about one."""
        everywhere = stand_ins is not None
        self._stand_ins = stand_ins or ()
        self._naming = naming
        self._endpoints = endpoints
        self._all = (*words, *foreign)
        self._index = WordIndex(self._all, len(endpoints), endpoints.nodes_count)
        self._foreign = range(len({bits for _, bits in words if bits}), len(self._index.sets))
        self._everywhere = everywhere
        self._names = SingleNames(self._listed, self._counted, cache(self._one), 3 if everywhere else 1)
        self._least: dict[int, int] = {}
        self._last: tuple[tuple[Candidate, ...], Words] = (), Words(self._index)

    def worded(self, part: int, within: int, mine: Sequence[Candidate], told: int = -1) -> Worded:
        """Give the shortest words: whole selectors and single names, or one selector with exceptions, which foreign
        words may say too.

        `mine`: words that are preferred. `told`: whom words speak of. For every tailnet, names that are none of the
        policy's count as long: they stand for nobody in particular.
        """
        # WHY: parts of one rectangle come one after the other.
        if self._last[0] != tuple(mine):
            self._last = tuple(mine), Words(self._index, mine)
        words = self._last[1]
        least_of = self._least_of if self._everywhere else None
        lexicon = Lexicon(words, self._names, self._endpoints.families, self._foreign, least_of, told)
        short = short_words(lexicon, part, within)
        if self._everywhere and short.apart and self._leaves_nothing(part, short.apart, mine):
            return Worded(self._plain(self._listed(indices_of(part), part)), part)
        texts = [words.text(number) for number in short.words]
        # WHY not of a service: it goes by its name, whether or not `*` opens it.
        if short.apart and not (short.apart == ("*",) and texts[0].startswith("svc:")):
            texts[0] = f"{texts[0]}{EXCEPT}{', '.join(short.apart)}"
        plain = self._plain(short.names) if self._everywhere else short.names
        return Worded((*texts, *plain), part | short.unnamed)

    def _plain(self, names: Iterable[str]) -> tuple[str, ...]:
        return plain_texts(names, self._stand_in_words) if names else ()

    @cached_property
    def _stand_in_words(self) -> StandIns:
        return stand_in_words(self._stand_ins)

    def _leaves_nothing(self, part: int, apart: Sequence[str], mine: Sequence[Candidate]) -> bool:
        """Tell whether exceptions name all the addresses of a part, which differs in the routers that lead there: no
        words for readers, to whom `net except 10.0.0.0/25, 10.0.0.128/25` is nothing at all."""
        if part & self._endpoints.own:
            return False
        meant = dict(reversed((*mine, *self._all)))
        return self._ranges(part) <= self._ranges(union_of(meant.get(each, 0) for each in apart))

    def _ranges(self, bits: int) -> set[tuple[int, int, int]]:
        items = map(self._endpoints.items.__getitem__, indices_of(bits & ~self._endpoints.own))
        return {(each.family, each.first, each.last) for each in items}

    def nodes(self, part: int, within: int, mine: Sequence[Candidate], known: int, apart: int) -> Worded:
        """Give nodes in words, as far as they are `known`; the answer's `bits` are nodes too."""
        endpoints = self._endpoints
        first = [(text, endpoints.of_nodes(nodes) & known) for text, nodes in mine]
        told = known & ~endpoints.of_nodes(apart)
        worded = self.worded(endpoints.of_nodes(part) & told, endpoints.of_nodes(within) & told, first, told)
        bits = worded.bits
        if apart:
            # WHY: words mean those too who are spoken of elsewhere.
            meant = dict(reversed((*first, *self._all)))
            for text in worded.texts:
                words, _, excepted = text.partition(EXCEPT)
                out = union_of(meant.get(each, 0) for each in excepted.split(", "))
                bits |= meant.get(words, 0) & known & ~out
        return worded._replace(bits=endpoints.nodes_in(bits) | part)

    def _listed(self, members: Iterable[int], found: int) -> tuple[str, ...]:
        return self._naming.one_by_one(members, found, self._endpoints)

    def _counted(self, names: tuple[str, ...]) -> int:
        return len(self._plain(names)) if self._everywhere else len(names)

    def _one(self, member: int) -> str:
        return self._naming.endpoint(self._endpoints.items[member])

    def _least_of(self, bits: int) -> int:
        """Give the members of a set of whom no other member has less."""
        found = self._least.get(bits)
        if found is None:
            members = indices_of(bits)
            told_by = {at: node_set(self._index.holders[self._index.kind_of[at]]) for at in members}
            kinds = set(told_by.values())
            least = {kind for kind in kinds if not any(other != kind and other & ~kind == 0 for other in kinds)}
            found = self._least[bits] = node_set([at for at in members if told_by[at] in least])
        return found
