from __future__ import annotations

from tests.lint.checking import findings

SLUG = "subnet-v6-missing"

POLICY = """{"tagOwners": {"tag:r": [], "tag:s": []}, "hosts": {"site": "10.1.0.0/16"},
    "autoApprovers": {"routes": {"10.1.0.0/16": ["tag:r"], "2001:db8:1::/48": [%s]}},
    "grants": [{"src": ["a@example.com"], "dst": ["10.1.0.0/16", "2001:db8:1::/48"], "ip": ["*"]},
               {"src": ["b@example.com"], "dst": [%s], "ip": ["tcp:443"]}%s]}"""


def test_an_alias_of_the_network_means_the_network() -> None:
    assert [span for _, span, _ in findings(SLUG, POLICY % ('"tag:r"', '"site"', ""))] == ['"site"']


def test_routes_of_two_routers_are_two_sites() -> None:
    assert findings(SLUG, POLICY % ('"tag:s"', '"10.1.0.0/16"', "")) == []


def test_a_part_of_the_network_may_have_no_other_family() -> None:
    assert findings(SLUG, POLICY % ('"tag:r"', '"10.1.0.0/24"', "")) == []


def test_another_rule_may_open_the_other_family() -> None:
    other = ', {"src": ["b@example.com"], "dst": ["2001:db8:1::/64"], "ip": ["tcp:443"]}'
    assert findings(SLUG, POLICY % ('"tag:r"', '"10.1.0.0/16"', other)) == []
