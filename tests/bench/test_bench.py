"""`python -m bench` measures what it says, on worlds that are what they claim to be. No test asserts a time."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aclc.check import check_source
from aclc.diagnostics import has_errors
from aclc.resolve.node_sets import indices_of
from aclc.source import Source
from aclc.tailnet.load import load_tailnet
from bench.__main__ import main, size
from bench.cold_start import ColdStart, cold_start, starts_in
from bench.measure import KINDS, Stage, any_port
from bench.report import BEGIN, DOCUMENT, END, Result, Size, best, markdown, update
from bench.scenario import scenario
from tests.reach.engine import space_of

STAGE = Stage("read the policy", 0.0123, 45_000_000, 1_200, "rules")
RESULT = Result(
    7,
    {Size(10_000, 1_000): {"compile": [STAGE, Stage("write", 1.5, 46_000_000, 2_345_678_901, "bytes")]}},
    [ColdStart("a policy", 10_240, 0.1234, 0.1, 0.09)],
    0.02,
)


@pytest.mark.parametrize(("nodes", "rules"), [(1, 1), (20, 10), (300, 100)])
def test_generated_worlds_are_accepted_and_as_large_as_asked_for(nodes: int, rules: int) -> None:
    texts = scenario(nodes, rules, 1)
    tailnet = load_tailnet(Source("tailnet.json", texts.tailnet))
    checked = check_source(Source("policy.hujson", texts.policy), tailnet.value)

    assert () == tailnet.diagnostics
    assert not has_errors(checked.diagnostics)
    assert tailnet.value is not None
    assert checked.policy is not None
    assert nodes == len(tailnet.value.nodes)
    assert rules == len(checked.policy.acls or ()) + len(checked.policy.grants or ())


def test_the_same_seed_gives_the_same_world() -> None:
    assert scenario(50, 20, 3) == scenario(50, 20, 3)
    assert scenario(50, 20, 3) != scenario(50, 20, 4)


def test_every_kind_is_measured_in_its_own_process(capfd: pytest.CaptureFixture[str]) -> None:
    assert 0 == main(["--size", "20x10", "--runs", "1", "--no-cold-start", "--json"])
    document = json.loads(capfd.readouterr().out)

    assert [(20, 10, kind) for kind in sorted(KINDS)] == [
        (world["nodes"], world["rules"], world["kind"]) for world in document["worlds"]
    ]
    stages = {stage["name"]: stage for world in document["worlds"] for stage in world["stages"]}
    assert 10 == stages["read the policy"]["output"]
    assert 20 == stages["load the tailnet"]["output"]
    assert 0 < stages["write every packet filter"]["output"] < stages["write the whole document, with peers"]["output"]
    assert all(stage["peak"] > 10_000_000 for stage in stages.values())


def test_who_reaches_whom_is_what_each_edge_says() -> None:
    texts = scenario(60, 40, 1)
    view = space_of([json.loads(texts.policy)], json.loads(texts.tailnet)).views[0]
    expected: dict[int, int] = {}
    for target in indices_of(view.live):
        sources = 0
        for edge in view.edges:
            if edge.targets >> target & 1 and not edge.is_self:
                sources |= edge.src
        expected[sources] = expected.get(sources, 0) | 1 << target

    assert expected == any_port(view)
    assert len(expected) > 10


def test_what_is_started_ends_well_and_is_as_large_as_it_says(tmp_path: Path) -> None:
    started = {start.name: start for start in starts_in(tmp_path, 1)}
    sizes = {name: start.policy.stat().st_size for name, start in started.items()}

    assert 7 == len(started)
    assert all(9_000 < size < 11_000 for name, size in sizes.items() if "10 kB" in name)
    assert [1.0] == [round(size / 1e6, 1) for name, size in sizes.items() if "1 MB" in name]
    assert all(cold_start(start, runs=1).cpu > 0 for name, start in started.items() if "10 kB" in name)


def test_sizes_are_read_as_people_write_them() -> None:
    assert (Size(10_000, 1_000), Size(7, 30)) == (size("10kx1k"), size("7×30"))


def test_a_wrong_size_is_said(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--size", "big"])

    assert 2 == ended.value.code
    assert "'big' is not NODESxRULES" in capfd.readouterr().err


def test_tables_say_what_was_measured() -> None:
    lines = markdown(RESULT).splitlines()

    assert "seed 7." in lines[0]
    assert "| 10k × 1k, compile | read the policy | 12 ms | 45 MB | 1,200 rules |" == lines[4]
    assert "|  | write | 1.50 s | 46 MB | 2.3 GB |" == lines[5]
    assert "| a policy | 10.2 kB | 123 ms | 100 ms | 90 ms |" in lines


def test_of_several_runs_the_best_counts() -> None:
    assert [STAGE._replace(seconds=1.0, peak=5)] == best(
        [[STAGE._replace(seconds=2.0, peak=5)], [STAGE._replace(seconds=1.0, peak=6)]]
    )


def test_the_document_has_a_place_for_the_tables() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    new = update(text, "TABLES\n")

    assert f"{BEGIN}\nTABLES\n{END}" in new
    assert text.partition(BEGIN)[0] == new.partition(BEGIN)[0]
