from __future__ import annotations

from tests.lint.checking import a_tailnet, findings, messages

SLUG = "localpart-misuse"

WORDS = "{} is not associated with this Tailnet and cannot be used in user:*@<domain> expressions"
TAILNET = a_tailnet(domains=("example.com",))


def ssh(user: str) -> str:
    return (
        '{"ssh": [{"action": "check", "src": ["autogroup:member"], "dst": ["autogroup:self"], '
        f'"users": ["{user}"]}}]}}'
    )


def test_a_domain_that_is_not_the_tailnet_s_is_refused() -> None:
    """Captures ssh-d1 and ssh-e1: letter case counts."""
    for domain in ("example.org", "EXAMPLE.COM", "*"):
        user = f"localpart:*@{domain}"
        assert findings(SLUG, ssh(user), TAILNET) == [("error", f'"{user}"', WORDS.format(domain))]


def test_without_a_tailnet_only_a_star_is_known_to_be_wrong() -> None:
    assert findings(SLUG, ssh("localpart:*@example.org")) == []
    assert findings(SLUG, ssh("localpart:*@*")) == [("error", '"localpart:*@*"', WORDS.format("*"))]


def test_other_forms_are_logins_to_the_control_plane() -> None:
    """Captures of the ssh suite accept them, `localpart:*@` among them."""
    for user in ("localpart:alice@example.com", "localpart:*@", "localpart:*", "localpart:"):
        assert findings(SLUG, ssh(user), TAILNET) == [("warning", f'"{user}"', None)]


def test_it_stands_for_no_people() -> None:
    text = """{"grants": [{"src": ["localpart:*@example.com"], "dst": ["*"], "ip": ["*"]}]}"""
    assert messages(SLUG, text) == [
        (
            "`localpart:*@example.com` is not allowed in `src` of a grant",
            "only `users` of an ssh rule takes it; for people write `user:*@example.com`",
        )
    ]
