"""What a tailnet alone says of its nodes: worked out once, shared by every policy that is resolved on it."""

from __future__ import annotations

from collections import defaultdict

from aclc.net import Address
from aclc.resolve.addresses import AddressIndex
from aclc.resolve.node_sets import node_set
from aclc.tailnet.model import Role, Tailnet


class Inventory:
    """The nodes of a tailnet by tag, by owner and by address. Not to be changed once made.

    `everyone`: all machines; `tagged`, `members`, `shared`: disjoint sets of them (a node with neither tags nor owner
    is in none of them). `services`: nodes that are no machines but services; `by_name_only`: those of them that `*`
    does not mean. `owners`: for each node the login that owns it as a member, None for tagged, shared and unowned
    nodes. `by_tag`, `by_user` (members), `shared_by_user`, `by_service`: nodes in order. `without_address`: nodes that
    have none.
    """

    __slots__ = (
        "_devices",
        "_of_tag",
        "_of_user",
        "address_index",
        "addresses",
        "by_name_only",
        "by_service",
        "by_tag",
        "by_user",
        "everyone",
        "members",
        "owners",
        "roles",
        "services",
        "shared",
        "shared_by_user",
        "tagged",
        "tailnet",
        "without_address",
    )

    def __init__(self, tailnet: Tailnet) -> None:
        self.tailnet = tailnet
        self.roles: dict[str, Role] = {user.login: user.role for user in tailnet.users}
        by_tag, by_user, shared_by_user, by_service = (defaultdict[str, list[int]](list) for _ in range(4))
        tagged, members, shared, by_name_only = [], [], [], []
        self.owners: list[str | None] = [None] * len(tailnet.nodes)
        for index, node in enumerate(tailnet.nodes):
            if node.service is not None:
                by_service[node.service].append(index)
                if node.by_name_only:
                    by_name_only.append(index)
            elif node.shared:
                shared.append(index)
                if node.user is not None:
                    shared_by_user[node.user].append(index)
            elif node.tags:
                tagged.append(index)
                for tag in node.tags if len(node.tags) == 1 else dict.fromkeys(node.tags):
                    by_tag[tag].append(index)
            elif node.user is not None:
                self.owners[index] = node.user
                members.append(index)
                by_user[node.user].append(index)
        self.by_tag, self.by_user, self.shared_by_user = dict(by_tag), dict(by_user), dict(shared_by_user)
        self.by_service = dict(by_service)
        self.by_name_only = node_set(by_name_only)
        self.services = node_set([index for found in by_service.values() for index in found])
        self.everyone = (1 << len(tailnet.nodes)) - 1 & ~self.services
        self.tagged, self.members, self.shared = node_set(tagged), node_set(members), node_set(shared)
        self.addresses: tuple[tuple[Address, ...], ...] = tuple([node.addresses for node in tailnet.nodes])
        self.without_address = node_set([index for index, own in enumerate(self.addresses) if not own])
        self.address_index = AddressIndex(self.addresses)
        self._of_tag: dict[str, int] = {}
        self._of_user: dict[str, int] = {}
        self._devices: dict[tuple[str, ...], int] = {}

    def of_tag(self, name: str) -> int:
        """Give the nodes that carry a tag (`tag:web`), as a set."""
        found = self._of_tag.get(name)
        if found is None:
            found = self._of_tag[name] = node_set(self.by_tag.get(name, ()))
        return found

    def of_user(self, login: str) -> int:
        """Give the untagged nodes of a member, as a set."""
        found = self._of_user.get(login)
        if found is None:
            found = self._of_user[login] = node_set(self.by_user.get(login, ()))
        return found

    def devices(self, logins: tuple[str, ...]) -> int:
        """Give the untagged nodes of users, those that they share in from outside included, as a set."""
        found = self._devices.get(logins)
        if found is None:
            nodes = [node for login in logins for node in self.by_user.get(login, ())]
            if self.shared_by_user:
                nodes += [node for login in logins for node in self.shared_by_user.get(login, ())]
            found = self._devices[logins] = node_set(nodes)
        return found
