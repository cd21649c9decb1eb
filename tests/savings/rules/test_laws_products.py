"""Laws of each product: splitting, amount, days, paths of withdrawals, and accrued interest. Bounds are stated.

Where the rules themselves are not monotone the law says so: a board that falls makes a later demand closing pay less
(the rate of the day counts, Savings Regulations article 27), so days are compared on a board that stands still.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.kit.calendar import add_months
from farthing.kit.money import Money, exponent
from farthing.products.deposit import Basis, Terms
from farthing.products.deposit_file import decode_terms
from farthing.products.rates import rate_board
from farthing.savings.quotes.quote import Quote, quote
from farthing.savings.quotes.worth import closing_value
from farthing.savings.rules import (
    accrued_by_contract,
    behaviour,
    due,
    lines_of,
    open_deposit,
    rule,
    settle,
    settle_until,
)
from farthing.savings.rules.books import accrued_in_books
from farthing.savings.rules.interest import fraction_of_year
from farthing.savings.rules.model import Agreement, Deposit, Event, Facts
from tests.laws import examples
from tests.savings.rules.walks import (
    AGREEMENTS,
    BOC_ANY,
    DAYS,
    FIRST,
    METHODS,
    Life,
    Wish,
    board_of,
    boards,
    interest_minor,
    live,
    lives,
    products,
)

MANY = examples(20)
STILL = Facts(BOC_ANY)
TINY = Fraction(1, 100_000)
"""Of a minor unit: lines are kept to twelve decimals, times the ordinal of a day."""
COUNTED = ("actual/360", "actual/365")
MINOR = st.one_of(st.integers(1, 20_000), st.integers(1, 10**9))


def schedule(terms: Terms, agreement: Agreement, minor: int, opened_on: date, closing_on: date) -> list[Event]:
    """The product used as it is meant: instalments on the day of each month, notice given in time."""
    amount = Money(minor, terms.currency)
    if terms.method == "instalment":
        days = [day for day in monthly(opened_on, agreement.term.months if agreement.term else 0) if day < closing_on]
        return [Event(day, "deposit", amount) for day in days or [opened_on]]
    events = [Event(opened_on, "deposit", amount)]
    if terms.method == "notice" and agreement.notice:
        given_on = closing_on - timedelta(days=agreement.notice.days)
        if given_on >= opened_on:
            events.append(Event(given_on, "notify", amount))
    return events


def monthly(opened_on: date, months: int) -> list[date]:
    """The first 28 days of each month, so that no month is skipped."""
    first = opened_on.year * 12 + opened_on.month - 1
    later = [date((first + n) // 12, (first + n) % 12 + 1, min(opened_on.day, 28)) for n in range(1, months)]
    return [opened_on, *later]


def asked(terms: Terms, facts: Facts, agreement: Agreement, minor: int, opened_on: date, days: int) -> Quote:
    """The quote of a schedule."""
    closing_on = opened_on + timedelta(days=days)
    events = schedule(terms, agreement, minor, opened_on, closing_on)
    return quote(terms, facts, agreement, events, closing_on)


@pytest.mark.parametrize("method", METHODS)
@MANY
@given(st.data())
def test_splitting_a_deposit_gains_one_minor_unit_a_payment_at_most(method: str, data: st.DataObject) -> None:
    """round(x) + round(y) <= round(x + y) + 1. A payment that joins the principal carries its minor unit on, with
    interest: the bound grows by what the whole grew. Lump in, instalments out: a draw is whole minor units, so parts
    may keep up to one more of each draw on deposit."""
    terms, facts = data.draw(products([method])), Facts(data.draw(boards()))
    agreement, opened_on = data.draw(st.sampled_from(AGREEMENTS[method])), data.draw(DAYS)
    one, two, days = data.draw(MINOR), data.draw(MINOR), data.draw(st.integers(1, 1_200))
    whole = asked(terms, facts, agreement, one + two, opened_on, days)
    parts = [asked(terms, facts, agreement, minor, opened_on, days) for minor in (one, two)]
    gained = sum(each.interest.minor for each in parts) - whole.interest.minor
    grown = 1 + Fraction(max(whole.interest.minor, 0), whole.principal_in.minor)
    count = max(len(each.payments) for each in [whole, *parts])
    assert gained <= ceil(count * grown) + (1 if method == "staged" else 0)


@pytest.mark.parametrize("method", METHODS)
@MANY
@given(st.data())
def test_more_money_never_earns_less(method: str, data: st.DataObject) -> None:
    """Exactly; lump in, instalments out to one minor unit, for a draw is whole minor units."""
    terms, facts = data.draw(products([method])), Facts(data.draw(boards()))
    agreement, opened_on = data.draw(st.sampled_from(AGREEMENTS[method])), data.draw(DAYS)
    minor, more, days = data.draw(MINOR), data.draw(st.integers(1, 10**6)), data.draw(st.integers(1, 1_200))
    less = asked(terms, facts, agreement, minor, opened_on, days).interest.minor
    slack = 1 if method == "staged" else 0
    assert less <= asked(terms, facts, agreement, minor + more, opened_on, days).interest.minor + slack


@pytest.mark.parametrize("method", METHODS)
@MANY
@given(st.data())
def test_more_days_never_earn_less_on_a_board_that_stands_still(method: str, data: st.DataObject) -> None:
    """To half a minor unit a payment: the days of an unfinished period are rounded by themselves, and a period joined to
    the principal is rounded before it earns."""
    terms = data.draw(products([method]))
    agreement, opened_on = data.draw(st.sampled_from(AGREEMENTS[method])), data.draw(DAYS)
    shortest = (
        1_100 if method == "instalment" else 1
    )  # after maturity, so that the same instalments are paid both times
    minor, days = data.draw(MINOR), data.draw(st.integers(shortest, 1_200))
    longer = days + data.draw(st.one_of(st.integers(1, 3), st.integers(1, 400)))
    short = asked(terms, STILL, agreement, minor, opened_on, days)
    long = asked(terms, STILL, agreement, minor, opened_on, longer)
    assert short.interest.minor <= long.interest.minor + ceil(Fraction(len(long.payments), 2))


@MANY
@given(st.data())
def test_a_later_edition_does_not_touch_a_running_term(data: st.DataObject) -> None:
    """Savings Regulations article 26: the opening day's rate for the whole term."""
    method = data.draw(st.sampled_from(["lump_sum", "staged", "interest_drawn", "instalment"]))
    terms, opened_on, minor = data.draw(products([method])), data.draw(DAYS), data.draw(MINOR)
    agreement = replace(data.draw(st.sampled_from(AGREEMENTS[method])), renewal="none")
    matures_on = asked(terms, STILL, agreement, minor, opened_on, 1).deposit.matures_on
    assert matures_on is not None
    scale = data.draw(st.sampled_from([Decimal("0.1"), Decimal("1.7"), Decimal(3)]))
    changed = rate_board("later", [board_of(), board_of(scale, opened_on + timedelta(days=1))])
    days = (matures_on - opened_on).days
    still = asked(terms, STILL, agreement, minor, opened_on, days)
    moved = asked(terms, Facts(changed), agreement, minor, opened_on, days)
    assert [each.amount for each in still.payments] == [each.amount for each in moved.payments]


