"""`docs/dialects.md` has the tables that follow from the data; `--update-goldens` writes them anew."""

from __future__ import annotations

import re

import pytest

from tests.corpus import REPOSITORY
from tests.dialects.page import tables

PAGE = REPOSITORY / "docs" / "dialects.md"
_BETWEEN = re.compile(r"(?<=<!-- tables -->\n).*?(?=<!-- end -->)", re.DOTALL)


def test_the_tables_of_the_page_are_those_of_the_data(request: pytest.FixtureRequest) -> None:
    text = PAGE.read_text(encoding="utf-8")
    expected = _BETWEEN.sub(lambda _: tables(), text)
    if request.config.getoption("--update-goldens"):
        PAGE.write_text(expected, encoding="utf-8")
    assert expected == PAGE.read_text(encoding="utf-8"), "run `make goldens` and look at docs/dialects.md"
    assert len(_BETWEEN.findall(text)) == 1
