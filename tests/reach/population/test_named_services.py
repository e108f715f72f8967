"""Services (`svc:x`): destinations with addresses of their own, which nobody knows and which send nothing."""

from __future__ import annotations

from typing import Any

import pytest

from aclc.check import check_source
from aclc.net import WILDCARD, Address, IpSet, Prefix
from aclc.reach.difference.diff import diff
from aclc.reach.population.named_services import known_services, with_services
from aclc.reach.population.principals import UnknownPrincipalError, principal
from aclc.reach.properties.property_file import parse_properties
from aclc.reach.properties.property_names import bind_names
from aclc.reach.prove.prove import judge, prove
from aclc.source import Source
from aclc.tailnet.model import Node, Tailnet, User
from tests.reach.engine import policy_of

TAILNET = Tailnet(
    "x.com",
    (),
    (User("ann@x.com"),),
    (
        Node("laptop", (Address(4, 0x64400000),), id="1", user="ann@x.com"),
        Node("k8s", (Address(4, 0x64400001),), id="2", tags=("tag:k8s",)),
    ),
)


def policy(*grants: dict[str, Any], **more: Any) -> Any:
    """Give a policy that names two services."""
    return policy_of(
        {
            "groups": {"group:ops": ["ann@x.com"]},
            "tagOwners": {"tag:k8s": []},
            "autoApprovers": {"services": {"svc:wiki": ["tag:k8s"], "svc:mail": ["tag:k8s"], "tag:k8s": ["tag:k8s"]}},
            "grants": list(grants),
            **more,
        }
    )


def to(*dst: str, ip: str = "tcp:443") -> dict[str, Any]:
    """Give a grant from all members."""
    return {"src": ["autogroup:member"], "dst": list(dst), "ip": [ip]}


WIKI, BOTH, EVERYTHING = policy(to("svc:wiki")), policy(to("svc:wiki", "svc:mail")), policy(to("*"))


@pytest.mark.parametrize("tailnet", [None, TAILNET], ids=["every tailnet", "one tailnet"])
def test_a_service_that_a_rule_opens_besides_is_a_gain(tailnet: Tailnet | None) -> None:
    (row,) = diff(WIKI, BOTH, tailnet).network

    assert (True, ("autogroup:member",), ("svc:mail",)) == (row.gained, row.who.texts, row.what.texts)
    assert not diff(WIKI, BOTH, tailnet).doubts


@pytest.mark.parametrize("tailnet", [None, TAILNET], ids=["every tailnet", "one tailnet"])
def test_nobody_says_whether_everything_holds_the_services(tailnet: Tailnet | None) -> None:
    """A rule for a service beside one for `*` is no superfluous rule, and one for `*` alone may open it."""
    (row,) = diff(EVERYTHING, policy(to("*"), to("svc:wiki")), tailnet).network

    assert ("svc:wiki",) == row.what.texts
    assert ["broken"] == states("assert autogroup:member never reach svc:mail", tailnet, grants=[to("*")])
    assert ["broken"] == states("assert autogroup:member always reach svc:mail on tcp 443", tailnet, grants=[to("*")])


def test_several_services_beside_everything_go_by_their_names() -> None:
    rows = diff(EVERYTHING, policy(to("*"), to("svc:wiki", "svc:mail"))).network

    assert {"svc:wiki", "svc:mail"} == {text for row in rows for text in row.what.texts}


def test_a_rule_for_a_service_is_not_held_by_everything() -> None:
    text = '{"grants": [{"src": ["*"], "dst": ["*"], "ip": ["*"]}, {"src": ["*"], "dst": ["svc:a"], "ip": ["*"]}]}'

    assert not [each for each in check_source(Source("p", text)).diagnostics if each.code.id.startswith("RED")]


def test_neither_members_nor_tags_nor_outside_addresses_hold_a_service() -> None:
    others = policy(to("autogroup:member", "autogroup:tagged", "tag:k8s", "10.0.0.0/8"))
    (row,) = diff(
        others, policy(to("autogroup:member", "autogroup:tagged", "tag:k8s", "10.0.0.0/8", "svc:wiki"))
    ).network

    assert ("svc:wiki",) == row.what.texts


def test_a_service_sends_nothing() -> None:
    from_all = policy({"src": ["*"], "dst": ["tag:k8s"], "ip": ["*"]}, to("svc:wiki"))
    from_machines = policy(
        {"src": ["autogroup:member", "autogroup:tagged", "autogroup:shared"], "dst": ["tag:k8s"], "ip": ["*"]},
        to("svc:wiki"),
    )
    names = [text for row in diff(from_all, from_machines, TAILNET).network for text in row.who.texts]

    assert not any("svc:" in text for text in names)


