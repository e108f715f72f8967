"""What the reader says of wrong HuJSON, where, and how much of the value it saves."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aclc.diagnostics import Diagnostic, Outcome, Severity
from aclc.source import Source
from aclc.syntax.hujson_document import MAX_DEPTH
from aclc.syntax.hujson_faults import MAX_FAULTS
from aclc.syntax.hujson_read import HujsonDocument, parse_hujson
from aclc.syntax.hujson_verdict import first_refusal

FAULTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ('{"a": 1 "b": 2}', ('1:8 syntax-error: missing comma before `"b"`',)),
    ('{"a": ["x" "y"]}', ('1:11 syntax-error: missing comma before `"y"`',)),
    ('["a"\n"b"]', ('1:5 syntax-error: missing comma before `"b"`',)),
    ("[{} {}]", ("1:4 syntax-error: missing comma before `{`",)),
    ('{"a": }', ('1:2 syntax-error: member `"a"` has no value',)),
    ('{"a": , "b": 1}', ('1:2 syntax-error: member `"a"` has no value',)),
    ('{"a":\n "b": 1}', ('1:2 syntax-error: member `"a"` has no value',)),
    ('{"a" 1}', ('1:5 syntax-error: missing `:` after `"a"`',)),
    (
        '{"a", "b"}',
        (
            '1:2 syntax-error: `"a"` has no value',
            '1:7 syntax-error: `"b"` has no value',
        ),
    ),
    ('{"a" = 1}', ("1:6 syntax-error: `=` stands where `:` is expected",)),
    ('{"a": 1; "b": 2}', ("1:8 syntax-error: `;` stands where `,` is expected",)),
    ('["a"; "b"]', ("1:5 syntax-error: `;` stands where `,` is expected",)),
    ("{acls: []}", ("1:2 syntax-error: name `acls` is not in quotes",)),
    (
        "{acls:[],b:1}",
        (
            "1:2 syntax-error: name `acls` is not in quotes",
            "1:10 syntax-error: name `b` is not in quotes",
        ),
    ),
    (
        "{'a': 'b'}",
        (
            "1:2 syntax-error: string `'a'` is not in double quotes",
            "1:7 syntax-error: string `'b'` is not in double quotes",
        ),
    ),
    (
        "{\u201ca\u201d: \u201cb\u201d}",
        (
            "1:2 syntax-error: string `“a”` is not in double quotes",
            "1:7 syntax-error: string `“b”` is not in double quotes",
        ),
    ),
    ('{"a": accept}', ("1:7 syntax-error: `accept` is not in quotes",)),
    ('{"a": True}', ("1:7 syntax-error: `True` is not in quotes",)),
    ('["tag:a", tag:b]', ("1:11 syntax-error: `tag:b` is not in quotes",)),
    ("[*]", ("1:2 syntax-error: `*` is not in quotes",)),
    ('{"a": 1,, "b": 2}', ("1:9 syntax-error: comma with nothing before it",)),
    ("[1,,2]", ("1:4 syntax-error: comma with nothing before it",)),
    ("[,1]", ("1:2 syntax-error: comma with nothing before it",)),
    ("{,}", ("1:2 syntax-error: comma with nothing before it",)),
    ('{"a": 01}', ("1:7 syntax-error: `01` is no number of JSON",)),
    (
        "[.5, +1, 1., 0x10, NaN, -Infinity]",
        (
            "1:2 syntax-error: `.5` is no number of JSON",
            "1:6 syntax-error: `+1` is no number of JSON",
            "1:10 syntax-error: `1.` is no number of JSON",
            "1:14 syntax-error: `0x10` is no number of JSON",
            "1:20 syntax-error: `NaN` is no number of JSON",
            "1:25 syntax-error: `-Infinity` is no number of JSON",
        ),
    ),
    ("# comment\n{}", ("1:1 hash-comment: `#` does not begin a comment",)),
    ("{} # end", ("1:4 hash-comment: `#` does not begin a comment",)),
    ('{\n  "a": 1, # x\n  "b": 2\n}', ("2:11 hash-comment: `#` does not begin a comment",)),
    ('{"a": "x}', ('1:7 unterminated-string: string `"x` has no closing quote',)),
    ('{"a": "x\n  "b": 1}', ('1:7 unterminated-string: string `"x` has no closing quote',)),
    ('{"a": ["x, "y"], "b": 1}', ('1:8 unterminated-string: string `"x` has no closing quote',)),
    ('{"a": "one\n  two", "b": 1}', ("1:7 unterminated-string: string runs over the end of the line",)),
    ('"a": 1,\n"b": 2\n', ('1:1 missing-outer-braces: file begins with the member `"a"`, not with `{`',)),
    ('// {\n"a": 1\n}', ("1:4 brace-in-comment: this `{` is inside a comment and opens nothing",)),
    ("acls:\n  - a\n", ("1:1 missing-outer-braces: file begins with `acls`, not with `{`",)),
    ("hello world", ("1:1 syntax-error: `hello` does not begin a policy",)),
    ("<html>", ("1:1 syntax-error: `<html>` does not begin a policy",)),
    ("", ("1:1 syntax-error: file holds no value",)),
    ("// only\n", ("1:1 syntax-error: file holds no value",)),
    ('{"a": {"b": 1}\n', ("1:1 syntax-error: `{` is never closed",)),
    ('{\n  "a": {\n    "b": 1,\n  "c": [1]\n}\n', ("2:8 syntax-error: `{` is never closed",)),
    ('{\n  "groups": {\n    "x": ["a"],\n  \n  "acls": []\n}', ("2:13 syntax-error: `{` is never closed",)),
    ('{\n"a": {"b": 1,\n"c": {"d": 1}\n}', ("2:6 syntax-error: `{` is never closed",)),
    ('{"a": [1, 2}', ("1:7 syntax-error: `[` is never closed",)),
    ('{"a": [1, 2, "b": 3}', ("1:7 syntax-error: `[` is never closed",)),
    ('[{"a": 1 ]', ("1:2 syntax-error: `{` is never closed",)),
    ('{"a": 1]}', ("1:8 syntax-error: `]` closes nothing",)),
    ('{"a": 1}}', ("1:9 syntax-error: `}` closes nothing",)),
    ('{"a": 1}, "b": 2}', ("1:9 syntax-error: text after the end of the policy",)),
    ("{} {}", ("1:4 syntax-error: text after the end of the policy",)),
    ('{"a": 1},', ("1:9 syntax-error: comma after the end of the policy",)),
    (
        "}{",
        (
            "1:1 syntax-error: `}` closes nothing",
            "1:2 syntax-error: `{` is never closed",
        ),
    ),
    (
        '{"a": 1 // }',
        (
            "1:9 syntax-error: comment on the last line has no line end",
            "1:12 brace-in-comment: this `}` is inside a comment and closes nothing",
        ),
    ),
    ('{"a": 1} /* x', ("1:10 syntax-error: comment is never closed",)),
    ('{"a": /* x 1}', ("1:7 syntax-error: comment is never closed",)),
    ("{} // end", ("1:4 syntax-error: comment on the last line has no line end",)),
    ("\ufeff{}", ("1:1 bom-crlf: file begins with a byte order mark",)),
    ('{\xa0"a":\xa01}', ("1:2 invalid-character: no-break space U+00A0 outside a string",)),
    ('{"a":\u200b1}', ("1:6 invalid-character: zero-width space U+200B outside a string",)),
    ('{"a\tb": 1}', ("1:4 invalid-character: tab inside a string",)),
    ('{"a": "\x00"}', ("1:8 invalid-character: control character U+0000 inside a string",)),
    ('{"a": 1\x00}', ("1:8 invalid-character: control character U+0000 outside a string",)),
    (
        '["\\x", "\\u12", "DOM\\user"]',
        (
            "1:3 syntax-error: `\\x` is no escape",
            "1:9 syntax-error: `\\u12` is no escape",
            "1:20 syntax-error: `\\u` is no escape",
        ),
    ),
    ('["\udcff"]', ("1:3 invalid-character: string holds bytes that are not UTF-8",)),
    ("// \udcff\n{}", ("1:4 invalid-character: comment holds bytes that are not UTF-8",)),
    ("// \u2028\n/*\u2028*/{}", ("1:4 invalid-character: line comment holds the separator U+2028",)),
    ('["\\ud800"]', ("1:3 invalid-character: escape `\\ud800` is half a character",)),
    ('["\\u0000"]', ("1:3 invalid-character: string holds a NUL character",)),
    ('{"a": ${x}}', ("1:7 template-marker: template marker `${x}` is no JSON",)),
    ('{"a": "${x["y"]}:1"}', ('1:7 template-marker: template marker `"${x["y"]}:1"` is no JSON',)),
    ('{"a": ["${x}"]}', ("1:9 template-marker: string holds a template marker, which is read as it stands",)),
    ("{{ template }}\n{}", ("1:1 template-marker: template marker `{{ template }}` is no JSON",)),
    ("{{ $x := 1 }}", ("1:1 template-marker: template marker `{{ $x := 1 }}` is no JSON",)),
    ('{"a": {{ .x | quote }}}', ("1:7 template-marker: template marker `{{ .x | quote }}` is no JSON",)),
    ("%{ for x in y }\n{}", ("1:1 template-marker: template marker `%{ for x in y }` is no JSON",)),
    ('{"a": "{{ .x }}"}', ("1:8 template-marker: string holds a template marker, which is read as it stands",)),
    ('{\n<<<<<<< HEAD\n"a": 1\n=======\n"a": 2\n>>>>>>> b\n}', ("2:1 syntax-error: merge conflict is not resolved",)),
    ("=======\n{}", ("1:1 syntax-error: merge conflict is not resolved",)),
    ("[1 / 2]", ("1:4 syntax-error: `/ 2` is neither value nor comment",)),
    ('{"a": 1e999999}', ("1:7 beyond-limits: number `1e999999` is too large",)),
    ('{"a": (1)}', ("1:7 syntax-error: `(1)` is not in quotes",)),
    ('{"acls": ["action": "accept", "src": ["*"]]}', ('1:11 syntax-error: missing `{` before `"action"`',)),
    (
        '{"acls": [{"action": "accept"}, "action": "accept", "src": ["*"]}]}',
        ('1:33 syntax-error: missing `{` before `"action"`',),
    ),
    ("{1: 2}", ("1:2 syntax-error: name `1` is not in quotes",)),
    ("{true: 1}", ("1:2 syntax-error: name `true` is not in quotes",)),
    ('{"a": "b": 1}', ("1:10 syntax-error: `:` stands where `,` is expected",)),
    ('{"a":: 1}', ("1:6 syntax-error: one `:` too many",)),
    (": 1", ("1:1 syntax-error: `:` does not begin a policy",)),
    ('{"a": 1 b}', ("1:9 syntax-error: `b` is not in quotes",)),
    ('["a": 1]', ('1:2 syntax-error: missing `{` before `"a"`',)),
    ('{\r\n"a": 1\r\n}', ("1:2 bom-crlf: lines end in carriage return and line feed",)),
    ('{"a": 1, "a": 2}', ("1:10 duplicate-key: key `a` is given twice",)),
    ('{"a": 1, {"b": 2}}', ("1:10 syntax-error: `{` stands where a name is expected",)),
    ('{"a": 1, ["b"]}', ("1:10 syntax-error: `[` stands where a name is expected",)),
    ('{"a": \'x}', ("1:7 unterminated-string: string `'x` has no closing quote",)),
    ('["a" // no comma\n "b"]', ('1:5 syntax-error: missing comma before `"b"`',)),
    ('{"a" /* c */ "b"}', ('1:5 syntax-error: missing `:` after `"a"`',)),
)


def read(text: str) -> Outcome[HujsonDocument]:
    """Give the outcome for a text."""
    return parse_hujson(Source("t", text))


def said(found: Diagnostic) -> str:
    """Give place, name and message of a finding."""
    place = found.span.source.position(found.span.start)
    return f"{place.line}:{place.column} {found.code.slug}: {found.message}"


def repaired(text: str, found: Diagnostic) -> str:
    """Give the text after a fix."""
    assert found.fix is not None
    for edit in sorted(found.fix.edits, key=lambda each: each.span.start, reverse=True):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return text


@pytest.mark.parametrize(("text", "expected"), FAULTS, ids=[repr(text) for text, _ in FAULTS])
def test_faults_are_named_where_they_are(text: str, expected: tuple[str, ...]) -> None:
    """Each text has these faults and no other."""
    assert expected == tuple(said(found) for found in read(text).diagnostics)


@pytest.mark.parametrize("text", [text for text, _ in FAULTS], ids=repr)
def test_safe_fixes_lead_to_text_that_parses(text: str) -> None:
    """Where every error has a safe fix, making them one after the other leaves a text without errors."""
    for _ in range(10):
        errors = [each for each in read(text).diagnostics if each.severity is Severity.ERROR]
        if not errors or any(each.fix is None or not each.fix.safe for each in errors):
            return
        text = repaired(text, errors[-1])
    pytest.fail(f"no end of errors in {text!r}")


@pytest.mark.parametrize(
    ("text", "value", "broken"),
    [
        ('{"a": [1 2], "b": 3}', {"a": [1, 2], "b": 3}, ()),
        ('{"a": [1, x], "b": 3}', {"a": [1], "b": 3}, (("a",),)),
        ('{"a": , "b": 3}', {"b": 3}, ((),)),
        ('{"a": {"b": "x}, "c": [2]\n, "d": 4}', {"a": {"b": None}}, None),
        ('{"a": [{"b": 1, {"b": 2}], "c": 3}', {"a": [{"b": 1}, {"b": 2}], "c": 3}, (("a", 0),)),
        ('{"a": {"b": 01}, "c": 3}', {"a": {}, "c": 3}, (("a",),)),
    ],
)
def test_what_is_sound_is_kept(text: str, value: object, broken: tuple[object, ...] | None) -> None:
    """Errors cost no more than the part they are in, and that part is marked."""
    document = read(text).value
    assert document is not None
    if broken is not None:
        assert value == document.value
        assert broken == document.broken


def test_intact_parts_are_known() -> None:
    """Only what is below a fault, and what may have been lost with it, is in doubt."""
    document = read('{"a": {"b": [1, x], "c": [2]}, "d": [3]}').value
    assert document is not None
    assert document.broken == (("a", "b"),)
    assert [document.intact(path) for path in ((), ("a",), ("a", "b"), ("a", "c"), ("d",))] == [
        False,
        False,
        False,
        True,
        True,
    ]
    assert document.intact(("e",))
    assert not document.intact(("a", "b", 1))


def test_only_one_finding_has_the_words_of_the_control_plane() -> None:
    """They are on the fault that its parser stops at."""
    found = read('{"a": 1 "b": x}').diagnostics
    assert ["line 1, column 9: invalid character '\"' after object value (expecting ',' or '}')", None] == [
        each.control for each in found
    ]


def test_hopeless_text_ends() -> None:
    """After so many errors the reader gives up, and says so."""
    outcome = read("[" + "x " * 5 + ", ,' " * 1000)
    assert outcome.value is None
    assert MAX_FAULTS + 1 == len(outcome.diagnostics)


def test_depth_has_a_limit() -> None:
    """Brackets may nest 128 deep, in strings any number stands."""
    right, deep = "[" * MAX_DEPTH + "]" * MAX_DEPTH, "[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1)
    assert read(right).diagnostics == ()
    assert [f"1:{MAX_DEPTH + 1} beyond-limits: brackets nest more than {MAX_DEPTH} deep"] == [
        said(each) for each in read(deep).diagnostics
    ]
    assert read(json.dumps(["[" * 500, "]" * 500] * 100)).diagnostics == ()
    assert len(read("[" * 100_000).diagnostics) == 2
    assert len(read('{"a":' * 100_000).diagnostics) == 2


def test_numbers_have_a_limit() -> None:
    """A number that no float holds is refused, whatever its form; Python's own limit is never met."""
    for digits in ("1e999999", "-1e400", "1" * 310, "1" * 100_000, "0." + "1" * 5000):
        assert [each.code.slug for each in read(f"[{digits}]").diagnostics] == ["beyond-limits"]
    assert read("[" + "1" * 309 + ", 1e308, 1e-999]").diagnostics == ()


