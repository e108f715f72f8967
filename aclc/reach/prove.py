"""Properties decided: exactly on one tailnet, or for every tailnet that fits the policy (docs/proofs.md)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from aclc.diagnostics import Code, Diagnostic, Note, Severity, did_you_mean, shown
from aclc.dialects.tailscale import TAILSCALE
from aclc.net import IpSet
from aclc.policy.model import Policy
from aclc.policy.selectors import ROLE_AUTOGROUPS, Selector
from aclc.reach.naming import Naming
from aclc.reach.pivots import Step
from aclc.reach.population import Population, canonical_population, with_named_role
from aclc.reach.properties import Judge, Witness
from aclc.reach.property_file import Kind, Property
from aclc.reach.space import Space, View
from aclc.resolve.names import Names
from aclc.resolve.resolution import resolve
from aclc.source import Span
from aclc.tailnet.model import Tailnet

State = Literal["holds", "broken", "undecided"]

CODES: dict[Kind, Code] = {
    "never": Code("PRP001", "forbidden-reach", Severity.ERROR),
    "only": Code("PRP001", "forbidden-reach", Severity.ERROR),
    "always": Code("PRP002", "required-reach", Severity.ERROR),
    "exposed": Code("PRP004", "no-public", Severity.ERROR),
    "isolated": Code("PRP005", "isolation", Severity.ERROR),
    "at-most": Code("PRP007", "max-blast-radius", Severity.ERROR),
}
UNDECIDED = Code("PRP011", "property-undecided", Severity.WARNING)

UNKNOWN = Code("PRP013", "property-unknown-name", Severity.ERROR)

MOST_TAG_SETS = 20_000


class Verdict(NamedTuple):
    """What became of one property.

    `view`: where the witness lives; set with `witness`. `doubts`: why it is undecided, in plain words.
    """

    promise: Property
    state: State
    witness: Witness | None = None
    view: View | None = None
    doubts: tuple[str, ...] = ()


def unknown_names(policy: Policy, promises: Sequence[Property]) -> tuple[Diagnostic, ...]:
    """Give an error for each name of a property that the policy does not define.

    Such a property says nothing, and "holds" would be the wrong thing to say of it.
    """
    tables: dict[str, Mapping[str, object]] = {
        "group": policy.groups,
        "tag": policy.tag_owners,
        "host": policy.hosts,
        "ipset": policy.ipsets,
    }
    found = []
    for promise in promises:
        for selector in dict.fromkeys(selector for side in promise.sides for selector in side):
            table = tables.get(selector.kind)
            is_autogroup = selector.kind != "autogroup" or selector.name in TAILSCALE.autogroups
            if (table is None and is_autogroup) or (table is not None and selector.name in table):
                continue
            known = [*policy.groups, *policy.tag_owners, *policy.hosts, *policy.ipsets]
            near = did_you_mean(selector.name, known)
            if near is None and f"group:{selector.name}" in policy.groups:
                near = f"group:{selector.name}"
            message = f"the policy defines no {shown(selector.text)}"
            found.append(UNKNOWN.at(promise.span, message, help=f"did you mean `{near}`?" if near else None))
    return tuple(found)


def judge(policy: Policy, tailnet: Tailnet, promises: Sequence[Property]) -> tuple[Verdict, ...]:
    """Decide properties on one tailnet; assumptions have no verdict. Cost: one space, then what each property asks."""
    view = _view(policy, tailnet, None)
    judging = Judge(view)
    found = []
    for promise in promises:
        if promise.kind != "apart":
            witness = judging.broken(promise)
            empty = witness is None and any(not judging.names_somebody(side) for side in promise.sides)
            doubts = ("one of its sides names nothing in this tailnet",) if empty else ()
            state: State = "broken" if witness else "undecided" if empty else "holds"
            found.append(Verdict(promise, state, witness, view if witness else None, doubts))
    return tuple(found)


def prove(policy: Policy, promises: Sequence[Property]) -> tuple[Verdict, ...]:
    """Decide properties for every tailnet that fits the policy. A witness is a real counterexample; "holds" is a proof.

    A node may carry any set of declared tags, but for those that an assumption keeps apart.
    """
    apart = [frozenset(side[0].name for side in promise.sides) for promise in promises if promise.kind == "apart"]
    return tuple(_proven(policy, promise, apart) for promise in promises if promise.kind != "apart")


def _proven(policy: Policy, promise: Property, apart: Sequence[frozenset[str]]) -> Verdict:
    if promise.kind == "at-most":
        return Verdict(
            promise, "undecided", doubts=("a tailnet may have any number of nodes; give one with --tailnet",)
        )
    asked = tuple(selector for side in promise.sides for selector in side)
    tag_sets, doubts = _tag_sets(policy, asked, apart, transitive=promise.transitive)
    population = canonical_population((policy,), asked, tag_sets)
    doubts += list(population.doubts)
    if promise.transitive and policy.postures:
        doubts.append("a device that shows several postures at once may get further than the proof followed")
    for world in _worlds(population, asked, policy):
        # WHY twice: addresses that are asked about lie behind an approved route in some tailnets, where `*` as a source
        # means them, and in others behind none.
        view = _view(policy, world, population.routed)
        behind_routes = population.routed | _addresses(view.resolved.names, asked)
        for routed in dict.fromkeys((population.routed, behind_routes)):
            view = _view(policy, world, routed)
            witness = Judge(view).broken(promise)
            if witness is not None:
                return Verdict(promise, "broken", witness, view)
    return Verdict(promise, "undecided", doubts=tuple(doubts)) if doubts else Verdict(promise, "holds")


def _worlds(population: Population, asked: Sequence[Selector], policy: Policy) -> Iterator[Tailnet]:
    """Give the population, and for each role that is spoken of the one in which everybody named has that role."""
    yield population.tailnet
    spoken = [*asked]
    for sources in (
        *(rule.src for rule in policy.grants or ()),
        *(rule.src for rule in policy.acls or ()),
        *(rule.src for rule in policy.ssh or ()),
    ):
        spoken += sources
    roles = {ROLE_AUTOGROUPS[each.name] for each in spoken if each.name in ROLE_AUTOGROUPS}
    for role in sorted(roles):
        yield with_named_role(population.tailnet, role)


def _tag_sets(
    policy: Policy, asked: Sequence[Selector], apart: Sequence[frozenset[str]], *, transitive: bool
) -> tuple[list[tuple[str, ...]], list[str]]:
    """Give the sets of tags that some node shall carry, and what they leave out.

    Without assumptions, one node with every tag stands for all: more tags only reach further. Pairs come first, since
    they make the plainer witness.
    """
    tags = list(policy.tag_owners)
    wanted = (
        tags if transitive else [each.name for each in asked if each.kind == "tag" and each.name in policy.tag_owners]
    )
    pairs = dict.fromkeys(tuple(sorted((one, other))) for one in wanted for other in tags if one != other)
    sets = [pair for pair in pairs if not any(each <= set(pair) for each in apart)]
    doubts = []
    if len(sets) > MOST_TAG_SETS:
        sets = []
        doubts.append(f"{len(tags)} tags make too many pairs to go through") if apart else None
    if not apart:
        return [*sets, tuple(tags)] if len(tags) > 2 else sets, doubts
    largest = _largest_sets(tags, apart)
    if largest is None:
        doubts.append("the assumptions leave too many sets of tags to go through")
        return sets, doubts
    return list(dict.fromkeys([*sets, *largest])), doubts


def _largest_sets(tags: Sequence[str], apart: Sequence[frozenset[str]]) -> list[tuple[str, ...]] | None:
    """Give the largest sets of tags that no assumption forbids; None where there are more than 4,096."""
    sets: list[frozenset[str]] = [frozenset(tags)]
    for pair in apart:
        split: list[frozenset[str]] = []
        for each in sets:
            split += [each - {tag} for tag in sorted(pair)] if pair <= each else [each]
        sets = [each for each in dict.fromkeys(split) if not any(each < other for other in split)]
        if len(sets) > 4096:
            return None
    return [tuple(sorted(each)) for each in sets if each]


def _addresses(names: Names, asked: Sequence[Selector]) -> IpSet:
    """Give the addresses that literals of a property name."""
    found = IpSet()
    for selector in asked:
        found |= IpSet.of(*names.prefixes(selector)) | names.ipset(selector)
    return found


def _view(policy: Policy, tailnet: Tailnet, routed: IpSet | None) -> View:
    resolved = resolve(policy, tailnet).value
    assert resolved is not None  # `resolve` gives a value for every policy and tailnet
    return Space((resolved,), routed).views[0]


def findings(verdicts: Sequence[Verdict]) -> tuple[Diagnostic, ...]:
    """Give a diagnostic for each property that is broken or undecided; where it stands is the property's line."""
    found = []
    for verdict in verdicts:
        if verdict.state == "undecided":
            message = "property cannot be decided: " + "; ".join(verdict.doubts)
            found.append(UNDECIDED.at(verdict.promise.span, message))
        elif verdict.state == "broken" and verdict.witness is not None and verdict.view is not None:
            message = f"broken: {witness_text(verdict.view, verdict.witness, verdict.promise)}"
            notes = tuple(Note(span, text) for span, text in _lines(verdict.view, verdict.witness))
            code = CODES[verdict.promise.kind]
            found.append(
                code.at(verdict.promise.span, message, notes=notes, help=_advice(verdict.view, verdict.witness))
            )
    return tuple(found)


