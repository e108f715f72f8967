"""What is wrong with the values of acls, grants, nodeAttrs and tests, and where."""

from __future__ import annotations

import pytest

from aclc.diagnostics import Severity
from aclc.net import ALL_PORTS, PortRange
from aclc.policy.model import PortSpec
from tests.policy.marked import Case, acl, check, found, grant, read, read_anyway, section

WARNING = Severity.WARNING

ACLS = [
    Case(
        acl('"action": «"deny"»'),
        "VAL008",
        "action `deny` does not exist for acls",
        'action="deny" is not supported',
    ),
    Case(
        acl('"action": «"Accept"»'),
        "VAL008",
        "action `Accept` does not exist for acls",
        'action="Accept" is not supported',
    ),
    Case('{"acls": [«{"src": ["*"], "dst": ["*:*"]}»]}', "VAL008", "acl has no action", 'action="" is not supported'),
    Case(
        acl('"dst": [«"autogroup:self"»]'),
        "VAL001",
        "destination `autogroup:self` has no ports",
        'dst="autogroup:self": port range "self": invalid first integer',
    ),
    Case(
        acl('"dst": ["*:*", «"100.64.0.1"»]'),
        "VAL001",
        "destination `100.64.0.1` has no ports",
        'dst="100.64.0.1": hostport must contain a colon (":")',
    ),
    Case(
        acl('"dst": [«"*"»]'), "VAL001", "destination `*` has no ports", 'dst="*": hostport must contain a colon (":")'
    ),
    Case(acl('"dst": [«"fd7a::1"»]'), "VAL001", "destination `fd7a::1` has no ports"),
    Case(
        acl('"dst": [«"fd7a::/64"»]'),
        "VAL001",
        "destination `fd7a::/64` has no ports",
        'dst="fd7a::/64": port range "/64": invalid first integer',
    ),
    Case(
        acl('"dst": [«"user:*@example.com"»]'),
        "VAL001",
        "destination `user:*@example.com` has no ports",
        'dst="user:*@example.com": port range "*@example.com": invalid first integer',
    ),
    Case(
        acl('"dst": ["tag:web:«ssh»"]'),
        "VAL003",
        "`ssh` is not a port number",
        'dst="tag:web:ssh": port range "ssh": invalid first integer',
    ),
    Case(
        acl('"dst": ["tag:web:80,«0-100»,443"]'),
        "VAL003",
        "port range `0-100` begins at 0, which is no port",
        'dst="tag:web:80,0-100,443": port range "0-100": first port must be >0, or use \'*\' for wildcard',
    ),
    Case(
        acl('"dst": ["tag:web:«»"]'),
        "VAL003",
        "nothing follows the colon where ports are wanted",
        'dst="tag:web:": invalid port list: ""',
    ),
    Case(
        acl('"dst": ["tag:web:«90-80»"]'),
        "VAL003",
        "port range `90-80` ends before it begins",
        'dst="tag:web:90-80": port range "90-80": first port must be >= last port',
    ),
    Case(
        acl('"dst": ["tag:web:«70000»"]'),
        "VAL003",
        "port `70000` is above 65535",
        'dst="tag:web:70000": port range "70000": invalid first integer',
    ),
    Case(
        acl('"dst": ["tag:web:22,« 80»"]'),
        "VAL003",
        "port ` 80` has blanks in it",
        'dst="tag:web:22, 80": port range " 80": invalid first integer',
    ),
    Case(
        acl('"dst": ["«tag:web,tag:db»:80"]'),
        "VAL003",
        "`tag:web,tag:db` is more than one host",
        'dst="tag:web,tag:db:80": host cannot contain a comma (",")',
    ),
    Case(
        acl('"dst": ["«10.0.0.300»:80"]'),
        "VAL025",
        "`10.0.0.300` is not an IP address, nor a CIDR, nor a name in `hosts`",
    ),
    Case(
        acl('"dst": ["«[10.0.0.1]»:80"]'),
        "VAL025",
        "`[10.0.0.1]` is not an IP address, nor a CIDR, nor a name in `hosts`",
    ),
    Case(
        acl('"dst": ["«10.0.0.1/8»:80"]'),
        "VAL024",
        "`10.0.0.1/8` has bits set below its mask, so it means `10.0.0.0/8`",
        severity=WARNING,
    ),
    Case(
        acl('"dst": [«80»]'),
        "SYN009",
        "a destination must be a string, not the number 80",
        "json: cannot unmarshal number into Go",
    ),
    Case(acl('"dst": [«null»]'), "SYN009", "a destination must be a string, not null"),
    Case(
        acl('"dst": «"*:*"»'),
        "SYN009",
        "`dst` must be a list of strings, not a string",
        "json: cannot unmarshal string into Go",
    ),
    Case(
        acl('"src": [«[]»]'),
        "SYN009",
        "a selector must be a string, not a list",
        "json: cannot unmarshal array into Go",
    ),
    Case(acl('"src": «[]»'), "VAL009", "`src` is empty, so this rule does nothing", severity=WARNING),
    Case(
        '{"acls": [«{"action": "accept", "src": ["*"]}»]}',
        "VAL009",
        "rule has no `dst`, so it does nothing",
        severity=WARNING,
    ),
    Case(
        acl('"proto": «"*"»'),
        "VAL006",
        "protocol `*` is not known",
        'proto name "*" not known; use protocol number 0-255',
    ),
    Case(
        acl('"proto": «"256"»'),
        "VAL006",
        "protocol `256` is not known",
        'proto name "256" not known; use protocol number 0-255',
    ),
    Case(acl('"proto": «256»'), "VAL006", "protocol `256` is not known"),
    Case(acl('"proto": «-1»'), "VAL006", "protocol `-1` is not known"),
    Case(
        acl('"proto": "icmp", "dst": ["tag:web:«22»"]'),
        "VAL006",
        "protocol `icmp` has no ports",
        severity=WARNING,
    ),
    Case(
        '{"acls": [«"accept"»]}',
        "SYN009",
        "an acl must be an object, not a string",
        "json: cannot unmarshal string into Go",
    ),
]

