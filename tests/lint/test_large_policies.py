"""A policy of thousands of rules is checked in little time, and what is left out is said."""

from __future__ import annotations

from aclc.dialects.tailscale import TAILSCALE
from aclc.lint.run import MOST_RULES, check_policy
from aclc.lint.selection import Selection
from aclc.policy.read_hujson import read_policy
from aclc.source import Source

RULE = '{"src": ["*"], "dst": ["*"], "ip": ["*"]}'


def codes(rules: int, selection: Selection) -> list[str]:
    """Give the codes of what is found in a policy of so many equal rules."""
    read = read_policy(Source("policy.hujson", f'{{"grants": [{", ".join([RULE] * rules)}]}}'))
    assert read.value is not None
    return [found.code.id for found in check_policy(read.value, TAILSCALE, selection=selection)]


def test_beyond_the_limit_one_finding_says_what_was_left_out() -> None:
    assert ["OPS008"] == codes(MOST_RULES + 1, Selection())


def test_it_can_be_ignored() -> None:
    assert [] == codes(MOST_RULES + 1, Selection(ignore=frozenset({"OPS008"})))


def test_a_small_policy_is_looked_at() -> None:
    assert "SEC001" in codes(2, Selection())
