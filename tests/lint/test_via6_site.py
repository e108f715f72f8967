from __future__ import annotations

from tests.lint.checking import findings, messages

SLUG = "via6-site"

POLICY = """{"tagOwners": {"tag:r": []}, "hosts": {"nas": "fd7a:115c:a1e0:b1a:0:9:a00:1"},
    "autoApprovers": {"routes": {"%s": ["tag:r"], "fd7a:115c:a1e0:b1a:0:7:a00:0/112": ["tag:r"]}},
    "acls": [{"action": "accept", "src": ["autogroup:member"], "dst": ["%s:443"]}]}"""

EIGHT = "fd7a:115c:a1e0:b1a:0:8:a00:0/112"


def test_the_sites_that_there_are_are_told() -> None:
    assert messages(SLUG, POLICY % (EIGHT, "nas")) == [
        (
            "`nas` lies at site `9`, for which no route is approved",
            "approved are routes of site `8` and `7`",
        )
    ]


def test_sites_that_are_approved_and_other_addresses_are_left_alone() -> None:
    assert findings(SLUG, POLICY % (EIGHT, "[fd7a:115c:a1e0:b1a:0:8:a00:9]")) == []
    assert findings(SLUG, POLICY % (EIGHT, "[fd7a:115c:a1e0::1]")) == []


def test_nothing_is_said_where_no_such_route_is_approved() -> None:
    text = (POLICY % ("10.0.0.0/8", "nas")).replace("fd7a:115c:a1e0:b1a:0:7:a00:0/112", "10.1.0.0/16")
    assert findings(SLUG, text) == []
