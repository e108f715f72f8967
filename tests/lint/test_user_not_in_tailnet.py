from __future__ import annotations

from tests.lint.checking import a_tailnet, findings

SLUG = "user-not-in-tailnet"

TAILNET = a_tailnet(domains=("example.com",), users=("alice@example.com",))
LOGINS = """{"groups": {"group:eng": ["alice@example.com", "bob@example.com"]},
             "grants": [{"src": ["bob@example.com", "Alice@example.com"], "dst": ["*"], "ip": ["*"]}]}"""
SSH = """{"ssh": [{"action": "check", "src": ["user:*@example.org"], "dst": ["autogroup:self"], "users": ["root"]}]}"""
WORDS = "[ssh] example.org is not associated with this Tailnet and cannot be used in user:*@<domain> expressions"


def test_an_unknown_login_is_found_where_it_first_stands() -> None:
    """Letter case is user-spelling's."""
    assert findings(SLUG, LOGINS, TAILNET) == [("warning", '"bob@example.com"', None)]


def test_without_a_tailnet_every_login_may_be_right() -> None:
    assert findings(SLUG, LOGINS) == []
    assert findings(SLUG, LOGINS, a_tailnet(domains=("example.com",))) == []


def test_a_foreign_domain_in_a_source_of_ssh_is_refused() -> None:
    """Capture ssh-b4."""
    assert findings(SLUG, SSH, TAILNET) == [("error", '"user:*@example.org"', WORDS)]
    assert findings(SLUG, SSH) == []
    assert findings(SLUG, SSH, a_tailnet(users=("alice@example.com",))) == []


def test_a_foreign_domain_elsewhere_is_only_strange() -> None:
    text = """{"grants": [{"src": ["user:*@example.org", "user:*@example.com"], "dst": ["*"], "ip": ["*"]}]}"""
    assert findings(SLUG, text, TAILNET) == [("warning", '"user:*@example.org"', None)]


def test_a_star_is_no_domain_of_any_tailnet() -> None:
    assert findings(SLUG, SSH.replace("example.org", "*")) == [
        ("error", '"user:*@*"', WORDS.replace("example.org", "*"))
    ]
