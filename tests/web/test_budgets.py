"""What the first page of each door may cost: its bytes as they are sent, with its styles and pictures, and no line that jumps."""

from __future__ import annotations

import re
from contextlib import closing

import httpx
import pytest
from playwright.sync_api import Browser

from farthing.bank.founding import agreed
from farthing.funding import service as funding
from farthing.funding.model import RegisterPartner
from farthing.town.founding import credit_code
from farthing.town.staff import DOORS, demo_logins, doors
from tests.conftest import Bank
from tests.doors import serving
from tests.payments.customers import customer
from tests.web.eyes import browser, kept, pytestmark
from tests.web.test_pictures import kept_of
from tests.web.walking import enter

__all__ = ["browser", "pytestmark"]

MOST_BYTES = 60_000
MOST_SHIFT = 0.01
SETTLES_MS = 200
NOWHERE = "http://127.0.0.1:9"
WATCH = """window.shifted = 0;
new PerformanceObserver(list => { for (const each of list.getEntries()) window.shifted += each.value; })
  .observe({type: "layout-shift", buffered: true});"""
OF_THE_PAGE = re.compile(r"""(?:href|src)="(/static/[^"]+)\"""")


def sent(client: httpx.Client, path: str) -> tuple[int, str]:
    """How many bytes an answer takes on its way, compressed as it is sent; and its text."""
    with client.stream("GET", path, headers={"accept-encoding": "gzip"}) as answer:
        assert answer.status_code == 200, path
        raw = b"".join(answer.iter_raw())
    return len(raw), client.get(path).text


def first_page(client: httpx.Client, path: str) -> int:
    """What a page costs somebody who never came before: itself and whatever it asks for."""
    own, text = sent(client, path)
    assert "<script" not in text and "url(http" not in text
    return own + sum(sent(client, asked)[0] for asked in set(OF_THE_PAGE.findall(text)))


def peopled(bank: Bank) -> None:
    """A customer, the staff of every door, and a partner lender."""
    customer(bank, 3_000_00)
    command = RegisterPartner("harvest", "丰收沙盒银行", NOWHERE, credit_code("91310000MA1HRT002"))
    agreed(bank.kernel, funding.register_partner, command)
    demo_logins(bank.kernel)


@pytest.mark.long
def test_the_first_page_of_each_door_is_light_and_nothing_on_it_jumps(bank: Bank, browser: Browser) -> None:
    with serving(bank) as base:
        peopled(bank)
        with closing(httpx.Client(base_url=base)) as nobody:
            cost = {"front": first_page(nobody, "/")}
        shift = {"front": shifted(browser, base, "/", [])}
        for door in doors(bank.kernel):
            with closing(enter(base, door.token)) as client:
                start = client.get("/").url.path
                cost[door.en] = first_page(client, start)
                shift[door.en] = shifted(browser, base, start, kept_of(client, base))
        assert len(cost) > len(DOORS), cost
        assert max(cost.values()) < MOST_BYTES, cost
        assert max(shift.values()) < MOST_SHIFT, shift


def shifted(browser: Browser, base: str, path: str, cookies: list[dict[str, str]]) -> float:
    """How far what is shown moves while a page is loaded, on the screen that the door is made for."""
    with closing(kept(browser, base, "zh")) as context:
        context.add_cookies(cookies)  # type: ignore[arg-type]
        page = context.new_page()
        page.add_init_script(WATCH)
        page.set_viewport_size({"width": 360 if path in ("/", "/home") else 1280, "height": 780})
        page.goto(f"{base}{path}")
        page.wait_for_timeout(SETTLES_MS)
        return float(page.evaluate("window.shifted"))
