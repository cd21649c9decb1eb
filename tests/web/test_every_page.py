"""Every page of every door that a small town's people can reach by links, looked at in chromium, in every dress.

A dress is a language, a theme, usual text or care, and a width. A page is loaded once in each language and text; its theme
and its width are then changed where it stands, as the server would have dressed it (which is compared). What the pages of
a door's second person say in the same words is looked at once. ``axe`` looks at the narrowest and the widest: what stands
between them is laid out by the same rules of the style sheet. ``make prove`` runs the whole product.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from itertools import product

import httpx
import pytest
from playwright.sync_api import Browser, Page

from farthing.town.staff import doors
from tests.conftest import Bank
from tests.doors import served
from tests.tidy.tree import ROOT
from tests.web.eyes import SHOTS, browser, kept, look, pytestmark
from tests.web.walking import enter, town_of, walk

__all__ = ["browser", "pytestmark"]

NOBODY = "nobody"
ROLES = (NOBODY, "customer", "shop", "counter", "operator", "risk", "security", "auditor", "regulator", "partner")
WIDTHS, THEMES = (320, 360, 1280), ("light", "dark")
PICTURED = {("zh", False, 360, "light"), ("en", False, 360, "light"), ("zh", False, 1280, "light"),
            ("en", False, 1280, "light"), ("zh", True, 320, "dark"), ("en", True, 360, "light")}  # fmt: skip
"""The dresses of which a picture is kept: language, care, width and theme."""
HIDDEN = re.compile(r'<input type="hidden"[^>]*>|farthing_form=[^;]*|(?:key|token)=[0-9A-Za-z_-]+| selected\b')
"""What differs each time a page is written, and the choice of how it looks."""
DRESS = "dress => document.documentElement.classList.replace(...dress)"


@pytest.fixture
def town(bank: Bank) -> Bank:
    return town_of(bank, 20)


def cookies(client: httpx.Client, base: str) -> Iterator[dict[str, str]]:
    """Who somebody is, without how pages look to him."""
    for each in client.cookies.jar:
        if each.name not in ("farthing_language", "farthing_theme", "farthing_care") and each.value:
            yield {"name": each.name, "value": each.value, "url": base}


def visitors(bank: Bank, base: str, role: str) -> Iterator[tuple[str, httpx.Client]]:
    """Everybody who comes in by a door: the first person and the second."""
    if role == NOBODY:
        with closing(httpx.Client(base_url=base, headers={"Accept-Language": "en"})) as client:
            yield role, client
        return
    for door in doors(bank.kernel):
        if door.en in (role, f"{role}-2"):
            with closing(enter(base, door.token)) as client:
                yield door.en, client


def pages(client: httpx.Client, seen: set[tuple[str, str]]) -> list[str]:
    """The addresses that a door leads to; what was read before, in the same words at the same address, is left out, and so
    is what a browser keeps as a file."""
    found = []
    for path in (each for paths in walk(client).values() for each in paths):
        answer = client.get(path)
        read = (path, HIDDEN.sub("", answer.text))
        if read not in seen and answer.headers["content-type"].startswith("text/html"):
            seen.add(read)
            found.append(path)
    return found


def of_another_theme(client: httpx.Client, path: str) -> list[str]:
    """A page that says in the dark what it does not say in the light: changing its dress where it stands would not do."""
    light, dark = (
        HIDDEN.sub("", client.get(path, headers={"Cookie": f"{_jar(client)}; farthing_theme={theme}"}).text)
        for theme in THEMES
    )
    return [] if light.replace('class="light"', 'class="dark"', 1) == dark else [f"{path}: another page in the dark"]


def _jar(client: httpx.Client) -> str:
    return "; ".join(f"{each.name}={each.value}" for each in client.cookies.jar)


def dressed(page: Page, base: str, path: str, language: str, care: bool, customer: bool) -> Iterator[str]:
    """Load a page once, change its width and its theme, and tell what is wrong in each."""
    answer = page.goto(f"{base}{path}")
    if answer is None or answer.status != 200:
        yield f"{path}: {answer and answer.status}"
    name = path.strip("/").replace("/", "-") or "front"
    worn = "light"
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 780})
        for theme in sorted(THEMES, key=lambda each: each != worn):
            page.evaluate(DRESS, [worn, theme])
            worn = theme
            at = f"{name}-{language}-{theme}{'-care' if care else ''}-{width}"
            if (language, care, width, theme) in PICTURED:
                page.screenshot(path=SHOTS / "every" / f"{at}.png", full_page=True)
            yield from (f"{at}: {each}" for each in look(page, language, width in (WIDTHS[0], WIDTHS[-1]), customer))


@pytest.mark.prove
@pytest.mark.timeout(3_600)
@pytest.mark.parametrize("role", ROLES)
def test_every_page_holds_in_every_dress(town: Bank, browser: Browser, role: str) -> None:
    (SHOTS / "every").mkdir(parents=True, exist_ok=True)
    found: list[str] = []
    seen: set[tuple[str, str]] = set()
    with served(town) as base:
        for who, client in visitors(town, base, role):
            paths = pages(client, seen)
            assert paths or who != role, f"{who} has no page"
            found += [fault for path in paths for fault in of_another_theme(client, path)]
            for language, care in product(("zh", "en"), (False, True)):
                with closing(kept(browser, base, language, "light", care)) as context:
                    context.add_cookies(list(cookies(client, base)))  # type: ignore[arg-type]
                    page = context.new_page()
                    for path in paths:
                        found += [
                            f"{who}: {each}"
                            for each in dressed(page, base, path, language, care, role in ("customer", "shop"))
                        ]
    assert seen and not found, "\n".join(found)


def test_nothing_is_laid_out_by_theme_nor_between_the_narrowest_widths() -> None:
    """What lets a page be looked at without being loaded anew: the dark changes colours alone, no rule begins at 320 to 360."""
    styles = "".join(each.read_text() for each in sorted((ROOT / "src/farthing/web/static/css").glob("*.css")))
    dark = re.findall(r":root(?:\.dark|:not\(\.light\))\{([^}]*)\}", styles)
    assert len(dark) == 2 and dark[0] == dark[1] and styles.count(".dark") == 1 and styles.count(".light") == 1
    assert re.fullmatch(r"\s*(?:(?:--[a-z0-9-]+:#[0-9a-f]+|color-scheme:dark);?\s*)+", dark[0]), dark[0]
    bounds = [float(each) * 16 for each in re.findall(r"(?:max|min)-width:([\d.]+)rem\)", styles)]
    assert bounds and not [each for each in bounds if 320 <= each <= 360], bounds
