"""`make oracles`: the prover against brute force, z3 and a SAT solver, on random policies and promises."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from multiprocessing import Pool

from tests.oracles.agreement import Answer, answers


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
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
