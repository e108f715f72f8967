from __future__ import annotations

import json

import pytest

from aclc.lint.rules.self_on_headscale_slow import MANY_NODES
from aclc.tailnet.model import Tailnet
from tests.lint.checking import findings, tailnet_of

SLUG = "self-on-headscale-slow"


def tailnet(count: int) -> Tailnet:
    nodes = [
        {"name": f"n{at}", "user": "a@", "addresses": [f"100.64.{at // 250}.{at % 250 + 1}"]} for at in range(count)
    ]
    return tailnet_of(json.dumps({"schema_version": 1, "users": [{"login": "a@"}], "nodes": nodes}))


MANY = tailnet(MANY_NODES + 1)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ('{"grants": [{"src": ["a@"], "dst": ["*", "autogroup:self"], "ip": ["*"]}]}', '"autogroup:self"'),
        ('{"acls": [{"action": "accept", "src": ["a@"], "dst": ["autogroup:self:*"]}]}', '"autogroup:self:*"'),
        (
            (
                '{"tagOwners": {"tag:r": ["a@"]}, "grants": '
                '[{"src": ["a@"], "dst": ["10.0.0.0/8"], "ip": ["*"], "via": ["tag:r"]}]}'
            ),
            '["tag:r"]',
        ),
    ],
)
def test_what_is_worked_out_for_each_node(text: str, span: str) -> None:
    """juanfont/headscale#3358, #3423."""
    assert [("info", span, None)] == findings(SLUG, text, MANY, "headscale@0.29")
    assert findings(SLUG, text, MANY) == []
    assert findings(SLUG, text, target="headscale@0.29") == []
    assert findings(SLUG, text, tailnet(MANY_NODES), "headscale@0.29") == []


def test_other_rules_are_no_matter() -> None:
    assert findings(SLUG, '{"grants": [{"src": ["a@"], "dst": ["*"], "ip": ["*"]}]}', MANY, "headscale@0.29") == []
