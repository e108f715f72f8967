from __future__ import annotations

import json
from collections.abc import Mapping

from tests.lint.checking import findings

SLUG = "implied-test"


def policy(*tests: Mapping[str, object]) -> str:
    return json.dumps(
        {
            "groups": {"group:dev": ["a@example.com"]},
            "tagOwners": {"tag:web": []},
            "grants": [{"src": ["group:dev"], "dst": ["tag:web"], "ip": ["tcp:443"]}],
            "tests": list(tests),
        }
    )


def test_access_of_a_group_is_access_of_its_members() -> None:
    group, member = {"src": "group:dev", "accept": ["tag:web:443"]}, {"src": "a@example.com", "accept": ["tag:web:443"]}
    assert len(findings(SLUG, policy(group, member))) == len(findings(SLUG, policy(member, group))) == 1


def test_what_a_member_cannot_reach_the_group_cannot() -> None:
    group, member = {"src": "group:dev", "deny": ["tag:web:22"]}, {"src": "a@example.com", "deny": ["tag:web:22"]}
    text = policy(member, group)
    assert [span for _, span, _ in findings(SLUG, text)] == ['"tag:web:22"']


def test_another_protocol_posture_or_person_is_another_question() -> None:
    group = {"src": "group:dev", "accept": ["tag:web:443"]}
    for other in (
        {"src": "a@example.com", "accept": ["tag:web:443"], "proto": "tcp"},
        {"src": "a@example.com", "accept": ["tag:web:443"], "srcPostureAttrs": {"node:os": "linux"}},
        {"src": "b@example.com", "accept": ["tag:web:443"]},
        {"src": "a@example.com", "deny": ["tag:web:443"]},
    ):
        assert findings(SLUG, policy(group, other)) == [], other
