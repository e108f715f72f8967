from __future__ import annotations

from tests.lint.checking import findings, messages

SLUG = "undefined-group"


def test_an_undefined_group_is_found_at_every_use() -> None:
    text = """{"grants": [{"src": ["group:x"], "dst": ["group:x"], "ip": ["*"]}],
               "acls": [{"action": "accept", "src": ["*"], "dst": ["group:x:22"]}],
               "tagOwners": {"tag:a": ["group:x"]}, "autoApprovers": {"exitNode": ["group:x"]}}"""
    assert findings(SLUG, text) == [
        ("error", '"group:x"', None),
        ("error", '"group:x"', None),
        ("error", '"group:x:22"', None),
        ("error", '"group:x"', None),
        ("error", '"group:x"', None),
    ]


def test_the_nearest_group_is_proposed() -> None:
    text = """{"groups": {"group:eng": [], "group:sales": []},
               "grants": [{"src": ["group:egn"], "dst": ["*"], "ip": ["*"]}]}"""
    assert messages(SLUG, text) == [("group `group:egn` is not defined", "did you mean `group:eng`?")]


def test_a_tag_of_the_same_name_is_proposed() -> None:
    text = """{"tagOwners": {"tag:web": []}, "grants": [{"src": ["group:web"], "dst": ["*"], "ip": ["*"]}]}"""
    assert messages(SLUG, text) == [("group `group:web` is not defined", "did you mean `tag:web`?")]


def test_a_group_of_an_identity_provider_needs_no_definition() -> None:
    text = """{"grants": [{"src": ["group:eng@example.com"], "dst": ["*"], "ip": ["*"]}]}"""
    assert findings(SLUG, text) == []


def test_a_definition_with_a_wrong_prefix_is_the_only_fault() -> None:
    """The key is reported where it stands."""
    for key in ("eng", "groups:eng", "Group:eng"):
        text = f'''{{"groups": {{"{key}": []}}, "grants": [{{"src": ["group:eng"], "dst": ["*"], "ip": ["*"]}}]}}'''
        assert findings(SLUG, text) == []


def test_nothing_is_said_where_groups_could_not_be_read() -> None:
    text = """{"groups": ["group:x"], "grants": [{"src": ["group:x"], "dst": ["*"], "ip": ["*"]}]}"""
    assert findings(SLUG, text) == []


def test_nothing_is_said_where_a_syntax_error_may_have_cost_a_group() -> None:
    text = """{"groups": {"group:y": [}, "grants": [{"src": ["group:x"], "dst": ["*"], "ip": ["*"]}]}"""
    assert findings(SLUG, text) == []


def test_what_a_template_fills_in_is_left_alone() -> None:
    text = """{"grants": [{"src": ["group:${team}"], "dst": ["*"], "ip": ["*"]}]}"""
    assert findings(SLUG, text) == []
