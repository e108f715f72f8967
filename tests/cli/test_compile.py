"""`aclc compile`: what it writes, where, and that it writes nothing where something is wrong."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import aclc, piped, run
from tests.reports.schemas import COMPILE

POLICY = """{
	"tagOwners": {"tag:web": ["autogroup:admin"]},
	"grants": [{"src": ["autogroup:member"], "dst": ["tag:web"], "ip": ["tcp:443"]}],
	"tests": [{"src": "a@example.com", "accept": ["tag:web:443"], "deny": ["tag:web:22"]}],
}
"""

NAMES = ("laptop", "web", "../evil", ".hidden", "Web", "läptop", "a/b", "x" * 130, "\x1b[31m", "con")


def tailnet(*names: str) -> str:
    """Give a tailnet file with a node of each name; the first belongs to a person."""
    nodes: list[dict[str, Any]] = [
        {"name": name, "tags": ["tag:web"], "addresses": [f"100.64.{number >> 8}.{number & 255}"]}
        for number, name in enumerate(names, 1)
    ]
    nodes[0] = {"name": names[0], "user": "a@example.com", "addresses": ["100.64.0.1"]}
    facts = {"schema_version": 1, "tailnet": "example.com", "users": [{"login": "a@example.com"}], "nodes": nodes}
    return json.dumps(facts, indent=1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a policy and a tailnet of two nodes."""
    (tmp_path / "policy.hujson").write_text(POLICY)
    (tmp_path / "net.json").write_text(tailnet("laptop", "web"))
    return tmp_path


def files(folder: Path) -> list[str]:
    """Give the names of what is in a folder, hidden files too."""
    return sorted(each.name for each in folder.iterdir())


def test_all_nodes_go_to_standard_output_as_one_document(folder: Path) -> None:
    done = aclc("compile", "--tailnet", "net.json", folder=folder)
    document = json.loads(done.stdout)

    COMPILE.validate(document)
    assert (0, b"") == (done.returncode, done.stderr)
    assert ["laptop", "web"] == list(document["nodes"])
    (rule,) = document["nodes"]["web"]["packet_filter"]
    assert (["100.64.0.1"], [6], 443) == (rule["SrcIPs"], rule["IPProto"], rule["DstPorts"][0]["Ports"]["First"])


def test_standard_input_is_a_policy_or_a_tailnet(folder: Path) -> None:
    whole = run("compile", "--tailnet", "net.json", folder=folder)

    assert whole == run("compile", "-", "--tailnet", "net.json", folder=folder, stdin=POLICY.encode())
    assert whole == run("compile", "--tailnet", "-", folder=folder, stdin=(folder / "net.json").read_bytes())


def test_chosen_nodes_come_once_and_in_the_order_of_the_tailnet(folder: Path) -> None:
    done = run("compile", "--tailnet", "net.json", *("--node", "web") * 2, "--node", "laptop", folder=folder)

    assert ["laptop", "web"] == list(json.loads(done.out)["nodes"])
    assert 1 == done.out.count('"web":{')


def test_a_wrong_node_is_answered_with_the_nearest(folder: Path) -> None:
    done = run("compile", "--tailnet", "net.json", "--node", "wbe", folder=folder)

    assert (2, "") == done[:2]
    assert "Error: no node `wbe` in the tailnet; did you mean `web`?\n" == done.err


def test_a_folder_gets_one_document_per_node(folder: Path) -> None:
    done = run("compile", "--tailnet", "net.json", "-o", "rules/new", folder=folder)
    whole = json.loads(run("compile", "--tailnet", "net.json", folder=folder).out)

    assert (0, "", "Wrote 2 node files to rules/new.\n") == done
    assert ["laptop.json", "web.json"] == files(folder / "rules" / "new")
    for name in ("laptop", "web"):
        document = json.loads((folder / "rules" / "new" / f"{name}.json").read_text())
        COMPILE.validate(document)
        assert {**whole, "nodes": {name: whole["nodes"][name]}} == document


