"""Our accounts at rails on pages: what stands, a day against its statement, a difference worked off by one person and by two."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import Browser as Chromium

from tests.conftest import Bank
from tests.doors import served
from tests.identity.people import PASSWORD, staff
from tests.payments.nostro.peers import Nostro, nostro_of
from tests.web.eyes import browser, faults, pytestmark
from tests.web.test_entrance import Browser

__all__ = ["browser", "pytestmark"]
PAGE = "/ops/rails/sandbox"


@pytest.fixture
def nostro(bank: Bank) -> Iterator[Nostro]:
    with nostro_of(bank) as found:

        def lived() -> None:
            found.peer.control({"moods": ["twice"]})
            found.house.pay_out(300)
            found.house.pay_out(400)
            found.peer.control({"gap": "line"})
            found.close()
            staff(bank, "ou", "operator")
            staff(bank, "ri", "risk")

        with ThreadPoolExecutor(1) as apart:  # the browser drives an event loop of this thread
            apart.submit(lived).result()
        yield found


@pytest.fixture
def base(nostro: Nostro) -> Iterator[str]:
    with served(nostro.bank) as server:
        yield server


def test_a_rail_is_looked_at_and_its_differences_are_worked_off(nostro: Nostro, base: str, browser: Chromium) -> None:
    operator, risk = Browser(base), Browser(base)
    operator.sign_in("ou", PASSWORD)
    risk.sign_in("ri", PASSWORD)
    assert 'href="/ops/rails"' in operator.go("/ops/payments").text
    assert risk.go("/ops/rails").status_code == 403 and risk.go(PAGE).status_code == 403
    page = operator.go("/ops/rails").text
    assert "Told twice" in page and "Not there yet" in page and f'href="{PAGE}"' in page
    days = operator.go(PAGE).text
    on = days.partition(f'href="{PAGE}/')[2].partition('"')[0]
    place = f"{PAGE}/{on}"
    page = operator.go(place).text
    assert "Told twice" in page and "Work it off" in page and "3.00" in page
    assert operator.go(f"{PAGE}/2031-01-01").text.count("No statement of this day was taken.") == 1
    number = page.partition('name="break_id" value="')[2].partition('"')[0]
    assert "payments.break_reason_missing" in operator.send(place, break_id=number, reason=" ", key="1").text
    asked = operator.send(place, break_id=number, reason="a mistake", correct="1", key="2")
    assert asked.headers["location"] == f"{place}?drafted=1"
    found = faults(browser, base, place, "zh", widths=(360,), cookies=operator.kept())
    found += faults(browser, base, "/ops/rails", "en", widths=(360,), cookies=operator.kept())
    found += faults(browser, base, PAGE, "zh", widths=(1280,), cookies=operator.kept())
    assert not found, "\n".join(found)
    assert operator.send(place, break_id=number, reason="back tomorrow", key="3").headers["location"] == place
    page = operator.go(place).text
    assert "back tomorrow" in page and "Worked off" in page

    with ThreadPoolExecutor(1) as apart:
        report = apart.submit(nostro.peer.bank.report).result()
    data = {"form_token": operator.token, "key": "4"}
    answer = operator.client.post(PAGE, data=data, files={"file": ("today.xml", report)})
    assert answer.headers["location"] == f"{PAGE}/{nostro.today}"
    assert "so far" in operator.go(PAGE).text
    assert operator.send(PAGE, act="ask", key="5").headers["location"] == f"{PAGE}?asked=1"
    answer = operator.client.post(PAGE, data={**data, "key": "6"}, files={"file": ("x.xml", b"<a/>")})
    assert "iso20022.other_message" in answer.text
