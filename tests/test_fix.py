"""Repairs are proven before they are made, and touch nothing else."""

from __future__ import annotations

import pytest

from aclc.check import check_source
from aclc.diagnostics import Code, Diagnostic, Edit, Fix, Severity
from aclc.fix import MOST_ROUNDS, Fixed, Read, fix
from aclc.lint.selection import Selection
from aclc.source import Source, Span
from tests.corpus import corpus_files, needs_corpus

CODE = Code("SEC999", "made-up", Severity.WARNING)
TEXT = """{
	// who administers
	"tagOwners": {"tag:a": ["autogroup:admin"], "tag:b": ["autogroup:admin"]},
	"grants": [
		{"src": ["autogroup:member"],   "dst": ["tag:a"], "ip": ["tcp:443"]}, // odd   blanks stay
		{"src": ["autogroup:member"],   "dst": ["tag:a"], "ip": ["tcp:443"]},
	],
	"tests": [{"src": "a@example.com", "accept": ["tag:a:443"]}],
}
"""


def proposal(source: Source, *replacements: tuple[str, str], safe: bool = True) -> Diagnostic:
    """Give a finding whose repair replaces pieces of the text, each at its first place."""
    edits = []
    for old, new in replacements:
        at = source.text.index(old)
        edits.append(Edit(Span(source, at, at + len(old)), new))
    return CODE.at(edits[0].span, f"found {replacements[0][0]}", fix=Fix("do it", tuple(edits), safe=safe))


def repaired(text: str, *proposals: tuple[tuple[str, str], ...], safe: bool = True, unsafe: bool = False) -> Fixed:
    """Repair a text by proposals: each is made while the pieces that it replaces are there."""

    def read(source: Source) -> Read:
        policy = check_source(source).policy
        found = [
            proposal(source, *pairs, safe=safe) for pairs in proposals if all(old in source.text for old, _ in pairs)
        ]
        return Read(source, policy, tuple(found))

    return fix(read(Source("policy.hujson", text)), read, unsafe=unsafe)


def test_what_keeps_the_meaning_is_made_and_nothing_else_changes() -> None:
    second = '\t\t{"src": ["autogroup:member"],   "dst": ["tag:a"], "ip": ["tcp:443"]},\n\t],'
    done = repaired(TEXT, ((second, "\t],"),))

    assert TEXT.replace(second, "\t],") == done.after.source.text
    assert 1 == len(done.made)
    assert () == done.refused


@pytest.mark.parametrize(
    ("pairs", "reason"),
    [
        ((('"dst": ["tag:a"]', '"dst": ["tag:a", "tag:b"]'),), "it changes who may"),
        (
            (('"accept": ["tag:a:443"]', '"accept": ["tag:a:443"], "deny": ["tag:b:22"]'),),
            "it changes the policy's own",
        ),
        ((('"tag:b": ["autogroup:admin"]', '"tag:b": ["autogroup:member"]'),), "it changes who may"),
        ((('"grants"', '"grants'),), "it leaves more errors"),
    ],
)
def test_what_changes_the_meaning_is_refused_with_the_reason(pairs: tuple[tuple[str, str], ...], reason: str) -> None:
    def read(source: Source) -> Read:
        checked = check_source(source)
        errors = [each for each in checked.diagnostics if each.severity is Severity.ERROR]
        here = all(old in source.text for old, _ in pairs)
        return Read(source, checked.policy, (*errors, *([proposal(source, *pairs)] if here else [])))

    before = read(Source("policy.hujson", TEXT))
    done = fix(before, read)

    assert TEXT == done.after.source.text
    assert [True] == [each.reason.startswith(reason) for each in done.refused]


def test_a_bad_repair_does_not_hold_up_a_good_one() -> None:
    second = '\t\t{"src": ["autogroup:member"],   "dst": ["tag:a"], "ip": ["tcp:443"]},\n\t],'
    done = repaired(TEXT, ((second, "\t],"),), (('"tag:b": ["autogroup:admin"]', '"tag:b": ["autogroup:member"]'),))

    assert TEXT.replace(second, "\t],") == done.after.source.text
    assert (1, 1) == (len(done.made), len(done.refused))


def test_unsafe_repairs_are_made_only_on_request_and_their_difference_is_told() -> None:
    pairs = (("tcp:443", "tcp:80"), ('"ip": ["tcp:443"]},\n\t],', '"ip": ["tcp:80"]},\n\t],'))

    assert () == repaired(TEXT, pairs, safe=False).made
    done = repaired(TEXT, pairs, safe=False, unsafe=True)
    assert 1 == len(done.made)
    difference = done.difference
    assert difference is not None
    assert difference.changes_access


def test_repairs_that_overlap_are_made_one_after_the_other() -> None:
    done = repaired("{// 1\n}", (("// 1", "// 2"),), (("1\n", "1 and more\n"),), unsafe=True)

    assert "{// 2\n}" == done.after.source.text
    assert 1 == len(done.made)


def test_repairs_that_undo_each_other_end() -> None:
    done = repaired('{"grants": []}', (('"grants"', '"grants" '),), unsafe=True)

    assert MOST_ROUNDS == len(done.made)


