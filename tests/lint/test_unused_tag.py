from __future__ import annotations

from tests.lint.checking import findings, messages, tailnet_of

SLUG = "unused-tag"


def test_every_kind_of_use_counts() -> None:
    text = """{"tagOwners": {"tag:a": [], "tag:b": ["tag:a"], "tag:c": [], "tag:d": [], "tag:e": [], "tag:f": []},
        "autoApprovers": {"exitNode": ["tag:c"]},
        "nodeAttrs": [{"target": ["*"], "app": {"tailscale.com/app-connectors": [{"connectors": ["tag:d"]}]}}],
        "tests": [{"src": "tag:e", "deny": ["tag:f:22"]}],
        "grants": []}"""
    assert findings(SLUG, text) == [("warning", '"tag:b"', None)]


def test_a_tag_that_owns_only_itself_is_not_used() -> None:
    assert len(findings(SLUG, """{"tagOwners": {"tag:a": ["tag:a"]}, "grants": []}""")) == 1


def test_a_part_of_a_policy_is_not_judged() -> None:
    assert findings(SLUG, """{"tagOwners": {"tag:a": []}}""") == []


def test_that_devices_carry_it_is_told() -> None:
    tailnet = tailnet_of(
        """{"schema_version": 1, "nodes": [{"name": "n", "addresses": ["100.64.0.1"], "tags": ["tag:a"]}]}"""
    )
    text = """{"tagOwners": {"tag:a": []}, "grants": []}"""
    assert messages(SLUG, text, tailnet)[0][0] == (
        "no rule speaks of the tag `tag:a`, so it gives a device nothing of its own (devices carry it)"
    )


def test_where_everything_is_open_tags_are_there_for_something_else() -> None:
    text = """{"tagOwners": {"tag:a": []}, "grants": [{"src": ["*"], "dst": ["*"], "ip": ["*"]}]}"""
    assert findings(SLUG, text) == []
