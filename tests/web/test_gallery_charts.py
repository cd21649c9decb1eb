"""Every chart in every state, in chromium: no sideways scroll, no word split, cut or under another, no serious finding of
axe."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.conftest import Bank
from tests.doors import serving
from tests.web.eyes import browser, faults, pytestmark

__all__ = ["browser", "pytestmark"]


@pytest.mark.long
def test_charts_in_two_dresses(browser: Browser, bank: Bank) -> None:
    with serving(bank) as base:
        found = faults(browser, base, "/gallery/charts", "en", widths=(360,))
        found += faults(browser, base, "/gallery/charts", "zh", widths=(320,), axe=False)
        found += faults(browser, base, "/gallery/charts", "zh", "dark", True, widths=(1280,))
    assert not found, "\n".join(found)
