from __future__ import annotations

from tests.lint.checking import findings, messages, tailnet_of

SLUG = "nodeattr-matches-no-node"

TAILNET = tailnet_of(
    """{"schema_version": 1, "users": [{"login": "a@example.com"}],
        "nodes": [{"name": "one", "addresses": ["100.64.0.1"], "user": "a@example.com"}]}"""
)


def policy(entry: str) -> str:
    return f"""{{"groups": {{"group:dev": ["b@example.com"]}}, "tagOwners": {{"tag:web": []}}, "nodeAttrs": [{entry}],
        "grants": [{{"src": ["autogroup:member"], "dst": ["autogroup:self"], "ip": ["*"]}}]}}"""


def test_all_targets_have_to_be_missing() -> None:
    text = policy('{"target": ["tag:web", "group:dev"], "attr": ["mullvad", "funnel"]}')
    assert [message for message, _ in messages(SLUG, text, TAILNET)] == [
        "no device gets `mullvad` and `funnel`, since the tailnet has none of `tag:web` and `group:dev`"
    ]
    assert findings(SLUG, policy('{"target": ["tag:web", "autogroup:member"], "attr": ["mullvad"]}'), TAILNET) == []


def test_an_entry_that_gives_nothing_and_an_unknown_tailnet_are_left_alone() -> None:
    assert findings(SLUG, policy('{"target": ["tag:web"]}'), TAILNET) == []
    assert findings(SLUG, policy('{"target": ["tag:web"], "attr": ["mullvad"]}')) == []