BREAKING = st.lists(
    st.builds(Wish, st.integers(0, 60), st.just("withdraw"), st.fractions(Fraction(1, 40), 1, max_denominator=40)),
    max_size=8,
)


@pytest.mark.parametrize("method", ["demand", "lump_sum", "rolling", "notice"])
@MANY
@given(st.data())
def test_no_path_of_withdrawals_pays_more_than_keeping_everything(method: str, data: st.DataObject) -> None:
    """On a board that stands still, to half a minor unit a payment; notice deposits against the notice kept in full."""
    terms, opened_on = data.draw(products([method])), data.draw(DAYS)
    agreement = replace(data.draw(st.sampled_from(AGREEMENTS[method])), renewal="none")
    opened = Event(opened_on, "deposit", Money(data.draw(MINOR), terms.currency))
    path = live(terms, STILL, agreement, opened, data.draw(BREAKING), data.draw(st.integers(0, 900)))
    assert opened.amount is not None
    kept = asked(terms, STILL, agreement, opened.amount.minor, opened_on, (path.closing_on - opened_on).days)
    count = sum(len(change.interest) for change in path.changes) + len(kept.payments)
    assert interest_minor(path.changes) <= kept.interest.minor + ceil(Fraction(count, 2))


@MANY
@given(lives(["notice"], moving=False))
def test_a_notice_path_earns_the_notice_rate_only_on_what_was_notified_for_that_day(life: Life) -> None:
    """An account of its own: each draw earns the notice rate at most on what was notified for exactly that day, kept
    from the opening; all else the demand rate. Half a minor unit a payment."""
    rates = BOC_ANY.editions[0].rates
    notice = life.agreement.notice
    assert notice is not None
    waiting: dict[date, int] = {}
    best, balance = Fraction(0), 0
    steps = [*life.events, Event(life.closing_on, "close")]
    for event in steps:
        days = (event.on - life.events[0].on).days + 3  # months longer than their days, where a product counts months
        minor = event.amount.minor if event.amount else balance
        if event.do == "deposit":
            balance = minor
        elif event.do == "notify":
            day = event.for_on or event.on + timedelta(days=notice.days)
            waiting[day] = max(minor, waiting.get(day, 0))
        elif event.do != "cancel_notice":  # cancelled or not, the bound may count it
            drawn = min(minor, balance)
            kept = min(drawn, waiting.pop(event.on, 0))
            demand = balance - kept if event.do == "close" else max(balance - kept, 0)
            best += Fraction(kept * days) * Fraction(rates["call", notice]) / 360
            best += Fraction(demand * days) * Fraction(rates["demand", None]) / 360
            balance -= drawn
    count = sum(len(change.interest) for change in life.changes)
    assert interest_minor(life.changes) <= best + Fraction(count, 2)


