"""One case put to the prover and to all three oracles."""

from __future__ import annotations

from typing import NamedTuple

from tests.oracles import brute_force, by_sat, by_z3, engine
from tests.oracles.cases import case


class Answer(NamedTuple):
    """What all say of one question. `prover`: `yes` (there is a counterexample), `no` or `undecided`."""

    seed: int
    question: str
    prover: str
    brute: bool
    z3: bool
    sat: bool

    @property
    def agree(self) -> bool:
        """Whether the oracles agree with each other, and the prover with them where it decides."""
        return self.brute == self.z3 == self.sat and self.prover in {"undecided", "yes" if self.brute else "no"}


def answers(seed: int) -> tuple[Answer, Answer]:
    """Give the answers about a pair of policies, and about a promise on the first of them."""
    old, new, questions = case(seed)
    question = questions[seed % len(questions)]
    compared = Answer(
        seed,
        "new access",
        engine.new_access(old, new),
        brute_force.new_access(old, new) is not None,
        by_z3.new_access(old, new),
        by_sat.new_access(old, new),
    )
    state = engine.state(old, question)
    promised = Answer(
        seed,
        question.text,
        {"broken": "yes", "holds": "no"}.get(state, "undecided"),
        brute_force.broken(old, question) is not None,
        by_z3.broken(old, question),
        by_sat.broken(old, question),
    )
    return compared, promised
