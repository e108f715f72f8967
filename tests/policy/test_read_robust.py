"""Whatever stands anywhere in a policy, reading it gives a policy or findings, and never raises."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from aclc.policy.read_hujson import read_policy
from aclc.source import Source

# One of everything, so that each place of the reader is there to be spoilt.
WHOLE: dict[str, Any] = {
    "acls": [
        {"action": "accept", "src": ["*", "group:a"], "dst": ["tag:x:22,80-90", "[fd7a::1]:*"], "proto": "tcp"},
        {"action": "accept", "users": ["10.0.0.0/8"], "ports": ["nas:*"], "srcPosture": ["posture:p"]},
    ],
    "grants": [
        {
            "src": ["autogroup:member"],
            "dst": ["tag:x", "ipset:s"],
            "ip": ["tcp:443", "*", "80-90"],
            "app": {"tailscale.com/cap/drive": [{"shares": ["*"]}], "example.com/cap/x": []},
            "via": ["tag:x"],
        }
    ],
    "groups": {"group:a": ["a@example.com"]},
    "hosts": {"nas": "10.0.0.1", "lan": "10.0.0.0/8"},
    "ipsets": {"ipset:s": ["add 10.0.0.0/8", "remove host:nas"]},
    "tagOwners": {"tag:x": ["group:a"]},
    "autoApprovers": {"routes": {"10.0.0.0/8": ["tag:x"]}, "exitNode": ["tag:x"], "services": {"svc:s": ["tag:x"]}},
    "ssh": [
        {
            "action": "check",
            "src": ["group:a"],
            "dst": ["tag:x"],
            "users": ["root", "autogroup:nonroot"],
            "checkPeriod": "12h",
            "acceptEnv": ["GIT_*"],
            "recorder": ["tag:x"],
            "enforceRecorder": True,
        }
    ],
    "nodeAttrs": [{"target": ["*"], "attr": ["funnel"], "app": {"example.com/x": [{}]}, "ipPool": ["100.64.1.0/24"]}],
    "postures": {"posture:p": ["node:os IN ['linux', 'macos']"]},
    "defaultSrcPosture": ["posture:p"],
    "attrConfig": {"custom:t": {"type": "string", "allowSetByNode": True, "broadcastToPeers": ["*"]}},
    "tests": [{"src": "a@example.com", "accept": ["tag:x:22"], "deny": ["nas:1"], "proto": "tcp"}],
    "sshTests": [{"src": "a@example.com", "dst": ["tag:x"], "accept": ["root"], "check": ["x"], "deny": ["y"]}],
    "derpMap": {"regions": {"900": {"regionID": 900, "nodes": [{"name": "a", "regionID": 900}]}, "1": None}},
    "disableIPv4": False,
    "OneCGNATRoute": "",
    "randomizeClientPort": True,
}

TEXTS = st.one_of(
    st.text(max_size=12),
    st.text(alphabet="*:-/.,[]@'0123456789abtgx ", max_size=16),
    st.sampled_from(
        ["", "*", ":", "::", "[", "tag:", "tag:x:", "1.2.3.4/", "a-b", "9" * 400, "\ud800", "user:*@", "/"]
    ),
)
NUMBERS = st.one_of(st.integers(-(10**30), 10**30), st.floats(allow_nan=False, allow_infinity=False), st.just(10**308))
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)


def places(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Give the path of each value within a value, the whole first."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(each for key, child in inner for each in places(child, (*path, key)))]


PLACES = places(WHOLE)


def spoilt(value: Any, path: tuple[str | int, ...], by: Any) -> Any:
    """Give a copy of `value` with another value at `path`."""
    if not path:
        return by
    copy = value.copy()
    copy[path[0]] = spoilt(value[path[0]], path[1:], by)
    return copy


def renamed(value: Any, path: tuple[str | int, ...], name: str) -> Any:
    """Give a copy of `value` in which the key that `path` ends in has another name."""
    if len(path) > 1:
        return spoilt(value, path[:1], renamed(value[path[0]], path[1:], name))
    if not isinstance(value, dict) or not path:
        return value
    return {name if key == path[0] else key: each for key, each in value.items()}


def look(value: Any) -> None:
    """Read a value as a policy and look at every finding."""
    source = Source("policy.hujson", json.dumps(value))
    outcome = read_policy(source)
    assert outcome.value is not None or outcome.diagnostics
    for each in outcome.diagnostics:
        assert 0 <= each.span.start <= each.span.end <= len(source.text)
        assert "\n" not in each.message
        assert each.message
        assert each.control is None or each.control


def test_the_whole_policy_is_clean() -> None:
    """Nothing is wrong before something is spoilt."""
    assert () == read_policy(Source("policy.hujson", json.dumps(WHOLE))).diagnostics


@settings(max_examples=5 * settings().max_examples)
@given(st.sampled_from(PLACES), VALUES)
def test_any_value_at_any_place(path: tuple[str | int, ...], value: Any) -> None:
    """Findings have a place in the text and one line of words."""
    look(spoilt(WHOLE, path, value))


@settings(max_examples=3 * settings().max_examples)
@given(st.lists(st.tuples(st.sampled_from(PLACES), TEXTS), min_size=1, max_size=4))
def test_any_text_at_several_places(changes: list[tuple[tuple[str | int, ...], str]]) -> None:
    """Texts get further into the reader than other values."""
    value: Any = WHOLE
    for path, text in changes:
        if path in places(value):
            value = spoilt(value, path, text)
    look(value)


@settings(max_examples=3 * settings().max_examples)
@given(st.sampled_from(PLACES), TEXTS)
def test_any_name_for_any_key(path: tuple[str | int, ...], name: str) -> None:
    """Keys that nobody knows, and names that nobody would give."""
    look(renamed(WHOLE, path, name))
