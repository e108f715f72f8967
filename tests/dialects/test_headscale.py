"""What Headscale's tables make the reader say. Sources: reference §10.2 and §11, release notes, issues as named."""

from __future__ import annotations

import pytest

from aclc.check import check_for_targets
from aclc.dialects import HEADSCALE_VERSIONS, NAMES, canonical_name, dialect_named
from aclc.dialects.headscale import HEADSCALE
from aclc.source import Source
from tests.lint.checking import diagnose, findings

ALL = tuple(f"headscale@{version}" for version in HEADSCALE_VERSIONS)
NEW = ALL[3:]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("tailscale", "tailscale"),
        (" Tailscale ", "tailscale"),
        ("headscale", "headscale@0.30"),
        ("headscale@0.26", "headscale@0.26"),
        ("headscale@0.27.1", "headscale@0.27"),
        ("headscale@v0.28.0", "headscale@0.28"),
        ("headscale@0.25", None),
        ("headscale@0.31", None),
        ("headscale@0.26.x", None),
        ("headscale@", None),
        ("0.26", None),
        ("ionscale", None),
        ("", None),
    ],
)
def test_names_of_targets(text: str, name: str | None) -> None:
    assert name == canonical_name(text)
    dialect = dialect_named(text)
    assert name == (None if dialect is None else dialect.name)


def test_the_list_of_names_is_that_of_the_tables() -> None:
    assert [*NAMES[1:]] == [dialect.name for dialect in HEADSCALE]


def errors(text: str, target: str) -> list[tuple[str, str | None]]:
    """Give slug and control plane's words of everything a target refuses."""
    found = diagnose(text, profile="minimal", target=target)
    return [(each.code.slug, each.control) for each in found if each.severity.label == "error"]


def acl(**keys: str) -> str:
    """Give a policy with one acl; values are JSON."""
    fields = {"action": '"accept"', "src": '["a@"]', "dst": '["a@:*"]', **keys}
    return '{"acls": [{' + ", ".join(f'"{key}": {value}' for key, value in fields.items()) + "}]}"


def ssh(**keys: str) -> str:
    """Give a policy with one ssh rule; values are JSON."""
    fields = {"action": '"accept"', "src": '["a@"]', "dst": '["a@"]', "users": '["root"]', **keys}
    rule = ", ".join(f'"{key}": {value}' for key, value in fields.items())
    return f'{{"acls": [], "hosts": {{"nas": "100.64.0.9"}}, "ssh": [{{{rule}}}]}}'


