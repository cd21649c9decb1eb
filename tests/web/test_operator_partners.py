"""The operator's page of partner lenders: a programme comes by a file, is compared, drafted, and ended; two persons each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser as Chromium

from farthing.bank.founding import agreed
from farthing.funding import service as funding
from farthing.funding.cover import service as covers
from farthing.funding.programmes import service
from farthing.funding.programmes.model import SetProgramme
from farthing.kernel import approvals, errands
from farthing.kernel.approvals import Decide
from farthing.kernel.operation import OPERATIONS
from farthing.kit.actor import Actor
from tests.doors import served
from tests.funding.lenders import source
from tests.funding.test_partners import HARVEST
from tests.identity.people import PASSWORD, staff
from tests.lending.house import House
from tests.web.eyes import browser, faults, pytestmark
from tests.web.test_entrance import Browser
from tests.web.test_operator_products import hidden

__all__ = ["browser", "pytestmark"]
PAGE = "/ops/partners"


@pytest.fixture
def house(database_url: str) -> House:
    found = House(database_url)
    agreed(found.bank.kernel, funding.register_partner, HARVEST)
    staff(found.bank, "ou", "operator")
    staff(found.bank, "ri", "risk")
    return found


@pytest.fixture
def base(house: House) -> Iterator[str]:
    with served(house.bank) as server:
        yield server


def agree(house: House) -> None:
    second = Actor("second", frozenset(each.permission for each in OPERATIONS.values()), None)
    for draft in house.bank.kernel.ask(approvals.waiting, actor=second):
        assert (
            house.bank.kernel.run(approvals.decide, Decide(draft.approval_id, approve=True), actor=second).state
            == "approved"
        )


def upload(who: Browser, text: str, name: str = "p.toml") -> str:
    who.go(PAGE)
    data = {"form_token": who.token, "act": "set"}
    answer = who.client.post(PAGE, data=data, files={"file": (name, text.encode())})
    who._seen(answer)
    return answer.text


def test_a_programme_comes_by_a_file_and_goes_by_an_end(house: House, base: str) -> None:
    operator, risk = Browser(base), Browser(base)
    operator.sign_in("ou", PASSWORD)
    risk.sign_in("ri", PASSWORD)
    assert risk.go(PAGE).status_code == 403
    page = operator.go(PAGE).text
    assert "No programme with a partner yet" in page and HARVEST.name_en in page
    file = source(products=["rainy-day-loan"])
    assert "funding.unknown_partner" in upload(operator, source(partner="nobody", products=["rainy-day-loan"]))
    assert "products.invalid" in upload(operator, file.replace("0.30", "1.30"))
    shown = upload(operator, file)
    assert "A new programme" in shown and "principal.max" in shown and "200000.00" in shown
    assert not house.bank.kernel.ask(service.programmes)
    done = operator.send(PAGE, **hidden(shown))
    assert done.headers["location"] == f"{PAGE}?drafted=1"
    agree(house)
    page = operator.go(PAGE).text
    assert ">30.00%<" in page and "in force" in page and "200,000" in page
    assert "web.upload_changes_nothing" in upload(operator, f"# a remark\n{file}")
    changed = upload(operator, file.replace('part = "0.30"', 'part = "0.40"'))
    assert "Against what stands" in changed and "0.30" in changed and "0.40" in changed
    ending = operator.send(PAGE, act="end", programme="shops-2027", key="2").text
    assert "An end" in ending and "Shops" in ending
    assert operator.send(PAGE, **hidden(ending)).headers["location"] == f"{PAGE}?drafted=1"
    agree(house)
    assert [each.ended for each in house.bank.kernel.ask(service.programmes)] == [True]
    assert "funding.programme_ended" in operator.send(PAGE, act="end", programme="shops-2027", key="4").text
    assert "funding.unknown_programme" in operator.send(PAGE, act="end", programme="none", key="5").text


FULL = """
price = {annual = "0.10"}
capacity = {outstanding = "1000000.00", a_day = "50000.00"}
[cover]
giver = "spring"
licence = "D-110"
part = "0.05"
days_past_due = 90
refills = true
"""


def in_full(house: House) -> None:
    """A programme that says all that one may, whose cover another partner gives."""
    agreed(
        house.bank.kernel,
        funding.register_partner,
        replace(HARVEST, code="spring", name="春耕担保（沙盒）", name_en=""),
    )
    agreed(house.bank.kernel, service.set_programme, SetProgramme(source(products=["rainy-day-loan"]) + FULL))


def test_room_price_and_cover_stand_on_the_page_and_money_goes_in_by_two(house: House, base: str) -> None:
    in_full(house)
    operator = Browser(base)
    operator.sign_in("ou", PASSWORD)
    page = operator.go(PAGE).text
    assert ">10.00%<" in page and "1,000,000" in page and "Room to lend together" in page and "With one partner" in page
    assert "Cover of losses" in page and ">green<" in page
    assert "web.amount_missing" in operator.send(PAGE, act="pay", programme="shops-2027", giver="spring", key="1").text
    asked = operator.send(PAGE, act="pay", programme="shops-2027", giver="spring", amount="5,000", key="2").text
    assert "Money into a cover" in asked and "5,000" in asked
    assert operator.send(PAGE, **hidden(asked)).headers["location"] == f"{PAGE}?drafted=1"
    agree(house)
    errands.sweep(house.bank.kernel, everything=True)
    (cover,) = house.bank.kernel.ask(covers.covers)
    assert cover.balance.plain() == "5000.00"
    back = operator.send(PAGE, act="return", programme="shops-2027", giver="spring", amount="5000.01", key="3").text
    assert "funding.cover_bound" in back


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_is_fit_for_people(house: House, base: str, browser: Chromium, language: str) -> None:
    in_full(house)
    operator = Browser(base, language)
    operator.sign_in("ou", PASSWORD)
    assert not faults(browser, base, PAGE, language, cookies=operator.kept())
