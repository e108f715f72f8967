"""What Headscale makes of a policy, where it differs from Tailscale (reference §11; release notes of 0.29.0)."""

from __future__ import annotations

from typing import Any

import pytest

from aclc.compile import compile_policy
from aclc.filters.packet_filter_json import packet_filter_json
from aclc.filters.ssh import ssh_rules_json
from aclc.policy_tests.run import run_tests
from aclc.tailnet.model import Tailnet, User
from tests.filters.small_tailnets import acl, filters, grant, node, openings, policy, tailnet

NEW = ("headscale@0.29", "headscale@0.30")

NET = tailnet(
    node("laptop", "100.64.0.1", "fd7a:115c:a1e0::1", owner="alice@"),
    node("phone", "100.64.0.2", "fd7a:115c:a1e0::2", owner="alice@"),
    node("web", "100.64.0.9", "fd7a:115c:a1e0::9", owner="tag:web", id="12", routes=["10.0.0.0/24"], created=1),
    node(
        "exit",
        "100.64.0.20",
        "fd7a:115c:a1e0::20",
        owner="tag:exit",
        id="7",
        routes=["0.0.0.0/0", "::/0", "10.0.0.0/24"],
        created=2,
    ),
)
TAGS = {"tag:web": ["alice@"], "tag:exit": ["alice@"]}


def sources(target: str, *src: str) -> list[str]:
    """Give `SrcIPs` of the rule from some sources."""
    (rule,) = filters(NET, target=target, tagOwners=TAGS, acls=[acl(src, ["tag:web:22"])])["web"]
    found: list[str] = rule["SrcIPs"]
    return found


@pytest.mark.parametrize("target", NEW)
def test_a_policy_without_rules_lets_in_everybody(target: str) -> None:
    """`["*"]`, any source at all, where Tailscale sends the addresses of the tailnet."""
    (rule,) = filters(NET, target=target, tagOwners=TAGS)["web"]
    assert {"SrcIPs": ["*"], "DstPorts": openings(("*", (0, 65535)))} == rule
    (same,) = filters(NET, tagOwners=TAGS)["web"]
    assert "*" not in same["SrcIPs"]


@pytest.mark.parametrize("target", NEW)
def test_overlapping_and_touching_sources_are_one(target: str) -> None:
    assert ["10.0.0.0/8"] == sources(target, "10.0.0.0/8", "10.1.0.0/16")
    assert ["10.0.0.0/8", "10.1.0.0/16"] == sources("tailscale", "10.0.0.0/8", "10.1.0.0/16")
    assert ["100.64.0.1-100.64.0.2", "fd7a:115c:a1e0::1-fd7a:115c:a1e0::2"] == sources(target, "alice@")
    assert ["10.0.0.0/31"] == sources(target, "10.0.0.1", "10.0.0.0")
    assert ["100.64.0.0/24", "fd7a:115c:a1e0::1-fd7a:115c:a1e0::2"] == sources(target, "alice@", "100.64.0.0/24")


@pytest.mark.parametrize("target", NEW)
def test_beside_everybody_every_source_stays_by_itself(target: str) -> None:
    """By address, routes behind the ranges of the tailnet; Tailscale sorts the texts."""
    assert [
        "100.64.0.0-100.115.91.255",
        "100.115.94.0-100.127.255.255",
        "fd7a:115c:a1e0::/48",
        "10.0.0.0/24",
        "192.168.0.0/24",
        "100.64.0.9",
        "fd7a:115c:a1e0::9",
    ] == sources(target, "*", "192.168.0.0/24", "tag:web")


@pytest.mark.parametrize("target", NEW)
def test_destinations_of_an_acl_stay_in_order(target: str) -> None:
    """Tailscale joins equal ones and sorts by kind."""
    rules = [acl(["tag:exit"], ["tag:web:22", "autogroup:tagged:1", "10.0.0.5:2", "tag:web:80"])]
    (rule,) = filters(NET, target=target, tagOwners=TAGS, acls=rules)["web"]
    own = ("100.64.0.9", "fd7a:115c:a1e0::9")
    assert (
        openings(*((ip, 22) for ip in own), *((ip, 1) for ip in own), ("10.0.0.5", 2), *((ip, 80) for ip in own))
        == rule["DstPorts"]
    )


