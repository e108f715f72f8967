"""What a promise means by `on`: the same as a rule of the aclc language, so that nothing broken is said to hold."""

from __future__ import annotations

import pytest

from aclc.dialects.tailscale import TAILSCALE
from aclc.policy.model import Policy
from aclc.policy.read_hujson import read_policy
from aclc.policy.read_language import read_language
from aclc.reach.difference.accepted import parse_accepted
from aclc.reach.difference.diff import diff
from aclc.reach.properties.promised_services import Service, parse_services
from aclc.reach.properties.promises import promises_of
from aclc.reach.properties.property_names import bind_names
from aclc.reach.prove.prove import prove
from aclc.source import Source
from tests.policy import language_texts

TCP, UDP = 6, 17
GROUPS = "group eng = ann@x.com, bob@x.com\ntag web owned by admin\n"


@pytest.mark.parametrize(
    ("text", "services"),
    [
        ("443", [(None, 443, 443)]),
        ("443, 8000-8999", [(None, 443, 443), (None, 8000, 8999)]),
        ("any 443", [(None, 443, 443)]),
        ("tcp 22, 80", [(TCP, 22, 22), (TCP, 80, 80)]),
        ("443, udp 53, 54", [(None, 443, 443), (UDP, 53, 53), (UDP, 54, 54)]),
        ("any", [(None, 0, 65535)]),
        ("tcp:22, udp:*", [(TCP, 22, 22), (UDP, 0, 65535)]),
        ("icmp, 47:*", [(1, 0, 65535), (47, 0, 65535)]),
        ("web", [(TCP, 443, 443), (None, 8443, 8443)]),
        ("web, tcp 22", [(TCP, 443, 443), (None, 8443, 8443), (TCP, 22, 22)]),
    ],
)
def test_services_are_read_as_in_rules(text: str, services: list[Service]) -> None:
    assert tuple(services) == parse_services(text, {"web": ("tcp:443", "8443")})


@pytest.mark.parametrize(
    "text", ["web, 22", "icmp, 22", "icmp 22", "nothing", "", "443-80", "tcp 70000", "300:*", "none"]
)
def test_what_cannot_be_meant_is_refused(text: str) -> None:
    """A port after a name or after a protocol without ports could be of any protocol, or of none."""
    assert parse_services(text, {"web": ("tcp:443",), "none": ()}) is None


def states(rules: list[str], *promises: str, language: str = "") -> list[str]:
    """Give what becomes of promises in the aclc language, for every tailnet."""
    text = "\n".join((GROUPS, language, *rules, *(f"assert {each}" for each in promises)))
    read = read_language(Source("policy.aclc", text))
    assert read.value is not None
    assert not read.failed, read.diagnostics
    found = promises_of(read.value, None)
    assert found.value is not None
    assert not found.diagnostics, found.diagnostics
    bound = bind_names(read.value, found.value)
    assert bound.value is not None
    return [verdict.state for verdict in prove(read.value, bound.value)]


@pytest.mark.parametrize("opened", ["udp 443", "tcp 443", "443", "any", "sctp 443"])
def test_a_port_never_reached_is_reached_by_no_protocol(opened: str) -> None:
    kept = "group:eng never reach tag:web on 22"
    promise = "group:eng never reach tag:web on 443"

    assert ["broken"] == states([f"allow eng -> tag web on {opened}"], promise)
    assert ["holds"] == states(["allow eng -> tag web on udp 80", "allow eng -> tag web on icmp"], promise)
    assert ["holds" if opened != "any" else "broken"] == states([f"allow eng -> tag web on {opened}"], kept)


def test_only_and_isolated_mean_every_protocol_too() -> None:
    rule = ["allow eng -> tag web on udp 443"]

    assert ["broken", "holds"] == states(
        rule, "only autogroup:owner reach tag:web on 443", "only autogroup:owner reach tag:web on tcp 443"
    )
    assert ["broken", "holds"] == states(
        rule, "isolated group:eng | tag:web on 443", "isolated group:eng | tag:web on 80"
    )


def test_a_port_always_reached_is_what_a_rule_with_the_bare_port_opens() -> None:
    promise = "group:eng always reach tag:web on 443"

    assert ["holds"] == states(["allow eng -> tag web on 443"], promise)
    assert ["holds"] == states(["allow eng -> tag web on tcp 443, udp 443"], promise)
    assert ["broken"] == states(["allow eng -> tag web on tcp 443"], promise)


def test_named_services_of_the_language_are_meant() -> None:
    services = "service web = tcp 443, 8443\nservice front = web, udp 443\n"
    promises = ("group:eng never reach tag:web on web", "group:eng never reach tag:web on front, tcp 22")

    assert ["holds", "broken"] == states(["allow eng -> tag web on udp 443"], *promises, language=services)
    assert ["broken", "broken"] == states(["allow eng -> tag web on front"], *promises, language=services)


def test_a_service_that_nobody_defines_is_an_error() -> None:
    text = f"{GROUPS}service web = tcp 443\nassert group:eng never reach tag:web on wbe\n"
    read = read_language(Source("policy.aclc", text))
    assert read.value is not None

    assert [("`wbe` names no services", "did you mean `web`?")] == [
        (each.message, each.help) for each in promises_of(read.value, None).diagnostics
    ]


def test_a_module_may_name_its_own_services_and_those_it_may_see() -> None:
    root = 'module web from "web.aclc" owns tag web\nmodule db from "db.aclc" owns tag db\nservice ping = icmp\n'
    lines = "tag web\nservice mine = tcp 80\n" + "".join(
        f"assert only member reach tag:web on {name}\n" for name in ("mine", "ping", "shown", "hidden")
    )
    db = "tag db\nservice shown = tcp 1\nservice hidden = tcp 2\nexport service shown\n"
    policy = language_texts.read(root, web=lines, db=db).value
    assert policy is not None
    found = promises_of(policy, None)

    assert [((TCP, 80, 80),), ((1, 0, 65535),), ((TCP, 1, 1),)] == [each.services for each in found.value or ()]
    assert ["`hidden` names no services"] == [each.message for each in found.diagnostics]


def test_a_file_beside_a_policy_in_the_language_may_name_its_services() -> None:
    beside = Source("properties.aclc", "assert group:eng never reach tag:web on web\n")
    of_language = read_language(Source("policy.aclc", f"{GROUPS}service web = tcp 443\n")).value
    of_hujson = _hujson([])
    assert of_language is not None

    assert () == promises_of(of_language, beside).diagnostics
    assert ["`web` names no services"] == [each.message for each in promises_of(of_hujson, beside).diagnostics]


def _hujson(ports: list[str]) -> Policy:
    grants = f'{{"src": ["group:eng"], "dst": ["tag:web"], "ip": {ports}}}'.replace("'", '"') if ports else ""
    text = f'{{"groups": {{"group:eng": ["ann@x.com"]}}, "tagOwners": {{"tag:web": []}}, "grants": [{grants}]}}'
    read = read_policy(Source("policy.hujson", text), TAILSCALE)
    assert read.value is not None
    assert not read.failed, read.diagnostics
    return read.value


def test_gains_that_are_agreed_to_by_port_are_so_for_every_protocol() -> None:
    agreed = parse_accepted(Source("allow.aclc", "allow group:eng -> tag:web on 443\n")).value
    of_tcp = parse_accepted(Source("allow.aclc", "allow group:eng -> tag:web on tcp 443\n")).value
    assert agreed is not None
    assert of_tcp is not None
    old, new = _hujson([]), _hujson(["443"])

    assert (False, True) == tuple(diff(old, new, None, each).gives_access for each in (agreed, of_tcp))