def states(
    terms: Terms, facts: Facts, agreement: Agreement, opened: Event, days: int
) -> list[tuple[date, Deposit, int]]:
    """Each day's state after what is due at its start, and the interest paid until then."""
    deposit, paid, found = open_deposit(terms, facts, agreement, opened).deposit, 0, []
    for number in range(days + 1):
        on = opened.on + timedelta(days=number)
        for change in settle_until(terms, facts, deposit, on):
            deposit, paid = change.deposit, paid + sum(each.amount.minor for each in change.interest)
        if deposit.closed_on is not None:
            break
        found.append((on, deposit, paid))
    return found


@pytest.mark.parametrize("method", METHODS)
@examples(12)
@given(st.data())
def test_accrued_interest_starts_at_nothing_and_moves_with_the_days(method: str, data: st.DataObject) -> None:
    """Paid and accrued together: zero at opening, never less than nothing, and from one day to the next at most four
    days of the best rate (28 February is three more of months/12) and a minor unit of rounding, half a unit more for each
    draw of interest, which is rounded before the last takes the residue: a settlement moves what was accrued into what is
    paid. Time-or-demand leaps when a tier is reached, as its rule says."""
    terms = data.draw(products([method]))
    agreement = data.draw(st.sampled_from(AGREEMENTS[method]))
    opened = Event(data.draw(DAYS), "deposit", Money(data.draw(MINOR), terms.currency))
    scale = 10 ** {"CNY": 2, "JPY": 0, "KWD": 3}[terms.currency]
    found = states(terms, STILL, agreement, opened, data.draw(st.integers(1, 420)))
    first = found[0][1]
    assert accrued_by_contract(terms, STILL, first, opened.on) == 0
    best = max(Fraction(each) for each in BOC_ANY.editions[0].rates.values())
    before: Fraction | None = None
    for on, deposit, paid in found:
        inside = accrued_by_contract(terms, STILL, deposit, on) * scale
        assert inside >= 0
        now = paid + inside
        if before is not None:
            principal = deposit.balance.minor + sum(each.amount.minor for each in deposit.portions)
            assert now >= before - 1
            slack = 1 + Fraction(deposit.draws, 2) * (method == "interest_drawn")
            assert method == "time_or_demand" or now - before <= 4 * principal * best / 360 + slack
        before = now


@pytest.mark.parametrize("method", METHODS)
@MANY
@given(st.data())
def test_accrued_interest_is_what_is_paid(method: str, data: st.DataObject) -> None:
    """At the end that the contract names, to one minor unit. Demand on a board that stands still: it is settled at the
    rate of the day before the interest joins the principal."""
    terms, facts = data.draw(products([method])), STILL if method == "demand" else Facts(data.draw(boards()))
    agreement = replace(data.draw(st.sampled_from(AGREEMENTS[method])), renewal="none")
    opened = Event(data.draw(DAYS), "deposit", Money(data.draw(MINOR), terms.currency))
    scale = 10 ** {"CNY": 2, "JPY": 0, "KWD": 3}[terms.currency]
    deposit = open_deposit(terms, facts, agreement, opened).deposit
    item = due(terms, deposit)
    on = item.on if item else deposit.matures_on or opened.on + timedelta(days=data.draw(st.integers(0, 500)))
    if method == "notice" and agreement.notice:
        on += timedelta(days=agreement.notice.days)
        given_on = on - timedelta(days=agreement.notice.days)
        deposit = rule(terms, facts, deposit, Event(given_on, "notify", opened.amount)).deposit
    if method == "staged" and item:
        while item.on != deposit.matures_on:  # draws of principal pay no interest
            deposit = settle(terms, facts, deposit, item).deposit
            item = due(terms, deposit)
            assert item is not None
        on = item.on
    expected = behaviour(terms).accrued(terms, facts, deposit, on) * scale
    if item is not None:
        paid = sum(each.amount.minor for each in settle(terms, facts, deposit, item).interest)
    else:
        paid = closing_value(terms, facts, deposit, on).interest.minor
    rounded_draws = 2 if method == "staged" else 0  # each draw is whole minor units; the formula halves them exactly
    assert abs(expected - paid) <= 1 + rounded_draws


