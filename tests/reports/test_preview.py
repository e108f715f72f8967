"""Documents for reviewers: whole, within their size, and no place for names to break out of."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pytest

from aclc.policy.read_hujson import read_policy
from aclc.reach.difference.diff import comparison
from aclc.reports.diff_text import diff_text
from aclc.reports.name_words import meanings
from aclc.reports.preview import Preview
from aclc.reports.preview_html import preview_html
from aclc.reports.preview_markdown import LARGEST, code, marker, preview_markdown, said
from aclc.reports.services import services_text
from aclc.reports.style import Style
from aclc.source import Source
from tests.cli.running import run
from tests.corpus import REPOSITORY
from tests.goldens import Golden
from tests.properties.strategies import Json
from tests.reach.engine import policy_of

FOLDER = "policies/startup"
CHANGE = (f"{FOLDER}/policy.hujson", f"{FOLDER}/proposed.hujson", "--at", "2026-01-01", "--isolated")
PAGE = REPOSITORY / "docs" / "preview.md"
EXAMPLE = re.compile(r"(<!-- written by aclc preview -->\n).*?(<!-- end -->)", re.DOTALL)

HOSTILE = (
    "</td><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "a|b | c",
    "`code` ``x``",
    "[x](javascript:alert(1)) @everybody #1 http://x.example",
    "--> <!-- -->",
    "\x1b[31m\u202e",
    "</details></table>",
    "```\n# big",
)


def changed(old: Json, new: Json, name: str = "new.hujson") -> Preview:
    policies = policy_of(old), policy_of(new)
    return Preview("old.hujson", name, policies, comparison(*policies), (), (), (), 0)


def hostile() -> Preview:
    """Every name hostile: hosts may be called anything, and so may files."""
    hosts = {name: f"10.0.0.{number}" for number, name in enumerate(HOSTILE, 1)}
    rules = [{"src": [name], "dst": ["*"], "ip": [f"tcp:{number}"]} for number, name in enumerate(HOSTILE, 1)]
    app = [{"src": ["*"], "dst": [name], "app": {"example.com/cap/" + name: [{name: name}]}} for name in HOSTILE]
    texts = ('{"grants": []}', json.dumps({"hosts": hosts, "grants": [*rules, *app]}))
    old, new = (read_policy(Source("policy.hujson", text)).value for text in texts)
    assert old is not None
    assert new is not None
    return Preview("old.hujson", HOSTILE[0], (old, new), comparison(old, new), (), (), (), 0)


def test_the_example_in_the_documentation_is_what_it_writes(request: pytest.FixtureRequest) -> None:
    done = run("preview", *CHANGE, folder=REPOSITORY)
    page = PAGE.read_text(encoding="utf-8")
    expected = EXAMPLE.sub(lambda found: found[1] + done.out + found[2], page)

    assert (1, "") == (done.code, done.err)
    if request.config.getoption("--update-goldens"):
        PAGE.write_text(expected, encoding="utf-8")
    else:
        assert expected == page, "docs/preview.md is out of date: pytest --update-goldens tests/reports/test_preview.py"


def test_the_page_of_the_example(golden: Golden) -> None:
    golden("preview/startup.html", run("preview", *CHANGE, "--format", "html", folder=REPOSITORY).out)


def test_what_changes_nothing_is_short_and_says_so() -> None:
    rule = {"src": ["*"], "dst": ["*"], "ip": ["tcp:22"]}
    text = preview_markdown(changed({"grants": [rule]}, {"grants": [rule, rule]}))

    assert "### ✅ No change in access \\(proven for every tailnet\\)." in text
    assert "|" not in text
    assert "mermaid" not in text


def test_nothing_is_called_proven_that_is_not_covered() -> None:
    found = changed({"grants": []}, {"grants": []})
    assert found.comparison is not None
    doubted = found.comparison.diff._replace(doubts=("what is wrong opens nothing here",))
    found = found._replace(comparison=found.comparison._replace(diff=doubted))

    for text in (preview_markdown(found), preview_html(found)):
        assert "Worked out for every tailnet" in text
        assert "Proven" not in text


def test_a_column_that_is_empty_is_left_out() -> None:
    old, direct, chain = (
        {"tagOwners": {"tag:a": [], "tag:b": owners, "tag:c": above}}
        for owners, above in (([], []), (["autogroup:admin"], []), (["tag:c"], ["autogroup:admin"]))
    )

    for each in (preview_html, preview_markdown):
        assert "By owning" not in each(changed(old, direct))
        assert "By owning" in each(changed(old, chain))


def test_no_list_is_folded_for_one_or_two_names() -> None:
    def listing(count: int) -> str:
        owned = {f"tag:t{number:02}": ["autogroup:admin"] for number in range(count)}
        return preview_html(changed({"tagOwners": {}}, {"tagOwners": owned}))

    assert "<summary>and " not in listing(14)
    assert "<summary>and 3 more" in listing(15)


def test_what_listens_on_a_port_goes_by_the_protocol() -> None:
    assert "tcp 5432 (PostgreSQL) · udp 53 (DNS), 5432" == services_text(
        [(6, 5432, 5432), (17, 53, 53), (17, 5432, 5432)], plain=True
    )
    assert "tcp+udp 22 (SSH)" == services_text([(6, 22, 22), (17, 22, 22)], plain=True)


def test_a_comment_about_a_policy_is_found_again() -> None:
    assert "<!-- aclc preview a/policy.hujson -->" == marker("a/policy.hujson")
    assert "-->" not in marker("x --> <!--").removesuffix(" -->")
    assert preview_markdown(changed({"grants": []}, {"grants": []})).startswith(marker("new.hujson") + "\n")


def many(count: int) -> Preview:
    """A change with many rows."""
    rules = [
        {"src": [f"user{number}@example.com"], "dst": [f"10.0.{number}.1"], "ip": [f"tcp:{number + 1}"]}
        for number in range(count)
    ]
    return changed({"grants": []}, {"grants": rules})


def test_long_tables_are_folded_and_complete() -> None:
    text = preview_markdown(many(30))

    assert "<details><summary>30 changes</summary>" in text
    assert 30 == sum("user" in line for line in text.splitlines() if line.startswith("| \N{HEAVY PLUS SIGN}"))
    assert "left out" not in text.partition("```mermaid")[0]


def test_what_does_not_fit_is_left_out_and_counted() -> None:
    few = many(30)
    assert few.comparison is not None
    difference = few.comparison.diff._replace(network=few.comparison.diff.network * 40)
    found = few._replace(comparison=few.comparison._replace(diff=difference))
    text = preview_markdown(found)
    shown = sum("user" in line for line in text.splitlines() if line.startswith("| \N{HEAVY PLUS SIGN}"))

    assert len(text.encode()) <= LARGEST
    assert 0 < shown < 1200
    assert f"**{1200 - shown:,} more rows are left out here: `aclc diff` has them all.**" in text


def test_markdown_shows_hostile_names_as_text() -> None:
    text = preview_markdown(hostile())

    plain = re.sub(r"`[^`\n]*`", "", text.replace("\\`", ""))
    assert "<script" not in plain
    assert "<img" not in plain
    assert plain.count("<details>") == plain.count("</details>") > 0
    assert "\x1b" not in text
    assert "\u202e" not in text
    for line in text.splitlines():
        if line.startswith("| \N{HEAVY PLUS SIGN}"):
            cells = re.split(r"(?<!\\)\|", line)
            assert len(cells) in {6, 7}, line


@pytest.mark.parametrize("text", HOSTILE)
def test_code_stays_in_its_cell(text: str) -> None:
    shown = code(text)

    assert "\n" not in shown
    assert not re.search(r"(?<!\\)\|", shown)
    is_span = shown.startswith("`") and shown.endswith("`")
    assert not re.search(r"(?<!\\)`", shown[1:-1] if is_span else shown)
    assert is_span or not re.search(r"(?<!\\)[<>\[\]*_]", shown)


def test_messages_keep_their_names_as_code() -> None:
    assert "group `group:a` is never used" == said("group `group:a` is never used")
    assert "a \\` b" == said("a ` b")


class Tags(HTMLParser):
    """Collects the tags of a page, and holds that they nest."""

    VOID = frozenset({"meta", "input", "br", "path", "rect", "col"})

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert tag == self.open.pop()


@pytest.mark.parametrize("kind", ["hostile", "many", "nothing"])
def test_pages_load_nothing_and_show_names_as_text(kind: str) -> None:
    found = hostile() if kind == "hostile" else many(60) if kind == "many" else changed({"acls": []}, {"acls": []})
    text = preview_html(found)
    page = Tags()
    page.feed(text)

    assert not page.open
    assert 1 == sum(tag == "script" for tag, _ in page.found)
    assert not [tag for tag, _ in page.found if tag in {"img", "link", "iframe", "object", "embed", "base", "form"}]
    assert not [attributes for _, attributes in page.found if any(name.startswith("on") for name in attributes)]
    links = {attributes["href"] or "" for _, attributes in page.found if "href" in attributes}
    names = {attributes["id"] for _, attributes in page.found if "id" in attributes}
    assert {link.removeprefix("#") for link in links} <= names
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_every_field_has_a_label_and_every_table_a_heading() -> None:
    page = Tags()
    page.feed(preview_html(many(60)))
    labelled = {attributes["for"] for tag, attributes in page.found if tag == "label"}
    fields = {attributes["id"] for tag, attributes in page.found if tag in {"input", "select"}}

    assert fields == labelled
    assert all("scope" in attributes for tag, attributes in page.found if tag == "th")


def test_names_are_explained() -> None:
    policy = policy_of(
        {
            "groups": {"group:eng": ["a@example.com"]},
            "tagOwners": {"tag:web": ["group:eng"], "tag:db": []},
            "hosts": {"vpc": "10.0.0.0/8"},
            "grants": [],
        }
    )
    names = ["group:eng except tag:web", "tag:db (but not their own devices)", "vpc (through tag:web)", "*"]
    names += ["group:eng (other people's devices)", "group:eng (without posture:new)"]
    found = dict(meanings(names, ["ping"], [policy]))

    assert "people: a@example.com" == found["group:eng"]
    assert "machines that carry the tag web, which group:eng may apply" == found["tag:web"]
    assert "machines that carry the tag db, which only admins may apply" == found["tag:db"]
    assert "the address 10.0.0.0/8" == found["vpc"]
    assert {"*", "… except …", "… (through …)", "… (without …)", "ping"} < set(found)
    assert {"… (but not their own devices)", "… (other people's devices)"} < set(found)
    assert "tag:db (but" not in "".join(found)


def test_a_picture_names_the_rules_of_the_policy_that_a_line_comes_from() -> None:
    """What is lost was given by the old policy, which may have more rules."""
    tags: dict[str, Json] = {"tagOwners": {f"tag:{letter}": [] for letter in "abc"}}
    rules = [{"src": [f"tag:{one}"], "dst": [f"tag:{two}"], "ip": ["tcp:1"]} for one, two in ("ab", "bc", "ca")]
    old, new = ({**tags, "grants": rules}, {**tags, "grants": rules[:1]})
    texts = (json.dumps(old, indent=1), json.dumps(new, indent=1))
    policies = [read_policy(Source(name, text)).value for name, text in zip(("old", "new"), texts, strict=True)]
    assert policies[0] is not None
    assert policies[1] is not None
    found = Preview("old", "new", (policies[0], policies[1]), comparison(policies[0], policies[1]), (), (), (), 0)
    lines = [texts[0][: texts[0].index(f'"src": [\n    "tag:{letter}"')].count("\n") for letter in "bc"]

    titles = re.findall(r'<g class="pill lost"[^>]*><title>([^<]*)</title>', preview_html(found))
    assert sorted(titles) == [f"tcp 1 (old:{line})" for line in sorted(lines)]


def test_names_with_exceptions_are_whole_and_kept_apart() -> None:
    """A condition that is cut off would say something else."""
    people = [f"somebody-with-a-long-name-{number}@example.com" for number in range(3)]
    everybody = [*people, *(f"{name}@example.com" for name in "abcdefgh")]
    groups = {"groups": {"group:eng": everybody}, "tagOwners": {"tag:db": []}}
    rule = {"src": people, "dst": ["tag:db"], "ip": ["*"]}
    wide = {**rule, "src": ["group:eng", "tag:db"]}
    found = changed({**groups, "grants": [rule]}, {**groups, "grants": [rule, wide]})

    assert f"`group:eng except {', '.join(people)}`, `tag:db`" in preview_markdown(found)
    assert found.comparison is not None
    text = "".join(diff_text(found.comparison.diff, Style()))
    assert f"  + group:eng except {', '.join(people)}; tag:db -> tag:db : any port\n" in text
