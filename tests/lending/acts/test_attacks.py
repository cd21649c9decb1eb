"""What two officers, or one, might do to a loan or to the bank by an act: found by trying to."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from farthing.kernel.answers import Pending
from farthing.kernel.operation import operation_of
from farthing.kit.errors import Refusal
from farthing.lending import service as lending
from farthing.lending.acts import service as acts
from farthing.lending.acts.model import (
    Charge,
    GiveMoney,
    GiveUp,
    LowerRate,
    PauseInterest,
    Reschedule,
    ReverseEvent,
    Waive,
)
from farthing.lending.offering.plan import annual_percentage_rate
from farthing.lending.standing_service import standing
from farthing.payments import service as payments
from farthing.products import service as products
from tests.lending.acts.doing import WORDS, clean, do, spend, wallet
from tests.lending.backing.friends import behind, called, in_default, pledged, saved
from tests.lending.groups.village import village
from tests.lending.house import House, yuan


def refused(house: House, operation: Any, command: Any) -> str:
    """The code by which an act is refused, as if the second person had agreed."""
    with pytest.raises(Refusal) as caught:
        house.bank.kernel.look(operation_of(operation), command)
    return caught.value.code


def test_a_lower_rate_takes_its_penalty_along_within_the_multiple_of_the_law(house: House) -> None:
    first = house.loan(house.made).instalments[0]
    do(house, acts.lower_rate, LowerRate(house.made, Decimal("0.05"), WORDS))
    spend(house)
    house.wait(first.due_on + timedelta(days=20))
    due = house.loan(house.made).instalments[0]
    assert due.left.minor > 0
    assert due.penalty.minor == round(due.left.minor * 20 * 0.075 / 365), (
        "half above the rate that is agreed now, and not above the contract's"
    )
    clean(house)


def test_nobody_is_late_by_a_charge_that_was_due_before_it_was_made(house: House) -> None:
    for day in (date(1, 1, 1), house.today - timedelta(days=1)):
        assert refused(house, acts.charge, Charge(house.made, "fee", yuan("1"), WORDS, due_on=day)) == (
            "lending.charge_due_before"
        )
    do(house, acts.charge, Charge(house.made, "fee", yuan("1"), WORDS, due_on=house.today))
    assert house.bank.read(lambda tx: standing(tx, house.made)).days_late == 0


def charged_up(house: House, *components: str) -> None:
    """Many small charges until the law says no."""
    for number in range(30):
        try:
            do(house, acts.charge, Charge(house.made, components[number % len(components)], yuan("30"), WORDS))
        except Refusal as refusal:
            assert refusal.code == "policy.annual_cost"
            return
    pytest.fail("many small charges come to what one may not")


def cost(house: House) -> Decimal:
    """What the loan costs a year with all that it asks for; nobody is late."""
    loan = house.loan(house.made)
    assert loan.disbursed_on is not None
    paid = [(each.due_on, each.amount + each.penalty) for each in loan.instalments]
    return annual_percentage_rate([(loan.disbursed_on, loan.principal)], paid)


def ceiling(house: House) -> Decimal:
    found = house.bank.read(products.policy_in_force).annual_cost_max
    assert found is not None
    return found.value


@pytest.mark.parametrize("components", [("fee",), ("penalty",), ("penalty", "fee")])
def test_no_charge_makes_a_loan_cost_more_than_the_law_lets_it(house: House, components: tuple[str, ...]) -> None:
    for amount in ("400", "3000", "90000000000"):
        once = Charge(house.made, components[0], yuan(amount), WORDS)
        assert refused(house, acts.charge, once) == "policy.annual_cost"
    do(house, acts.charge, Charge(house.made, components[0], yuan("30"), WORDS))
    charged_up(house, *components)
    assert Decimal("0.2") < cost(house) <= ceiling(house)


def test_what_eased_a_loan_makes_room_for_no_charges_that_stay_once_it_is_taken_back(house: House) -> None:
    last = house.loan(house.made).instalments[4].due_on
    paused = do(house, acts.pause_interest, PauseInterest(house.made, last, WORDS))
    lowered = do(house, acts.lower_rate, LowerRate(house.made, Decimal("0.01"), WORDS))
    charged_up(house, "fee", "penalty")
    for eased in (paused, lowered):
        assert refused(house, acts.reverse_event, ReverseEvent(house.made, eased["id"], WORDS)) == "policy.annual_cost"
    assert cost(house) <= ceiling(house)
    forgiven = do(house, acts.waive, Waive(house.made, "fee", yuan("30"), WORDS))
    once = Charge(house.made, "fee", yuan("30"), WORDS)
    assert refused(house, acts.charge, once) == "policy.annual_cost", "what is forgiven may be asked for again"
    do(house, acts.reverse_event, ReverseEvent(house.made, forgiven["id"], WORDS))


def test_a_rate_that_was_lowered_is_not_raised_again_up_to_the_contracts(house: House) -> None:
    lowered = do(house, acts.lower_rate, LowerRate(house.made, Decimal("0.05"), WORDS))
    higher = LowerRate(house.made, Decimal("0.06"), WORDS)
    assert refused(house, acts.lower_rate, higher) == "lending.rate_raised"
    do(house, acts.lower_rate, LowerRate(house.made, Decimal("0.04"), WORDS))
    do(house, acts.reverse_event, ReverseEvent(house.made, lowered["id"], WORDS))
    assert refused(house, acts.lower_rate, higher) == "lending.rate_raised"


def test_nobody_is_late_by_a_charge_that_is_told_of_an_earlier_day(house: House) -> None:
    first = house.loan(house.made).instalments[0]
    house.wait(first.due_on + timedelta(days=2))
    assert house.bank.read(lambda tx: standing(tx, house.made)).days_late == 0
    day = first.due_on - timedelta(days=1)
    do(house, acts.charge, Charge(house.made, "fee", yuan("3"), WORDS, on=day))
    assert house.bank.read(lambda tx: standing(tx, house.made)).days_late == 0
    assert house.loan(house.made).instalments[1].fee == yuan("3")
    back = Charge(house.made, "fee", yuan("3"), WORDS, due_on=first.due_on, on=day)
    assert refused(house, acts.charge, back) == "lending.charge_due_before"
    clean(house)


def test_goodwill_is_never_money_that_is_given_back(house: House) -> None:
    for amount in ("3000.01", "1000000000000"):
        given = GiveMoney(house.made, yuan(amount), WORDS)
        assert refused(house, acts.goodwill, given) == "lending.more_than_open"


def test_goodwill_of_an_earlier_day_is_no_more_than_was_owed_then(house: House) -> None:
    begun = house.today
    house.wait(begun.replace(day=begun.day + 2))
    price = house.bank.read(lambda tx: lending.owed(tx, house.made))[1].amount
    assert price > yuan("3000")
    assert refused(house, acts.goodwill, GiveMoney(house.made, price, WORDS, begun)) == "lending.more_than_open"
    do(house, acts.goodwill, GiveMoney(house.made, price, WORDS))
    assert not house.loan(house.made).owed_back


def test_what_goodwill_paid_is_not_taken_back_and_given_to_the_borrower(house: House) -> None:
    charged = do(house, acts.charge, Charge(house.made, "fee", yuan("30"), WORDS, due_on=house.today))
    taken = ReverseEvent(house.made, charged["id"], WORDS)
    do(house, acts.goodwill, GiveMoney(house.made, yuan("3020"), WORDS))
    assert house.loan(house.made).state == "active", "ten yuan are owed still"
    assert refused(house, acts.reverse_event, taken) == "lending.more_than_open"
    do(house, acts.goodwill, GiveMoney(house.made, yuan("10"), WORDS))
    assert house.loan(house.made).state == "closed"
    assert refused(house, acts.reverse_event, taken) in ("lending.more_than_open", "lending.over_for_good")
    assert not house.loan(house.made).owed_back
    clean(house)


def test_goodwill_whose_charge_is_taken_back_goes_on_paying_the_loan(house: House) -> None:
    charged = do(house, acts.charge, Charge(house.made, "fee", yuan("10"), WORDS, due_on=house.today))
    do(house, acts.goodwill, GiveMoney(house.made, yuan("10"), WORDS))
    do(house, acts.reverse_event, ReverseEvent(house.made, charged["id"], WORDS))
    after = house.loan(house.made)
    assert (after.outstanding, after.owed_back) == (yuan("2990"), None)
    clean(house)


def test_no_rate_is_below_nothing_and_no_day_beyond_the_calendar(house: House) -> None:
    lower = LowerRate(house.made, Decimal("-0.0001"), WORDS)
    assert refused(house, acts.lower_rate, lower) == "lending.rate_below_nothing"
    third = house.loan(house.made).instalments[2].due_on
    for until in (date(9999, 12, 31), date(9999, 1, 1)):
        moved = Reschedule(house.made, "move_due", WORDS, due_on=third, until=until)
        assert refused(house, acts.reschedule, moved) == "lending.beyond_the_calendar"


def test_what_a_deposit_is_pledged_for_is_not_written_off_and_leaves_the_deposit_held(house: House) -> None:
    loan = house.loan(house.made)
    pledged(house, loan, saved(house, house.party, "3000"), "2000")
    assert refused(house, acts.write_off, GiveUp(loan.id, WORDS)) == "lending.pledge_first"
    assert behind(house, loan).pledges[0].left == yuan("2000")


def test_nobody_charges_alone_and_nothing_falls_due_or_is_paused_beyond_the_loan(house: House) -> None:
    alone = Charge(house.made, "fee", yuan("1"), WORDS)
    assert isinstance(house.bank.run(acts.charge, alone), Pending)
    assert not house.loan(house.made).instalments[0].fee
    last = house.loan(house.made).instalments[-1].due_on
    for day in (last + timedelta(days=1), date(9999, 12, 31)):
        late = Charge(house.made, "fee", yuan("1"), WORDS, due_on=day)
        assert refused(house, acts.charge, late) == "lending.beyond_last_due_day"
        assert (
            refused(house, acts.pause_interest, PauseInterest(house.made, day, WORDS)) == "lending.beyond_last_due_day"
        )
    do(house, acts.charge, Charge(house.made, "fee", yuan("1"), WORDS, due_on=last))
    do(house, acts.pause_interest, PauseInterest(house.made, last, WORDS))
    clean(house)


@pytest.mark.long
def test_what_a_called_deposit_paid_is_not_given_to_the_borrower(house: House) -> None:
    loan = house.loan(house.made)
    pledge = pledged(house, loan, saved(house, house.party, "3000"), "2000")
    in_default(house, loan)
    called(house, pledge.id)
    before, had = behind(house, loan), wallet(house)
    paid = house.bank.read(lambda tx: acts.story(tx, loan.id))[-1]
    assert (paid.kind, paid.amount) == ("repay", before.pledges[0].taken)
    assert refused(house, acts.reverse_event, ReverseEvent(loan.id, paid.id, WORDS)) == "lending.paid_by_another"
    assert (behind(house, loan), wallet(house)) == (before, had)
    clean(house)


@pytest.mark.long
def test_what_one_member_paid_for_another_is_not_given_to_the_other(database_url: str) -> None:
    east = village(database_url)
    first, second, *_ = east.dues()
    east.collect(east.filled(east.line(0, 0, first), east.line(0, 1, second)))
    bank = east.house.bank
    own, other = (bank.read(lambda tx, loan=loan: acts.story(tx, loan.id))[-1] for loan in east.loans[:2])
    taken_back = ReverseEvent(east.loans[1].id, other.id, WORDS)
    assert refused(east.house, acts.reverse_event, taken_back) == "lending.paid_by_another"
    do(east.house, acts.reverse_event, ReverseEvent(east.loans[0].id, own.id, WORDS))
    assert bank.read(lambda tx: payments.wallet(tx, east.members[0].id)).balance == first
