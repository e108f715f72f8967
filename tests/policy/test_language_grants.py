"""`acl` statements become `allow`, and everything else stays as it is."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aclc.check import read_source_text
from aclc.fix import why_not_the_same
from aclc.policy.language_grants import acls_as_allows
from aclc.policy.read_hujson import read_policy
from aclc.policy.write_language import language_text
from aclc.source import Source
from tests.properties.strategies import GROUPS, HOSTS, IPSETS, TAGS, acls

NAMES = "group eng = ann@x.com, bob@x.com\ntag web\ntag db\nhost lab = 10.0.0.1\n"


@pytest.mark.parametrize(
    ("acl", "expected"),
    [
        ("acl eng -> tag web:443, 80", "allow eng -> tag web on any 443, 80"),
        ("acl eng -> tag web:443, tag db:443 proto tcp", "allow eng -> tag web, tag db on tcp 443"),
        ("acl any -> *:*", "allow any -> any on any"),
        ("acl eng -> tag web:* proto icmp", "allow eng -> tag web on icmp"),
        (
            'acl eng -> tag web:443, lab:22 until 2027-01-01 because "a  b" owner sre  # c',
            (
                'allow eng -> tag web on any 443 until 2027-01-01 because "a  b" owner sre\n'
                'allow eng -> lab on any 22 until 2027-01-01 because "a  b" owner sre  # c'
            ),
        ),
        (
            "acl eng except bob@x.com  # not bob\n    -> 10.0.0.0/8:22-80  # ten\n    proto tcp",
            "# not bob\n# ten\nallow eng except bob@x.com -> 10.0.0.0/8 on tcp 22-80",
        ),
        (
            "for e in web, db: acl eng -> tag $e:443, lab:22",
            "for e in web, db: allow eng -> tag $e on any 443\nfor e in web, db: allow eng -> lab on any 22",
        ),
        ('acl eng -> "lab:22"', 'allow eng -> "lab" on any 22'),
        ("acl eng -> tag web:22 proto 6", None),
    ],
)
def test_an_acl_becomes_allow_and_means_the_same(acl: str, expected: str | None) -> None:
    source = Source("p.aclc", f"{NAMES}\n{acl}\n# the end\n")

    text, left = acls_as_allows(source)

    assert (source.text if expected is None else f"{NAMES}\n{expected}\n# the end\n") == text
    assert (1 if expected is None else 0) == left
    policies = [read_source_text(each).value for each in (source, Source("p.aclc", text))]
    assert why_not_the_same(policies[0], policies[1]) is None


@settings(max_examples=max(settings().max_examples // 10, 5))
@given(st.lists(acls(), min_size=1, max_size=3))
def test_generated_acls_become_allow_and_mean_the_same(listed: list[dict[str, Any]]) -> None:
    tags = {tag: ["alice@example.com"] for tag in TAGS}
    groups: dict[str, list[str]] = {group: ["alice@example.com", "bob@example.com"] for group in GROUPS}
    ranges = {name: ["10.0.0.0/8"] for name in IPSETS}
    names = {"groups": groups, "tagOwners": tags, "ipsets": ranges, "hosts": dict(HOSTS)}
    # What says nothing is written as `raw`, and no statement.
    complete = [acl for acl in listed if acl["src"] and acl["dst"]]
    for acl in complete:
        acl.pop("srcPosture", None)
    value = {**names, "acls": complete}
    policy = read_policy(Source("p.hujson", json.dumps(value))).value
    assert policy is not None
    source = Source("p.aclc", language_text(policy, value))

    text, left = acls_as_allows(source)

    before, after = (read_source_text(each).value for each in (source, Source("p.aclc", text)))
    assert before is not None
    assert after is not None
    assert left == len(after.acls or ())
    assert why_not_the_same(before, after) is None, text
