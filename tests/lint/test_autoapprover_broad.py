from __future__ import annotations

from tests.lint.checking import findings

SLUG = "autoapprover-broad"


POLICY = """{"tagOwners": {"tag:a": []}, "autoApprovers": {"routes": {"%s": ["tag:a"]}}, "grants": []%s}"""


def test_how_much_is_too_much() -> None:
    keys = ["0.0.0.0/0", "::/0", "0.0.0.0/1", "10.0.0.0/8", "fd00::/8", "fd00:1::/32"]
    assert [bool(findings(SLUG, POLICY % (key, ""))) for key in keys] == [True, True, True, False, True, False]


def test_app_connectors_need_it() -> None:
    more = (
        """, "nodeAttrs": [{"target": ["*"], "app": {"tailscale.com/app-connectors": [{"connectors": ["tag:a"]}]}}]"""
    )
    assert findings(SLUG, POLICY % ("0.0.0.0/0", more)) == []


def test_both_default_routes_are_one_finding() -> None:
    text = POLICY.replace('{"%s": ["tag:a"]}', '{"0.0.0.0/0": ["tag:a"], "::/0": ["tag:a"]}').replace("%s", "")
    assert [span for _, span, _ in findings(SLUG, text)] == ['"0.0.0.0/0"']
