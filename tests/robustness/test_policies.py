"""Policies as people keep them: none makes aclc fail, every broken one gets an error where it is broken, and every
other one either compiles or is refused with a located reason."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import NamedTuple

import pytest

from aclc.check import Checked, check_source
from aclc.compile import compile_policy
from aclc.diagnostics import Diagnostic, Severity, has_errors
from aclc.policy.read_hujson import read_policy
from aclc.source import Source
from aclc.syntax.hujson_document import HujsonDocument
from aclc.tailnet.load import load_tailnet
from tests.corpus import CORPUS, corpus_files, needs_corpus
from tests.robustness.tailnets import tailnet_for

pytestmark = needs_corpus

FILES = [*corpus_files("policies/head/*"), *corpus_files("policies/history/*/*")]
PARTS = 8
"""The files are taken in so many tests, so that several processes share them."""


class Reference(NamedTuple):
    """What the reference parser says of a file: the line of its error, None where it parses."""

    line: int | None


@pytest.fixture(scope="module")
def references(corpus: Path) -> dict[str, Reference]:
    """Give the reference parser's answer for every file, by its path below the corpus' policies."""
    found = {}
    for entry in (corpus / "policies" / "format.tsv").read_text().splitlines()[1:]:
        name, digest, message = entry.split("\t", 2)
        line = re.search(r"line (\d+), column", message) if digest == "ERR" else None
        found[name] = Reference(int(line[1]) if line else None)
    return found


def name_of(path: Path) -> str:
    """Give a file's path below the corpus' policies."""
    return path.relative_to(CORPUS / "policies").as_posix()


def errors(checked: Checked) -> list[Diagnostic]:
    """Give the errors among what was found."""
    return [each for each in checked.diagnostics if each.severity is Severity.ERROR]


def line_of(found: Diagnostic) -> int:
    """Give the line that a finding points to."""
    return found.span.source.position(found.span.start).line


@pytest.mark.parametrize("part", range(PARTS))
def test_files_that_parse_compile_or_are_refused_with_a_reason(part: int, references: dict[str, Reference]) -> None:
    """Every node of a tailnet made for the policy gets its rules; else there is an error that points into the file."""
    for path in FILES[part::PARTS]:
        name = name_of(path)
        if references[name].line is not None:
            continue
        source = Source.from_bytes(name, path.read_bytes())
        policy = read_policy(source).value
        assert policy is not None, name
        assert isinstance(policy.document, HujsonDocument)
        loaded = load_tailnet(Source("tailnet.json", tailnet_for(policy.document.value)))
        assert loaded.value is not None, name
        assert not has_errors(loaded.diagnostics), name
        checked = check_source(source, loaded.value)
        refusals = errors(checked)
        if refusals:
            assert all(each.span.source is source and each.span.end <= len(source.text) for each in refusals), name
            continue
        assert checked.policy is not None, name
        compiled = compile_policy(checked.policy, loaded.value).value
        assert compiled is not None, name
        document = json.loads(b"".join(compiled.document()))
        assert len(loaded.value.nodes) == len(document["nodes"]), name


def test_files_that_do_not_parse_get_an_error_where_they_break(references: dict[str, Reference]) -> None:
    """There is a syntax error on the line where the reference parser stops, or before it, where the cause is."""
    broken = [path for path in FILES if references[name_of(path)].line is not None]
    missed = []
    for path in broken:
        name = name_of(path)
        stops = references[name].line
        found = [
            each
            for each in errors(check_source(Source.from_bytes(name, path.read_bytes())))
            if each.code.id[:3] == "SYN"
        ]
        assert stops is not None
        if not any(line_of(each) <= stops for each in found):
            missed.append((name, stops, [line_of(each) for each in found]))
    assert missed == []
    assert len(broken) == 33


REFUSED = 26
"""Newest versions that parse but are wrong as they stand; each was looked at. Most are parts of a policy that a tool
puts together, or templates; the others are for a control server of another kind, or plainly mistaken."""


def test_policies_in_use_are_not_refused_without_need(references: dict[str, Reference]) -> None:
    """No more of the newest versions are refused than those that are known to be wrong."""
    parse = [path for path in corpus_files("policies/head/*") if references[name_of(path)].line is None]
    refused = {
        path.name: sorted({each.code.slug for each in found})
        for path in parse
        if (found := errors(check_source(Source.from_bytes(path.name, path.read_bytes()))))
    }
    assert len(refused) <= REFUSED, refused
    assert len(parse) > 3 * REFUSED
