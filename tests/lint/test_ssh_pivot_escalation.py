from __future__ import annotations

from tests.lint.checking import messages

SLUG = "ssh-pivot-escalation"


POLICY = """{"tagOwners": {"tag:a": [], "tag:db": []}, "acls": [
    {"action": "accept", "src": ["u@example.com"], "dst": ["tag:a:%s"]},
    {"action": "accept", "src": ["tag:a"], "dst": ["tag:db:5432"]}%s],
    "ssh": [{"action": "accept", "src": ["%s"], "dst": ["tag:a"], "users": ["root"]}%s]}"""


def test_it_says_who_by_what_and_where_to() -> None:
    assert [message for message, _ in messages(SLUG, POLICY % (22, "", "u@example.com", ""))] == [
        "over SSH to `tag:a`, `u@example.com` can go on to port 5432 of `tag:db`, which no rule for them opens"
    ]


def test_a_closed_port_22_leads_nowhere() -> None:
    assert messages(SLUG, POLICY % (443, "", "u@example.com", "")) == []


def test_what_is_open_anyway_is_no_gain() -> None:
    more = ', {"action": "accept", "src": ["autogroup:member"], "dst": ["tag:db:1-6000"]}'
    assert messages(SLUG, POLICY % (22, more, "u@example.com", "")) == []


def test_who_may_log_in_there_too_gains_nothing() -> None:
    more = ', {"action": "accept", "src": ["u@example.com"], "dst": ["tag:db"], "users": ["root"]}'
    assert messages(SLUG, POLICY % (22, "", "u@example.com", more)) == []


def test_admins_can_change_the_policy_anyhow() -> None:
    assert messages(SLUG, POLICY % (22, "", "autogroup:admin", "")) == []
