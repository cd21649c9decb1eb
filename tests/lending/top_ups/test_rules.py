"""What a product, and its currency, say of asking for more."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.lending import life, telling
from farthing.lending.life import Life
from farthing.lending.model import LoanEvent
from farthing.lending.top_ups import rules
from farthing.products import files
from farthing.products.model import LoanTerms, ToppingUp
from tests.lending.acts.test_lives import loan
from tests.lending.test_product_schedules import RAINY, product
from tests.lending.test_rules import AT, START, WALLET

MORE = Money(500_000, "CNY")
SAID = "top_up = {after_instalments = 3}"
TERMS = replace(product(least=6), top_up=ToppingUp(1))


def checked(found: Life, terms: LoanTerms, amount: Money = MORE) -> str:
    """The code of what is refused today, or what pays the loan off."""
    on = found.as_of_on or START
    try:
        return str(rules.check(found, life.stands(found, on), terms, amount, on, troubled=False).amount)
    except Refusal as refusal:
        return refusal.code


def paid_once() -> Life:
    """A loan of which the first instalment is paid on its day."""
    found = loan()
    on = found.plan[0].due_on
    state = life.stands(found, on)
    due = life.due_of("CNY", state, on)
    told = telling.pay(found, state, "repay", due, WALLET, "first", AT, on)
    return Life(told.after.loan, found.plan, told.after.events, on)


def test_in_the_order_in_which_refusals_are_given() -> None:
    assert checked(loan(), replace(TERMS, top_up=None)) == "lending.top_up_not_offered"
    assert checked(loan(), replace(TERMS, currency="EUR")) == "lending.top_up_other_currency"
    assert checked(loan(), TERMS) == "lending.top_up_too_soon"
    found = paid_once()
    price = checked(found, TERMS)
    assert price.startswith("CNY")
    assert (
        checked(found, TERMS, Money.parse(price.removeprefix("CNY ").replace(",", ""), "CNY"))
        == "lending.top_up_too_little"
    )
    late = replace(found, as_of_on=found.plan[1].due_on + timedelta(days=1))
    assert checked(late, TERMS) == "lending.top_up_late"


def test_a_coin_that_is_paid_ahead_is_no_instalment() -> None:
    found, on = loan(), START + timedelta(days=5)
    chosen = LoanEvent(2, "choice", "set_surplus", START, MORE * 0, {"surplus": "last"}, (), MORE, "active", AT)
    found = replace(found, events=(*found.events, chosen))
    told = telling.pay(found, life.stands(found, on), "repay", Money(1, "CNY"), WALLET, "coin", AT, on)
    after = replace(told.after, as_of_on=on)
    assert [each.ahead for each in life.stands(after, on).instalments if each.total_paid] == [True]
    assert checked(after, TERMS) == "lending.top_up_too_soon"


@pytest.mark.parametrize(
    "text",
    ["top_up = {}", "top_up = {after_instalments = 0}", "top_up = {after_instalments = 12}", "top_up = {soon = 1}"],
)
def test_a_product_says_it_plainly(text: str) -> None:
    with pytest.raises(Refusal) as caught:
        files.decode("rainy-day-loan", RAINY.replace(SAID, text))
    assert caught.value.code in ("products.invalid", "products.unknown_key")


def test_a_product_that_says_nothing_of_it_is_not_topped_up() -> None:
    terms = files.decode("rainy-day-loan", RAINY.replace(SAID, ""))[2]
    assert isinstance(terms, LoanTerms) and terms.top_up is None
