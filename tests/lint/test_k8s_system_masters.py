from __future__ import annotations

from tests.lint.checking import messages

SLUG = "k8s-system-masters"


POLICY = """{"tagOwners": {"tag:k": []}, "grants": [{"src": ["%s"], "dst": ["tag:k"], "ip": ["tcp:443"],
    "app": {"tailscale.com/cap/kubernetes": [{"impersonate": {"groups": ["%s"]}}]}}]}"""


def test_machines_are_said_to_be_machines() -> None:
    assert messages(SLUG, POLICY % ("tag:k", "system:masters"))[0][0] == (
        "whoever takes over a device of `tag:k` may do everything in the cluster, being of `system:masters`"
    )


def test_other_groups_and_named_people_are_fine() -> None:
    for parts in (
        ("autogroup:member", "readers"),
        ("a@example.com", "system:masters"),
        ("autogroup:admin", "system:masters"),
    ):
        assert messages(SLUG, POLICY % parts) == []
