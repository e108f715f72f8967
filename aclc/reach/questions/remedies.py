"""What would allow a refused connection: the smallest edits of the policy, or what has to be done elsewhere.

The first edit of a layer opens what was asked for and as little besides as selectors can say. Whoever shows an edit to
people first puts it into the text and asks again (`aclc.cli.asking`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Literal

from aclc.diagnostics import Edit
from aclc.dialects.dialect import Position
from aclc.dialects.tailscale import TAILSCALE
from aclc.net import INTERNET as PUBLIC
from aclc.net import Address
from aclc.policy.model import Acl, Grant, Policy, PostureCondition
from aclc.policy.selectors import Selector, parse_selector
from aclc.reach.graph.space import PORT_PROTOCOLS, View
from aclc.reach.population.principals import Principal
from aclc.reach.questions.inquiry import Asked, serves_subnet
from aclc.reach.questions.language_remedies import longer, new_lines, where
from aclc.reach.questions.why import Answer
from aclc.records import NamedTuple
from aclc.resolve.grants import INTERNET
from aclc.resolve.node_sets import indices_of
from aclc.resolve.posture import holds
from aclc.syntax.hujson_document import HujsonDocument
from aclc.syntax.hujson_edit import append

PROTOCOLS = {6: "tcp", 17: "udp", 132: "sctp"}
_BARE = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


Layer = Literal["network", "route", "posture", "ssh"]


class Remedy(NamedTuple):
    """One thing to do for one layer, in words. Several of one layer: any one of them.

    `edits`: of the policy's text; empty where it is not the policy that has to change. `opens_more`: whom or what else
    it opens, in words; None: nothing but what was asked for, as far as selectors can say it.
    """

    layer: Layer
    words: str
    edits: tuple[Edit, ...] = ()
    opens_more: str | None = None


def remedies(view: View, asked: Asked, answer: Answer) -> Iterator[Remedy]:
    """Give what would allow what is refused, layer by layer; nothing where nothing can."""
    if answer.verdict in {"yes", "nobody"} and answer.network != "no":
        return
    if answer.network in {"no", "partly"}:
        yield from _new_rule(view, asked)
        yield from _wider_rule(view, asked, answer)
    if answer.route == "no" or answer.routed is not None:
        yield from _route(view, answer)
    for postures in dict.fromkeys(each for _, each in answer.demands if answer.network != "no"):
        yield from _posture(view.resolved.policy, postures)
    if asked.login is not None and answer.session is not None and answer.session.verdict in {"no", "partly"}:
        yield from _ssh(view, asked, answer)


def service_text(asked: Asked) -> str:
    """Give what is asked about as an item of a grant's `ip`."""
    if asked.port is None:
        return "*"
    name = PROTOCOLS.get(asked.protocol) or next(
        (name for name, number in TAILSCALE.protocols.items() if number == asked.protocol), str(asked.protocol)
    )
    return f"{name}:{asked.port}" if asked.protocol in PORT_PROTOCOLS else f"{name}:*"


def _undeclared(view: View, *names: str | None) -> tuple[str, ...]:
    """Give the tags that nodes carry and the policy does not declare, so that no rule may name them."""
    tags = [name for name in dict.fromkeys(names) if name is not None and parse_selector(name).kind == "tag"]
    return tuple(tag for tag in tags if tag not in view.resolved.policy.tag_owners)


def _declaring(policy: Policy, tags: tuple[str, ...]) -> tuple[Edit, ...]:
    """Give the edits of a HuJSON text that declare tags which only an admin may give to nodes."""
    document = policy.place.document
    assert isinstance(document, HujsonDocument)
    text = ", ".join(f"{json.dumps(tag, ensure_ascii=False)}: []" for tag in tags)
    if not tags:
        return ()
    if "tagOwners" in policy.sections:
        return append(document, ("tagOwners",), text)
    return append(document, (), f'"tagOwners": {{{text}}}')


def _new_rule(view: View, asked: Asked) -> Iterator[Remedy]:
    policy = view.resolved.policy
    src, dst = _text(view, asked.src), _destination(view, asked)
    if policy.allows_everything_by_default or src is None or dst is None:
        return
    positions = policy.dialect.positions
    if not _may_stand(positions["grants.src"], src) or not _may_stand(positions["grants.dst"], dst):
        return
    more = _more(view, asked, src, dst)
    ip = service_text(asked)
    grant = {"src": [src], "dst": [dst], "ip": [ip]}
    document = policy.place.document
    tags = _undeclared(view, src, dst)
    if not isinstance(document, HujsonDocument):
        line = f"allow {_word(src)} -> {_word(dst)} on {_service_word(ip)}"
        for words, edit in new_lines(policy, [*map(_word, tags), line], dst):
            yield Remedy("network", words, (edit,), more)
        return
    declared = _declaring(policy, tags)
    lead = f"declare {' and '.join(tags)} in `tagOwners`, and " if tags else ""
    if policy.grants is not None:
        text = json.dumps(grant, ensure_ascii=False)
        edits = append(document, ("grants",), text)
        yield Remedy("network", f"{lead}add a grant: {text}", (*declared, *edits), more)
    elif policy.acls is not None:
        ports = ip.rpartition(":")[2]
        host = f"[{dst}]" if ":" in dst and parse_selector(dst).kind == "prefix" and "/" not in dst else dst
        acl: dict[str, Any] = {"action": "accept", "src": [src]}
        if ":" in ip:
            acl["proto"] = ip.partition(":")[0]
        text = json.dumps({**acl, "dst": [f"{host}:{ports}"]}, ensure_ascii=False)
        edits = append(document, ("acls",), text)
        yield Remedy("network", f"{lead}add an acl: {text}", (*declared, *edits), more)


