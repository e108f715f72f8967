"""Where the corpus is: answers of real systems that tests compare with. It is not part of this repository.

Tests of one case each take the list from here while they are collected and carry the `needs_corpus` mark; tests that
only want the folder take the `corpus` fixture. Both skip, saying so, where there is no corpus.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent

CORPUS = Path(os.environ.get("ACLC_CORPUS") or REPOSITORY.parent / "shared" / "corpus")
"""The folder, whether it exists or not: `ACLC_CORPUS`, else `shared/corpus` beside the repository."""

PRESENT = (CORPUS / "captures").is_dir()

ABSENT = f"no corpus at {CORPUS}: set ACLC_CORPUS to its folder"

needs_corpus = pytest.mark.skipif(not PRESENT, reason=ABSENT)
"""Mark of a test that compares with the corpus."""


def corpus_files(pattern: str) -> list[Path]:
    """Give the files of the corpus that a glob pattern finds, sorted by path; none where there is no corpus."""
    return sorted(CORPUS.glob(pattern)) if PRESENT else []
