"""Who and what the tests of a policy speak of: the tailnet, and a stand-in for everybody whom no machine stands for.

A policy is tested before there are machines: a tag without a node, a member without a device, an address that nobody
has. Each of them that a test names gets a node of its own beside the real ones, so that the one reading of names and
rules in `aclc.resolve` serves tests too. Without a tailnet file there are stand-ins only, and a stand-in's address and
its owner's role are not known: what hangs on them is `maybe`, see `Reach`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from aclc.diagnostics import did_you_mean, shown
from aclc.net import CGNAT, INTERNET, TAILNET_ULA, WILDCARD, Address, IpSet
from aclc.policy.model import Policy
from aclc.policy.selectors import ROLE_AUTOGROUPS, Selector
from aclc.records import NamedTuple
from aclc.resolve.model import Resolved
from aclc.resolve.resolution import resolve
from aclc.tailnet.model import Node, Tailnet

_DEVICE_ADDRESSES = IpSet.of(CGNAT, TAILNET_ULA)
SELF = "autogroup:self"


class Reach(NamedTuple):
    """Nodes that a selector means for certain, and nodes of which only more facts could tell; disjoint."""

    surely: int = 0
    maybe: int = 0

    def __and__(self, nodes: int) -> Reach:
        return Reach(self.surely & nodes, self.maybe & nodes)


class Party(NamedTuple):
    """One side of a test: what it is called, and the nodes that stand for it, never none."""

    selector: Selector
    nodes: int

    def under(self, selector: Selector, reach: Reach) -> Reach:
        """Give what of this party a rule's selector means, `reach` being all that it means.

        A test of a group speaks of somebody who is in that group and nothing else is known of (docs/policy-tests.md):
        what a rule gives members by another name is `maybe`.
        """
        own = reach & self.nodes
        if self.selector.kind != "group" or selector.kind == "any":
            return own
        if selector.name in {self.selector.name, "autogroup:danger-all"}:
            return own
        return Reach(0, own.surely | own.maybe)


class Unfit(NamedTuple):
    """Why a test cannot speak of something. `certain`: the control plane is known to fail such a test."""

    reason: str
    help: str | None = None
    certain: bool = True


class World:
    """A policy, a tailnet and the stand-ins, resolved. `resolved.tailnet.nodes`: real nodes first."""

    def __init__(self, policy: Policy, tailnet: Tailnet | None, subjects: Iterable[Selector]) -> None:
        """Take everything that tests name in `subjects`; repeats and what is no name at all do no harm."""
        self.policy = policy
        self.is_complete = tailnet is not None
        self._real = tailnet if tailnet is not None else Tailnet("", (), (), ())
        self._logins = {user.login for user in self._real.users}
        self._logins |= {node.user for node in self._real.nodes if node.user is not None}
        stand_ins = tuple(self._stand_ins(subjects))
        nodes = self._real.nodes + stand_ins
        resolved = resolve(policy, self._real._replace(nodes=nodes)).value
        assert resolved is not None  # it reports nothing
        self.resolved: Resolved = resolved
        first = len(self._real.nodes)
        bits = [1 << at for at in range(first, len(nodes))]
        # Stand-ins of three kinds: somebody or something with a name, an address, a service.
        self._named = sum(bit for bit, node in zip(bits, stand_ins, strict=True) if node.user or node.tags)
        self._literals = {bit: node.addresses[0] for bit, node in zip(bits, stand_ins, strict=True) if node.addresses}
        self._services = {node.name: bit for bit, node in zip(bits, stand_ins, strict=True) if node.name}
        self._sources: dict[Selector, Reach] = {}
        self._targets: dict[Selector, Reach] = {}
        self._policy_logins: frozenset[str] | None = None

    def _stand_ins(self, subjects: Iterable[Selector]) -> Iterator[Node]:
        owners = {node.user for node in self._real.nodes if node.shared or not node.tags}
        tags = {tag for node in self._real.nodes if not node.shared for tag in node.tags}
        addresses = {address for node in self._real.nodes for address in node.addresses}
        services: set[str] = set()
        for selector in self._spread(subjects):
            address = self.address(selector)
            if selector.kind == "user" and self._login(selector.name) not in owners:
                owners.add(selector.name)
                yield Node("", (), user=selector.name)
            elif selector.kind == "tag" and selector.name not in tags:
                tags.add(selector.name)
                yield Node("", (), tags=(selector.name,))
            elif selector.kind == "service" and selector.name not in services:
                services.add(selector.name)
                yield Node(selector.name, ())
            elif address is not None and address not in addresses:
                addresses.add(address)
                yield Node("", (address,))

    def _login(self, name: str) -> str:
        """Give the login that a policy means by a user's name."""
        if not self.policy.meaning.short_logins:
            return name
        bare = name.removesuffix("@")
        for user in self._real.users:
            if bare in (user.login.removesuffix("@"), *user.names):
                return user.login
        return name

    def _spread(self, subjects: Iterable[Selector]) -> Iterator[Selector]:
        """Give the subjects with groups replaced by their members."""
        for selector in dict.fromkeys(subjects):
            group = self.policy.groups.get(selector.name) if selector.kind == "group" else None
            yield from (selector,) if group is None else group.members

    def address(self, selector: Selector) -> Address | None:
        """Give the one address that a literal or an alias names, None where it names none or several."""
        host = self.policy.hosts.get(selector.name) if selector.kind == "host" else None
        prefix = selector.prefix if host is None else host.prefix
        return Address(prefix.family, prefix.first) if prefix is not None and prefix.is_single else None

    def party(self, selector: Selector) -> Party | Unfit:
        """Give what a test speaks of: real nodes where there are any, else stand-ins."""
        nodes = self._nodes_of(selector)
        return nodes if isinstance(nodes, Unfit) else Party(selector, nodes)

    def _nodes_of(self, selector: Selector) -> int | Unfit:
        match selector.kind:
            case "user":
                if not self._knows(selector.name):
                    near = did_you_mean(selector.name, sorted(self._logins))
                    help = f"did you mean {shown(near)}?" if near else None
                    return Unfit(f"nobody in the tailnet is called {shown(selector.text)}", help)
            case "tag":
                if selector.name not in self.policy.tag_owners:
                    return self._undefined(selector, "tag", self.policy.tag_owners)
            case "group":
                return self._group(selector)
            case "host" | "prefix":
                if selector.kind == "host" and selector.name not in self.policy.hosts:
                    return self._undefined(selector, "host", self.policy.hosts)
                if self.address(selector) is None:
                    return Unfit(f"{shown(selector.text)} is more than one address", "test one address of it")
                found = self._nodes(selector).surely
                return found or Unfit(f"the node with {shown(selector.text)} has lost that address", certain=False)
            case "service":
                return self._services[selector.name]
            case "autogroup" if selector.name in self.testable_autogroups:
                found = self.resolved.names.nodes(selector)
                return found or Unfit(f"{shown(selector.text)} stands for no device of this tailnet", certain=False)
            case _:
                return Unfit(f"{shown(selector.text)} cannot be tested")
        return self.resolved.names.nodes(selector)

    def _group(self, selector: Selector) -> int | Unfit:
        if selector.name not in self.policy.groups:
            if "@" in selector.name:
                return Unfit(f"the members of {shown(selector.text)} are not in this file", certain=False)
            return self._undefined(selector, "group", self.policy.groups)
        nodes = self.resolved.names.nodes(selector)
        return nodes or Unfit(f"{shown(selector.text)} has no members", certain=False)

    @property
    def testable_autogroups(self) -> frozenset[str]:
        """Autogroups that may be the source of a test (reference §11: Headscale takes them, Tailscale does not)."""
        dialect = self.policy.dialect
        return dialect.positions["tests.src"].autogroups if dialect.is_headscale else frozenset()

    @staticmethod
    def _undefined(selector: Selector, what: str, known: Iterable[str]) -> Unfit:
        near = did_you_mean(selector.name, known)
        help = f"did you mean {shown(near)}?" if near else f"define it, or name a {what} that the policy defines"
        return Unfit(f"{what} {shown(selector.text)} is not defined", help)

    def _knows(self, login: str) -> bool:
        """Tell whether somebody of this login may be there: without a tailnet file anybody may."""
        if not self.is_complete or self._login(login) in self._logins:
            return True
        if self._policy_logins is None:
            self._policy_logins = frozenset(_logins_in(self.policy))
        return login in self._policy_logins

    @cached_property
    def any_sources(self) -> tuple[int, ...]:
        """For each rule, the nodes that any of its `src` may mean: no party without these is let in."""
        return tuple(self._any_source(grant.src) for grant in self.resolved.grants)

    def _any_source(self, selectors: Iterable[Selector]) -> int:
        nodes = 0
        for selector in selectors:
            found = self._source(selector)
            nodes |= found.surely | found.maybe
        return nodes

    def sources(self, selectors: Iterable[Selector], asked: Party) -> Reach:
        """Give the nodes of a party that a rule's `src` lets in."""
        surely = maybe = 0
        for selector in selectors:
            found = asked.under(selector, self._source(selector))
            surely |= found.surely
            maybe |= found.maybe
        return Reach(surely, maybe & ~surely)

    def _source(self, selector: Selector) -> Reach:
        found = self._sources.get(selector)
        if found is None:
            found = self._sources[selector] = self._source_nodes(selector)
        return found

    def _source_nodes(self, selector: Selector) -> Reach:
        if selector.kind == "any":
            # `*` is the tailnet and the routes behind it, not the whole internet (reference §3.3).
            own = WILDCARD | self.resolved.routes.addresses
            outside = sum(self._literals) & ~self._literals_in(own)
            return Reach(self.resolved.names.everyone & ~outside, 0 if self.is_complete else outside)
        return self._nodes(selector)

    def targets(self, selector: Selector, asked: Party) -> Reach:
        """Give the nodes of a party that an item of a rule's `dst` lets be reached.

        `autogroup:self` gives nothing here, see `own_nodes`.
        """
        found = self._targets.get(selector)
        if found is None:
            found = self._targets[selector] = self._target(selector)
        return asked.under(selector, found)

    def routed_targets(self, selector: Selector, asked: Party) -> Reach:
        """Give the same for a rule with `via`: addresses behind a router, never nodes."""
        if selector.kind in {"prefix", "host", "ipset"} or selector.name == "autogroup:internet":
            return self.targets(selector, asked) & sum(self._literals)
        return Reach()

    def _target(self, selector: Selector) -> Reach:
        if selector.kind == "any":
            return Reach(self.resolved.names.everyone)
        if selector.kind == "service":
            return Reach(self._services.get(selector.name, 0))
        if selector.name == "autogroup:internet":
            return Reach(self._literals_in(INTERNET))
        return self._nodes(selector)

    def own_nodes(self, node: int) -> int:
        """Give what `autogroup:self` is for a source: the untagged nodes of its owner, nothing where it has none."""
        owner = self.resolved.names.owners[node]
        return self.resolved.names.user(owner) if owner is not None else 0

    def _nodes(self, selector: Selector) -> Reach:
        names = self.resolved.names
        surely, maybe = names.matching(selector), 0
        if selector.kind in {"prefix", "host", "ipset"}:
            addresses = names.ipset(selector) if selector.kind == "ipset" else IpSet.of(*names.prefixes(selector))
            surely |= self._literals_in(addresses)
            if addresses & _DEVICE_ADDRESSES:
                maybe = self._named
        else:
            # Who has the address of a device is not known, nor who has a role.
            maybe = self._literals_in(_DEVICE_ADDRESSES)
            if selector.name in ROLE_AUTOGROUPS:
                maybe |= names.members
        return Reach(surely, 0 if self.is_complete else maybe & ~surely)

    def _literals_in(self, addresses: IpSet) -> int:
        return sum(bit for bit, address in self._literals.items() if addresses.contains(address))

    def name(self, node: int) -> str:
        """Give what a message calls a node: its name, for a stand-in whom or what it stands for."""
        found = self.resolved.tailnet.nodes[node]
        return found.name or found.user or ", ".join(found.tags) or str(found.addresses[0])

    def part(self, party: Party, node: int) -> str:
        """Give what a message calls one of the nodes of a party: the member of a group, a node of a tag."""
        whole = shown(party.selector.text)
        if party.selector.kind == "group":
            return f"{shown(self.resolved.names.owners[node] or self.name(node))} of {whole}"
        return whole if party.nodes.bit_count() == 1 else f"{shown(self.name(node))} of {whole}"


def first_of(nodes: int) -> int:
    """Give the lowest index in a set that is not empty."""
    return (nodes & -nodes).bit_length() - 1


def _logins_in(policy: Policy) -> Iterator[str]:
    """Give every login that the policy names, but for its tests."""
    lists: list[Iterable[Selector]] = [group.members for group in policy.groups.values()]
    lists += [tag.owners for tag in policy.tag_owners.values()]
    lists += [acl.src for acl in policy.acls or ()]
    lists += [[dst.selector for dst in acl.dst] for acl in policy.acls or ()]
    lists += [each for grant in policy.grants or () for each in (grant.src, grant.dst)]
    lists += [each for rule in policy.ssh or () for each in (rule.src, rule.dst)]
    lists += [attr.target for attr in policy.node_attrs]
    lists += [approver.approvers for approver in policy.auto_approvers.routes]
    lists += [policy.auto_approvers.exit_node]
    return (selector.name for each in lists for selector in each if selector.kind == "user")
