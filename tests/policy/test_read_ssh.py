"""What is wrong with the values of ssh rules, and where."""

from __future__ import annotations

import pytest

from aclc.diagnostics import Severity
from tests.policy.marked import Case, check, found, read, ssh

CASES = [
    Case(
        ssh('"action": «"deny"»'),
        "VAL008",
        "action `deny` does not exist for ssh rules",
        '"deny" is not a valid action',
    ),
    Case(
        ssh('"action": «"Accept"»'),
        "VAL008",
        "action `Accept` does not exist for ssh rules",
        '"Accept" is not a valid action',
    ),
    Case(ssh('"action": «""»'), "VAL008", "ssh rule has no action", "action must be specified"),
    Case(ssh('"users": «[]»'), "VAL018", "ssh rule names no `users` to log in as", "users must be specified"),
    Case(ssh('"users": ["root", «" "»]'), "VAL018", "login name is empty", 'user "" is not valid'),
    Case(ssh('"users": [«"*"»]'), "VAL018", "`*` is not a login name", 'user "*" is not valid'),
    Case(
        ssh('"users": [«1»]'),
        "SYN009",
        "an item of `users` must be a string, not the number 1",
        "json: cannot unmarshal number into Go",
    ),
    Case(ssh('"checkPeriod": «"abc"»'), "VAL019", "`abc` is not a duration", 'time: invalid duration "abc"'),
    Case(ssh('"checkPeriod": «"1d"»'), "VAL019", "`1d` is not a duration", 'time: unknown unit "d" in duration "1d"'),
    Case(
        ssh('"checkPeriod": «"-1m"»'),
        "VAL019",
        "check period `-1m` is negative",
        "checkPeriod -1m0s must be a positive duration",
    ),
    Case(
        ssh('"checkPeriod": «"168h0m1s"»'),
        "VAL019",
        "check period `168h0m1s` is too long",
        "checkPeriod 168h0m1s is above the max (168h)",
    ),
    Case(
        ssh('"checkPeriod": «"200h"»'),
        "VAL019",
        "check period `200h` is too long",
        "checkPeriod 200h0m0s is above the max (168h)",
    ),
    Case(
        ssh('"action": "accept", «"checkPeriod"»: "1h"'),
        "VAL019",
        "`checkPeriod` has no effect with action `accept`",
        severity=Severity.WARNING,
    ),
    Case(
        ssh('"acceptEnv": ["LANG", «""»]'),
        "VAL021",
        "name of an environment variable is empty",
        "acceptEnv values cannot be empty",
    ),
    Case(ssh('"dst": ["tag:web«:22»"]'), "VAL002", "`tag:web:22` has ports, which have no place here"),
    Case(ssh('"src": «[]»'), "VAL009", "`src` is empty, so this rule does nothing", severity=Severity.WARNING),
    Case(
        ssh('"enforceRecorder": «"yes"»'),
        "SYN009",
        "`enforceRecorder` must be true or false, not a string",
        "json: cannot unmarshal string into Go",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.text)
def test_one_mistake_is_one_finding_at_its_place(case: Case) -> None:
    """Code, span, words and the control plane's own words are as expected, and nothing else is found."""
    check(case)


@pytest.mark.parametrize("period", ["always", "0s", "30s", "168h", "1.5h", "", " 1h "])
def test_check_periods(period: str) -> None:
    """Any duration up to a week is taken, and `always`."""
    rule = (read(ssh(f'"checkPeriod": "{period}"')).ssh or ())[0]
    assert (period.strip() or None) == rule.check_period


def test_ssh_rule_is_read() -> None:
    """Action and users are trimmed, environment variables are not."""
    policy = read(
        ssh(
            '"action": " accept", "users": [" root", "\\tubuntu"], "acceptEnv": ["GIT_*", " LANG"], '
            '"recorder": ["tag:rec"], "enforceRecorder": true, "srcPosture": ["posture:p"]'
        )
    )
    rule = (policy.ssh or ())[0]
    assert ("accept", ("root", "ubuntu"), ("GIT_*", " LANG")) == (rule.action, rule.users, rule.accept_env)
    assert (True, ("posture:p",)) == (rule.enforce_recorder, rule.src_posture)
    assert ["tag:rec"] == [selector.text for selector in rule.recorder]


def test_missing_action_and_users_are_two_findings_at_the_rule() -> None:
    """Nothing is there to point at but the rule itself."""
    text = '{"grants": [], "ssh": [{"src": ["a@example.com"], "dst": ["tag:x"]}]}'
    findings = [each for each in found(text) if each.severity is Severity.ERROR]
    assert ["action must be specified", "users must be specified"] == [each.control for each in findings]
    assert {'{"src": ["a@example.com"], "dst": ["tag:x"]}'} == {each.span.text for each in findings}
