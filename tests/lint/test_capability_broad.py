from __future__ import annotations

from tests.lint.checking import findings, messages

SLUG = "capability-broad"

POLICY = """{"tagOwners": {"tag:app": [], "tag:ci": []},
    "grants": [{"src": [%s], "dst": ["%s"], "app": {"%s": [%s]}}]}"""


def test_parameters_that_make_an_admin_count() -> None:
    text = POLICY % ('"autogroup:member"', "tag:app", "tailscale.com/cap/golink", '{"admin": true}')
    assert [message for message, _ in messages(SLUG, text)] == [
        "every member has power over the application (`admin`) by `tailscale.com/cap/golink`"
    ]
    assert findings(SLUG, text.replace("true", "false")) == []


def test_some_capabilities_are_powerful_whatever_their_parameters() -> None:
    text = POLICY % ('"*"', "tag:app", "tailscale.com/cap/webui", '{"canEdit": ["*"]}')
    assert [message for message, _ in messages(SLUG, text)] == [
        "every device has power over the device's settings by `tailscale.com/cap/webui`"
    ]


def test_every_machine_is_broad_too() -> None:
    text = POLICY % ('"autogroup:tagged"', "tag:app", "tailscale.com/cap/secrets", '{"action": ["get"]}')
    assert [message for message, _ in messages(SLUG, text)] == [
        "every machine has power over the secrets that it names by `tailscale.com/cap/secrets`"
    ]


def test_own_devices_named_sources_and_other_capabilities_are_left_alone() -> None:
    webui = "tailscale.com/cap/webui"
    assert findings(SLUG, POLICY % ('"autogroup:member"', "autogroup:self", webui, "{}")) == []
    assert findings(SLUG, POLICY % ('"tag:ci"', "tag:app", webui, "{}")) == []
    assert findings(SLUG, POLICY % ('"*"', "tag:app", "example.com/cap/x", '{"admin": true}')) == []
