"""The gallery, and with it every component, in chromium: both languages, light and dark, usual and care, three widths."""

from __future__ import annotations

from itertools import product

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Browser

from farthing.db.server import Database
from farthing.kernel.run import Kernel
from farthing.server import application
from tests.conftest import Bank
from tests.doors import serving
from tests.web.eyes import AXE, AXE_OF_DRESS, browser, faults, kept, pytestmark, serious

__all__ = ["browser", "pytestmark"]


@pytest.mark.long
def test_every_component_in_every_dress(browser: Browser, bank: Bank) -> None:
    """No sideways scroll, no word split, no serious finding of axe, contrast included."""
    found: list[str] = []
    with serving(bank) as base:
        for language, theme, care in product(("zh", "en"), ("light", "dark"), (False, True)):
            found += faults(browser, base, "/gallery", language, theme, care, widths=(320, 360, 1280))
    assert not found, "\n".join(found)


FAINT = '<html lang="en"><title>t</title><main><p style="color:#ccc;background:#fff">Pale</p><input></main></html>'


@pytest.mark.parametrize(("rules", "found"), [(AXE, {"color-contrast", "label"}), (AXE_OF_DRESS, {"color-contrast"})])
def test_what_hangs_on_the_dress_is_found_in_each(browser: Browser, rules: str, found: set[str]) -> None:
    page = browser.new_context().new_page()
    page.set_content(FAINT)
    assert {each.split()[1].rstrip(":") for each in serious(page, rules)} == found


def test_a_bank_with_a_real_clock_shows_no_gallery(database_url: str) -> None:
    kernel = Kernel(Database(database_url).open())
    kernel.open_bank("real", "Asia/Shanghai", "CNY")
    with TestClient(application(kernel)) as client:
        answer = client.get("/gallery")
    assert (answer.status_code, "web.no_gallery" in answer.text) == (404, True)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_bar_takes_little_of_a_phone(browser: Browser, bank: Bank, theme: str) -> None:
    with serving(bank) as base:
        page = kept(browser, base, "zh", theme, False).new_page()
        page.set_viewport_size({"width": 360, "height": 780})
        page.goto(f"{base}/help")
        box = page.locator("header.bar").bounding_box()
        assert box is not None and box["height"] <= 78
