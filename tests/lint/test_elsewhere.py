"""Every number of the catalogue of mistakes is a finding, told under another name, or left out with a reason."""

from __future__ import annotations

from aclc.lint.catalogue import FAMILIES, catalogue
from aclc.lint.elsewhere import LEFT_OUT, TOLD_AS

LAST = {
    "SYN": 19,
    "REF": 17,
    "VAL": 38,
    "DEAD": 31,
    "RED": 16,
    "SEC": 42,
    "NET": 9,
    "TST": 15,
    "MIG": 6,
    "POR": 4,
    "OPS": 5,
    "PRP": 9,
}
"""The highest number that each family of the catalogue has; every number up to it is taken."""


def test_no_number_of_the_catalogue_is_forgotten() -> None:
    numbers = {f"{family}{number:03}" for family, last in LAST.items() for number in range(1, last + 1)}
    findings = {entry.id for entry in catalogue()}
    elsewhere = {each.id for each in (*TOLD_AS, *LEFT_OUT)}
    assert numbers - findings - elsewhere == set()
    assert elsewhere - numbers == set()
    assert elsewhere & findings == set()


def test_what_is_told_under_another_name_is_told() -> None:
    slugs = {entry.slug for entry in catalogue()}
    assert [each for each in TOLD_AS if each.slug not in slugs] == []


def test_the_lists_are_in_order_and_name_each_once() -> None:
    order = [*FAMILIES]
    for ids in ([each.id for each in TOLD_AS], [each.id for each in LEFT_OUT]):
        assert ids == sorted(set(ids), key=lambda each: (order.index(each.rstrip("0123456789")), each))


def test_reasons_are_sentences() -> None:
    assert [each.id for each in LEFT_OUT if not each.why.endswith(".")] == []
