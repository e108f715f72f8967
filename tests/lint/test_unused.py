"""Unused names of a section: one by one, or together where they are many; and the repair that removes them."""

from __future__ import annotations

import json

import pytest

from aclc.check import check_source
from aclc.fix import Read, fix
from aclc.lint.unused import MOST_BY_THEMSELVES
from aclc.source import Source
from tests.lint.checking import diagnose

SECTIONS = {
    "groups": ("unused-group", "group:{}", ["a@example.com"]),
    "hosts": ("unused-host", "h{}", "10.0.0.1"),
    "ipsets": ("unused-ipset", "ipset:{}", ["10.0.0.0/8"]),
    "postures": ("unused-posture", "posture:{}", ["node:os == 'linux'"]),
}


def policy(section: str, count: int) -> str:
    _, name, value = SECTIONS[section]
    members = {name.format(at): value for at in range(count)}
    return json.dumps({section: members, "grants": [{"src": ["b@example.com"], "dst": ["*"], "ip": ["*"]}]}, indent=2)


def read(source: Source) -> Read:
    checked = check_source(source)
    return Read(source, checked.policy, checked.diagnostics)


@pytest.mark.parametrize("section", SECTIONS)
def test_few_are_told_one_by_one_and_many_at_once(section: str) -> None:
    slug = SECTIONS[section][0]
    few = [each for each in diagnose(policy(section, MOST_BY_THEMSELVES)) if each.code.slug == slug]
    many = [each for each in diagnose(policy(section, 9)) if each.code.slug == slug]
    assert len(few) == MOST_BY_THEMSELVES
    assert [each.span.text for each in many] == [f'"{section}"']
    assert "9 " in many[0].message
    assert "and 6 more" in many[0].message


@pytest.mark.parametrize("section", SECTIONS)
@pytest.mark.parametrize("count", [1, 2, 9])
def test_the_repair_removes_them_and_is_proven(section: str, count: int) -> None:
    done = fix(read(Source("policy.hujson", policy(section, count))), read)
    assert json.loads(done.after.source.text)[section] == {}
    assert done.refused == ()


def test_what_is_used_and_its_comments_stay() -> None:
    text = """{
    "hosts": {
        "a": "10.0.0.1", // old
        "b": "10.0.0.2", // kept
        "c": "10.0.0.3",
        "d": "10.0.0.4",
        "e": "10.0.0.5"
    },
    "grants": [{"src": ["x@example.com"], "dst": ["b"], "ip": ["*"]}]
}
"""
    done = fix(read(Source("policy.hujson", text)), read)
    assert done.after.source.text == (
        """{
    "hosts": {
        "b": "10.0.0.2" // kept
    },
    "grants": [{"src": ["x@example.com"], "dst": ["b"], "ip": ["*"]}]
}
"""
    )
