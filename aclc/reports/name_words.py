"""What the names in a policy mean, in plain words, for readers who know the network and not the language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from aclc.policy.model import Policy
from aclc.policy.selectors import Selector, parse_selector
from aclc.records import NamedTuple

MOST_MEMBERS = 8

AUTOGROUPS = {
    "autogroup:member": "everybody who is a user of this tailnet, with their own devices",
    "autogroup:members": "everybody who is a user of this tailnet, with their own devices",
    "autogroup:tagged": "every machine that carries a tag",
    "autogroup:self": "the devices of the very person who connects",
    "autogroup:shared": "people outside with whom a machine of this tailnet was shared",
    "autogroup:internet": "the internet, by way of exit nodes",
    "autogroup:danger-all": "every address there is, also outside of the tailnet",
    "autogroup:owner": "the owner of the tailnet",
    "autogroup:admin": "users with the role admin",
    "autogroup:it-admin": "users with the role IT admin",
    "autogroup:network-admin": "users with the role network admin",
    "autogroup:billing-admin": "users with the role billing admin",
    "autogroup:auditor": "users with the role auditor",
}

SETTINGS = {
    "disableIPv4": "whether machines go without addresses of IPv4",
    "OneCGNATRoute": "how machines route the addresses of this network: as one large range, or one by one",
    "randomizeClientPort": "whether machines listen on a random UDP port instead of the usual one",
    "derpMap": "the relay servers by which machines talk, in sealed form, where there is no direct way",
    "defaultSrcPosture": "what a device must prove for every rule that asks for nothing of its own",
    "postures": "what devices can be asked to prove, such as their version",
    "attrConfig": "what is known about devices besides: its type, who may set it and who sees it",
    "ipPool": "the range from which machines get their addresses",
}

_ALL_ADDRESSES = {"0.0.0.0/0": "IPv4", "::/0": "IPv6"}

_PARTS = re.compile(
    r" except | \((?:if|without|newly meeting|no longer meeting|through) "
    r"| \((?:other people's devices|but not their own devices|own devices)\)| or |\)(?: |$)|, "
)

PHRASES = (
    (" except ", "… except …", "everybody or everything on the left, without those on the right"),
    (" (if ", "… (if …)", "only devices that meet this posture: they prove something, such as their version"),
    (" (without ", "… (without …)", "only devices that do not meet this posture"),
    (" (newly meeting ", "… (newly meeting …)", "devices that meet this posture now and did not, as it was before"),
    (
        " (no longer meeting ",
        "… (no longer meeting …)",
        "devices that met this posture as it was before, and do not now",
    ),
    ("exit node", "exit node", "a machine through which others go to the internet"),
    ("any other network", "any other network", "networks behind routers that no rule names"),
    (
        " (only through an exit node",
        "… (only through an exit node … that is also a subnet router)",
        "only there: a machine that serves a part of a network opens all that a rule names of it",
    ),
    (" (through ", "… (through …)", "only by way of routers with this tag"),
    (" (other people's devices)", "… (other people's devices)", "devices of anybody but the person who connects"),
    (" (but not their own devices)", "… (but not their own devices)", "all but devices of the person who connects"),
    (" (own devices)", "… (own devices)", "only devices of the person who connects"),
    ("device shared in", "device shared in", "a device of somebody outside, which was shared with this tailnet"),
    ("device of any other user", "device of any other user", "devices of users whom the policy does not name"),
    ("node with any other tag", "node with any other tag", "machines with a tag that the rules do not name"),
    ("ping", "ping", "the machine can be seen to be there, and nothing else"),
)


class Meaning(NamedTuple):
    """A name and what it stands for."""

    name: str
    words: str


def meanings(names: Iterable[str], services: Iterable[str], policies: Sequence[Policy]) -> tuple[Meaning, ...]:
    """Explain the names that a document uses, each once: names first, then the turns of phrase.

    Args:
        names: as the document writes them.
        services: what stands beside them.
        policies: where the names are defined; the last one that knows a name counts.
    """
    texts = list(dict.fromkeys(names))
    found: dict[str, str] = {}
    for part in dict.fromkeys(part for text in texts for part in _PARTS.split(text) if part):
        words = _words(parse_selector(part), policies)
        if words:
            found[part] = words
    said = [*texts, *services]
    phrases = {head: words for mark, head, words in PHRASES if any(mark in text for text in said)}
    return tuple(Meaning(*each) for each in (*found.items(), *phrases.items()))


def _words(selector: Selector, policies: Sequence[Policy]) -> str:
    for policy in reversed(policies):
        words = _in_policy(selector, policy)
        if words:
            return words
    if selector.text in _ALL_ADDRESSES:
        return f"every address of {_ALL_ADDRESSES[selector.text]}"
    match selector.kind:
        case "any":
            return "everything: every device of the tailnet and every network behind its routers"
        case "autogroup":
            return AUTOGROUPS.get(selector.name, "")
        case "group":
            return "a group that this policy does not define"
        case "tag":
            return f"machines that carry the tag {selector.name.removeprefix('tag:')}"
        case _:
            return ""


def _in_policy(selector: Selector, policy: Policy) -> str:
    name = selector.name
    if selector.text in SETTINGS and name not in policy.hosts:
        return SETTINGS[selector.text]
    if name in policy.groups:
        members = [member.text for member in policy.groups[name].members]
        return f"people: {_listed(members)}" if members else "a group without members"
    if name in policy.tag_owners:
        owners = [owner.text for owner in policy.tag_owners[name].owners]
        applied = f", which {_listed(owners)} may apply" if owners else ", which only admins may apply"
        return f"machines that carry the tag {name.removeprefix('tag:')}{applied}"
    if name in policy.hosts and policy.hosts[name].prefix is not None:
        return f"the address {policy.hosts[name].prefix}"
    if name in policy.ipsets:
        steps = policy.ipsets[name].steps
        added = [step.selector.text for step in steps if not step.remove]
        removed = [step.selector.text for step in steps if step.remove]
        less = f", without {_listed(removed)}" if removed else ""
        return f"the addresses {_listed(added)}{less}" if added else "a set of addresses that is empty"
    if name in policy.postures:
        return f"what a device must prove: {' '.join(policy.postures[name].place.span.text.split())}"
    return ""


def _listed(names: Sequence[str]) -> str:
    if len(names) <= MOST_MEMBERS:
        return ", ".join(names)
    return f"{', '.join(names[: MOST_MEMBERS - 1])} and {len(names) - MOST_MEMBERS + 1} more"