@pytest.mark.parametrize(
    ("text", "slug", "words"),
    [
        # decode
        ('{"acls": [], "foo": 1}', "unknown-key", 'unknown field: "foo"'),
        (
            '{"acls": [], "groups": {"group:g": "a@"}}',
            "wrong-type",
            'group value must be an array of users: group "group:g" got string: "a@"',
        ),
        # references
        (acl(src='["group:g"]'), "undefined-group", 'group not defined in policy: "group:g"'),
        (acl(src='["nas"]'), "undefined-host", 'host not defined in policy: "nas"'),
        (acl(src='["tag:t"]'), "undefined-tag", 'tag not found: "tag:t"'),
        # names
        ('{"acls": [], "groups": {"eng": ["a@"]}}', "wrong-prefix", "group must start with 'group:', got: \"eng\""),
        ('{"acls": [], "tagOwners": {"web": ["a@"]}}', "wrong-prefix", "tag must start with 'tag:', got: \"web\""),
        (
            '{"acls": [], "hosts": {"d": "10.0"}}',
            "bad-ip",
            'hostname contains invalid IP address: hostname "d" address "10.0"',
        ),
        (
            '{"acls": [], "groups": {"group:a": ["a@"], "group:b": ["group:a"]}}',
            "nested-group",
            'groups["group:b"]: "group:a": group members cannot be recursive',
        ),
        (
            acl(src='["autogroup:membre"]'),
            "unknown-autogroup",
            (
                'invalid autogroup: got "autogroup:membre", must be one of [autogroup:internet autogroup:member '
                "autogroup:nonroot autogroup:tagged autogroup:self autogroup:danger-all]"
            ),
        ),
        (
            acl(src='["autogroup:internet"]'),
            "internet-misuse",
            "autogroup:internet can only be used in ACL destinations",
        ),
        # ports
        (acl(dst='["a@"]'), "dst-missing-port", "hostport must contain a colon"),
        (acl(dst='["a@:ssh"]'), "bad-port", "invalid first integer"),
        (acl(dst='["a@:70000"]'), "bad-port", "port number out of range"),
        (acl(dst='["a@:1-2-3"]'), "bad-port", "invalid port range format"),
        (acl(dst='["a@:9-8"]'), "bad-port", "invalid port range: first port is greater than last port"),
        (acl(dst='["a@:0"]'), "bad-port", "first port must be >0, or use '*' for wildcard"),
        # protocols
        (
            acl(proto='"*"'),
            "bad-proto",
            'proto name "*" not known; use protocol number 0-255 or protocol name (icmp, tcp, udp, etc.)',
        ),
        (
            acl(proto='"icmpv6"'),
            "bad-proto",
            'proto name "icmpv6" not known; use protocol number 0-255 or protocol name (icmp, tcp, udp, etc.)',
        ),
        (acl(proto='"0"'), "bad-proto", 'leading 0 not permitted in protocol number: "0"'),
        (acl(proto='"300"'), "bad-proto", "protocol number out of range (0-255)"),
        (
            acl(proto='"icmp"', dst='["a@:22"]'),
            "bad-proto",
            'protocol does not support specific ports: "icmp", only "*" is allowed',
        ),
        # ssh
        (
            '{"acls": [], "ssh": [{"action": "accept", "src": ["*"], "dst": ["autogroup:self"], "users": ["x"]}]}',
            "misplaced-selector",
            "alias not supported for SSH source: v2.Asterix",
        ),
        (
            '{"acls": [], "ssh": [{"action": "accept", "src": ["a@"], "dst": ["*"], "users": ["x"]}]}',
            "ssh-dst-invalid",
            "wildcard (*) is not supported as SSH destination",
        ),
        (
            '{"acls": [], "ssh": [{"action": "accept", "src": ["a@"], "dst": ["b@"], "users": ["x"]}]}',
            "ssh-user-dst",
            'user destination requires source to contain only that same user "b@"',
        ),
        (
            (
                '{"acls": [], "ssh": [{"action": "accept", "src": ["a@"], "dst": ["a@"], "users": ["x"], '
                '"checkPeriod": "1h"}]}'
            ),
            "check-period",
            'checkPeriod is only valid with action "check"',
        ),
        # as Tailscale
        ('{"grants": [{"src": ["*"], "dst": ["*"]}]}', "grant-without-ip-or-app", "ip and app can not both be empty"),
    ],
)
def test_what_is_refused_and_in_which_words(text: str, slug: str, words: str) -> None:
    for target in NEW:
        assert [(slug, words)] == errors(text, target)


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        (acl(src='["a@"]', dst='["autogroup:internet:*"]', proto='"fc"'), ALL),
        ('{"grants": [{"src": ["a@"], "dst": ["*"], "ip": ["80,443", "tcp:0-100", "0-65535"]}]}', NEW),
        (
            (
                '{"grants": [{"src": ["a@"], "dst": ["*"], "app": {"tailscale.com/cap/tsidp": [], '
                '"tailscale.com/cap/drive": []}}]}'
            ),
            NEW,
        ),
        ('{"Acls": [], "TAGOWNERS": {}}', ALL),
        (
            '{"acls": [], "ssh": [{"action": "accept", "src": ["a@"], "dst": ["autogroup:member"], "users": ["x"]}]}',
            ALL[1:],
        ),
        ('{"acls": [], "ssh": [{"action": "accept", "src": ["a@"], "dst": ["*"], "users": ["x"]}]}', ALL[:2]),
        ('{"acls": [], "ssh": [{"action": "accept", "src": ["a@"], "dst": ["b@"], "users": ["x"]}]}', ALL[:2]),
        (ssh(users='["*"]'), ALL[:3]),
        (ssh(users='[""]'), ALL[:3]),
        (ssh(acceptEnv='[""]'), ALL[:3]),
        (ssh(action='"check"', checkPeriod='"-1m"'), ALL[:3]),
        (ssh(action='"check"', checkPeriod='"200h"'), ()),
        (ssh(dst='["nas"]'), ALL[:3]),
        ('{"acls": [], "tagOwners": {"tag:a_b": ["a@"]}}', ALL),
        ('{"acls": [], "tagOwners": {"tag:9": ["a@"]}}', ALL[:3]),
        (acl(dst='["a@"]'), ALL[:1]),
        (acl(dst='["a@:0"]'), ALL[:1]),
        ('{"acls": [], "groups": {"group:none": null}}', ALL[:1]),
        ('{"acls": [], "groups": {"group:none": []}}', ALL),
    ],
)
def test_what_each_version_takes(text: str, targets: tuple[str, ...]) -> None:
    """#2606, #2824, #3009, #3010, #3263; reference §11: grant `ip`, capabilities, letter case of keys."""
    assert list(targets) == [target for target in ALL if not errors(text, target)]


