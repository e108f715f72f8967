from __future__ import annotations

from tests.lint.checking import findings, messages

SLUG = "ssh-port-without-entry"

POLICY = """{"groups": {"group:dev": ["a@example.com"], "group:ops": ["b@example.com"]},
    "tagOwners": {"tag:web": [], "tag:db": []}, "hosts": {"laptop": "100.64.0.9"},
    "grants": [{"src": ["group:ops"], "dst": ["tag:web"], "ip": ["*"]},
               {"src": [%s], "dst": ["tag:web", "tag:db"], "ip": [%s]}],
    "ssh": [{"action": "accept", "src": ["group:ops"], "dst": ["%s"], "users": ["ubuntu"]}]}"""


def test_only_the_tag_that_entries_lead_to_is_told() -> None:
    text = POLICY % ('"group:dev"', '"tcp:22", "tcp:443"', "tag:web")
    assert messages(SLUG, text) == [
        (
            "port 22 of `tag:web` is open to `group:dev`, but no entry of `ssh` lets them in there",
            "add them to an entry of `ssh`, or leave the port out; all is well if no device there runs it",
        )
    ]


def test_rules_for_more_than_ssh_are_left_alone() -> None:
    for ports in ('"*"', '"tcp:1-1000"', '"tcp:443"', '"udp:22"'):
        assert findings(SLUG, POLICY % ('"group:dev"', ports, "tag:web")) == [], ports


def test_one_who_is_let_in_is_enough() -> None:
    assert findings(SLUG, POLICY % ('"group:dev", "b@example.com"', '"tcp:22"', "tag:web")) == []


def test_whose_device_has_an_address_is_not_known() -> None:
    assert findings(SLUG, POLICY % ('"laptop"', '"tcp:22"', "tag:web")) == []
