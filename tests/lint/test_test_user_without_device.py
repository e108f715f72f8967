from __future__ import annotations

from tests.lint.checking import a_tailnet, findings, tailnet_of

SLUG = "test-user-without-device"

POLICY = """{"tagOwners": {"tag:web": []}, "grants": [{"src": ["*"], "dst": ["tag:web"], "ip": ["tcp:443"]}],
    "tests": [{"src": "a@example.com", "accept": ["tag:web:443"]},
              {"src": "b@example.com", "accept": ["tag:web:443"]},
              {"src": "b@example.com", "deny": ["tag:web:22"]}]}"""


def test_a_user_is_told_of_once() -> None:
    tailnet = tailnet_of(
        """{"schema_version": 1, "users": [{"login": "a@example.com"}, {"login": "b@example.com"}],
            "nodes": [{"name": "one", "addresses": ["100.64.0.1"], "user": "a@example.com"},
                      {"name": "two", "addresses": ["100.64.0.2"], "tags": ["tag:web"]}]}"""
    )
    assert [span for _, span, _ in findings(SLUG, POLICY, tailnet)] == ['"b@example.com"']


def test_nothing_is_said_without_nodes() -> None:
    assert findings(SLUG, POLICY) == []
    assert findings(SLUG, POLICY, a_tailnet(users=("a@example.com", "b@example.com"))) == []
