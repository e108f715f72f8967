"""Sources: release notes of Headscale, reference §10.2 and §11; each test names the issue where there is one."""

from __future__ import annotations

import pytest

from tests.lint.checking import diagnose, findings

SLUG = "unsupported-by-target"
ALL = ("headscale@0.26", "headscale@0.27", "headscale@0.28", "headscale@0.29", "headscale@0.30")
NEW = ALL[3:]


def taken(text: str) -> list[str]:
    """Give the versions that find nothing unsupported in a policy."""
    return [target for target in ALL if not findings(SLUG, text, target=target)]


@pytest.mark.parametrize(
    ("since", "text"),
    [
        (0, '{"acls": [{"action": "accept", "src": ["a@"], "dst": ["autogroup:internet:*"]}]}'),
        # 0.27.0: #2572, #2789
        (1, '{"acls": [{"action": "accept", "src": ["autogroup:member"], "dst": ["autogroup:tagged:*"]}]}'),
        (1, '{"acls": [{"action": "accept", "src": ["a@"], "dst": ["autogroup:self:*"]}]}'),
        # 0.28.0: #2930
        (2, '{"tagOwners": {"tag:a": ["tag:b"], "tag:b": ["a@"]}, "acls": []}'),
        # 0.29.0: #2180, #3251, #3229, #3263, #3088
        (3, '{"grants": [{"src": ["a@"], "dst": ["*"], "ip": ["*"]}]}'),
        (3, '{"acls": [], "nodeAttrs": [{"target": ["*"], "attr": ["magicdns-aaaa"]}]}'),
        (3, '{"acls": [], "tests": [{"src": "a@", "deny": ["b@:22"]}]}'),
        (3, '{"acls": [], "sshTests": [{"src": "a@", "dst": ["b@"], "deny": ["root"]}]}'),
        (3, '{"acls": [], "randomizeClientPort": true}'),
        (3, '{"acls": [{"action": "accept", "src": ["autogroup:danger-all"], "dst": ["*:*"]}]}'),
        (3, '{"acls": [{"action": "accept", "src": ["*"], "dst": ["[fd7a:115c:a1e0::1]:80"]}]}'),
    ],
)
def test_what_a_version_brought_is_taken_from_then_on(since: int, text: str) -> None:
    assert list(ALL[since:]) == taken(text)


@pytest.mark.parametrize(
    "text",
    [
        '{"acls": [], "postures": {}}',
        '{"acls": [], "ipsets": {}}',
        '{"acls": [], "defaultSrcPosture": []}',
        '{"acls": [], "attrConfig": {}}',
        '{"acls": [], "derpMap": {}}',
        '{"acls": [], "disableIPv4": true}',
        '{"acls": [], "OneCGNATRoute": "mac-always"}',
        '{"acls": [], "autoApprovers": {"services": {}}}',
        '{"acls": [{"action": "accept", "src": ["a@"], "dst": ["*:*"], "srcPosture": ["posture:x"]}]}',
        '{"acls": [{"action": "accept", "users": ["a@"], "ports": ["*:*"]}]}',
        '{"acls": [{"action": "accept", "src": ["ipset:x"], "dst": ["*:*"]}]}',
        '{"acls": [{"action": "accept", "src": ["a@"], "dst": ["svc:wiki:*"]}]}',
        '{"acls": [{"action": "accept", "src": ["autogroup:shared"], "dst": ["*:*"]}]}',
        '{"acls": [{"action": "accept", "src": ["autogroup:admin"], "dst": ["*:*"]}]}',
        '{"acls": [{"action": "accept", "src": ["autogroup:members"], "dst": ["*:*"]}]}',
        '{"acls": [], "tagOwners": {"tag:a": ["autogroup:member"]}}',
        '{"acls": [], "autoApprovers": {"exitNode": ["autogroup:member"]}}',
        '{"acls": [], "ssh": [{"action": "accept", "src": ["a@"], "dst": ["a@"], "users": ["x"], "recorder": []}]}',
    ],
)
def test_what_no_version_has_is_taken_by_none(text: str) -> None:
    """Reference §11: supported keys, autogroups, selectors that are not parsed, owners and approvers."""
    assert taken(text) == []
    assert findings(SLUG, text) == []


