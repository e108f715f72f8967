from __future__ import annotations

from aclc.syntax.hujson_format import format_hujson
from tests.lint.checking import diagnose

SLUG = "not-formatted"
TEXT = """{"grants": [ ], "groups": {"group:a":["a@example.com"]}}\n"""


def test_it_points_to_the_first_change() -> None:
    (found,) = (each for each in diagnose(TEXT) if each.code.slug == SLUG)
    formatted = format_hujson(TEXT)
    assert formatted is not None
    at = found.span.start
    assert TEXT[:at] == formatted[:at]
    assert TEXT[at] != formatted[at]


def test_a_formatted_file_is_left_alone() -> None:
    formatted = format_hujson(TEXT)
    assert formatted is not None
    assert SLUG not in {each.code.slug for each in diagnose(formatted)}
    assert SLUG not in {each.code.slug for each in diagnose(TEXT, profile="default")}
