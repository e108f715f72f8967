"""What a name that means nothing was probably meant to be."""

from __future__ import annotations

from collections.abc import Collection, Container, Mapping

from aclc.diagnostics import Edit, Fix, did_you_mean, shown
from aclc.policy.model import Policy
from aclc.policy.selectors import Selector, parse_selector
from aclc.source import Place
from aclc.syntax.hujson_document import HujsonDocument

# What people write for a prefix of selectors; the right spelling in another letter case counts too.
_MEANT = {
    "autogroup": "autogroup",
    "autogroups": "autogroup",
    "autgroup": "autogroup",
    "auto-group": "autogroup",
    "group": "group",
    "groups": "group",
    "goup": "group",
    "gruop": "group",
    "grp": "group",
    "host": "host",
    "hosts": "host",
    "ipset": "ipset",
    "ipsets": "ipset",
    "ip-set": "ipset",
    "posture": "posture",
    "postures": "posture",
    "service": "svc",
    "services": "svc",
    "svc": "svc",
    "tag": "tag",
    "tags": "tag",
}


# Comparisons of two names that one check may spend on guesses: a file with thousands of unknown names gets no advice
# for the later ones rather than a check that takes minutes.
_BUDGET = 20_000


def meant_prefix(text: str) -> str | None:
    """Give what `groups:eng` and its like were meant to be (`group:eng`), None where the text has no such prefix."""
    head, colon, rest = text.partition(":")
    meant = _MEANT.get(head.strip().casefold().replace("_", "-")) if colon else None
    return None if meant is None else f"{meant}:{rest.strip()}"


def meant_names(section: Mapping[str, object], prefix: str) -> Container[str]:
    """Give the names that a section defines, those with a wrong prefix or none (which is reported) as they were meant.

    Cost: one look at each name.
    """
    wrong = [name for name in section if not name.startswith(prefix)]
    if not wrong:
        return section.keys()
    return {*section, *(meant_prefix(name) or f"{prefix}{name}" for name in wrong)}


def without_ports(selector: Selector) -> Selector | None:
    """Give the selector before the ports of `tag:web:443`; None where there are none. `fd7a::1:443` is an address."""
    head, _, tail = selector.text.rpartition(":")
    has_ports = tail == "*" or (tail[:1].isdigit() and not tail.strip("0123456789,-*"))
    if selector.kind == "prefix" or not head or not has_ports or head.casefold() in _MEANT:
        return None
    return parse_selector(head)


class Guesses:
    """Guesses at what unknown names of one policy were meant to be; the same question has the same answer.

    Cost: a guess compares the name with every defined one; in all no more than a fixed number of comparisons is spent.
    """

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._left = _BUDGET
        self._known: dict[str, str | None] = {}

    def help(self, selector: Selector, otherwise: str | None = None) -> str | None:
        """Give “did you mean …” for a selector that names nothing that is defined, else `otherwise`.

        Names of its own kind come first, then the same name under another prefix.
        """
        if selector.text not in self._known:
            self._known[selector.text] = self._guess(selector)
        guess = self._known[selector.text]
        return otherwise if guess is None else f"did you mean {shown(guess)}?"

    def repair(self, selector: Selector, place: Place) -> Fix | None:
        """Give the repair that writes what was probably meant, at a place where the selector stands; None for no
        guess. It is one that changes the meaning: a guess may be wrong."""
        if self.help(selector) is None or not isinstance(place.document, HujsonDocument):
            return None
        guess, span = self._known[selector.text], place.span
        at = span.text.find(selector.text)
        if guess is None or at < 0:
            return None
        return Fix(f"write {guess}", (Edit(span.within(at, at + len(selector.text)), guess),), safe=False)

    def near(self, word: str, known: Collection[str]) -> str | None:
        """Give the known word nearest to `word`, or None: as `did_you_mean`, within the budget."""
        self._left -= len(known)
        return did_you_mean(word, known) if self._left >= 0 else None

    def _guess(self, selector: Selector) -> str | None:
        policy, text = self._policy, selector.text
        prefixed = meant_prefix(text) if selector.kind == "host" else None
        if prefixed is not None:
            known = self._of_prefix(prefixed)
            return prefixed if known is None or prefixed in known else self._nearest(prefixed, known) or prefixed
        if selector.kind in {"host", "host-prefixed"}:
            near = self.near(selector.name, policy.hosts)
            near = f"host:{near}" if near is not None and selector.kind == "host-prefixed" else near
        else:
            near = self._nearest(text, self._of_prefix(text) or ())
        return near or self._under_another_prefix(text)

    def _of_prefix(self, name: str) -> Collection[str] | None:
        """Give the defined names with the prefix of `name`, None where the policy does not define such names."""
        sections: dict[str, Collection[str]] = {
            "group": self._policy.groups,
            "tag": self._policy.tag_owners,
            "ipset": self._policy.ipsets,
            "posture": self._policy.postures,
            "host": self._policy.hosts,
        }
        return sections.get(name.partition(":")[0])

    def _nearest(self, name: str, known: Collection[str]) -> str | None:
        """Compare without the prefix, which is equal for all and would make short names look near."""
        prefix, _, bare = name.partition(":")
        near = self.near(bare, [each.removeprefix(f"{prefix}:") for each in known])
        return None if near is None else f"{prefix}:{near}"

    def _under_another_prefix(self, text: str) -> str | None:
        bare = text.rpartition(":")[2]
        policy = self._policy
        for names in (policy.groups, policy.tag_owners, policy.hosts, policy.ipsets):
            self._left -= len(names)
            if self._left < 0:
                return None
            for name in names:
                if name != text and name.rpartition(":")[2] == bare:
                    return name
        return None
