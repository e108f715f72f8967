"""Repairs that findings carry, put into the text and proven before anybody writes it.

A safe repair leaves the meaning of the policy as it is; that is not believed but proven: the semantic difference of the
policy before and after must be empty, for every tailnet, on every control plane that the policy is checked for. What
cannot be proven so is refused, with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from aclc.diagnostics import Diagnostic, Edit, Severity
from aclc.policy.model import Policy
from aclc.policy_tests.access import one_by_one
from aclc.reach.difference.diff import Diff, diff
from aclc.reach.powers.powers import assertion_changes
from aclc.records import NamedTuple
from aclc.source import EditedFiles, Source
from aclc.syntax.hujson_edit import edited

MOST_ROUNDS = 10
"""A repair may make room for another one; more than this many in a row would be going round in circles."""


class Read(NamedTuple):
    """A policy text, what it was read as (None: nothing could be made of it), and what was found in it.

    `others`: what further control planes read it as, each in the same place before and after a repair. `included`: the
    texts of the files that it includes, which are repaired along with it.
    """

    source: Source
    policy: Policy | None
    diagnostics: tuple[Diagnostic, ...]
    others: tuple[Policy | None, ...] = ()
    included: tuple[Source, ...] = ()

    @property
    def texts(self) -> dict[str, str]:
        """Every text by the name of its file, that of the policy first."""
        return {each.name: each.text for each in (self.source, *self.included)}

    @property
    def policies(self) -> tuple[Policy | None, ...]:
        """The policy as each control plane takes it."""
        return (self.policy, *self.others)


class Refusal(NamedTuple):
    """A repair that was not made, and why not."""

    found: Diagnostic
    reason: str


class Fixed(NamedTuple):
    """What became of a text. `before` and `after` are the same where nothing was repaired."""

    before: Read
    after: Read
    made: tuple[Diagnostic, ...]
    refused: tuple[Refusal, ...]

    @property
    def changed(self) -> tuple[tuple[str, str, str], ...]:
        """The files with repairs: name, text before and text after, that of the policy first."""
        after = self.after.texts
        return tuple((name, text, after[name]) for name, text in self.before.texts.items() if text != after[name])

    @property
    def difference(self) -> Diff | None:
        """What the repairs change in meaning, for the first control plane; None where one of the texts is no policy."""
        return self.differences[0][1]

    @property
    def differences(self) -> tuple[tuple[str, Diff | None], ...]:
        """What the repairs change in meaning, with the name of each control plane; None where a text is no policy."""
        pairs = zip(self.before.policies, self.after.policies, strict=True)
        return tuple(
            ("", None) if old is None or new is None else (old.dialect.name, diff(old, new)) for old, new in pairs
        )


def fix(before: Read, read: Callable[[Source], Read], *, unsafe: bool = False) -> Fixed:
    """Give the text with every repair made that its findings carry and that stands the proof.

    Args:
        before: the text and the findings whose repairs are wanted.
        read: gives policy and findings of another text, by the same settings.
        unsafe: whether repairs that change the meaning are made as well. They must still leave no more errors behind.

    Repairs whose edits overlap are made one after the other, each on the text that the last one left. All else stays
    byte for byte. Files that the policy includes are repaired with it, and proven as one. Cost: each round reads the
    text again and proves once, or once per repair where one of them does not stand the proof.
    """
    now = before
    made: list[Diagnostic] = []
    refused: dict[tuple[str, str], Refusal] = {}
    for _ in range(MOST_ROUNDS):
        wanted = [each for each in _wanted(now, unsafe=unsafe) if _key(each) not in refused]
        batch = _compatible(wanted)
        if not batch:
            break
        after, reason = _tried(now, batch, read, unsafe=unsafe)
        if reason is None:
            now = after
            made += batch
            continue
        if len(batch) > 1:
            batch, after = _one_by_one(now, batch, read, refused, unsafe=unsafe)
            made += batch
            now = after
            if batch:
                continue
            break
        refused[_key(batch[0])] = Refusal(batch[0], reason)
    return Fixed(before, now, tuple(made), tuple(refused.values()))


def _key(found: Diagnostic) -> tuple[str, str]:
    return found.code.id, found.message


def _wanted(now: Read, *, unsafe: bool) -> list[Diagnostic]:
    """Give the findings with a repair of these very texts that may be made."""
    texts = now.texts
    return [
        each
        for each in now.diagnostics
        if each.fix is not None
        and each.fix.edits
        and (unsafe or each.fix.safe)
        and all(edit.span.source.text is texts.get(edit.span.source.name) for edit in each.fix.edits)
    ]


def _compatible(wanted: Sequence[Diagnostic]) -> list[Diagnostic]:
    """Give findings whose repairs do not touch each other, the first ones first."""
    taken: list[tuple[str, int, int]] = []
    chosen = []
    for found in wanted:
        assert found.fix is not None
        ranges = [(edit.span.source.name, edit.span.start, edit.span.end) for edit in found.fix.edits]
        if not any(
            name == other and start <= last and first <= end
            for name, start, end in ranges
            for other, first, last in taken
        ):
            taken += ranges
            chosen.append(found)
    return chosen


def _tried(
    now: Read, batch: Sequence[Diagnostic], read: Callable[[Source], Read], *, unsafe: bool
) -> tuple[Read, str | None]:
    """Make repairs; give what comes of it, and why it must not be written (None: it may)."""
    edits: dict[str, list[Edit]] = {}
    for found in batch:
        for edit in found.fix.edits if found.fix is not None else ():
            edits.setdefault(edit.span.source.name, []).append(edit)
    texts = {name: edited(text, edits[name]) if name in edits else text for name, text in now.texts.items()}
    after = read(_source(now.source, texts))
    if _errors(after) > _errors(now):
        return after, "it leaves more errors than it cures"
    if unsafe:
        return after, None
    for old, new in zip(now.policies, after.policies, strict=True):
        reason = why_not_the_same(old, new)
        if reason is not None:
            return after, reason if old is None or not now.others else f"for {old.dialect.name}, {reason}"
    return after, None


def _source(source: Source, texts: dict[str, str]) -> Source:
    """Give a policy with other texts, its own and those of files that it includes."""
    included = {name: text for name, text in texts.items() if name != source.name}
    files = source.files
    if included and files is not None:
        files = files.with_texts(included) if isinstance(files, EditedFiles) else EditedFiles(files, included)
    return Source(source.name, texts[source.name], files)


def _errors(read: Read) -> int:
    return sum(found.severity is Severity.ERROR for found in read.diagnostics)


def why_not_the_same(old: Policy | None, new: Policy | None) -> str | None:
    """Say why two policies are not proven to mean the same, for every tailnet; None: they are."""
    if old is None or new is None:
        return "the text is no policy before or after it, so that nothing can be proven"
    found = diff(old, new)
    if found.changes_access:
        return "it changes who may do what"
    if found.guards:
        return "it changes which devices a rule asks for"
    if found.assertions and assertion_changes(_asked(old), _asked(new)):
        return "it changes the policy's own tests"
    if found.doubts:
        return "that it changes nothing cannot be proven: " + "; ".join(found.doubts)
    return None


def _asked(policy: Policy) -> Policy:
    """Give a policy with one item of `accept` for each port: an item with several fails whatever the rules say, so that
    this is what it asks, if anything."""
    return policy._replace(
        tests=tuple(
            test._replace(accept=test.accept and tuple(one for item in test.accept for one in one_by_one(item)))
            for test in policy.tests
        )
    )


def _one_by_one(
    now: Read,
    batch: Sequence[Diagnostic],
    read: Callable[[Source], Read],
    refused: dict[tuple[str, str], Refusal],
    *,
    unsafe: bool,
) -> tuple[list[Diagnostic], Read]:
    """Find out which repairs do not stand the proof on their own, and make the others together; one if that fails."""
    good: list[Diagnostic] = []
    single = now
    for found in batch:
        after, reason = _tried(now, [found], read, unsafe=unsafe)
        if reason is None:
            single = after if not good else single
            good.append(found)
        else:
            refused[_key(found)] = Refusal(found, reason)
    if len(good) > 1:
        after, reason = _tried(now, good, read, unsafe=unsafe)
        if reason is None:
            return good, after
    return good[:1], single
