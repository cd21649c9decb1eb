"""A new deposit product is one file of rules, its TOML, and an entry in a table: one is added here, in the test alone.

The product (满百存, nothing any bank sells): a deposit kept for a hundred days earns twice the demand rate; drawn before
that, the demand rate.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.products.deposit import Terms
from farthing.products.deposit_file import DECODERS, common
from farthing.products.model import Publish
from farthing.products.rates import RateBoard
from farthing.savings.audit.service import verify as verify_savings
from farthing.savings.deposits import entries
from farthing.savings.deposits import passbook_service as passbook
from farthing.savings.deposits import service as deposits
from farthing.savings.deposits.model import CloseDeposit, Withdraw
from farthing.savings.rules import BEHAVIOURS, books
from farthing.savings.rules.common import (
    Behaviour,
    Rates,
    changed,
    check_amount,
    check_minimum,
    closing,
    new_deposit,
    nothing_due,
    nothing_to_settle,
    refuse_part,
    refuse_second_deposit,
)
from farthing.savings.rules.interest import DENOMINATORS, demand_payment, exact_interest, lot, payment
from farthing.savings.rules.model import Agreement, Change, Deposit, Event, Facts
from farthing.savings.shelf import service as catalogue
from farthing.town.founding import agreed
from tests.conftest import Bank
from tests.savings.deposits.saver import days, found, opened, refused, saver, today, wallet, yuan

HUNDRED = timedelta(days=100)
SOURCE = """
kind = "deposit"
method = "hundred_days"
name = {en = "A hundred days", zh = "满百存"}
currency = "CNY"
minimum = "1.00"
value_dates = "any"
interest = {day_count = "actual/360", period = "actual_days"}

[roles]
principal = "liabilities:savings"
interest_payable = "liabilities:interest-payable:savings"
interest_expense = "expenses:interest:savings"
"""


def decode(product: str, source: dict[str, object]) -> Terms:
    return Terms(**common(product, source, "actual_days"))


def opening(terms: Terms, facts: Facts, agreement: Agreement, event: Event) -> Change:
    amount = check_amount(terms, event)
    check_minimum(terms, amount)
    rate = facts.board.demand(event.on) * 2
    made = new_deposit(terms, agreement, amount, event.on, rate=rate, matures_on=event.on + HUNDRED)
    return changed(made, event.on, paid_in=amount)


def close(terms: Terms, facts: Facts, deposit: Deposit, event: Event) -> Change:
    matures_on = deposit.opened_on + HUNDRED
    if event.on < matures_on:
        kept = [lot(terms.demand_basis, deposit.balance, deposit.opened_on, event.on)]
        return closing(
            deposit, event.on, [demand_payment(terms, facts.board.demand(event.on), kept, "early_demand", event.on)]
        )
    kept = [lot(terms.basis, deposit.balance, deposit.opened_on, matures_on)]
    return closing(deposit, event.on, [payment(terms, kept, deposit.rate, "term_matured", event.on)])


def accrued(terms: Terms, facts: Facts, deposit: Deposit, on: date) -> Fraction:
    until = min(on, deposit.opened_on + HUNDRED)
    return exact_interest(terms, [lot(terms.basis, deposit.balance, deposit.opened_on, until)], deposit.rate)


def lines(terms: Terms, deposit: Deposit, on: date, board: RateBoard) -> books.Lines:
    end = deposit.opened_on + HUNDRED
    whole = Fraction(deposit.balance.minor * 100, DENOMINATORS[terms.basis.day_count]) * Fraction(deposit.rate)
    return {books.FIXED: books.stands(whole) if on >= end else books.spread(whole, deposit.opened_on, end)}


def rates(terms: Terms, board: RateBoard, on: date) -> Rates:
    return ((None, board.demand(on) * 2),)


BEHAVIOUR = Behaviour(
    open=opening,
    rules={"deposit": refuse_second_deposit, "withdraw": refuse_part, "close": close},
    due=nothing_due,
    settle=nothing_to_settle,
    accrued=accrued,
    lines=lines,
    rates=rates,
    pins_rate=True,
)


@pytest.fixture
def house(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bank]:
    monkeypatch.setitem(DECODERS, "hundred_days", (decode, ()))
    monkeypatch.setitem(BEHAVIOURS, "hundred_days", BEHAVIOUR)
    found(bank)
    agreed(bank.kernel, catalogue.publish, Publish("savings-hundred", SOURCE))
    yield bank


def owed(house: Bank) -> Money:
    """The interest that the books owe on the product."""
    _, terms = house.read(lambda tx: catalogue.terms(tx, "savings-hundred"))
    return house.read(lambda tx: ledger.balance(tx, entries.payable_path(terms))).owed()


def test_a_product_of_one_file_is_offered_opened_accrued_and_closed(house: Bank) -> None:
    (offer,) = [each for each in house.read(catalogue.on_offer) if each.product == "savings-hundred"]
    assert [each.annual for each in offer.rates] == [Decimal("0.0070")]
    assert (offer.terms, offer.every, offer.notices, offer.renewals) == ((), (), (), ("none",))
    party = saver(house)
    done = opened(house, party, "hundred", "36000.00")
    assert done.deposit.annual_rate == Decimal("0.0070")
    assert refused(house, deposits.withdraw, Withdraw(done.deposit.id, yuan("1.00"))) == "savings.whole_only"
    days(house, 50)
    assert house.read(lambda tx: passbook.worth(tx, done.deposit.id)).accrued == "35"
    assert owed(house) == yuan("35.00")
    assert not house.read(verify_savings).findings
    days(house, 60)
    assert house.read(lambda tx: passbook.worth(tx, done.deposit.id)).closing_interest == yuan("70.00")
    closed = house.run(deposits.close, CloseDeposit(done.deposit.id))
    assert (closed.interest, closed.deposit.closed_on) == (yuan("70.00"), today(house))
    assert wallet(house, party) == yuan("100070.00")
    days(house, 1)
    assert owed(house) == yuan("0.00")
    assert not house.read(verify_savings).findings


def test_it_is_compared_with_the_others_and_broken_early_earns_the_demand_rate(house: Bank) -> None:
    compared = house.read(lambda tx: passbook.comparison(tx, yuan("36000.00"), days=100))
    assert [each.gain for each in compared if each.product == "savings-hundred"] == [yuan("70.00")]
    done = opened(house, saver(house), "hundred", "36000.00")
    days(house, 10)
    assert house.run(deposits.close, CloseDeposit(done.deposit.id)).interest == yuan("3.50")
