"""Constants and loops: written out, bounded, and wrong ones told where they stand."""

from __future__ import annotations

import pytest

from tests.policy.language_texts import findings, value_of


def test_a_loop_is_written_out() -> None:
    value = value_of("let envs = dev, prod\nfor e in $envs: tag web-$e owned by admin\nfor e in $envs: tag db-$e")
    assert ["tag:web-dev", "tag:web-prod", "tag:db-dev", "tag:db-prod"] == list(value["tagOwners"])


def test_loops_stand_in_loops() -> None:
    value = value_of("for a in x, y: for b in 1, 2: host $a-$b = 10.0.0.$b")
    assert {"x-1": "10.0.0.1", "x-2": "10.0.0.2", "y-1": "10.0.0.1", "y-2": "10.0.0.2"} == value["hosts"]


def test_a_constant_stands_for_all_of_its_items() -> None:
    value = value_of("tag ci\nlet who = a@x.y, tag ci\nlet more = $who, member\nallow $more -> tag ci on any")
    assert ["a@x.y", "tag:ci", "autogroup:member"] == value["grants"][0]["src"]


def test_constants_stand_in_days_ports_and_values() -> None:
    text = (
        "let end = 2027-01-31\nlet port = 8443\nlet role = editor\ntag t\n"
        'allow member -> tag t on tcp $port app x.y/z [{"role": $role, "text": "$role"}] until $end'
    )
    grant = value_of(text)["grants"][0]
    assert (["tcp:8443"], [{"role": "editor", "text": "$role"}]) == (grant["ip"], grant["app"]["x.y/z"])


def test_quotes_keep_a_dollar() -> None:
    assert {"$x": "10.0.0.1"} == value_of('host "$x" = 10.0.0.1')["hosts"]


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        ("allow $x -> self on any", "LNG013", "`$x` is no constant"),
        ("let a = $b\nlet b = $a", "LNG013", "constant `a` is made from itself"),
        ("let a = x\nlet a = y", "LNG013", "constant `a` is defined twice"),
        ("let a-b = x", "LNG013", "`a-b` is no name of a constant"),
        ("let a = x, y\ntag t-$a", "LNG013", "`$a` stands for 2 items where there is room for one"),
        ("for a in x: for a in y: tag $a", "LNG013", "`a` is the name of a constant or a loop already"),
        ("for e in dev: tag $f", "LNG013", "`$f` is no constant"),
        (
            ("let t = 0, 1, 2, 3, 4, 5, 6, 7, 8, 9\n"
            "for a in $t: for b in $t: for c in $t: for d in $t: for e in $t: tag t$a$b$c$d$e"),
            "LNG014",
            "loops of the policy become more than 20,000 statements",
        ),
        (
            "let a = x, x, x, x, x, x, x, x, x, x\n"
            + "\n".join(f"let {b} = {', '.join([f'${a}'] * 10)}" for a, b in zip("abcde", "bcdef", strict=True)),
            "LNG014",
            "list becomes more than 5,000 items",
        ),
        ("".join(f"for x{n} in a: " for n in range(9)) + "tag t", "LNG014", "loops stand more than 8 deep"),
        ("".join(f"for x{n} in a: " for n in range(999)) + "tag t", "LNG001", "loops stand more than 64 deep"),
        ("\n".join(f"let c{n} = $c{n + 1}" for n in range(500)), "LNG013", "made from more than 80 others in a row"),
    ],
)  # fmt: skip
def test_what_is_wrong_or_too_much_is_told(text: str, code: str, message: str) -> None:
    assert any(each == code and message in told for each, _, told in findings(text)), findings(text)[:3]


def test_what_is_wrong_in_a_loop_is_told_at_its_statement() -> None:
    found = findings("for e in dev, prod: allow nobody-$e -> self on any")
    assert [
        ("LNG002", "nobody-$e", "`nobody-dev` is no group, host or ipset"),
        ("LNG002", "nobody-$e", "`nobody-prod` is no group, host or ipset"),
    ] == [each for each in found if each[0] == "LNG002"]
