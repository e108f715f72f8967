"""Tailnet files in YAML: values, places, and texts made to exhaust the reader."""

from __future__ import annotations

import pytest
import yaml

from aclc.source import Source
from aclc.tailnet import yaml_document
from aclc.tailnet.load import load_tailnet
from aclc.tailnet.yaml_document import MAX_DEPTH, parse_yaml

TEXT = """\
# a tailnet
tailnet: example.com
users:
  - login: odin@example.com   # the owner
    role: owner
nodes:
  - name: beedrill
    id: 8213
    created: 2026-04-12T20:14:00Z
    tags: [tag:server, "tag:wéb"]
    addresses:
      - 100.86.11.46
      - fd7a:115c:a1e0::1
    posture: {node:os: linux, custom:tier: 2, custom:ok: true}
"""


def findings(text: str, name: str = "t.yaml") -> list[tuple[str, int, str]]:
    """Give code, line and message of what is found."""
    return [
        (found.code.id, found.span.source.position(found.span.start).line, found.message)
        for found in load_tailnet(Source(name, text)).diagnostics
    ]


def test_yaml_is_read_whatever_its_name() -> None:
    for name in ("t.yaml", "t", "t.json"):
        outcome = load_tailnet(Source(name, TEXT))
        assert () == outcome.diagnostics
        assert outcome.value is not None
        beedrill = outcome.value.nodes[0]
        assert ("8213", 1776024840_000_000_000, ("tag:server", "tag:wéb")) == (
            beedrill.id,
            beedrill.created,
            beedrill.tags,
        )
        assert {"node:os": "linux", "custom:tier": 2, "custom:ok": True} == dict(beedrill.posture)


def test_values_know_where_they_stand() -> None:
    document = parse_yaml(Source("t", TEXT)).value
    assert document is not None
    assert "odin@example.com" == document.span(("users", 0, "login")).text
    assert "role" == document.key_span(("users", 0, "role")).text
    assert '"tag:wéb"' == document.span(("nodes", 0, "tags", 1)).text
    assert "linux" == document.span(("nodes", 0, "posture", "node:os")).text
    assert "login: odin@example.com   # the owner\n    role: owner" == document.span(("users", 0)).text
    assert "owner" == document.span(("users", 0, "role", "nowhere")).text


def test_places_count_characters_also_after_a_byte_order_mark_and_beyond_the_basic_plane() -> None:
    for text in ("\ufeffa: 1\nb: [x]\n", "a: 𝄞é\nb: [x]\n"):
        document = parse_yaml(Source("t", text)).value
        assert document is not None
        assert "x" == document.span(("b", 0)).text


def test_faults_are_told_with_their_place() -> None:
    assert [("TLN007", 4, "`100.64.0.400` is not an IP address")] == findings(
        "nodes:\n  - name: a\n    tags: [tag:x]\n    addresses: [100.64.0.400]\n"
    )
    assert [("TLN005", 2, "unknown field `node` is not read")] == findings("nodes: []\nnode: []\n")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", "yes"),
        ("on", "on"),
        ("12:30", "12:30"),
        ("2026-01-01", "2026-01-01"),
        ("010", 10),
        ("1.5", 1.5),
        ("100.64.0.1", "100.64.0.1"),
        ("-3", -3),
        ("~", None),
        ("null", None),
        ("", None),
        ("True", True),
        ("'true'", "true"),
        ("!!str 5", "5"),
        ("1e400", "1e400"),
        (".inf", ".inf"),
    ],
)
def test_plain_scalars_mean_what_yaml_1_2_says(text: str, value: object) -> None:
    document = parse_yaml(Source("t", f"a: {text}")).value
    assert document is not None
    assert ({"a": value}, type(value)) == (document.value, type(document.value["a"]))


def test_anchors_aliases_and_merge_keys() -> None:
    text = """\
base: &b {role: admin, x: 1}
users:
  - {<<: *b, login: a, x: 2}
  - {<<: [*b, {y: 3}]}
list: &l [1]
l: *l
"""
    document = parse_yaml(Source("t", text)).value
    assert document is not None
    assert [{"login": "a", "x": 2, "role": "admin"}, {"role": "admin", "x": 1, "y": 3}] == document.value["users"]
    assert [1] == document.value["l"]
    assert "*l" == document.span(("l",)).text


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("a: [1\nb: 2\n", 2, "this is not YAML: did not find expected ',' or ']'"),
        ("a: 1\na: 2\n", 2, "key `a` is given twice"),
        ("a: *x\n", 1, "no anchor `x` stands before this alias"),
        ("a: &x [*x]\n", 1, "alias `x` stands inside what it repeats"),
        ("a: 1\n---\nb: 2\n", 2, "a tailnet file has one YAML document"),
        ("? [a]\n: 1\n", 1, "a key must be a text"),
        ("a: {<<: 3}\n", 1, "only mappings can be merged"),
        ("a: \ud800\n".replace("\ud800", "\udcff"), 1, "the text is not valid UTF-8 here"),
        ("a: " + "[" * 100, 1, f"nested deeper than {MAX_DEPTH} levels"),
        ("a: \x01\n", 1, "this is not YAML: control characters are not allowed"),
    ],
)
def test_what_is_not_well_formed_is_refused(text: str, line: int, message: str) -> None:
    assert [("TLN001", line, message)] == findings(text)


def test_aliases_that_grow_beyond_measure_are_refused() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    ((code, _, message),) = findings("\n".join(lines))
    assert ("TLN001", "more than 5000000 values, aliases counted in full") == (code, message)


def test_deep_blocks_do_not_exhaust_the_stack() -> None:
    ((code, _, message),) = findings("- " * 50_000 + "x")
    assert ("TLN001", f"nested deeper than {MAX_DEPTH} levels") == (code, message)


def test_braces_in_a_yaml_file_are_yaml_where_they_are_no_hujson() -> None:
    assert [] == findings("{nodes: []}")
    assert ["SYN"] == [code[:3] for code, _, _ in findings("{nodes: []}", "t.json")][:1]


def test_yaml_without_the_c_library_reads_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    fast = parse_yaml(Source("t", TEXT)).value
    monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    slow = yaml_document.parse_yaml(Source("t", TEXT)).value
    assert fast is not None
    assert slow is not None
    assert fast.value == slow.value
    for path in (("nodes", 0), ("users", 0, "role"), ("nodes", 0, "tags")):
        assert fast.span(path).text == slow.span(path).text
