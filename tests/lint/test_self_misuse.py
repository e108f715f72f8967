from __future__ import annotations

from tests.lint.checking import findings, messages

SLUG = "self-misuse"

OTHERS = "autogroup:self can only be used with users, groups, or supported autogroups"


def test_it_is_no_source() -> None:
    """Captures acl-err02 and grant-h10."""
    text = """{"acls": [{"action": "accept", "src": ["autogroup:self"], "dst": ["*:*"]}],
               "grants": [{"src": ["autogroup:self"], "dst": ["*"], "ip": ["*"]}]}"""
    words = '"autogroup:self" not valid on the src side of a rule'
    assert findings(SLUG, text) == [("error", '"autogroup:self"', words), ("error", '"autogroup:self"', words)]


def test_it_is_no_target_of_attributes() -> None:
    """Capture nodeattrs-error-e3-autogroup-self: the control plane breaks down over it."""
    text = """{"nodeAttrs": [{"target": ["autogroup:self"], "attr": ["funnel"]}]}"""
    assert findings(SLUG, text) == [("error", '"autogroup:self"', "internal server error")]


def test_only_people_reach_it() -> None:
    """Captures acl-err08, acl-err09, acl-sf04, acl-sf08, grant-v24 and kin."""
    text = """{"tagOwners": {"tag:ci": []}, "hosts": {"nas": "10.0.0.1"}, "acls": [
        {"action": "accept", "src": ["*", "autogroup:member", "autogroup:admin", "group:e@x", "a@example.com"],
         "dst": ["autogroup:self:*"]},
        {"action": "accept", "src": ["autogroup:member", "tag:ci", "nas", "10.0.0.0/8", "autogroup:tagged"],
         "dst": ["tag:ci:22", "autogroup:self:22"]}]}"""
    assert findings(SLUG, text) == [
        ("error", '"tag:ci"', OTHERS),
        ("error", '"nas"', OTHERS),
        ("error", '"10.0.0.0/8"', OTHERS),
        ("error", '"autogroup:tagged"', OTHERS),
    ]


def test_a_grant_to_it_takes_no_star() -> None:
    """Captures grant-p04-3 and kin."""
    text = """{"grants": [{"src": ["*"], "dst": ["autogroup:self"], "ip": ["*"]}]}"""
    assert findings(SLUG, text) == [("error", '"*"', OTHERS)]
    assert messages(SLUG, text) == [
        ("`*` cannot be a source of a rule to `autogroup:self`", "write `autogroup:member` for all users")
    ]


def test_other_rules_of_the_file_are_left_alone() -> None:
    text = """{"grants": [{"src": ["*"], "dst": ["autogroup:tagged"], "ip": ["*"]},
                          {"src": ["autogroup:member"], "dst": ["autogroup:self"], "ip": ["*"]}]}"""
    assert findings(SLUG, text) == []
