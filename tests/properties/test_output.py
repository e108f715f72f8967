"""What is compiled depends on what a policy says, not on how it is written, nor on the machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st

from tests.corpus import REPOSITORY
from tests.properties.compiled import compile_text, compile_world
from tests.properties.oracle import World
from tests.properties.renderings import hujson, shuffled
from tests.properties.strategies import of_worlds, worlds

seeds = st.integers(0, 1 << 32)


@of_worlds
@given(world=worlds(), seed=seeds)
def test_blanks_comments_and_case_of_keys_do_not_change_the_output(world: World, seed: int) -> None:
    """Every way to write a policy compiles to the same rules, in the same order."""
    written = compile_text(hujson(world.policy, seed), json.dumps(world.tailnet))
    assert compile_world(world) == json.loads(written)["nodes"]


@of_worlds
@given(world=worlds(), seed=seeds)
def test_the_order_of_members_does_not_change_the_output(world: World, seed: int) -> None:
    """Groups, hosts, tags, ipsets, postures and the keys of rules may stand in any order."""
    assert compile_world(world) == compile_world(world._replace(policy=shuffled(world.policy, seed)))


@of_worlds
@given(world=worlds())
def test_compiling_twice_gives_the_same_bytes(world: World) -> None:
    """Nothing is carried over from one run to the next."""
    policy, tailnet = json.dumps(world.policy), json.dumps(world.tailnet)
    assert compile_text(policy, tailnet) == compile_text(policy, tailnet)


def test_another_process_gives_the_same_bytes() -> None:
    """Neither the seed of string hashes nor the process shows in the output."""
    program = (
        "import random, sys\n"
        "from hypothesis import settings, given, seed, Phase\n"
        "from tests.properties.strategies import worlds\n"
        "from tests.properties.compiled import compile_text\n"
        "import json\n"
        "@seed(7)\n"
        "@settings(max_examples=15, database=None, deadline=None, phases=[Phase.generate])\n"
        "@given(worlds())\n"
        "def write(world):\n"
        "    sys.stdout.buffer.write(compile_text(json.dumps(world.policy), json.dumps(world.tailnet)))\n"
        "write()\n"
    )
    outputs = [
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=REPOSITORY,
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
            capture_output=True,
            check=True,
            timeout=120,
        ).stdout
        for hash_seed in ("1", "2")
    ]
    assert outputs[0]
    assert outputs[0] == outputs[1]
