from __future__ import annotations

from tests.lint.checking import messages

SLUG = "autoapprover-all-members"


def test_owning_the_tag_is_being_the_approver() -> None:
    text = """{"tagOwners": {"tag:a": ["tag:b"], "tag:b": ["autogroup:member"], "tag:c": ["autogroup:admin"]},
        "autoApprovers": {"routes": {"10.0.0.0/8": ["tag:a", "tag:c"]}, "services": {"svc:x": ["tag:b"]}},
        "grants": []}"""
    assert [message for message, _ in messages(SLUG, text)] == [
        "every member can have the route `10.0.0.0/8` approved by applying `tag:a`, and no admin is asked",
        "every member can have a host of `svc:x` approved by applying `tag:b`, and no admin is asked",
    ]
