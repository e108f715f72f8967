"""What is wrong with groups, hosts, tags, ipsets, postures and approvers, and where."""

from __future__ import annotations

import pytest

from aclc.diagnostics import Severity
from tests.policy.marked import Case, check, found, read, read_anyway, section

WARNING = Severity.WARNING

CASES = [
    Case(section('"groups": {«"groups:eng"»: []}'), "REF010", "`groups:eng` must begin with `group:`"),
    Case(section('"groups": {«"eng"»: []}'), "REF010", "`eng` must begin with `group:`"),
    Case(section('"groups": {«"group:"»: []}'), "REF010", "`group:` has no name behind its prefix"),
    Case(
        section('"groups": {"group:eng": «"a@example.com"»}'),
        "SYN009",
        "group `group:eng` must be a list of strings, not a string",
        "json: cannot unmarshal string into Go",
    ),
    Case(
        section('"groups": {"group:eng": ["a@example.com", «{}»]}'),
        "SYN009",
        "a selector must be a string, not an object",
        "json: cannot unmarshal object into Go",
    ),
    Case(section('"tagOwners": {«"web"»: []}'), "REF010", "`web` must begin with `tag:`"),
    Case(
        section('"tagOwners": {«"tag:сервер"»: []}'),
        "VAL023",
        "name of `tag:сервер` must begin with a letter",
        "tagOwners[\"tag:сервер\"]: tag names must start with a letter, after 'tag:'",
    ),
    Case(
        section('"tagOwners": {«"tag:1st"»: []}'),
        "VAL023",
        "name of `tag:1st` must begin with a letter",
        "tagOwners[\"tag:1st\"]: tag names must start with a letter, after 'tag:'",
    ),
    Case(
        section('"tagOwners": {«"tag:x_y"»: []}'),
        "VAL023",
        "name of `tag:x_y` may hold only letters, digits and dashes",
        'tag: "tag:x_y": tag names can only contain numbers, letters, or dashes',
    ),
    Case(
        section('"hosts": {«"a@b"»: "10.0.0.1"}'),
        "VAL041",
        "name `a@b` of a host has an `@` in it",
        'host names cannot include an @, please change the name for "a@b"',
    ),
    Case(section('"hosts": {"nas": «"10.0.0.256"»}'), "VAL025", "`10.0.0.256` is neither an IP address nor a CIDR"),
    Case(section('"hosts": {"nas": «"nas.local"»}'), "VAL025", "`nas.local` is neither an IP address nor a CIDR"),
    Case(
        section('"hosts": {"nas": «["10.0.0.1"]»}'),
        "SYN009",
        "host `nas` must be an IP address or CIDR in quotes, not a list",
        "json: cannot unmarshal array into Go",
    ),
    Case(
        section('"hosts": {"lan": "«192.168.55.1/24»"}'),
        "VAL024",
        "`192.168.55.1/24` has bits set below its mask, so it means `192.168.55.0/24`",
        severity=WARNING,
    ),
    Case(section('"hosts": {"pc": "«100.64.0.9/0»"}'), "VAL038", "`100.64.0.9/0` means every IPv4 address"),
    Case(section('"ipsets": {«"prod"»: []}'), "REF010", "`prod` must begin with `ipset:`"),
    Case(
        section('"ipsets": {"ipset:a": ["remove «10.0.0.1/8»"]}'),
        "VAL024",
        "`10.0.0.1/8` has bits set below its mask, so it means `10.0.0.0/8`",
        severity=WARNING,
    ),
    Case(
        section('"autoApprovers": {"routes": {«"10.0.0.0/33"»: ["tag:r"]}}'),
        "VAL028",
        "`10.0.0.0/33` is not a CIDR",
    ),
    Case(
        section('"autoApprovers": {"routes": {"«10.0.0.1/24»": ["tag:r"]}}'),
        "VAL024",
        "`10.0.0.1/24` has bits set below its mask, so it means `10.0.0.0/24`",
        severity=WARNING,
    ),
    Case(
        section('"autoApprovers": {"services": {«"db"»: ["tag:r"]}}'),
        "REF010",
        "`db` must begin with `svc:` or `tag:`",
    ),
    Case(
        section('"autoApprovers": {«"exitNodes"»: ["tag:r"]}'),
        "SYN007",
        "`autoApprovers` has no key `exitNodes`",
        'json: unknown field "exitNodes"',
    ),
    Case(
        section('"postures": {"posture:p": ["node:os «=» \'linux\'"]}'),
        "VAL031",
        "`=` is not an operator",
    ),
    Case(
        section('"attrConfig": {"custom:tier": {"type": «"text"»}}'),
        "VAL042",
        "`text` is not a documented value of `type`",
        severity=WARNING,
    ),
    Case(
        section('"OneCGNATRoute": «"mac-alwys"»'),
        "VAL042",
        "`mac-alwys` is not a documented value of `OneCGNATRoute`",
        severity=WARNING,
    ),
    Case(
        section('"derpMap": {"Regions": {«"nyc"»: null}}'),
        "VAL035",
        "key `nyc` of a derp region is not a number",
    ),
    Case(
        section('"derpMap": {"Regions": {"900": {"RegionID": «901», "Nodes": []}}}'),
        "VAL035",
        "region number differs from its key `900`",
        severity=WARNING,
    ),
    Case(
        section('"derpMap": {"Regions": {"900": {"RegionID": 900, "Nodes": [{"STUNPort": «"3478"»}]}}}'),
        "SYN009",
        "`stunPort` must be a whole number, not a string",
        "json: cannot unmarshal string into Go",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.text)
def test_one_mistake_is_one_finding_at_its_place(case: Case) -> None:
    """Code, span, words and the control plane's own words are as expected, and nothing else is found."""
    check(case)


def test_names_are_read() -> None:
    """Each name with its place, lists in order."""
    policy = read(
        section(
            '"groups": {"group:a": ["a@example.com"], "group:b": []}, '
            '"hosts": {"nas": " 10.0.0.1 ", "lan": "10.0.0.0/8"}, '
            '"tagOwners": {"tag:x": ["group:a", "autogroup:admin"], "tag:y": null}, '
            '"ipsets": {"ipset:s": ["add 10.0.0.0/8", "remove host:nas", "192.168.0.1-192.168.0.9"]}, '
            '"postures": {"posture:p": ["node:os == \'linux\'", "custom:t IS SET"]}, '
            '"defaultSrcPosture": ["posture:p"], '
            '"autoApprovers": {"routes": {"10.0.0.0/8": ["tag:x"]}, "exitNode": ["tag:y"], '
            '"services": {"svc:s": ["tag:x"]}}, '
            '"attrConfig": {"custom:t": {"type": "bool", "allowSetByNode": true, "broadcastToPeers": ["*"]}}'
        )
    )
    assert ["a@example.com"] == [member.text for member in policy.groups["group:a"].members]
    assert ("10.0.0.1", "10.0.0.0/8") == (str(policy.hosts["nas"].prefix), str(policy.hosts["lan"].prefix))
    assert ["group:a", "autogroup:admin"] == [owner.text for owner in policy.tag_owners["tag:x"].owners]
    assert () == policy.tag_owners["tag:y"].owners
    assert [(False, "prefix"), (True, "host-prefixed"), (False, "range")] == [
        (step.remove, step.selector.kind) for step in policy.ipsets["ipset:s"].steps
    ]
    assert ["==", "IS SET"] == [condition.operator for condition in policy.postures["posture:p"].conditions]
    approvers = policy.auto_approvers
    assert ("10.0.0.0/8", "tag:y", "svc:s") == (
        approvers.routes[0].text,
        approvers.exit_node[0].text,
        approvers.services[0].name,
    )
    assert ("bool", True) == (policy.attr_config["custom:t"].type, policy.attr_config["custom:t"].allow_set_by_node)
    assert '"10.0.0.0/8"' == approvers.routes[0].place.key.text
    assert '"autogroup:admin"' == policy.tag_owners["tag:x"].place.at(1).span.text


def test_region_that_is_null_removes_a_default_one() -> None:
    """The one place where `null` means something; derp keys are documented in more than one letter case."""
    policy = read(section('"derpMap": {"OmitDefaultRegions": true, "regions": {"1": null}}'))
    assert {"OmitDefaultRegions": True, "regions": {"1": None}} == policy.derp_map


def test_guess_at_a_prefix() -> None:
    """A plural or a missing prefix has one likely meaning."""
    texts = ('"groups": {"groups:eng": []}', '"groups": {"eng": []}', '"tagOwners": {"Tag:web": []}')
    assert ["did you mean `group:eng`?", "did you mean `group:eng`?", "did you mean `tag:web`?"] == [
        found(section(text))[0].help for text in texts
    ]


def test_wrong_values_leave_the_names_in_the_policy() -> None:
    """So that nobody reports them as undefined on top."""
    policy = read_anyway(section('"hosts": {"nas": 5}, "groups": {"group:a": 7}, "tagOwners": {"tag:x": "group:a"}'))
    assert (["nas"], ["group:a"], ["tag:x"]) == (list(policy.hosts), list(policy.groups), list(policy.tag_owners))
    assert ["group:a"] == [owner.text for owner in policy.tag_owners["tag:x"].owners]


def test_what_a_template_has_yet_to_give_is_advised_on() -> None:
    text = '{"hosts": {"a": "${office}"}, "autoApprovers": {"routes": {"{{ net }}": []}}, "grants": []}'
    advice = "check the file that the template gives: as it stands, this is refused"
    assert [("VAL025", advice), ("VAL028", advice)] == [
        (each.code.id, each.help) for each in found(text) if each.code.id.startswith("VAL")
    ]
