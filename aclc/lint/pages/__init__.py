"""Pages about what the readers, the policy's tests and the rest of aclc find: one file per stage."""

from __future__ import annotations

from aclc.lint.pages.back_ends import BACK_ENDS
from aclc.lint.pages.language import LANGUAGE
from aclc.lint.pages.page import Page
from aclc.lint.pages.promises import PROMISES
from aclc.lint.pages.syntax import SYNTAX
from aclc.lint.pages.tailnet import TAILNET
from aclc.lint.pages.upkeep import UPKEEP
from aclc.lint.pages.values import VALUES

PAGES: tuple[Page, ...] = (*SYNTAX, *VALUES, *PROMISES, *LANGUAGE, *TAILNET, *BACK_ENDS, *UPKEEP)
"""Every such page. `tests/lint/test_pages.py` holds that no code of the project is without one."""
