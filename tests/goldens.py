"""Goldens: our own snapshots, compared byte for byte. `pytest --update-goldens` (`make goldens`) writes them anew."""

from __future__ import annotations

from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parent / "golden"


class Golden:
    """The `golden` fixture: `golden("cli/check-clean.txt", output)`.

    The name is a path below `tests/golden`. A golden that is missing or differs fails the test; one that no test asked
    for fails a whole run (see `unused`).
    """

    def __init__(self, used: set[str], *, update: bool) -> None:
        self.used = used
        self.update = update

    def __call__(self, name: str, actual: str | bytes) -> None:
        """Compare `actual` with the golden of that name, or write it where goldens are to be updated."""
        assert ".." not in Path(name).parts
        assert not Path(name).is_absolute(), name
        written = actual if isinstance(actual, bytes) else actual.encode()
        path = FOLDER / name
        self.used.add(Path(name).as_posix())
        if self.update:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(written)
            return
        if not path.is_file():
            pytest.fail(f"golden {name} is missing: look at the new output with --update-goldens", pytrace=False)
        expected = path.read_bytes()
        if expected != written:
            # WHY: text makes pytest show where they differ.
            assert expected.decode(errors="replace") == written.decode(errors="replace"), f"golden {name} differs"
            assert expected == written, f"golden {name} differs"


def unused(used: set[str], folder: Path = FOLDER) -> list[str]:
    """Give the names of goldens in `folder` that are not among `used`, sorted."""
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    return sorted(name for name in there - used if not name.startswith("."))
