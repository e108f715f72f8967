"""A semantic difference for people: one line per gain or loss, with the lines of the policy that cause it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from aclc.reach.causes import Cause
from aclc.reach.diff import AccessChange, Diff, SessionChange
from aclc.reach.naming import Named
from aclc.reports.safe_text import printable
from aclc.reports.services import services_text
from aclc.reports.text import BOLD, Style
from aclc.source import Span

GREEN, RED, YELLOW = "32", "31", "33"
_SCOPES = {"any": "", "own": " (own devices)", "others": " (other people's devices)"}
_SESSIONS = {
    "gained": ("+", GREEN, "may open SSH sessions on"),
    "unchecked": ("!", YELLOW, "is no longer asked again for SSH on"),
    "lost": ("-", RED, "may no longer open SSH sessions on"),
    "checked": ("~", YELLOW, "is now asked again for SSH on"),
}


def diff_text(found: Diff, style: Style) -> Iterator[str]:
    """Give the report, block by block; one sentence where nothing changes."""
    yield headline(found) + "\n"
    yield from _block(
        "Network", (_access(each, style, exact=found.tailnet is not None) for each in found.network), style
    )
    yield from _block("SSH", (_session(each, style) for each in found.sessions), style)
    yield from _block(
        "App capabilities",
        (
            _line(
                f"{each.who.words()} -> {each.what.words()} : {each.name} {each.value}".rstrip(),
                style,
                gained=each.gained,
            )
            for each in found.parameters
        ),
        style,
    )
    yield from _block(
        "Node attributes",
        (
            _line(f"{each.nodes.words()} : {each.name} {each.value}".rstrip(), style, gained=each.gained)
            for each in found.attributes
        ),
        style,
    )
    yield from _block(
        "Automatic approval",
        (_line(f"{each.who} : {each.power}", style, gained=each.gained) for each in found.approvals),
        style,
    )
    yield from _block(
        "Who may apply a tag",
        (
            _line(f"{each.who} : {each.power}{_through(each.through)}", style, gained=each.gained)
            for each in found.ownership
        ),
        style,
    )
    yield from _block(
        "Posture no longer asked for",
        (
            f"  {style.paint('!', YELLOW)} {', '.join(each.removed)}  ({place(each.old)} → {place(each.new)})\n"
            for each in found.guards
        ),
        style,
    )
    yield from _block(
        "Tests",
        (
            _line(f"{each.suite}: {each.text}" + ("" if each.added else "  (guarded before)"), style, gained=each.added)
            for each in found.assertions
        ),
        style,
    )
    for doubt in found.doubts:
        yield f"\nNot covered: {doubt}.\n"


def headline(found: Diff) -> str:
    """Give the one sentence that says it all."""
    where = "on every tailnet" if found.tailnet is None else f"on {printable(found.tailnet)}"
    if not found.changes_access:
        if found.doubts:
            return f"No change in access was found {where}, but not everything could be decided."
        proven = "proven for every tailnet" if found.tailnet is None else f"exact {where}"
        return f"No change in access ({proven})."
    gains = [each for each in found.network if each.gained] + [each for each in found.sessions if each.kind == "gained"]
    losses = [each for each in found.network if not each.gained] + [
        each for each in found.sessions if each.kind == "lost"
    ]
    parts = [
        f"{_count(len(gains), 'gain')} and {_count(len(losses), 'loss', 'losses')} of access {where}"
        if gains or losses
        else "Nobody gains or loses a connection, but what people or nodes may do changes"
    ]
    if any(each.kind == "unchecked" for each in found.sessions):
        parts.append("SSH without being asked again")
    if found.guards:
        parts.append("a posture is no longer asked for")
    if any(each.anyone and each.gained for each in found.network):
        parts.append("open to any address")
    return "; ".join(parts) + "."


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def _block(title: str, lines: Iterable[str], style: Style) -> Iterator[str]:
    listed = list(lines)
    if listed:
        yield f"\n{style.paint(title, BOLD)}\n"
        yield from listed


def _line(text: str, style: Style, *, gained: bool) -> str:
    return f"  {style.paint('+', GREEN) if gained else style.paint('-', RED)} {printable(text)}\n"


def _access(change: AccessChange, style: Style, *, exact: bool) -> str:
    flags = " [open to any address]" if change.anyone and change.gained else ""
    flags += " [accepted]" if change.accepted else ""
    text = (
        f"{change.who.words()} -> {change.what.words()}{_SCOPES[change.scope]} : {services_text(change.services)}"
        f"{_counts(change.who, change.what) if exact else ''}{flags}"
    )
    return _line(text, style, gained=change.gained) + _because(change.causes, style)


def _counts(who: Named, what: Named) -> str:
    def counted(named: Named) -> str:
        parts = [_count(named.nodes, "node")] if named.nodes else []
        parts += [_count(named.ranges, "range")] if named.ranges else []
        return " and ".join(parts)

    return f"  ({counted(who)} -> {counted(what)})"


def _session(change: SessionChange, style: Style) -> str:
    sign, color, words = _SESSIONS[change.kind]
    asked = ", asked again" if change.kind == "gained" and change.mode == "check" else ""
    asked += " [accepted]" if change.accepted else ""
    where = f"{change.what.words()}{_SCOPES[change.scope]}"
    text = f"{change.who.words()} {words} {where} as {', '.join(change.logins)}{asked}"
    return f"  {style.paint(sign, color)} {printable(text)}\n" + _because(change.causes, style)


def _because(causes: Iterable[Cause], style: Style) -> str:
    lines = []
    for cause in causes:
        if cause.old is not None and cause.new is not None:
            text = f"{place(cause.old)} → {place(cause.new)}"
        elif cause.new is not None:
            text = f"new rule {place(cause.new)}"
        else:
            text = f"removed rule {place(cause.old)}" if cause.old is not None else ""
        text += "".join(f", where `{name}` changed ({place(span)})" for name, span in cause.definitions)
        lines.append(f"      because of {text if style.unicode else text.replace('→', '->')}\n")
    return "".join(lines[:4]) + (f"      and {len(lines) - 4} more rules\n" if len(lines) > 4 else "")


def place(span: Span) -> str:
    """Give `file:line`."""
    return f"{printable(span.source.name)}:{span.source.position(span.start).line}"


def _through(chain: Iterable[str]) -> str:
    listed = " → ".join(chain)
    return f" (through {listed})" if listed else ""
