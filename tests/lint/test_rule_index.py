"""`aclc/lint/rule_index.py` is what the rules say of themselves; `--update-goldens` writes it anew."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from aclc.diagnostics import Severity
from aclc.lint import registry
from aclc.lint.registry import Listed, chosen_rules, listed_rules, policy_rules
from aclc.lint.rule import PolicyRule
from aclc.lint.selection import ERRORS, PROFILES, Profile, Selection
from tests.corpus import REPOSITORY

FILE = REPOSITORY / "aclc" / "lint" / "rule_index.py"
RULES = REPOSITORY / "aclc" / "lint" / "rules"

HEAD = '''\
"""What each rule says of itself, so that one that does not run need not be imported. Written by `make goldens`."""

from __future__ import annotations

from aclc.lint.selection import Profile

INDEX: dict[str, tuple[str, str, Profile, str]] = {
'''
TAIL = '''\
}
"""Module → number of the code, its severity, the smallest profile that the rule runs in, the worst of its findings."""
'''


def module_of(rule: PolicyRule) -> str:
    return rule.code.slug.replace("-", "_")


def index_text(rules: tuple[PolicyRule, ...]) -> str:
    """Give the text of the index."""
    rows = [
        f'    "{module_of(rule)}": '
        f'("{rule.code.id}", "{rule.code.severity.name}", "{rule.profile}", "{rule.worst_severity.name}"),\n'
        for rule in sorted(rules, key=module_of)
    ]
    return f"{HEAD}{''.join(rows)}{TAIL}"


def test_the_index_is_what_the_rules_say(request: pytest.FixtureRequest) -> None:
    expected = index_text(policy_rules())
    if request.config.getoption("--update-goldens") and expected != FILE.read_text(encoding="utf-8"):
        FILE.write_text(expected, encoding="utf-8")
    assert expected == FILE.read_text(encoding="utf-8"), "aclc/lint/rule_index.py is stale: run `make goldens`"


def test_a_rule_that_the_index_does_not_know_runs_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = listed_rules()
    monkeypatch.setattr(registry, "INDEX", {})
    registry.listed_rules.cache_clear()
    try:
        assert whole == listed_rules()
    finally:
        registry.listed_rules.cache_clear()


@pytest.mark.parametrize("profile", PROFILES)
def test_the_rules_that_run_are_those_whose_own_words_say_so(profile: Profile) -> None:
    selection = Selection(profile, select=frozenset({"SEC"}), ignore=frozenset({"DEAD"}))
    expected = [each for each in policy_rules() if selection.wants(each.code, each.profile, each.worst_severity)]
    assert expected == list(chosen_rules(selection))


def test_a_question_runs_only_what_may_find_errors() -> None:
    assert {Severity.ERROR} == {rule.worst_severity for rule in chosen_rules(ERRORS)}
    assert "user_not_in_tailnet" in map(module_of, chosen_rules(ERRORS))


@pytest.mark.parametrize("listed", listed_rules(), ids=lambda each: each.module)
def test_no_rule_speaks_of_a_severity_worse_than_it_says(listed: Listed) -> None:
    """A rule that may find errors says so, or questions about a policy would not hear of them."""
    tree = ast.parse(Path(RULES / f"{listed.module}.py").read_text(encoding="utf-8"))
    named = {
        Severity[node.attr]
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Severity"
    }
    assert all(severity >= listed.worst for severity in named)
