from __future__ import annotations

from tests.lint.checking import findings, messages

SLUG = "undefined-tag"


def test_the_words_of_the_control_plane_depend_on_the_place() -> None:
    """Captures acl-err01, acl-err05; `via` and grants by the reference."""
    text = """{"acls": [{"action": "accept", "src": ["tag:a"], "dst": ["tag:b:22,80"]}],
               "grants": [{"src": ["tag:c"], "dst": ["tag:d"], "ip": ["*"], "via": ["tag:e"]}],
               "ssh": [{"action": "accept", "src": ["tag:f"], "dst": ["tag:g"], "users": ["root"]}]}"""
    assert findings(SLUG, text) == [
        ("error", '"tag:a"', 'src=tag not found: "tag:a"'),
        ("error", '"tag:b:22,80"', 'dst="tag:b": tag not found: "tag:b"'),
        ("error", '"tag:c"', 'src=tag not found: "tag:c"'),
        ("error", '"tag:d"', 'dst="tag:d": tag not found: "tag:d"'),
        ("error", '"tag:e"', 'tag "tag:e" not found'),
        ("error", '"tag:f"', None),
        ("error", '"tag:g"', None),
    ]


def test_owners_and_approvers_are_uses_too() -> None:
    text = """{"tagOwners": {"tag:a": ["tag:b"]},
               "autoApprovers": {"routes": {"10.0.0.0/8": ["tag:c"]}, "services": {"tag:d": ["tag:a"]}}}"""
    assert findings(SLUG, text) == [
        ("error", '"tag:b"', None),
        ("error", '"tag:c"', None),
        ("error", '"tag:d"', None),
    ]


def test_short_names_are_not_near_because_of_their_prefix() -> None:
    text = """{"tagOwners": {"tag:qa": []}, "grants": [{"src": ["tag:db"], "dst": ["*"], "ip": ["*"]}]}"""
    assert messages(SLUG, text) == [
        ("tag `tag:db` is not defined", "add it to `tagOwners`; an empty list of owners is enough")
    ]


def test_ports_behind_a_source_are_named() -> None:
    text = """{"tagOwners": {"tag:web": []},
               "acls": [{"action": "accept", "src": ["tag:web:80"], "dst": ["*:*"]}]}"""
    assert messages(SLUG, text) == [("tag `tag:web:80` is not defined", "no ports here: write `tag:web`")]


def test_tags_of_nodeattrs_and_ssh_tests_are_left_to_their_own_rules() -> None:
    text = """{"nodeAttrs": [{"target": ["tag:a"], "attr": ["funnel"]}],
               "sshTests": [{"src": "tag:b", "dst": ["tag:c"], "accept": ["root"]}]}"""
    assert findings(SLUG, text) == []


def test_thousands_of_unknown_tags_are_reported_without_guessing_at_each() -> None:
    uses = ", ".join(f'"tag:unknown-{number}"' for number in range(3000))
    known = ", ".join(f'"tag:known-{number}": []' for number in range(3000))
    text = f'{{"tagOwners": {{{known}}}, "grants": [{{"src": [{uses}], "dst": ["*"], "ip": ["*"]}}]}}'
    assert len(findings(SLUG, text)) == 3000