def _more(view: View, asked: Asked, src: str, dst: str) -> str | None:
    """Say what selectors mean besides the very nodes or addresses that are asked about."""
    names = view.resolved.names
    wide = [
        f"every device of {text}" if "@" in text else f"every node with {text}"
        for text, side in ((src, asked.src), (dst, asked.dst))
        if side.node is not None and names.nodes(parse_selector(text)).bit_count() > 1
    ]
    if dst == INTERNET and asked.dst.selector.name != INTERNET:
        wide.append("everything behind exit nodes")
    return f"that is {' and '.join(wide)}" if wide else None


def _wider_rule(view: View, asked: Asked, answer: Answer) -> Iterator[Remedy]:
    """Give the rule that lacks the port alone, with the port: it opens it for everybody and everything in the rule."""
    for near in answer.nearest:
        grant = view.resolved.grants[near.grant]
        rule = _rule(view.resolved.policy, near.grant, view)
        document = rule.place.document if rule is not None else None
        lacks_service = near.lacks in {("port",), ("protocol",)} and near.names_all
        if not lacks_service or rule is None or document is None:
            continue
        line = where(view.resolved.policy, grant.place)
        more = "for every source and destination of that rule"
        is_language = not isinstance(document, HujsonDocument)
        if isinstance(rule, Grant):
            place, service = rule.place.at("ip"), service_text(asked)
            if is_language:
                word = _service_word(service)
                yield Remedy("network", f"add `{word}` to the rule in {line}", longer(place, word), more)
            elif isinstance(document, HujsonDocument):
                edits = append(document, place.path, json.dumps(service))
                yield Remedy("network", f'add "{service}" to `ip` of the rule in {line}', edits, more)
        elif near.lacks == ("port",) and asked.port is not None:
            item = _item(view, near.grant, asked)
            if item is not None:
                place = rule.place.at("dst", item)
                text = json.dumps(f"{rule.dst[item].text},{asked.port}", ensure_ascii=False)
                edits = longer(place, str(asked.port)) if is_language else (Edit(place.span, text),)
                yield Remedy("network", f"add port {asked.port} to `dst` of the rule in {line}", edits, more)
        return


def _item(view: View, grant: int, asked: Asked) -> int | None:
    """Give which item of an acl's `dst` means what is asked about."""
    wanted = asked.dst.targets(view)
    for part in view.resolved.grants[grant].parts:
        for network in part.networks:
            for target in network.targets:
                if view.targets_of(target.selector) & wanted and target.items:
                    return target.items[0].dst
    return None


def _route(view: View, answer: Answer) -> Iterator[Remedy]:
    nodes = view.resolved.tailnet.nodes
    offered = [nodes[route.node].name for route in answer.routes if not route.approved]
    if offered:
        yield Remedy(
            "route",
            f"approve the route that {' and '.join(offered[:3])} offers (admin console, or `headscale nodes "
            "approve-routes`); an entry in `autoApprovers` approves it when it is next advertised",
        )
    else:
        yield Remedy("route", "let a node that is in that network advertise a route to it, and approve the route")


def _posture(policy: Policy, postures: tuple[str, ...]) -> Iterator[Remedy]:
    for name in postures:
        posture = policy.postures.get(name)
        if posture is not None:
            conditions = " and ".join(condition.text for condition in posture.conditions)
            yield Remedy("posture", f"let the device show {name}: {conditions}")


def unmet(view: View, asked: Asked, name: str) -> tuple[tuple[PostureCondition, str | None], ...]:
    """Give the conditions of a posture that the one device asked about does not meet, each with what it shows (None:
    not known); empty where the question is about several devices."""
    posture = view.resolved.policy.postures.get(name)
    if posture is None or asked.src.node is None:
        return ()
    facts = view.resolved.tailnet.nodes[asked.src.node].posture
    return tuple(
        (condition, None if condition.attribute not in facts else str(facts[condition.attribute]))
        for condition in posture.conditions
        if not holds(condition, facts)
    )


