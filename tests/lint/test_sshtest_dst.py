from __future__ import annotations

from tests.lint.checking import findings, messages

SLUG = "sshtest-dst"


def of(src: str, *dst: str) -> str:
    listed = ", ".join(f'"{each}"' for each in dst)
    return (
        '{"hosts": {"nas": "10.0.0.1"}, "tagOwners": {"tag:server": []}, '
        f'"sshTests": [{{"src": "{src}", "dst": [{listed}], "accept": ["root"]}}]}}'
    )


def test_the_control_plane_says_which_destination_it_does_not_take() -> None:
    """Captures sshtest-malformed-dst-autogroup-internet, -cidr, -with-port."""
    text = of("a@x.com", "autogroup:internet", "100.64.0.0/24", "tag:server:22", "tag:server", "nas", "10.0.0.1")
    assert findings(SLUG, text) == [
        ("error", '"autogroup:internet"', 'SSH tests dst contains disallowed element "autogroup:internet"'),
        ("error", '"100.64.0.0/24"', 'SSH tests dst contains disallowed element "100.64.0.0/24"'),
        ("error", '"tag:server:22"', 'SSH tests dst contains unknown tag "tag:server:22"'),
    ]
    assert messages(SLUG, text)[2][1] == "ssh tests take no ports: write `tag:server`"


def test_so_it_does_of_sources() -> None:
    words = 'SSH tests src contains disallowed element "autogroup:admin"'
    assert findings(SLUG, of("autogroup:admin", "tag:server")) == [("error", '"autogroup:admin"', words)]
    assert findings(SLUG, of("tag:server", "tag:server")) == []


def test_other_unknown_names_are_the_test_s_to_say() -> None:
    assert findings(SLUG, of("group:nobody", "nowhere", "group:nothing")) == []
