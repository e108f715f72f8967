"""Headscale, from 0.26 (its present policy language) to 0.30: what each version accepts, refuses and means.

Where each fact comes from: *R* is the reference (§10.2 and §11), which describes 0.30 as it stood in July 2026, when
0.29.2 was new; *0.29.0* and the like are the notes of that release; *#N* is an issue or pull request of
juanfont/headscale. The newest version is written out, each older one says what was otherwise. What is known of a newer
version, and which no release says that it changed, is taken to hold for the older ones; `docs/dialects.md` marks it.

Words of refusals are those of R, for 0.29 and 0.30: the notes of 0.29.0 say that messages were written anew then. Of
older versions only words that somebody reported are known.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from aclc.dialects.dialect import (
    FLAG,
    LISTS_BY_KEY,
    OBJECT,
    OBJECTS,
    TEXT,
    TEXT_OR_NUMBER,
    TEXTS,
    TEXTS_BY_KEY,
    Dialect,
    FieldKind,
    Meaning,
    Position,
    Shape,
)
from aclc.dialects.tailscale import TAILSCALE

_NO_POSTURES = "leave it out and name narrower sources: Headscale has no postures"
_NO_IPSETS = "write the addresses, or a host for each: Headscale has no ipsets"
_SERVER = "it stands in the server's own configuration file"

_POLICY: dict[str, FieldKind] = {
    "acls": OBJECTS,
    "grants": OBJECTS,
    "groups": LISTS_BY_KEY,
    "hosts": TEXTS_BY_KEY,
    "tagOwners": LISTS_BY_KEY,
    "autoApprovers": OBJECT,
    "ssh": OBJECTS,
    "nodeAttrs": OBJECTS,
    "tests": OBJECTS,
    "sshTests": OBJECTS,
    "randomizeClientPort": FLAG,
}
_POLICY_ELSEWHERE = {
    "ipsets": _NO_IPSETS,
    "postures": _NO_POSTURES,
    "defaultSrcPosture": _NO_POSTURES,
    "attrConfig": _NO_POSTURES,
    "derpMap": _SERVER,
    "disableIPv4": "give nodes the attribute `disable-ipv4` in `nodeAttrs`, which Headscale knows since 0.29",
    "OneCGNATRoute": "",
}

# R §11, supported keys.
_SHAPES: Mapping[str, Shape] = {
    "policy": Shape("the policy", _POLICY, elsewhere=_POLICY_ELSEWHERE),
    "acl": Shape(
        "an acl",
        {"action": TEXT, "src": TEXTS, "dst": TEXTS, "proto": TEXT_OR_NUMBER},
        elsewhere={"users": "it is called `src`", "ports": "it is called `dst`", "srcPosture": _NO_POSTURES},
        comments="#",  # headscale-admin keeps its state there, and such keys are dropped on purpose
    ),
    "grant": Shape(
        "a grant",
        {"src": TEXTS, "dst": TEXTS, "ip": TEXTS, "app": LISTS_BY_KEY, "via": TEXTS},
        elsewhere={"srcPosture": _NO_POSTURES},
    ),
    "autoApprovers": Shape(
        "`autoApprovers`",
        {"routes": LISTS_BY_KEY, "exitNode": TEXTS},
        elsewhere={"services": "leave it out: Headscale has no services"},
    ),
    "ssh": Shape(
        "an ssh rule",
        {"action": TEXT, "src": TEXTS, "dst": TEXTS, "users": TEXTS, "checkPeriod": TEXT, "acceptEnv": TEXTS},
        elsewhere={
            "recorder": "leave it out: Headscale records no sessions",
            "enforceRecorder": "leave it out: Headscale records no sessions",
            "srcPosture": _NO_POSTURES,
        },
    ),
    "nodeAttr": Shape(
        "an entry of nodeAttrs",
        {"target": TEXTS, "attr": TEXTS},
        elsewhere={"ipPool": "leave it out: the server gives out addresses by its own configuration"},
        doubtful={"app": LISTS_BY_KEY},
    ),
    "test": Shape(
        "a test",
        {"src": TEXT, "accept": TEXTS, "deny": TEXTS, "proto": TEXT_OR_NUMBER},
        elsewhere={
            "user": "it is called `src`",
            "allow": "it is called `accept`",
            "srcPostureAttrs": "leave it out: Headscale has no postures",
        },
    ),
    "sshTest": Shape(
        "an ssh test",
        {"src": TEXT, "dst": TEXTS, "accept": TEXTS, "check": TEXTS, "deny": TEXTS},
        elsewhere={"srcPostureAttrs": "leave it out: Headscale has no postures"},
    ),
    # Sections that Headscale does not have are looked at by nobody, but have to be there.
    **{name: TAILSCALE.shapes[name] for name in ("attrConfig", "derpMap", "derpRegion", "derpNode")},
}

_PEOPLE = frozenset({"user", "domain-users", "group"})
_SOURCE_KINDS = _PEOPLE | {"any", "tag", "host", "prefix", "autogroup"}
_NODES = frozenset({"autogroup:member", "autogroup:tagged"})
_SOURCES = _NODES | {"autogroup:danger-all"}
_DESTINATIONS = _NODES | {"autogroup:self", "autogroup:internet"}
_SSH_DESTINATION_KINDS = frozenset({"user", "domain-users", "tag", "autogroup"})
_SSH_DESTINATIONS = _NODES | {"autogroup:self"}


def _position(place: str, kinds: frozenset[str], autogroups: frozenset[str] = frozenset()) -> Position:
    """Give what may stand at a place that Tailscale has too, in the same words."""
    return TAILSCALE.positions[place]._replace(kinds=kinds, autogroups=autogroups)


# R §11: autogroups; approvers and tag owners; targets of nodeAttrs; `tests src autogroup:member`. `user:*@D` is taken
# for a login that nobody has, so it is accepted wherever a user is.
_POSITIONS: Mapping[str, Position] = {
    **TAILSCALE.positions,
    "acls.src": _position("acls.src", _SOURCE_KINDS, _SOURCES),
    "acls.dst": _position("acls.dst", _SOURCE_KINDS, _DESTINATIONS),
    "grants.src": _position("grants.src", _SOURCE_KINDS, _SOURCES),
    "grants.dst": _position("grants.dst", _SOURCE_KINDS, _DESTINATIONS),
    "ssh.src": _position("ssh.src", _PEOPLE | {"tag", "autogroup"}, _NODES),
    "ssh.dst": _position("ssh.dst", _SSH_DESTINATION_KINDS, _SSH_DESTINATIONS),
    "tests.src": _position("tests.src", _PEOPLE | {"tag", "host", "prefix", "autogroup"}, _NODES),
    "tests.dst": _position("tests.dst", _PEOPLE | {"tag", "host", "prefix", "autogroup"}, _NODES),
    "sshTests.src": _position("sshTests.src", _PEOPLE | {"tag", "host", "prefix", "autogroup"}, _NODES),
    "sshTests.dst": _position(
        "sshTests.dst", _PEOPLE | {"tag", "host", "prefix", "autogroup"}, _NODES | {"autogroup:self"}
    ),
    "nodeAttrs.target": _position("nodeAttrs.target", _SOURCE_KINDS, _NODES),
    "autoApprovers": _position("autoApprovers", _PEOPLE | {"tag"}),
    "tagOwners": _position("tagOwners", _PEOPLE | {"tag"}),
    "groups": _position("groups", frozenset({"user", "domain-users"})),
    "attrConfig.broadcastToPeers": _position("attrConfig.broadcastToPeers", _SOURCE_KINDS, _SOURCES),
}

# R §11, proto names.
_PROTOCOLS = {
    **{
        name: number for name, number in TAILSCALE.protocols.items() if name not in {"dccp", "icmpv4", "icmpv6", "tsmp"}
    },
    "fc": 133,
}

_AUTOGROUPS = (
    "autogroup:internet",
    "autogroup:member",
    "autogroup:nonroot",
    "autogroup:tagged",
    "autogroup:self",
    "autogroup:danger-all",
)

# R §10.2; those below “as Tailscale” are the ones that it calls identical.
_WORDS = {
    "unknown-key": "unknown field: {key}",
    "group-type": "group value must be an array of users: group {group} got {found}: {value}",
    "undefined-group": "group not defined in policy: {group}",
    "undefined-host": "host not defined in policy: {host}",
    "src-tag": "tag not found: {tag}",
    "dst-tag": "tag not found: {tag}",
    "target-tag": "tag not found: {tag}",
    "owner-tag": "tag {owned} references undefined tag {tag}",
    "login": "username must contain @, got: {login}",
    "group-prefix": "group must start with 'group:', got: {name}",
    "tag-prefix": "tag must start with 'tag:', got: {name}",
    "alias": "invalid alias format: {selector}",
    "owner": "invalid owner format",
    "approver": "invalid auto approver format",
    "host-address": "hostname contains invalid IP address: hostname {host} address {address}",
    "autogroup": f"invalid autogroup: got {{selector}}, must be one of [{' '.join(_AUTOGROUPS)}]",
    "internet-src": "autogroup:internet can only be used in ACL destinations",
    "autogroup-acls.src": "autogroup not supported for ACL sources",
    "autogroup-grants.src": "autogroup not supported for ACL sources",
    "autogroup-acls.dst": "autogroup not supported for ACL destinations",
    "autogroup-grants.dst": "autogroup not supported for ACL destinations",
    "autogroup-ssh.src": "autogroup not supported for SSH sources",
    "autogroup-ssh.dst": "autogroup not supported for SSH destinations",
    "autogroup-nodeAttrs.target": "nodeAttrs target does not support this autogroup",
    "alias-nodeAttrs.target": "nodeAttrs target alias type is not supported",
    "acl-dst": "{reason}",
    "hostport-colon": "hostport must contain a colon",
    "ports-first": "invalid first integer",
    "ports-dashes": "invalid port range format",
    "ports-zero": "first port must be >0, or use '*' for wildcard",
    "ports-order": "invalid port range: first port is greater than last port",
    "ports-range": "port number out of range",
    "brackets": "square brackets are only valid around IPv6 addresses",
    "protocol": ("proto name {name} not known; use protocol number 0-255 or protocol name (icmp, tcp, udp, etc.)"),
    "protocol-zero": "leading 0 not permitted in protocol number: {name}",
    "protocol-range": "protocol number out of range (0-255)",
    "protocol-ports": 'protocol does not support specific ports: {name}, only "*" is allowed',
    "check-period-accept": 'checkPeriod is only valid with action "check"',
    # The rest of these messages gives advice or a link, which nobody quotes in full.
    "ssh-src-any": "alias not supported for SSH source: v2.Asterix",
    "ssh-dst-any": "wildcard (*) is not supported as SSH destination",
    "ssh-tag-to-member": "tags in SSH source cannot access autogroup:member",
    "ssh-user-dst": "user destination requires source to contain only that same user {user}",
    "attribute": "nodeAttrs uses a feature headscale does not yet support: {attribute}",
    "key-nodeAttr.ipPool": "nodeAttrs ipPool requires the IP allocator",
    "test-empty": 'test entry must have at least one of "accept" or "deny"',
    "test-protocol": "test protocol must be tcp, udp, sctp, or empty",
    "test-port": "test destination port must be a single port",
    "test-cidr": "test destination must be a single host, not a CIDR range",
    "test-internet": "autogroup:internet not valid as a test destination",
    "two-users": "multiple users found",
    **{
        # As Tailscale.
        refusal: TAILSCALE.words[refusal]
        for refusal in (
            "accept-env",
            "capability-form",
            "capability-reserved",
            "check-period-long",
            "check-period-negative",
            "danger-all-dst",
            "duration",
            "grant-empty",
            "nested-group",
            "self-others",
            "self-src",
            "ssh-action",
            "ssh-action-missing",
            "ssh-dst",
            "ssh-test-dst",
            "ssh-test-dst-tag",
            "ssh-user",
            "ssh-users-missing",
            "tag-letter",
            "tests",
            "via-kind",
            "via-tag",
            "zero-net-dst",
        )
    },
}

_DIFFERENCES = {
    "no-rules": "a policy without `acls` and `grants` lets in every address there is, not only the tailnet's",
    "domain-users": "`user:*@…` is taken for a login that nobody has, so it names nobody",
    "localpart": "the domain of `localpart:*@…` may be any, in any letter case",
    "tag-nobody": "a tag without owners can be applied on the server's command line only, not by admins",
    "via-app": "a grant with `via` and without `ip` is dropped: it does not let the nodes see each other",
    "public-cidr": (
        "a public CIDR as destination lets traffic through exit nodes; on Tailscale only `autogroup:internet` does"
    ),
    "ssh-tests-accept": "`accept` of an ssh test is satisfied by a rule that asks for a fresh login, too",
    "tests-global": "the tests see neither rules to `autogroup:self` nor rules with `via`",
    "tests-nothing": "a destination of a test that resolves to no address is an error",
}

_DOUBTS = {"nodeAttr.app": "whether `app` is taken in `nodeAttrs`"}

_MEANING = Meaning(
    no_rules_from_anywhere=True,
    domain_users=False,
    short_logins=True,
    sources_united=True,
    destinations_as_written=True,
    public_behind_exit_nodes=True,
    via_capabilities_show_peers=False,
    primary_by_id=True,
    localpart_any_domain=True,
    tests_see_global_rules=True,
    checks_satisfy_accept=True,
)

_V0_30 = TAILSCALE._replace(
    name="headscale@0.30",
    shapes=MappingProxyType(_SHAPES),
    positions=MappingProxyType(_POSITIONS),
    autogroups=_AUTOGROUPS,
    autogroup_spellings=frozenset(),
    autogroups_elsewhere=frozenset(TAILSCALE.autogroups) - frozenset(_AUTOGROUPS),
    kinds_elsewhere=frozenset({"ipset", "service", "range", "host-prefixed"}),
    attributes_elsewhere=frozenset({"funnel"}),
    protocols=MappingProxyType(_PROTOCOLS),
    protocol_leading_zeros=False,
    grantable_capabilities=frozenset(
        f"tailscale.com/cap/{name}" for name in ("drive", "relay", "webui", "kubernetes", "tsidp", "secrets")
    ),
    grant_port_lists=True,
    grant_ports_from_zero=True,
    null_lists=False,
    duplicate_keys_refused=True,
    words=MappingProxyType(_WORDS),
    differences=MappingProxyType(_DIFFERENCES),
    doubts=MappingProxyType(_DOUBTS),
    meaning=_MEANING,
)


def _without(mapping: Mapping[str, str], *names: str) -> dict[str, str]:
    return {name: text for name, text in mapping.items() if name not in names}


# 0.29.0: exit nodes no longer get rules for destinations that overlap their exit routes only; #3361 confirms it for
# 0.29.2, and #3368 brought public CIDRs back.
_V0_29 = _V0_30._replace(
    name="headscale@0.29",
    differences=_without(_DIFFERENCES, "public-cidr"),
    meaning=_MEANING._replace(public_behind_exit_nodes=False),
)

_SINCE_0_29 = "known to Headscale since 0.29"

# 0.29.0 brought grants, nodeAttrs, tests, sshTests, randomizeClientPort, autogroup:danger-all, localpart, SSH check,
# brackets around IPv6 (#3088, merged two weeks after 0.28.0), the refusal of two users with one name (#3160), the
# present meaning of `*` and of `icmp`, merged filter rules, and the refusals of other sources beside autogroup:self, of
# hosts as SSH destinations, and of SSH logins and variables that are empty (#3263).
_V0_28 = _V0_29._replace(
    name="headscale@0.28",
    shapes={
        **_SHAPES,
        "policy": Shape(
            "the policy",
            {
                name: kind
                for name, kind in _POLICY.items()
                if name not in {"grants", "nodeAttrs", "tests", "sshTests", "randomizeClientPort"}
            },
            elsewhere={
                **_POLICY_ELSEWHERE,
                "grants": f"{_SINCE_0_29}: write acls",
                "nodeAttrs": _SINCE_0_29,
                "tests": f"{_SINCE_0_29}: check the policy for Tailscale, or a newer Headscale, to run them",
                "sshTests": f"{_SINCE_0_29}: check the policy for Tailscale, or a newer Headscale, to run them",
                "randomizeClientPort": f"{_SINCE_0_29}; before, `randomize_client_port` stands in the server's own "
                "configuration file",
                "disableIPv4": "",
            },
        ),
    },
    positions={
        **_POSITIONS,
        "acls.src": _position("acls.src", _SOURCE_KINDS, _NODES),
        "grants.src": _position("grants.src", _SOURCE_KINDS, _NODES),
        "attrConfig.broadcastToPeers": _position("attrConfig.broadcastToPeers", _SOURCE_KINDS, _NODES),
        "ssh.dst": _position("ssh.dst", _SSH_DESTINATION_KINDS | {"host"}, _SSH_DESTINATIONS),
    },
    autogroups=_AUTOGROUPS[:-1],
    autogroups_elsewhere=_V0_30.autogroups_elsewhere | {"autogroup:danger-all"},
    bracketed_ipv6=False,
    words={},
    differences={
        **_without(
            _DIFFERENCES, "localpart", "via-app", "ssh-tests-accept", "tests-global", "tests-nothing", "no-rules"
        ),
        "any-source": "`*` as a source is every address there is, of the internet too, not only the tailnet's",
        "no-rules": "a policy without `acls` lets in every address there is, not only the tailnet's",
        "icmp": "`icmp` is ICMP for IPv6 too",
        "self-tagged": "tagged nodes get rules to `autogroup:self` as well, which belong to people's devices only",
    },
    self_sources_checked=False,
    ssh_values_checked=False,
    doubts={
        "ssh.check": "what becomes of the action `check`, which is supported since 0.29",
        "ssh.localpart": "what becomes of `localpart:*@…` in `users`, which is supported since 0.29",
    },
    meaning=None,
)

# 0.28.0 let tags own tags (#2930), took `*` away from SSH destinations (#3009), and holds SSH sources to the devices
# that they may reach (#3010). Words: #2901, #2824.
_V0_27 = _V0_28._replace(
    name="headscale@0.27",
    positions={
        **_V0_28.positions,
        "ssh.dst": _position("ssh.dst", _SSH_DESTINATION_KINDS | {"any", "host"}, _SSH_DESTINATIONS),
        "tagOwners": _position("tagOwners", _PEOPLE),
    },
    ssh_pairs_checked=False,
    words={
        "unknown-key": "unknown field {key}",
        "group-null": "Group {group} value must be an array of users, got <nil>",
    },
    differences={
        **_V0_28.differences,
        "ssh-pairs": "nobody asks whose devices an ssh rule opens: a group or a tag may log in to a person's devices",
        "unknown-user": "in 0.27.0 a login that no user has empties the ssh rules (juanfont/headscale#2863)",
    },
)

# 0.27.0 brought autogroup:member, autogroup:tagged (#2572) and autogroup:self (#2789), refuses unknown keys (#2764),
# destinations without port and with port 0 (#2606), and allows everything where `acls` is absent (#2734, for #2672).
# 0.26.1 took `null` for a group (#2824). Words: notes of 0.26.0 and reports (#2754, #2652, #2662).
_V0_26 = _V0_27._replace(
    name="headscale@0.26",
    positions={
        **_V0_27.positions,
        **{
            name: _position(name, _V0_27.positions[name].kinds - {"autogroup"})
            for name in (
                "acls.src",
                "grants.src",
                "ssh.src",
                "tests.src",
                "tests.dst",
                "sshTests.src",
                "sshTests.dst",
                "attrConfig.broadcastToPeers",
            )
        },
        "acls.dst": _position("acls.dst", _SOURCE_KINDS, frozenset({"autogroup:internet"})),
        "grants.dst": _position("grants.dst", _SOURCE_KINDS, frozenset({"autogroup:internet"})),
        "ssh.dst": _position("ssh.dst", (_SSH_DESTINATION_KINDS | {"any", "host"}) - {"autogroup"}),
        "nodeAttrs.target": _position("nodeAttrs.target", _SOURCE_KINDS - {"autogroup"}),
    },
    autogroups=("autogroup:internet", "autogroup:nonroot"),
    autogroups_elsewhere=_V0_28.autogroups_elsewhere | _NODES | {"autogroup:self"},
    unknown_keys_ignored=True,
    no_rules_allow=False,
    dst_without_ports=True,
    null_lists=True,
    words={
        "login": "Username has to contain @, got: {login}",
        "brackets": "Invalid alias {selector}.",
        "ssh-src-any": "type v2.Asterix not supported",
        "ssh-src-host": "type *v2.Host not supported",
    },
    differences={
        **_without(_V0_27.differences, "self-tagged"),
        "no-rules": "a policy without `acls` lets nobody in, where Tailscale and newer versions let everybody in",
        "unknown-user": "a login that no user has empties the ssh rules (juanfont/headscale#2863)",
    },
)

HEADSCALE: tuple[Dialect, ...] = (_V0_26, _V0_27, _V0_28, _V0_29, _V0_30)
"""Every version that is known, oldest first."""
