"""Every report for a machine keeps to the form that its readers publish, whatever is found.

`sarif-schema-2.1.0.json` and `junit-10.xsd` are the published schemas. GitLab, Reviewdog and Checkstyle publish none,
or one that takes nearly anything: `gitlab-code-quality.schema.json`, `rdjson.schema.json` and `checkstyle.xsd` are what
their documentation says, and no key beyond it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import jsonschema
import pytest
import xmlschema

from aclc.check import check_source
from aclc.cli.included_files import FolderFiles
from aclc.diagnostics import Diagnostic
from aclc.lint.catalogue import catalogue
from aclc.lint.selection import Selection
from aclc.reports.checkstyle import checkstyle_report
from aclc.reports.gitlab import gitlab_report
from aclc.reports.junit import junit_report
from aclc.reports.rdjson import rdjson_report
from aclc.reports.sarif import sarif_report
from aclc.source import Source
from tests.corpus import REPOSITORY, corpus_files, needs_corpus
from tests.reports.samples import hostile, ordinary

BAD_EXAMPLE = re.compile(r"^```hujson bad\n(.*?)^```", re.DOTALL | re.MULTILINE)

Check = Callable[[Sequence[Diagnostic]], None]


def _json(name: str, report: Callable[[Sequence[Diagnostic]], str]) -> Check:
    schema = json.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    validator = kind(schema, format_checker=jsonschema.FormatChecker())
    return lambda found: validator.validate(json.loads(report(found)))


def _xml(name: str, report: Callable[[Sequence[Diagnostic]], str]) -> Check:
    schema = xmlschema.XMLSchema11(str(Path(__file__).with_name(name)))
    return lambda found: schema.validate(report(found))


CHECKS = {
    "sarif": _json("sarif-schema-2.1.0.json", sarif_report),
    "gitlab": _json("gitlab-code-quality.schema.json", gitlab_report),
    "rdjson": _json("rdjson.schema.json", rdjson_report),
    "checkstyle": _xml("checkstyle.xsd", checkstyle_report),
    "junit": _xml("junit-10.xsd", lambda found: junit_report(found, [each.span.source.name for each in found])),
}
FORMATS = pytest.mark.parametrize("check", [pytest.param(each, id=name) for name, each in CHECKS.items()])


def _examples() -> Iterator[Diagnostic]:
    """Give what is found in the worked examples and in every bad example of a rule's page."""
    for path in sorted((REPOSITORY / "policies").rglob("*")):
        if path.suffix in {".hujson", ".aclc"} and path.name != "properties.aclc":
            name = str(path.relative_to(REPOSITORY))
            text = path.read_text(encoding="utf-8")
            files = FolderFiles(str(path.parent))
            yield from check_source(Source(name, text, files), selection=Selection("strict")).diagnostics
    for entry in catalogue():
        for number, text in enumerate(BAD_EXAMPLE.findall(entry.page)):
            source = Source(f"{entry.slug}-{number}.hujson", text)
            yield from check_source(source, selection=Selection("strict")).diagnostics


@FORMATS
def test_ordinary_and_hostile_findings(check: Check) -> None:
    check([])
    check(ordinary())
    check(hostile())


@FORMATS
def test_findings_of_every_kind(check: Check) -> None:
    found = list(_examples())
    assert len({each.code for each in found}) > 150
    check(found)


@FORMATS
@needs_corpus
def test_findings_of_real_policies(check: Check) -> None:
    for path in corpus_files("policies/head/*")[::2]:
        check(check_source(Source.from_bytes(path.name, path.read_bytes())).diagnostics)


@pytest.mark.parametrize(
    ("name", "document"),
    [
        ("gitlab-code-quality.schema.json", '[{"description": "m", "severity": "high"}]'),
        ("rdjson.schema.json", '{"source": {"name": "aclc"}, "diagnostics": [{"message": "m", "level": "ERROR"}]}'),
    ],
)
def test_the_schemas_refuse_what_no_reader_takes(name: str, document: str) -> None:
    with pytest.raises(jsonschema.ValidationError):
        _json(name, lambda _: document)([])


@pytest.mark.parametrize(
    "document",
    [
        '<file name="a"><error line="0" column="1" severity="error" message="m" source="aclc.SEC001.x"/></file>',
        '<file name="a"><error line="1" column="1" severity="fatal" message="m" source="aclc.SEC001.x"/></file>',
        '<file name="a"/>',
        '<error line="1"/>',
    ],
)
def test_the_xml_schema_refuses_what_no_reader_takes(document: str) -> None:
    with pytest.raises(xmlschema.XMLSchemaValidationError):
        _xml("checkstyle.xsd", lambda _: f'<checkstyle version="4.3">{document}</checkstyle>')([])
