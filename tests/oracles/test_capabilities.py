"""A difference tells of app capabilities what trying every pair of devices in every tailnet tells."""

from __future__ import annotations

import json

import pytest

from aclc.reach.difference.diff import diff
from tests.oracles.capabilities import changes, pair
from tests.oracles.slices import slices
from tests.reach.engine import policy_of


@pytest.mark.parametrize("seeds", slices(200_000, 15), ids=str)
def test_capabilities_change_where_those_of_some_two_devices_do(seeds: range) -> None:
    seen = set()
    for seed in seeds:
        old, new = pair(seed)
        told = {
            (row.gained, row.name, json.loads(value)["level"])
            for row in diff(policy_of(old), policy_of(new)).capabilities
            for value in row.values
        }
        assert changes(old, new) == told, (seed, old, new)
        seen.add(bool(told))

    assert {True, False} == seen


def test_capabilities_steered_by_a_router_are_sent_to_nobody() -> None:
    """The control plane sends none under `via`, so that none come or go."""
    steered = {"src": ["*"], "dst": ["10.0.0.0/16"], "app": {"example.com/cap/a": [{}]}, "via": ["tag:r"]}
    old, new = ({"tagOwners": {"tag:r": []}, "grants": grants} for grants in ([], [steered]))

    assert not diff(policy_of(old), policy_of(new)).changes_access
