"""Reports for machines: each fits its format, and no text of a policy breaks out of any of them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest
import xmlschema

from aclc.diagnostics import Code, Diagnostic, Severity
from aclc.reports.checkstyle import checkstyle_report
from aclc.reports.fingerprint import fingerprints
from aclc.reports.github import github_report
from aclc.reports.gitlab import gitlab_report
from aclc.reports.jsonl import jsonl_report
from aclc.reports.junit import junit_report
from aclc.reports.markdown import markdown_report
from aclc.reports.rdjson import rdjson_report
from aclc.reports.sarif import sarif_report
from aclc.source import Source, Span
from tests.reports.samples import HOSTILE, ONE, hostile, ordinary

BOTH = pytest.mark.parametrize("found", [ordinary(), hostile(), []], ids=["ordinary", "hostile", "empty"])

# The schema of the OASIS standard itself, as the crate serde-sarif 0.8.0 carries it, blanks between tokens left out.
SARIF_SCHEMA = json.loads((Path(__file__).parent / "sarif-schema-2.1.0.json").read_text(encoding="utf-8"))


# What Jenkins reads, as its xunit plugin has it (MIT licence, in the file).
JUNIT_SCHEMA = xmlschema.XMLSchema(str(Path(__file__).parent / "junit-10.xsd"))


@BOTH
def test_sarif_fits_the_official_schema(found: list[Diagnostic]) -> None:
    log = json.loads(sarif_report(found))

    jsonschema.Draft7Validator(SARIF_SCHEMA, format_checker=jsonschema.FormatChecker()).validate(log)
    assert len(found) == len(log["runs"][0]["results"])


def test_sarif_tells_rule_place_note_and_fix() -> None:
    run = json.loads(sarif_report(ordinary()))["runs"][0]
    first = run["results"][0]
    region = first["locations"][0]["physicalLocation"]["region"]

    assert ["REF002", "SEC001", "SYN013"] == [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert ["error", "warning", "note"] == [each["level"] for each in run["results"]]
    assert {"startLine": 3, "startColumn": 21, "endLine": 3, "endColumn": 28} == {
        key: region[key] for key in ("startLine", "startColumn", "endLine", "endColumn")
    }
    assert "used here" == first["relatedLocations"][0]["message"]["text"]
    replacement = first["fixes"][0]["artifactChanges"][0]["replacements"][0]
    assert ('"tag:a"', region) == (replacement["insertedContent"]["text"], replacement["deletedRegion"])


def test_sarif_rules_have_their_page_as_help() -> None:
    rule = json.loads(sarif_report(ordinary()))["runs"][0]["tool"]["driver"]["rules"][0]

    assert "tag" in rule["shortDescription"]["text"]
    assert "Why is this bad?" in rule["help"]["markdown"]


def test_sarif_shows_the_way_of_a_witness() -> None:
    found = ordinary()[0]._replace(code=Code("PRP001", "forbidden-reach", Severity.ERROR))
    log = json.loads(sarif_report([found]))

    jsonschema.Draft7Validator(SARIF_SCHEMA).validate(log)
    flow = log["runs"][0]["results"][0]["codeFlows"][0]["threadFlows"][0]["locations"]
    assert ["used here"] == [step["location"]["message"]["text"] for step in flow]


def test_sarif_columns_count_utf16_units() -> None:
    source = Source("p", "😀x")
    log = json.loads(sarif_report([ONE.at(Span(source, 1, 2), "m")]))

    assert 3 == log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startColumn"]


@BOTH
def test_junit_is_well_formed_and_counts_right(found: list[Diagnostic]) -> None:
    report = junit_report(found, ["infra/policy.hujson", "clean.hujson"])
    JUNIT_SCHEMA.validate(report)
    root = ET.fromstring(report)

    assert "testsuites" == root.tag
    assert "clean.hujson" in {suite.get("name") for suite in root}
    failures = 0
    for suite in root:
        assert {"testcase"} == {case.tag for case in suite}
        assert len(suite) == int(suite.get("tests", ""))
        failed = [case for case in suite if case.find("failure") is not None]
        assert len(failed) == int(suite.get("failures", ""))
        failures += len(failed)
        for case in suite:
            assert case.get("name")
            assert case.get("classname")
            assert {"failure", "system-out"} >= {part.tag for part in case}
            assert [] == [part for child in case for part in child]
    assert failures == int(root.get("failures", ""))


@BOTH
def test_checkstyle_is_well_formed(found: list[Diagnostic]) -> None:
    root = ET.fromstring(checkstyle_report(found))
    errors = [error for file in root for error in file]

    assert {"file"} >= {file.tag for file in root}
    assert len(found) == len(errors)
    for error in errors:
        assert {"line", "column", "severity", "message", "source"} == set(error.attrib)
        assert error.get("severity") in {"error", "warning", "info"}


@BOTH
def test_gitlab_has_the_shape_that_gitlab_documents(found: list[Diagnostic]) -> None:
    issues: list[dict[str, Any]] = json.loads(gitlab_report(found))

    assert len(found) == len(issues) == len({issue["fingerprint"] for issue in issues})
    for issue in issues:
        assert issue["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert isinstance(issue["description"], str)
        assert isinstance(issue["check_name"], str)
        assert not issue["location"]["path"].startswith("./")
        assert 1 <= issue["location"]["lines"]["begin"] <= issue["location"]["lines"]["end"]


@BOTH
def test_each_github_command_is_one_line(found: list[Diagnostic]) -> None:
    text = github_report(found)
    lines = re.split(r"[\r\n]+", text)

    assert "" == lines.pop()
    assert len(found) == len(lines)
    for line in lines:
        match = re.fullmatch(r"::(error|warning|notice) ((?:[a-zA-Z]+=[^:,]*,?)+)::(.*)", line)
        assert match, line
        names = [part.partition("=")[0] for part in match[2].split(",")]
        assert (
            {"file", "line", "endLine", "col", "title"}
            <= set(names)
            <= {
                "file",
                "line",
                "endLine",
                "col",
                "endColumn",
                "title",
            }
        )


@BOTH
def test_jsonl_has_one_object_per_line(found: list[Diagnostic]) -> None:
    assert [each.code.id for each in found] == [json.loads(line)["code"] for line in jsonl_report(found).splitlines()]


@BOTH
def test_rdjson_has_the_shape_that_reviewdog_documents(found: list[Diagnostic]) -> None:
    document = json.loads(rdjson_report(found))

    assert {"source", "diagnostics"} == set(document)
    assert len(found) == len(document["diagnostics"])
    for each in document["diagnostics"]:
        assert {"message", "location", "severity", "code"} <= set(each)
        assert each["severity"] in {"ERROR", "WARNING", "INFO"}
        ranges = [each["location"]["range"], *(fix["range"] for fix in each.get("suggestions", []))]
        for start, end in ((each["start"], each["end"]) for each in ranges):
            assert (1, 1) <= (start["line"], start["column"]) <= (end["line"], end["column"])


def test_rdjson_counts_bytes_and_has_the_repair() -> None:
    first = json.loads(rdjson_report(ordinary()))["diagnostics"][0]
    wide = Source("p", "é😀x")
    odd = json.loads(rdjson_report([ONE.at(Span(wide, 2, 3), "m")]))["diagnostics"][0]

    assert {"start": {"line": 3, "column": 21}, "end": {"line": 3, "column": 29}} == first["location"]["range"]
    assert [{"range": first["location"]["range"], "text": '"tag:a"'}] == first["suggestions"]
    assert ["used here"] == [each["message"] for each in first["relatedLocations"]]
    assert {"line": 1, "column": 7} == odd["location"]["range"]["start"]


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_shows_hostile_text_and_does_nothing_else(text: str) -> None:
    found = ONE.at(Span(Source(f"{text}.hujson", "x"), 0, 1), text, help=text)
    lines = markdown_report([found]).split("\n")

    assert 4 == len(lines)
    assert "" == lines[3]
    row = lines[2]
    bare = re.sub(r"\\.", "", row.replace("**REF002**", ""))
    assert 5 == bare.count("|")
    assert not re.search(r"[<>`\[\]*_#~]|@(?!\u200b)|https?:|www\.", bare)


def test_markdown_says_when_nothing_was_found() -> None:
    assert "aclc found nothing to say.\n" == markdown_report([])


def test_fingerprints_stay_when_lines_move() -> None:
    before = ordinary()[0]
    moved = Source(before.span.source.name, "\n\n" + before.span.source.text)
    after = before._replace(span=Span(moved, before.span.start + 2, before.span.end + 2))

    assert fingerprints([before]) == fingerprints([after])


def test_equal_findings_have_fingerprints_of_their_own() -> None:
    found = ordinary()[0]

    assert 2 == len(set(fingerprints([found, found])))
