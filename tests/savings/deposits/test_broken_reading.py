"""What was told wrongly or not at all: papers, far days, odd names, and differences that verification did not name."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from farthing.kernel.day import CloseStep, close_day
from farthing.kit.calendar import add_months
from farthing.kit.errors import Refusal
from farthing.kit.words import Words
from farthing.products.model import Publish
from farthing.products.service import ROOT
from farthing.savings.audit.service import verify
from farthing.savings.deposits import passbook_service as passbook
from farthing.savings.fund import founding_service as funds
from farthing.savings.shelf import service as catalogue
from farthing.savings.shelf.model import PublishRates
from farthing.savings.sweeps import service as odds
from farthing.savings.sweeps.model import StartGroup
from tests.conftest import Bank
from tests.savings.deposits.saver import days, found, opened, refused, saver, today, until, yuan


def told(bank: Bank, query: Any) -> str:
    with pytest.raises(Refusal) as caught:
        bank.read(query)
    return caught.value.code


@pytest.mark.long
def test_interest_of_a_renewal_belongs_to_the_period_that_ends_on_its_day(bank: Bank) -> None:
    start = today(found(bank))
    deposit = opened(bank, saver(bank), "lump-sum", "10000.00", term="3m", renewal="principal_and_interest").deposit.id
    renewed_on = add_months(start, 3)
    until(bank, renewed_on + timedelta(days=5))
    first = bank.read(lambda tx: passbook.interest(tx, deposit, start, renewed_on))
    second = bank.read(lambda tx: passbook.interest(tx, deposit, renewed_on + timedelta(days=1)))
    assert ([each.amount for each in first], second) == ([yuan("46.25")], ())
    assert bank.read(lambda tx: passbook.statement(tx, deposit, start, renewed_on)).events[-1].interest == yuan("46.25")


@pytest.mark.parametrize(
    ("product", "terms"),
    [("rolling-grassroots", {}), ("demand", {}), ("lump-sum", {"term": "5y", "renewal": "principal"})],
)
def test_nobody_asks_for_the_end_of_the_calendar(bank: Bank, product: str, terms: dict[str, str]) -> None:
    deposit = opened(found(bank, "sandbox"), saver(bank), product, "10000.00", **terms).deposit.id
    assert told(bank, lambda tx: passbook.worth(tx, deposit, date.max)) == "savings.bad_date"
    assert bank.read(lambda tx: passbook.worth(tx, deposit, date(2199, 12, 31))).balance > yuan("0")


@pytest.mark.parametrize(("first", "last"), [(date.min, date(1, 1, 3)), (date(9999, 12, 30), date.max)])
def test_a_fund_has_no_figures_at_the_ends_of_the_calendar(bank: Bank, first: date, last: date) -> None:
    found(bank)
    assert told(bank, lambda tx: funds.published(tx, "savings-baby", first, last)) == "savings.bad_date"


def test_names_are_printable(bank: Bank) -> None:
    found(bank)
    day = today(bank) + timedelta(days=3)
    odd = StartGroup(Words("\0", "x"), "savings-lump-sum", "3m", yuan("10.00"), day, "retail")
    assert refused(bank, odds.start_group, odd) == "request.malformed"
    odd = StartGroup(Words("a", "x"), "savings-lump-sum", "3m", yuan("10.00"), day, "\0")
    assert refused(bank, odds.start_group, odd) == "request.malformed"
    rates = PublishRates("\0", today(bank), "1%")
    assert refused(bank, catalogue.publish_rates, rates) == "request.malformed"


def test_rates_do_not_end_before_they_begin(bank: Bank) -> None:
    day = today(found(bank)) + timedelta(days=1)
    new = PublishRates(
        "retail", day, "2%", {"3m": "3%"}, {}, {"7d": "5%", "1d": "2%"}, until_on=day - timedelta(days=1)
    )
    assert refused(bank, catalogue.publish_rates, new) == "savings.bad_field"


def test_two_products_do_not_owe_their_interest_in_one_place(bank: Bank) -> None:
    source = (ROOT / "products" / "savings-demand.toml").read_text(encoding="utf-8")
    assert refused(found(bank), catalogue.publish, Publish("demand", source)) == "savings.bad_field"


@pytest.mark.parametrize("stopped", ["savings.fall_due", "savings.accrue"])
def test_rates_of_tomorrow_are_not_published_while_today_is_closed(bank: Bank, stopped: str) -> None:
    """What is due at the start of a day is paid in the night before, at the rates of that day."""
    opened(found(bank, "sandbox"), saver(bank), "rolling-grassroots", "10000.00")
    days(bank, 6)
    day = today(bank) + timedelta(days=1)
    new = PublishRates("retail", day, "2%", {"3m": "3%"}, {}, {"7d": "5%", "1d": "2%"})
    assert bank.kernel.preview(catalogue.publish_rates, new).effective_on == day
    for step in bank.kernel.steps:
        bank.run(step.name, CloseStep(today(bank)), key=f"close:{today(bank)}:{step.name}:")
        if step.name == stopped:
            assert refused(bank, catalogue.publish_rates, new) == "savings.rates_in_force"
    close_day(bank.kernel)
    assert bank.read(verify).findings == ()


PLANTED = [
    ("demand", "payout = 'liabilities:wallets:other'", "deposit.payout"),
    ("lump-sum", "payout = 'liabilities:wallets:other'", "deposit.payout"),
    ("demand", "party_id = 'party_other'", "deposit.payout"),
    ("lump-sum", "party_id = 'party_other'", "deposit.payout"),
    ("lump-sum", "balance_minor = 5000000000000000000", "deposit"),
    ("lump-sum", "detail = '5'", "deposit"),
    ("demand", "as_of_on = '0001-01-01'", "deposit.as_of_on"),
    ("lump-sum", "close_on = NULL", "deposit.close_on"),
    ("demand", "close_on = opened_on + 9", "deposit.close_on"),
    ("demand", "rate = 0.01", "deposit.detail"),
    ("demand", """detail = '{"draws": 1}'""", "deposit.detail"),
    ("demand", "currency = 'USD'", "deposit.currency"),
    ("demand", "board = 'none'", "deposit.version"),
]


def _three_days(bank: Bank, product: str) -> str:
    terms = {"term": "3m", "renewal": "principal"} if product == "lump-sum" else {}
    deposit: str = opened(found(bank), saver(bank), product, "10000.00", **terms).deposit.id
    days(bank, 3)
    return deposit


@pytest.mark.long
@pytest.mark.parametrize(("product", "planted", "what"), PLANTED)
def test_a_difference_that_was_not_named(bank: Bank, product: str, planted: str, what: str) -> None:
    deposit = bank.begin(f"three days of {product}", lambda bank: _three_days(bank, product))
    assert bank.read(verify).findings == ()
    with bank.superuser() as connection:
        connection.execute(f"UPDATE deposit SET {planted} WHERE id = '{deposit}'".encode())
    assert what in {finding.what for finding in bank.read(verify).findings}
