from __future__ import annotations

import pytest

from aclc.dialects import NAMES, dialect_named
from aclc.lint.rules.meaning_differs import _DETECTORS
from tests.lint.checking import diagnose, findings, tailnet_of

SLUG = "meaning-differs"
ALL = ("headscale@0.26", "headscale@0.27", "headscale@0.28", "headscale@0.29", "headscale@0.30")


def test_every_difference_of_every_table_is_looked_for() -> None:
    tables = [dialect.differences for name in NAMES if (dialect := dialect_named(name)) is not None]
    assert {key for differences in tables for key in differences} == set(_DETECTORS)


def test_nothing_differs_for_tailscale() -> None:
    assert findings(SLUG, '{"grants": [{"src": ["user:*@x.com"], "dst": ["8.8.8.8"], "ip": ["*"]}]}') == []


@pytest.mark.parametrize(
    ("targets", "span", "text"),
    [
        (ALL[:3], '"*"', '{"acls": [{"action": "accept", "src": ["*"], "dst": ["*:*"]}]}'),
        (ALL[:3], '"ICMP"', '{"acls": [{"action": "accept", "src": ["a@"], "dst": ["*:*"], "proto": "ICMP"}]}'),
        (ALL, "{", '{"hosts": {}}'),
        (ALL, '"user:*@x.com"', '{"acls": [{"action": "accept", "src": ["user:*@x.com"], "dst": ["*:*"]}]}'),
        ((*ALL[:3], ALL[4]), '"8.8.8.8:53"', '{"acls": [{"action": "accept", "src": ["a@"], "dst": ["8.8.8.8:53"]}]}'),
        ((), "", '{"acls": [{"action": "accept", "src": ["a@"], "dst": ["10.0.0.0/8:53"]}]}'),
        (
            ALL[1:3],
            '"autogroup:self:*"',
            '{"acls": [{"action": "accept", "src": ["a@"], "dst": ["autogroup:self:*"]}]}',
        ),
        (
            ALL[3:],
            '["tag:r"]',
            (
                '{"tagOwners": {"tag:r": ["a@"]}, "grants": [{"src": ["a@"], "dst": ["tag:r"], "via": ["tag:r"], '
                '"app": {"x.com/cap/y": []}}]}'
            ),
        ),
        (
            ALL[:2],
            '"a@"',
            '{"acls": [], "ssh": [{"action": "accept", "src": ["b@"], "dst": ["a@"], "users": ["root"]}]}',
        ),
        (
            ALL[3:],
            '{"src": "a@", "accept": ["tag:r:22"]}',
            (
                '{"tagOwners": {"tag:r": ["a@"]}, "tests": [{"src": "a@", "accept": ["tag:r:22"]}], '
                '"grants": [{"src": ["a@"], "dst": ["autogroup:self"], "ip": ["*"]}]}'
            ),
        ),
        (
            ALL[3:],
            '["root"]',
            (
                '{"tagOwners": {"tag:r": ["a@"]}, "grants": [], '
                '"ssh": [{"action": "check", "src": ["a@"], "dst": ["tag:r"], "users": ["root"]}], '
                '"sshTests": [{"src": "a@", "dst": ["tag:r"], "accept": ["root"]}]}'
            ),
        ),
    ],
)
def test_each_difference_is_told_where_it_comes_up(targets: tuple[str, ...], span: str, text: str) -> None:
    """Reference §11, release notes of 0.27.0 and 0.29.0, juanfont/headscale#2734, #3361."""
    found = {target: findings(SLUG, text, target=target) for target in ALL}
    assert {target: [("warning", span, None)] for target in targets} == {
        target: told for target, told in found.items() if told
    }


def test_mild_differences_are_infos() -> None:
    text = (
        '{"grants": [], "tagOwners": {"tag:r": []}, '
        '"ssh": [{"action": "accept", "src": ["a@"], "dst": ["tag:r"], "users": ["localpart:*@x.com"]}]}'
    )
    assert [("info", "[]", None), ("info", '"localpart:*@x.com"', None)] == findings(
        SLUG, text, target="headscale@0.29"
    )


def test_a_difference_is_told_once() -> None:
    acl = '{"action": "accept", "src": ["*"], "dst": ["*:*"]}'
    (found,) = (
        each
        for each in diagnose(f'{{"acls": [{acl}, {acl}, {acl}]}}', target="headscale@0.28")
        if each.code.slug == SLUG
    )
    assert found.help == "so it is in 2 other places"


def test_users_and_tags_that_nobody_has_need_a_tailnet() -> None:
    """juanfont/headscale#2863; reference §11, tests."""
    tailnet = tailnet_of(
        '{"schema_version": 1, "users": [{"login": "a@"}], '
        '"nodes": [{"name": "n", "user": "a@", "addresses": ["100.64.0.1"]}]}'
    )
    text = '{"acls": [{"action": "accept", "src": ["a", "b@"], "dst": ["a@:*"]}]}'
    assert [("warning", '"b@"', None)] == findings(SLUG, text, tailnet, "headscale@0.26")
    tests = '{"grants": [], "tagOwners": {"tag:r": ["a@"]}, "tests": [{"src": "a@", "deny": ["tag:r:22"]}]}'
    assert [("warning", '"tag:r:22"', None)] == findings(SLUG, tests, tailnet, "headscale@0.29")
    assert findings(SLUG, tests, target="headscale@0.29") == []
