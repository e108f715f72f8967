"""Selectors that stand where they may not, each given to exactly one rule.

Which selectors a position takes is the dialect's to say (`Dialect.positions`). Which rule answers for a wrong one is
said here and nowhere else, so that no mistake is reported twice and none falls between two rules.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aclc.dialects.dialect import Dialect, Position
from aclc.dialects.tailscale import TAILSCALE
from aclc.lint.names import meant_prefix
from aclc.lint.uses import Uses
from aclc.policy.selectors import Kind, Selector

Misplaced = Mapping[str, Sequence[tuple[str, Selector]]]
"""What each rule, by its slug, has to answer for: positions, and the selectors that they do not take."""

# A position that is explained best as a whole.
_BY_POSITION = {
    "autoApprovers": "autoapprover-value",
    "grants.via": "via-not-tag",
    "ipsets": "undefined-ipset",
    "ssh.dst": "ssh-dst-invalid",
    "ssh.recorder": "undefined-ssh-recorder",
    "sshTests.dst": "sshtest-dst",
    "sshTests.src": "sshtest-dst",
    "tagOwners": "tagowner-value",
}

# Where Headscale takes a bare name for a login that lacks its `@`, since no host can stand there.
_LOGINS = frozenset({"groups", "tagOwners", "autoApprovers"})

# An autogroup with a law of its own.
_BY_AUTOGROUP = {
    "autogroup:danger-all": "danger-all-misuse",
    "autogroup:internet": "internet-misuse",
    "autogroup:self": "self-misuse",
}


def misplaced(uses: Uses, dialect: Dialect) -> Misplaced:
    """Give every selector that stands where the dialect does not take it, by the slug of the rule that answers for
    it."""
    found: dict[str, list[tuple[str, Selector]]] = {}
    for position, kind, selectors in uses.kinds():
        law = dialect.positions[position]
        for selector in selectors:
            if not _allowed(law, kind, selector, dialect):
                slug = _answers(position, selector, dialect)
                found.setdefault(slug, []).append((position, selector))
    return found


def _allowed(law: Position, kind: Kind, selector: Selector, dialect: Dialect) -> bool:
    if kind not in law.kinds:
        return False
    if kind == "autogroup":
        spelt = selector.text == selector.name or selector.text in dialect.autogroup_spellings
        return spelt and selector.name in law.autogroups
    return kind != "prefix" or law.cidr or (selector.prefix is not None and selector.prefix.is_single)


def _answers(position: str, selector: Selector, dialect: Dialect) -> str:
    if dialect.is_headscale:
        if selector.kind == "host" and position in _LOGINS:
            return "user-suffix"
        if _allowed(TAILSCALE.positions[position], selector.kind, selector, TAILSCALE):
            return "unsupported-by-target"
    if position in _BY_POSITION:
        return _BY_POSITION[position]
    if selector.kind == "autogroup":
        return _BY_AUTOGROUP.get(selector.name, "unknown-autogroup")
    if position == "groups" and selector.kind == "group":
        return "nested-group"
    if selector.kind == "localpart":
        return "localpart-misuse"
    if selector.kind == "host" and meant_prefix(selector.text) is not None:
        return "wrong-prefix"
    return "misplaced-selector"
