"""A pay-out is called back on a page by an operator: with a reason, once, and what the payee's bank answers is shown."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser as Chromium

from farthing.payments.model import RailAnswer
from tests.conftest import Bank
from tests.doors import served
from tests.identity.people import PASSWORD, staff
from tests.payments.life.house import House, house_of
from tests.web.eyes import browser, faults, pytestmark
from tests.web.test_entrance import Browser
from tests.web.test_saving import words

__all__ = ["browser", "pytestmark"]


@pytest.fixture
def house(bank: Bank) -> House:
    found = house_of(bank)
    staff(bank, "ou", "operator")
    staff(bank, "ri", "risk")
    return found


@pytest.fixture
def base(house: House) -> Iterator[str]:
    with served(house.bank) as server:
        yield server


def test_a_pay_out_is_called_back_once_and_its_answer_is_shown(house: House, base: str, browser: Chromium) -> None:
    operator, sent, other = Browser(base), house.pay_out(300), house.pay_out(400)
    operator.sign_in("ou", PASSWORD)
    place = f"/ops/recalls/{sent.id}"
    assert f'href="{place}"' in operator.go(f"/ops/payments?number={sent.id}").text
    assert "Ask for it back" in operator.go(place).text
    found = faults(browser, base, place, "en", widths=(360,), cookies=operator.kept())
    asked = operator.send(place, reason_code="FRAD", note="她说那是骗局 a fraud", key="k")
    assert asked.headers["location"] == place
    page = words(operator.go(place))
    assert (
        "A fraud" in page
        and "她说那是骗局" in page
        and "has not answered yet" in page
        and "Ask for it back" not in page
    )
    again = operator.send(place, reason_code="DUPL", key="another")
    assert again.status_code == 409 and "called back before" in words(again)
    for each, answer in ((sent, RailAnswer("settled")), (other, RailAnswer("declined", reason_code="NOAS"))):
        house.rail.recalled[each.id] = answer
    operator.send(f"/ops/recalls/{other.id}", reason_code="CUST", key="o")
    house.ask()
    assert "still to come" in words(operator.go(place))
    assert "refused" in words(operator.go(f"/ops/recalls/{other.id}"))
    found += faults(browser, base, place, "zh", "dark", True, widths=(320,), cookies=operator.kept())
    assert not found, found
    assert operator.go("/ops/recalls/rail_none").status_code == 404
    assert house.kinds(sent.id) == ["settled", "recall_asked", "recall_agreed"] and house.clean()


def test_who_may_not_is_refused(house: House, base: str) -> None:
    risk, sent = Browser(base), house.pay_out(300)
    risk.sign_in("ri", PASSWORD)
    assert risk.go(f"/ops/recalls/{sent.id}").status_code == 403
