"""What the reference formatter made of generated texts is what aclc makes of them, also where there is no Go."""

from __future__ import annotations

from tests.reference.compare_format import answer_of_aclc, digest, generated

TEXTS = "5dcb63f5a114ed82d00dd334f05d4a031f9a08a3b5cfe00889f75bd5ab2dda8e"
ANSWERS = "f8646f063db5fd8a7c74fec6b03a210e38b02127dfbcf9573eb1e9d7c49c372f"
"""As `python -m tests.reference.compare_format --texts 400 --digest` prints them."""


def test_generated_texts_are_formatted_and_refused_as_the_reference_does() -> None:
    texts = generated(400, seed=1)

    assert digest(texts) == TEXTS, "other texts than the reference was asked about"
    assert digest([answer_of_aclc(text) for text in texts]) == ANSWERS
