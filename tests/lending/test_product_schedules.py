"""Laws over product files: what a product offers is what the quote engine says of the same case, and it is what is lent."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from farthing.kit import tables
from farthing.kit.errors import Refusal
from farthing.kit.money import Money, total
from farthing.lending import life, telling
from farthing.lending.acts.entries import Places
from farthing.lending.audit import rules as audit
from farthing.lending.lives.events import Event
from farthing.lending.offering.plan import build, plan_of, quote
from farthing.lending.pinned import METHODS, conditions_of, first_due, origination_fee, waiting
from farthing.lending.plans.days import at
from farthing.lending.plans.schedule import schedule
from farthing.lending.plans.terms import Every
from farthing.lending.quotes.case import read_terms
from farthing.lending.quotes.reading import says
from farthing.products import files
from farthing.products.loan_repaying import BY_DAY
from farthing.products.model import LoanTerms, Repaying
from farthing.products.service import ROOT
from tests.lending.test_rules import AT, ZERO, amount_due, begun, paid, settlement

RAINY = (ROOT / "products" / "rainy-day-loan.toml").read_text(encoding="utf-8")
START = date(2027, 1, 5)
HOLIDAYS = frozenset(date(2027, 2, 5) + timedelta(days=day) for day in range(8)) | {
    date(2027, 10, day) for day in range(1, 8)
}


def product(
    method: str = "equal_instalment", day_count: str = "actual/365", least: int = 1, early: str = "0", mild: bool = False,
    fees: str = "", most: int = 12, **schedule: Any,
) -> LoanTerms:  # fmt: skip
    """The rainy-day loan with another way of repaying, as its file would say it."""
    lines = ", ".join(f"{key} = {_toml(value)}" for key, value in schedule.items())
    source = RAINY.replace('method = "equal_instalment"', f'method = "{method}"\nschedule = {{{lines}}}')
    source = source.replace('"actual/365"', f'"{day_count}"').replace(
        "min = 1, max = 12", f"min = {least}, max = {most}"
    )
    source = source.replace('origination = "0"', f'origination = "0", early_repayment = "{early}"{fees}')
    if mild:
        source = source.replace('annual = "0.18"', 'annual = "0.18", on = "principal"')
        source = source.replace("grace_days = 3", 'grace_days = 3, tolerance = "20.00"')
    _, _, terms = files.decode("rainy-day-loan", source)
    assert isinstance(terms, LoanTerms)
    return terms


def _toml(value: Any) -> str:
    if isinstance(value, list):
        each = [f'{{after_months = {months}, share = "{share}"}}' for months, share in value]
        return f"[{', '.join(each)}]"
    return str(value).lower() if isinstance(value, bool | int) else f'"{value}"'


EACH = ("", ', instalment = {amount = "0.70"}', ', instalment = {share = "0.002", of = "lent"}',
        ', instalment = {share = "0.01", of = "instalment"}')  # fmt: skip
"""What an instalment may bear beside principal and interest, as a file says it."""


@st.composite
def rows(draw: st.DrawFn) -> list[tuple[int, Decimal]]:
    """Rows by hand, of any size and any months apart, whose shares sum to one."""
    weights = [*draw(st.lists(st.integers(0, 9), min_size=4, max_size=11)), draw(st.integers(1, 9))]
    shares = [Decimal(each * 1000 // sum(weights)) / 1000 for each in weights[:-1]]
    ends = accumulate(draw(st.lists(st.integers(1, 5), min_size=len(weights), max_size=len(weights))))
    return list(zip(ends, [*shares, 1 - sum(shares)], strict=True))


@st.composite
def products(draw: st.DrawFn) -> LoanTerms:
    """Product files that say something of their schedule; those that contradict themselves are refused, and left."""
    method = draw(st.sampled_from(sorted(METHODS)))
    optional: dict[str, st.SearchStrategy[Any]] = {
        "every": st.sampled_from(["1m", "2m", "3m", "1w", "2w", "10d", "30d"]),
        "multiple": st.sampled_from(["1.00", "5", "0.10", "30"]),
        "first_after_days": st.integers(5, 50), "first_on_day": st.integers(1, 28),
        "month_end": st.sampled_from(["first_of_next", "last_of_month"]),
        "shift": st.sampled_from(["next", "previous", "next_in_month"]),
        "interest_free": st.integers(1, 3), "balloon": st.sampled_from(["0.30", "0.5"]), "improved": st.just(True),
        "grace_principal": st.integers(1, 4), "grace_interest": st.integers(1, 3),
        "down_payment": st.sampled_from(["0.10", "0.3333", "0.5"]),
    }  # fmt: skip
    said = {key: draw(optional[key]) for key in draw(st.sets(st.sampled_from(sorted(optional)), max_size=4))}
    day_count = draw(st.sampled_from(["actual/365", "actual/360", "30E/360", "actual/actual", "months/12", "periods"]))
    least, most = 5, 12
    if method == "custom":
        said["rows"] = draw(rows())
        least = most = len(said["rows"])
    try:
        return product(method, day_count, least, most=most, fees=draw(st.sampled_from(EACH)), **said)
    except Refusal as refusal:
        assert refusal.code == "products.invalid", refusal
        assume(False)
        raise


def case_of(terms: LoanTerms, amount: Money, periods: int, on: date, holidays: frozenset[date]) -> dict[str, Any]:
    """The same case as ``farthing quote loan`` is asked it."""
    said, first = terms.schedule, first_due(terms.schedule, on)
    balloon = (amount.minor * said.balloon / said.multiple).quantize(Decimal(1)) * said.multiple
    found: dict[str, Any] = {
        "rate": str(terms.rate.annual), "instalments": periods, "every": f"{said.every}{said.unit[0]}",
        "method": METHODS[terms.method], "day_count": {"months/12": "30/360", "30E/360": "30e/360", "periods": "actual/365"}.get(
            terms.rate.day_count, terms.rate.day_count), "first_day_counts": True,
        "month_end": said.month_end, "multiple": str(Money(said.multiple, "CNY").decimal()),
        "down_payment": str(said.down_payment),
        "grace_principal": said.grace_principal, "grace_interest": said.grace_interest, "interest_free": said.interest_free,
    }  # fmt: skip
    if said.rows:
        rest = amount.minor - int((amount.minor * said.down_payment).quantize(Decimal(1)))
        parts = [int((rest * each.share).quantize(Decimal(1))) for each in said.rows[:-1]]
        days = [at(Every(each.after_months), said.month_end, on, 1) for each in said.rows]  # type: ignore[arg-type]
        found["rows"] = [
            {"due_on": day.isoformat(), "principal": str(Money(part, "CNY").decimal())}
            for day, part in zip(days, [*parts, rest - sum(parts)], strict=True)
        ]
        del found["every"]
    if balloon:
        found["balloon"] = str(Money(int(balloon), "CNY").decimal())
    if first:
        found["first_due"] = first.isoformat()
    if terms.rate.day_count == "periods":
        found["interest_by"] = "period"
    if holidays and said.shift != "none":
        found |= {"holidays": [each.isoformat() for each in sorted(holidays)], "shift": said.shift}
    return found


@st.composite
def every_case(draw: st.DrawFn) -> tuple[LoanTerms, int, int, int, frozenset[date]]:
    """A product, an amount in minor units, a number of instalments, so many days later than the start, and holidays."""
    terms, agreed = draw(products()), st.integers(5, 12)
    periods = terms.instalments.min if terms.schedule.rows else draw(agreed)
    return terms, draw(st.integers(50_000, 5_000_000)), periods, draw(st.integers(0, 360)), draw(
        st.sampled_from([frozenset(), HOLIDAYS])
    )  # fmt: skip


cases = every_case()


@settings(max_examples=300, deadline=None)
@given(cases)
def test_an_offer_is_the_schedule_that_the_quote_engine_makes_of_the_same_case(case: Any) -> None:
    terms, minor, periods, later, holidays = case
    amount, on = Money(minor, "CNY"), START + timedelta(days=later)
    if (
        terms.rate.day_count == "months/12"
    ):  # which counts the days beyond a whole month, where the engine takes a month for one
        assume(
            not holidays
            and on.day <= 28
            and terms.schedule.month_end == "clamp"
            and not terms.schedule.first_after_days
        )
    if terms.method == "equal_instalment":
        terms = replace(terms, schedule=replace(terms.schedule, improved=True))
    asked = read_terms(tables.opened("case", case_of(terms, amount, periods, on, holidays), says), "CNY")
    engine = schedule(asked, amount, on)
    down = len(engine) - periods
    engine = engine[:down] + engine[down + waiting(terms.method, terms.schedule, periods) :]
    made = build(terms.method, plan_of(terms, amount, amount * 0, periods, on, holidays))
    ended = len(made)
    assert not any(each.amount for each in engine[ended:]) and (made[-1].amount or terms.schedule.multiple == 1)
    assert [
        (each.due_on, each.principal.minor, each.interest.minor, each.outstanding_after.minor) for each in made
    ] == [(each.due_on, each.principal, each.interest, each.left) for each in engine[:ended]]
    assert total([each.principal for each in made], "CNY") == amount
    assert [each.number for each in made] == list(range(1, len(made) + 1))


@pytest.mark.parametrize("day_count", ["actual/360", "30E/360", "months/12", "periods"])
def test_a_fen_that_is_half_is_owed_as_it_was_offered(day_count: str) -> None:
    """500.00 in eight parts at 12 per cent: the fourth bears 3.125."""
    terms = replace(product("equal_principal", day_count, 5, most=12), repaying=Repaying(recalculated="by_day"))
    amount, on = Money(50_000, "CNY"), date(2027, 1, 5)
    offered = quote(terms.method, plan_of(terms, amount, amount * 0, 8, on, frozenset()))
    state = begun(conditions_of(terms, 8), life.agreed(offered.instalments), amount, on)
    for number, each in enumerate(offered.instalments):
        assert amount_due(state, each.due_on) == each.amount
        state = paid(state, each.amount, each.due_on, f"r{number}").after
    assert state.loan.state == "closed" and not state.loan.owed_back


@settings(max_examples=100, deadline=None)
@given(cases, st.integers(0, 20), st.booleans())
@pytest.mark.long
def test_what_was_offered_is_what_is_owed_and_paying_it_as_agreed_ends_the_loan(
    case: Any, fee: int, kept_back: bool
) -> None:
    terms, minor, periods, later, holidays = case
    on = START + timedelta(days=later)
    if kept_back:
        terms = replace(terms, fees=replace(terms.fees, origination=Decimal(fee) / 1000, kept_back=True))
        fee = origination_fee(terms.fees.origination, Money(minor, "CNY")).minor
    offered = quote(terms.method, plan_of(terms, Money(minor, "CNY"), Money(fee, "CNY"), periods, on, holidays))
    if terms.method in BY_DAY[0] and terms.rate.day_count in BY_DAY[1] and not terms.schedule.grace_interest:
        terms = replace(
            terms, repaying=Repaying(recalculated="by_day")
        )  # nothing changes as long as money comes on its day
    state = begun(conditions_of(terms, periods), life.agreed(offered.instalments), Money(minor, "CNY"), on)
    assert [(each.due_on, each.principal, each.interest, each.fee) for each in state.loan.instalments] == [
        (each.due_on, each.principal, each.interest, each.fee) for each in offered.instalments
    ]
    ahead = [each for each in offered.instalments if each.due_on > on]
    kept = total([each.fee for each in offered.instalments if each.due_on == on], "CNY")
    assert kept.minor == (fee if kept_back else 0)
    assert settlement(state, on).amount == Money(minor, "CNY") + kept + ahead[0].fee
    assert offered.total_fees == sum_of(ahead, terms, minor) + Money(fee, "CNY")
    for number, each in enumerate(offered.instalments):
        assert amount_due(state, each.due_on) == each.amount
        if each.amount:
            state = paid(state, each.amount, each.due_on, f"r{number}").after
    assert state.loan.state == "closed" and not state.loan.outstanding


def sum_of(rows: Any, terms: LoanTerms, minor: int) -> Money:
    """The fees that instalments bear, reckoned anew."""
    fee = terms.fees.instalment
    if fee is None:
        return ZERO
    base = [minor if fee.of == "lent" else (each.principal + each.interest).minor for each in rows]
    each = [fee.amount.minor if fee.amount else int(one * fee.share + Decimal("0.5")) for one in base]
    return Money(sum(each), "CNY")


@settings(max_examples=100, deadline=None)
@given(cases, st.integers(0, 400), st.integers(0, 10))
def test_paying_off_early_costs_the_agreed_part_of_what_is_not_due_and_no_more_than_it_saves(
    case: Any, later: int, percent: int
) -> None:
    terms, minor, periods, _, holidays = case
    rows = life.agreed(
        quote(terms.method, plan_of(terms, Money(minor, "CNY"), ZERO, periods, START, holidays)).instalments
    )
    part = Decimal(percent) / 100
    plain, costs = (replace(conditions_of(terms, periods), early_repayment=each) for each in (Decimal(0), part))
    on = START + timedelta(days=later)
    free, state = (begun(each, rows, Money(minor, "CNY"), START) for each in (plain, costs))
    without, price = settlement(free, on), settlement(state, on)
    ahead = sum(row.principal for row in rows if row.due_on > on)
    saved = sum(row.interest for row in rows) - without.interest.minor
    starts = zip((START, *(row.due_on for row in rows)), rows, strict=False)
    assert without.fee.minor == sum(
        row.fee for start, row in starts if start in (START, min(start, on - timedelta(days=1)))
    )
    assert (price.fee - without.fee).minor == min(int(ahead * part + Decimal("0.5")), saved)
    assert replace(price, fee=without.fee) == without
    told = paid(state, ZERO, on, do="pay_off")
    assert told.event is not None and told.event.amount == price.amount and told.loan.state == "closed"
    assert audit.replayed(replace(told.after, as_of_on=on)) == []


@settings(max_examples=60, deadline=None)
@given(st.integers(1_000, 90_000), st.integers(1, 10), st.sampled_from(("last", "re_amortise")))
def test_a_part_that_is_repaid_early_costs_the_agreed_part_of_its_principal(
    minor: int, percent: int, surplus: Any
) -> None:
    terms = product(early=str(Decimal(percent) / 100))
    rows = life.agreed(build(terms.method, plan_of(terms, Money(100_000, "CNY"), ZERO, 6, START)))
    state = begun(conditions_of(terms, 6), rows, Money(100_000, "CNY"), START)
    chosen = telling.amend(
        state, Event(START, "set_surplus", surplus=surplus, name="s"), {}, Places("w", "CNY"), AT, START
    ).after
    told = paid(replace(chosen, as_of_on=START), Money(minor, "CNY"), START + timedelta(days=9))
    (ahead,) = [each for each in told.loan.instalments if each.due_on == START + timedelta(days=9)]
    assert ahead.principal + ahead.fee == Money(minor, "CNY") and not ahead.left
    free = replace(chosen, loan=replace(chosen.loan, conditions=conditions_of(product(), 6)))
    saved = _interest(free) - _interest(paid(free, ahead.principal, START + timedelta(days=9)).after)
    assert ahead.fee.minor <= saved + len(rows), "each instalment's interest is rounded once"
    if saved > ahead.principal.minor * percent / 90:
        assert abs(ahead.fee.minor - ahead.principal.minor * percent / 100) <= 1
    assert told.loan.outstanding == Money(100_000, "CNY") - ahead.principal
    assert sum(line.amount.minor for line in life.lines("CNY", told.event.moves)) == minor  # type: ignore[union-attr]


def test_what_was_due_when_it_was_paid_costs_no_fee_for_being_early_whatever_is_told_later() -> None:
    terms, lent = product(early="0.01"), Money(1_000_000, "CNY")
    rows = life.agreed(build(terms.method, plan_of(terms, lent, ZERO, 6, START)))
    begins = begun(conditions_of(terms, 6), rows, lent, START)
    due_on, told_on, places = rows[0].due_on, rows[0].due_on + timedelta(days=1), Places("liabilities:wallets:b", "CNY")
    on_time = paid(begins, amount_due(begins, due_on), due_on).after
    before = due_on - timedelta(days=3)
    for fact in (
        Event(before, "move_due", name="m", due_on=due_on, until=due_on + timedelta(days=10)),
        Event(before, "waive", 3_000, name="w", component="interest"),
    ):
        assert not _fees(telling.amend(on_time, fact, {}, places, AT, told_on).after)
    early = Event(before, "repay", amount_due(begins, due_on).minor, name="r")
    assert not _fees(telling.amend(begins, early, {}, places, AT, told_on).after)


def test_all_but_a_fen_of_a_loan_costs_no_more_for_being_early_than_all_of_it() -> None:
    terms, lent = product(early="0.01"), Money(1_000_000, "CNY")
    rows = life.agreed(build(terms.method, plan_of(terms, lent, ZERO, 6, START)))
    state, on = begun(conditions_of(terms, 6), rows, lent, START), rows[-1].due_on - timedelta(days=1)
    for row in rows[:-1]:
        state = paid(state, amount_due(state, row.due_on), row.due_on, f"paid {row.due_on}").after
    chosen = Event(on, "set_surplus", surplus="last", name="s")
    state = telling.amend(state, chosen, {}, Places("liabilities:wallets:b", "CNY"), AT, on).after
    price = settlement(state, on)
    assert 0 < _fees(paid(state, price.amount - Money(1, "CNY"), on).after) <= price.fee.minor + 1
    for number in range(16):
        state = paid(state, Money(10_000, "CNY"), on, f"part {number}").after
    assert 0 < _fees(state) <= price.fee.minor + 8, "each of sixteen parts is rounded once"


def _interest(state: Any) -> int:
    """All interest of a loan, in minor units."""
    return sum(each.interest.minor for each in state.loan.instalments)


def _fees(state: Any) -> int:
    """All fees of a loan, in minor units."""
    return sum(each.fee.minor for each in state.loan.instalments)
