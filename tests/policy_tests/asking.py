"""Policies with tests, written short, and what is found in them."""

from __future__ import annotations

import json
from typing import Any

from aclc.diagnostics import Diagnostic
from aclc.policy.read_hujson import read_policy
from aclc.policy_tests.run import run_tests
from aclc.source import Source
from aclc.tailnet.load import load_tailnet

GROUPS = {"group:eng": ["alice@example.com", "bob@example.com"], "group:one": ["alice@example.com"], "group:none": []}
HOSTS = {"db": "10.0.0.5", "web": "100.64.0.9", "net": "10.0.0.0/24"}
TAGS: dict[str, list[str]] = {tag: [] for tag in ("tag:web", "tag:db", "tag:ci")}
TAILNET = {
    "users": [
        {"login": "alice@example.com", "role": "admin"},
        {"login": "bob@example.com"},
        {"login": "owner@example.com", "role": "owner"},
    ],
    "nodes": [
        {"name": "laptop", "user": "alice@example.com", "addresses": ["100.64.0.1", "fd7a:115c:a1e0::1"]},
        {"name": "phone", "user": "alice@example.com", "addresses": ["100.64.0.2"]},
        {"name": "web-1", "tags": ["tag:web"], "addresses": ["100.64.0.9"]},
        {"name": "web-2", "tags": ["tag:web", "tag:db"], "addresses": ["100.64.0.10"]},
    ],
}
"""Alice has two devices, Bob none; one of the two web servers is a database too."""


def policy(**sections: Any) -> dict[str, Any]:
    """Give a policy with the usual groups, hosts and tags."""
    return {"groups": GROUPS, "hosts": HOSTS, "tagOwners": TAGS, **sections}


def ask(sections: dict[str, Any], tailnet: dict[str, Any] | None = None) -> tuple[Diagnostic, ...]:
    """Run the tests of a policy; it is written one value a line, so that lines tell places apart."""
    read = read_policy(Source("policy.hujson", json.dumps(policy(**sections), indent=0)))
    assert read.value is not None
    assert [] == [found.message for found in read.diagnostics if found.severity == 0]
    known = load_tailnet(Source("tailnet.json", json.dumps(tailnet))).value if tailnet is not None else None
    return run_tests(read.value, known)


def acl(src: str | list[str], *dst: str, **more: Any) -> dict[str, Any]:
    """Give an acl."""
    return {"action": "accept", "src": [src] if isinstance(src, str) else src, "dst": list(dst), **more}


def verdict(found: tuple[Diagnostic, ...]) -> str:
    """Give `holds`, `fails` or `undecided`, or `posture` for the warning about postures."""
    words = {"TST004": "fails", "TST016": "undecided", "TST009": "posture"}
    codes = {each.code.id for each in found}
    return next((word for code, word in words.items() if code in codes), "holds")
