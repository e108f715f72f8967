"""The Tailscale control plane: what it accepts and in which words it refuses (reference §2–4, 6–8, 10.1)."""

from __future__ import annotations

from aclc.dialects.dialect import (
    FLAG,
    LISTS_BY_KEY,
    NUMBER,
    OBJECT,
    OBJECTS,
    TEXT,
    TEXT_OR_NUMBER,
    TEXTS,
    TEXTS_BY_KEY,
    WHOLE_NUMBER,
    Dialect,
    Position,
    Shape,
)

_SHAPES = {
    "policy": Shape(
        "the policy",
        {
            "acls": OBJECTS,
            "grants": OBJECTS,
            "groups": LISTS_BY_KEY,
            "hosts": TEXTS_BY_KEY,
            "ipsets": LISTS_BY_KEY,
            "tagOwners": LISTS_BY_KEY,
            "autoApprovers": OBJECT,
            "ssh": OBJECTS,
            "nodeAttrs": OBJECTS,
            "postures": LISTS_BY_KEY,
            "defaultSrcPosture": TEXTS,
            "attrConfig": OBJECT,
            "tests": OBJECTS,
            "sshTests": OBJECTS,
            "derpMap": OBJECT,
            "disableIPv4": FLAG,
            "OneCGNATRoute": TEXT,
            "randomizeClientPort": FLAG,
        },
    ),
    "acl": Shape(
        "an acl",
        {"action": TEXT, "src": TEXTS, "dst": TEXTS, "proto": TEXT_OR_NUMBER, "srcPosture": TEXTS},
        {"users": "src", "ports": "dst"},
    ),
    "grant": Shape(
        "a grant",
        {"src": TEXTS, "dst": TEXTS, "ip": TEXTS, "app": LISTS_BY_KEY, "via": TEXTS, "srcPosture": TEXTS},
    ),
    "autoApprovers": Shape("`autoApprovers`", {"routes": LISTS_BY_KEY, "exitNode": TEXTS, "services": LISTS_BY_KEY}),
    "ssh": Shape(
        "an ssh rule",
        {
            "action": TEXT,
            "src": TEXTS,
            "dst": TEXTS,
            "users": TEXTS,
            "checkPeriod": TEXT,
            "acceptEnv": TEXTS,
            "recorder": TEXTS,
            "enforceRecorder": FLAG,
            "srcPosture": TEXTS,
        },
    ),
    "nodeAttr": Shape("an entry of nodeAttrs", {"target": TEXTS, "attr": TEXTS, "app": LISTS_BY_KEY, "ipPool": TEXTS}),
    "attrConfig": Shape("an entry of attrConfig", {"type": TEXT, "allowSetByNode": FLAG, "broadcastToPeers": TEXTS}),
    "test": Shape(
        "a test",
        {"src": TEXT, "accept": TEXTS, "deny": TEXTS, "proto": TEXT_OR_NUMBER, "srcPostureAttrs": OBJECT},
        {"user": "src", "allow": "accept"},
    ),
    "sshTest": Shape(
        "an ssh test",
        {"src": TEXT, "dst": TEXTS, "accept": TEXTS, "check": TEXTS, "deny": TEXTS, "srcPostureAttrs": OBJECT},
    ),
    "derpMap": Shape("`derpMap`", {"regions": OBJECT, "omitDefaultRegions": FLAG}, any_case=True),
    "derpRegion": Shape(
        "a derp region",
        {
            "regionID": WHOLE_NUMBER,
            "regionCode": TEXT,
            "regionName": TEXT,
            "latitude": NUMBER,
            "longitude": NUMBER,
            "avoid": FLAG,
            "noMeasureNoHome": FLAG,
            "nodes": OBJECTS,
        },
        any_case=True,
    ),
    "derpNode": Shape(
        "a derp node",
        {
            "name": TEXT,
            "regionID": WHOLE_NUMBER,
            "hostName": TEXT,
            "certName": TEXT,
            "ipv4": TEXT,
            "ipv6": TEXT,
            "stunPort": WHOLE_NUMBER,
            "stunOnly": FLAG,
            "derpPort": WHOLE_NUMBER,
            "insecureForTests": FLAG,
            "stunTestIP": TEXT,
            "canPort80": FLAG,
        },
        any_case=True,
    ),
}

