"""A policy taken from one control plane to another.

What the other one takes only in another spelling is spelled so, which is proven to mean the same on the old one. What
it refuses is left out. Then both are compared, each as its own control plane means it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aclc.check import Checked, check_source, read_source_text
from aclc.convert import current_spellings_for, in_hujson, in_language
from aclc.diagnostics import Diagnostic, Severity
from aclc.dialects.dialect import Dialect
from aclc.fix import why_not_the_same
from aclc.lint.selection import Selection, is_promise
from aclc.policy.model import Policy
from aclc.reach.difference.diff import Diff, diff
from aclc.records import NamedTuple
from aclc.source import Source
from aclc.syntax.hujson_document import HujsonDocument
from aclc.syntax.hujson_edit import edited
from aclc.syntax.hujson_format import format_hujson
from aclc.transfer.omissions import Cut, Omission, cut_out
from aclc.transfer.respellings import STEPS, Ground

MOST_ROUNDS = 20
"""Leaving one thing out may leave another one without meaning; more than this many in a row is given up."""

MADE = "made"
"""The name of texts in between, which nobody sees."""

_SELECTION = Selection("minimal", select=frozenset({"POR"}))


class Unproven(NamedTuple):
    """A spelling that was tried and is not used, and why it cannot be."""

    title: str
    reason: str


class Transfer(NamedTuple):
    """What becomes of a policy on another control plane.

    `before`: as its own one reads it. `after`: the text as the other one reads it; None: it refuses what cannot be left
    out. `respelt`: what is spelled otherwise. `unproven`: what could have been, without proof. `omissions`: what the
    other one refuses and what is left out for it. `refused`: what it refuses still. `doubts`: what nobody knows of it,
    and what it is known to mean otherwise. `difference`: each as its own control plane means it; where too little is
    known of one of them, as Tailscale would. `undecided`: what the difference does not tell, in plain words.
    """

    before: Policy
    after: Policy | None
    respelt: tuple[str, ...]
    unproven: tuple[Unproven, ...]
    omissions: tuple[Omission, ...]
    refused: tuple[Diagnostic, ...]
    doubts: tuple[Diagnostic, ...]
    difference: Diff | None
    undecided: tuple[str, ...]

    @property
    def is_the_same(self) -> bool:
        """Whether all of the policy is kept, and that it means the same is proven for every tailnet."""
        return (
            self.after is not None
            and not self.undecided
            and not self.omissions
            and not any(each.code.slug == "unsupported-by-target" for each in self.doubts)
            and why_not_the_same(self.before, self.after) is None
        )

    @property
    def source(self) -> Source | None:
        """The text; None where there is none that the other control plane takes."""
        return None if self.after is None else self.after.document.span(()).source


def transfer(policy: Policy, new: Dialect, language: str, name: str) -> Transfer:
    """Give what becomes of a policy on another control plane.

    Args:
        policy: read without errors.
        new: the other control plane.
        language: what the result is to be written in, `hujson` or `aclc`.
        name: what the result is called in places.

    Cost: a check for each round of leaving out, a proof for each kind of spelling that is tried, and one at the end.
    """
    source = policy.document.span(()).source
    text = Source(MADE, in_hujson(policy)) if source.is_language else source
    first = _checked(source, new)
    now = text
    respelt: list[str] = []
    unproven: list[Unproven] = []
    omissions: list[Omission] = []
    refused: tuple[Diagnostic, ...] = ()
    if _errors(first):
        now, respelt, unproven = _respelt(text, policy, new)
        now, omissions, refused = _cut(now, new)
    written = _written(now, source, new, language, name, is_changed=now.text != text.text)
    checked = _checked(written, new) if not refused else None
    after = checked.policy if checked is not None and not _errors(checked) else None
    if checked is not None and after is None:
        refused = _errors(checked)
    told = _told_where_it_was_written(omissions, _errors(first))
    return Transfer(
        policy,
        after,
        tuple(dict.fromkeys(respelt)),
        tuple(unproven),
        told,
        refused,
        tuple(_known(first, policy.dialect)),
        diff(policy, after) if after is not None else None,
        tuple(_undecided(first, policy.dialect, new)),
    )


def _checked(source: Source, dialect: Dialect) -> Checked:
    return check_source(source, None, dialect, _SELECTION)


def _errors(checked: Checked) -> tuple[Diagnostic, ...]:
    """Give what a control plane refuses; promises are nothing to it."""
    return tuple(each for each in checked.diagnostics if each.severity is Severity.ERROR and not is_promise(each))


def _undecided(checked: Checked, old: Dialect, new: Dialect) -> Iterator[str]:
    """Say what the comparison cannot tell."""
    unknown = " and ".join(each.name for each in (old, new) if each.meaning is None)
    if unknown:
        yield f"what {unknown} makes of a policy is not known well enough; told is what Tailscale would make of it"
    if any(new.differences.get("via-app") == each.message for each in _known(checked, old)):
        yield "whether nodes see each other by a grant with `via` and `app` alone is not compared"


def _known(checked: Checked, old: Dialect) -> Iterator[Diagnostic]:
    """Give what is known of the other control plane that is not an error, and is not so on the old one."""
    for each in checked.diagnostics:
        is_known = each.code.id.startswith("POR") and each.severity is not Severity.ERROR
        if is_known and each.message not in old.differences.values():
            yield each


def _respelt(text: Source, policy: Policy, new: Dialect) -> tuple[Source, list[str], list[Unproven]]:
    """Spell what the other control plane does not take as it takes it, as far as that is proven to mean the same."""
    old = policy.dialect
    fixed = current_spellings_for(text, old)
    now, before = fixed.after.source, fixed.after.policy or policy
    titles = [each.fix.title for each in fixed.made if each.fix is not None]
    unproven: list[Unproven] = []
    for step in STEPS:
        document = before.document
        assert isinstance(document, HujsonDocument)
        found = list(step(Ground(document, before, old, new)))
        if not found:
            continue
        tried = Source(now.name, _laid_out(now, edited(now.text, [edit for each in found for edit in each.edits])))
        read = read_source_text(tried, old)
        reason = why_not_the_same(before, None if read.failed else read.value)
        if reason is not None or read.value is None:
            unproven += (Unproven(each.title, reason or "") for each in found)
            continue
        now, before = tried, read.value
        titles += (each.title for each in found)
    return now, titles, unproven


def _laid_out(before: Source, text: str) -> str:
    """Give an edited text formatted, if it was formatted before the edit."""
    return format_hujson(text) or text if format_hujson(before.text) == before.text else text


def _cut(text: Source, new: Dialect) -> tuple[Source, list[Omission], tuple[Diagnostic, ...]]:
    """Leave out what the other control plane refuses; give what is refused still, too."""
    omissions: list[Omission] = []
    for _ in range(MOST_ROUNDS):
        checked = _checked(text, new)
        errors = _errors(checked)
        if not errors:
            break
        document = checked.policy.document if checked.policy is not None else None
        if not isinstance(document, HujsonDocument) or document.broken:
            return text, omissions, errors
        cut = cut_out(document, errors, new)
        if not isinstance(cut, Cut):
            return text, omissions, (cut,)
        omissions += cut.omissions
        text = Source(text.name, _laid_out(text, edited(text.text, cut.edits)))
    return text, omissions, _errors(_checked(text, new))


def _written(now: Source, source: Source, new: Dialect, language: str, name: str, *, is_changed: bool) -> Source:
    """Give the text in the language that is asked for; the user's own where nothing had to be changed."""
    if not is_changed and source.is_language == (language == "aclc"):
        return source
    if language == "hujson":
        return Source(name, now.text)
    read = read_source_text(now, new)
    return now if read.failed or read.value is None else Source(name, in_language(read.value))


def _told_where_it_was_written(omissions: Sequence[Omission], errors: Sequence[Diagnostic]) -> tuple[Omission, ...]:
    """Give what is left out with the place in the user's own text: what was found there in the same words, in order."""
    waiting: dict[tuple[str, str], list[Diagnostic]] = {}
    for each in errors:
        waiting.setdefault((each.code.id, each.message), []).append(each)
    told = []
    for omission in omissions:
        known = waiting.get((omission.found.code.id, omission.found.message))
        told.append(omission._replace(found=known.pop(0)) if known else omission)
    return tuple(dict.fromkeys(told))
