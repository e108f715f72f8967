"""Comments stay beside what they stood beside when a policy is written anew."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from aclc.check import read_source_text
from aclc.convert import in_hujson, in_language
from aclc.source import Source
from aclc.syntax.comments import hujson_comments, language_comments
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


LINES = (
    "group eng = ann@x.com, bob@x.com",
    "tag web owned by eng",
    "host lab = 10.0.0.1",
    "service https = tcp 443",
    "for t in web, db: tag $t-x",
    "allow eng -> tag web on https",
    "allow eng except bob@x.com\n    -> lab\n    on any",
    'raw nodeAttrs [\n  {"target": ["*"], "attr": ["funnel"]},\n  {"target": ["*"], "attr": ["nextdns:a"]}\n]',
    "approve route 10.0.0.0/8 by eng",
    "assert group:eng reach at most 5 nodes",
    "",
)


@given(st.data())
def test_comments_are_all_kept_wherever_they_stand(data: st.DataObject) -> None:
    lines = []
    count = 0
    for line in data.draw(st.permutations(LINES)):
        for each in line.split("\n"):
            if data.draw(st.booleans()):
                lines += [f"  # c{count}", *([""] if data.draw(st.booleans()) and each[:1] != " " else [])]
                count += 1
            behind = f"  // c{count}" if data.draw(st.booleans()) and not each.startswith("assert") else ""
            count += bool(behind)
            lines.append(f"{each}{behind}")
    text = "\n".join(lines) + "\n"
    expected = sorted(f"c{number}" for number in range(count))
    assert expected == sorted(comment for _, comment in language_comments(text))

    hujson = as_hujson(text)

    promise = "assert group:eng reach at most 5 nodes"
    assert sorted([*expected, promise]) == sorted(comment for _, comment in hujson_comments(hujson))
    back = read_source_text(Source("policy.hujson", hujson)).value
    assert back is not None
    again = in_language(back)
    assert sorted([*expected, promise]) == sorted(comment for _, comment in language_comments(again))
    assert again == in_language_twice(again)


def in_language_twice(text: str) -> str:
    """Give a text of the language after one more way through HuJSON."""
    back = read_source_text(Source("policy.hujson", as_hujson(text))).value
    assert back is not None
    return in_language(back)
