"""Files in HuJSON among those of a policy in the language: joined, held to their owners, and told of where they are."""

from __future__ import annotations

import pytest

from aclc.diagnostics import Outcome
from aclc.policy.language_document import LanguageDocument
from aclc.policy.model import Policy
from aclc.policy.read_language import read_language
from aclc.source import Source
from tests.policy.language_texts import Memory

ROOT = """
group ops = ada@example.com
module db from "db.hujson" owns tag db, 10.1.0.0/16
allow ops -> tag db on tcp 22
"""


def joined(db: str, root: str = ROOT, **more: str) -> Outcome[Policy]:
    """Read a policy with a file in HuJSON."""
    files = {"policy.aclc": root, "db.hujson": db, **{f"{name}.hujson": text for name, text in more.items()}}
    return read_language(Source("policy.aclc", root, Memory(files)))


def value_of(outcome: Outcome[Policy]) -> object:
    """Give the value of a policy without findings."""
    assert [] == [found.message for found in outcome.diagnostics]
    assert outcome.value is not None
    assert isinstance(outcome.value.document, LanguageDocument)
    return outcome.value.document.value


def told(outcome: Outcome[Policy]) -> list[tuple[str, str, str, str]]:
    """Give (file, code, text of the span, message) of everything found."""
    return [(each.span.source.name, each.code.id, each.span.text, each.message) for each in outcome.diagnostics]


def test_everything_that_a_file_says_joins_the_policy() -> None:
    db = """{ // data
        "TagOwners": {"tag:db": ["group:ops"]},
        "hosts": {"disk": "10.1.0.9"},
        "acls": [{"action": "accept", "users": ["group:ops"], "ports": ["tag:db:5432", "disk:*"]}],
        "ssh": [{"action": "accept", "src": ["group:ops"], "dst": ["tag:db"], "users": ["root"]}],
        "autoApprovers": {"routes": {"10.1.0.0/24": ["tag:db"]}},
        "tests": [{"src": "ada@example.com", "accept": ["tag:db:22"]}],
    }"""
    root = f"{ROOT}approve route 10.1.0.0/24 by ops\n"

    assert value_of(joined(db, root)) == {
        "groups": {"group:ops": ["ada@example.com"]},
        "grants": [{"src": ["group:ops"], "dst": ["tag:db"], "ip": ["tcp:22"]}],
        "autoApprovers": {"routes": {"10.1.0.0/24": ["group:ops", "tag:db"]}},
        "tagOwners": {"tag:db": ["group:ops"]},
        "hosts": {"disk": "10.1.0.9"},
        "acls": [{"action": "accept", "users": ["group:ops"], "ports": ["tag:db:5432", "disk:*"]}],
        "ssh": [{"action": "accept", "src": ["group:ops"], "dst": ["tag:db"], "users": ["root"]}],
        "tests": [{"src": "ada@example.com", "accept": ["tag:db:22"]}],
    }


def test_lines_of_the_language_may_use_what_a_file_defines() -> None:
    root = 'include "db.hujson"\nallow dbas except bob@x.com -> lan on tcp 22\n'
    db = '{"groups": {"group:dbas": ["ada@x.com", "bob@x.com"]}, "hosts": {"lan": "10.0.0.0/8"}}'

    assert value_of(joined(db, root)) == {
        "grants": [{"src": ["ada@x.com"], "dst": ["lan"], "ip": ["tcp:22"]}],
        "groups": {"group:dbas": ["ada@x.com", "bob@x.com"]},
        "hosts": {"lan": "10.0.0.0/8"},
    }


def test_several_files_are_merged() -> None:
    rule = '{"grants": [{"src": ["*"], "dst": ["tag:db"], "ip": ["%s"]}]}'
    root = 'include "db.hujson", "web.hujson"\ntag db\n'

    assert value_of(joined(rule % "tcp:1", root, web=rule % "tcp:2")) == {
        "tagOwners": {"tag:db": []},
        "grants": [
            {"src": ["*"], "dst": ["tag:db"], "ip": ["tcp:1"]},
            {"src": ["*"], "dst": ["tag:db"], "ip": ["tcp:2"]},
        ],
    }


@pytest.mark.parametrize(
    ("db", "expected"),
    [
        (
            '{"grants": [{"src": ["group:ops"], "dst": ["tag:web"], "ip": ["*"]}]}',
            ("db.hujson", "LNG020", '"tag:web"', "module `db` may not open `tag:web`"),
        ),
        (
            '{"acls": [{"action": "accept", "src": ["group:ops"], "dst": ["10.2.0.1:22"]}]}',
            ("db.hujson", "LNG020", '"10.2.0.1:22"', "module `db` may not open `10.2.0.1`"),
        ),
        (
            '{"tagOwners": {"tag:web": ["group:ops"]}}',
            ("db.hujson", "LNG020", '"tag:web"', "module `db` may not hand out `tag:web`"),
        ),
        (
            '{"autoApprovers": {"routes": {"10.9.0.0/16": ["group:ops"]}}}',
            ("db.hujson", "LNG020", '"group:ops"', "module `db` may not approve `10.9.0.0/16`"),
        ),
        (
            '{"randomizeClientPort": true}',
            ("db.hujson", "LNG021", "true", "`randomizeClientPort` cannot be said in a file of module `db`"),
        ),
        (
            '{"groups": {"group:ops": ["eve@example.com"]}}',
            ("db.hujson", "LNG003", '"group:ops"', "group `ops` is defined twice"),
        ),
        ("[]", ("db.hujson", "LNG024", "[]", "file holds no policy")),
        (
            '{"autoApprovers": {"routes": {"10.1.0.0/24": "group:ops"}}}',
            ("db.hujson", "LNG024", '"group:ops"', "approvers of `10.1.0.0/24` are no list"),
        ),
        (
            '{"hots": {}}',
            ("db.hujson", "SYN007", '"hots"', "the policy has no key `hots`"),
        ),
    ],
)
def test_what_a_file_may_not_say_is_told_where_it_says_it(db: str, expected: tuple[str, str, str, str]) -> None:
    assert expected in told(joined(db))


def test_a_broken_file_is_told_of_at_its_place() -> None:
    found = told(joined('{"acls": [{"action": "accept" "src": []}]}'))

    assert ("db.hujson", "SYN001") in [(file, code) for file, code, _, _ in found]


def test_what_cannot_be_joined_is_an_error_and_no_choice() -> None:
    root = 'include "db.hujson", "more.hujson"\n'
    found = told(joined('{"disableIPv4": true}', root, more='{"disableIPv4": false}'))

    message = "`disableIPv4` is given twice, and the two cannot be joined"
    assert ("more.hujson", "LNG024", '"disableIPv4"', message) in found


def test_what_is_no_section_at_all_is_told_once() -> None:
    found = told(joined('{"grnts": [], "randomizeClientPort": true}'))
    assert [("SYN007", '"grnts"'), ("LNG021", "true")] == [(code, text) for _, code, text, _ in found]
