"""Pages about comments that silence findings, and about aclc's own configuration."""

from __future__ import annotations

from aclc.lint.pages.page import Page

UPKEEP = (
    Page(
        "SEC041",
        "expired-access",
        "warning",
        "The day until which a rule was meant to stand is over, or near.",
        "Access that was given for a while stays for good unless somebody takes it away.\n"
        "`// aclc: expires=2026-12-31` beside or above a rule says when. It is told of two weeks before that day.",
        '{"grants": [\n// aclc: expires=2020-01-31\n{"src": ["a@example.com"], "dst": ["*"], "ip": ["*"]}]}',
        '{"grants": [\n// aclc: expires=2999-01-31\n{"src": ["a@example.com"], "dst": ["*"], "ip": ["*"]}]}',
    ),
    Page(
        "OPS004",
        "unused-suppression",
        "warning",
        "A comment silences a finding that is not there.",
        "What it excused is gone, or it stands at the wrong place and excuses nothing; later it hides something new.",
        '{\n// aclc: ignore=bad-port reason="cured long ago"\n"grants": []}',
        '{\n"grants": []}',
    ),
    Page(
        "OPS005",
        "suppression-without-reason",
        "info",
        "A comment silences a finding and does not say why (profile `strict`).",
        "Whoever comes next cannot tell whether the reason still holds.",
    ),
    Page(
        "OPS006",
        "expired-suppression",
        "warning",
        "The day until which a comment silences a finding is over.",
        "It was meant to be looked at again: now is the time.",
        '{\n// aclc: ignore=no-tests reason="migration" until=2020-01-31\n"grants": []}',
    ),
    Page(
        "OPS007",
        "unreadable-suppression",
        "warning",
        "A comment looks as if it should silence findings, but cannot be read.",
        "It silences nothing.",
        '{\n// aclc: ignroe=no-tests\n"grants": []}',
    ),
    Page(
        "OPS008",
        "meaning-not-checked",
        "info",
        "A policy has more than 10,000 acls and grants, so rules about what they mean together did not run.",
        "They would take more than some seconds. The profile `strict` runs them on any policy.",
    ),
    Page(
        "CFG001",
        "config-syntax",
        "error",
        "`aclc.toml` or `pyproject.toml` is no TOML.",
        "Nothing in it can be used, so the command ends with exit code 2.",
        "select = [",
        'select = ["SEC"]',
        "toml",
    ),
    Page(
        "CFG002",
        "config-unknown-key",
        "error",
        "The configuration has a key that aclc does not know.",
        "What it should change does not change. `aclc show-settings` shows what is in force.",
        'ingore = ["no-tests"]',
        'ignore = ["no-tests"]',
        "toml",
    ),
    Page(
        "CFG003",
        "config-value",
        "error",
        "A key of the configuration has a value that it cannot have.",
        "What it should change does not change.",
        'profile = "stict"',
        'profile = "strict"',
        "toml",
    ),
)
