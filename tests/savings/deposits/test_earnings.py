"""What deposits have earned and will earn, as people are told: the same to the fen as what is paid in the end."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from farthing.bank.founding import agreed
from farthing.kit.calendar import add_months
from farthing.savings.deposits import earnings_service as earnings
from farthing.savings.deposits import passbook_service as passbook
from farthing.savings.deposits import service as deposits
from farthing.savings.deposits.model import CloseDeposit, Withdraw
from farthing.savings.shelf import service as catalogue
from farthing.savings.shelf.model import PublishRates
from tests.conftest import Bank
from tests.savings.deposits.saver import days, found, opened, saver, today, until, yuan

pytestmark = pytest.mark.calendar


@pytest.mark.long
def test_the_course_of_a_deposit_ends_where_closing_at_maturity_ends(bank: Bank) -> None:
    found(bank)
    party = saver(bank)
    deposit = opened(bank, party, "lump-sum", "10000", term="3m").deposit
    days(bank, 20)
    told = bank.read(lambda tx: earnings.course(tx, deposit.id))
    assert deposit.matures_on is not None
    assert (told.points[0].on, told.points[-1].on) == (deposit.opened_on, deposit.matures_on)
    assert told.points[0].earned == "0" and today(bank) in [each.on for each in told.points]
    assert len(told.points) <= 26
    assert [each.rule for each in told.closing] == ["early_demand"]
    expected = bank.read(lambda tx: earnings.expected(tx, "savings-lump-sum", yuan("10000"), "3m"))
    until(bank, deposit.matures_on)
    paid = bank.run(deposits.close, CloseDeposit(deposit.id)).interest
    assert paid.decimal() == Decimal(told.points[-1].earned).quantize(Decimal("0.01"))
    assert paid == sum((each.amount for each in told.kept), yuan("0")) == expected.interest
    closed = bank.read(lambda tx: earnings.course(tx, deposit.id))
    assert Decimal(closed.points[-1].earned) == paid.decimal() and closed.kept == closed.closing == ()


def test_the_course_tells_what_a_part_drawn_early_has_lost(bank: Bank) -> None:
    found(bank)
    party = saver(bank)
    deposit = opened(bank, party, "lump-sum", "10000", term="1y").deposit
    days(bank, 40)
    before = bank.read(lambda tx: passbook.worth(tx, deposit.id))
    paid = bank.run(deposits.withdraw, Withdraw(deposit.id, yuan("4000"))).interest
    days(bank, 1)
    told = {each.on: Decimal(each.earned) for each in bank.read(lambda tx: earnings.course(tx, deposit.id)).points}
    worth = bank.read(lambda tx: passbook.worth(tx, deposit.id))
    assert told[today(bank)] == paid.decimal() + Decimal(worth.accrued)
    assert max(on for on in told if on < today(bank)) and told[today(bank)] < Decimal(before.accrued)


@pytest.mark.long
def test_what_each_deposit_earned_is_what_was_paid_and_what_accrued(bank: Bank) -> None:
    found(bank)
    party = saver(bank)
    demand = opened(bank, party, "demand", "5000").deposit
    term = opened(bank, party, "lump-sum", "8000", term="6m").deposit
    until(bank, add_months(today(bank), 4))  # a quarter ends within, and the term does not
    shown = {each.deposit.id: each for each in bank.read(lambda tx: earnings.earned(tx, party))}
    assert set(shown) == {demand.id, term.id}
    settled = [each for each in bank.read(lambda tx: passbook.statement(tx, demand.id)).events if each.interest]
    assert shown[demand.id].paid == sum((each.interest for each in settled), yuan("0")) and settled
    worth = bank.read(lambda tx: passbook.worth(tx, term.id))
    assert (
        shown[term.id].accrued.decimal() <= Decimal(worth.accrued) < shown[term.id].accrued.decimal() + Decimal("0.01")
    )
    assert shown[term.id].whole == shown[term.id].accrued
    bank.run(deposits.close, CloseDeposit(term.id))
    assert [each.deposit.id for each in bank.read(lambda tx: earnings.earned(tx, party))] == [demand.id]


def test_every_product_says_what_it_gives_and_what_leaving_early_costs(bank: Bank) -> None:
    found(bank)
    for offered in bank.read(catalogue.on_offer):
        told = bank.read(lambda tx, name=offered.product: earnings.gives(tx, name, yuan("100000")))
        assert told.kept and told.refused is None, offered.product
        assert told.rates_since <= today(bank)
        for each in told.kept:
            assert each.interest.minor > 0 and each.on > today(bank), (offered.product, each)
        if told.early is not None and told.early.refused is None:
            longest = max(told.kept, key=lambda each: each.on)
            assert told.early.gain < longest.interest, offered.product
    small = bank.read(lambda tx: earnings.gives(tx, "savings-lump-sum", yuan("1")))
    assert small.kept == () and small.refused is not None and "50.00" in small.refused.en


def test_what_a_product_gives_is_reckoned_once_until_the_rates_the_day_or_the_amount_change(bank: Bank) -> None:
    found(bank)

    def gives(amount: str = "3333") -> earnings.Gives:
        return bank.read(lambda tx: earnings.gives(tx, "savings-lump-sum", yuan(amount)))

    first, reckoned = gives(), earnings._what_it_gives.cache_info().misses
    assert gives() == first and earnings._what_it_gives.cache_info().misses == reckoned
    assert gives("4444").kept != first.kept
    days(bank, 1)
    # The ends of the terms, the shortest first: from 30 and from 31 January three months end on one day, and six do not.
    assert [each.on for each in gives().kept] > [each.on for each in first.kept]
    tripled = dict.fromkeys(("3m", "6m", "1y", "2y", "3y", "5y"), "0.09")
    coming = PublishRates("retail", today(bank) + timedelta(days=1), "0.0005", tripled)
    agreed(bank.kernel, catalogue.publish_rates, coming)
    days(bank, 1)
    year = next(each for each in gives().kept if str(each.agreement.term) == "1y")
    assert year.interest > next(each for each in first.kept if str(each.agreement.term) == "1y").interest * 3


def test_instalments_are_expected_every_month(bank: Bank) -> None:
    found(bank)
    told = bank.read(lambda tx: earnings.expected(tx, "savings-instalment", yuan("100"), "1y"))
    assert told.paid_in == yuan("1200") and told.interest.minor > 0


def test_what_the_policy_refuses_is_told_with_its_article(bank: Bank) -> None:
    found(bank)
    refused = bank.read(catalogue.not_allowed)
    assert any(each.field == "early" and each.value == "tiered" and "1992" in each.article.en for each in refused)