@pytest.mark.parametrize("target", NEW)
def test_self_goes_last(target: str) -> None:
    rules = [acl(["alice@"], ["autogroup:self:1", "alice@:2"])]
    (rule,) = filters(NET, target=target, acls=rules)["laptop"]
    own = ("100.64.0.1", "fd7a:115c:a1e0::1")
    assert openings(*((ip, 2) for ip in own), *((ip, 1) for ip in own)) == rule["DstPorts"]


def test_a_public_destination_goes_through_exit_nodes_in_0_30() -> None:
    """0.29.0 took it away, #3368 brought it back; a CIDR that is not public stays with subnet routes."""
    rules = [acl(["alice@"], ["8.8.8.0/24:53", "10.0.0.0/7:1"])]
    last = filters(NET, target="headscale@0.30", acls=rules)
    (rule,) = last["exit"]
    assert openings(("8.8.8.0/24", 53), ("10.0.0.0/7", 1)) == rule["DstPorts"]
    for target in ("headscale@0.29", "tailscale"):
        (rule,) = filters(NET, target=target, acls=rules)["exit"]
        assert openings(("10.0.0.0/7", 1)) == rule["DstPorts"]


def seen(target: str, **sections: Any) -> dict[str, list[str]]:
    """Give the routes of its peers that the laptop may use."""
    compiled = compile_policy(policy(target, tagOwners=TAGS, **sections), NET).value
    assert compiled is not None
    return compiled.peers.json_of(0)


def test_the_router_with_the_lowest_id_is_the_primary() -> None:
    rules = [acl(["alice@"], ["10.0.0.0/24:*"])]
    assert {"exit": ["10.0.0.0/24"], "web": []} == {
        name: routes for name, routes in seen("headscale@0.29", acls=rules).items() if name in {"exit", "web"}
    }
    assert {"exit": [], "web": ["10.0.0.0/24"]} == {
        name: routes for name, routes in seen("tailscale", acls=rules).items() if name in {"exit", "web"}
    }


def test_a_public_destination_shows_exit_nodes_in_0_30() -> None:
    rules = [acl(["alice@"], ["8.8.8.0/24:53"])]
    assert ["0.0.0.0/0", "::/0"] == seen("headscale@0.30", acls=rules).get("exit")
    assert "exit" not in seen("headscale@0.29", acls=rules)


def test_a_grant_with_via_and_capabilities_alone_is_dropped() -> None:
    """On Tailscale it shows the routers to the sources all the same (capture grant-k12)."""
    rules = [grant(["alice@"], ["10.0.0.0/24"], via=["tag:web"], app={"example.com/cap/x": []})]
    assert "web" in seen("tailscale", grants=rules)
    assert "web" not in seen("headscale@0.29", grants=rules)


def users(*found: User) -> Tailnet:
    nodes = [node(f"n{at}", f"100.64.1.{at + 1}", owner=user.login) for at, user in enumerate(found)]
    return tailnet(*nodes, node("web", "100.64.0.9", owner="tag:web"))._replace(users=found)


@pytest.mark.parametrize("name", ["odin", "odin@", "odin@x.com", "odin@x.com@"])
def test_users_are_found_by_login_or_name(name: str) -> None:
    """By e-mail address or user name, an `@` at the end taken away; reference §11, user selectors."""
    net = users(User("odin@x.com", names=("odin",)), User("thor@"))
    written = name if "@" in name else f"{name}@"
    (rule,) = filters(net, target="headscale@0.30", tagOwners=TAGS, acls=[acl([written], ["tag:web:1"])])["web"]
    assert ["100.64.1.1"] == rule["SrcIPs"]


@pytest.mark.parametrize("name", ["loki@", "user:*@x.com", "Odin@"])
def test_whom_nobody_is_called_is_nobody(name: str) -> None:
    net = users(User("odin@x.com", names=("odin",)), User("thor@"))
    assert [] == filters(net, target="headscale@0.30", tagOwners=TAGS, acls=[acl([name], ["tag:web:1"])])["web"]


def test_who_could_be_two_users_is_nobody() -> None:
    """The policy is refused for it (POR004); compiled all the same, it must open nothing."""
    net = users(User("odin@x.com", names=("odin",)), User("odin@"))
    assert [] == filters(net, target="headscale@0.30", tagOwners=TAGS, acls=[acl(["odin@"], ["tag:web:1"])])["web"]


