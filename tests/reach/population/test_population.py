"""The population that stands for every tailnet: whom it has to have, seen by what goes unseen without."""

from __future__ import annotations

from aclc.reach.difference.diff import diff
from tests.reach.engine import policy_of


def test_a_role_at_a_domain_is_one_device() -> None:
    """An SSH rule names the role in `src` and the domain by `localpart:`: nobody else is let in by it, on the machines
    that it names and on their own devices."""
    network = {"src": ["autogroup:admin"], "dst": ["tag:web"], "ip": ["tcp:22"]}
    session = {
        "action": "accept",
        "src": ["autogroup:admin"],
        "dst": ["tag:web"],
        "users": ["localpart:*@example.com"],
    }
    old = {"tagOwners": {"tag:web": []}, "grants": [network], "ssh": [session]}

    found = diff(policy_of(old), policy_of({**old, "ssh": []}))

    who = ("device of any admin at example.com",)
    assert [("lost", who, who, "own"), ("lost", who, ("tag:web",), "any")] == [
        (row.kind, row.who.texts, row.what.texts, row.scope) for row in found.sessions
    ]


def test_two_newcomers_have_devices_of_their_own() -> None:
    """Between them is what `autogroup:self` does not mean."""
    old, new = (
        policy_of({"grants": [{"src": ["autogroup:member"], "dst": [name], "ip": ["tcp:22"]}]})
        for name in ("autogroup:member", "autogroup:self")
    )

    assert [(False, ("autogroup:member",), ("autogroup:member",), True)] == [
        (row.gained, row.who.texts, row.what.texts, row.others) for row in diff(old, new).network
    ]