def test_a_service_gets_addresses_that_nobody_has_and_literals_do_not_hold() -> None:
    around = policy(to("svc:wiki"), to("100.64.0.0/16"), to("fd7a:115c:a1e0::/64"))
    found = with_services(TAILNET, [around], []).tailnet

    assert TAILNET.nodes == found.nodes[:2]
    (service,) = found.nodes[2:]
    assert "svc:wiki" == service.service
    named = IpSet.of(Prefix(4, 0x64400000, 16), Prefix(6, 0xFD7A115CA1E0 << 80, 64))
    assert [4, 6] == [each.family for each in service.addresses]
    assert all(WILDCARD.contains(each) and not named.contains(each) for each in service.addresses)
    assert with_services(TAILNET, [policy(to("tag:k8s"))], []).tailnet is TAILNET


def states(text: str, tailnet: Tailnet | None, **more: Any) -> list[str]:
    """Decide promises about the services."""
    read = policy(to("svc:wiki"), {"src": ["group:ops"], "dst": ["*"], "ip": ["tcp:22"]}, **more)
    parsed = parse_properties(Source("properties.aclc", text))
    assert parsed.value
    bound = bind_names(read, parsed.value)
    assert bound.value is not None
    if bound.diagnostics:
        return [each.message for each in bound.diagnostics]
    return [each.state for each in (prove(read, bound.value) if tailnet is None else judge(read, tailnet, bound.value))]


@pytest.mark.parametrize("tailnet", [None, TAILNET], ids=["every tailnet", "one tailnet"])
@pytest.mark.parametrize(
    ("promise", "state"),
    [
        ("assert autogroup:member always reach svc:wiki on tcp 443", "holds"),
        ("assert tag:k8s never reach svc:wiki", "holds"),
        ("assert only autogroup:member reach svc:wiki on tcp 443", "holds"),
        ("assert group:ops never reach svc:mail", "broken"),
        ("assert group:ops never reach svc:mail on tcp 443", "holds"),
    ],
)
def test_promises_speak_of_services(tailnet: Tailnet | None, promise: str, state: str) -> None:
    assert [state] == states(promise, tailnet)


def test_a_literal_may_hold_the_address_of_a_service() -> None:
    """On one tailnet the address is not known, so that neither can be said."""
    grants = [to("svc:wiki"), {"src": ["tag:k8s"], "dst": ["100.64.0.0/16"], "ip": ["*"]}]
    of_a_node = [to("svc:wiki"), {"src": ["tag:k8s"], "dst": ["100.64.0.0"], "ip": ["*"]}]

    assert ["broken"] == states("assert tag:k8s never reach svc:wiki", None, grants=grants)
    assert ["undecided"] == states("assert tag:k8s never reach svc:wiki", TAILNET, grants=grants)
    assert ["undecided"] == states("assert tag:k8s always reach svc:wiki on tcp 443", TAILNET, grants=grants)
    assert ["holds"] == states("assert autogroup:member always reach svc:wiki on tcp 443", TAILNET, grants=grants)
    assert ["holds"] == states("assert tag:k8s never reach svc:wiki", TAILNET, grants=of_a_node)
    of_others = [to("tag:k8s"), grants[1]]
    assert ["undecided"] == states("assert tag:k8s never reach svc:mail", TAILNET, grants=of_others)
    doubts = ("the addresses of services are not known, and `100.64.0.0/16` may hold one",)
    assert doubts == diff(policy(*grants), WIKI, TAILNET).doubts


@pytest.mark.parametrize(
    ("promise", "message"),
    [
        ("assert svc:wiki never reach tag:k8s", "`svc:wiki` is a service, which sends nothing"),
        ("assert tag:k8s never reach svc:wikki", "the policy defines no `svc:wikki`"),
    ],
)
def test_a_promise_about_a_service_that_sends_or_is_not_there_is_refused(promise: str, message: str) -> None:
    assert [message] == states(promise, None)


def test_services_are_known_by_the_policy() -> None:
    read = policy(to("svc:cal"), acls=[{"action": "accept", "src": ["*"], "dst": ["svc:chat:443"]}])

    assert ["svc:cal", "svc:chat", "svc:wiki", "svc:mail"] == list(known_services(read))
    assert "svc:chat" == principal("svc:chat", read, None).selector.name
    with pytest.raises(UnknownPrincipalError, match=r"did you mean `svc:wiki`\?"):
        principal("svc:wikki", read, None)


def test_a_service_has_an_address_where_those_that_fewest_literals_name_are_taken() -> None:
    """Every address is named by one literal, the laptop's by one of its own."""
    laptop = IpSet.of(Prefix(4, 0x64400000, 32))
    rest = [str(each) for each in (WILDCARD - laptop).prefixes() if each.family == 4]
    named = policy(to("svc:wiki", "svc:mail", "100.64.0.0/32", *rest))

    found = with_services(TAILNET, (named,), ())

    _, _, *services = found.tailnet.nodes
    own = [address for node in found.tailnet.nodes for address in node.addresses]
    assert ["svc:wiki", "svc:mail"] == [each.service for each in services]
    assert [[4, 6], [4, 6]] == [[each.family for each in node.addresses] for node in services]
    assert len(own) == len(set(own))
    assert found.doubts
