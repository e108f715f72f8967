from __future__ import annotations

from tests.lint.checking import a_tailnet, findings, messages

SLUG = "user-spelling"


def test_two_spellings_of_one_login_are_found_at_one_of_them() -> None:
    text = """{"groups": {"group:eng": ["Alice@example.com"]},
               "grants": [{"src": ["alice@example.com"], "dst": ["*"], "ip": ["*"]}]}"""
    assert findings(SLUG, text) == [("warning", '"Alice@example.com"', None)]
    assert messages(SLUG, text) == [
        (
            "`Alice@example.com` is also written `alice@example.com`",
            "use one spelling; `--unsafe-fixes` writes `alice@example.com` everywhere",
        )
    ]


def test_one_spelling_in_any_letter_case_is_fine_without_a_tailnet() -> None:
    text = """{"grants": [{"src": ["FinnPL@github", "FinnPL@github"], "dst": ["*"], "ip": ["*"]}]}"""
    assert findings(SLUG, text) == []


def test_the_tailnet_says_which_spelling_is_right() -> None:
    text = """{"grants": [{"src": ["Alice@example.com"], "dst": ["*"], "ip": ["*"]}]}"""
    assert messages(SLUG, text, a_tailnet(users=("alice@example.com",))) == [
        ("the tailnet writes `Alice@example.com` in other letter case", "write `alice@example.com`")
    ]


def test_what_is_no_login_is_said() -> None:
    text = """{"grants": [{"src": ["alice@", "@example.com", "a@b@example.com"], "dst": ["*"], "ip": ["*"]}]}"""
    assert [span for _, span, _ in findings(SLUG, text)] == ['"alice@"', '"@example.com"', '"a@b@example.com"']