def test_any_domain_will_do_for_localpart() -> None:
    net = users(User("odin@X.com"))
    rule = {"action": "accept", "src": ["odin@X.com"], "dst": ["tag:web"], "users": ["localpart:*@x.COM"]}
    logins = {}
    for target in ("tailscale", "headscale@0.29"):
        compiled = compile_policy(policy(target, tagOwners=TAGS, ssh=[rule], grants=[]), net).value
        assert compiled is not None
        logins[target] = [each["sshUsers"] for each in ssh_rules_json(compiled.ssh_rules(1))]
    assert {"tailscale": [{"root": ""}], "headscale@0.29": [{"root": ""}, {"odin": "odin"}]} == logins


def test_members_may_be_destinations_of_ssh() -> None:
    rule = {"action": "accept", "src": ["alice@"], "dst": ["autogroup:member"], "users": ["root"]}
    compiled = compile_policy(policy("headscale@0.29", tagOwners=TAGS, ssh=[rule], grants=[]), NET).value
    assert compiled is not None
    assert [1, 1, 0, 0] == [len(compiled.ssh_rules(at)) for at in range(4)]


def verdicts(target: str, **sections: Any) -> list[tuple[str, str]]:
    """Give code and message of what the policy's own tests find."""
    return [(each.code.slug, each.message) for each in run_tests(policy(target, **sections), NET)]


def test_tests_see_no_rules_of_self_and_via() -> None:
    sections: dict[str, Any] = {
        "grants": [grant(["alice@"], ["autogroup:self"], ["*"])],
        "tests": [{"src": "alice@", "accept": ["alice@:22"]}],
    }
    assert [] == verdicts("tailscale", **sections)
    (found,) = verdicts("headscale@0.29", **sections)
    assert "test-fails" == found[0]


def test_a_rule_that_checks_satisfies_accept() -> None:
    sections: dict[str, Any] = {
        "tagOwners": TAGS,
        "grants": [],
        "ssh": [{"action": "check", "src": ["alice@"], "dst": ["tag:web"], "users": ["root"]}],
        "sshTests": [{"src": "alice@", "dst": ["tag:web"], "accept": ["root"]}],
    }
    assert ["test-undecided"] == [slug for slug, _ in verdicts("tailscale", **sections)]
    assert [] == verdicts("headscale@0.29", **sections)


def test_members_may_be_tested() -> None:
    sections: dict[str, Any] = {
        "tagOwners": TAGS,
        "grants": [grant(["autogroup:member"], ["tag:web"], ["tcp:22"])],
        "tests": [{"src": "autogroup:member", "accept": ["tag:web:22"], "deny": ["tag:web:23"]}],
    }
    assert ["test-fails"] == [slug for slug, _ in verdicts("tailscale", **sections)]
    assert [] == verdicts("headscale@0.30", **sections)


def test_tests_take_no_icmp() -> None:
    sections: dict[str, Any] = {
        "tagOwners": TAGS,
        "grants": [grant(["alice@"], ["tag:web"], ["*"])],
        "tests": [{"src": "alice@", "proto": "icmp", "accept": ["tag:web:22"]}],
    }
    assert ("test-fails", "tests of Headscale take no `icmp`") in verdicts("headscale@0.30", **sections)


def test_users_of_tests_are_found_as_users_of_rules_are() -> None:
    net = users(User("odin@x.com", names=("odin",)))
    sections: dict[str, Any] = {
        "tagOwners": TAGS,
        "grants": [grant(["odin@"], ["tag:web"], ["*"])],
        "tests": [{"src": "odin@", "accept": ["tag:web:22"]}],
    }
    assert () == run_tests(policy("headscale@0.30", **sections), net)


def test_capabilities_for_two_destinations_stay_two_rules() -> None:
    """Headscale puts them into one rule, which means the same (docs/dialects.md)."""
    rules = [grant(["alice@"], ["tag:web", "autogroup:tagged"], app={"example.com/cap/x": []})]
    compiled = compile_policy(policy("headscale@0.29", tagOwners=TAGS, grants=rules), NET).value
    assert compiled is not None
    written = packet_filter_json(compiled.packet_filter(2).rules, compiled._texts)
    assert [["100.64.0.9/32", "fd7a:115c:a1e0::9/128"]] * 2 == [each["CapGrant"][0]["Dsts"] for each in written]
