"""What each selector names on one tailnet (reference §3.3): sets of nodes for identities, addresses for literals."""

from __future__ import annotations

from collections.abc import Iterable

from aclc.net import INTERNET, IpSet, Prefix
from aclc.policy.model import Policy
from aclc.policy.selectors import ROLE_AUTOGROUPS, Selector
from aclc.resolve.addresses import AddressIndex
from aclc.resolve.inventory import Inventory
from aclc.resolve.ipsets import Ipsets
from aclc.resolve.node_sets import indices_of, node_set, union_of
from aclc.tailnet.model import Role

DISABLE_IPV4 = "disable-ipv4"
"""The node attribute that takes the IPv4 address away from a node."""

# An owner may do all that an admin may; both autogroups select the owner's nodes in every capture (reference §3.3).
_ROLES: dict[str, tuple[str, ...]] = {"admin": ("admin", "owner")}


class Names:
    """The names of a policy, looked up in a tailnet. Every distinct selector is worked out once.

    Nodes shared into the tailnet have no part in its tags, members and roles; `*`, `autogroup:shared` and their owner's
    login name them. A name that nothing defines names nothing.

    `everyone`, `tagged`, `members`, `shared`, `services`, `owners`: as in `Inventory`. `addresses`: for each node what
    it really has: IPv4 first, none of IPv4 where the policy disables it (`without_ipv4`). `without_address`: nodes that
    are left with none. `meaning`: what the policy's control plane makes of names.
    """

    __slots__ = (
        "_ipsets",
        "_logins",
        "_nodes",
        "_policy",
        "address_index",
        "addresses",
        "everyone",
        "inventory",
        "meaning",
        "members",
        "owners",
        "services",
        "shared",
        "tagged",
        "tailnet",
        "without_address",
        "without_ipv4",
    )

    def __init__(self, policy: Policy, inventory: Inventory) -> None:
        self._policy = policy
        self.meaning = policy.meaning
        self.inventory = inventory
        self._logins: dict[str, list[str]] | None = None
        self.tailnet = inventory.tailnet
        self._nodes: dict[Selector, int] = {}
        self._ipsets = Ipsets(policy)
        self.owners = inventory.owners
        self.everyone = inventory.everyone
        self.services = inventory.services
        self.tagged, self.members, self.shared = inventory.tagged, inventory.members, inventory.shared
        self.addresses = inventory.addresses
        self.address_index = inventory.address_index
        self.without_address = inventory.without_address
        self.without_ipv4 = self._denied_ipv4()
        if self.without_ipv4:
            self.addresses = tuple(
                tuple(each for each in own if each.family == 6) if self.without_ipv4 >> index & 1 else own
                for index, own in enumerate(self.addresses)
            )
            self.address_index = AddressIndex(self.addresses)
            self.without_address = node_set([index for index, own in enumerate(self.addresses) if not own])

    def _denied_ipv4(self) -> int:
        """Give the nodes that the policy denies IPv4 (reference §7.1, §2)."""
        without = self.everyone if self._policy.disable_ipv4 else 0
        for entry in self._policy.node_attrs:
            if DISABLE_IPV4 in entry.attr:
                for target in entry.target:
                    without |= self.matching(target)
        return without

    def nodes(self, selector: Selector) -> int:
        """Give the nodes that a selector names by identity: user, group, tag, autogroup, service, `user:*@D`, `*`.

        0 for literals, for what names no nodes of its own (autogroup:self, autogroup:internet) and for unknown names.
        """
        found = self._nodes.get(selector)
        if found is None:
            found = self._nodes[selector] = self._select(selector)
        return found

    def _select(self, selector: Selector) -> int:
        match selector.kind:
            case "any":
                return self.everyone
            case "user":
                return self.inventory.devices((self._login(selector.name),))
            case "group":
                group = self._policy.groups.get(selector.name)
                # WHY users only: a group in a group is refused (reference §2.3), so it adds nothing.
                members = [each.name for each in group.members if each.kind == "user"] if group is not None else []
                return self.inventory.devices(
                    tuple(map(self._login, members) if self.meaning.short_logins else members)
                )
            case "tag":
                return self.tag(selector.name)
            case "domain-users":
                return self._domain(selector.name)
            case "service":
                return node_set(self.inventory.by_service.get(selector.name, ()))
            case "autogroup":
                return self._autogroup(selector.name)
            case _:
                return 0

    def _login(self, name: str) -> str:
        """Give the login that a user selector means."""
        return self.login_of(name) if self.meaning.short_logins else name

    def login_of(self, name: str) -> str:
        """Give the login of the user that Headscale finds by a name: a login or another name, with or without an `@` at
        its end. What nobody or more than one user is called is given as it is, and is the login of nobody.
        """
        if self._logins is None:
            found: dict[str, dict[str, None]] = {}
            for login in (*self.inventory.by_user, *self.inventory.shared_by_user):
                found.setdefault(login.removesuffix("@"), {})[login] = None
            for user in self.tailnet.users:
                for each in (user.login.removesuffix("@"), *user.names):
                    found.setdefault(each, {})[user.login] = None
            self._logins = {each: list(logins) for each, logins in found.items()}
        logins = self._logins.get(name.removesuffix("@"), ())
        return logins[0] if len(logins) == 1 else "" if logins else name

    def _autogroup(self, name: str) -> int:
        if name == "autogroup:member":
            return self.members
        if name == "autogroup:tagged":
            return self.tagged
        if name == "autogroup:shared":
            return self.shared
        if name == "autogroup:danger-all":
            return self.everyone
        role = ROLE_AUTOGROUPS.get(name)
        if role is None:
            return 0
        wanted = _ROLES.get(role, (role,))
        return node_set(
            [index for login, own in self.inventory.by_user.items() if self.role(login) in wanted for index in own],
        )

    def _domain(self, domain: str) -> int:
        if not self.meaning.domain_users:
            return 0
        if self.tailnet.domains and domain not in self.tailnet.domains:
            return 0
        return node_set(
            [
                index
                for login, own in self.inventory.by_user.items()
                if login.rpartition("@")[2] == domain
                for index in own
            ],
        )

    def user(self, login: str) -> int:
        """Give the untagged nodes of a member."""
        return self.inventory.of_user(login)

    def owners_among(self, nodes: int) -> set[str]:
        """Give the members whose devices are among some nodes."""
        return {owner for node in indices_of(nodes & self.members) if (owner := self.owners[node]) is not None}

    def devices_of(self, logins: Iterable[str]) -> int:
        """Give the untagged nodes of some members."""
        return union_of(map(self.user, logins))

    def tag(self, name: str) -> int:
        """Give the nodes that carry a tag (`tag:web`)."""
        return self.inventory.of_tag(name)

    def role(self, login: str) -> Role:
        """Give a member's role; `member` where the tailnet file does not say."""
        return self.inventory.roles.get(login, "member")

    def prefixes(self, selector: Selector) -> tuple[Prefix, ...]:
        """Give the addresses that an IP, CIDR or host alias names; empty for every other kind and for unknown hosts."""
        if selector.kind == "prefix":
            return (selector.prefix,) if selector.prefix is not None else ()
        if selector.kind == "host":
            host = self._policy.hosts.get(selector.name)
            return (host.prefix,) if host is not None and host.prefix is not None else ()
        return ()

    def ipset(self, selector: Selector) -> IpSet:
        """Give what an `ipset:x` selector holds; empty where it cannot be worked out (unknown name, cycle)."""
        return self._ipsets.get(selector.name).addresses

    def ipset_speaks_of_internet(self, selector: Selector) -> bool:
        """Tell whether an ipset is made from autogroup:internet, so that it works on exit nodes."""
        return self._ipsets.get(selector.name).internet

    def agree_with(self, other: Names, selector: Selector) -> bool:
        """Tell whether a selector names the same on one tailnet in two policies."""
        return (
            self.nodes(selector) == other.nodes(selector)
            and self.prefixes(selector) == other.prefixes(selector)
            and (
                selector.kind != "ipset"
                or (
                    self.ipset(selector) == other.ipset(selector)
                    and self.ipset_speaks_of_internet(selector) == other.ipset_speaks_of_internet(selector)
                )
            )
        )

    def within(self, prefix: Prefix) -> int:
        """Give the nodes that have an address in a prefix."""
        return node_set(self.address_index.within(prefix.family, prefix.first, prefix.last))

    def exits_opened(self, prefix: Prefix, exits: int) -> int:
        """Give those exit nodes that a literal destination opens: all where it is public and this control plane lets it
        through them, else none."""
        return exits if self.meaning.public_behind_exit_nodes and INTERNET.covers(prefix) else 0

    def matching(self, selector: Selector) -> int:
        """Give the machines that a selector means as a target: by identity, or by an address that a literal holds."""
        if selector.kind in {"prefix", "host"}:
            nodes = 0
            for prefix in self.prefixes(selector):
                nodes |= self.within(prefix)
            return nodes & ~self.services
        if selector.kind == "ipset":
            nodes = 0
            for family, first, last in self.ipset(selector).intervals():
                nodes |= node_set(self.address_index.within(family, first, last))
            return nodes & ~self.services
        return self.nodes(selector)
