"""Policies of several files in memory, and what is found in them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from aclc.cli.included_files import chosen, is_pattern, wanted_path
from aclc.diagnostics import Outcome, Severity
from aclc.policy.language_document import LanguageDocument
from aclc.policy.model import Policy
from aclc.policy.read_language import read_language
from aclc.source import Source


class Memory:
    """Files that are there by name."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.texts = texts

    def matching(self, pattern: str, beside: Source) -> tuple[str, ...] | str:
        """Give the files that a pattern means."""
        folder = beside.name.rpartition("/")[0] or "."
        wanted = wanted_path(pattern, folder)
        if isinstance(wanted, str):
            return wanted
        found = chosen(self.texts, wanted) if is_pattern(pattern) else ["/".join(wanted)]
        return tuple(found) or "matches no file"

    def read(self, name: str) -> Source | str:
        """Give the text of a file."""
        return Source(name, self.texts[name], self) if name in self.texts else "is not there"


def read(text: str, *, at: date | None = None, today: date | None = None, **files: str) -> Outcome[Policy]:
    """Read a policy; the names of further files have `_` for `/` and end in `.aclc`."""
    texts = {f"{name.replace('_', '/')}.aclc": each for name, each in files.items()}
    return read_language(Source("policy.aclc", text, Memory({"policy.aclc": text, **texts})), at=at, today=today)


def value_of(text: str, **options: Any) -> Any:
    """Give the value that a text without errors lowers to."""
    outcome = read(text, **options)
    assert outcome.value is not None
    assert [] == [found.message for found in outcome.diagnostics if found.severity is Severity.ERROR]
    assert isinstance(outcome.value.document, LanguageDocument)
    return outcome.value.document.value


def findings(text: str, **options: Any) -> list[tuple[str, str, str]]:
    """Give (code, text of the span, message) for everything found in a text."""
    return [(found.code.id, found.span.text, found.message) for found in read(text, **options).diagnostics]


def codes(text: str, **options: Any) -> list[tuple[str, str, str]]:
    """Give (file, code, text of the span) for everything found."""
    found = read(text, **options).diagnostics
    return [(each.span.source.name, each.code.id, each.span.text) for each in found]
