"""`acl` statements become `allow`, and everything else stays as it is."""

from __future__ import annotations

import pytest

from aclc.check import read_source_text
from aclc.fix import why_not_the_same
from aclc.policy.language_grants import acls_as_allows
from aclc.source import Source

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
