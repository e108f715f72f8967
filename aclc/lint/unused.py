"""Names that are defined and never used: told one by one, or all at once where they are many."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aclc.diagnostics import Code, Diagnostic, Fix, Note, shown
from aclc.lint.exposure import named
from aclc.policy.model import Policy
from aclc.records import NamedTuple
from aclc.source import Place
from aclc.syntax.hujson_document import HujsonDocument
from aclc.syntax.hujson_edit import delete_members

MOST_BY_THEMSELVES = 3
"""Findings of one kind that are told each at its own line; more of them are one finding at the section."""

_MOST_NOTES = 5


class Unused(NamedTuple):
    """One name, the place of its definition, and what is to be told of it besides."""

    name: str
    place: Place
    remark: str = ""


class Words(NamedTuple):
    """How a kind of name is spoken of. `one` has a place for the name, `many` for the number and the names.

    `is_safe`: whether removing them changes nothing but the text.
    """

    one: str
    many: str
    help: str
    is_safe: bool = True


def unused_names(policy: Policy, code: Code, words: Words, found: Sequence[Unused]) -> Iterator[Diagnostic]:
    """Give the findings about names of one section, in file order. The repair removes what is told of."""
    if len(found) <= MOST_BY_THEMSELVES:
        for each in found:
            message = words.one.format(shown(each.name)) + each.remark
            yield code.at(each.place.key, message, help=words.help, fix=_removal(policy, words, [each]))
        return
    yield code.at(
        Place(policy.document, found[0].place.path[:-1]).key,
        words.many.format(len(found), named(each.name for each in found)),
        help=words.help,
        notes=[Note(each.place.key, f"not used{each.remark}") for each in found[:_MOST_NOTES]],
        fix=_removal(policy, words, found),
    )


def _removal(policy: Policy, words: Words, found: Sequence[Unused]) -> Fix | None:
    document = policy.document
    if not isinstance(document, HujsonDocument):
        return None
    title = "remove the definition" if len(found) == 1 else "remove the definitions"
    return Fix(title, delete_members(document, [each.place.path for each in found]), safe=words.is_safe)
