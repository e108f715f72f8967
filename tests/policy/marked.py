"""Policies with the place of the expected finding marked: `"dst": ["tag:web:«ssh»"]`."""

from __future__ import annotations

from typing import NamedTuple

from aclc.diagnostics import Diagnostic, Severity
from aclc.policy.model import Policy
from aclc.policy.read_hujson import read_policy
from aclc.source import Source

# Sections that keep a fragment from being reported for what it leaves out.
_RULES = '"acls": [{"action": "accept", "src": ["*"], "dst": ["*:*"]}]'


class Case(NamedTuple):
    """A policy's text with one marked span, and what has to be said of that span, and of nothing else."""

    text: str
    code: str
    message: str
    control: str | None = None
    severity: Severity = Severity.ERROR


def acl(fragment: str) -> str:
    """Give a policy of one acl with these members beside harmless ones."""
    members = {"action": '"accept"', "src": '["*"]', "dst": '["*:*"]'}
    return f'{{"acls": [{{{_beside(fragment, members)}}}]}}'


def grant(fragment: str) -> str:
    """Give a policy of one grant with these members beside harmless ones."""
    members = {"src": '["*"]', "dst": '["*"]', "ip": '["*"]'}
    return f'{{"grants": [{{{_beside(fragment, members)}}}]}}'


def ssh(fragment: str) -> str:
    """Give a policy of one ssh rule with these members beside harmless ones."""
    members = {"action": '"check"', "src": '["autogroup:member"]', "dst": '["autogroup:self"]', "users": '["root"]'}
    return f'{{{_RULES}, "ssh": [{{{_beside(fragment, members)}}}]}}'


def section(fragment: str) -> str:
    """Give a policy with one more section."""
    return f"{{{fragment}, {_RULES}}}"


def read(text: str) -> Policy:
    """Give the policy for a text without findings worse than information."""
    outcome = read_policy(Source("policy.hujson", text))
    assert [found for found in outcome.diagnostics if found.severity is not Severity.INFO] == []
    assert outcome.value is not None
    return outcome.value


def found(text: str) -> tuple[Diagnostic, ...]:
    """Give what is found in a text."""
    return read_policy(Source("policy.hujson", text)).diagnostics


def check(case: Case) -> None:
    """Compare the one finding of a case with what it has to be."""
    start, end = case.text.index("«"), case.text.index("»") - 1
    text = case.text.replace("«", "").replace("»", "")
    actual = [
        (each.code.id, each.severity, each.span.start, each.span.end, each.message, each.control)
        for each in found(text)
    ]
    assert [(case.code, case.severity, start, end, case.message, case.control)] == actual


def _beside(fragment: str, members: dict[str, str]) -> str:
    """Give the fragment with those members that it does not have itself."""
    plain = fragment.replace("«", "").replace("»", "")
    return ", ".join([fragment, *(f'"{key}": {value}' for key, value in members.items() if f'"{key}"' not in plain)])


def read_anyway(text: str) -> Policy:
    """Give what can be read of a policy with errors."""
    policy = read_policy(Source("policy.hujson", text)).value
    assert policy is not None
    return policy
