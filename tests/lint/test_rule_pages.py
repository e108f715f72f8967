"""Every rule is a page, and the page's examples are its first tests."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest

from aclc.diagnostics import Severity
from aclc.lint.registry import policy_rules
from aclc.lint.rule import PolicyRule
from aclc.tailnet.model import Tailnet
from tests.corpus import REPOSITORY
from tests.lint.checking import diagnose, tailnet_of

RULES = policy_rules()
FOLDER = REPOSITORY / "aclc" / "lint" / "rules"
_BLOCK = re.compile(r"^```(hujson (?:good|bad)|json tailnet)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(rule: PolicyRule, kind: str) -> list[str]:
    return [text for name, text in _BLOCK.findall(rule.doc) if name == kind]


def tailnet_for(rule: PolicyRule) -> Tailnet | None:
    texts = blocks(rule, "json tailnet")
    return tailnet_of(texts[0]) if texts else None


def target_of(rule: PolicyRule) -> str:
    """Give the control plane that the examples of a page are for."""
    named = re.search(r"[Tt]he examples are for `([\w@.]+)`", rule.doc)
    return named[1] if named else "tailscale"


TOO_LONG = frozenset({"self-on-headscale-slow"})
"""Rules whose bad example takes hundreds of nodes; their own tests have it."""


def module_of(rule: PolicyRule) -> str:
    return rule.code.slug.replace("-", "_")


def test_every_module_is_a_rule_named_for_its_slug() -> None:
    modules = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem != "__init__")
    assert modules == sorted(module_of(rule) for rule in RULES)
    for rule in RULES:
        module = import_module(f"aclc.lint.rules.{module_of(rule)}")
        assert (module.RULE, module.CODE) == (rule, rule.code)


def test_ids_and_slugs_are_unique() -> None:
    assert len(RULES) == len({rule.code.id for rule in RULES}) == len({rule.code.slug for rule in RULES})


def test_no_other_code_of_the_project_has_an_id_or_a_slug_of_a_rule() -> None:
    """Some faults are seen by the reader and by a rule; then both report the very same code."""
    codes = {rule.code.id: rule.code.slug for rule in RULES}
    pattern = re.compile(r'Code\("(\w+)", "([\w-]+)"')
    for path in sorted((REPOSITORY / "aclc").rglob("*.py")):
        for code, slug in pattern.findall(path.read_text(encoding="utf-8")):
            assert (code in codes) == (slug in codes.values()), (path, code, slug)
            assert codes.get(code, slug) == slug, path


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code.slug)
def test_a_page_has_all_its_parts(rule: PolicyRule) -> None:
    summary = rule.doc.split("\n\n", 1)[0]
    assert summary.endswith("."), summary
    headings = re.findall(r"^## (.*)$", rule.doc, re.MULTILINE)
    assert headings == ["Why is this bad?", "Example", "Source"]
    assert blocks(rule, "hujson bad") or rule.code.slug in TOO_LONG, "no bad example"
    assert blocks(rule, "hujson good"), "no good example"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code.slug)
def test_the_bad_examples_of_a_page_are_found(rule: PolicyRule) -> None:
    for text in blocks(rule, "hujson bad"):
        found = diagnose(text, tailnet_for(rule), target=target_of(rule))
        assert rule.code in {each.code for each in found}, text


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code.slug)
def test_a_bad_example_shows_nothing_worse_than_its_own_fault(rule: PolicyRule) -> None:
    for text in blocks(rule, "hujson bad"):
        others = [
            each
            for each in diagnose(text, tailnet_for(rule), target=target_of(rule))
            if each.code != rule.code and each.severity is Severity.ERROR
        ]
        assert others == [], text


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code.slug)
def test_the_good_examples_of_a_page_are_good(rule: PolicyRule) -> None:
    for text in blocks(rule, "hujson good"):
        found = diagnose(text, tailnet_for(rule), target=target_of(rule))
        assert [each for each in found if each.code == rule.code] == [], text
        assert [each for each in found if each.severity is Severity.ERROR] == [], text


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code.slug)
def test_what_a_rule_says_reads_as_all_diagnostics_do(rule: PolicyRule) -> None:
    for text in blocks(rule, "hujson bad"):
        for found in diagnose(text, tailnet_for(rule), target=target_of(rule)):
            for words in (found.message, found.help or "x"):
                assert words == words.strip(), words
                assert "\n" not in words, words
                assert not words.endswith("."), words
                assert words[0] == "`" or not words[0].isupper() or words.startswith("IPv"), words


def test_each_rule_has_a_test_of_its_own() -> None:
    here = Path(__file__).parent
    assert [rule.code.slug for rule in RULES if not (here / f"test_{module_of(rule)}.py").is_file()] == []
