"""What rules of the language say about themselves, in differences and previews."""

from __future__ import annotations

import json
from datetime import date

from aclc.check import read_source_text
from aclc.policy.language_document import About
from aclc.policy.model import Policy
from aclc.reach.difference.causes import Cause
from aclc.reach.difference.diff import diff
from aclc.reports.diff_json import diff_json
from aclc.reports.diff_text import diff_text
from aclc.reports.preview_causes import lines_of
from aclc.reports.said import LONGEST_REASON, said_text
from aclc.reports.style import Style
from aclc.source import Source, Span
from tests.reports.schemas import DIFF

NAMES = "group eng = ann@x.com\ntag web owned by eng\ntag db owned by eng\n"
OLD = f"""{NAMES}
allow eng -> tag web on tcp 443 owner web because "the intranet"
ssh check eng -> tag web as root owner sre
"""
NEW = f"""{NAMES}
allow eng -> tag db on tcp 5432 owner data until 2027-06-30 because "reports"
ssh accept eng -> tag web as root owner web
approve route 10.0.0.0/8 by eng because "the office"
"""


def read(text: str, name: str) -> Policy:
    policy = read_source_text(Source(name, text)).value
    assert policy is not None
    return policy


FOUND = diff(read(OLD, "old.aclc"), read(NEW, "new.aclc"))


def test_the_owner_the_end_and_the_reason_of_the_rule_stand_behind_its_line() -> None:
    lines = "".join(diff_text(FOUND, Style()))

    assert 'because of old.aclc:5 → new.aclc:5, owner data, until 2027-06-30, "reports"; was: owner web' in lines
    assert "because of old.aclc:6 → new.aclc:6, owner web; was: owner sre\n" in lines
    assert 'because of new.aclc:7 (new), "the office"\n' in lines


def test_machines_get_them_beside_the_place_of_the_rule() -> None:
    document = json.loads(diff_json(FOUND))
    DIFF.validate(document)

    sides = document["network"][0]["because"][0]
    assert ("web", "the intranet") == (sides["old"]["owner"], sides["old"]["reason"])
    assert ("data", "2027-06-30") == (sides["new"]["owner"], sides["new"]["until"])
    assert "until" not in sides["old"]
    assert {"file", "span", "reason"} == document["approvals"][0]["because"][0]["new"].keys()


def test_a_preview_says_them_in_the_cell() -> None:
    assert ["line 6 → 6, owner web; was: owner sre"] == [*lines_of(FOUND.sessions[0].causes, "old.aclc", "new.aclc")]


def test_a_posture_that_is_no_longer_asked_for_names_the_owner_of_the_rule() -> None:
    posture = "posture linux = \"node:os == 'linux'\"\n"
    rule = "allow eng -> tag web on tcp 22"
    found = diff(
        read(f"{NAMES}{posture}{rule} when posture linux owner sre", "old.aclc"),
        read(f"{NAMES}{posture}{rule} owner sre", "new.aclc"),
    )

    assert "because of old.aclc:5 → new.aclc:5, owner sre\n" in "".join(diff_text(found, Style()))
    assert "sre" == json.loads(diff_json(found))["posture_removed"][0]["new"]["owner"]


def test_a_reason_is_one_line_and_not_endless() -> None:
    span = Span(Source("p.aclc", "x"), 0, 1)
    said = About(because="a\nb " + "c" * 1000, until=date(2027, 1, 31))

    text = said_text(Cause(None, span, new_said=said))

    assert text.startswith(', until 2027-01-31, "a b ccc')
    assert len(', until 2027-01-31, ""') + LONGEST_REASON == len(text)


def test_a_rule_that_says_nothing_any_more_is_told_of() -> None:
    span = Span(Source("p.aclc", "x"), 0, 1)

    assert "; was: owner web" == said_text(Cause(span, span, old_said=About("web")))
    assert ", owner web" == said_text(Cause(span, span, new_said=About("web")))
    assert "" == said_text(Cause(span, span))
