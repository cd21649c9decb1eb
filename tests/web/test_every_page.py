"""Every page of every door that a small town's people can reach by links, looked at in chromium.

In the fast suite each page once, in the dress that is hardest on it: Chinese, care size, a narrow phone (staff: 360), and
English on a desk. In ``make prove`` each page in both languages, light and dark, usual and care, at three widths.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from itertools import product

import httpx
import pytest
from playwright.sync_api import Browser

from farthing.town.staff import doors
from tests.conftest import Bank
from tests.doors import served
from tests.web.eyes import browser, faults, pytestmark
from tests.web.walking import enter, town_of, walk

__all__ = ["browser", "pytestmark"]

HARD = (("zh", "light", True, (320,)), ("en", "dark", False, (1280,)))
ALL = tuple(
    (language, theme, care, (320, 360, 1280))
    for language, theme, care in product(("zh", "en"), ("light", "dark"), (False, True))
)


@pytest.fixture
def town(bank: Bank) -> Bank:
    return town_of(bank, 20)


def _faults(
    browser: Browser, bank: Bank, dresses: tuple[tuple[str, str, bool, tuple[int, ...]], ...], thorough: bool
) -> list[str]:
    """``thorough``: with axe, and a picture of each."""
    found: list[str] = []
    with served(bank) as base:
        for door in doors(bank.kernel):
            with closing(enter(base, door.token)) as client:
                cookies = list(_cookies(client, base))
                pages = walk(client)
                for paths in pages.values():
                    for language, theme, care, widths in dresses:
                        found += [
                            f"{door.en}: {fault}"
                            for path in paths
                            for fault in faults(
                                browser, base, path, language, theme, care, widths, cookies, thorough, thorough
                            )
                        ]
    return found


def _cookies(client: httpx.Client, base: str) -> Iterator[dict[str, str]]:
    for each in client.cookies.jar:
        if each.name not in ("farthing_language", "farthing_theme", "farthing_care") and each.value:
            yield {"name": each.name, "value": each.value, "url": base}


@pytest.mark.prove
def test_every_page_holds_in_its_hardest_dress(town: Bank, browser: Browser) -> None:
    assert not (found := _faults(browser, town, HARD, False)), "\n".join(found)


@pytest.mark.prove
@pytest.mark.timeout(3_600)
def test_every_page_holds_in_every_dress(town: Bank, browser: Browser) -> None:
    assert not (found := _faults(browser, town, ALL, True)), "\n".join(found)
