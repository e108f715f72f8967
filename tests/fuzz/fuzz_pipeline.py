"""Send spoilt and generated policies through everything that `aclc check` and `aclc compile` do.

    python -m tests.fuzz.fuzz_pipeline --seconds 60 --seed 1

Gives exit code 0 when all went well; else shows the first policy that broke a law, and the law. The laws:

* no policy and no tailnet file makes a stage raise; a policy without an error compiles;
* every finding has one line of words and a span inside its file, and the report is written;
* a run takes less than `BOUND` seconds.

The seeds are generated worlds and, where there is a corpus, policies of real people with tailnets made for them.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from hypothesis import HealthCheck, Phase, given, seed, settings

from aclc.check import check_source
from aclc.compile import compile_policy
from aclc.diagnostics import Diagnostic, has_errors
from aclc.policy.read_hujson import read_policy
from aclc.reports.json_report import json_report
from aclc.reports.text import Style, text_report
from aclc.source import Source
from aclc.syntax.hujson_document import HujsonDocument
from aclc.tailnet.load import load_tailnet
from tests.corpus import corpus_files
from tests.fuzz.mutations import spoil_text, spoil_tree
from tests.properties.oracle import World
from tests.properties.renderings import hujson
from tests.properties.strategies import worlds
from tests.robustness.tailnets import tailnet_for

Json = Any

BOUND = 20.0
"""Seconds that one run may take: far more than any needs, so that only a blow-up reaches it."""


class LawError(AssertionError):
    """A law of this module is broken."""


class Case(NamedTuple):
    """What is sent through."""

    policy: str
    tailnet: str


def run(case: Case) -> bool:
    """Send one case through every stage, and tell whether it was compiled. Raises where a law is broken."""
    started = time.perf_counter()
    policy_source, tailnet_source = Source("policy.hujson", case.policy), Source("tailnet.json", case.tailnet)
    loaded = load_tailnet(tailnet_source)
    _look_at(loaded.diagnostics)
    tailnet = None if has_errors(loaded.diagnostics) else loaded.value
    checked = check_source(policy_source, tailnet)
    _look_at(checked.diagnostics)
    _look_at(check_source(policy_source).diagnostics)
    compiled = False
    if not has_errors(checked.diagnostics):
        if checked.policy is None:
            raise LawError("there is neither a policy nor an error")
        if tailnet is not None:
            outcome = compile_policy(checked.policy, tailnet)
            _look_at(outcome.diagnostics)
            if outcome.value is None:
                raise LawError("a policy without an error does not compile")
            json.loads(b"".join(outcome.value.document()))
            compiled = True
    took = time.perf_counter() - started
    if took > BOUND:
        raise LawError(f"it took {took:.1f} s")
    return compiled


def _look_at(diagnostics: tuple[Diagnostic, ...]) -> None:
    for each in diagnostics:
        for span in (each.span, *(note.span for note in each.notes)):
            if not 0 <= span.start <= span.end <= len(span.source.text):
                raise LawError(f"{each.code.id}: a span outside its file: {span.start}–{span.end}")
        if "\n" in each.message or not each.message:
            raise LawError(f"{each.code.id}: not one line of words: {each.message!r}")
    json_report(diagnostics).encode()
    "".join(text_report(diagnostics, Style(width=80))).encode()


def seeds(chooser: random.Random) -> Iterator[Case]:
    """Give valid cases without end: generated worlds, then also policies of the corpus."""
    files = [*corpus_files("policies/head/*"), *corpus_files("policies/history/*/*")]
    while True:
        for world in generated(chooser.getrandbits(32), 20):
            yield case_of(chooser, world)
        for path in chooser.sample(files, min(20, len(files))):
            yield _of_file(path)


def case_of(chooser: random.Random, world: World) -> Case:
    """Give a world as texts, written in one of many ways."""
    return Case(hujson(world.policy, chooser.getrandbits(32)), json.dumps(world.tailnet))


def generated(number: int, count: int) -> list[World]:
    """Give `count` generated worlds, the same for the same number."""
    found: list[World] = []

    @seed(number)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(worlds())
    def collect(world: World) -> None:
        found.append(world)

    collect()
    return found


def _of_file(path: Path) -> Case:
    source = Source.from_bytes(path.name, path.read_bytes())
    policy = read_policy(source).value
    document = policy.document if policy is not None else None
    return Case(source.text, tailnet_for(document.value if isinstance(document, HujsonDocument) else {}))


def spoilt(chooser: random.Random, case: Case) -> Iterator[Case]:
    """Give a case as it is, then spoilt in several ways."""
    yield case
    for _ in range(3):
        yield case._replace(policy=spoil_text(chooser, case.policy))
    policy = read_policy(Source("policy.hujson", case.policy)).value
    if policy is not None and isinstance(policy.document, HujsonDocument):
        for _ in range(6):
            yield case._replace(policy=json.dumps(spoil_tree(chooser, policy.document.value)))
    yield case._replace(tailnet=json.dumps(spoil_tree(chooser, json.loads(case.tailnet))))
    yield case._replace(tailnet=spoil_text(chooser, case.tailnet))


def main(arguments: list[str] | None = None) -> int:
    """Fuzz for a while and give the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.fuzz.fuzz_pipeline", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    chooser = random.Random(options.seed)
    deadline = time.monotonic() + options.seconds
    runs = compiled = 0
    for valid in seeds(chooser):
        for case in spoilt(chooser, valid):
            if time.monotonic() > deadline:
                print(f"{runs} policies, {compiled} of them compiled, no law broken")
                return 0
            try:
                compiled += run(case)
            except BaseException:  # the case is what a reader wants to see, whatever went wrong
                _show(smaller(case), options.seed)
                raise
            runs += 1
    return 0


def smaller(case: Case) -> Case:
    """Give a case that breaks a law in the same way with a shorter policy, line by line."""
    kind = _breaks(case)
    lines = case.policy.splitlines(keepends=True)
    size = len(lines) // 2
    while size and len(lines) > 1:
        at = 0
        while at < len(lines):
            shorter = lines[:at] + lines[at + size :]
            if _breaks(case._replace(policy="".join(shorter))) == kind:
                lines = shorter
            else:
                at += size
        size //= 2
    return case._replace(policy="".join(lines))


def _breaks(case: Case) -> str | None:
    try:
        run(case)
    except BaseException as error:  # noqa: BLE001  # a fuzzer looks for the exceptions that nobody thought of
        place = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__} {place.filename}:{place.lineno}"
    return None


def _show(case: Case, number: int) -> None:
    print(f"BROKEN (seed {number})\n--- policy\n{case.policy!r}\n--- tailnet\n{case.tailnet!r}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