GRANTS = [
    Case(
        '{"grants": [«{"src": ["*"], "dst": ["*"]}»]}',
        "VAL010",
        "grant has neither `ip` nor `app`",
        "ip and app can not both be empty",
    ),
    Case(
        '{"grants": [«{"src": ["*"], "dst": ["*"], "ip": [], "app": {}}»]}',
        "VAL010",
        "grant has neither `ip` nor `app`",
        "ip and app can not both be empty",
    ),
    Case(
        grant('"ip": [«"icmp"»]').replace('«"icmp"»', '"«icmp»"'),
        "VAL003",
        "`icmp` is a protocol, not ports",
        'port range "icmp": invalid first integer',
    ),
    Case(
        grant('"ip": ["tcp:«0»"]'),
        "VAL003",
        "port range `0` begins at 0, which is no port",
        "port range \"0\": first port must be >0, or use '*' for wildcard",
    ),
    Case(
        grant('"ip": ["tcp:«80,443»"]'),
        "VAL003",
        "`80,443` is more than one port",
        'port range "80,443": invalid first integer',
    ),
    Case(grant('"ip": [«""»]'), "VAL003", "empty string where protocol and ports are wanted", "empty string"),
    Case(grant('"ip": ["«:»80"]'), "VAL006", "`:80` has a colon but no protocol", "empty protocol"),
    Case(
        grant('"ip": ["«TCPP»:80"]'),
        "VAL006",
        "protocol `tcpp` is not known",
        'proto name "tcpp" not known; use protocol number 0-255',
    ),
    Case(
        grant('"ip": ["«tcp,udp»:53"]'),
        "VAL003",
        "`tcp,udp` is more than one protocol",
        'host cannot contain a comma (",")',
    ),
    Case(grant('"ip": ["gre:«22»"]'), "VAL006", "protocol `gre` has no ports", severity=WARNING),
    Case(
        grant('"ip": [«443»]'),
        "SYN009",
        "an item of `ip` must be a string, not the number 443",
        "json: cannot unmarshal number into Go",
    ),
    Case(grant('"dst": ["tag:web«:443»"]'), "VAL002", "`tag:web:443` has ports, which have no place here"),
    Case(grant('"dst": ["*«:*»"]'), "VAL002", "`*:*` has ports, which have no place here"),
    Case(grant('"dst": ["[fd7a::1]«:80»"]'), "VAL002", "`[fd7a::1]:80` has ports, which have no place here"),
    Case(
        grant('"src": ["tag:x:443"], "dst": ["tag:x«:443»"]'),
        "VAL002",
        "`tag:x:443` has ports, which have no place here",
    ),
    Case(
        grant('"app": {«"https://example.com/cap/x"»: [{}]}'),
        "VAL022",
        "`https://example.com/cap/x` is not the name of a capability",
        "capability name must have the form {domain}/{path}",
    ),
    Case(
        grant('"app": {«"drive"»: [{}]}'),
        "VAL022",
        "`drive` is not the name of a capability",
        "capability name must have the form {domain}/{path}",
    ),
    Case(
        grant('"app": {«"tailscale.com/cap/funnel"»: [{}]}'),
        "VAL022",
        "capability `tailscale.com/cap/funnel` is not one that a policy may grant",
        "capability name must not be in the tailscale.com domain",
    ),
    Case(
        grant('"app": {«"tailscale.io/cap/x"»: [{}]}'),
        "VAL022",
        "capability `tailscale.io/cap/x` is not one that a policy may grant",
    ),
    Case(
        grant('"app": {"example.com/cap/x": «{"a": 1}»}'),
        "SYN009",
        "capability `example.com/cap/x` must be a list, not an object",
        "json: cannot unmarshal object into Go",
    ),
    Case(grant('«"action"»: "accept"'), "SYN007", "a grant has no key `action`", 'json: unknown field "action"'),
]