def test_words_that_were_reported() -> None:
    """#2824 for 0.27; #2652 and #2662 for 0.26. No words are known for 0.28."""
    null = '{"acls": [], "groups": {"group:none": null}}'
    assert [("wrong-type", 'Group "group:none" value must be an array of users, got <nil>')] == errors(null, ALL[1])
    assert [("wrong-type", None)] == errors(null, ALL[2])
    rule = (
        '{{"acls": [], "hosts": {{"h": "10.0.0.1"}}, '
        '"ssh": [{{"action": "accept", "src": ["{}"], "dst": ["a@"], "users": ["x"]}}]}}'
    )
    assert ("misplaced-selector", "type v2.Asterix not supported") in errors(rule.format("*"), ALL[0])
    assert ("misplaced-selector", "type *v2.Host not supported") in errors(rule.format("h"), ALL[0])


def test_a_policy_without_rules_allows_nothing_in_0_26() -> None:
    """#2672, changed in 0.27.0 (#2734)."""
    said = {
        target: [
            each.message for each in diagnose('{"hosts": {}}', target=target) if each.code.slug == "no-rules-at-all"
        ]
        for target in ALL[:2]
    }
    head = "policy has neither `acls` nor `grants`, which allows "
    assert {ALL[0]: [f"{head}nothing to anybody"], ALL[1]: [f"{head}everything to everybody"]} == said


def test_repeated_keys_are_refused_there() -> None:
    """Reference §11, duplicate keys."""
    text = '{"acls": [], "acls": []}'
    (found,) = (each for each in diagnose(text, target="headscale@0.30") if each.code.slug == "duplicate-key")
    assert found.help == "the control plane refuses it: merge the two, or remove one"


def merged(text: str, *targets: str) -> list[tuple[str, str | None]]:
    dialects = [dialect for name in targets if (dialect := dialect_named(name)) is not None]
    checked = check_for_targets(Source("p.hujson", text), None, dialects)
    return [(each.message, each.control) for each in checked.diagnostics if each.severity.label == "error"]


def test_several_targets_at_once() -> None:
    """What all say is told once; what some say names them; words that differ name whose they are."""
    text = (
        '{"acls": [{"action": "accept", "src": ["tag:x"], "dst": ["autogroup:self:*"]}], "randomizeClientPort": true}'
    )
    assert [
        (
            "tag `tag:x` is not defined",
            'tailscale: src=tag not found: "tag:x"; headscale@0.30: tag not found: "tag:x"',
        ),
        (
            "`tag:x` cannot be a source of a rule to `autogroup:self` (tailscale, headscale@0.30)",
            "autogroup:self can only be used with users, groups, or supported autogroups",
        ),
        ("key `randomizeClientPort` is not supported in the policy (headscale@0.28)", None),
    ] == merged(text, "tailscale", "headscale@0.28", "headscale@0.30")


def test_words_of_one_target_alone_say_whose_they_are() -> None:
    null = '{"acls": [], "groups": {"group:none": null}}'
    words = 'Group "group:none" value must be an array of users, got <nil>'
    said = "group `group:none` must be a list of strings, not null"
    assert [(said, f"headscale@0.27: {words}")] == merged(null, "headscale@0.27", "headscale@0.28")
    assert [(f"{said} (headscale@0.27)", words)] == merged(null, "headscale@0.26", "headscale@0.27")


def test_findings_of_portability_name_the_target_even_if_it_is_the_only_one() -> None:
    assert [("key `postures` is not supported in the policy (headscale@0.30)", 'unknown field: "postures"')] == merged(
        '{"acls": [], "postures": {}}', "headscale@0.30"
    )


def test_one_target_that_is_not_headscale_says_what_it_always_said() -> None:
    text = '{"acls": [{"action": "accept", "src": ["tag:x"], "dst": ["*:*"]}]}'
    assert [("tag `tag:x` is not defined", 'src=tag not found: "tag:x"')] == merged(text, "tailscale")


def test_tests_of_a_broken_target_are_not_run() -> None:
    """0.28 knows no tests: the key is the finding."""
    text = '{"acls": [], "tests": [{"src": "a@x.com", "accept": ["b@x.com:22"]}]}'
    assert findings("test-fails", text, target="headscale@0.28") == []
