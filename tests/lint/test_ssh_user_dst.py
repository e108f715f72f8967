from __future__ import annotations

import pytest

from tests.lint.checking import findings

SLUG = "ssh-user-dst"

WORDS = "users in dst are only allowed from the same user"


def ssh(src: str, dst: str) -> str:
    return (
        '{"tagOwners": {"tag:ci": [], "tag:web": []}, "ssh": [{"action": "accept", "users": ["root"], '
        f'"src": [{src}], "dst": [{dst}]}}]}}'
    )


@pytest.mark.parametrize(
    "src", ['"b@x.com"', '"a@x.com", "b@x.com"', '"autogroup:member"', '"tag:ci"', '"group:a@x.com"']
)
def test_a_user_lets_nobody_else_in(src: str) -> None:
    assert findings(SLUG, ssh(src, '"a@x.com"')) == [("error", '"a@x.com"', WORDS)]


@pytest.mark.parametrize("src", ['"a@x.com"', ""])
def test_a_user_reaches_own_devices(src: str) -> None:
    assert findings(SLUG, ssh(src, '"a@x.com", "tag:web"')) == []


def test_tagged_devices_have_no_devices_of_their_own() -> None:
    assert findings(SLUG, ssh('"tag:ci", "autogroup:member"', '"autogroup:self"')) == [("warning", '"tag:ci"', None)]
    assert findings(SLUG, ssh('"tag:ci"', '"autogroup:self", "tag:web"')) == []
