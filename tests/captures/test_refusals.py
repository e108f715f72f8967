"""Every refusal of the control plane that is known word for word, from a policy as short as it can be."""

from __future__ import annotations

import json
from typing import Any

import pytest

from aclc.check import check_source
from aclc.source import Source
from aclc.tailnet.load import load_tailnet

Json = Any

TAILNET = """{"schema_version": 1, "tailnet": "example.com", "domains": ["example.com"],
 "users": [{"login": "odin@example.com", "role": "owner"}, {"login": "thor@example.org"}],
 "nodes": [{"name": "laptop", "user": "odin@example.com", "addresses": ["100.64.0.1"]},
           {"name": "server", "tags": ["tag:server"], "addresses": ["100.64.0.2"]}]}"""

NOT_OURS = "is not associated with this Tailnet and cannot be used in user:*@<domain> expressions"


def acl(src: str = "*", dst: str = "*:*", **more: Json) -> Json:
    return {"acls": [{"action": "accept", "src": [src], "dst": [dst], **more}]}


def grant(src: str = "*", dst: str = "*", **more: Json) -> Json:
    return {"grants": [{"src": [src], "dst": [dst], **(more or {"ip": ["*"]})}]}


def ssh(**more: Json) -> Json:
    rule = {"action": "accept", "src": ["odin@example.com"], "dst": ["tag:server"], "users": ["root"], **more}
    return {"ssh": [{key: value for key, value in rule.items() if value is not None}]}


def node_attrs(target: str, **more: Json) -> Json:
    return {"nodeAttrs": [{"target": [target], **(more or {"attr": ["funnel"]})}]}


def ssh_test(**more: Json) -> Json:
    return ssh() | {"sshTests": [{"src": "odin@example.com", "dst": ["tag:server"], "accept": ["root"], **more}]}


