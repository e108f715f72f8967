from __future__ import annotations

from tests.lint.checking import messages

SLUG = "autoapprover-value"


def test_approvers_are_people_or_tags() -> None:
    text = """{"hosts": {"nas": "10.0.0.1"}, "groups": {"group:ops": []}, "autoApprovers": {
        "routes": {"10.0.0.0/8": ["*", "nas", "10.0.0.1", "a@x.com", "user:*@x.com", "autogroup:member"]},
        "exitNode": ["ops", "autogroup:internet", "autogroup:admins"]}}"""
    kinds = "approvers are users, groups, tags, `autogroup:member`, `autogroup:tagged` and roles"
    assert messages(SLUG, text) == [
        ("`*` cannot be an approver", kinds),
        ("`nas` cannot be an approver", kinds),
        ("`10.0.0.1` cannot be an approver", kinds),
        ("`ops` cannot be an approver", "did you mean `group:ops`?"),
        ("`autogroup:internet` cannot be an approver", kinds),
        ("`autogroup:admins` cannot be an approver", "did you mean `autogroup:admin`?"),
    ]
