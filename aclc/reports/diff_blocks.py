"""A semantic difference as blocks of rows in words, the same for every form in which people read it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from aclc.reach.difference.causes import Cause
from aclc.reach.difference.diff import Diff
from aclc.reach.difference.exposure_rows import ExposureRow, Stranger, is_about_guests
from aclc.reach.difference.guards import GuardRemoved, joined_guards
from aclc.reach.difference.onward_rows import OnwardRow
from aclc.reach.difference.power_rows import AttributeRow, CapabilityRow, PowerRow
from aclc.reach.difference.review import ReviewRow
from aclc.reach.difference.session_rows import SessionKind, SessionRow
from aclc.reach.difference.setting_rows import SettingRow
from aclc.reach.graph.space import Scope
from aclc.reach.powers.powers import AssertionChange
from aclc.reach.words.wording import EXCEPT
from aclc.records import NamedTuple
from aclc.reports.services import services_text
from aclc.reports.value_words import value_text

Sense = Literal["gains", "loses", "loosens", "tightens", "changes"]
"""`loosens` and `tightens`: the access stays, what guards it changes. `changes`: neither more nor less."""

Key = Literal[
    "network",
    "ssh",
    "onward",
    "capabilities",
    "node_attrs",
    "approvals",
    "tag_ownership",
    "exposure",
    "guards",
    "tests",
    "settings",
]

OWN_DEVICES = "their own devices"

MOST_THROUGH = 4
MOST_FEATURES = 4
"""Node attributes that are told in one row."""
NOT_SET = "not set"


class DiffRow(NamedTuple):
    """One change. `change`: what happens, in a word or three. `who`, `what`: names. `on`: services, logins, parameters.

    `counts`: how many nodes and ranges on each side, empty where that means nothing. `badges`: what to look at twice.
    `example`: how, by one that stands for all.
    """

    sense: Sense
    change: str
    who: tuple[str, ...]
    what: tuple[str, ...]
    on: str
    causes: tuple[Cause, ...] = ()
    badges: tuple[str, ...] = ()
    counts: tuple[str, ...] = ()
    example: str = ""


class Block(NamedTuple):
    """Changes of one kind. `about`: what this is, for somebody who knows no policies. `heads`: who, what, on; an empty
    one: the column is always empty. `causes_head`: over the lines that they come from."""

    key: Key
    title: str
    about: str
    heads: tuple[str, str, str]
    rows: tuple[DiffRow, ...]
    causes_head: str = "Because of"


def blocks(found: Diff, *, plain: bool = False) -> tuple[Block, ...]:
    """Give the blocks that hold something, in reading order. `plain`: ports with what usually listens there."""
    exact = found.tailnet is not None
    listed = (
        Block(
            "network",
            "Network",
            "Who can newly open connections to what, or no longer can.",
            ("Who", "To what", "On"),
            tuple(_network(row, exact=exact, plain=plain) for row in found.network if not is_about_guests(row)),
        ),
        Block(
            "exposure",
            "Exposure to outsiders",
            "What people who are not part of this tailnet can newly reach, or no longer can.",
            ("Outsiders", "To what", "On"),
            tuple(_exposure(row, plain=plain) for row in found.exposure),
        ),
        Block(
            "ssh",
            "SSH",
            "Who may log in where, under which account, and whether they must prove again who they are.",
            ("Who", "On which machines", "As"),
            tuple(_session(row, exact=exact) for row in found.sessions),
        ),
        Block(
            "onward",
            "Through a session",
            _ABOUT_ONWARD
            + (
                f" {counted(found.onward.left_out, 'more session is', 'more sessions are')} not gone through."
                if found.onward.left_out
                else ""
            ),
            ("Who", "To what", "On"),
            tuple(_onward(row, plain=plain) for row in found.onward.rows),
        ),
        Block(
            "guards",
            "Postures that ask for less",
            "Rules that asked the connecting device for something, such as a version, and now take more devices.",
            ("Who", "To reach what", "Asked for"),
            tuple(map(_guard, joined_guards(found.guards))),
        ),
        Block(
            "capabilities",
            "App capabilities",
            "What applications on those machines are told that the visitor may do.",
            ("Who", "On which machines", "May do"),
            tuple(_capability(row, found.capabilities, exact=exact) for row in found.capabilities),
        ),
        Block(
            "node_attrs",
            "Node attributes",
            "Features that are switched on or off for machines.",
            ("Machines", "Feature", ""),
            tuple(_attributes(found.attributes, exact=exact)),
        ),
        Block(
            "approvals",
            "Automatic approval",
            "Who can offer routes, exit nodes or services without an admin who agrees.",
            ("Who", "May offer", ""),
            tuple(_power(row, [_offered(each, row.kept) for each in row.powers]) for row in found.approvals),
        ),
        Block(
            "tag_ownership",
            "Who may apply a tag",
            "Whoever may apply a tag to a machine of theirs gets all that the tag may do.",
            ("Who", "May apply", "By owning"),
            tuple(_power(row, row.powers) for row in found.ownership),
        ),
        Block(
            "tests",
            "Tests",
            "Assertions in the policy that guard it against mistakes.",
            ("Assertion", "About", ""),
            tuple(_assertions(found.assertions)),
        ),
        Block(
            "settings",
            "Other settings",
            "What is set otherwise for the whole network. Where that gives or takes access, the rows above say so.",
            ("Setting", "Before", "Now"),
            tuple(_setting(row) for row in _other_settings(found)),
            "Where",
        ),
    )
    return tuple(_without_empty_column(block) for block in listed if block.rows)


def _without_empty_column(block: Block) -> Block:
    who, what, _ = block.heads
    return block if any(row.on for row in block.rows) else block._replace(heads=(who, what, ""))


def names_in(listed: Iterable[Block]) -> list[str]:
    """Give the names that stand in blocks and mean something to the policy: of settings their sections."""
    names: list[str] = []
    for block in listed:
        for row in block.rows if block.key != "tests" else ():
            names += row.who if block.key != "settings" else map(section_of, row.who)
            names += row.what if block.key != "settings" else ()
    return names


def section_of(name: str) -> str:
    """Give the section of the policy that a setting belongs to.

    >>> section_of("derpMap.regions.900"), section_of("ipPool of tag:web")
    ('derpMap', 'ipPool')
    """
    return name.partition(" ")[0].partition(".")[0]


def headline(found: Diff, *more: str) -> str:
    """Give the one sentence that says it all. `more`: what else there is to say, as part of it."""
    where = "on every tailnet" if found.tailnet is None else f"on {found.tailnet or 'the given tailnet'}"
    lost_tests = sum(not each.added for each in found.assertions)
    tests = [f"{counted(lost_tests, 'test assertion')} went away"] if lost_tests else []
    if not found.changes_access:
        sure = "proven for every tailnet" if found.tailnet is None else f"exact {where}"
        if found.doubts:
            text = f"No change in access was found {where}, but not everything could be decided"
        else:
            text = f"No change in access ({sure})"
        return "; ".join((text, *more, *tests, *_settings_told(_other_settings(found)))) + "."
    gaining, losing = principals(found)
    if gaining or losing:
        verb = "gains" if len(gaining) == 1 else "gain"
        gain = f"{counted(len(gaining), 'principal')} {verb} access" if gaining else "Nobody gains access"
        number = counted(len(losing), "principal") if not gaining else str(len(losing) or "nobody")
        parts = [f"{gain}, {number} {'lose' if len(losing) > 1 else 'loses'}, {where}"]
    elif any(is_about_guests(row) for row in found.network):
        parts = [f"Nobody in the tailnet gains or loses a connection, {where}"]
        if not any(each.gained for each in found.exposure):
            parts.append("devices shared in from outside lose access")
    else:
        parts = ["Nobody gains or loses a connection, but what people or machines may do changes"]
    return "; ".join((*parts, *more, *_grave(found), *tests, *_settings_told(_other_settings(found)))) + "."


def _grave(found: Diff) -> Iterator[str]:
    """Say what else a reviewer should look at, the gravest first."""
    strangers = {each.stranger for each in found.exposure if each.gained}
    if "anyone" in strangers:
        yield "open to any address"
    if "funnel" in strangers:
        yield "open to the whole internet through Funnel"
    if strangers & {"guests", "shared"}:
        yield "devices shared in from outside gain access"
    kinds = {each.kind for each in found.sessions}
    if "unchecked" in kinds:
        yield "SSH without being asked again"
    if "looser" in kinds:
        yield "SSH on easier terms"
    if not all(each.is_redefined for each in found.guards):
        yield "a posture is no longer asked for"
    elif found.guards:
        yield "a posture asks for less"
    owners = dict.fromkeys(each for row in found.ownership if row.gained for each in row.who)
    if owners:
        yield f"{counted(len(owners), 'principal')} may newly apply a tag"
    offering = dict.fromkeys(each for row in found.approvals if row.gained for each in row.who)
    if offering:
        yield f"{counted(len(offering), 'principal')} may newly offer routes or services without an admin"


MOST_SETTINGS = 3
"""Settings that the headline names."""


def _other_settings(found: Diff) -> list[SettingRow]:
    """Give what is set otherwise but for postures that ask for less, which are told with the rules that do."""
    told = {f"postures.{each.name}" for guard in found.guards for each in guard.redefined}
    return [row for row in found.settings if row.name not in told]


def _settings_told(rows: Sequence[SettingRow]) -> Iterator[str]:
    """Say which settings change besides, for the headline."""
    loosened = [row.name.removeprefix("attrConfig.").removesuffix(".allowSetByNode") for row in rows if row.loosens]
    if loosened:
        named = ", ".join(shortened(loosened, MOST_SETTINGS))
        yield f"devices may now say of themselves that they meet a posture ({named})"
    sections = dict.fromkeys(section_of(row.name) for row in rows if not row.loosens)
    if sections:
        yield f"other settings change: {', '.join(shortened(sections, MOST_SETTINGS))}"


def principals(found: Diff) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give who gains and who loses connections, sessions or capabilities, each name once."""
    sides: tuple[dict[str, None], dict[str, None]] = ({}, {})
    for row in found.network:
        if is_about_guests(row):
            continue
        sides[not row.gained].update(dict.fromkeys(row.who.texts))
    for session in found.sessions:
        if session.kind in {"gained", "lost"}:
            sides[session.kind == "lost"].update(dict.fromkeys(session.who.texts))
    for capability in found.capabilities:
        sides[not capability.gained].update(dict.fromkeys(capability.who.texts))
    return tuple(sides[0]), tuple(sides[1])


