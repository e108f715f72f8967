from __future__ import annotations

import json
from collections.abc import Mapping

from tests.lint.checking import diagnose, findings

SLUG = "redundant-ssh"


def policy(*entries: Mapping[str, object]) -> str:
    base = {"action": "accept", "src": ["group:dev"], "dst": ["tag:web"], "users": ["ubuntu"]}
    return json.dumps(
        {
            "groups": {"group:dev": ["a@example.com", "b@example.com"], "group:none": []},
            "tagOwners": {"tag:web": [], "tag:db": []},
            "grants": [{"src": ["group:dev"], "dst": ["tag:web"], "ip": ["tcp:22"]}],
            "ssh": [{**base, **entry} for entry in entries],
        }
    )


def places(text: str) -> list[int]:
    """Give the positions of the entries that are told of."""
    document = json.loads(text)["ssh"]
    return [document.index(json.loads(span)) for _, span, _ in findings(SLUG, text)]


def test_an_entry_inside_an_earlier_or_a_later_one() -> None:
    assert places(policy({"users": ["ubuntu", "root"]}, {"src": ["a@example.com"]})) == [1]
    assert places(policy({"src": ["a@example.com"]}, {"users": ["ubuntu", "root"]})) == [0]


def test_of_two_equal_entries_the_later_one() -> None:
    assert places(policy({}, {"users": ["ubuntu"], "src": ["b@example.com", "a@example.com"]})) == [1]


def test_any_other_login_holds_every_name_but_root() -> None:
    assert places(policy({"users": ["autogroup:nonroot"]}, {})) == [1]
    assert places(policy({"users": ["autogroup:nonroot"]}, {"users": ["root"]})) == []


def test_another_way_of_letting_in_is_no_stand_in() -> None:
    for way in ({"action": "check"}, {"acceptEnv": ["LANG"]}, {"recorder": ["tag:db"]}):
        assert places(policy({}, way)) == [], way
    assert places(policy({"action": "check"}, {"action": "check", "checkPeriod": "1h"})) == []


def test_a_later_entry_does_not_stand_in_past_one_of_another_kind() -> None:
    """Without the first, the second would be the first that fits, and take other variables."""
    narrow, wide = {"src": ["a@example.com"]}, {"users": ["ubuntu", "root"]}
    assert places(policy(narrow, {"acceptEnv": ["LANG"]}, wide)) == []


def test_what_an_entry_names_in_vain_is_not_overlooked() -> None:
    assert places(policy({}, {"src": ["a@example.com", "group:none"]})) == []


def test_the_repair_is_safe() -> None:
    found = [each for each in diagnose(policy({}, {"src": ["a@example.com"]})) if each.code.slug == SLUG]
    assert [each.fix.safe for each in found if each.fix] == [True]
