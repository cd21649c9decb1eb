"""Each act on a loan: what it posts, what the loan is after it, and that everything says the same."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from farthing.credit.owing import service as owing
from farthing.kit.money import Money
from farthing.lending import service as lending
from farthing.lending.acts import service as acts
from farthing.lending.acts.model import (
    Charge,
    ChooseSurplus,
    GiveMoney,
    GiveUp,
    LowerRate,
    PauseInterest,
    Recover,
    RepayAsOf,
    Reschedule,
    ReverseEvent,
    TakeRecovery,
    Waive,
)
from farthing.lending.books_service import entries_of
from farthing.lending.model import LoanCommand, Repay
from farthing.lending.roll import service as roll
from tests.lending.acts.doing import WORDS, clean, do, earn, journal, late, spend
from tests.lending.house import House, yuan


def test_a_fee_is_owed_and_is_income_when_it_is_paid(house: House) -> None:
    made = do(house, acts.charge, Charge(house.made, "fee", yuan("12.34"), WORDS))
    assert (made["kind"], made["words"], made["amount"]["minor"]) == ("charge", WORDS, 1234)
    assert house.loan(house.made).instalments[0].fee == yuan("12.34")
    clean(house)
    earn(house, "100")
    house.bank.run(lending.settle, LoanCommand(house.made))
    assert "income:fees:loans -12.34" in journal(house, "repayment")[0]
    clean(house)


@pytest.mark.long
def test_interest_that_is_forgiven_is_no_income_any_more(late_house: House) -> None:
    house, loan = late_house, late_house.loan(late_house.made)
    interest = loan.instalments[0].interest
    assert journal(house, "accrual") == [
        [f"assets:interest-receivable:L {interest.plain()}", f"income:interest:loans {(-interest).plain()}"]
    ]
    do(house, acts.waive, Waive(house.made, "interest", yuan("5"), WORDS))
    assert journal(house, "waiver") == [["assets:interest-receivable:L -5.00", "income:interest:loans 5.00"]]
    penalty = house.loan(house.made).instalments[0].penalty_left
    assert penalty.minor > 0
    do(house, acts.waive, Waive(house.made, "penalty", penalty, WORDS))
    assert not house.loan(house.made).instalments[0].penalty_left
    clean(house)


def test_a_pause_a_lower_rate_and_a_later_day_change_the_plan(house: House) -> None:
    loan = house.loan(house.made)
    cost = loan.instalments[-1].interest
    do(house, acts.pause_interest, PauseInterest(loan.id, loan.instalments[1].due_on, WORDS))
    paused = house.loan(loan.id)
    assert paused.instalments[0].interest.minor == 0
    clean(house)
    do(house, acts.lower_rate, LowerRate(loan.id, Decimal("0.06"), WORDS))
    lower = house.loan(loan.id)
    assert lower.instalments[-1].interest < cost
    clean(house)
    later = loan.instalments[0].due_on + timedelta(days=20)
    do(house, acts.reschedule, Reschedule(loan.id, "move_due", WORDS, due_on=loan.instalments[0].due_on, until=later))
    assert house.loan(loan.id).instalments[0].due_on == later
    clean(house)
    do(house, acts.reschedule, Reschedule(loan.id, "add_instalments", WORDS, count=3))
    assert len(house.loan(loan.id).instalments) == 9
    clean(house)


def test_what_is_late_is_re_aged_or_spread(late_house: House) -> None:
    house, loan = late_house, late_house.loan(late_house.made)
    do(house, acts.reschedule, Reschedule(loan.id, "re_amortise", WORDS))
    spread = house.loan(loan.id)
    assert not spread.instalments[0].left
    assert spread.outstanding == loan.principal
    clean(house)
    house.wait(loan.instalments[1].due_on + timedelta(days=5))
    again = Reschedule(loan.id, "re_age", WORDS, due_on=house.today + timedelta(days=30), count=12)
    do(house, acts.reschedule, again)
    aged = house.loan(loan.id)
    assert aged.outstanding == loan.principal
    assert sum(bool(each.principal_left) for each in aged.instalments) == 12
    clean(house)


def standing_in_list(house: House) -> tuple[str, Money]:
    """What a list of loans says of the one there is, and what it says was given up for good."""
    (row,) = house.bank.kernel.ask(roll.roll).loans
    return row.standing, row.written_off


def test_nothing_is_recovered_of_a_loan_that_was_not_given_up(house: House) -> None:
    refused = house.refused(acts.take_recovery, TakeRecovery(house.made, yuan("1"), WORDS))
    assert refused == "lending.nothing_written_off"
    assert standing_in_list(house) == ("active", yuan("0"))


@pytest.mark.long
def test_a_charge_off_leaves_the_borrower_owing_and_what_comes_is_recovered(late_house: House) -> None:
    house, loan = late_house, late_house.loan(late_house.made)
    interest = loan.instalments[0].interest
    do(house, acts.charge_off, GiveUp(loan.id, WORDS))
    off = house.loan(loan.id)
    assert (off.state, off.given_up_on, off.outstanding) == ("active", house.today, loan.principal)
    (entry,) = journal(house, "charge-off")
    assert entry[-2:] == ["assets:loans:L -3000.00", f"assets:interest-receivable:L {(-interest).plain()}"]
    clean(house)
    earn(house, "100")
    house.bank.run(lending.repay, Repay(loan.id, yuan("100")))
    (paid,) = journal(house, "repayment")
    assert paid[1:] == ["income:recoveries:rainy-day-loan -100.00"]
    clean(house)
    earn(house, "60")
    taken = do(house, acts.take_recovery, TakeRecovery(loan.id, yuan("60"), "the collector's remittance"))
    assert (taken["kind"], taken["words"]) == ("repay", "the collector's remittance")
    assert journal(house, "repayment")[1][1:] == ["income:recoveries:rainy-day-loan -60.00"]
    assert house.refused(acts.take_recovery, TakeRecovery(loan.id, yuan("90000"), WORDS)) == "lending.more_than_open"
    assert standing_in_list(house) == ("charged_off", loan.principal * 0)
    clean(house)
    house.wait(loan.instalments[-1].due_on + timedelta(days=40))
    clean(house)
    do(house, acts.write_off, GiveUp(loan.id, WORDS))
    assert house.loan(loan.id).state == "closed"
    assert standing_in_list(house) == ("written_off", house.loan(loan.id).written_off)
    clean(house)


@pytest.mark.long
def test_a_write_off_takes_what_stood_aside_and_what_comes_back_is_income(house: House) -> None:
    loan = late(house, 70)
    do(house, acts.write_off, GiveUp(loan.id, WORDS))
    gone = house.loan(loan.id)
    assert (gone.state, gone.outstanding.minor) == ("closed", 0)
    (entry,) = journal(house, "write-off")
    assert [line.rpartition(" ")[0] for line in entry] == [
        "assets:loan-loss-allowance:rainy-day-loan:special-mention", "expenses:credit-losses:rainy-day-loan",
        "assets:loans:L", "assets:interest-receivable:L",
    ]  # fmt: skip
    clean(house)
    earn(house, "200")
    assert house.bank.read(lambda tx: owing.of_loans(tx, [loan.id]))[loan.id].state == "written_off"
    house.bank.run(acts.recover, Recover(loan.id, yuan("150")))
    may = house.bank.read(lambda tx: acts.recoverable(tx, loan.id))
    assert (may.written_off, may.recovered, may.left) == (gone.written_off, yuan("150"), gone.written_off - yuan("150"))
    assert may.written_off > loan.principal
    assert journal(house, "recovery") == [["liabilities:wallets:B 150.00", "income:recoveries:rainy-day-loan -150.00"]]
    assert house.refused(acts.recover, Recover(loan.id, yuan("90000"))) == "lending.more_than_open"
    taken = do(house, acts.take_recovery, TakeRecovery(loan.id, yuan("50"), "what the van was sold for"))
    assert (taken["kind"], taken["amount"]["minor"]) == ("recover", 5000)
    clean(house)
    house.wait(house.today.replace(day=1) + timedelta(days=62))
    clean(house)


def test_the_bank_pays_a_part_and_gives_back_what_is_too_much(house: House) -> None:
    loan = late(house, 1)
    do(house, acts.goodwill, GiveMoney(loan.id, yuan("50"), WORDS))
    assert journal(house, "goodwill")[0][0] == "expenses:goodwill:rainy-day-loan 50.00"
    clean(house)
    earn(house, "4000")
    due = house.bank.read(lambda tx: lending.owed(tx, loan.id))[0]
    house.bank.run(lending.repay, Repay(loan.id, due))
    fee = do(house, acts.charge, Charge(loan.id, "fee", yuan("20"), WORDS, due_on=loan.instalments[1].due_on))
    house.bank.run(acts.choose_surplus, ChooseSurplus(loan.id, "shorter"))
    clean(house)
    do(house, acts.reverse_event, ReverseEvent(loan.id, fee["id"], WORDS))
    clean(house)


@pytest.mark.long
@pytest.mark.parametrize("choice", ["shorter", "smaller"])
def test_paying_more_does_what_the_borrower_chose(house: House, choice: str) -> None:
    loan = house.loan(house.made)
    house.wait(loan.instalments[0].due_on + timedelta(days=3))
    before = house.loan(loan.id)
    assert house.refused(lending.repay, Repay(loan.id, yuan("1000"))) == "lending.nothing_due"
    told = house.bank.read(lambda tx: acts.ahead(tx, loan.id, "1000"))
    house.bank.run(acts.choose_surplus, ChooseSurplus(loan.id, choice))
    house.bank.run(lending.repay, Repay(loan.id, yuan("1000")))
    after = house.loan(loan.id)
    assert after.outstanding == before.outstanding - yuan("1000")
    left = [each for each in after.instalments if each.left]
    assert len(left) == (3 if choice == "shorter" else 5)
    assert [each for each in getattr(told, choice).instalments if each.left] == left
    clean(house)
    price = house.bank.read(lambda tx: lending.owed(tx, loan.id))[1].amount
    assert house.refused(lending.repay, Repay(loan.id, price)) == "lending.nothing_due"
    earn(house, "500")
    house.wait(left[-1].due_on + timedelta(days=1))
    assert house.loan(loan.id).state == "closed"
    clean(house)


def two_loans(house: House) -> list[str]:
    """Two loans that are alike."""
    return [house.active("1500").id for _ in range(2)]


def test_a_repayment_that_was_told_late_gives_what_telling_it_in_time_gave(database_url: str) -> None:
    house = House(database_url, lived=two_loans)
    in_time, late = house.made
    spend(house)
    came_on = (house.loan(late).instalments[0].due_on + timedelta(days=30)).replace(day=4)
    house.wait(came_on)
    earn(house, "200")
    house.bank.run(lending.repay, Repay(in_time, yuan("200")))
    house.wait(came_on + timedelta(days=6))
    earn(house, "200")
    do(house, acts.repay_as_of, RepayAsOf(late, yuan("200"), came_on, WORDS))
    clean(house)
    seen = [house.bank.read(lambda tx, loan=loan: acts.ahead(tx, loan)) for loan in (in_time, late)]
    assert seen[0].now == seen[1].now
    posted = house.bank.read(lambda tx: entries_of(tx, house.loan(late)))[-1].entry
    assert (posted.kind, posted.effective_on) == ("repayment", came_on)


def test_a_repayment_told_late_may_pay_the_interest_that_a_later_one_had_paid(late_house: House) -> None:
    house, loan = late_house, late_house.loan(late_house.made)
    earn(house, "100")
    house.bank.run(lending.repay, Repay(loan.id, yuan("40")))
    do(house, acts.repay_as_of, RepayAsOf(loan.id, yuan("30"), house.today - timedelta(days=2), WORDS))
    assert journal(house, "adjustment")
    clean(house)


def test_a_repayment_of_today_may_be_told_as_one_that_came_earlier(house: House) -> None:
    do(house, acts.repay_as_of, RepayAsOf(house.made, yuan("30"), house.today, WORDS))
    clean(house)
