"""Devices in words by what they no longer have to show, or newly have to: `group:eng (without posture:new)`."""

from __future__ import annotations

from collections.abc import Sequence

from aclc.policy.model import Policy
from aclc.policy.selectors import parse_selector
from aclc.reach.graph.space import View
from aclc.reach.words.rule_naming import under
from aclc.reach.words.word_index import Candidate
from aclc.resolve.posture import effective_postures

WITHOUT = "without"
NEWLY = "newly meeting"
NO_LONGER = "no longer meeting"

_EVERYBODY = parse_selector("autogroup:danger-all")
_LITERALS = frozenset({"prefix", "host", "ipset"})


def posture_words(view: View, beside: View | None) -> list[Candidate]:
    """Give words for devices that meet the postures of one policy only: where the policies ask for different ones, or
    define one otherwise.

    `view`: the policy that gives the access which is spoken of; `beside`: the other one, None: there is none. A group,
    like a login, may stand for its members' devices without those that they share in. Empty where no rule asks for a
    posture.
    """
    if beside is None:
        return []
    policies = view.resolved.policy, beside.resolved.policy
    asked = [
        (effective_postures(each.resolved.policy, grant.src_posture), grant.src)
        for each in (view, beside)
        for grant in each.resolved.grants
    ]
    selectors = dict.fromkeys(selector for postures, src in asked if postures for selector in src)
    shared = view.sources.of_nodes(view.resolved.names.shared)
    found: dict[int, str] = {}
    for postures in dict.fromkeys(postures for postures, _ in asked if postures):
        same = _same(postures, policies)
        met = beside.sources_of(_EVERYBODY, postures)
        for selector in selectors:
            everybody = view.sources_of(selector)
            if selector.kind in _LITERALS:
                everybody &= view.sources.own  # what lies behind routers shows nothing, and need not
            words = [(WITHOUT, everybody & ~met)] if same or postures[0] not in policies[0].postures else []
            words += [("if", everybody & met)] if words else []
            if not same:
                words.append(
                    (NO_LONGER if view.is_first else NEWLY, view.sources_of(selector, postures) & everybody & ~met)
                )
            for word, bits in words:
                own = bits & ~shared if selector.kind in {"group", "user"} else bits
                for each in (bits, own) if bits != everybody else ():
                    if each:
                        found.setdefault(each, under(selector, postures, word))
    return [(text, bits) for bits, text in found.items()]


def _same(postures: Sequence[str], policies: tuple[Policy, Policy]) -> bool:
    """Tell whether both policies define some postures in the same words."""
    meanings = [
        [[each.text for each in policy.postures[name].conditions] for name in postures if name in policy.postures]
        for policy in policies
    ]
    return meanings[0] == meanings[1]
