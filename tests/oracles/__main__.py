"""`make oracles`: the prover against brute force, z3 and a SAT solver, on random policies and promises; and promises on
random tailnets against brute force alone."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from multiprocessing import Pool

from tests.oracles import on_a_tailnet
from tests.oracles.agreement import Answer, answers
from tests.oracles.engine import states_on
from tests.oracles.tailnets import posed
from tests.properties.oracle import World


def on_one_tailnet(seed: int) -> list[tuple[int, str, str, set[bool]]]:
    """Give (seed, promise, what the prover says, whether it is broken by brute force) for promises on one tailnet.

    The last is both where it hangs on what is beyond exit nodes.
    """
    policy, tailnet, questions = posed(seed)
    world = World(policy, tailnet)
    return [
        (seed, each.text, state, {on_a_tailnet.broken(world, each, beyond_exits=beyond) for beyond in (True, False)})
        for each, state in zip(questions, states_on(policy, tailnet, questions), strict=True)
    ]


def main() -> int:
    """Ask, print what came out, and give 1 where any two disagree."""
    parser = argparse.ArgumentParser(prog="python -m tests.oracles", description=__doc__)
    parser.add_argument("--pairs", type=int, default=2000, help="how many; default: 2000")
    parser.add_argument("--seed", type=int, default=0, help="of the first; default: 0")
    parser.add_argument("--processes", type=int, default=None, help="default: one for each CPU")
    options = parser.parse_args()
    start = time.monotonic()
    tally: Counter[tuple[str, str, bool]] = Counter()
    wrong: list[Answer] = []
    with Pool(options.processes) as pool:
        for found in pool.imap(answers, range(options.seed, options.seed + options.pairs), chunksize=10):
            for answer in found:
                kind = "new access" if answer.question == "new access" else "promise"
                tally[kind, answer.prover, answer.brute] += 1
                if not answer.agree:
                    wrong.append(answer)
    print(f"{options.pairs} pairs of policies, {options.pairs} promises, seeds from {options.seed}:")
    for kind, yes, no in (("new access", "there is some", "there is none"), ("promise", "broken", "holds")):
        rows = {key[1:]: count for key, count in tally.items() if key[0] == kind}
        undecided = sum(count for (prover, _), count in rows.items() if prover == "undecided")
        print(f"  {kind}: {rows.get(('yes', True), 0)} {yes}, {rows.get(('no', False), 0)} {no}, {undecided} undecided")
    for each in wrong:
        print(f"  disagree: seed {each.seed}, {each.question}: {each[2:]}")
    asked = 2 * options.pairs
    took = time.monotonic() - start
    print(f"The prover, brute force, z3 and SAT agree on {asked - len(wrong)} of {asked} questions ({took:.0f} s).")
    return 1 if _tailnets(options) or wrong else 0


def _tailnets(options: argparse.Namespace) -> int:
    """Ask on tailnets, a quarter as many; give how often prover and brute force disagree."""
    start = time.monotonic()
    wrong = asked = broken = 0
    with Pool(options.processes) as pool:
        seeds = range(options.seed, options.seed + options.pairs // 4)
        for found in pool.imap(on_one_tailnet, seeds, chunksize=5):
            for each in found:
                asked += 1
                broken += True in each[3]
                if (each[2] == "broken") not in each[3]:
                    wrong += 1
                    print(f"  disagree: {each}")
    took = time.monotonic() - start
    print(f"On {len(seeds)} tailnets prover and brute force agree on {asked - wrong} of {asked} promises, ", end="")
    print(f"{broken} of them broken ({took:.0f} s).")
    return wrong


if __name__ == "__main__":
    sys.exit(main())
