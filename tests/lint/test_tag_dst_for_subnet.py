from __future__ import annotations

from tests.lint.checking import findings

SLUG = "tag-dst-for-subnet"


POLICY = """{"tagOwners": {"tag:r": [], "tag:s": []}, "autoApprovers": {"routes": {"10.0.0.0/24": ["tag:r"]}},
    "acls": [{"action": "accept", "src": ["a@example.com"], "dst": ["%s"]}]}"""


def test_another_tag_is_left_to_the_rule_about_the_route() -> None:
    assert findings(SLUG, POLICY % "tag:s:*") == []
    assert findings("approved-route-unreachable", POLICY % "tag:r:*") == []
    assert [span for _, span, _ in findings(SLUG, POLICY % "tag:r:*")] == ['"tag:r:*"']


def test_a_port_of_the_router_itself_may_be_meant() -> None:
    assert findings(SLUG, POLICY % "tag:r:22") == []