_ROLES = (
    "autogroup:admin",
    "autogroup:owner",
    "autogroup:it-admin",
    "autogroup:network-admin",
    "autogroup:billing-admin",
    "autogroup:auditor",
)
_PEOPLE = frozenset({"autogroup:member", *_ROLES})
_NODES = _PEOPLE | {"autogroup:tagged"}
_SOURCES = _NODES | {"autogroup:shared", "autogroup:danger-all"}
_DESTINATIONS = _NODES | {"autogroup:self", "autogroup:internet"}

# Reference §3.2. What only documentation allows is allowed; where nobody says (`?`) it is allowed too: refused is only
# what a capture, a report or the documentation says is refused.
_SOURCE_KINDS = frozenset({"any", "user", "domain-users", "group", "tag", "host", "prefix", "ipset", "autogroup"})
_POSITIONS = {
    "acls.src": Position("`src` of an acl", _SOURCE_KINDS, _SOURCES),
    "acls.dst": Position("`dst` of an acl", _SOURCE_KINDS | {"service"}, _DESTINATIONS),
    "grants.src": Position("`src` of a grant", _SOURCE_KINDS, _SOURCES),
    "grants.dst": Position("`dst` of a grant", _SOURCE_KINDS | {"service"}, _DESTINATIONS),
    "grants.via": Position("`via`", frozenset({"tag"})),
    "ssh.src": Position(
        "`src` of an ssh rule", frozenset({"user", "domain-users", "group", "tag", "autogroup"}), _NODES
    ),
    # A user only where it is the one and only source.
    "ssh.dst": Position(
        "`dst` of an ssh rule",
        frozenset({"user", "domain-users", "tag", "autogroup"}),
        frozenset({"autogroup:self", "autogroup:tagged"}),
    ),
    "ssh.recorder": Position("`recorder`", frozenset({"tag"})),
    # An autogroup as the source of a test is not refused by itself: the test fails.
    "tests.src": Position(
        "`src` of a test", frozenset({"user", "domain-users", "group", "tag", "host", "prefix", "ipset"}), cidr=False
    ),
    "tests.dst": Position(
        "`accept` and `deny` of a test",
        frozenset({"user", "domain-users", "group", "tag", "host", "prefix", "ipset", "service", "autogroup"}),
        _NODES,
        cidr=False,
    ),
    "sshTests.src": Position(
        "`src` of an ssh test",
        frozenset({"user", "domain-users", "group", "tag", "host", "prefix", "ipset", "autogroup"}),
        frozenset({"autogroup:tagged", "autogroup:self", "autogroup:internet"}),
    ),
    "sshTests.dst": Position(
        "`dst` of an ssh test",
        frozenset({"user", "domain-users", "group", "tag", "host", "prefix", "ipset", "service", "autogroup"}),
        _NODES | {"autogroup:self"},
        cidr=False,
    ),
    "nodeAttrs.target": Position(
        "`target` of nodeAttrs",
        frozenset({"any", "user", "domain-users", "group", "tag", "host", "prefix", "autogroup"}),
        _NODES,
    ),
    "autoApprovers": Position(
        "approvers", frozenset({"user", "domain-users", "group", "tag", "service", "autogroup"}), _NODES
    ),
    "tagOwners": Position("owners of a tag", frozenset({"user", "domain-users", "group", "tag", "autogroup"}), _NODES),
    "groups": Position("members of a group", frozenset({"user"})),
    "ipsets": Position(
        "an ipset",
        frozenset({"prefix", "range", "host-prefixed", "ipset", "autogroup"}),
        frozenset({"autogroup:internet"}),
    ),
    "attrConfig.broadcastToPeers": Position(
        "`broadcastToPeers`", _SOURCE_KINDS | {"service"}, _SOURCES | _DESTINATIONS
    ),
}

_PROTOCOLS = {
    "ah": 51,
    "dccp": 33,
    "egp": 8,
    "esp": 50,
    "gre": 47,
    "icmp": 1,
    "icmpv4": 1,
    "icmpv6": 58,
    "igmp": 2,
    "igp": 9,
    "ip-in-ip": 4,
    "ipv4": 4,
    "ipv6-icmp": 58,
    "sctp": 132,
    "tcp": 6,
    "tsmp": 99,
    "udp": 17,
}

