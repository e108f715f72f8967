from __future__ import annotations

from tests.lint.checking import findings, messages

SLUG = "wrong-prefix"


def test_the_right_prefix_is_proposed() -> None:
    text = """{"groups": {"group:eng": []}, "tagOwners": {"tag:web": []},
               "acls": [{"action": "accept", "src": ["groups:eng", "Tag:web"], "dst": ["grp:egn:22"]}]}"""
    assert messages(SLUG, text) == [
        ("`groups:` is not a prefix of selectors", "did you mean `group:eng`?"),
        ("`Tag:` is not a prefix of selectors", "did you mean `tag:web`?"),
        ("`grp:` is not a prefix of selectors", "did you mean `group:eng`?"),
    ]


def test_it_is_found_where_no_host_may_stand_too() -> None:
    text = """{"groups": {"group:eng": []},
               "ssh": [{"action": "check", "src": ["groups:eng"], "dst": ["autogroup:self"], "users": ["root"]}]}"""
    assert findings(SLUG, text) == [("error", '"groups:eng"', None)]


def test_a_target_of_nodeattrs_is_refused_as_an_address() -> None:
    text = """{"nodeAttrs": [{"target": ["tags:web"], "attr": ["funnel"]}]}"""
    assert findings(SLUG, text) == [("error", '"tags:web"', '"tags:web": invalid address')]


def test_a_host_may_have_any_name() -> None:
    text = """{"hosts": {"tags:web": "10.0.0.1"}, "grants": [{"src": ["tags:web"], "dst": ["*"], "ip": ["*"]}]}"""
    assert findings(SLUG, text) == []