CASES: tuple[tuple[str, Json], ...] = (
    ('action="deny" is not supported', acl(action="deny")),
    ('src=tag not found: "tag:x"', acl(src="tag:x")),
    ('src=tag not found: "tag:x"', grant(src="tag:x")),
    ('dst="tag:x": tag not found: "tag:x"', acl(dst="tag:x:22")),
    ('dst="tag:x": tag not found: "tag:x"', grant(dst="tag:x")),
    ('dst="tag:server:ssh": port range "ssh": invalid first integer', acl(dst="tag:server:ssh")),
    ('dst="autogroup:self": port range "self": invalid first integer', acl("autogroup:member", "autogroup:self")),
    ('dst="100.64.0.1": hostport must contain a colon (":")', acl(dst="100.64.0.1")),
    ('"autogroup:self" not valid on the src side of a rule', acl(src="autogroup:self")),
    ('"autogroup:self" not valid on the src side of a rule', grant(src="autogroup:self")),
    (
        "autogroup:self can only be used with users, groups, or supported autogroups",
        acl("tag:server", "autogroup:self:*"),
    ),
    ("autogroup:self can only be used with users, groups, or supported autogroups", grant("*", "autogroup:self")),
    ("cannot use autogroup:danger-all as a dst", acl(dst="autogroup:danger-all:*")),
    ("cannot use autogroup:danger-all as a dst", grant(dst="autogroup:danger-all")),
    ("ip and app can not both be empty", grant(ip=[], app={})),
    ('port range "icmp": invalid first integer', grant(ip=["icmp"])),
    ("port range \"0\": first port must be >0, or use '*' for wildcard", grant(ip=["tcp:0"])),
    ('dst "0.0.0.0/0": to allow all IP addresses, use "*" or "autogroup:internet"', grant(dst="0.0.0.0/0")),
    ('dst "::/0": to allow all IP addresses, use "*" or "autogroup:internet"', grant(dst="::/0")),
    ("capability name must have the form {domain}/{path}", grant(app={"https://example.com/cap/x": [{}]})),
    ("capability name must not be in the tailscale.com domain", grant(app={"tailscale.com/cap/ingress": [{}]})),
    ("cannot use app grants with autogroup:internet", grant(dst="autogroup:internet", app={"example.com/x": [{}]})),
    (
        "cannot use app grants with autogroup:internet",
        grant(dst="autogroup:internet", ip=["*"], app={"example.com/x": [{}]}),
    ),
    ("via can only be a tag", grant(dst="10.0.0.0/8", ip=["*"], via=["autogroup:tagged"])),
    ('tag "tag:x" not found', grant(dst="10.0.0.0/8", ip=["*"], via=["tag:x"])),
    (
        'groups["group:b"]: "group:a": group members cannot be recursive',
        {"groups": {"group:a": [], "group:b": ["group:a"]}},
    ),
    ("tagOwners[\"tag:сервер\"]: tag names must start with a letter, after 'tag:'", {"tagOwners": {"tag:сервер": []}}),
    (
        'tag: "tag:x_y": tag names can only contain numbers, letters, or dashes',
        {"tagOwners": {"tag:x_y": []}},
    ),
    (
        'host names cannot include an @, please change the name for "a@b"',
        {"hosts": {"a@b": "100.64.0.1"}},
    ),
    ('tag not found: "tag:x"', node_attrs("tag:x")),
    ('"%bogus%": invalid address', node_attrs("%bogus%")),
    ("IPPool(100.100.100.0/24): network within reserved range", node_attrs("*", ipPool=["100.100.100.0/24"])),
    ("internal server error", node_attrs("autogroup:self")),
    ("action must be specified", ssh(action=None)),
    ("action must be specified", ssh(action="")),
    ('"deny" is not a valid action', ssh(action="deny")),
    ('"Accept" is not a valid action', ssh(action="Accept")),
    ("users must be specified", ssh(users=None)),
    ("users must be specified", ssh(users=[])),
    ('user "" is not valid', ssh(users=[""])),
    ('user "" is not valid', ssh(users=[" "])),
    ('user "*" is not valid', ssh(users=["*"])),
    ("acceptEnv values cannot be empty", ssh(acceptEnv=[""])),
    ('time: invalid duration "abc"', ssh(action="check", checkPeriod="abc")),
    ("checkPeriod -1m0s must be a positive duration", ssh(action="check", checkPeriod="-1m")),
    ("checkPeriod 200h0m0s is above the max (168h)", ssh(action="check", checkPeriod="200h")),
    ("checkPeriod 168h0m1s is above the max (168h)", ssh(action="check", checkPeriod="168h0m1s")),
    ('invalid dst "srv"', ssh(dst=["srv"]) | {"hosts": {"srv": "100.64.0.2"}}),
    ('invalid dst "100.64.0.2"', ssh(dst=["100.64.0.2"])),
    ("users in dst are only allowed from the same user", ssh(dst=["thor@example.org"])),
    (f"[ssh] example.org {NOT_OURS}", ssh(src=["user:*@example.org"])),
    (f"example.org {NOT_OURS}", ssh(users=["localpart:*@example.org"])),
    (f"* {NOT_OURS}", ssh(users=["localpart:*@*"])),
    ("test(s) failed", acl() | {"tests": [{"src": "odin@example.com", "deny": ["tag:server:22"]}]}),
    ("test(s) failed", ssh_test(dst=["tag:server"], accept=["ubuntu"])),
    ('SSH tests dst contains disallowed element "10.0.0.0/8"', ssh_test(dst=["10.0.0.0/8"])),
    ('SSH tests dst contains disallowed element "autogroup:internet"', ssh_test(dst=["autogroup:internet"])),
    ('SSH tests dst contains unknown tag "tag:server:22"', ssh_test(dst=["tag:server:22"])),
    ('SSH tests src contains disallowed element "autogroup:admin"', ssh_test(src="autogroup:admin")),
    ('json: unknown field "nonsense"', {"nonsense": []}),
)


@pytest.mark.parametrize(
    ("words", "policy"), CASES, ids=[f"{number}-{words[:40]}" for number, (words, _) in enumerate(CASES)]
)
def test_the_control_planes_own_words_come_first(words: str, policy: Json) -> None:
    """The first refusal that is reported is the control plane's, word for word."""
    tailnet = load_tailnet(Source("tailnet.json", TAILNET)).value
    complete = {"tagOwners": {"tag:server": ["autogroup:admin"]}} | policy
    found = check_source(Source("policy.hujson", json.dumps(complete)), tailnet).diagnostics
    assert [words] == [each.control for each in found if each.severity == 0 and each.control is not None][:1]
