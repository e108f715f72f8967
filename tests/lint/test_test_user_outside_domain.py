from __future__ import annotations

from tests.lint.checking import a_tailnet, findings

SLUG = "test-user-outside-domain"
POLICY = """{"grants": [], "tests": [{"src": "x@example.org", "deny": ["a@example.com:1"]}]}"""


def test_a_user_whom_the_tailnet_lists_belongs_to_it() -> None:
    assert findings(SLUG, POLICY, a_tailnet(domains=("example.com",), users=("x@example.org",))) == []
    assert findings(SLUG, POLICY, a_tailnet(domains=("example.com",))) == [("warning", '"x@example.org"', None)]


def test_nothing_is_said_where_domains_are_not_known() -> None:
    assert findings(SLUG, POLICY) == []
    assert findings(SLUG, POLICY, a_tailnet()) == []