def counted(number: int, one: str, many: str = "") -> str:
    """Give a number with its noun.

    >>> counted(1, "node"), counted(5563, "node")
    ('1 node', '5,563 nodes')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _sense(*, gained: bool) -> Sense:
    return "gains" if gained else "loses"


def _network(row: ReviewRow, *, exact: bool, plain: bool) -> DiffRow:
    badges = [_in_part(row)] if row.inside else []
    if row.family is not None:
        badges.append(f"over IPv{row.family} only")
    if row.gained and row.anyone:
        badges.append("open to any address")
    elif row.gained and row.shared:
        badges.append("outsiders too")
    if row.elsewhere:
        badges.append("their own tailnet decides too")
    if row.accepted:
        badges.append("accepted")
    sense = _sense(gained=row.gained)
    scope: Scope = "own" if row.part.own else "others" if row.others else "any"
    what = _scoped(row.what.texts, scope, row.who.texts)
    counts = tuple(_sizes(*each) for each in zip(row.nodes, row.ranges, strict=True)) if exact else ()
    return DiffRow(
        sense,
        sense,
        row.who.texts,
        what,
        services_text(row.part.services, plain=plain),
        row.causes,
        tuple(badges),
        counts,
    )


def _in_part(row: ReviewRow) -> str:
    """Say that not everything between the two changes."""
    if row.pairs is None or row.pairs[0] == row.pairs[1]:
        return _but_for_the_rest(gained=row.gained)
    changing, everything = row.pairs
    whole = all(each.services == row.part.services for each in row.inside)
    others = "had it before" if row.gained else "keep it"
    return f"{'' if whole else 'in whole or in part for '}{changing:,} of {everything:,} pairs; the others {others}"


def _but_for_the_rest(*, gained: bool) -> str:
    return f"but for what they {'had before' if gained else 'keep'}"


def _scoped(texts: Sequence[str], scope: Scope, who: Sequence[str]) -> tuple[str, ...]:
    if scope == "own" and tuple(texts) in {tuple(who), ("autogroup:member",)}:
        return (OWN_DEVICES,)
    if scope == "any":
        return tuple(texts)
    return tuple(text if _is_nobodys(text) else f"{text} ({_whose(text, scope)})" for text in texts)


def _is_nobodys(text: str) -> bool:
    """Tell whether words name nothing that may be a device of the person who connects."""
    return text.startswith(
        ("tag:", "node with ", "svc:", "autogroup:internet", "autogroup:tagged", "devices shared in")
    )


def _whose(text: str, scope: Scope) -> str:
    if scope == "own":
        return "own devices"
    of_people = text.startswith(("autogroup:", "group:")) or "@" in text
    return "other people's devices" if of_people else "but not their own devices"


def _sizes(nodes: int, ranges: int) -> str:
    parts = [counted(nodes, "node")] if nodes or not ranges else []
    parts += [counted(ranges, "range")] if ranges else []
    return " and ".join(parts)


_STRANGERS: dict[Stranger, str] = {
    "guests": "devices shared in from outside",
    "shared": "devices shared in from outside",
    "anyone": "any address at all",
    "funnel": "the whole internet, through Funnel",
}


def _exposure(row: ExposureRow, *, plain: bool) -> DiffRow:
    sense = _sense(gained=row.gained)
    on = services_text(row.services, plain=plain) if row.stranger != "funnel" else "what the machine publishes"
    badges = _agreed(accepted=row.accepted)
    if row.in_part:
        badges = (_but_for_the_rest(gained=row.gained), *badges)
    who = row.who if row.stranger == "guests" else (" at ".join((_STRANGERS[row.stranger], *row.who[:1])), *row.who[1:])
    return DiffRow(sense, sense, who, row.what.texts, on, row.causes, badges)


_SESSIONS: dict[SessionKind, tuple[Sense, str]] = {
    "gained": ("gains", "may log in"),
    "unchecked": ("loosens", "no longer asked again"),
    "lost": ("loses", "may no longer log in"),
    "checked": ("tightens", "now asked again"),
    "looser": ("loosens", "on easier terms"),
    "stricter": ("tightens", "on stricter terms"),
}


def _session(row: SessionRow, *, exact: bool) -> DiffRow:
    sense, change = _SESSIONS[row.kind]
    on = ", ".join(row.logins) + (" (asked again)" if row.kind == "gained" and row.mode == "check" else "")
    on += f": {'; '.join(row.terms)}" if row.terms else ""
    badges = _agreed(accepted=row.accepted)
    what = _scoped(row.what.texts, row.scope, row.who.texts)
    counts = tuple(counted(each, "node") for each in row.nodes) if exact else ()
    return DiffRow(sense, change, row.who.texts, what, on, row.causes, badges, counts)


_ABOUT_ONWARD = (
    "What people newly reach, or no longer can, by logging in to a machine first: there they may do what the machine "
    "may."
)


def _onward(row: OnwardRow, *, plain: bool) -> DiffRow:
    on = services_text(row.services, plain=plain) if row.services else "SSH"
    on = f"{on}, through {names_text(row.through.texts, MOST_THROUGH)}"
    sense = _sense(gained=row.gained)
    example = ("" if row.gained else "until now, ") + "; then ".join(row.way)
    return DiffRow(sense, sense, row.who.texts, row.what.texts, on, row.causes, example=example)


def _guard(row: GuardRemoved) -> DiffRow:
    asked = [f"{' or '.join(row.asked) or 'nothing'}, before: {' or '.join(row.removed)}"]
    if row.is_redefined:
        asked = []
    for each in row.redefined:
        now, before = (" and ".join(conditions) or "nothing" for conditions in (each.after, each.before))
        asked.append(f"{each.name} = {now}, before: {before}")
    return DiffRow("loosens", "asks less", row.who, row.what, "; ".join(asked), row.causes)


def _setting(row: SettingRow) -> DiffRow:
    values = tuple(value_text(each) if each else NOT_SET for each in (row.before, row.after))
    change = "changed" if row.before and row.after else "set" if row.after else "taken out"
    badges = ("devices may say it of themselves",) if row.loosens else ()
    sense: Sense = "loosens" if row.loosens else "changes"
    return DiffRow(sense, change, (row.name,), (values[0],), values[1], (row.cause,), badges)


def _agreed(*, accepted: bool) -> tuple[str, ...]:
    return ("accepted",) if accepted else ()


def _capability(row: CapabilityRow, rows: Iterable[CapabilityRow], *, exact: bool) -> DiffRow:
    sense = _sense(gained=row.gained)
    beside = [each for each in rows if each.gained is not row.gained and each.name == row.name]
    others = [value for each in beside for value in each.values]
    on = " ".join((row.name, *(value_text(each, others) for each in row.values))).rstrip()
    counts = tuple(counted(each, "node") for each in row.nodes) if exact else ()
    what = _scoped(row.what.texts, row.scope, row.who.texts)
    return DiffRow(sense, sense, row.who.texts, what, on, row.causes, _agreed(accepted=row.accepted), counts)


def _attributes(rows: Sequence[AttributeRow], *, exact: bool) -> Iterator[DiffRow]:
    """Give the rows, a few features without parameters that the same lines switch for the same machines as one."""
    alike: dict[tuple[object, ...], list[AttributeRow]] = {}
    for row in rows:
        alike.setdefault((row.gained, row.nodes.texts, row.causes, row.accepted, row.value), []).append(row)
    for found in alike.values():
        most = MOST_FEATURES if not found[0].value else 1
        for at in range(0, len(found), most):
            first = found[at]
            features = [_feature(row, rows) for row in found[at : at + most]]
            badges = _agreed(accepted=first.accepted)
            counts = (counted(first.size, "node"),) if exact else ()
            change = "switched on" if first.gained else "switched off"
            sense = _sense(gained=first.gained)
            yield DiffRow(sense, change, first.nodes.texts, tuple(features), "", first.causes, badges, counts)


def _feature(row: AttributeRow, rows: Iterable[AttributeRow]) -> str:
    others = [each.value for each in rows if each.gained is not row.gained and each.name == row.name]
    return f"{row.name} {value_text(row.value, others)}".rstrip()


def _power(row: PowerRow, powers: Sequence[str]) -> DiffRow:
    sense = _sense(gained=row.gained)
    but = f"{EXCEPT}{', '.join(shortened(row.apart, MOST_THROUGH))}" if row.apart else ""
    who = tuple(each + but for each in row.who)
    through = ", ".join(row.through)
    return DiffRow(sense, sense, who, tuple(powers), through, row.causes, _agreed(accepted=row.accepted))


def _offered(power: str, kept: Sequence[str]) -> str:
    """Give what may be offered in words: a tag stands for the services that carry it."""
    if kept:
        return f"{power}{EXCEPT}{', '.join(shortened(kept, MOST_THROUGH))}"
    return f"services with {power}" if power.startswith("tag:") else power


_ASSERTED = {
    ("tests", "accept"): "must reach",
    ("tests", "deny"): "must not reach",
    ("sshTests", "accept"): "must get in, without being asked again, as",
    ("sshTests", "check"): "must be asked again before getting in as",
    ("sshTests", "deny"): "must not get in as",
}


def _assertions(found: Iterable[AssertionChange]) -> Iterator[DiffRow]:
    """Give assertions that begin alike as one row, in words."""
    alike: dict[tuple[bool, str], list[str]] = {}
    for each in found:
        login = f" {each.login} on" if each.suite == "sshTests" else ""
        beginning = f"{each.given} {_ASSERTED[each.suite, each.verdict]}{login}"
        alike.setdefault((each.added, beginning), []).append(each.target)
    for (added, beginning), targets in alike.items():
        sense: Sense = "tightens" if added else "loosens"
        yield DiffRow(sense, "added" if added else "went away", (beginning,), tuple(targets), "")


def names_text(names: Sequence[str], most: int) -> str:
    """Give at most `most` names as one text.

    >>> names_text(["group:a except tag:b, tag:c", "tag:d"], 8)
    'group:a except tag:b, tag:c; tag:d'
    """
    apart = "; " if len(names) > 1 and any(EXCEPT in name for name in names) else ", "
    return apart.join(shortened(names, most))


def shortened(names: Iterable[str], most: int) -> Iterator[str]:
    """Give at most `most` names; where there are more, the last one counts the rest."""
    listed = list(names)
    if len(listed) <= most:
        yield from listed
        return
    yield from listed[: most - 1]
    yield f"{len(listed) - most + 1} more"
