from __future__ import annotations

from tests.lint.checking import findings, messages

SLUG = "member-reaches-sensitive"

POLICY = """{"tagOwners": {"tag:vault": [], "tag:product": []},
    "grants": [{"src": [%s], "dst": ["tag:vault", "tag:product"], "ip": [%s]}]}"""


def test_only_whole_words_of_a_name_count() -> None:
    assert [message for message, _ in messages(SLUG, POLICY % ('"autogroup:member"', '"tcp:8200", "udp:53"'))] == [
        "every member can reach port 8200 of `tag:vault`"
    ]


def test_ping_web_pages_and_narrow_sources_are_left_alone() -> None:
    assert findings(SLUG, POLICY % ('"autogroup:member"', '"tcp:443", "tcp:80"')) == []
    assert findings(SLUG, POLICY % ('"autogroup:member"', '"icmp:*"')) == []
    assert findings(SLUG, POLICY % ('"a@example.com"', '"tcp:8200"')) == []


def test_what_another_rule_says_better_is_left_to_it() -> None:
    text = POLICY % ('"autogroup:member"', '"tcp:5432"')
    assert findings(SLUG, text) == []
    assert len(findings("management-port-exposed", text)) == 1
