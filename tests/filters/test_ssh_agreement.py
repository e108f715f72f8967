"""SSH rules are what a slow reading of reference §6.3 gives, one node and one rule at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from aclc.filters.ssh import SshFilters, ssh_rules_json
from tests.filters.naive_filter import SELF, NaiveFilters, NaiveNode
from tests.filters.small_tailnets import node, resolved, tailnet
from tests.filters.test_naive_agreement import GROUPS, ROLES, TAGS, USERS, nodes

LOGINS = ["root", "ubuntu", "autogroup:nonroot", "localpart:*@example.com"]
SOURCES = [*USERS, *TAGS, *GROUPS, "autogroup:member", "autogroup:tagged", "autogroup:admin", "user:*@example.com"]


@st.composite
def entries(draw: st.DrawFn) -> dict[str, Any]:
    """Give an entry of `ssh`."""
    return {
        "action": draw(st.sampled_from(["accept", "check"])),
        "src": draw(st.lists(st.sampled_from(SOURCES), max_size=3, unique=True)),
        "dst": draw(st.lists(st.sampled_from([*TAGS, SELF, "autogroup:tagged", USERS[0]]), max_size=3, unique=True)),
        "users": draw(st.lists(st.sampled_from(LOGINS), min_size=1, max_size=3, unique=True)),
    }


class NaiveSsh:
    """The SSH rules of one node, as (action, logins, principals)."""

    def __init__(self, ssh: Sequence[dict[str, Any]], given_nodes: Sequence[NaiveNode]) -> None:
        self.filters = NaiveFilters({"groups": GROUPS}, given_nodes, ROLES)
        self.ssh = ssh
        self.nodes = given_nodes

    def rules(self, target: NaiveNode) -> list[tuple[str, dict[str, str], list[str]]]:
        made = [rule for entry in self.ssh for rule in self.of_entry(entry, target)]
        return sorted(made, key=lambda rule: rule[0] != "check")

    def selects(self, selectors: Sequence[str], each: NaiveNode) -> bool:
        return any(
            self.filters.selected(each, "autogroup:member" if selector.startswith("user:*@") else selector)
            for selector in selectors
            if selector != SELF
        )

    def of_entry(self, entry: dict[str, Any], target: NaiveNode) -> Iterator[tuple[str, dict[str, str], list[str]]]:
        sources = [each for each in self.nodes if self.selects(entry["src"], each)]
        base = {"root": ""}
        for login in entry["users"]:
            if not login.startswith("localpart:"):
                base |= {"*": "="} if login == "autogroup:nonroot" else {login: login}
        by_user = any(login.startswith("localpart:") for login in entry["users"])
        copies = "autogroup:tagged" in entry["src"]

        def emit(of: list[NaiveNode], logins: dict[str, str]) -> Iterator[tuple[str, dict[str, str], list[str]]]:
            principals = sorted(a for each in of for a in each.addresses * (len(each.tags) or 1 if copies else 1))
            if principals:
                yield entry["action"], logins, principals

        def emit_user(user: str | None) -> Iterator[tuple[str, dict[str, str], list[str]]]:
            own = [each for each in sources if not each.tags and each.user == user]
            yield from emit(own, base)
            if by_user and user is not None:
                local = user.partition("@")[0]
                yield from emit(own, {local: local})

        is_own = SELF in entry["dst"] and not target.tags
        if is_own:
            yield from emit_user(target.user)
        if self.selects(entry["dst"], target):
            if not by_user:
                yield from emit(sources, base)
                return
            for user in ROLES:
                yield from emit_user(user)
            yield from emit([each for each in sources if each.tags], base)
        elif by_user and target in sources and entry["dst"] and not is_own:
            if target.tags:
                yield from emit([target], base)
            else:
                yield from emit_user(target.user)


@given(st.lists(entries(), max_size=4), nodes())
def test_sets_give_what_one_node_at_a_time_gives(ssh: list[dict[str, Any]], given_nodes: list[NaiveNode]) -> None:
    net = tailnet(
        *(node(each.name, *each.addresses, owner=each.user or " ".join(each.tags)) for each in given_nodes),
        roles=ROLES,
    )
    # Users stand in the order of `ROLES`, which is not that of their devices.
    net = net._replace(users=tuple(sorted(net.users, key=lambda user: list(ROLES).index(user.login))))
    found = SshFilters(resolved(net, ssh=ssh, groups=GROUPS, tagOwners={tag: [] for tag in TAGS}))
    naive = NaiveSsh(ssh, given_nodes)
    assert [naive.rules(each) for each in given_nodes] == [
        [
            (
                "accept" if rule["action"].get("accept") else "check",
                rule["sshUsers"],
                [principal["nodeIP"] for principal in rule["principals"]],
            )
            for rule in ssh_rules_json(found.rules_of(at))
        ]
        for at in range(len(given_nodes))
    ]
