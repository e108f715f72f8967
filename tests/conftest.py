"""What every test may use: the corpus, the goldens, and how long hypothesis tries."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.corpus import ABSENT, CORPUS, PRESENT
from tests.goldens import FOLDER, Golden, unused

# `ci` tries the same examples each time: what is red there is red at home. `thorough` (`make fuzz`) looks for new ones.
settings.register_profile(
    "ci", max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile(
    "thorough", max_examples=1000, deadline=None, print_blob=True, suppress_health_check=list(HealthCheck)
)
settings.load_profile("ci")

USED = pytest.StashKey[set[str]]()
STALE = pytest.StashKey[list[str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--update-goldens`."""
    parser.addoption("--update-goldens", action="store_true", help="write tests/golden anew instead of comparing")


def pytest_configure(config: pytest.Config) -> None:
    """Start the list of goldens that tests asked for."""
    config.stash[USED] = set()
    config.stash[STALE] = []


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """Compare with a file below tests/golden."""
    return Golden(request.config.stash[USED], update=bool(request.config.getoption("--update-goldens")))


@pytest.fixture(scope="session")
def corpus() -> Path:
    """Give the corpus folder; the test is skipped where there is none."""
    if not PRESENT:
        pytest.skip(ABSENT)
    return CORPUS


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object) -> None:
    """Bring home which goldens a process of pytest-xdist used."""
    config = getattr(node, "config", None)
    if isinstance(config, pytest.Config):
        config.stash[USED].update(getattr(node, "workeroutput", {}).get("goldens", ()))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Fail a whole run that left goldens unused, or remove them where goldens are being updated."""
    config = session.config
    used = config.stash[USED]
    output = getattr(config, "workeroutput", None)
    if output is not None:
        output["goldens"] = sorted(used)
        return
    if exitstatus != pytest.ExitCode.OK or not _whole(config):
        return
    config.stash[STALE] = unused(used)
    if config.getoption("--update-goldens"):
        for name in config.stash[STALE]:
            (FOLDER / name).unlink()
    elif config.stash[STALE]:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Name the goldens that no test asked for."""
    verb = "removed" if config.getoption("--update-goldens") else "UNUSED"
    for name in config.stash[STALE]:
        terminalreporter.write_line(f"{verb} golden: tests/golden/{name}")


def _whole(config: pytest.Config) -> bool:
    """Tell whether this run was asked for every test there is."""
    narrowing = (
        "keyword",
        "markexpr",
        "lf",
        "deselect",
        "collectonly",
        "stepwise",
        "ignore",
        "ignore_glob",
        "last_failed",
    )
    return config.args_source is pytest.Config.ArgsSource.TESTPATHS and not any(
        config.getoption(name, None) for name in narrowing
    )
