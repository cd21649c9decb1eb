"""Laws over what a product says of money that comes in: its order, a surplus, paying off, a fee for a missed instalment."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.bank.founding import agreed
from farthing.kit.canonical import written
from farthing.kit.errors import Refusal
from farthing.kit.money import Money, total
from farthing.lending import life, rules, telling
from farthing.lending import service as lending
from farthing.lending.acts import service as acts
from farthing.lending.acts.entries import Places
from farthing.lending.acts.model import ChooseSurplus
from farthing.lending.agreement import service as contracts
from farthing.lending.audit import rules as audit
from farthing.lending.audit.ordinary import pinned
from farthing.lending.audit.service import verify
from farthing.lending.life import Life
from farthing.lending.lives.events import Event
from farthing.lending.model import LoanCommand, Repay
from farthing.lending.offering.plan import build, plan_of
from farthing.lending.pinned import conditions_of
from farthing.lending.shelf import service as shelf
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail
from farthing.products.loan_repaying import BUCKETS, DIRECTIONS, PARTS, PAY_OFF, RECALCULATED, SURPLUS
from farthing.products.model import InstalmentFee, Penalty, Publish, Repaying
from tests.laws import examples
from tests.lending.house import CARD, House, yuan
from tests.lending.limits.law import silent
from tests.lending.test_product_kinds import lent
from tests.lending.test_product_schedules import START, ZERO, product
from tests.lending.test_rules import AT, WALLET, begun, paid, settlement

LENT = Money(100_000, "CNY")
orders = st.one_of(
    st.permutations(PARTS).map(tuple),
    st.tuples(st.permutations(BUCKETS[:8]), st.permutations(BUCKETS[8:])).map(lambda both: (*both[0], *both[1])),
)
repaying = st.builds(
    Repaying, st.one_of(st.just(()), orders), st.sampled_from(DIRECTIONS), st.sampled_from(("", *SURPLUS)), st.booleans(),
    st.sampled_from(PAY_OFF), st.sampled_from(RECALCULATED),
)  # fmt: skip
steps = st.lists(
    st.tuples(
        st.integers(0, 40), st.sampled_from(("repay", "goodwill_credit", "charge", "choose")), st.integers(1, 60_000)
    ),
    max_size=7,
)


@st.composite
def loans(draw: st.DrawFn) -> Life:
    """A loan that was paid out, of a product with some order, surplus, fees and cost of being late."""
    said, order = draw(repaying), draw(orders)
    if said.recalculated != "no":  # what goes with it, as a file is read
        said, order = (
            Repaying(pay_off=said.pay_off, recalculated=said.recalculated),
            draw(st.permutations(PARTS).map(tuple)),
        )
    early = "0.01" if said.recalculated == "no" else "0"
    terms = product(draw(st.sampled_from(("equal_instalment", "equal_principal", "interest_first"))), early=early)
    terms = replace(
        terms, allocation=order, repaying=said,
        penalty=Penalty(Decimal("0.18"), fixed=draw(st.sampled_from((None, Money(500, "CNY"))))),
        fees=replace(
            terms.fees, instalment=draw(st.sampled_from((None, InstalmentFee(Money(150, "CNY"))))),
            origination=Decimal("0.003"), kept_back=draw(st.booleans()),
        ),
    )  # fmt: skip
    rows = life.agreed(build(terms.method, plan_of(terms, LENT, Money(300, "CNY"), 6, START)))
    return begun(conditions_of(terms, 6), rows, LENT, START)


@examples(40)
@given(loans(), steps, st.integers(0, 60))
def test_all_that_is_paid_is_paid_for_something_and_paying_off_ends_the_loan(
    found: Life, lived: list[Any], later: int
) -> None:
    on, came, places, said = START, 0, Places(WALLET, "CNY"), found.loan.conditions.repaying
    state = replace(found, as_of_on=START)
    for number, (days, kind, size) in enumerate(lived):
        on += timedelta(days=days)
        if state.loan.state == "closed":
            break
        stands, amount, name = life.stands(state, on), Money(size, "CNY"), f"e{number}"
        due, price = life.due_of("CNY", stands, on), settlement(state, on).amount
        if kind == "choose" and said.borrower_chooses:
            fact = Event(on, "set_surplus", surplus=("last", "re_amortise")[size % 2], name=name)
            state = telling.amend(state, fact, {}, places, AT, on).after
        elif kind == "charge":
            state = telling.amend(state, Event(on, "charge", size % 900 + 1, name=name), {}, places, AT, on).after
        elif kind == "repay":
            if amount > due and not (amount < price and (said.surplus or stands.surplus)):
                with pytest.raises(Refusal):
                    rules.check_repay(state, stands, amount, on)
                continue
            rules.check_repay(state, stands, amount, on)
            state, came = paid(state, amount, on, name).after, came + size
        elif kind == "goodwill_credit" and amount <= due:
            state, came = telling.amend(state, Event(on, kind, size, name=name), {}, places, AT, on).after, came + size
        state = replace(state, as_of_on=on)
        parts = [one for each in state.loan.instalments for one in each.obligations]
        back = state.loan.owed_back or ZERO
        assert sum(one.paid.minor for one in parts) + back.minor == came and all(one.left.minor >= 0 for one in parts)
        assert not back or said.recalculated != "no", "nothing is asked for that is paid to be owed back"
        assert total([one.amount for one in parts if one.component == "principal"], "CNY") == LENT
    if state.loan.state != "closed":
        on += timedelta(days=later)
        price = settlement(state, on)
        told = paid(state, ZERO, on, "ends", do="pay_off")
        assert told.loan.state == "closed" and told.event is not None and told.event.amount == price.amount
        state = replace(told.after, as_of_on=on)
    assert audit.replayed(state) == []


@given(loans())
def test_a_loan_of_another_order_is_no_ordinary_one(found: Life) -> None:
    conditions = found.loan.conditions
    plainly = conditions.repaying in (Repaying(), Repaying(borrower_chooses=False))
    ordinary = pinned(written(conditions), "CNY")
    assert (ordinary is not None) == (plainly and len(conditions.allocation) == 4)


def test_what_was_due_is_paid_over_all_instalments_before_penalties_where_the_product_says_so() -> None:
    mixed = (*BUCKETS[2:4], *BUCKETS[6:8], *BUCKETS[:2], *BUCKETS[4:6], *BUCKETS[8:])
    terms = replace(product(), allocation=mixed, repaying=Repaying(direction="by_component"))
    rows = life.agreed(build(terms.method, plan_of(terms, LENT, ZERO, 6, START)))
    state = begun(conditions_of(terms, 6), rows, LENT, START)
    on = rows[1].due_on + timedelta(days=20)
    told = paid(state, Money(sum(row.principal + row.interest for row in rows[:2]), "CNY"), on)
    first, second = told.loan.instalments[:2]
    assert first.left == second.left == ZERO and first.penalty_left and second.penalty_left
    assert not any(line.component == "penalty" for line in life.lines("CNY", told.event.moves))  # type: ignore[union-attr]


def test_a_missed_instalment_costs_its_fee_once_after_its_days_of_grace() -> None:
    terms = replace(product(), penalty=Penalty(Decimal(0), fixed=Money(500, "CNY")))
    rows = life.agreed(build(terms.method, plan_of(terms, LENT, ZERO, 6, START)))
    state = begun(conditions_of(terms, 6), rows, LENT, START)

    def costs(days: int) -> list[int]:
        on = rows[0].due_on + timedelta(days=days)
        return [each.penalty.minor for each in life.view(state, life.stands(state, on), on).instalments[:2]]

    assert costs(3) == [0, 0] and costs(4) == costs(20) == [500, 0]
    assert costs((rows[1].due_on - rows[0].due_on).days + 9) == [500, 500]


def test_interest_is_reckoned_anew_by_the_day_where_the_product_says_so(database_url: str) -> None:
    house = House(database_url)
    source = house.source("rainy-day-loan").replace(
        'method = "equal', 'repayment = {recalculated = "by_day"}\nmethod = "equal'
    )
    with pytest.raises(Refusal) as caught:
        agreed(house.bank.kernel, shelf.publish, Publish("rainy-day-loan", source))
    assert caught.value.code == "policy.penalty_surcharge", "what is late would bear the rate and the penalty"
    source = source.replace('penalty = {annual = "0.18"}', 'penalty = {annual = "0.06"}')
    agreed(house.bank.kernel, shelf.publish, Publish("rainy-day-loan", source))
    _, loan = lent(house, "rainy-day-loan")
    said = {each.title.en: each.words for each in house.bank.read(lambda tx: contracts.text(tx, loan.id)).clauses}
    assert "day by day" in said["Repaying late"].en and "逐日" in said["Repaying late"].zh
    first, second = loan.instalments[:2]
    house.bank.run(payments.pay_out, MoveByRail(house.party.id, yuan("1000"), CARD))
    house.wait(first.due_on + timedelta(days=10))
    stands = house.loan(loan.id).instalments
    more = round(first.principal.minor * 0.12 * 10 / 365)
    assert abs((stands[1].interest - second.interest).minor - more) <= 1
    assert stands[0].penalty.minor == round(first.amount.minor * 0.06 * 10 / 365)
    house.bank.run(payments.top_up, MoveByRail(house.party.id, yuan("1100"), CARD))
    house.wait(house.today + timedelta(days=1))  # what is due is drawn
    house.bank.run(acts.choose_surplus, ChooseSurplus(loan.id, "smaller"))
    house.bank.run(lending.repay, Repay(loan.id, yuan("300")))
    rows = house.loan(loan.id).instalments
    assert sum(each.interest.minor for each in rows) < sum(each.interest.minor for each in stands)
    house.wait(second.due_on + timedelta(days=5))
    assert house.bank.read(verify, snapshot=True).findings == ()
    house.bank.run(lending.settle, LoanCommand(loan.id))
    house.wait(house.today + timedelta(days=1))
    assert house.loan(loan.id).state == "closed" and house.bank.read(verify, snapshot=True).findings == ()


@pytest.mark.long
def test_money_that_comes_early_does_what_the_product_says(database_url: str) -> None:
    house = House(database_url)
    source = house.source("rainy-day-loan").replace(
        'method = "equal',
        'repayment = {surplus = "next", borrower_chooses = false, pay_off = "to_period_end"}\nmethod = "equal',
    )
    agreed(house.bank.kernel, shelf.publish, Publish("rainy-day-loan", source))
    _, loan = lent(house, "rainy-day-loan")
    said = {each.title.en: each.words for each in house.bank.read(lambda tx: contracts.text(tx, loan.id)).clauses}
    assert "pays the next instalments" in said["What a repayment pays first"].en
    assert "当期期末" in said["Repaying early"].zh
    assert house.refused(acts.choose_surplus, ChooseSurplus(loan.id, "shorter")) == "lending.surplus_agreed"
    first, second = loan.instalments[:2]
    house.wait(first.due_on - timedelta(days=10))
    house.bank.run(lending.repay, Repay(loan.id, first.amount + second.amount))
    stands = house.loan(loan.id).instalments
    assert not stands[0].left and not stands[1].left and stands[2].left == loan.instalments[2].amount
    house.wait(loan.instalments[2].due_on - timedelta(days=12))
    price = house.bank.read(lambda tx: lending.owed(tx, loan.id))[1]
    assert price.interest == loan.instalments[2].interest and not price.fee
    house.bank.run(payments.top_up, MoveByRail(house.party.id, yuan("50"), CARD))
    house.bank.run(lending.settle, LoanCommand(loan.id))
    house.wait(house.today + timedelta(days=1))
    assert house.loan(loan.id).state == "closed" and house.bank.read(verify, snapshot=True).findings == ()


@pytest.mark.long
def test_a_fee_for_missing_is_refused_where_the_law_bounds_penalties_and_charged_where_it_does_not(
    database_url: str,
) -> None:
    house = House(database_url)
    source = house.source("rainy-day-loan").replace('annual = "0.18"', 'annual = "0.18", fixed = "8.00"')
    with pytest.raises(Refusal) as caught:
        agreed(house.bank.kernel, shelf.publish, Publish("rainy-day-loan", source))
    assert caught.value.code == "policy.late_fee"
    silent(house, "penalty_multiple_max")
    agreed(house.bank.kernel, shelf.publish, Publish("rainy-day-loan", source))
    _, loan = lent(house, "rainy-day-loan")
    said = {each.title.en: each.words for each in house.bank.read(lambda tx: contracts.text(tx, loan.id)).clauses}
    assert "CNY 8.00, once" in said["Repaying late"].en and "8.00" in said["Repaying late"].zh
    house.bank.run(payments.pay_out, MoveByRail(house.party.id, yuan("1000"), CARD))
    house.wait(loan.instalments[0].due_on + timedelta(days=5))
    late = house.loan(loan.id).instalments[0].penalty
    assert late == yuan("8.00") + Money(round(loan.instalments[0].amount.minor * 0.18 * 5 / 365), "CNY")
    house.bank.run(payments.top_up, MoveByRail(house.party.id, yuan("500"), CARD))
    house.wait(house.today + timedelta(days=1))
    assert not house.loan(loan.id).instalments[0].penalty_left
    assert house.bank.read(verify, snapshot=True).findings == ()
