from __future__ import annotations

from tests.lint.checking import messages

SLUG = "management-port-exposed"


POLICY = """{"tagOwners": {"tag:a": []}, "acls": [{"action": "accept", "src": ["%s"], "dst": ["tag:a:%s"]}]%s}"""


def test_every_kind_of_everybody_counts_and_groups_do_not() -> None:
    found = [
        messages(SLUG, POLICY % (src, "3389", ""))
        for src in ("*", "autogroup:member", "100.64.0.0/10", "a@example.com")
    ]
    assert [bool(each) for each in found] == [True, True, True, False]
    assert found[1][0][0] == "every member can reach port 3389 (RDP) of `tag:a`"


def test_ssh_has_to_be_open_where_an_entry_of_ssh_leads() -> None:
    entry = """, "ssh": [{"action": "check", "src": ["autogroup:member"], "dst": ["tag:a"], "users": ["root"]}]"""
    assert len(messages(SLUG, POLICY % ("autogroup:member", "22", ""))) == 1
    assert messages(SLUG, POLICY % ("autogroup:member", "22", entry)) == []


def test_other_ports_and_protocols_are_fine() -> None:
    assert messages(SLUG, POLICY % ("*", "443", "")) == []
    assert messages(SLUG, (POLICY % ("*", "445", "")).replace('"accept",', '"accept", "proto": "udp",')) == []
