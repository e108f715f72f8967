from __future__ import annotations

from tests.lint.checking import messages

SLUG = "unknown-capability"


def test_a_misspelt_domain_is_found() -> None:
    text = """{"grants": [{"src": ["*"], "dst": ["*"], "app": {"tailscle.com/cap/webui": []}}]}"""
    assert messages(SLUG, text) == [
        (
            "capability `tailscle.com/cap/webui` is not a known one, and nothing asks for it",
            "did you mean `tailscale.com/cap/webui`?",
        )
    ]


def test_nodeattrs_are_looked_at_too() -> None:
    text = """{"nodeAttrs": [{"target": ["*"], "app": {"tailscale.com/app-connector": []}}]}"""
    assert [found[1] for found in messages(SLUG, text)] == ["did you mean `tailscale.com/app-connectors`?"]


def test_what_the_control_plane_refuses_is_not_said_twice() -> None:
    text = """{"grants": [{"src": ["*"], "dst": ["*"], "app": {"tailscale.com/cap/drives": []}}]}"""
    assert messages(SLUG, text) == []
