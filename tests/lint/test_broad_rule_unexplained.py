from __future__ import annotations

from tests.lint.checking import findings, messages

SLUG = "broad-rule-unexplained"

POLICY = """{"tagOwners": {"tag:wiki": []}, "grants": [%s
    {"src": [%s], "dst": ["%s"], "ip": ["%s"]}%s
]}"""


def test_every_port_of_something_or_some_port_of_everything_is_broad() -> None:
    assert [message for message, _ in messages(SLUG, POLICY % ("", '"autogroup:member"', "tag:wiki", "*", ""))] == [
        "nothing says why every member has this"
    ]
    assert len(findings(SLUG, POLICY % ("", '"*"', "*", "tcp:443", ""))) == 1


def test_comments_above_and_beside_say_why() -> None:
    assert findings(SLUG, POLICY % ("\n// for all", '"*"', "*", "*", "")) == []
    assert findings(SLUG, POLICY % ("", '"*"', "*", "*", " // for all")) == []


def test_narrow_rules_need_no_reason() -> None:
    assert findings(SLUG, POLICY % ("", '"autogroup:member"', "tag:wiki", "tcp:443", "")) == []
    assert findings(SLUG, POLICY % ("", '"a@example.com"', "*", "*", "")) == []
    assert findings(SLUG, POLICY % ("", '"autogroup:member"', "autogroup:self", "*", "")) == []