@pytest.mark.parametrize(
    ("text", "span", "control"),
    [
        ('{"acls": [], "ipsets": {}}', '"ipsets"', 'unknown field: "ipsets"'),
        (
            '{"grants": [{"src": ["autogroup:admin"], "dst": ["*"], "ip": ["*"]}]}',
            '"autogroup:admin"',
            (
                'invalid autogroup: got "autogroup:admin", must be one of [autogroup:internet autogroup:member '
                "autogroup:nonroot autogroup:tagged autogroup:self autogroup:danger-all]"
            ),
        ),
        (
            '{"grants": [], "nodeAttrs": [{"target": ["*"], "attr": ["funnel"]}]}',
            '"funnel"',
            'nodeAttrs uses a feature headscale does not yet support: "funnel"',
        ),
        (
            '{"grants": [], "nodeAttrs": [{"target": ["*"], "attr": [], "ipPool": ["100.64.9.0/24"]}]}',
            '"ipPool"',
            "nodeAttrs ipPool requires the IP allocator",
        ),
        (
            '{"grants": [], "tagOwners": {"tag:a": ["autogroup:member"]}}',
            '"autogroup:member"',
            "invalid owner format",
        ),
        (
            (
                '{"grants": [], "tagOwners": {"tag:a": ["a@"]}, '
                '"ssh": [{"action": "accept", "src": ["tag:a"], "dst": ["autogroup:member"], "users": ["x"]}]}'
            ),
            '"autogroup:member"',
            "tags in SSH source cannot access autogroup:member",
        ),
    ],
)
def test_the_words_of_refusals(text: str, span: str, control: str) -> None:
    """Reference §10.2."""
    for target in NEW:
        assert [("error", span, control)] == findings(SLUG, text, target=target)


def test_words_that_were_reported_of_older_versions() -> None:
    """#2901 for 0.27, #2754 for 0.26; what 0.28 says is not known."""
    port = '{"acls": [], "randomizeClientPort": true}'
    assert [("error", '"randomizeClientPort"', 'unknown field "randomizeClientPort"')] == findings(
        SLUG, port, target="headscale@0.27"
    )
    assert [("error", '"randomizeClientPort"', None)] == findings(SLUG, port, target="headscale@0.28")
    brackets = '{"acls": [{"action": "accept", "src": ["*"], "dst": ["[fd7a:115c:a1e0::87e1]:80,443"]}]}'
    assert [("error", "[fd7a:115c:a1e0::87e1]:80,443", 'Invalid alias "[fd7a:115c:a1e0::87e1]".')] == findings(
        SLUG, brackets, target="headscale@0.26"
    )


def test_a_key_that_is_passed_over_is_told_with_its_consequence() -> None:
    """0.26 takes unknown keys and drops them (#2626, #2764)."""
    text = '{"acls": [{"action": "accept", "src": ["a@"], "dst": ["*:*"], "srcPosture": ["posture:x"]}]}'
    (found,) = (each for each in diagnose(text, target="headscale@0.26") if each.code.slug == SLUG)
    assert ("key `srcPosture` is passed over without a word", None) == (found.message, found.control)


def test_brackets_have_a_repair() -> None:
    """The way out that #2754 names."""
    text = '{"acls": [{"action": "accept", "src": ["*"], "dst": ["[fd7a::1]:80", "[fd7a::]/64:80"]}]}'
    found = [each for each in diagnose(text, target="headscale@0.28") if each.code.slug == SLUG]
    titles = [each.fix.title for each in found if each.fix is not None and each.fix.safe]
    assert titles[:1] == ["write fd7a::1/128:80"]


def test_keys_of_people_who_keep_state_in_acls_are_left_alone() -> None:
    """headscale-admin writes keys that begin with `#` into acls, and Headscale drops them on purpose."""
    text = '{"acls": [{"#ha-meta": {"name": "x"}, "action": "accept", "src": ["a@"], "dst": ["*:*"]}]}'
    for target in ALL:
        assert [each for each in diagnose(text, target=target) if "ha-meta" in each.message] == []
    assert [each.code.slug for each in diagnose(text) if "ha-meta" in each.message] == ["unknown-key"]


def test_what_nobody_says_is_told_as_such() -> None:
    """Whether nodeAttrs take `app`; what `check` and `localpart` do before 0.29."""
    attrs = '{"grants": [], "nodeAttrs": [{"target": ["*"], "attr": [], "app": {}}]}'
    assert [("warning", '"app"', None)] == findings(SLUG, attrs, target="headscale@0.30")
    ssh = (
        '{"acls": [], "tagOwners": {"tag:a": ["a@"]}, '
        '"ssh": [{"action": "check", "src": ["a@"], "dst": ["tag:a"], "users": ["localpart:*@x.com"]}]}'
    )
    assert [("warning", '"check"', None), ("warning", '"localpart:*@x.com"', None)] == findings(
        SLUG, ssh, target="headscale@0.28"
    )
    assert findings(SLUG, ssh, target="headscale@0.29") == []


def test_older_spellings_have_repairs() -> None:
    """The autogroup means the same; the keys mean nothing until they are renamed."""
    text = """{"acls": [{"action": "accept", "users": ["a@"], "ports": ["b@:1"]},
        {"action": "accept", "src": ["autogroup:members"], "dst": ["autogroup:members:2"]}]}"""
    found = [each for each in diagnose(text, target="headscale@0.30") if each.code.slug == SLUG]
    fixed = text
    for edit in sorted((edit for each in found if each.fix for edit in each.fix.edits), key=lambda e: -e.span.start):
        fixed = fixed[: edit.span.start] + edit.text + fixed[edit.span.end :]
    assert text.replace("members", "member").replace("users", "src").replace("ports", "dst") == fixed
    assert [False, False, True, True] == [each.fix.safe for each in found if each.fix is not None]
