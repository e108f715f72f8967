"""The page of `aclc preview` as a reader uses it: search, sort, keyboard, phone, dark, without JavaScript."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.running import run
from tests.corpus import REPOSITORY

if TYPE_CHECKING:
    from selenium.webdriver import Chrome
    from selenium.webdriver.remote.webelement import WebElement

PEOPLE = 12

HOSTILE = '</td><script>document.title="taken"</script><img src=x onerror=alert(1)>'


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The example of the documentation as a page."""
    path = tmp_path_factory.mktemp("page") / "preview.html"
    change = ("policies/startup/policy.hujson", "policies/startup/proposed.hujson")
    assert 1 == run("preview", *change, "-o", str(path), "--isolated", folder=REPOSITORY).code
    return path.as_uri()


@pytest.fixture(scope="module")
def long_page(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A page with a table that is long enough to be searched, and with a hostile name in it."""
    folder = tmp_path_factory.mktemp("page")
    hosts = {f"host-{number:02}": f"10.0.{number}.0/24" for number in range(PEOPLE)} | {HOSTILE: "10.9.0.0/24"}
    rules = [
        {"src": [f"user{number}@example.com"], "dst": [name], "ip": [f"tcp:{1010 - number}"]}
        for number, name in enumerate(hosts)
    ]
    (folder / "old.hujson").write_text(json.dumps({"hosts": hosts, "grants": []}))
    (folder / "new.hujson").write_text(json.dumps({"hosts": hosts, "grants": rules}))
    run("preview", "old.hujson", "new.hujson", "-o", "preview.html", folder=folder)
    return (folder / "preview.html").as_uri()


def opened(browser: Chrome, address: str) -> Chrome:
    """Open a page anew, in a window of ordinary size."""
    browser.get_log("browser")
    browser.get_log("performance")
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    browser.get(address)
    return browser


def find(browser: Chrome, selector: str) -> WebElement:
    return browser.find_element("css selector", selector)


def shown(browser: Chrome, table: str) -> list[str]:
    """Give the text of the rows of a table that can be seen."""
    rows = browser.find_elements("css selector", f"#{table} tbody tr")
    return [row.text for row in rows if row.is_displayed()]


def test_nothing_is_asked_for_and_nothing_complains(browser: Chrome, page: str, long_page: str) -> None:
    for address in (page, long_page):
        opened(browser, address)
        events = [json.loads(each["message"])["message"] for each in browser.get_log("performance")]
        asked = [each["params"]["request"]["url"] for each in events if each["method"] == "Network.requestWillBeSent"]

        assert [address] == [url for url in asked if not url.startswith("data:")]
        assert [] == browser.get_log("browser")
        assert "Preview: " in browser.title


def test_hostile_names_are_text(browser: Chrome, long_page: str) -> None:
    opened(browser, long_page)

    assert "taken" != browser.title
    assert not browser.find_elements("css selector", "img")
    assert HOSTILE in find(browser, "#table-network").text


def test_search_narrows_a_table_and_says_how_far(browser: Chrome, long_page: str) -> None:
    opened(browser, long_page)
    assert PEOPLE + 1 == len(shown(browser, "table-network"))
    find(browser, "#search-table-network").send_keys("USER7@ 1003")

    (row,) = shown(browser, "table-network")
    assert "user7@example.com" in row
    assert "1 shown" == find(browser, '[data-count-of="table-network"]').text


def test_columns_sort_both_ways(browser: Chrome, long_page: str) -> None:
    opened(browser, long_page)
    button = find(browser, "#table-network thead th:nth-child(4) button")
    button.click()
    ports = [int(row.split("tcp ")[1].split()[0]) for row in shown(browser, "table-network")]
    assert sorted(ports) == ports
    assert ports[0] < 1000 <= ports[-1]
    assert "ascending" == find(browser, "#table-network thead th:nth-child(4)").get_attribute("aria-sort")
    button.click()
    assert ports[::-1] == [int(row.split("tcp ")[1].split()[0]) for row in shown(browser, "table-network")]


def test_the_matrix_narrows_rows_columns_and_to_what_changes(browser: Chrome, page: str) -> None:
    opened(browser, page)
    everybody = shown(browser, "cells")
    find(browser, "#kind").send_keys("only rows")
    changed = shown(browser, "cells")
    assert 0 < len(changed) < len(everybody)
    find(browser, "#rows").send_keys("contractors")
    assert ["group:contractors"] == [row.split()[0] for row in shown(browser, "cells")]
    find(browser, "#columns").send_keys("tag:db")
    heads = [each.text for each in browser.find_elements("css selector", "#cells thead th") if each.is_displayed()]
    assert ["Who", "tag:db"] == [head.split()[0] for head in heads]
    assert "gained" == find(browser, "#cells tbody tr:not([hidden]) td:not([hidden])").get_attribute("class")


def test_everything_works_from_the_keyboard(browser: Chrome, page: str) -> None:
    from selenium.webdriver import ActionChains
    from selenium.webdriver.common.keys import Keys

    opened(browser, page)
    ActionChains(browser).send_keys(Keys.TAB).perform()
    assert "Skip to the content" == browser.switch_to.active_element.text
    head = find(browser, "#table-network thead th:nth-child(2)")
    find(browser, "#table-network thead th:nth-child(2) button").send_keys(Keys.ENTER)
    assert "ascending" == head.get_attribute("aria-sort")
    browser.execute_script("document.querySelector('figure svg g[data-box]').focus()")
    assert browser.find_elements("css selector", "figure svg .quiet")
    ActionChains(browser).send_keys(Keys.TAB).perform()
    assert "g" == browser.switch_to.active_element.tag_name
    browser.execute_script("document.activeElement.blur()")
    assert not browser.find_elements("css selector", "figure svg .quiet")


def test_on_a_phone_nothing_sticks_out(browser: Chrome, page: str, long_page: str) -> None:
    for address in (page, long_page):
        opened(browser, address)
        small = {"width": 360, "height": 740, "deviceScaleFactor": 2, "mobile": True}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", small)
        assert 360 == browser.execute_script("return document.documentElement.scrollWidth")
        row = find(browser, "#table-network tbody tr")
        assert row.size["width"] <= 360
        label = browser.execute_script(
            "return getComputedStyle(document.querySelector('#table-network td:nth-child(2)'), '::before').content"
        )
        assert "Who" in label


def luminance(color: str) -> float:
    """Give how bright a colour like `rgb(13, 17, 23)` is, from 0 to 1, as WCAG reckons it."""
    parts = [int(each) / 255 for each in color.partition("(")[2].rstrip(")").split(",")[:3]]
    linear = [each / 12.92 if each <= 0.03928 else ((each + 0.055) / 1.055) ** 2.4 for each in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_both_schemes_can_be_read(browser: Chrome, page: str, scheme: str) -> None:
    opened(browser, page)
    feature: dict[str, Any] = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", feature)
    paper = luminance(find(browser, "body").value_of_css_property("background-color"))
    assert (paper < 0.1) == (scheme == "dark")
    for selector in ("body", ".soft", ".change.gains", ".change.loses", ".change.warns", ".toc a"):
        ink = luminance(find(browser, selector).value_of_css_property("color"))
        assert (max(ink, paper) + 0.05) / (min(ink, paper) + 0.05) >= 4.5, selector


def test_without_javascript_everything_is_there(plain_browser: Chrome, page: str) -> None:
    plain_browser.get(page)

    for block in ("network", "ssh", "tests"):
        assert shown(plain_browser, f"table-{block}")
    assert shown(plain_browser, "cells")
    assert plain_browser.find_element("css selector", "figure svg").is_displayed()


def test_the_page_of_a_graph_works_too(browser: Chrome, tmp_path: Path) -> None:
    path = tmp_path / "graph.html"
    run("graph", "policies/startup/policy.hujson", "--format", "html", "-o", str(path), folder=REPOSITORY)
    opened(browser, path.as_uri())
    find(browser, "#search").send_keys("contractors")

    assert all("contractors" in row for row in shown(browser, "flows"))
    assert [] == browser.get_log("browser")
