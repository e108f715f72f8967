"""Posture conditions as texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aclc.policy.model import PostureCondition
from aclc.policy.posture_expressions import OPERATORS, PostureFault, Value, parse_condition


@pytest.mark.parametrize(
    ("text", "attribute", "operator", "values"),
    [
        ("node:os == 'linux'", "node:os", "==", ("linux",)),
        ("node:os=='linux'", "node:os", "==", ("linux",)),
        ("node:tsVersion >= '1.40'", "node:tsVersion", ">=", ("1.40",)),
        ("custom:score < 50", "custom:score", "<", (50,)),
        ("custom:score > -1.5", "custom:score", ">", (-1.5,)),
        ("node:tsAutoUpdate == true", "node:tsAutoUpdate", "==", (True,)),
        ("node:tsAutoUpdate != false", "node:tsAutoUpdate", "!=", (False,)),
        ("ip:country IN ['NL', 'DE']", "ip:country", "IN", ("NL", "DE")),
        ("ip:country NOT IN ['NL']", "ip:country", "NOT IN", ("NL",)),
        ("ip:country IN []", "ip:country", "IN", ()),
        ("custom:tier IS SET", "custom:tier", "IS SET", ()),
        ("custom:tier NOT SET", "custom:tier", "NOT SET", ()),
        ("custom:tier is set", "custom:tier", "IS SET", ()),
        ("  custom:a   not  in  [ 'x' , 2 ]  ", "custom:a", "NOT IN", ("x", 2)),
        ("falcon:ztaScore >= 40", "falcon:ztaScore", ">=", (40,)),
        ("custom:name == ''", "custom:name", "==", ("",)),
        ("custom:name == 'a b, [c] == d'", "custom:name", "==", ("a b, [c] == d",)),
    ],
)
def test_conditions(text: str, attribute: str, operator: str, values: tuple[Value, ...]) -> None:
    """A condition is an attribute, an operator and its values; the text is kept as it is."""
    assert PostureCondition(text, attribute, operator, values) == parse_condition(text)


@pytest.mark.parametrize(
    ("text", "culprit", "message"),
    [
        ("", "", "condition must begin with an attribute such as `node:os`"),
        ("os == 'linux'", "os == 'linux'", "condition must begin with an attribute such as `node:os`"),
        ("node:os", "", "condition has no operator"),
        ("node:os = 'linux'", "=", "`=` is not an operator"),
        ("node:os ~= 'linux'", "~=", "`~=` is not an operator"),
        ("node:os LIKE 'linux'", "LIKE", "`LIKE` is not an operator"),
        ("node:os IS NOT SET", "IS NOT", "`IS NOT` is not an operator"),
        ("node:os ==", "", "value is missing"),
        ("node:os == linux", "linux", "`linux` is not a value"),
        ("node:os == 1.2.3", "1.2.3", "`1.2.3` is not a value"),
        ('node:os == "linux"', '"linux"', "double quotes are not allowed here"),
        ("node:os == 'linux", "'linux", "string is not closed"),
        ("node:os IN 'linux'", "'linux'", "`IN` needs a list in square brackets"),
        ("node:os IN ['linux'", "", "list is not closed"),
        ("node:os IN ['linux' 'js']", "'js']", "list is not closed"),
        ("node:os == 'a' AND node:os == 'b'", "AND node:os == 'b'", "`AND` follows a complete condition"),
        ("node:os IS SET 'x'", "'x'", "`'x'` follows a complete condition"),
    ],
)
def test_faults(text: str, culprit: str, message: str) -> None:
    """The first thing wrong is named, with its place."""
    fault = parse_condition(text)
    assert isinstance(fault, PostureFault)
    assert (culprit, message) == (text[fault.start : fault.end], fault.message)


@given(st.text(alphabet=" abc:='\"[],<>!INOTSE0.5\n", max_size=30))
def test_no_text_raises_and_faults_lie_in_it(text: str) -> None:
    """Every text is a condition or a fault within it, in one line."""
    read = parse_condition(text)
    if isinstance(read, PostureFault):
        assert 0 <= read.start <= read.end <= len(text)
        assert "\n" not in read.message
    else:
        assert read.operator in OPERATORS
