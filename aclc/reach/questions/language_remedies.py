"""Edits of a policy in the aclc language that allow something: a line in the file that it belongs to, or a longer
clause."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aclc.diagnostics import Edit
from aclc.policy.model import Policy
from aclc.policy.selectors import parse_selector
from aclc.source import Place, Source, Span


def new_lines(policy: Policy, lines: Sequence[str], destination: str) -> Iterator[tuple[str, Edit]]:
    """Give edits that add lines, each with words for it: at the end of the file that declares the destination, and of
    the first file. A file of a team may open what the team owns, and may not know every name."""
    root = policy.place.span.source
    home = _home(policy, destination)
    told, text = " and ".join(lines), "\n".join(lines)
    if home is not None and home.is_language and home.name != root.name:
        yield f"add to {home.name}: {told}", _at_the_end(home, text)
        yield f"add to {root.name}: {told}", _at_the_end(root, text)
    else:
        yield f"add the line{'' if len(lines) == 1 else 's'}: {told}", _at_the_end(root, text)


def _home(policy: Policy, destination: str) -> Source | None:
    selector = parse_selector(destination)
    declared: Place | None = None
    if selector.kind == "tag":
        tag = policy.tag_owners.get(selector.name)
        declared = None if tag is None else tag.place
    elif selector.kind == "host":
        host = policy.hosts.get(selector.name)
        declared = None if host is None else host.place
    elif selector.kind == "group":
        group = policy.groups.get(selector.name)
        declared = None if group is None else group.place
    return None if declared is None else declared.span.source


def _at_the_end(source: Source, line: str) -> Edit:
    end = len(source.text)
    text = line + "\n" if not source.text or source.text.endswith("\n") else f"\n{line}\n"
    return Edit(Span(source, end, end), text)


def longer(place: Place, word: str) -> tuple[Edit, ...]:
    """Give the edit that adds a word to the list that stands at a place: services, destinations' ports, logins."""
    span = place.span
    return (Edit(Span(span.source, span.end, span.end), f", {word}"),)


def where(policy: Policy, place: Place) -> str:
    """Give the line of a rule, with its file where the policy has several."""
    span = place.span
    line = span.source.position(span.start).line
    return f"line {line}" if span.source.name == policy.place.span.source.name else f"{span.source.name}:{line}"
