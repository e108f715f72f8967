"""Where aclc's answer to a capture and the control plane's differ."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from tests.conformance.answers import Answer
from tests.conformance.captures import TESTS_FAILED, Capture

Json = Any
Form = Callable[[Json], Json]

COLUMNS = (
    "verdict",
    "words",
    "filter set",
    "filter order",
    "ssh rules",
    "node attrs",
    "peers",
    "routes",
    "whois",
    "tests",
    "sshTests",
)
"""What is compared, in the table's order. The first two and the last two count captures, the others captured nodes."""

ACCEPTED, REFUSED = "accepted", "refused"


class Gap(NamedTuple):
    """A comparison that failed. `node` is None where a policy as a whole was compared."""

    suite: str
    capture: str
    node: str | None
    column: str
    expected: Json
    actual: Json


class Comparison(NamedTuple):
    """One comparison; `gap` is None where both sides agree."""

    column: str
    gap: Gap | None


def compare(capture: Capture, answer: Answer) -> Iterator[Comparison]:
    """Give every comparison that a capture allows.

    A node of which nothing was captured is not compared. Routes are compared for peers that both sides see, so that a
    peer too many counts once.
    """
    refusal = answer.controls[0] if answer.controls else None
    yield _compare(
        capture,
        "verdict",
        ACCEPTED if capture.error is None else REFUSED,
        REFUSED if answer.errors else ACCEPTED,
    )
    if capture.error is not None:
        yield _compare(capture, "words", capture.error, refusal)
    yield from _tests(capture, answer)
    for name, expected in capture.nodes.items():
        yield from _node(capture, name, expected, answer.nodes.get(name, {}))


def _compare(
    capture: Capture, column: str, expected: Json, actual: Json, form: Form | None = None, node: str | None = None
) -> Comparison:
    form = form or _same
    agree = _text(form(expected)) == _text(form(actual))
    return Comparison(column, None if agree else Gap(capture.suite, capture.id, node, column, expected, actual))


def _tests(capture: Capture, answer: Answer) -> Iterator[Comparison]:
    """Compare what the policy's own tests gave.

    Where there are both kinds, a refusal does not say which of them failed: both columns then ask whether any did.
    """
    words = None if capture.error is None else "fail"
    verdicts = {"tests": answer.tests_hold, "sshTests": answer.ssh_tests_hold}
    ran = [kind for kind in verdicts if kind in capture.policy_keys]
    for kind in ran if capture.ran_tests else ():
        judged = [verdicts[each] for each in ran] if capture.error == TESTS_FAILED else [verdicts[kind]]
        actual = None if any(each is None for each in judged) else "hold" if all(judged) else "fail"
        yield _compare(capture, kind, words or "hold", actual)


def _node(
    capture: Capture, name: str, expected: Mapping[str, Json], actual: Mapping[str, Json]
) -> Iterator[Comparison]:
    def part(column: str, key: str, form: Form) -> Comparison:
        return _compare(capture, column, expected.get(key, {}), actual.get(key), form, name)

    yield part("filter set", "packet_filter", _filter_as_sets)
    yield part("filter order", "packet_filter", _same)
    yield part("ssh rules", "ssh_rules", _principals_as_sets if capture.renumbered else _same)
    yield part("node attrs", "node_attrs", _same)
    yield part("peers", "peers", _names)
    seen = set(expected["peers"]) & set(actual.get("peers", ()))
    yield _compare(
        capture,
        "routes",
        {peer: sorted(expected["peers"][peer]) for peer in seen},
        {peer: sorted(actual["peers"][peer]) for peer in seen},
        node=name,
    )
    yield part("whois", "capabilities", _same)


def _same(value: Json) -> Json:
    return value


def _names(value: Json) -> Json:
    return None if value is None else sorted(value)


def _filter_as_sets(rules: Json) -> Json:
    return None if rules is None else [_rule_as_sets(rule) for rule in rules]


def _rule_as_sets(rule: dict[str, Json]) -> dict[str, Json]:
    loose = dict(rule)
    for key in ("SrcIPs", "DstPorts"):
        if key in loose:
            loose[key] = sorted(loose[key], key=_text)
    if "CapGrant" in loose:
        loose["CapGrant"] = [{**grant, "Dsts": sorted(grant["Dsts"])} for grant in loose["CapGrant"]]
    return loose


def _principals_as_sets(rules: Json) -> Json:
    return None if rules is None else [{**rule, "principals": sorted(rule["principals"], key=_text)} for rule in rules]


def _text(value: Json) -> str:
    return json.dumps(value, sort_keys=True)
