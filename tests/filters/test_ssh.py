"""SSH rules of a node, in the order and words of the control plane (reference §6)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aclc.filters.packet_filter_json import compact
from aclc.filters.ssh import SshFilters, ssh_rules_json
from aclc.filters.ssh_bytes import SshWriter
from aclc.tailnet.model import Tailnet
from tests.filters.small_tailnets import node, resolved, tailnet

ACCEPT = {
    "accept": True,
    "allowAgentForwarding": True,
    "allowLocalPortForwarding": True,
    "allowRemotePortForwarding": True,
}
CHECK = {
    "holdAndDelegate": "https://unused/machine/ssh/action/$SRC_NODE_ID/to/$DST_NODE_ID?local_user=$LOCAL_USER",
}
NET = tailnet(
    node("alice1", "100.64.0.9", "fd7a:115c:a1e0::9", owner="alice@example.com"),
    node("alice2", "100.64.0.10", owner="alice@example.com"),
    node("bob1", "100.64.0.2", owner="bob@other.org"),
    node("web", "100.64.0.3", owner="tag:web"),
    node("both", "100.64.0.4", owner="tag:web tag:db"),
    node("guest", "100.64.0.5", owner="eve@stranger.net", shared=True),
    roles={"bob@other.org": "admin", "alice@example.com": "member"},
)


def entry(src: Sequence[str], dst: Sequence[str], users: Sequence[str] = ("root",), **more: Any) -> dict[str, Any]:
    """Give an entry of `ssh`."""
    return {"action": "accept", "src": list(src), "dst": list(dst), "users": list(users), **more}


def rules(*entries: dict[str, Any], net: Tailnet = NET, **sections: Any) -> dict[str, list[dict[str, Any]]]:
    """Give the SSH rules of every node that has any, by name."""
    found = SshFilters(resolved(net, ssh=list(entries), **sections))
    written = {each.name: ssh_rules_json(found.rules_of(at)) for at, each in enumerate(net.nodes)}
    return {name: every for name, every in written.items() if every}


def principals(written: Sequence[dict[str, Any]]) -> list[list[str]]:
    """Give the addresses that each rule lets in."""
    return [[each["nodeIP"] for each in rule["principals"]] for rule in written]


def logins(written: Sequence[dict[str, Any]]) -> list[dict[str, str]]:
    """Give the logins of each rule."""
    return [rule["sshUsers"] for rule in written]


def test_an_accept_rule_as_the_client_reads_it() -> None:
    expected = {
        "principals": [{"nodeIP": "100.64.0.2"}],
        "sshUsers": {"*": "=", "deploy": "deploy", "root": ""},
        "action": ACCEPT,
        "acceptEnv": ["GIT_*", "TERM"],
    }
    found = rules(
        entry(["bob@other.org"], ["tag:db"], ["deploy", "autogroup:nonroot"], acceptEnv=["GIT_*", "TERM"]),
    )
    assert {"both": [expected]} == found


def test_a_check_rule_says_nothing_of_its_period() -> None:
    (rule,) = rules(entry(["bob@other.org"], ["tag:db"], action="check", checkPeriod="1h"))["both"]
    assert rule["action"] == CHECK


def test_principals_are_sorted_as_text_and_hold_every_address_of_every_device() -> None:
    (rule,) = rules(entry(["autogroup:member"], ["tag:db"]))["both"]
    assert [["100.64.0.10", "100.64.0.2", "100.64.0.9", "fd7a:115c:a1e0::9"]] == principals([rule])


def test_a_device_with_two_tags_counts_twice_only_among_all_tagged_ones() -> None:
    """Captures ssh-b6 and ssh-src-autogroup-tagged-no-tagged-nodes."""
    found = rules(entry(["autogroup:tagged"], ["tag:db"]), entry(["tag:web", "tag:db"], ["tag:db"]))
    assert [["100.64.0.3", "100.64.0.4", "100.64.0.4"], ["100.64.0.3", "100.64.0.4"]] == principals(found["both"])


def test_every_check_comes_before_every_accept() -> None:
    found = rules(
        entry(["bob@other.org"], ["tag:db"], ["a"]),
        entry(["bob@other.org"], ["tag:db"], ["b"], action="check"),
        entry(["bob@other.org"], ["tag:db"], ["c"]),
        entry(["bob@other.org"], ["tag:db"], ["d"], action="check"),
    )
    assert [{"b": "b", "root": ""}, {"d": "d", "root": ""}, {"a": "a", "root": ""}, {"c": "c", "root": ""}] == logins(
        found["both"]
    )


def test_self_lets_a_user_into_all_devices_of_that_user_and_nobody_into_tagged_ones() -> None:
    found = rules(entry(["autogroup:member"], ["autogroup:self"]))
    alice = [["100.64.0.10", "100.64.0.9", "fd7a:115c:a1e0::9"]]
    assert {"alice1": alice, "alice2": alice, "bob1": [["100.64.0.2"]]} == {
        name: principals(every) for name, every in found.items()
    }


def test_a_user_as_destination_means_that_users_untagged_devices() -> None:
    found = rules(entry(["alice@example.com"], ["alice@example.com"]))
    assert ["alice1", "alice2"] == list(found)


def test_local_parts_make_rules_per_user_in_order_of_creation() -> None:
    """Users of another domain get the other logins only; root is refused in the first rule, not named in the second."""
    found = rules(entry(["autogroup:member"], ["tag:db"], ["localpart:*@example.com", "ubuntu"]))
    bob = (["100.64.0.2"], {"root": "", "ubuntu": "ubuntu"})
    alice = ["100.64.0.10", "100.64.0.9", "fd7a:115c:a1e0::9"]
    alices = [(alice, {"root": "", "ubuntu": "ubuntu"}), (alice, {"alice": "alice"})]
    assert {"alice1": alices, "alice2": alices, "bob1": [bob], "both": [*alices, bob]} == {
        name: list(zip(principals(every), logins(every), strict=True)) for name, every in found.items()
    }


def test_users_stand_in_the_order_of_the_tailnet_file() -> None:
    """The order of the users is not that of their devices."""
    net = NET._replace(users=tuple(reversed(NET.users)))
    found = rules(entry(["autogroup:member"], ["tag:db"], ["localpart:*@example.com"]), net=net)
    assert [{"root": ""}, {"root": ""}, {"alice": "alice"}] == logins(found["both"])
    assert [["100.64.0.2"]] == principals(found["both"])[:1]


def test_with_local_parts_tagged_sources_come_last_and_get_themselves_a_rule() -> None:
    """A source that is no destination gets the rules for its own user alone, a tagged one for itself alone."""
    found = rules(entry(["tag:web", "bob@other.org"], ["tag:db"], ["localpart:*@example.com", "ubuntu"]))
    assert {
        "bob1": [["100.64.0.2"]],
        "web": [["100.64.0.3"]],
        "both": [["100.64.0.2"], ["100.64.0.3", "100.64.0.4"]],
    } == {name: principals(every) for name, every in found.items()}


def test_self_with_local_parts_gives_the_owner_both_rules() -> None:
    found = rules(entry(["autogroup:member"], ["autogroup:self"], ["localpart:*@example.com"]))
    assert [{"root": ""}, {"alice": "alice"}] == logins(found["alice2"])
    assert [{"root": ""}] == logins(found["bob1"])
    assert "web" not in found


def test_a_local_part_without_a_domain_is_a_login_like_any_other() -> None:
    """Capture ssh-malformed-user-localpart-no-domain."""
    found = rules(entry(["bob@other.org"], ["tag:db"], ["localpart:*@"]))
    assert [{"localpart:*@": "localpart:*@", "root": ""}] == logins(found["both"])


def test_sources_that_name_nobody_make_no_rule() -> None:
    found = rules(entry(["group:none"], ["tag:db"]), entry([], ["tag:db"]), groups={"group:none": []})
    assert {} == found


def test_a_posture_keeps_devices_out() -> None:
    net = NET._replace(nodes=(NET.nodes[0]._replace(posture={"node:os": "linux"}), *NET.nodes[1:]))
    postures = {"posture:linux": ["node:os == 'linux'"]}
    own = entry(["autogroup:member"], ["tag:db"], srcPosture=["posture:linux"])
    expected = [["100.64.0.9", "fd7a:115c:a1e0::9"]]
    assert expected == principals(rules(own, net=net, postures=postures)["both"])
    by_default = rules(
        entry(["autogroup:member"], ["tag:db"]), net=net, postures=postures, defaultSrcPosture=["posture:linux"]
    )
    assert expected == principals(by_default["both"])


def test_a_denied_ipv4_address_is_no_principal() -> None:
    found = rules(
        entry(["alice@example.com"], ["tag:db"]),
        nodeAttrs=[{"target": ["alice@example.com"], "attr": ["disable-ipv4"]}],
    )
    assert [["fd7a:115c:a1e0::9"]] == principals(found["both"])


def test_a_recorder_goes_along_with_accept_alone() -> None:
    found = rules(
        entry(["bob@other.org"], ["tag:db"], action="check", recorder=["tag:web"]),
        entry(["bob@other.org"], ["tag:db"], recorder=["tag:web"], enforceRecorder=True),
    )
    check, accept = (rule["action"] for rule in found["both"])
    assert check == CHECK
    assert ["100.64.0.3:80", "100.64.0.4:80"] == accept["recorders"]
    assert "onRecordingFailure" in accept


def test_nodes_with_the_same_rules_share_them() -> None:
    found = SshFilters(resolved(NET, ssh=[entry(["autogroup:member"], ["tag:web", "autogroup:self"])]))
    assert found.rules_of(3) is found.rules_of(4)
    assert found.rules_of(0) is found.rules_of(1)
    assert found.rules_of(0) != found.rules_of(2)


def test_the_fast_writer_writes_what_the_slow_one_does() -> None:
    every = SshFilters(
        resolved(
            NET,
            ssh=[
                entry(["autogroup:member"], ["tag:db", "autogroup:self"], ["localpart:*@example.com", 'a"b']),
                entry(["autogroup:tagged"], ["tag:web"], ["x"], action="check", acceptEnv=["A"]),
                entry(["alice@example.com"], ["tag:web"], recorder=["tag:web"], enforceRecorder=True),
            ],
        )
    )
    expected = [compact(ssh_rules_json(every.rules_of(at))).encode() for at in range(len(NET.nodes))]
    for budget in (0, 1 << 20):
        writer = SshWriter(every, budget=budget)
        assert expected == [writer.write(at) for at in range(len(NET.nodes))]
        assert expected == [writer.write(at) for at in range(len(NET.nodes))]
