"""Pictures in every form: whole, well-formed, and no place for names to break out of."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from aclc.reach.graph.service_sets import Services
from aclc.reach.graph.space import View
from aclc.reach.pictures.picture import Box, Flow, Picture
from aclc.reports.graph import FORMATS, graph_report, left_out
from aclc.reports.graph_dot import dot
from aclc.reports.graph_labels import MOST_LINES, box_lines, folded, name_lines
from aclc.reports.graph_mermaid import mermaid
from aclc.reports.graph_svg import svg
from tests.cli.running import run
from tests.corpus import REPOSITORY
from tests.goldens import Golden
from tests.reach.engine import space_of
from tests.reports.schemas import GRAPH

STARTUP = "policies/startup/policy.hujson"
NODES = ("--nodes", "--tailnet", "policies/startup/tailnet.json", "--from", "group:eng", "--depth", "2")
TCP: Services = ((6, 443, 443),)

HOSTILE = (
    '"]; click b0 "javascript:alert(1)',
    "</text><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "]]> & &lt; \x1b[31m \u202e",
    '\\" label="x',
    "1. list",
    "- list",
    "`code` **bold** [x](http://x.example) @here #1",
    "--> f0",
    "%%{init: {}}%%",
)


@pytest.fixture
def view() -> View:
    return space_of([{"grants": []}], {"schema_version": 1, "nodes": []}).views[0]


def hostile() -> Picture:
    boxes = [Box("other", (name,)) for name in HOSTILE]
    flows = [Flow((at,), (at + 1,), TCP, own=False, grants=()) for at in range(len(boxes) - 1)]
    return Picture(tuple(boxes), tuple(flows))


@pytest.mark.parametrize("kind", FORMATS)
def test_the_start_up(golden: Golden, kind: str) -> None:
    done = run("graph", STARTUP, "--format", kind, folder=REPOSITORY)

    assert (0, "") == (done.code, done.err)
    if kind == "json":
        GRAPH.validate(json.loads(done.out))
    golden(f"graph/startup.{kind}", done.out)


def test_nodes_with_a_focus(golden: Golden) -> None:
    golden("graph/startup-nodes.mermaid", run("graph", STARTUP, "--format", "mermaid", *NODES, folder=REPOSITORY).out)


def test_a_file_is_written_where_one_is_named(tmp_path: Path) -> None:
    done = run("graph", STARTUP, "--format", "svg", "-o", str(tmp_path / "a.svg"), folder=REPOSITORY)

    assert (0, "") == (done.code, done.out)
    assert (tmp_path / "a.svg").read_text() == run("graph", STARTUP, "--format", "svg", folder=REPOSITORY).out


def test_nodes_need_a_tailnet() -> None:
    assert 2 == run("graph", STARTUP, "--nodes", folder=REPOSITORY).code


def test_what_is_left_out_is_said_in_every_form(view: View) -> None:
    found = Picture((), (), 3)
    for kind in FORMATS:
        text = graph_report(found, view, kind, "p", None)
        assert "left_out" in text if kind == "json" else "3 more connections are not drawn" in text


def test_nothing_to_draw_is_said() -> None:
    assert ["No rule opens anything here."] == left_out(Picture((), ()))


def test_svg_shows_hostile_names_as_text() -> None:
    root = ET.fromstring(svg(hostile()))
    tags = {element.tag.rpartition("}")[2] for element in root.iter()}

    assert {"svg", "style", "rect", "g", "title", "text", "path"} == tags
    texts = {"".join(element.itertext()) for element in root.iter() if element.tag.endswith("text")}
    assert "<img src=x onerror=alert(1)>" in texts


class Tags(HTMLParser):
    """Collects the tags of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_html_shows_hostile_names_as_text_and_loads_nothing(view: View) -> None:
    text = graph_report(hostile(), view, "html", HOSTILE[1], None)
    page = Tags()
    page.feed(text)

    assert 1 == sum(tag == "script" for tag, _ in page.found)
    assert not [tag for tag, _ in page.found if tag in {"img", "link", "iframe", "object", "embed", "base", "form"}]
    assert not [attributes for _, attributes in page.found if any(name.startswith("on") for name in attributes)]
    assert {"#content"} == {attributes["href"] for _, attributes in page.found if "href" in attributes}
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_mermaid_labels_end_where_they_should() -> None:
    for line in mermaid(hostile()).splitlines():
        labels = re.findall(r'"([^"]*)"', line)
        assert line.count('"') == 2 * len(labels)
        for label in labels:
            rest = re.sub(r"#\d+;|<br/>", "", label)
            assert not set(rest) & set("#<>[]{}|`*_%&;\\")
            assert not re.match(r"\d|[-+]", rest) or label[0] == "#"


@pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed")
def test_graphviz_draws_hostile_names() -> None:
    done = subprocess.run(
        ["dot", "-Tplain"], input=dot(hostile()).encode(), capture_output=True, timeout=30, check=False
    )
    assert (0, b"") == (done.returncode, done.stderr)
    assert len(HOSTILE) == sum(line.startswith(b"node b") for line in done.stdout.splitlines())


def test_whoever_knows_no_variables_of_css_draws_it_in_colour() -> None:
    """Editors and converters that know none would make every box black."""
    assert "var(" not in svg(hostile())


def test_boxes_that_are_drawn_twice_are_explained() -> None:
    loop = Picture((Box("people", ("group:a",)),), (Flow((0,), (0,), TCP, own=False, grants=()),))
    many = tuple(f"tag:{letter}" for letter in "abcde")
    crowd = Picture(
        (Box("people", ("group:a",)), Box("machines", ("tag:a",)), Box("machines", many)),
        (Flow((0,), (1,), TCP, own=False, grants=()), Flow((0,), (2,), TCP, own=False, grants=())),
    )
    plain = Picture(crowd.boxes[:2], crowd.flows[:1])

    assert [True, True, False] == ["drawn elsewhere too" in svg(each) for each in (loop, crowd, plain)]
    assert all(f">{word}</text>" in svg(plain) for word in ("people", "machines"))
    assert ">people</text>" not in svg(loop)


def test_a_long_name_goes_on_in_the_next_line() -> None:
    name = "autogroup:internet (through tag:exit-amsterdam or tag:exit-boston or tag:exit-tokyo)"

    assert [
        "autogroup:internet",
        "  (through tag:exit-amsterdam or",
        "  tag:exit-boston or tag:exit-tokyo)",
    ] == name_lines(name)
    assert ["tag:short (through tag:router)"] == name_lines("tag:short (through tag:router)")
    assert ["someone-with-a-very-long-na…ration.example"] == name_lines(
        "someone-with-a-very-long-name-indeed@a-very-long-corporation.example"
    )
    assert MOST_LINES == len(name_lines("tag:x or " * 100))


def test_json_has_everything(view: View) -> None:
    found = json.loads(graph_report(hostile(), view, "json", "p", "example.com"))

    GRAPH.validate(found)
    assert (1, "example.com", 0) == (found["schema_version"], found["tailnet"], found["left_out"])
    assert [[name] for name in HOSTILE] == [box["names"] for box in found["boxes"]]


def test_long_boxes_and_many_ports_are_folded() -> None:
    many = tuple((6, port, port) for port in range(1000, 1100, 10))

    assert ["a", "b", "c", "d", "and 4 more"] == box_lines(Box("other", tuple("abcdefgh")))
    assert "tcp 1000,1010,1020 +7" == folded(many)
    assert "tcp 22,80,90,443" == folded(((6, 22, 22), (6, 80, 80), (6, 90, 90), (6, 443, 443)))
