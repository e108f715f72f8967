from __future__ import annotations

from tests.lint.checking import diagnose, findings, tailnet_of

SLUG = "user-suffix"
TAILNET = tailnet_of(
    '{"schema_version": 1, "users": [{"login": "alice@"}, {"login": "b@x.com", "names": ["bob"]}], "nodes": []}'
)


def test_a_bare_name_is_a_user_where_no_host_can_stand() -> None:
    """Release notes of 0.26.0; words: GoodiesHQ/headscale-admin#81 for 0.26, reference §10.2."""
    text = (
        '{"acls": [], "groups": {"group:a": ["alice"]}, "tagOwners": {"tag:a": ["bob"]}, '
        '"autoApprovers": {"exitNode": ["eve"]}}'
    )
    assert [
        ("error", '"alice"', 'username must contain @, got: "alice"'),
        ("error", '"bob"', "invalid owner format"),
        ("error", '"eve"', "invalid auto approver format"),
    ] == findings(SLUG, text, target="headscale@0.30")
    assert ("error", '"alice"', 'Username has to contain @, got: "alice"') in findings(
        SLUG, text, target="headscale@0.26"
    )
    assert findings(SLUG, text) == []


def test_elsewhere_the_tailnet_says_who_is_a_user() -> None:
    text = (
        '{"hosts": {"nas": "10.0.0.1"}, '
        '"acls": [{"action": "accept", "src": ["alice", "bob", "eve"], "dst": ["nas:1"]}]}'
    )
    assert ['"alice"', '"bob"'] == [span for _, span, _ in findings(SLUG, text, TAILNET, "headscale@0.30")]
    assert findings(SLUG, text, target="headscale@0.30") == []
    assert [("error", '"eve"', 'host not defined in policy: "eve"')] == findings(
        "undefined-host", text, TAILNET, "headscale@0.30"
    )


def test_a_host_of_that_name_is_a_host() -> None:
    text = '{"hosts": {"alice": "10.0.0.1"}, "acls": [{"action": "accept", "src": ["alice"], "dst": ["*:*"]}]}'
    assert findings(SLUG, text, TAILNET, "headscale@0.30") == []


def test_the_repair_adds_the_sign() -> None:
    text = '{"acls": [], "groups": {"group:a": [" alice "]}}'
    (found,) = (each for each in diagnose(text, target="headscale@0.30") if each.code.slug == SLUG)
    assert found.fix is not None
    (edit,) = found.fix.edits
    assert '" alice@ "' in text[: edit.span.start] + edit.text + text[edit.span.end :]
    assert not found.fix.safe


def test_names_with_the_sign_are_no_bad_spelling_there() -> None:
    text = '{"acls": [{"action": "accept", "src": ["alice@"], "dst": ["*:*"]}]}'
    assert findings("user-spelling", text, target="headscale@0.30") == []
    assert [("warning", '"alice@"', None)] == findings("user-spelling", text)
