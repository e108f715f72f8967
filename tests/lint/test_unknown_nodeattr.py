from __future__ import annotations

from tests.lint.checking import messages

SLUG = "unknown-nodeattr"


def test_a_slip_is_found() -> None:
    text = """{"nodeAttrs": [{"target": ["*"], "attr": ["drive:shares"]}]}"""
    assert messages(SLUG, text) == [
        ("attribute `drive:shares` is not a known one, and unknown ones do nothing", "did you mean `drive:share`?")
    ]


def test_attributes_that_resemble_nothing_may_be_new() -> None:
    """Capture nodeattrs-attr-c11-unknown: any text is taken."""
    text = """{"nodeAttrs": [{"target": ["*"], "attr": ["custom:headscale-test", "nextdns:abc123", "brand-new"]}]}"""
    assert messages(SLUG, text) == []
