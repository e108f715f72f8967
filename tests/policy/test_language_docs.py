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
REFERENCE = TEXT[TEXT.index("## By example") :]
EXAMPLES = re.findall(r"```aclc[^\n]*\n(.*?)```", REFERENCE, re.DOTALL)
GRAMMAR = re.compile(r"(?<=<!-- grammar: written from grammar/aclc.lark -->\n).*?(?=<!-- end -->)", re.DOTALL)
FILES = {"shared.aclc": "", "teams/web.aclc": "tag web\n", "teams/db/one.aclc": "tag db\n"}


def grammar() -> str:
    """Give the grammar as the page shows it: without what only the parser needs, the names of parts."""
    text = (REPOSITORY / "grammar" / "aclc.lark").read_text(encoding="utf-8")
    rules = text[text.index("start:") : text.index("BLANK:")]
    plain = re.sub(r"[ ]+-> [a-z_]+$", "", rules, flags=re.MULTILINE)
    plain = re.sub(r" -> [a-z_]+(?= \|)", "", plain)
    plain = re.sub(r"^[?!]?([a-z_]+):", r"\1:", plain, flags=re.MULTILINE).replace("PROMISE.2:", "PROMISE:")
    return f"```text\n{plain.strip()}\n```\n"


def test_the_page_has_the_whole_grammar(request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--update-goldens"):
        page = REPOSITORY / "docs" / "language.md"
        text = page.read_text(encoding="utf-8")
        page.write_text(GRAMMAR.sub(lambda _: grammar(), text), encoding="utf-8")
    else:
        found = GRAMMAR.search(TEXT)
        assert found is not None
        assert grammar() == found.group()


def test_every_statement_of_the_grammar_is_in_the_table() -> None:
    first = re.findall(r'^(?:    )?[?]?[a-z_]+: "([a-z]+)"', grammar(), re.MULTILINE)
    table = REFERENCE[REFERENCE.index("## Statements") : REFERENCE.index("## Lists")]
    clauses = {
        "add",
        "remove",
        "on",
        "via",
        "app",
        "when",
        "until",
        "because",
        "owner",
        "proto",
        "accept",
        "check",
        "as",
    }
    clauses |= {
        "every",
        "env",
        "recorded",
        "enforced",
        "owns",
        "within",
        "except",
        "can",
        "route",
        "exit",
        "pool",
        "must",
    }

    assert [] == [word for word in first if word not in clauses and f"`{word} " not in table]
    assert [] == [word for word in clauses & set(first) if word not in REFERENCE]


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