@pytest.mark.parametrize("method", METHODS)
@MANY
@given(st.data())
def test_the_contract_and_the_books_meet_at_both_ends(method: str, data: st.DataObject) -> None:
    """What a person is told has accrued, and the line by which the books accrue, are both nothing at the opening, the same
    at maturity, and nothing again once the deposit is closed. Between the ends a term's interest goes evenly in the books
    and by its own day count in the contract; what has no term and counts actual days is the same every day."""
    terms, facts = data.draw(products([method])), STILL
    agreement = replace(data.draw(st.sampled_from(AGREEMENTS[method])), renewal="none")
    opened = Event(data.draw(DAYS), "deposit", Money(data.draw(MINOR), terms.currency))
    deposit = open_deposit(terms, facts, agreement, opened).deposit

    def apart(on: date, state: Deposit) -> Fraction:
        told = behaviour(terms).accrued(terms, facts, state, on) * 10 ** exponent(terms.currency)
        # Rounding up may have paid a part of a minor unit too much: the books say so, a person is told of nothing.
        return abs(told - max(accrued_in_books(lines_of(terms, state, on, facts.board), facts.board, on), Fraction(0)))

    assert accrued_by_contract(terms, facts, deposit, opened.on) == 0
    assert apart(opened.on, deposit) < TINY
    if deposit.matures_on is not None:
        while (item := due(terms, deposit)) is not None and item.on < deposit.matures_on:
            deposit = settle(terms, facts, deposit, item).deposit
        slack = 2 if method == "staged" else 0  # a draw of principal is whole minor units, the formula takes it exactly
        assert apart(deposit.matures_on, deposit) < TINY + slack
    elif all(each.day_count in COUNTED and each.period == "actual_days" for each in (terms.basis, terms.demand_basis)):
        days = data.draw(st.integers(0, 500))
        for number in range(days):
            on = opened.on + timedelta(days=number)
            item = due(terms, deposit)
            if item is not None and item.on <= on:
                deposit = settle(terms, facts, deposit, item).deposit
            assert method == "time_or_demand" or apart(on, deposit) < TINY
    last = deposit.matures_on or opened.on + timedelta(days=600)
    for change in settle_until(terms, facts, deposit, last):
        deposit = change.deposit
    closed = deposit if deposit.closed_on else rule(terms, facts, deposit, Event(last, "close")).deposit
    assert accrued_by_contract(terms, facts, closed, last) == 0
    assert lines_of(terms, closed, last, facts.board) == {}


@MANY
@given(lives(), st.integers(0, 400))
def test_closing_value_is_what_closing_pays(life: Life, days: int) -> None:
    """The worth of any state on a later day is what the rules pay when it is closed on it."""
    for change in life.changes:
        deposit = change.deposit
        if deposit.closed_on is not None:
            continue
        on = max(change.on, FIRST) + timedelta(days=days)
        worth = closing_value(life.terms, life.facts, deposit, on)
        steps = list(settle_until(life.terms, life.facts, deposit, on))
        last = steps[-1].deposit if steps else deposit
        if last.closed_on is None:
            steps.append(rule(life.terms, life.facts, last, Event(on, "close")))
        assert worth.interest.minor == interest_minor(steps)
        free = sum(each.amount.minor for step in steps for each in step.interest if not each.capitalised)
        assert worth.paid_out.minor == free + sum(step.principal_out.minor for step in steps)


@MANY
@given(st.integers(1, 5_000), st.sampled_from(AGREEMENTS["interest_drawn"]))
def test_draws_of_interest_are_never_negative_and_sum_to_the_interest_of_the_term(
    minor: int, agreement: Agreement
) -> None:
    """Rounded up a hundred times, half a fen could outgrow the whole: a draw takes at most what is left."""
    terms = decode_terms(
        "walk", {"method": "interest_drawn", "minimum": "0.01", "terms": ["1y"], "every": ["1m", "3m", "6m", "12m"]}
    )
    answer = asked(terms, STILL, agreement, minor, date(2016, 1, 31), 366)
    whole = int(Fraction(minor) * Fraction("0.0185") + Fraction(1, 2))
    assert answer.interest.minor == whole
    assert all(each.amount.minor >= 0 for each in answer.payments)


@examples(100)
@given(
    st.dates(date(2015, 1, 1), date(2020, 12, 31)),
    st.integers(0, 1_500),
    st.sampled_from(["actual/360", "actual/365", "actual/actual", "30E/360", "months/12"]),
    st.sampled_from(["actual_days", "full_months"]),
)
def test_a_span_never_shrinks_with_a_day_more(start: date, days: int, day_count: str, period: str) -> None:
    """And full months are whole months over 12, whatever the day count."""
    basis, end = Basis(day_count, period), start + timedelta(days=days)
    assert 0 <= fraction_of_year(basis, start, end) <= fraction_of_year(basis, start, end + timedelta(days=1))
    if period == "full_months":
        for months in (1, 3, 6, 12, 60):
            assert fraction_of_year(basis, start, add_months(start, months)) == Fraction(months, 12)