# `{…}` that holds user text comes quoted by `go_quoted`, but for those named raw_….
_WORDS = {
    "not-hujson": "line {line}, column {column}: {message}",
    "unknown-key": "json: unknown field {key}",
    # The rest of this message names a type inside the control plane, which nobody outside knows.
    "wrong-type": "json: cannot unmarshal {found} into Go",
    "acl-action": "action={action} is not supported",
    "acl-dst": "dst={dst}: {reason}",
    "hostport-colon": 'hostport must contain a colon (":")',
    "hostport-comma": 'host cannot contain a comma (",")',
    "ports-first": "port range {piece}: invalid first integer",
    "ports-last": "port range {piece}: invalid last integer",
    "ports-dashes": "port range {piece}: too many dashes(-)",
    "ports-zero": "port range {piece}: first port must be >0, or use '*' for wildcard",
    "ports-order": "port range {piece}: first port must be >= last port",
    "ports-empty": "invalid port list: {list}",
    "protocol": "proto name {name} not known; use protocol number 0-255",
    "ip-empty": "empty string",
    "ip-empty-protocol": "empty protocol",
    "grant-empty": "ip and app can not both be empty",
    "capability-form": "capability name must have the form {{domain}}/{{path}}",
    "capability-reserved": "capability name must not be in the tailscale.com domain",
    "tag-letter": "tagOwners[{tag}]: tag names must start with a letter, after 'tag:'",
    "tag-characters": "tag: {tag}: tag names can only contain numbers, letters, or dashes",
    "host-name": "host names cannot include an @, please change the name for {name}",
    "pool-reserved": "IPPool({raw_pool}): network within reserved range",
    "ssh-action-missing": "action must be specified",
    "ssh-action": "{action} is not a valid action",
    "ssh-users-missing": "users must be specified",
    "ssh-user": "user {user} is not valid",
    "accept-env": "acceptEnv values cannot be empty",
    "duration": "{reason}",
    "check-period-negative": "checkPeriod {raw_period} must be a positive duration",
    "check-period-long": "checkPeriod {raw_period} is above the max (168h)",
    # What follows is about selectors and relations between them.
    "src-tag": "src=tag not found: {tag}",
    "dst-tag": "dst={dst}: tag not found: {tag}",
    "self-src": "{selector} not valid on the src side of a rule",
    "self-others": "autogroup:self can only be used with users, groups, or supported autogroups",
    "danger-all-dst": "cannot use autogroup:danger-all as a dst",
    "zero-net-dst": 'dst {dst}: to allow all IP addresses, use "*" or "autogroup:internet"',
    "internet-app": "cannot use app grants with autogroup:internet",
    "via-kind": "via can only be a tag",
    "via-tag": "tag {tag} not found",
    "nested-group": "groups[{group}]: {member}: group members cannot be recursive",
    "target-tag": "tag not found: {tag}",
    "target-host": "{selector}: invalid address",
    "target-self": "internal server error",
    "ssh-dst": "invalid dst {selector}",
    "ssh-user-dst": "users in dst are only allowed from the same user",
    "ssh-domain": (
        "[ssh] {raw_domain} is not associated with this Tailnet and cannot be used in user:*@<domain> expressions"
    ),
    "ssh-localpart": (
        "{raw_domain} is not associated with this Tailnet and cannot be used in user:*@<domain> expressions"
    ),
    "ssh-src": "{selector} is not allowed in src",
    "ssh-test-dst": "SSH tests dst contains disallowed element {selector}",
    "ssh-test-dst-tag": "SSH tests dst contains unknown tag {tag}",
    "ssh-test-src": "SSH tests src contains disallowed element {selector}",
    "tests": "test(s) failed",
}

TAILSCALE = Dialect(
    name="tailscale",
    shapes=_SHAPES,
    positions=_POSITIONS,
    autogroups=(
        "autogroup:member",
        "autogroup:tagged",
        *_ROLES,
        "autogroup:self",
        "autogroup:internet",
        "autogroup:shared",
        "autogroup:danger-all",
        "autogroup:nonroot",
    ),
    protocols=_PROTOCOLS,
    protocols_with_ports=frozenset({6, 17, 132}),
    reserved_capability_domains=("tailscale.com", "tailscale.io"),
    grantable_capabilities=frozenset(
        f"tailscale.com/cap/{name}"
        # `databases` is in no documentation that we know, but in policies in use.
        for name in ("databases", "drive", "golink", "kubernetes", "relay", "secrets", "tailsql", "tsidp", "webui")
    ),
    grant_port_lists=False,
    pool_range="100.64.0.0/10",
    reserved_pools=("100.100.0.0/24", "100.100.100.0/24", "100.115.92.0/23"),
    max_check_period=168 * 3600 * 10**9,
    duplicate_keys_refused=False,
    words=_WORDS,
    autogroup_spellings=frozenset({"autogroup:members"}),
)