def actual(source: Source) -> Read:
    checked = check_source(source)
    return Read(source, checked.policy, checked.diagnostics)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('{"ACLs": []}', '{"acls": []}'),
        ('{\n# x\n"grants": []}', '{\n// x\n"grants": []}'),
        (
            '{"ipsets": {"ipset:a": ["10.0.0.1/8"]}, "nodeAttrs": [{"target": ["ipset:a"], "attr": []}], "grants": []}',
            '{"ipsets": {"ipset:a": ["10.0.0.0/8"]}, "nodeAttrs": [{"target": ["ipset:a"], "attr": []}], "grants": []}',
        ),
        (
            '{"grants": [{"src": "*", "dst": ["*"], "ip": ["*"]}]}',
            '{"grants": [{"src": ["*"], "dst": ["*"], "ip": ["*"]}]}',
        ),
    ],
)
def test_known_repairs_are_made(before: str, after: str) -> None:
    assert after == fix(actual(Source("policy.hujson", before)), actual).after.source.text


GRANT = '{"grants": [{"src": ["a@x.io"], "dst": ["10.0.0.1"], "ip": ["*"]}], '
RULE = '{"acls": [{"action": "accept", "src": ["al@x.io"], "dst": ["Al@x.io:22"]}], '


def test_an_accepting_test_of_several_ports_is_split() -> None:
    """It fails whatever the rules say, so that nothing else can have been meant."""
    text = GRANT + '"tests": [{"src": "a@x.io", "accept": ["10.0.0.1:22,80", "10.0.0.1:443"]}]}'
    done = fix(actual(Source("policy.hujson", text)), actual)
    assert text.replace('"10.0.0.1:22,80"', '"10.0.0.1:22", "10.0.0.1:80"') == done.after.source.text


@pytest.mark.parametrize(
    ("text", "old", "new"),
    [
        ('{"acls": [{"action": "accept", "src": ["*"], "dst": ["*:90-80"]}]}', "90-80", "80-90"),
        ('{"grants": [{"src": ["*"], "dst": ["*"], "ip": ["tcp:90-80"]}]}', "90-80", "80-90"),
        (RULE + '"tests": [{"src": "Al@x.io", "deny": ["Al@x.io:443"]}]}', "Al@", "al@"),
        (
            '{"grants": [], "tests": [{"src": "a@x.io", "deny": ["10.0.0.1:22,80"]}]}',
            '"10.0.0.1:22,80"',
            '"10.0.0.1:22", "10.0.0.1:80"',
        ),
    ],
)
def test_guesses_are_repaired_on_request_alone(text: str, old: str, new: str) -> None:
    source = Source("policy.hujson", text)
    assert text == fix(actual(source), actual).after.source.text
    assert text.replace(old, new) == fix(actual(source), actual, unsafe=True).after.source.text


def test_a_test_split_by_ports_must_not_fail_more_often() -> None:
    """Where the rules close the ports, one failure would become two."""
    text = '{"grants": [], "tests": [{"src": "a@x.io", "accept": ["10.0.0.1:22,80"]}]}'
    done = fix(actual(Source("policy.hujson", text)), actual)
    assert text == done.after.source.text
    assert ["it leaves more errors than it cures"] == [each.reason for each in done.refused]


@needs_corpus
def test_safe_repairs_of_real_policies_change_no_meaning_and_few_bytes() -> None:
    """What `fix` proves is proven again from the texts, and every line without a finding is still there.

    Findings of the profile `strict` too, on every policy.
    """
    made = 0
    for path in corpus_files("policies/head/*"):
        source = Source.from_bytes(path.name, path.read_bytes())
        done = fix(strictly(source), strictly)
        if not done.made:
            continue
        made += len(done.made)
        difference = done.difference
        assert difference is not None, path.name
        assert not difference.changes_access, path.name
        assert not difference.guards, path.name
        assert not difference.assertions, path.name
        assert not difference.doubts, path.name
        # Later repairs stand in text that earlier ones have changed, so that lines are told by what they say.
        touched = {
            edit.span.source.line_text(line)
            for each in done.made
            if each.fix is not None
            for edit in each.fix.edits
            for line in range(
                edit.span.source.position(edit.span.start).line, edit.span.source.position(edit.span.end).line + 1
            )
        }
        rest = [line for line in source.text.split("\n") if line.rstrip("\r") not in touched]
        kept = iter(done.after.source.text.split("\n"))
        assert all(line in kept for line in rest), path.name
    assert made > 20


@needs_corpus
def test_unsafe_repairs_of_real_policies_leave_no_more_errors_and_say_what_they_change() -> None:
    changed = 0
    for path in corpus_files("policies/head/*")[::3]:
        source = Source.from_bytes(path.name, path.read_bytes())
        done = fix(strictly(source), strictly, unsafe=True)
        assert errors(done.after) <= errors(done.before), path.name
        if done.made and done.before.policy is not None:
            assert done.difference is not None, path.name
            changed += done.difference.changes_access
    assert changed


def strictly(source: Source) -> Read:
    checked = check_source(source, selection=Selection("strict"))
    return Read(source, checked.policy, checked.diagnostics)


def errors(read: Read) -> int:
    return sum(found.severity is Severity.ERROR for found in read.diagnostics)