def witness_text(view: View, witness: Witness, promise: Property) -> str:
    """Give the witness in one clause, without the lines that allow it."""
    naming = Naming(view)
    source = naming.endpoint(view.sources.items[witness.source]) if witness.source is not None else "it"
    if promise.kind == "at-most":
        return f"`{source}` reaches {witness.reached} nodes"
    target = naming.endpoint(view.targets.items[witness.target]) if witness.target is not None else "it"
    way = [f"`{_step_text(view, step)}`" for step in witness.steps]
    if witness.source is None:
        return f"`{target}` is taken over by way of {', then '.join(way)}"
    protocol, port = witness.service
    shown = port or "any port"
    service = {6: f"tcp {shown}", 17: f"udp {shown}", 132: f"sctp {shown}", 1: "ping", 58: "ping"}.get(
        protocol, f"protocol {protocol}"
    )
    verb = "does not reach" if witness.edge is None else "reaches"
    text = f"`{source}` {verb} `{target}` on {service}"
    return f"{text}, by way of {', then '.join(way)}" if way else text


def _advice(view: View, witness: Witness) -> str | None:
    """Say how to rule a witness out that only a node with several tags makes possible."""
    sides = (view.sources.items, witness.source), (view.targets.items, witness.target)
    nodes = [items[at].node for items, at in sides if at is not None]
    for tags in (view.resolved.tailnet.nodes[node].tags for node in nodes if node is not None):
        if len(tags) > 1:
            return (
                "an admin may put both tags on one node; if that never happens, say "
                f"`assume {tags[0]} and {tags[1]} apart`"
            )
    return None


def _step_text(view: View, step: Step) -> str:
    nodes = view.resolved.tailnet.nodes
    how = "over SSH to" if step.kind == "ssh" else f"by applying {step.tag} to"
    return f"{nodes[step.source].name} {how} {nodes[step.target].name}"


def _lines(view: View, witness: Witness) -> Iterator[tuple[Span, str]]:
    """Give the lines of the policy that make the witness possible."""
    policy = view.resolved.policy
    for step in witness.steps:
        if step.rule is not None and policy.ssh is not None:
            yield policy.ssh[step.rule].place.span, "this lets it log in"
        elif step.tag is not None and step.tag in policy.tag_owners:
            yield policy.tag_owners[step.tag].place.key, "this lets it apply the tag"
    if witness.edge is not None:
        yield view.resolved.grants[witness.edge.grant].place.span, "allowed here"
