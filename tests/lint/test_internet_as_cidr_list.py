from __future__ import annotations

from tests.lint.checking import findings

SLUG = "internet-as-cidr-list"


POLICY = """{"acls": [{"action": "accept", "src": ["*"], "dst": [%s]}]}"""


def test_half_of_it_is_enough_and_a_few_networks_are_not() -> None:
    halves = '"0.0.0.0/2:*", "64.0.0.0/2:*", "128.0.0.0/2:*"'
    assert len(findings(SLUG, POLICY % halves)) == 1
    assert findings(SLUG, POLICY % '"10.0.0.0/8:*", "1.0.0.0/8:*", "2.0.0.0/8:*"') == []


def test_where_the_internet_is_named_too_the_list_is_only_idle() -> None:
    assert findings(SLUG, POLICY % '"0.0.0.0/2:*", "64.0.0.0/2:*", "128.0.0.0/2:*", "autogroup:internet:*"') == []