def _ssh(view: View, asked: Asked, answer: Answer) -> Iterator[Remedy]:
    policy = view.resolved.policy
    document = policy.place.document
    assert answer.session is not None
    login = asked.login or ""
    src, dst = _text(view, asked.src), _ssh_destination(view, asked)
    positions = policy.dialect.positions
    fits = src is not None and dst is not None and _may_stand(positions["ssh.src"], src)
    if fits and _may_stand(positions["ssh.dst"], dst or "") and isinstance(document, HujsonDocument):
        rule = {"action": "accept", "src": [src], "dst": [dst], "users": [login]}
        text = json.dumps(rule, ensure_ascii=False)
        if policy.ssh is not None:
            yield Remedy("ssh", f"add an ssh rule: {text}", append(document, ("ssh",), text))
        else:
            yield Remedy("ssh", f"add an ssh rule: {text}", append(document, (), f'"ssh": [{text}]'))
    elif fits and not isinstance(document, HujsonDocument):
        line = f"ssh accept {_word(src or '')} -> {_word(dst or '')} as {_login_word(login)}"
        for words, edit in new_lines(policy, [line], dst or ""):
            yield Remedy("ssh", words, (edit,))
    for near in answer.session.nearest:
        if near.lacks == ("login",) and policy.ssh is not None:
            place = policy.ssh[near.rule].place
            line = where(policy, place)
            more = "for every source and destination of that rule"
            if isinstance(document, HujsonDocument):
                text = json.dumps(login, ensure_ascii=False)
                edits = append(document, (*place.path, "users"), text)
                yield Remedy("ssh", f"add {text} to `users` of the ssh rule in {line}", edits, more)
            else:
                word = _login_word(login)
                yield Remedy("ssh", f"add `{word}` to the ssh rule in {line}", longer(place.at("users"), word), more)
            return


def _ssh_destination(view: View, asked: Asked) -> str | None:
    """Give what an ssh rule may name: a tag, or `autogroup:self` for devices of the same person."""
    if asked.dst.node is None:
        return asked.dst.selector.text
    nodes = view.resolved.tailnet.nodes
    node = nodes[asked.dst.node]
    if node.tags:
        return next((tag for tag in node.tags if tag in view.resolved.policy.tag_owners), node.tags[0])
    owner = nodes[asked.src.node].user if asked.src.node is not None else asked.src.selector.name
    return "autogroup:self" if node.user is not None and owner == node.user else None


def _service_word(ip: str) -> str:
    """Give an item of `ip` as the aclc language writes it."""
    return "any" if ip == "*" else ip.replace(":*", "").replace(":", " ")


def _login_word(login: str) -> str:
    """Give a login as the aclc language writes it."""
    return login if _BARE.fullmatch(login) and login != "nonroot" else json.dumps(login, ensure_ascii=False)


def _word(selector: str) -> str:
    """Give a selector as the aclc language writes it."""
    parsed = parse_selector(selector)
    if parsed.kind == "any":
        return "any"
    if parsed.kind == "tag" and _BARE.fullmatch(parsed.name.removeprefix("tag:")):
        return f"tag {parsed.name.removeprefix('tag:')}"
    if parsed.kind == "host":
        return f"host {selector if _BARE.fullmatch(selector) else json.dumps(selector, ensure_ascii=False)}"
    return selector


def _text(view: View, side: Principal) -> str | None:
    """Give what a rule would have to say: for a node its tag or its owner, since rules know no node names."""
    if side.node is None:
        return side.selector.text
    node = view.resolved.tailnet.nodes[side.node]
    if not node.tags or node.shared:
        return node.user or str(node.addresses[0])
    return next((tag for tag in node.tags if tag in view.resolved.policy.tag_owners), node.tags[0])


def _destination(view: View, asked: Asked) -> str | None:
    """Give what `dst` would have to say; None where no rule can open it."""
    node = asked.dst.node
    if node is not None and view.resolved.tailnet.nodes[node].shared:
        return None  # what a shared device lets in is for its own tailnet to say
    targets = asked.dst.targets(view)
    if targets and not targets & view.targets.own and all(_by_exit_only(view, at) for at in indices_of(targets)):
        return INTERNET
    return _text(view, asked.dst)


def _by_exit_only(view: View, target: int) -> bool:
    """Tell whether a target is a public address that only exit nodes lead to: no rule for addresses opens it there."""
    item = view.targets.items[target]
    is_public = item.kind == "internet" or PUBLIC.contains(Address(item.family, item.first))
    return is_public and not serves_subnet(view, target)


def _may_stand(position: Position, text: str) -> bool:
    selector: Selector = parse_selector(text)
    if selector.kind == "autogroup":
        return selector.name in position.autogroups or selector.text in position.autogroups
    return selector.kind in position.kinds


def _rule(policy: Policy, grant: int, view: View) -> Acl | Grant | None:
    resolved = view.resolved.grants[grant]
    if resolved.origin == "grant" and policy.grants is not None:
        return policy.grants[resolved.position]
    return policy.acls[resolved.position] if resolved.origin == "acl" and policy.acls is not None else None
