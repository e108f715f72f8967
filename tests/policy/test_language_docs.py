"""The examples of docs/language.md: each is a policy without errors, and its tests and promises hold."""

from __future__ import annotations

import re

import pytest

from aclc.check import check_source
from aclc.diagnostics import Severity
from aclc.source import Source
from tests.corpus import REPOSITORY
from tests.policy.language_texts import Memory, value_of

TEXT = (REPOSITORY / "docs" / "language.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```aclc[^\n]*\n(.*?)```", TEXT, re.DOTALL)
FILES = {"shared.aclc": "", "teams/web.aclc": "tag web\n", "teams/db/one.aclc": "tag db\n"}


@pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
def test_an_example_is_right(example: str) -> None:
    checked = check_source(Source("policy.aclc", example, Memory(FILES)))

    assert [] == [each.message for each in checked.diagnostics if each.severity is Severity.ERROR]


def test_the_lists_mean_what_the_comments_beside_them_say() -> None:
    example = next(each for each in EXAMPLES if "alice and bob" in each)
    sources = [grant["src"] for grant in value_of(example)["grants"]]

    assert [["alice@example.com", "bob@example.com"], ["carol@example.com"], ["group:ops"]] == sources


def test_the_loops_are_written_out() -> None:
    example = next(each for each in EXAMPLES if "let envs" in each)
    grants = [(grant["src"], grant["dst"]) for grant in value_of(example)["grants"]]

    assert [(["group:dev-team"], ["tag:dev-web"]), (["group:prod-team"], ["tag:prod-web"])] == grants
