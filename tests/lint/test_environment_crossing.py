from __future__ import annotations

from tests.lint.checking import findings, messages

SLUG = "environment-crossing"

POLICY = """{"tagOwners": {"tag:web-staging": [], "tag:db-prod": [], "tag:devices": [], "tag:web-prod": []},
    "grants": [{"src": [%s], "dst": ["tag:%s"], "ip": ["tcp:5432", "tcp:443"]}]}"""


def test_a_rule_is_told_once() -> None:
    assert [message for message, _ in messages(SLUG, POLICY % ('"tag:web-staging"', "db-prod"))] == [
        "devices with `tag:web-staging` reach ports 443,5432 of production, `tag:db-prod`"
    ]


def test_within_production_downwards_and_other_words_are_left_alone() -> None:
    assert findings(SLUG, POLICY % ('"tag:web-prod"', "db-prod")) == []
    assert findings(SLUG, POLICY % ('"tag:web-prod"', "web-staging")) == []
    assert findings(SLUG, POLICY % ('"tag:devices"', "db-prod")) == []
    assert findings(SLUG, POLICY % ('"autogroup:member"', "db-prod")) == []
