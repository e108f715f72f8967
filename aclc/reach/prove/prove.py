"""Properties decided: exactly on one tailnet, or for every tailnet that fits the policy (docs/proofs.md)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Literal

from aclc.policy.model import Policy
from aclc.reach.graph.space import Space, View
from aclc.reach.population.named_services import with_services
from aclc.reach.population.vocabulary import asked_extents
from aclc.reach.properties.every_tailnet import EveryTailnet
from aclc.reach.properties.properties import Judge, Witness
from aclc.reach.properties.property_file import Property
from aclc.reach.prove.against import Difference, Others, compared
from aclc.records import NamedTuple
from aclc.resolve.resolution import resolve
from aclc.tailnet.model import Tailnet

State = Literal["holds", "broken", "undecided", "unreadable"]


class Verdict(NamedTuple):
    """What became of one property.

    `view`: where the witness lives; set with `witness`. `difference`: how the policy differs from the one that it is
    compared with. `doubts`: why it is undecided, or what it compares with unreadable, in plain words. `everywhere`:
    decided for every tailnet.
    """

    promise: Property
    state: State
    witness: Witness | None = None
    view: View | None = None
    doubts: tuple[str, ...] = ()
    difference: Difference | None = None
    everywhere: bool = False


def _no_others(name: str, named_in: str) -> str:
    del named_in
    return f"{name} is not at hand here"


def judge(
    policy: Policy, tailnet: Tailnet, promises: Sequence[Property], others: Others = _no_others
) -> tuple[Verdict, ...]:
    """Decide properties on one tailnet, names bound; assumptions have no verdict.

    Cost: one space, then what each property asks.
    """
    asked = [selector for promise in promises for side in promise.sides for selector in side]

    @cache
    def judging(*, by_name_only: bool) -> Judge:
        known = with_services(tailnet, [policy], asked, by_name_only=by_name_only)
        resolved = resolve(policy, known.tailnet).value
        assert resolved is not None  # `resolve` gives a value for every policy and tailnet
        return Judge(Space((resolved,), None, asked_extents([policy], asked)).views[0])

    found = []
    for promise in promises:
        if promise.other:
            found.append(_compared(policy, promise, others, tailnet))
        elif promise.kind != "apart":
            # WHY: whether `*` opens services nobody says; whoever relies on access cannot rely on that.
            relies = promise.kind == "always" and _speaks_of_services(promise)
            found.append(_doubted(policy, tailnet, _judged(judging(by_name_only=relies), promise)))
    return tuple(found)


def _speaks_of_services(promise: Property) -> bool:
    return any(selector.kind == "service" for side in promise.sides for selector in side)


def _doubted(policy: Policy, tailnet: Tailnet, verdict: Verdict) -> Verdict:
    """Take a verdict about services back where it depends on which addresses they have."""
    promise = verdict.promise
    if not _speaks_of_services(promise):
        return verdict
    if (verdict.state == "broken") != (promise.kind == "always"):
        return verdict
    doubts = with_services(tailnet, [policy], [selector for side in promise.sides for selector in side]).doubts
    return Verdict(promise, "undecided", doubts=doubts) if doubts else verdict


def _judged(judging: Judge, promise: Property) -> Verdict:
    witness = judging.broken(promise)
    if witness is not None:
        return Verdict(promise, "broken", witness, judging.view)
    empty = judging.empty_side(promise)
    if empty is not None:
        names = ", ".join(f"`{selector.text}`" for selector in empty)
        return Verdict(promise, "undecided", doubts=(f"{names} names nothing in this tailnet",))
    return Verdict(promise, "holds")


def prove(policy: Policy, promises: Sequence[Property], others: Others = _no_others) -> tuple[Verdict, ...]:
    """Decide properties for every tailnet that fits the policy, names bound. A witness is a real counterexample;
    "holds" is a proof.

    A node may carry any set of declared tags, but for those that an assumption keeps apart.
    """
    everywhere = EveryTailnet(policy, promises)
    found = []
    for promise in promises:
        if promise.other:
            found.append(_compared(policy, promise, others, None))
        elif promise.kind == "at-most":
            found.append(_bounded(everywhere, promise))
        elif promise.kind != "apart":
            found.append(_proven(everywhere, promise))
    return tuple(each._replace(everywhere=True) for each in found)


def _proven(everywhere: EveryTailnet, promise: Property) -> Verdict:
    for judging in everywhere.judges(promise):
        witness = judging.broken(promise)
        if witness is not None:
            return Verdict(promise, "broken", witness, judging.view)
    doubts = everywhere.doubts(promise)
    return Verdict(promise, "undecided", doubts=doubts) if doubts else Verdict(promise, "holds")


def _bounded(everywhere: EveryTailnet, promise: Property) -> Verdict:
    """Decide a limit on nodes: whoever reaches none reaches at most so many; of any others there may be any number."""
    verdict = _proven(everywhere, promise._replace(most=0))
    if verdict.state != "broken":
        return verdict._replace(promise=promise)
    return Verdict(
        promise, "undecided", doubts=("it reaches some nodes, and a tailnet may have any number; give one: --tailnet",)
    )


def _compared(policy: Policy, promise: Property, others: Others, tailnet: Tailnet | None) -> Verdict:
    other = others(promise.other, promise.span.source.name)
    if isinstance(other, str):
        return Verdict(promise, "unreadable", doubts=(other,))
    found = compared(promise, other, policy, tailnet)
    if found.difference is not None:
        witness, view = found.difference.witness, found.difference.view
        return Verdict(promise, "broken", witness, view, (), found.difference)
    return Verdict(promise, "undecided", doubts=found.doubts) if found.doubts else Verdict(promise, "holds")
