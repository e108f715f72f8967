"""Comments stay beside what they stood beside when a policy is written anew."""

from __future__ import annotations

from aclc.check import read_source_text
from aclc.convert import in_hujson, in_language
from aclc.source import Source
from aclc.syntax.hujson_format import format_hujson
from tests.policy.language_texts import Memory


def as_hujson(text: str, **files: str) -> str:
    memory = Memory({f"{name}.aclc": each for name, each in files.items()})
    policy = read_source_text(Source("policy.aclc", text, memory)).value
    assert policy is not None
    return in_hujson(policy)


def there_and_back(text: str) -> str:
    """Give HuJSON that went to the language and back."""
    policy = read_source_text(Source("policy.hujson", text)).value
    assert policy is not None
    return as_hujson(in_language(policy))


TEXT = """\
# The policy of a small company.

# People.

# Ask Ann about them.
group eng = ann@x.com  # all two of them
group ops = bob@x.com

allow eng -> ops on any  # for now
# At the end.
"""


def test_a_comment_behind_a_statement_stays_behind_it_and_gaps_stay() -> None:
    assert """{
	"groups": {
		// The policy of a small company.

		// People.

		// Ask Ann about them.
		"group:eng": ["ann@x.com"], // all two of them
		"group:ops": ["bob@x.com"],
	},
	"grants": [
		{"src": ["group:eng"], "dst": ["group:ops"], "ip": ["*"]}, // for now
	],
	// At the end.
}
""" == as_hujson(TEXT)


def test_they_come_back_to_the_same_place() -> None:
    policy = read_source_text(Source("policy.aclc", TEXT)).value
    assert policy is not None
    hujson = in_hujson(policy)
    back = read_source_text(Source("policy.hujson", hujson)).value
    assert back is not None

    # In between, sections are apart by a blank line.
    assert TEXT == in_language(back)


def test_comments_of_a_file_that_only_includes_others_stand_above_what_it_includes() -> None:
    text = """\
# Who owns what.

# The web team.
module web from "web.aclc" owns tag web
# Everybody.
include "all.aclc"
"""

    written = as_hujson(text, web="# Web.\ntag web\n", all="# All.\nhost h = 10.0.0.1\n")

    lines = [line.strip() for line in written.splitlines()]
    at = lines.index('"tag:web": [],')
    assert ["// Who owns what.", "", "// The web team.", "", "// Web."] == lines[at - 5 : at]
    at = lines.index('"h": "10.0.0.1",')
    assert ["// Everybody.", "", "// All."] == lines[at - 3 : at]


def test_promises_become_comments_where_they_stood() -> None:
    text = "tag web\n# Nobody.\nassert nobody never reach tag:web\ntag db\n".replace("nobody", "tag:db")

    written = as_hujson(text)

    assert '// Nobody.\n\t\t// assert tag:db never reach tag:web\n\t\t"tag:db":' in written


def test_comments_of_hujson_come_back_to_where_they_were() -> None:
    text = """{
	// Rules.
	"grants": [
		// One.

		// Two.
		{"src": ["ann@x.com"], "dst": ["10.0.0.1"], "ip": ["*"]}, // behind
		{"src": ["ann@x.com"], "dst": ["10.0.0.2"], "ip": ["*"]},
		// The end.
	],
}
"""
    assert text == format_hujson(text)

    expected = text.replace('\t// Rules.\n\t"grants": [\n', '\t"grants": [\n\t\t// Rules.\n\n')
    assert expected.replace("\t\t// The end.\n\t],", "\t],\n\t// The end.") == there_and_back(text)
