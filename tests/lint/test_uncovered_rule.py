from __future__ import annotations

from tests.lint.checking import diagnose, messages

SLUG = "uncovered-rule"
HELP = "add an `accept` item for what each of them is there for"


def policy(tests: str) -> str:
    return f"""{{"tagOwners": {{"tag:a": [], "tag:b": []}}, "tests": [{tests}], "acls": [
        {{"action": "accept", "src": ["tag:a"], "dst": ["tag:b:22"]}},
        {{"action": "accept", "src": ["tag:a"], "dst": ["tag:b:80"]}},
        {{"action": "accept", "src": ["tag:b"], "dst": ["10.0.0.0/8:*"]}}]}}"""


def test_the_share_of_rules_that_tests_hold_is_told() -> None:
    text = policy("""{"src": "tag:a", "accept": ["tag:b:22"], "deny": ["tag:b:80"]}""")
    (message,) = messages(SLUG, text)
    assert message[0] == "1 of 2 rules could be deleted without a test noticing (50 % are held)"
    (found,) = (each for each in diagnose(text) if each.code.slug == SLUG)
    assert ['"dst": ["tag:b:80"]' in note.span.text for note in found.notes] == [True]


def test_all_held() -> None:
    assert messages(SLUG, policy("""{"src": "tag:a", "accept": ["tag:b:22", "tag:b:80"]}""")) == []


def test_a_deny_holds_no_rule() -> None:
    assert len(messages(SLUG, policy("""{"src": "tag:b", "deny": ["tag:a:22"]}"""))) == 1


def test_what_two_rules_open_holds_neither() -> None:
    """Here each opens more besides, so that neither is redundant."""
    text = """{"tagOwners": {"tag:a": [], "tag:b": []}, "tests": [{"src": "tag:a", "accept": ["tag:b:22"]}], "acls": [
        {"action": "accept", "src": ["tag:a"], "dst": ["tag:b:22,80"]},
        {"action": "accept", "src": ["tag:a"], "dst": ["tag:b:22,443"]}]}"""
    assert messages(SLUG, text)[0][0] == "both rules could be deleted without a test noticing"


def test_a_rule_that_a_test_holds_counts_whatever_it_opens() -> None:
    text = """{"tagOwners": {"tag:web": []}, "autoApprovers": {"services": {"svc:wiki": ["tag:web"]}},
        "grants": [{"src": ["a@example.com"], "dst": ["svc:wiki"], "ip": ["tcp:443"]},
                   {"src": ["a@example.com"], "dst": ["tag:web"], "ip": ["tcp:443"]}],
        "tests": [{"src": "a@example.com", "accept": ["svc:wiki:443"]}]}"""
    assert [message for message, _ in messages(SLUG, text)] == [
        "1 of 2 rules could be deleted without a test noticing (50 % are held)"
    ]


def test_none_held() -> None:
    three = policy("""{"src": "tag:b", "deny": ["tag:a:22"]}""").replace("10.0.0.0/8", "10.0.0.1")
    assert [("all 3 rules could be deleted without a test noticing", HELP)] == messages(SLUG, three)
    one = """{"tagOwners": {"tag:a": []}, "tests": [{"src": "tag:a", "deny": ["tag:a:80"]}],
        "grants": [{"src": ["tag:a"], "dst": ["tag:a"], "ip": ["tcp:22"]}]}"""
    assert [
        ("the only rule could be deleted without a test noticing", "add an `accept` item for what it is there for")
    ] == messages(SLUG, one)
