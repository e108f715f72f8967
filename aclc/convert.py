"""A policy in another language or form, its comments kept; whoever writes it proves first that it means the same."""

from __future__ import annotations

from aclc.check import check_source, read_source_text
from aclc.dialects.dialect import Dialect
from aclc.dialects.tailscale import TAILSCALE
from aclc.fix import Fixed, Read, fix
from aclc.lint.selection import Selection
from aclc.policy.language_document import LanguageDocument
from aclc.policy.language_grants import acls_as_allows
from aclc.policy.model import Policy
from aclc.policy.read_hujson import read_policy
from aclc.policy.to_grants import acls_as_grants
from aclc.policy.write_hujson import hujson_text
from aclc.policy.write_language import language_text
from aclc.source import Source
from aclc.syntax.hujson_document import HujsonDocument
from aclc.syntax.language_format import format_language

OLD_SPELLINGS = frozenset({"SYN008", "MIG001", "MIG002", "MIG005"})
"""Findings of what is spelled as it was years ago; each carries a repair that means the same."""


def with_current_spellings(
    source: Source, dialect: Dialect = TAILSCALE, findings: frozenset[str] = OLD_SPELLINGS
) -> Fixed:
    """Give a HuJSON policy with keys, autogroups and options spelled as they are today; all else byte for byte."""
    selection = Selection("minimal", select=findings)

    def read(text: Source) -> Read:
        checked = check_source(text, None, dialect, selection=selection, with_tests=False)
        return Read(text, checked.policy, tuple(each for each in checked.diagnostics if each.code.id in findings))

    return fix(read(source), read)


def current_spellings_for(source: Source, dialect: Dialect) -> Fixed:
    """Give a HuJSON policy with keys and autogroups spelled as they are today; no key becomes another one."""
    return with_current_spellings(source, dialect, OLD_SPELLINGS - {"MIG005"})


def in_language(policy: Policy) -> str:
    """Give a policy, of either language and without errors, in the aclc language.

    What is spelled as it was years ago is spelled as today: the language has no other spelling. Sections that hold
    nothing are left out.
    """
    source = policy.document.span(()).source
    if not source.is_language:
        policy = with_current_spellings(source, policy.dialect).after.policy or policy
    written = language_text(policy, _without_empty_sections(_value(policy)), sources_of(policy))
    return format_language(written) or written


def _without_empty_sections(value: dict[str, object]) -> dict[str, object]:
    """Leave out sections that hold nothing; without any rules, nothing is allowed where that was so."""
    kept = {key: each for key, each in value.items() if each not in ([], {})}
    if kept.keys() & {"acls", "grants"} or not value.keys() & {"acls", "grants"}:
        return kept
    return {**kept, "grants": []}


def in_hujson(policy: Policy) -> str:
    """Give a policy of the aclc language, without errors, as HuJSON, formatted as the control plane keeps it."""
    return hujson_text(policy.document, _value(policy), sources_of(policy))


def sources_of(policy: Policy) -> tuple[Source, ...]:
    """Give the texts that a policy was read from, the first one first."""
    document = policy.document
    return document.sources if isinstance(document, LanguageDocument) else (document.span(()).source,)


def with_grants(source: Source, dialect: Dialect = TAILSCALE) -> str:
    """Give a HuJSON policy, without errors, with grants instead of acls where that can be said; formatted."""
    return acls_as_grants(source, lambda text: _document(text, dialect))[0]


def _with_allows(source: Source) -> str:
    """Give a text of the aclc language with grants instead of acls; in its one layout, if it was in that."""
    text = acls_as_allows(source)[0]
    return format_language(text) or text if format_language(source.text) == source.text else text


def converted(policy: Policy, target: str, *, acls_to_grants: bool = False, current_spellings: bool = False) -> Source:
    """Give a policy in a language.

    Args:
        policy: read from a text without errors.
        target: `hujson` or `aclc`.
        acls_to_grants: whether acls become grants.
        current_spellings: whether old spellings of keys and names are replaced.

    Returns:
        The text, under a name that says its language. HuJSON that stays HuJSON keeps its layout.
    """
    source = policy.document.span(()).source
    is_language = source.is_language
    if is_language and target == "aclc":
        return Source(source.name, _with_allows(source), source.files) if acls_to_grants else source
    if is_language and not acls_to_grants:
        return Source("converted.hujson", in_hujson(policy))
    hujson = Source("converted.hujson", in_hujson(policy) if is_language else source.text)
    if current_spellings or acls_to_grants or target == "aclc":
        hujson = with_current_spellings(hujson, policy.dialect).after.source
    if acls_to_grants:
        hujson = Source(hujson.name, with_grants(hujson, policy.dialect))
    if target == "hujson":
        return hujson
    again = read_source_text(hujson, policy.dialect).value
    assert again is not None  # it was written from a policy without errors
    return Source("converted.aclc", in_language(again))


def _value(policy: Policy) -> dict[str, object]:
    value = getattr(policy.document, "value", None)
    assert isinstance(value, dict)  # a policy is read from an object
    return value


def _document(source: Source, dialect: Dialect) -> HujsonDocument | None:
    policy = read_policy(source, dialect).value
    return policy.document if policy is not None and isinstance(policy.document, HujsonDocument) else None
