"""Refusals of what is done to a loan over its life."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from farthing.bank.founding import agreed
from farthing.funding import service as funding
from farthing.lending import service as lending
from farthing.lending.acts import service as acts
from farthing.lending.acts.model import Charge, GiveUp, LowerRate, RepayAsOf, ReverseEvent, Waive
from farthing.lending.model import LoanCommand
from farthing.lending.shelf import service as loan_shelf
from farthing.products.model import Publish
from farthing.products.reference import service as references
from tests.errors.gallery import reproduces
from tests.funding.test_partners import Lender, shared
from tests.lending.backing.friends import called, in_default_with_a_pledge, pledged, saved
from tests.lending.floating.test_bank import figure, reset
from tests.lending.floating.test_rules import floating as file
from tests.lending.house import House, yuan

WHY = "as the board decided"


def _lent(house: House) -> str:
    return house.active("1000").id


def _house(database_url: str) -> House:
    return House(database_url, lived=_lent)


def _charge(house: House, component: str = "fee", words: str = WHY, on: date | None = None) -> Any:
    return house.bank.run(acts.charge, Charge(house.made, component, yuan("5"), words, on=on))


@reproduces("lending.unknown_act_word")
def a_charge_of_nothing_known(database_url: str) -> None:
    _charge(_house(database_url), component="principal")


@reproduces("lending.act_wordless")
def an_act_without_words(database_url: str) -> None:
    _charge(_house(database_url), words=" ")


@reproduces("lending.act_not_yet")
def an_act_of_tomorrow(database_url: str) -> None:
    house = _house(database_url)
    _charge(house, on=house.today + timedelta(days=1))


@reproduces("lending.month_closed")
def an_act_of_a_month_that_was_reported(database_url: str) -> None:
    house = _house(database_url)
    paid_out = house.today
    house.wait(date(2026, 12, 2))
    agreed(house.bank.kernel, acts.repay_as_of, RepayAsOf(house.made, yuan("5"), paid_out, WHY))


@reproduces("lending.pledge_first")
def writing_off_what_a_deposit_is_pledged_for(database_url: str) -> None:
    house = _house(database_url)
    pledged(house, house.loan(house.made), saved(house, house.party, "1000"), "500")
    agreed(house.bank.kernel, acts.write_off, GiveUp(house.made, WHY))


@reproduces("lending.rate_below_nothing")
def a_rate_below_nothing(database_url: str) -> None:
    house = _house(database_url)
    house.bank.run(acts.lower_rate, LowerRate(house.made, Decimal("-0.01"), WHY))


@reproduces("lending.charge_due_before")
def a_charge_that_was_due_yesterday(database_url: str) -> None:
    house = _house(database_url)
    yesterday = house.today - timedelta(days=1)
    house.bank.run(acts.charge, Charge(house.made, "fee", yuan("5"), WHY, due_on=yesterday))


@reproduces("lending.beyond_last_due_day")
def a_charge_that_falls_due_once_the_loan_is_over(database_url: str) -> None:
    house = _house(database_url)
    house.bank.run(acts.charge, Charge(house.made, "fee", yuan("5"), WHY, due_on=date(9999, 12, 31)))


@reproduces("lending.paid_by_another")
def a_reversal_of_what_a_pledged_deposit_paid(database_url: str) -> None:
    house = House(database_url, lived=in_default_with_a_pledge)
    loan_id, pledge_id = house.made
    called(house, pledge_id)
    paid = house.bank.read(lambda tx: acts.story(tx, loan_id))[-1]
    agreed(house.bank.kernel, acts.reverse_event, ReverseEvent(loan_id, paid.id, WHY))


@reproduces("lending.rate_raised")
def a_higher_rate(database_url: str) -> None:
    house = _house(database_url)
    house.bank.run(acts.lower_rate, LowerRate(house.made, Decimal("0.13"), WHY))


@reproduces("lending.shared_in_the_past")
def a_late_word_about_a_loan_that_others_fund(database_url: str) -> None:
    house, loan = shared(database_url, Lender())
    funding.arrange(house.bank.kernel, loan.id)
    house.sign(loan.id)
    house.complete(loan.id)
    house.wait(date(2026, 12, 3))
    late = Waive(loan.id, "interest", yuan("1"), WHY, on=house.today - timedelta(days=1))
    house.bank.run(acts.waive, late)


@reproduces("lending.over_for_good")
def a_charge_to_a_loan_that_is_over(database_url: str) -> None:
    house = _house(database_url)
    house.bank.run(lending.settle, LoanCommand(house.made))
    _charge(house)


@reproduces("lending.unknown_event")
def a_reversal_of_nothing(database_url: str) -> None:
    house = _house(database_url)
    house.bank.run(acts.reverse_event, ReverseEvent(house.made, "act_nothing", WHY))


@reproduces("lending.never_taken_back")
def a_reversal_of_the_payment_out(database_url: str) -> None:
    house = _house(database_url)
    first = house.bank.read(lambda tx: acts.story(tx, house.made))[0]
    house.bank.run(acts.reverse_event, ReverseEvent(house.made, first.id, WHY))


@reproduces("lending.reset_since")
def a_lower_rate_of_before_a_reset(database_url: str) -> None:
    house = House(database_url, lived=reset)
    house.bank.run(acts.lower_rate, LowerRate(house.made, Decimal("0.10"), WHY, house.today.replace(day=27)))


@reproduces("products.reference_unknown")
def a_product_that_follows_a_rate_of_which_nobody_set_a_figure(database_url: str) -> None:
    kernel = _house(database_url).bank.kernel
    agreed(kernel, loan_shelf.publish, Publish("rainy-day-loan", file().replace("lpr-1y", "euribor-3m")))


@reproduces("products.reference_in_force")
def a_figure_of_today(database_url: str) -> None:
    house = _house(database_url)
    agreed(house.bank.kernel, references.set_reference_rate, figure(house.today, "4%"))


@reproduces("products.reference_currency")
def a_figure_in_another_currency(database_url: str) -> None:
    house = _house(database_url)
    of_euro = figure(house.today + timedelta(days=1), "4%", currency="EUR")
    agreed(house.bank.kernel, references.set_reference_rate, of_euro)
