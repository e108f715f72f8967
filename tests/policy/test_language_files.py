"""Includes: every file is read once, in order, and nothing leads out of the policy's folder."""

from __future__ import annotations

import pytest

from tests.policy.language_texts import codes, findings, read, value_of


def test_files_are_read_in_order_each_once() -> None:
    value = value_of(
        'include "b.aclc", "sub/*.aclc"\ngroup a = a@x.y\nallow any -> self on any',
        b='include "a.aclc"\ngroup b = b@x.y',
        a="group c = c@x.y",
        sub_x='include "../a.aclc"\ngroup d = d@x.y',
    )
    assert ["group:a", "group:b", "group:c", "group:d"] == list(value["groups"])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('include "no.aclc"', "`no.aclc` is not there"),
        ('include "no/*.aclc"', "`no/*.aclc` matches no file"),
        ('include "../x.aclc"', "`../x.aclc` leads out of the policy's folder"),
        ('include "a/../../x.aclc"', "`a/../../x.aclc` leads out of the policy's folder"),
        ('include "/etc/passwd"', "`/etc/passwd` must be written from the file that includes it"),
        ('include "C:/x.aclc"', "`C:/x.aclc` must be written from the file that includes it"),
        ('include ""', "`` is no name of a file"),
        ('include "policy.aclc"', "`policy.aclc` includes itself"),
        ('include "loop.aclc"', "`policy.aclc` includes itself"),
    ],
)
def test_what_cannot_be_included_is_told(text: str, message: str) -> None:
    found = findings(f"{text}\nallow any -> self on any", loop='include "policy.aclc"')
    assert [message] == [each for code, _, each in found if code == "LNG011"]


def test_a_text_without_a_folder_includes_nothing() -> None:
    from aclc.policy.read_language import read_language
    from aclc.source import Source

    found = read_language(Source("x.aclc", 'include "y.aclc"')).diagnostics
    assert ["files cannot be included here: there is no folder around this text"] == [each.message for each in found]


def test_a_pattern_does_not_mean_the_file_that_it_stands_in() -> None:
    assert [] == codes('include "*.aclc"\nallow any -> self on any', other="group x = a@b.c\nallow x -> self on any")


def test_a_file_belongs_to_one_module() -> None:
    found = findings('module a from "x.aclc"\nmodule b from "x.aclc"', x="")
    assert ("LNG011", '"x.aclc"', "`x.aclc` belongs to two modules") in found


def test_a_module_is_declared_once() -> None:
    found = findings('module a from "x.aclc"\nmodule a from "y.aclc"', x="", y="")
    assert ("LNG012", "a", "module `a` is declared twice") in found


def test_files_without_end_are_refused() -> None:
    files = {f"f{number}": f'include "f{number + 1}.aclc"' for number in range(50)}
    found = findings('include "f0.aclc"', **files)
    assert ["files include files more than 32 deep"] == [message for code, _, message in found if code == "LNG011"]


def test_very_many_files_are_refused() -> None:
    found = findings('include "f*.aclc"', **{f"f{number}": "" for number in range(1200)})
    assert ["policy has more than 1000 files"] == [message for code, _, message in found if code == "LNG011"]


def test_findings_name_the_file_they_are_in() -> None:
    assert ("b.aclc", "LNG002", "nobody") in codes('include "b.aclc"', b="allow nobody -> any on any")


def test_promises_and_sources_of_every_file_are_kept() -> None:
    from aclc.policy.language_document import LanguageDocument

    policy = read(
        'include "b.aclc"\nassert tag:a never reach tag:b',
        b="for t in x, y: assert tag:$t never reach\n  tag:b # why\n",
    ).value
    assert policy is not None
    assert isinstance(policy.document, LanguageDocument)
    assert ["policy.aclc", "b.aclc"] == [each.name for each in policy.document.sources]
    assert [
        "assert tag:a never reach tag:b",
        "assert tag:x never reach   tag:b",
        "assert tag:y never reach   tag:b",
    ] == [each.text for each in policy.document.promises]
