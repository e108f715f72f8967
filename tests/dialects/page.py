"""The table of `docs/dialects.md`, from the tables of the dialects: what each control plane takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from aclc.dialects import NAMES, dialect_named
from aclc.dialects.dialect import Dialect
from aclc.dialects.tailscale import TAILSCALE
from aclc.policy.selectors import Kind, parse_selector

DIALECTS = tuple(dialect for name in NAMES if (dialect := dialect_named(name)) is not None)

YES, NO, IGNORED, UNKNOWN = "yes", "refused", "passed over", "not known"

OLDER = frozenset(NAMES[1:4])
"""Versions of which some facts are taken over from a newer one."""

_SHAPES = {
    "policy": "",
    "acl": "acls: ",
    "grant": "grants: ",
    "autoApprovers": "autoApprovers: ",
    "ssh": "ssh: ",
    "nodeAttr": "nodeAttrs: ",
    "test": "tests: ",
    "sshTest": "sshTests: ",
}


class Row(NamedTuple):
    """One feature. `cell`: what a dialect does with it. `taken_over`: nobody says it of the older versions."""

    name: str
    cell: Callable[[Dialect], str]
    taken_over: bool = False


def _taken(*, yes: bool) -> str:
    return YES if yes else NO


def _keys() -> Iterator[Row]:
    """Give a row for each key that not all control planes have."""
    for shape, prefix in _SHAPES.items():
        own = TAILSCALE.shapes[shape]
        for key in (*own.keys, *own.legacy):
            row = Row(f"{prefix}`{key}`", lambda dialect, shape=shape, key=key: _key(dialect, shape, key))  # type: ignore[misc]
            if {row.cell(dialect) for dialect in DIALECTS} - {"–"} != {YES}:
                yield row
    yield Row("a key that nobody knows", lambda dialect: IGNORED if dialect.unknown_keys_ignored else NO)
    yield Row("acls: a key that begins with `#`", lambda dialect: _taken(yes=bool(dialect.shapes["acl"].comments)))
    yield Row("a key given twice", lambda dialect: _taken(yes=not dialect.duplicate_keys_refused), taken_over=True)
    yield Row("`null` for the list of a group, tag or route", lambda dialect: _taken(yes=dialect.null_lists))


def _key(dialect: Dialect, shape: str, key: str) -> str:
    own = dialect.shapes[shape]
    if shape in {"grant", "nodeAttr", "test", "sshTest"} and not dialect.has_key(f"{shape}s"):
        return "–"
    if key in own.keys or key in own.legacy:
        return YES
    if key in own.doubtful:
        return UNKNOWN
    return IGNORED if dialect.unknown_keys_ignored else NO


def _stands(position: str, text: str) -> Callable[[Dialect], str]:
    """Give the cell for a selector at a position."""
    selector = parse_selector(text)
    kind: Kind = selector.kind

    def cell(dialect: Dialect) -> str:
        if position.startswith("grants") and not dialect.has_key("grants"):
            return "–"
        law = dialect.positions[position]
        if kind == "autogroup":
            spelt = selector.text == selector.name or selector.text in dialect.autogroup_spellings
            return _taken(yes=spelt and kind in law.kinds and selector.name in law.autogroups)
        return _taken(yes=kind in law.kinds)

    return cell


def _selectors() -> Iterator[Row]:
    for name in (*TAILSCALE.autogroups, "autogroup:members"):
        position = "acls.dst" if name in {"autogroup:self", "autogroup:internet"} else "acls.src"
        if name == "autogroup:nonroot":
            yield Row(f"`{name}` in `users` of ssh", lambda _: YES)
        else:
            yield Row(f"`{name}`", _stands(position, name))
    yield Row("`ipset:…`", _stands("acls.src", "ipset:x"))
    yield Row("`svc:…`", _stands("acls.dst", "svc:x"))
    yield Row("a user written `name@`", lambda dialect: YES if dialect.is_headscale else "no login")
    yield Row(
        "a user written without `@`, in groups", lambda dialect: NO if dialect.is_headscale else "refused: no login"
    )
    yield Row("a tag as owner of a tag", _stands("tagOwners", "tag:x"))
    yield Row("an autogroup as owner of a tag", _stands("tagOwners", "autogroup:member"), taken_over=True)
    yield Row("an autogroup as approver", _stands("autoApprovers", "autogroup:member"), taken_over=True)


def _ssh() -> Iterator[Row]:
    yield Row("`*` as destination", _stands("ssh.dst", "*"))
    yield Row("a host as destination", _stands("ssh.dst", "nas"))
    yield Row("`autogroup:member` as destination", _stands("ssh.dst", "autogroup:member"))
    yield Row("`autogroup:self` as destination", _stands("ssh.dst", "autogroup:self"))
    yield Row(
        "another user as destination",
        lambda dialect: _taken(yes=not dialect.ssh_pairs_checked),
    )
    yield Row(
        "tagged devices to people's devices",
        lambda dialect: "no effect" if not dialect.is_headscale else _taken(yes=not dialect.ssh_pairs_checked),
    )
    yield Row("`*` or an empty text as login", lambda dialect: _taken(yes=not dialect.ssh_values_checked))
    yield Row("action `check`", lambda dialect: UNKNOWN if "ssh.check" in dialect.doubts else YES)
    yield Row("`localpart:*@…` in `users`", lambda dialect: UNKNOWN if "ssh.localpart" in dialect.doubts else YES)
    yield Row(
        "`checkPeriod` with action `accept`",
        lambda d: NO if "check-period-accept" in d.words else UNKNOWN if d.is_headscale else "no effect",
    )


def _values() -> Iterator[Row]:
    yield Row("`[fd7a::1]:80` as destination", lambda dialect: _taken(yes=dialect.bracketed_ipv6))
    yield Row("a destination of an acl without ports, or with port 0", lambda d: _taken(yes=d.dst_without_ports))
    yield Row("a list of ports in `ip` of a grant, `80,443`", lambda d: _grant(d, yes=d.grant_port_lists))
    yield Row("a range from 0 in `ip` of a grant, `0-100`", lambda d: _grant(d, yes=d.grant_ports_from_zero))
    yield Row(
        "a protocol number with leading zeros, `06`", lambda d: _taken(yes=d.protocol_leading_zeros), taken_over=True
    )
    for name in sorted({*TAILSCALE.protocols, *DIALECTS[-1].protocols}):
        row = Row(f"protocol `{name}`", lambda d, name=name: _taken(yes=name in d.protocols), taken_over=True)  # type: ignore[misc]
        if {row.cell(dialect) for dialect in DIALECTS} != {YES}:
            yield row
    yield Row(
        "ports beside a protocol without any (`icmp`)",
        lambda dialect: (
            NO if "protocol-ports" in dialect.words else "no effect" if not dialect.is_headscale else UNKNOWN
        ),
    )
    yield Row(
        "node attribute `funnel`",
        lambda d: "–" if not d.has_key("nodeAttrs") else _taken(yes="funnel" not in d.attributes_elsewhere),
    )
    for name in sorted({*TAILSCALE.grantable_capabilities, *DIALECTS[-1].grantable_capabilities}):
        row = Row(f"capability `{name}`", lambda d, name=name: _grant(d, yes=name in d.grantable_capabilities))  # type: ignore[misc]
        if NO in {row.cell(dialect) for dialect in DIALECTS}:
            yield row


def _grant(dialect: Dialect, *, yes: bool) -> str:
    return _taken(yes=yes) if dialect.has_key("grants") else "–"


def _differences() -> Iterator[Row]:
    sentences: dict[str, str] = {}
    for dialect in DIALECTS:
        for sentence in dialect.differences.values():
            sentences.setdefault(sentence, sentence)
    for sentence in sentences:
        yield Row(sentence, lambda d, it=sentence: "so" if it in d.differences.values() else "–")  # type: ignore[misc]


def _table(rows: Sequence[Row], first: str) -> Iterator[str]:
    yield f"| {first} | {' | '.join(dialect.name.removeprefix('headscale@') for dialect in DIALECTS)} |"
    yield f"|---|{'---|' * len(DIALECTS)}"
    for row in rows:
        cells = [row.cell(dialect) + (" ~" if row.taken_over and dialect.name in OLDER else "") for dialect in DIALECTS]
        yield f"| {row.name} | {' | '.join(cells)} |"


def tables() -> str:
    """Give all tables as Markdown."""
    parts: list[str] = []
    for title, first, rows in (
        ("Keys", "key", _keys()),
        ("Selectors", "selector", _selectors()),
        ("SSH", "rule", _ssh()),
        ("Values", "value", _values()),
        ("What means something else than on Tailscale", "difference", _differences()),
    ):
        parts += [f"### {title}", "", *_table(tuple(rows), first), ""]
    return "\n".join(parts)
