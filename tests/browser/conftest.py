"""Pages in a real browser: chromium, headless, driven by Selenium. `make browser` runs this; `make test` skips it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def absent() -> str:
    """Say what is missing; empty where nothing is."""
    if not os.environ.get("ACLC_BROWSER"):
        return "takes a browser: run it with `make browser`"
    if not any(map(shutil.which, BROWSERS)):
        return "chromium is not installed (Debian: apt install chromium)"
    if not shutil.which("chromedriver"):
        return "chromedriver is not installed (Debian: apt install chromium-driver)"
    return ""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    reason = absent()
    for item in items:
        if reason and here in item.path.parents:
            item.add_marker(pytest.mark.skip(reason=reason))


def started(profile: Path, *, scripts: bool = True) -> Chrome:
    """Start a browser of its own, with or without JavaScript; it keeps what pages log and ask for."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = next(found for found in map(shutil.which, BROWSERS) if found)
    for flag in (
        "headless",
        "no-sandbox",
        "disable-gpu",
        "disable-quic",
        "no-first-run",
        "disable-background-networking",
        "disable-component-update",
        "disable-sync",
        "disable-dev-shm-usage",
        "window-size=1280,900",
        f"user-data-dir={profile}",
    ):
        options.add_argument(f"--{flag}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    if not scripts:
        options.add_experimental_option("prefs", {"profile.managed_default_content_settings.javascript": 2})
    return webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """A browser for all tests of a module."""
    driver = started(tmp_path_factory.mktemp("profile"))
    yield driver
    driver.quit()


@pytest.fixture(scope="module")
def plain_browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """The same without JavaScript."""
    driver = started(tmp_path_factory.mktemp("profile"), scripts=False)
    yield driver
    driver.quit()
