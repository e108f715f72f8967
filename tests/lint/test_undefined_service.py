from __future__ import annotations

from tests.lint.checking import findings, messages

SLUG = "undefined-service"


def test_a_service_that_no_approver_has_is_found_once() -> None:
    text = """{"autoApprovers": {"services": {"svc:wiki": ["autogroup:admin"]}},
               "acls": [{"action": "accept", "src": ["*"], "dst": ["svc:wiky:443", "svc:wiki:443", "svc:wiky:80"]}]}"""
    assert findings(SLUG, text) == [("warning", '"svc:wiky:443"', None)]
    assert messages(SLUG, text) == [("service `svc:wiky` is in no approver", "did you mean `svc:wiki`?")]


def test_without_approvers_of_services_nothing_is_known() -> None:
    assert findings(SLUG, """{"grants": [{"src": ["*"], "dst": ["svc:wiki"], "ip": ["*"]}]}""") == []


def test_an_approver_by_tag_may_be_for_any_service() -> None:
    text = """{"tagOwners": {"tag:k8s": []}, "autoApprovers": {"services": {"tag:k8s": ["tag:k8s"]}},
               "grants": [{"src": ["*"], "dst": ["svc:wiki"], "ip": ["*"]}]}"""
    assert findings(SLUG, text) == []
