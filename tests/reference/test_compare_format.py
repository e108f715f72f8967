"""What the reference formatter made of generated texts is what aclc makes of them, also where there is no Go."""

from __future__ import annotations

from tests.reference.compare_format import answer_of_aclc, digest, generated

TEXTS = "7c2ba5330643320a87faece3498d1fa1dd163abb312e467e3ca4a5aab00137a6"
ANSWERS = "46c672baad84d9b3cec4964de17a8f473358b191eecb9a71806005f266ab9707"
"""As `python -m tests.reference.compare_format --texts 400 --digest` prints them."""


def test_generated_texts_are_formatted_and_refused_as_the_reference_does() -> None:
    texts = generated(400, seed=1)

    assert digest(texts) == TEXTS, "other texts than the reference was asked about"
    assert digest([answer_of_aclc(text) for text in texts]) == ANSWERS
