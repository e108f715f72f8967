from __future__ import annotations

import pytest

from tests.lint.checking import messages

SLUG = "unknown-posture-attr"


def of(condition: str) -> list[tuple[str, str | None]]:
    return messages(SLUG, f'{{"postures": {{"posture:a": ["{condition}"]}}}}')


@pytest.mark.parametrize(
    ("condition", "message", "help"),
    [
        ("node:os == 'Linux'", "`node:os` is never `Linux`", "did you mean `linux`?"),
        ("node:os IN ['linux', 'osx']", "`node:os` is never `osx`", "did you mean `macos`?"),
        (
            "node:OSVersion >= '14'",
            "posture attribute `node:OSVersion` is not a known one",
            "did you mean `node:osVersion`?",
        ),
        ("node:tsVersion >= 'latest'", "`latest` is not a version", "write digits and dots: `'1.60'`"),
        (
            "node:tsReleaseTrack > 'stable'",
            "`node:tsReleaseTrack` cannot be compared with `>`",
            "use `==`, `!=`, `IN` or `NOT IN`",
        ),
        ("ip:country == 'nl'", "`nl` is not the code of a country", "write two capital letters: `'NL'`"),
        ("node:os == true", "`node:os` is text, which `true` is not", "write it in quotes: `'true'`"),
    ],
)
def test_what_no_device_has_is_explained(condition: str, message: str, help: str) -> None:
    assert of(condition) == [(message, help)]


@pytest.mark.parametrize(
    "condition",
    [
        "node:os == 'macos'",
        "node:tsVersion >= '1.60'",
        "node:tsAutoUpdate == true",
        "node:tsStateEncrypted IS SET",
        "custom:tier == 'gold'",
        "falcon:ztaScore > 60",
        "ip:country NOT IN ['NL', 'DE']",
    ],
)
def test_known_attributes_and_those_of_others_are_fine(condition: str) -> None:
    assert of(condition) == []