NODE_ATTRS = [
    Case(
        section('"nodeAttrs": [{"target": ["*"], "ipPool": [«"100.100.100.0/24"»]}]'),
        "VAL027",
        "pool `100.100.100.0/24` lies within addresses that are reserved",
        "IPPool(100.100.100.0/24): network within reserved range",
    ),
    Case(
        section('"nodeAttrs": [{"target": ["*"], "ipPool": [«"10.0.0.0/8"»]}]'),
        "VAL027",
        "pool `10.0.0.0/8` is not within `100.64.0.0/10`",
    ),
    Case(
        section('"nodeAttrs": [{"target": ["*"], "ipPool": [«"pool"»]}]'),
        "VAL027",
        "`pool` is not a CIDR",
    ),
    Case(
        section('"nodeAttrs": [{"target": ["*"], "ipPool": [«"100.96.0.0/11"»]}]'),
        "VAL027",
        "pool `100.96.0.0/11` holds addresses that are reserved",
        severity=WARNING,
    ),
    Case(
        section('"nodeAttrs": [{"target": ["«10.0/8»"], "attr": ["funnel"]}]'),
        "VAL025",
        "`10.0/8` is not an IP address, nor a CIDR, nor a name in `hosts`",
        '"10.0/8": invalid address',
    ),
    Case(
        section('"nodeAttrs": [{"target": ["*"], "attr": [«1»]}]'),
        "SYN009",
        "an item of `attr` must be a string, not the number 1",
        "json: cannot unmarshal number into Go",
    ),
]

TESTS = [
    Case(
        section('"tests": [{"src": "a@example.com", "accept": ["tag:web:80"], "proto": «"tpc"»}]'),
        "VAL006",
        "protocol `tpc` is not known",
        'proto name "tpc" not known; use protocol number 0-255',
    ),
    Case(
        section('"tests": [{"src": «["a@example.com"]», "accept": ["tag:web:80"]}]'),
        "SYN009",
        "`src` must be a string, not a list",
        "json: cannot unmarshal array into Go",
    ),
    Case(
        section('"sshTests": [{"src": "a@example.com", "dst": ["tag:web"], "accept": [«true»]}]'),
        "SYN009",
        "an item of `accept` must be a string, not true",
        "json: cannot unmarshal bool into Go",
    ),
]


@pytest.mark.parametrize("case", ACLS + GRANTS + NODE_ATTRS + TESTS, ids=lambda case: case.text)
def test_one_mistake_is_one_finding_at_its_place(case: Case) -> None:
    """Code, span, words and the control plane's own words are as expected, and nothing else is found."""
    check(case)


def test_acl_is_read() -> None:
    """Selectors, ports and protocol are typed; legacy keys and white space make no difference."""
    new = read(acl('"src": ["tag:a", "a@example.com"], "dst": ["tag:b:22,80-90", "[fd7a::1]:*"], "proto": "tcp"'))
    old = read(
        '{"acls": [{"action": " accept ", "users": [" tag:a", "a@example.com"], "ports": ["tag:b:22,80-90\\t", '
        '"fd7a::1:*"], "proto": 6}]}'
    )
    assert new.acls is not None
    assert old.acls is not None
    first, second = new.acls[0], old.acls[0]
    assert first.src == second.src
    assert ["tag:a", "a@example.com"] == [selector.text for selector in first.src]
    assert [(each.selector, each.ports) for each in first.dst] == [(each.selector, each.ports) for each in second.dst]
    assert (PortRange(22, 22), PortRange(80, 90)) == first.dst[0].ports
    assert ("fd7a::1", (ALL_PORTS,)) == (first.dst[1].selector.text, first.dst[1].ports)
    assert (6, "tcp", 6, "6") == (first.protocol, first.protocol_text, second.protocol, second.protocol_text)


