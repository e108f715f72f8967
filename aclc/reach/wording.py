"""Parts of access in words that stay true and stay short: `group:eng except ada@example.com`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from aclc.policy.selectors import parse_selector
from aclc.reach.cover import greedy_cover
from aclc.reach.endpoints import Endpoints
from aclc.reach.naming import names_of_other_sources, names_of_other_targets
from aclc.reach.plain_names import plain_texts
from aclc.reach.rule_naming import Candidate, RuleNaming
from aclc.reach.setting import Setting
from aclc.reach.space import View
from aclc.records import NamedTuple
from aclc.resolve.node_sets import indices_of, node_set

MOST_EXCEPTIONS = 3

EXCEPT = " except "

EVERY_SOURCE = parse_selector("autogroup:danger-all")


class Worded(NamedTuple):
    """A set in words. `bits`: whoever the words mean; at least the set itself."""

    texts: tuple[str, ...]
    bits: int


class Wording:
    """Puts parts of rectangles into words.

    On one tailnet the words are exact. For every tailnet they speak of the least privileged: who has more than a
    selector gives may have had before what it gains, so `autogroup:member` stands for members of whom nothing else is
    known, and names that are known to be apart are excepted.

    `beside`: the other policy, whose names say too who is excepted: whoever keeps something is named by the policy that
    leaves it to them.
    """

    def __init__(self, setting: Setting, view: View, beside: View | None = None) -> None:
        self._everywhere = setting.everywhere
        self._view = view
        self._source_names = names_of_other_sources(view, beside) if beside is not None else ([], [])
        self._target_names = names_of_other_targets(view, beside) if beside is not None else ([], [])
        self._naming = RuleNaming(view)
        self._told_by: dict[int, list[int]] = {}
        self._least: dict[tuple[int, int], int] = {}

    def sources(self, part: int, within: int, grants: Sequence[int]) -> Worded:
        """Give the part of a rectangle's sources in words; `grants`: the rules behind the rectangle."""
        mine, general = self._naming.source_candidates(grants)
        same, foreign = self._source_names
        return self._worded(part, within, [*mine, *general, *same], foreign, self._view.sources)

    def targets(self, part: int, within: int, grants: Sequence[int]) -> Worded:
        """Give the part of a rectangle's targets in words."""
        mine, general = self._naming.target_candidates(grants)
        same, foreign = self._target_names
        return self._worded(part, within, [*mine, *general, *same], foreign, self._view.targets)

    def source_nodes(self, part: int, within: int, mine: Sequence[Candidate], apart: int = 0) -> Worded:
        """Give nodes as sources in words; the answer's `bits` are nodes too.

        `mine`: the words of the rule behind them, with the nodes that they mean. `apart`: nodes that the words need not
        tell from others, because they are spoken of elsewhere.
        """
        view = self._view
        known = view.sources_of(EVERY_SOURCE) & view.sources.own
        return self._nodes(part, within, mine, view.sources, known, self._naming.source_candidates(())[1], apart)

    def target_nodes(self, part: int, within: int, mine: Sequence[Candidate], apart: int = 0) -> Worded:
        """Give nodes as targets in words."""
        view = self._view
        known = view.live & view.targets.own
        return self._nodes(part, within, mine, view.targets, known, self._naming.target_candidates(())[1], apart)

    def _nodes(
        self,
        part: int,
        within: int,
        mine: Sequence[Candidate],
        endpoints: Endpoints,
        known: int,
        general: Sequence[Candidate],
        apart: int,
    ) -> Worded:
        full = [(text, endpoints.of_nodes(nodes) & known) for text, nodes in mine]
        same, foreign = self._names_beside(endpoints)
        full += ((text, bits & known) for text, bits in (*general, *same))
        beside = [(text, bits & known) for text, bits in foreign]
        told = known & ~endpoints.of_nodes(apart)
        candidates = [(text, bits & told) for text, bits in full if bits & told]
        others = [(text, bits & told) for text, bits in beside if bits & told]
        who, of_all = endpoints.of_nodes(part) & told, endpoints.of_nodes(within) & told
        worded = self._worded(who, of_all, candidates, others, endpoints)
        meant = dict(reversed([*full, *beside])) if apart else {}
        bits = worded.bits
        for text in worded.texts if apart else ():
            words, _, excepted = text.partition(EXCEPT)
            bits |= meant.get(words, 0) & ~_union(meant.get(each, 0) for each in excepted.split(", "))
        return worded._replace(bits=endpoints.nodes_in(bits) | part)

    def _names_beside(self, endpoints: Endpoints) -> tuple[list[Candidate], list[Candidate]]:
        return self._source_names if endpoints is self._view.sources else self._target_names

    def _worded(
        self, part: int, within: int, candidates: list[Candidate], beside: list[Candidate], endpoints: Endpoints
    ) -> Worded:
        """Give the shortest words: whole selectors and single names, or one selector with exceptions, which names
        `beside` may say too.

        For every tailnet, names that are none of the policy's count as long: they stand for nobody in particular.
        """
        spoken = 0
        for family in endpoints.families:
            spoken |= family if part & family else 0
        known = [(text, bits & spoken) for text, bits in candidates]
        usable = [(text, bits) for text, bits in known if bits and not bits & ~within]
        known += ((text, bits & spoken) for text, bits in beside)
        exact = self._naming.cover(part, usable, endpoints)
        best = Worded((*exact.selectors, *self._plain(exact.rest)), part)
        dear = 3 if self._everywhere else 1
        shortest = len(exact.selectors) + dear * len(exact.rest)
        for text, bits in usable if shortest > 1 else ():
            held = bits & part
            if not held or (held != bits and shortest == 2):  # an exception makes two words at least
                continue
            excepted = self._excepted(bits & ~part, [each for each in known if not each[1] & held], endpoints)
            if excepted is None:
                continue
            apart, unnamed = excepted
            if unnamed and self._least_of(bits, endpoints) & unnamed:
                continue
            rest = self._naming.cover(part & ~bits, usable, endpoints)
            words = (_except(text, apart), *rest.selectors, *self._plain(rest.rest))
            length = 1 + len(apart) + len(rest.selectors) + dear * len(rest.rest)
            if length < shortest:
                best, shortest = Worded(words, part | unnamed), length
        return best

    def _plain(self, names: tuple[str, ...]) -> tuple[str, ...]:
        return plain_texts(names) if self._everywhere else names

    def _excepted(
        self, missing: int, known: list[Candidate], endpoints: Endpoints
    ) -> tuple[tuple[str, ...], int] | None:
        """Give the names of what is missing from a selector, and who of them has no name; None where the names are too
        many to say.

        Only for every tailnet some have no name: they stand for what other rules may give.
        """
        taken, left = greedy_cover(missing, [bits for _, bits in known], MOST_EXCEPTIONS + 1)
        found = [known[number][0] for number in taken]
        if not self._everywhere:
            found += self._naming.cover(left, (), endpoints).rest
            left = 0
        return (tuple(found), left) if len(found) <= MOST_EXCEPTIONS else None

    def _least_of(self, bits: int, endpoints: Endpoints) -> int:
        """Give the members of a set of whom no other member has less."""
        key = (id(endpoints), bits)
        found = self._least.get(key)
        if found is None:
            told_by = self._words_of_each(endpoints)
            members = indices_of(bits)
            kinds = {told_by[at] for at in members}
            least = {kind for kind in kinds if not any(other != kind and other & ~kind == 0 for other in kinds)}
            found = self._least[key] = node_set([at for at in members if told_by[at] in least])
        return found

    def _words_of_each(self, endpoints: Endpoints) -> list[int]:
        """Give for each endpoint the words that mean it, as bits."""
        found = self._told_by.get(id(endpoints))
        if found is None:
            is_source = endpoints is self._view.sources
            known = self._naming.source_candidates(()) if is_source else self._naming.target_candidates(())
            found = self._told_by[id(endpoints)] = [0] * len(endpoints.items)
            same, foreign = self._names_beside(endpoints)
            for number, (_, members) in enumerate((*known[1], *same, *foreign)):
                for at in indices_of(members):
                    found[at] |= 1 << number
        return found


def _except(text: str, apart: Sequence[str]) -> str:
    return f"{text}{EXCEPT}{', '.join(apart)}" if apart else text


def _union(sets: Iterable[int]) -> int:
    found = 0
    for each in sets:
        found |= each
    return found
