"""Facts of one or more files made one tailnet: texts become values, contradictions are told with their places."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, cast

from aclc.diagnostics import Code, Diagnostic, Note, Outcome, Severity, did_you_mean, has_errors, shown
from aclc.net import Address, Prefix, has_host_bits, parse_address, parse_prefix
from aclc.source import Path, Place, Span
from aclc.tailnet.facts import Facts, NodeFacts, UserFacts
from aclc.tailnet.model import Node, Role, Tailnet, User
from aclc.tailnet.times import nanoseconds

BAD_ADDRESS = Code("TLN007", "tailnet-bad-address", Severity.ERROR)
BAD_ROUTE = Code("TLN008", "tailnet-bad-route", Severity.ERROR)
BAD_TIME = Code("TLN009", "tailnet-bad-time", Severity.ERROR)
BAD_TAG = Code("TLN010", "tailnet-bad-tag", Severity.ERROR)
DUPLICATE_NODE = Code("TLN011", "tailnet-duplicate-node", Severity.ERROR)
DUPLICATE_ADDRESS = Code("TLN012", "tailnet-duplicate-address", Severity.ERROR)
DUPLICATE_USER = Code("TLN013", "tailnet-duplicate-user", Severity.ERROR)
TAGGED_WITH_USER = Code("TLN014", "tailnet-tagged-with-user", Severity.WARNING)
NOT_ADVERTISED = Code("TLN015", "tailnet-route-not-advertised", Severity.WARNING)
UNKNOWN_USER = Code("TLN016", "tailnet-unknown-user", Severity.WARNING)
NO_OWNER = Code("TLN017", "tailnet-node-without-owner", Severity.WARNING)
NO_LOGIN = Code("TLN018", "tailnet-empty-login", Severity.WARNING)
NO_ADDRESS = Code("TLN019", "tailnet-node-without-address", Severity.WARNING)
LIMITED = Code("TLN020", "tailnet-limited-view", Severity.INFO)
NO_ROLES = Code("TLN021", "tailnet-no-roles", Severity.INFO)

_NOTHING: Mapping[str, Any] = MappingProxyType({})
_NO_TIME = "0001-01-01T00:00:00Z"
"""How Go writes a time that was never set."""
_MOST_GUESSES = 50
"""Unknown logins for which a known one is looked up: each look-up reads all of them."""


def assemble(files: Sequence[Facts]) -> Outcome[Tailnet]:
    """Give the tailnet that the files describe together; no value where there is an error.

    The name is that of the first file that has one; domains, users and nodes follow one another in the order of the
    files. A user may stand in several files; a role that is said goes before one that is not. Everything else that
    stands twice is an error. Owners of nodes that no file lists as users follow after the users, as members. Cost: one
    pass; spans are worked out for findings only.
    """
    assembly = _Assembly()
    for facts in files:
        assembly.add_users(facts)
    nodes = tuple(
        assembly.node(facts, node) for facts in files for node in facts.nodes if assembly.has_address(facts, node)
    )
    assembly.add_owners(nodes)
    assembly.report_limits(files)
    found = tuple(assembly.found)
    if has_errors(found):
        return Outcome(None, found)
    name = next((facts.name for facts in files if facts.name), "")
    domains = tuple(dict.fromkeys(domain for facts in files for domain in facts.domains))
    return Outcome(Tailnet(name, domains, tuple(assembly.users.values()), nodes), found)


class _Assembly:
    """What was seen so far, and what was found."""

    def __init__(self) -> None:
        self.found: list[Diagnostic] = []
        self.users: dict[str, User] = {}
        self.roles: dict[str, str] = {}
        self.names: dict[str, Place] = {}
        self.addresses: dict[int, dict[int, Place]] = {4: {}, 6: {}}
        self.prefixes: dict[str, Prefix | None] = {}
        self.near: dict[str, str | None] = {}

    def add_users(self, facts: Facts) -> None:
        here: set[str] = set()
        for user in facts.users:
            if not user.login:
                where = Place(facts.document, user.path + facts.spelling.login)
                self.found.append(NO_LOGIN.at(where, "a user without a login is left out"))
                continue
            known = self.users.get(user.login)
            said = self.roles.get(user.login)
            if user.login in here or (said is not None and user.role is not None and said != user.role):
                self._report_user(facts, user, said)
                continue
            here.add(user.login)
            if user.role is not None:
                self.roles[user.login] = user.role
            place = known.place if known is not None else Place(facts.document, user.path)
            role = cast("Role", self.roles.get(user.login, "member"))  # the formats let no other words through
            names = tuple(dict.fromkeys((*(known.names if known is not None else ()), *user.names)))
            self.users[user.login] = User(user.login, role, place, names)

    def add_owners(self, nodes: Iterable[Node]) -> None:
        for node in nodes:
            if node.user is not None and not node.shared and node.user not in self.users:
                self.users[node.user] = User(node.user)

    def has_address(self, facts: Facts, node: NodeFacts) -> bool:
        if not node.addresses:
            where = Place(facts.document, node.path)
            self.found.append(NO_ADDRESS.at(where, f"node {shown(node.name)} has no address and is left out"))
        return bool(node.addresses)

    def report_limits(self, files: Sequence[Facts]) -> None:
        for facts in files:
            self.found += [LIMITED.at(_start(facts), text) for text in facts.limits]
        without = [facts for facts in files if not facts.has_roles]
        if without and not self.roles:
            self.found.append(
                NO_ROLES.at(
                    _start(without[0]),
                    "no file says the roles of users, so everybody counts as a member",
                    help="add the users listing of the API, or a file of aclc's own that gives `users` their roles",
                )
            )

    def _report_user(self, facts: Facts, user: UserFacts, said: str | None) -> None:
        first = self.users[user.login].place
        message = f"user {shown(user.login)} is given twice"
        if said is not None and user.role is not None and said != user.role:
            message += f", as {said} and as {user.role}"
        self.found.append(
            DUPLICATE_USER.at(
                Place(facts.document, user.path + facts.spelling.login),
                message,
                notes=(Note(first.span, "first given here"),) if first else (),
            )
        )

    def node(self, facts: Facts, node: NodeFacts) -> Node:
        place = Place(facts.document, node.path)
        first = self.names.setdefault(node.name, place)
        if first is not place:
            self.found.append(
                DUPLICATE_NODE.at(
                    place.at(*facts.spelling.name),
                    f"node {shown(node.name)} is given twice",
                    notes=(Note(first.span, "first given here"),),
                )
            )
        for at, tag in enumerate(node.tags):
            if not tag.startswith("tag:") or len(tag) == 4:
                self.found.append(
                    BAD_TAG.at(
                        place.at(*facts.spelling.tags, at),
                        f"{shown(tag)} is not a tag",
                        help=None if tag.startswith("tag:") else f"write {shown('tag:' + tag)}",
                    )
                )
        advertised, approved = self._both_routes(facts, node, place)
        return Node(
            node.name,
            self._addresses(facts, node, place),
            node.id,
            self._created(facts, node, place),
            self._owner(facts, node, place),
            tuple(node.tags),
            advertised,
            approved,
            node.online,
            MappingProxyType(dict(node.posture)) if node.posture else _NOTHING,
            node.shared,
            MappingProxyType(dict(node.extra)) if node.extra else _NOTHING,
            place,
        )

    def _addresses(self, facts: Facts, node: NodeFacts, place: Place) -> tuple[Address, ...]:
        """Give the node's addresses, IPv4 first, else as written; a mask of one address (`/32`) may be there."""
        addresses: list[Address] = []
        for at, text in enumerate(node.addresses):
            address = parse_address(text)
            if address is None and (prefix := parse_prefix(text)) is not None and prefix.is_single:
                address = Address(prefix.family, prefix.first)
            if address is None:
                self.found.append(
                    BAD_ADDRESS.at(
                        place.at(*facts.spelling.addresses, at),
                        f"{shown(text)} is not an IP address",
                        help="a node has single addresses; what it routes stands in its routes"
                        if "/" in text
                        else None,
                    )
                )
                continue
            first = self.addresses[address.family].setdefault(address.value, place)
            if first is not place or address in addresses:
                owner = "two nodes" if first is not place else "this node twice"
                self.found.append(
                    DUPLICATE_ADDRESS.at(
                        place.at(*facts.spelling.addresses, at),
                        f"address `{text}` is given to {owner}",
                        notes=(Note(first.span, "first given here"),) if first is not place else (),
                    )
                )
            addresses.append(address)
        if len(addresses) > 1:
            addresses.sort(key=_family)
        return tuple(addresses)

    def _both_routes(
        self, facts: Facts, node: NodeFacts, place: Place
    ) -> tuple[tuple[Prefix, ...], tuple[Prefix, ...] | None]:
        """Give the advertised and the approved routes; an approved one that is not advertised is not in force."""
        if not node.advertised and not node.approved:
            return (), None if node.approved is None else ()
        advertised = self._routes(node.advertised or (), place, facts.spelling.advertised)
        if node.approved is None:
            return _distinct(advertised), None
        approved = self._routes(node.approved, place, facts.spelling.approved)
        if node.advertised is None:
            routes = _distinct(approved)
            return routes, routes
        if facts.is_own:
            for at, route in enumerate(approved):
                if route is not None and route not in advertised:
                    self.found.append(
                        NOT_ADVERTISED.at(
                            place.at(*facts.spelling.approved, at),
                            f"approved route `{route.cidr}` is not advertised, so it is not in force",
                            help="add it to the advertised routes, or remove it here",
                        )
                    )
        return _distinct(advertised), _distinct(route for route in approved if route in advertised)

    def _routes(self, texts: Sequence[str], place: Place, field: Path) -> list[Prefix | None]:
        """Give the routes in file order; None keeps the place of a wrong one."""
        routes: list[Prefix | None] = []
        for at, text in enumerate(texts):
            if text not in self.prefixes:
                self.prefixes[text] = parse_prefix(text) if not has_host_bits(text) else None
            route = self.prefixes[text]
            if route is None:
                self.found.append(_bad_route(text, place.at(*field, at)))
            routes.append(route)
        return routes

    def _created(self, facts: Facts, node: NodeFacts, place: Place) -> int | None:
        created = node.created
        if created is None or isinstance(created, int):
            return created
        if not facts.is_own and created in {"", _NO_TIME}:
            return None
        moment = nanoseconds(created)
        if moment is None:
            self.found.append(
                BAD_TIME.at(
                    place.at(*facts.spelling.created),
                    f"{shown(created)} is not a time",
                    help="write it as RFC 3339 does, such as `2026-04-12T20:14:00Z`",
                )
            )
        return moment

    def _owner(self, facts: Facts, node: NodeFacts, place: Place) -> str | None:
        if not facts.is_own:
            return None if node.tags else node.user or None
        if node.tags:
            if node.user:
                self.found.append(
                    TAGGED_WITH_USER.at(
                        place.at(*facts.spelling.user),
                        f"node {shown(node.name)} has tags, so user {shown(node.user)} does not count",
                        help="a tagged node has no user: remove one of the two",
                    )
                )
            return None
        if not node.user:
            self.found.append(
                NO_OWNER.at(
                    place.at(*facts.spelling.name),
                    f"node {shown(node.name)} has neither user nor tags, so only rules on addresses and `*` see it",
                )
            )
            return None
        if self.users and node.user not in self.users and not node.shared:
            if node.user not in self.near:
                self.near[node.user] = did_you_mean(node.user, self.users) if len(self.near) < _MOST_GUESSES else None
            near = self.near[node.user]
            self.found.append(
                UNKNOWN_USER.at(
                    place.at(*facts.spelling.user),
                    f"user {shown(node.user)} is not among the users, so it counts as a member",
                    help=f"did you mean `{near}`?" if near else "add the user to `users`",
                )
            )
        return node.user


def _start(facts: Facts) -> Span:
    return Place(facts.document, ()).span.within(0, 0)


def _family(address: Address) -> int:
    return address.family


def _distinct(routes: Iterable[Prefix | None]) -> tuple[Prefix, ...]:
    return tuple(dict.fromkeys(route for route in routes if route is not None))


def _bad_route(text: str, where: Place) -> Diagnostic:
    prefix = parse_prefix(text)
    if prefix is None:
        return BAD_ROUTE.at(where, f"{shown(text)} is not a CIDR block")
    return BAD_ROUTE.at(where, f"`{text}` has bits set below its mask", help=f"write `{prefix.cidr}`")
