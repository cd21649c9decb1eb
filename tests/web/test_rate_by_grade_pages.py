"""Pages of a loan whose rate goes by the probability of default: the span before anybody asks, and why it is what it is in the
offer; for borrower, counter and officers."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser as Chromium

from farthing.credit import service as credit
from farthing.kit.canonical import plain
from farthing.kit.rates import percent
from farthing.lending import service as lending
from tests.doors import serving
from tests.identity.people import PASSWORD, enrolled
from tests.lending.house import House
from tests.web.eyes import browser, faults, pytestmark  # noqa: F401
from tests.web.test_borrowing import BORROWER
from tests.web.test_counter import at_the_desk, seen_by
from tests.web.test_entrance import Browser

PRODUCT = "neighbours-loan"
SPAN = {"en": "5.20% to 17.50% by grade", "zh": "5.20% 至 17.50%，按等级"}
DEAREST = {"en": "at the dearest rate", "zh": "按最高档利率"}
WHY = {
    "en": "by your bills, {figure} in a year. Up to {limit} it is {rate} a year.",
    "zh": "一年内违约概率为 {figure}；不超过 {limit} 的，年利率为 {rate}。",
}
ASKED = {"product": PRODUCT, "amount": "8000", "instalments": "6", "purpose": "a roof"}


@pytest.fixture(name="house")
def a_house(database_url: str) -> House:
    return House(database_url)


@pytest.fixture(name="base")
def a_base(house: House) -> Iterator[str]:
    enrolled(house.bank, BORROWER)
    with serving(house.bank) as base:
        yield base


@pytest.mark.parametrize("language", ["en", "zh"])
def test_who_borrows_sees_the_span_before_and_why_it_is_what_it_is_after(
    base: str, house: House, browser: Chromium, language: str,  # noqa: F811
) -> None:  # fmt: skip
    person = Browser(base, language)
    person.sign_in(BORROWER.phone, PASSWORD)
    assert SPAN[language] in person.go("/apply").text
    beside = "/apply?product=neighbours-loan&amount=8000.00&instalments=6&purpose=a%20roof"
    assert DEAREST[language] in person.go(beside).text
    at = person.send("/apply", key="k", agree="1", **ASKED).headers["location"]
    offer = house.bank.read(lambda tx: lending.offer(tx, at.rpartition("/")[2]))
    decision = house.bank.read(lambda tx: credit.decision(tx, offer.decision_id))
    step = offer.conditions.step
    figures = {
        "figure": percent(decision.probability_of_default, most=2),
        "limit": percent(step.up_to),
        "rate": percent(step.annual),
    }
    assert WHY[language].format(**figures) in person.go(at).text
    found = [faults(browser, base, page, language, cookies=person.kept()) for page in (beside, at)]
    assert found == [[], []]
    taken = person.send(at, amount=offer.amount.plain(), total_cost=offer.total_cost.plain(), key="a")
    seeks = person.go(person.go(taken.headers["location"]).headers.get("location", taken.headers["location"]))
    assert seeks.status_code == 200 and taken.headers["location"].startswith("/loans/")


def test_officers_read_the_span_and_each_step(base: str, house: House, browser: Chromium) -> None:  # noqa: F811
    operator, here = Browser(base), f"/ops/products/{PRODUCT}/{house.terms(PRODUCT).version}"
    operator.sign_in()
    shown = operator.go(here).text
    said = (SPAN["en"], "by the probability of default", "up to 1.00%", "up to 9.00%", "12.50%", "1.5 times the rate")
    assert [each for each in said if each not in shown] == []
    assert faults(browser, base, here, "en", cookies=operator.kept()) == []


def test_the_counter_tells_the_span_before_it_applies(base: str, house: House) -> None:
    desk = at_the_desk(house.bank, base)
    seen_by(house.bank, house.party.id)
    assert SPAN["en"] in desk.go(f"/counter/customers/{house.party.id}/apply").text


def test_a_program_reads_the_steps_and_why_an_offer_bears_what_it_does(base: str, house: House) -> None:
    sold = {each["product"]: each for each in httpx.get(f"{base}/v1/products").json()}
    rate = sold[PRODUCT]["rate"]
    assert (rate["annual"], [each["up_to"] for each in rate["by_default"]]) == (
        "0.1750",
        ["0.010", "0.025", "0.040", "0.060", "0.090"],
    )
    assert sold["rainy-day-loan"]["rate"]["by_default"] == []
    offer = house.apply("8000", 6, PRODUCT).offer
    assert plain(offer)["conditions"]["step"]["annual"] == str(offer.conditions.annual)