def test_adversaries_get_no_more_time_than_others() -> None:
    """Texts made to look at everything again and again; a reader that did would not end in a minute."""
    for unit in (
        '"${',
        "'",
        '"a"x',
        "]",
        '"]',
        "{{",
        "${",
        "[//\n",
        "x ",
        "“",
        '"\\',
        "/*",
        "{",
        "\u00a0",
        '"a":',
        "a:",
        '"//',
    ):
        read(unit * (60_000 // len(unit)))
        read("[" + unit * (30_000 // len(unit)) + "\n]")


def test_corpus_faults_have_the_words_of_the_reference(corpus: Path) -> None:
    """Of every real policy that does not parse: the reference parser's words, and a finding not after its place."""
    rows = [line.split("\t") for line in (corpus / "policies" / "format.tsv").read_text().splitlines()[1:]]
    for name, digest, error in rows:
        source = Source.from_bytes(name, (corpus / "policies" / name).read_bytes())
        outcome = parse_hujson(source)
        controls = [f"hujson: {each.control}" for each in outcome.diagnostics if each.control]
        assert controls == ([json.loads(error)] if digest == "ERR" else []), name
        refusal = first_refusal(source.text)
        if refusal is not None:
            line = source.position(refusal.offset).line
            found = next(each for each in outcome.diagnostics if each.control)
            assert source.position(found.span.start).line <= line, name
            assert outcome.value is not None, name


def test_what_stands_behind_an_object_that_is_never_closed_is_read_as_what_it_is() -> None:
    """The indentation tells where the object should have ended, whether or not a comma shows it too."""
    for comma in (",", ""):
        text = f'{{\n  "tagOwners": {{"tag:web": ["a@x.io"]{comma}\n  "acls": [1],\n  "ssh": []\n}}\n'
        outcome = read(text)
        assert outcome.value is not None
        assert {"tagOwners": {"tag:web": ["a@x.io"]}, "acls": [1], "ssh": []} == outcome.value.value
        assert (("tagOwners",),) == outcome.value.broken


def test_indentation_tells_nothing_where_every_brace_is_closed() -> None:
    text = '{\n  "a": {"b": 1,\n  "c": 2},\n  "d": [1 2]\n}\n'
    outcome = read(text)
    assert outcome.value is not None
    assert {"a": {"b": 1, "c": 2}, "d": [1, 2]} == outcome.value.value