def test_file_names_stay_in_the_folder_and_apart(folder: Path) -> None:
    (folder / "net.json").write_text(tailnet(*NAMES))

    done = run("compile", "--tailnet", "net.json", "-o", "out", folder=folder)

    assert 0 == done.code
    expected = ["laptop", "web~2", "%2E.%2Fevil", "%2Ehidden", "Web~5", "l%C3%A4ptop", "a%2Fb", "x" * 120 + "~8"]
    assert sorted(f"{each}.json" for each in [*expected, "%1B%5B31m", "con"]) == files(folder / "out")
    assert ["net.json", "out", "policy.hujson"] == files(folder)
    assert ["Web"] == list(json.loads((folder / "out" / "Web~5.json").read_text())["nodes"])


def test_a_node_has_the_same_file_whatever_else_is_written(folder: Path) -> None:
    (folder / "net.json").write_text(tailnet(*NAMES))

    run("compile", "--tailnet", "net.json", "-o", "some", "--node", "Web", folder=folder)

    assert ["Web~5.json"] == files(folder / "some")


def test_files_are_replaced_and_those_of_lost_nodes_are_named(folder: Path) -> None:
    out = folder / "out"
    out.mkdir()
    for name in ("web.json", "gone.json", "notes.txt"):
        (out / name).write_text("old")
    (out / "web.json").chmod(0o640)

    done = run("compile", "--tailnet", "net.json", "-o", "out", folder=folder)

    assert "Warning: out also holds files of no node of this tailnet: gone.json" == done.err.splitlines()[-1]
    assert json.loads((out / "web.json").read_text())["schema_version"] == 1
    assert 0o640 == stat.S_IMODE((out / "web.json").stat().st_mode)
    assert ["gone.json", "laptop.json", "notes.txt", "web.json"] == files(out)


def test_a_link_is_followed(folder: Path) -> None:
    out = folder / "out"
    out.mkdir()
    (folder / "real.json").write_text("old")
    (out / "web.json").symlink_to(folder / "real.json")

    run("compile", "--tailnet", "net.json", "-o", "out", folder=folder)

    assert (out / "web.json").is_symlink()
    assert "schema_version" in (folder / "real.json").read_text()


def test_quiet_says_nothing(folder: Path) -> None:
    assert (0, "", "") == run("compile", "--tailnet", "net.json", "-o", "out", "-q", folder=folder)


@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    [
        ("policy.hujson", '{"tag:web": [', '{"tag:wbe": [', "undefined-tag"),
        ("policy.hujson", '"deny": ["tag:web:22"]', '"deny": ["tag:web:443"]', "test-fails"),
        ("policy.hujson", "}\n", "", "error SYN"),
        ("net.json", "100.64.0.2", "100.64.0.1", "tailnet"),
        ("net.json", "{", "[", "error SYN"),
    ],
    ids=["policy", "its tests", "its syntax", "tailnet", "its syntax "],
)
def test_an_error_leaves_everything_as_it_was(folder: Path, name: str, old: str, new: str, words: str) -> None:
    out = folder / "out"
    out.mkdir()
    (out / "web.json").write_text("old")
    text = (folder / name).read_text()
    assert old in text
    (folder / name).write_text(text.replace(old, new))

    done = run("compile", "--tailnet", "net.json", "-o", "out", folder=folder)

    assert (1, "") == done[:2]
    assert words in done.err
    assert done.err.endswith("Nothing was compiled.\n")
    assert ["web.json"] == files(out)
    assert "old" == (out / "web.json").read_text()