def test_grant_is_read() -> None:
    """Each `ip` item is one protocol and its ports; a bare number is a port."""
    policy = read(
        grant(
            '"src": ["group:a"], "dst": ["tag:b"], '
            '"ip": ["*", "47", "tcp:443", "UDP:53", "icmp:*", "*:80-90", "0:22"], '
            '"app": {"example.com/cap/x": [{"a": 1}], "tailscale.com/cap/drive": null}, "via": ["tag:r"], '
            '"srcPosture": ["posture:p"]'
        )
    )
    assert policy.grants is not None
    each = policy.grants[0]
    assert (
        PortSpec(None, (ALL_PORTS,)),
        PortSpec(None, (PortRange(47, 47),)),
        PortSpec(6, (PortRange(443, 443),)),
        PortSpec(17, (PortRange(53, 53),)),
        PortSpec(1, (ALL_PORTS,)),
        PortSpec(None, (PortRange(80, 90),)),
        PortSpec(None, (PortRange(22, 22),)),
    ) == each.ip
    assert [("example.com/cap/x", [{"a": 1}]), ("tailscale.com/cap/drive", None)] == [
        (capability.name, capability.values) for capability in each.app
    ]
    assert ("tag:r", ("posture:p",)) == (each.via[0].text, each.src_posture)
    assert '"tag:b"' == each.place.at("dst", 0).span.text


def test_null_counts_as_absent() -> None:
    """`null` for a key that may be absent is no fault."""
    policy = read(
        '{"grants": [{"src": ["*"], "dst": ["*"], "ip": ["*"], "app": null, "via": null, "srcPosture": null}], '
        '"acls": null, "ssh": null, "groups": {"group:a": null}, "autoApprovers": {"exitNode": null}}'
    )
    assert policy.grants is not None
    assert ((), (), None, None, None) == (
        policy.grants[0].app,
        policy.grants[0].via,
        policy.grants[0].src_posture,
        policy.acls,
        policy.ssh,
    )
    assert () == policy.groups["group:a"].members


def test_unreadable_item_keeps_the_positions_of_its_neighbours() -> None:
    """The third selector is the third item of the file."""
    policy = read_anyway(grant('"src": ["tag:a", 1, "tag:c"], "ip": ["80", {}, "443"]'))
    assert policy.grants is not None
    each = policy.grants[0]
    assert ["tag", "invalid", "tag"] == [selector.kind for selector in each.src]
    assert [1, 0, 1] == [len(spec.ports) for spec in each.ip]


def test_alias_that_looks_like_an_address_is_an_alias() -> None:
    """What `hosts` defines is not held for a misspelled address."""
    read('{"hosts": {"10.0.0": "10.0.0.1"}, "acls": [{"action": "accept", "src": ["10.0.0"], "dst": ["10.0.0:80"]}]}')


def test_attributes_and_env_are_kept_verbatim() -> None:
    """What goes on the wire is not trimmed."""
    policy = read(section('"nodeAttrs": [{"target": ["*"], "attr": [" funnel "], "ipPool": ["100.64.1.0/24"]}]'))
    assert ((" funnel ",), ("100.64.1.0/24",)) == (policy.node_attrs[0].attr, policy.node_attrs[0].ip_pool)


def test_tests_are_read() -> None:
    """Legacy spellings too; destinations stay texts."""
    policy = read(
        section(
            '"tests": [{"user": "a@example.com", "allow": ["tag:x:80"], "proto": 6, '
            '"srcPostureAttrs": {"node:os": "js"}}], '
            '"sshTests": [{"src": "tag:a", "dst": ["tag:x"], "accept": ["root"], "check": [""], "deny": null}]'
        )
    )
    test, ssh_test = policy.tests[0], policy.ssh_tests[0]
    assert test.src is not None
    assert ("a@example.com", ("tag:x:80",), None, "6", {"node:os": "js"}) == (
        test.src.text,
        test.accept,
        test.deny,
        test.proto,
        test.src_posture_attrs,
    )
    assert (("root",), ("",), None) == (ssh_test.accept, ssh_test.check, ssh_test.deny)


def test_fixes_are_json() -> None:
    """Applied to the text, a fix leaves the fault behind."""
    for text in (
        acl('"dst": ["tag:web"]'),
        acl('"dst": "tag:web:80"'),
        acl('"src": ["10.0.0.1/8"]'),
        grant('"ip": ["tcp:80,443"]'),
        grant('"ip": ["icmp"]'),
    ):
        (fault,) = found(text)
        assert fault.fix is not None
        for edit in sorted(fault.fix.edits, key=lambda each: each.span.start, reverse=True):
            text = text[: edit.span.start] + edit.text + text[edit.span.end :]  # noqa: PLW2901 # edited step by step
        assert () == found(text)
