"""One check as `aclc check` makes it: what was asked for on the command line and in the configuration, together."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from datetime import date

import click

from aclc.check import Checked, check_for_targets
from aclc.cli.inputs import InputError, read_source
from aclc.cli.settings import Settings
from aclc.diagnostics import Diagnostic, did_you_mean
from aclc.dialects.dialect import Dialect
from aclc.lint.selection import Profile, Selection
from aclc.policy.model import Policy
from aclc.records import NamedTuple
from aclc.source import Source
from aclc.tailnet.model import Tailnet

DEFAULT_PROPERTIES = "properties.aclc"


class Wishes(NamedTuple):
    """What holds for every policy of a run. `properties`: the file with promises that was named, None: the one beside
    each policy. `at`: the day that was asked for, None where none was."""

    settings: Settings
    selection: Selection
    tailnet: Tailnet | None
    properties: str | None
    today: date
    dialects: tuple[Dialect, ...]
    at: date | None = None

    def check(self, source: Source, *, with_promises: bool = True) -> Checked:
        """Check one policy, or another text of it; with the promises beside it, or without."""
        return check_for_targets(
            source,
            self.tailnet,
            self.dialects,
            selection=self._selection_for(source.name),
            promises=self._promises(source.name) if with_promises else None,
            others=others_of(source.name, self.dialects[0]),
            today=self.today,
            at=self.at,
        )

    def _promises(self, policy: str) -> Source | None:
        if self.properties is not None:
            return read_source(self.properties)
        beside = os.path.join(os.path.dirname(policy), DEFAULT_PROPERTIES)
        return read_source(beside) if beside != policy and os.path.isfile(beside) else None

    def _selection_for(self, policy: str) -> Selection:
        config = self.settings.config
        patterns: dict[str, tuple[str, ...]] = config.ignores_by_file if config is not None else {}
        if not patterns:
            return self.selection
        from fnmatch import fnmatchcase

        name = os.path.relpath(policy, self.settings.folder or ".").replace(os.sep, "/")
        more = [rule for pattern, rules in patterns.items() if fnmatchcase(name, pattern) for rule in rules]
        return self.selection._replace(ignore=self.selection.ignore.union(more)) if more else self.selection


def others_of(policy: str, dialect: Dialect) -> Callable[[str, str], Policy | str]:
    """Give what finds the policies that the promises of a policy compare it with."""

    def other(name: str, named_in: str) -> Policy | str:
        # WHY not at the head: few promises compare with other policies.
        from aclc.cli.compared import other_policy

        return other_policy(name, named_in, policy, dialect)

    return other


def selection_of(settings: Settings, profile: str | None, select: Iterable[str], ignore: Iterable[str]) -> Selection:
    """Give the rules that were asked for: the command line's words add to those of the configuration, its profile
    wins."""
    chosen: Profile = _profile(profile or settings.text("profile") or "default")
    given = _names(select), _names(ignore)
    config = settings.config
    if given == ((), ()) and config is None:
        return Selection(chosen)
    for name in (*given[0], *given[1]):
        _known(name)
    return Selection(
        chosen,
        frozenset((*given[0], *settings.texts("select"))),
        frozenset((*given[1], *settings.texts("ignore"))) - frozenset(given[0]),
        config.severities if config is not None else {},
        frozenset(name if name.startswith("group:") else f"group:{name}" for name in settings.texts("known-groups")),
    )


def _profile(name: str) -> Profile:
    return "minimal" if name == "minimal" else "strict" if name == "strict" else "default"


def _names(given: Iterable[str]) -> tuple[str, ...]:
    return tuple(name.strip() for each in given for name in each.split(",") if name.strip())


def _known(name: str) -> None:
    from aclc.lint.catalogue import rule_names

    if name not in rule_names():
        near = did_you_mean(name, rule_names())
        hint = f"Did you mean '{near}'?" if near else "`aclc rule` lists all."
        raise click.UsageError(f"No rule is called '{name}'. {hint}")


def beyond(
    found: Sequence[Diagnostic], sources: Sequence[Source], against: str, wishes: Wishes
) -> tuple[Diagnostic, ...]:
    """Give the findings that the policies at a revision, or another file, did not have yet.

    `against`: `git:REV[:PATH]`, a file, or a revision. A policy that the revision does not have is new as a whole.
    """
    from aclc.baseline import beyond_baseline
    from aclc.cli.revisions import PREFIX, read_revision_or_none
    from aclc.reports.fingerprint import fingerprints

    if against.startswith(PREFIX) or not os.path.exists(against):
        earlier = [
            read_revision_or_none(against if against.startswith(PREFIX) else PREFIX + against, source.name)
            for source in sources
        ]
    elif len(sources) == 1:
        earlier = [read_source(against)]
    else:
        raise click.UsageError("--against FILE compares one policy; give a revision for several.")
    old: list[Diagnostic] = []
    for source, before in zip(sources, earlier, strict=True):
        if before is not None:
            # WHY renamed: fingerprints hold the name of the file, and this is the same file at another time.
            old += wishes.check(Source(source.name, before.text, before.files)).diagnostics
    from collections import Counter

    return beyond_baseline(found, Counter(fingerprints(old)))


def apply_baseline(found: Sequence[Diagnostic], path: str) -> tuple[Diagnostic, ...]:
    """Give the findings that a baseline does not accept. Raises InputError where the file is none."""
    from aclc.baseline import BaselineError, beyond_baseline, read_baseline

    try:
        return beyond_baseline(found, read_baseline(read_source(path)))
    except BaselineError as error:
        raise InputError(str(error)) from None


def accept(found: Sequence[Diagnostic], path: str) -> tuple[Diagnostic, ...]:
    """Write what is found into a baseline, and give what cannot be accepted: what a control plane refuses."""
    from aclc.baseline import baseline_text
    from aclc.cli.outputs import write_file
    from aclc.lint.selection import is_fatal

    accepted = [each for each in found if not is_fatal(each)]
    write_file(path, [baseline_text(accepted).encode("utf-8", "backslashreplace")])
    count = len(accepted)
    click.echo(f"Wrote {count} accepted finding{'' if count == 1 else 's'} to {path}.", err=True)
    return tuple(each for each in found if is_fatal(each))


def statistics(found: Sequence[Diagnostic]) -> str:
    """Give a table: how often each rule found something, the most frequent first."""
    counts: dict[tuple[str, str, str], int] = {}
    for each in found:
        key = (each.code.id, each.severity.label, each.code.slug)
        counts[key] = counts.get(key, 0) + 1
    rows = sorted(counts.items(), key=lambda row: (-row[1], row[0]))
    return "".join(f"{count:>5}  {code:<8} {severity:<8} {slug}\n" for (code, severity, slug), count in rows)