def test_doubts_about_the_tailnet_are_told(folder: Path) -> None:
    (folder / "net.json").write_text(tailnet("laptop", "web").replace('"tailnet"', '"colour": "red", "tailnet"'))

    done = run("compile", "--tailnet", "net.json", folder=folder)

    assert 0 == done.code
    assert "warning TLN005" in done.err
    COMPILE.validate(json.loads(done.out))
    assert "" == run("compile", "--tailnet", "net.json", "-q", folder=folder).err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "Missing option '--tailnet'"),
        (("--tailnet", "missing.json"), "missing.json: no such file"),
        (("missing.hujson", "--tailnet", "net.json"), "missing.hujson: no such file"),
        (("", "--tailnet", "net.json"), "name is empty"),
        (("--tailnet", "net.json", "-o", "net.json"), "is no folder"),
        (("--tailnet", "net.json", "-o", "new.json"), "names a folder"),
        (("--tailnet", "net.json", "-o", "policy.hujson/x"), "policy.hujson/x: cannot be made"),
        (("--tailnet", "net.json", "--format", "xml"), "'xml' is not"),
        (("--tailnet", "net.json", "--node", ""), "no node ``"),
    ],
    ids=lambda value: " ".join(value)[:40] if isinstance(value, tuple) else "",
)
def test_wrong_use_exits_2_and_says_what_is_wrong(folder: Path, arguments: tuple[str, ...], words: str) -> None:
    done = run("compile", *arguments, folder=folder)

    assert (2, "") == done[:2]
    assert words in done.err
    assert ["net.json", "policy.hujson"] == files(folder)


def test_a_folder_that_cannot_be_written_is_said(folder: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    (folder / "out").mkdir(mode=0o500)

    done = run("compile", "--tailnet", "net.json", "-o", "out", folder=folder)

    assert 2 == done.code
    assert "cannot be written: Permission denied" in done.err


def test_a_reader_that_goes_away_is_no_fault_but_not_clean(folder: Path) -> None:
    # WHY so many: what a pipe takes at once (64 KiB) could all be written before the reader goes.
    (folder / "net.json").write_text(tailnet(*(f"n{number}" for number in range(1000))))

    done = piped("aclc compile --tailnet net.json | head -c 10", folder)

    assert (141, b'{"schema_v', b"") == (done.returncode, done.stdout, done.stderr)


PROMISING = """group eng = a@example.com
tag web owned by eng
allow eng -> tag web on tcp 443
assert eng never reach tag web
"""


def test_a_broken_promise_is_told_and_stops_nothing(folder: Path) -> None:
    (folder / "policy.aclc").write_text(PROMISING)
    done = run("compile", "policy.aclc", "--tailnet", "net.json", folder=folder)
    assert 0 == done.code
    assert ["laptop", "web"] == list(json.loads(done.out)["nodes"])
    assert done.err.startswith("policy.aclc:4:8: error PRP001 forbidden-reach: broken:")
    assert done.err.endswith(
        "Compiled all the same: no control plane knows promises. `aclc check` fails for them.\n",
    )
    assert 1 == run("check", "policy.aclc", "--tailnet", "net.json", folder=folder).code

    silenced = PROMISING.replace("assert", '# aclc: ignore=forbidden-reach reason="until the move"\nassert')
    (folder / "policy.aclc").write_text(silenced)
    again = run("compile", "policy.aclc", "--tailnet", "net.json", folder=folder)
    assert (0, "") == (again.code, again.err)


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("policy.aclc", "# aclc: ignore-file=LNG002\n" + PROMISING.replace("eng ->", "engg ->"), "LNG002"),
        ("policy.hujson", "// aclc: ignore-file=TST004\n" + POLICY.replace("web:22", "web:443"), "TST004"),
        ("policy.hujson", "// aclc: ignore-file=REF002\n" + POLICY.replace('dst": ["tag', 'dst": ["tag:no-'), "REF002"),
    ],
)
def test_what_is_in_no_policy_and_what_is_refused_compiles_to_nothing(
    folder: Path, name: str, text: str, code: str
) -> None:
    (folder / name).write_text(text)
    done = run("compile", name, "--tailnet", "net.json", folder=folder)
    assert (1, "") == (done.code, done.out)
    assert f" error {code} " in done.err
    assert done.err.endswith("Nothing was compiled.\n")
