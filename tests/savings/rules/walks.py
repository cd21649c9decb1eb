"""Deposits that live at random: products of every method, boards, and paths of events that the rules accept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.products.deposit import Terms
from farthing.products.deposit_file import decode_terms
from farthing.products.library import own_library
from farthing.products.rates import Edition, RateBoard, Term, rate_board
from farthing.savings.rules import open_deposit, rule, settle_until
from farthing.savings.rules.model import Agreement, Change, Deposit, Event, Facts

LIBRARY = own_library()
SHIPPED = LIBRARY.kinds("deposit")
BOC = LIBRARY.board("boc-2015-06-28")
FIRST = date(2015, 6, 28)

AGREEMENTS: dict[str, tuple[Agreement, ...]] = {
    "demand": (Agreement(),),
    "lump_sum": tuple(
        Agreement(term=Term(months=months), renewal=renewal)
        for months in (3, 6, 12, 24, 36, 60)
        for renewal in ("none", "principal", "principal_and_interest")
    ),
    "instalment": tuple(Agreement(term=Term(months=months)) for months in (12, 36)),
    "staged": tuple(Agreement(term=Term(months=12), every=Term(months=every)) for every in (1, 3, 6)),
    "interest_drawn": tuple(Agreement(term=Term(months=12), every=Term(months=every)) for every in (1, 3, 6, 12)),
    "time_or_demand": (Agreement(),),
    "notice": (Agreement(notice=Term(days=1)), Agreement(notice=Term(days=7))),
    "rolling": (Agreement(),),
}

OWN: dict[str, dict[str, Any]] = {
    "demand": {},
    "lump_sum": {"terms": ["3m", "6m", "1y", "2y", "3y", "5y"]},
    "instalment": {"terms": ["1y", "3y"]},
    "staged": {"terms": ["1y"], "every": ["1m", "3m", "6m"]},
    "interest_drawn": {"terms": ["1y"], "every": ["1m", "3m", "6m", "12m"]},
    "time_or_demand": {},
    "notice": {"notices": ["1d", "7d"]},
    "rolling": {},
}

METHODS = tuple(OWN)
DAYS = st.dates(date(2015, 6, 28), date(2020, 12, 31))


@st.composite
def products(draw: st.DrawFn, methods: Sequence[str] = METHODS) -> Terms:
    """A product of a method with any day count, period, rounding and exponent, from one minor unit up."""
    method = draw(st.sampled_from(methods))
    day_count = draw(st.sampled_from(["actual/360", "actual/365", "actual/actual", "30E/360", "months/12"]))
    demand_count = draw(st.sampled_from(["actual/360", "actual/365", "actual/actual", "30E/360"]))
    extra: dict[str, Any] = {"carry": draw(st.booleans())} if method == "rolling" else {}
    if method != "staged":
        extra["earning_unit"] = draw(st.sampled_from([None, None, "1", "10"]))
    if method == "instalment":
        extra["make_ups"] = draw(st.sampled_from([0, 1, 2, "any"]))
    return decode_terms("walk", {
        "method": method,
        "currency": (currency := draw(st.sampled_from(["CNY", "JPY", "KWD"]))),
        "minimum": Money(1, currency).plain(),
        "interest": {"day_count": day_count, "period": draw(st.sampled_from(["actual_days", "full_months"]))},
        "demand_interest": {"day_count": demand_count},
        "rounding": draw(st.sampled_from(["half_up", "half_even", "down"])),
        "value_dates": "any",
        **OWN[method],
        **extra,
    })  # fmt: skip


def board_of(scale: Decimal = Decimal(1), since: date = FIRST) -> Edition:
    """The Bank of China's edition, each rate times a scale: the order of its rates stays."""
    return Edition(since, {key: value * scale for key, value in BOC.editions[0].rates.items()})


@st.composite
def boards(draw: st.DrawFn) -> RateBoard:
    """A board whose rates move up and down together a few times."""
    days = draw(st.lists(st.dates(date(2015, 7, 1), date(2025, 1, 1)), max_size=3, unique=True))
    scales = st.sampled_from([Decimal("0.5"), Decimal("0.9"), Decimal("1.3"), Decimal(2), Decimal("0.1")])
    return rate_board("moving", [board_of(), *[board_of(draw(scales), day) for day in days]])


@dataclass(frozen=True)
class Wish:
    """What somebody may want after some days: a share of what is there."""

    after_days: int
    do: str
    share: Fraction
    ahead_days: int = 0


WISHES = st.builds(
    Wish,
    after_days=st.one_of(st.integers(0, 9), st.integers(0, 70)),
    do=st.sampled_from(
        ["deposit", "withdraw", "withdraw", "notify", "notify", "draw_notified", "cancel_notice", "renew"]
    ),
    share=st.fractions(0, Fraction(5, 4), max_denominator=40),
    ahead_days=st.sampled_from([0, 0, 1, 7, 8, 20]),
)


@dataclass(frozen=True)
class Life:
    """A deposit's terms and board, the events the rules accepted, the changes they made, and when it closed."""

    terms: Terms
    facts: Facts
    agreement: Agreement
    events: tuple[Event, ...]
    changes: tuple[Change, ...]
    closing_on: date

    @property
    def last(self) -> Deposit:
        """The state at the end."""
        return self.changes[-1].deposit


def event_of(wish: Wish, deposit: Deposit, on: date) -> Event:
    """The event a wish becomes on a day, in the state of that day."""
    base = deposit.instalments[0].amount if deposit.instalments else deposit.balance
    amount = Money(max(int(base.minor * wish.share), 1), base.currency)
    if deposit.instalments and wish.do == "deposit":
        amount = base * (2 if wish.share > 1 else 1)
    if wish.do == "draw_notified":
        agreed = [each.amount for each in deposit.notices if each.for_on == on]
        return Event(on, "withdraw", agreed[0] if agreed else amount)
    if wish.do == "notify":
        days = deposit.agreement.notice.days if deposit.agreement.notice else 7
        return Event(on, "notify", amount, for_on=on + timedelta(days=days + wish.ahead_days))
    return Event(on, wish.do, None if wish.do in ("cancel_notice", "renew") else amount)


def live(
    terms: Terms, facts: Facts, agreement: Agreement, opened: Event, wishes: Sequence[Wish], rest_days: int
) -> Life:
    """Open, try each wish (what is refused is left out), settle what is due, and close after ``rest_days``."""
    changes, events, on = [open_deposit(terms, facts, agreement, opened)], [opened], opened.on
    for wish in wishes:
        on += timedelta(days=wish.after_days)
        if wish.do == "draw_notified":
            on = next((each.for_on for each in changes[-1].deposit.notices if each.for_on >= on), on)
        changes += settle_until(terms, facts, changes[-1].deposit, on)
        event = event_of(wish, changes[-1].deposit, on)
        try:
            changes.append(rule(terms, facts, changes[-1].deposit, event))
        except Refusal:
            continue
        events.append(event)
    on += timedelta(days=rest_days)
    if changes[-1].deposit.closed_on is None:
        changes += settle_until(terms, facts, changes[-1].deposit, on)
    if changes[-1].deposit.closed_on is None:
        changes.append(rule(terms, facts, changes[-1].deposit, Event(on, "close")))
    return Life(terms, facts, agreement, tuple(events), tuple(changes), on)


@st.composite
def lives(draw: st.DrawFn, methods: Sequence[str] = METHODS, moving: bool = True) -> Life:
    """A whole life of a deposit."""
    terms = draw(products(methods))
    facts = Facts(draw(boards()) if moving else BOC_ANY)
    amount = Money(draw(st.one_of(st.integers(1, 5_000), st.integers(1, 10**9))), terms.currency)
    amount = max(amount, terms.minimum)
    agreement = draw(st.sampled_from(AGREEMENTS[terms.method]))
    opened = Event(draw(DAYS), "deposit", amount)
    wishes = draw(st.lists(WISHES, max_size=14))
    return live(terms, facts, agreement, opened, wishes, draw(st.one_of(st.integers(0, 400), st.integers(0, 2_000))))


BOC_ANY = replace(BOC, currency=None)


def interest_minor(changes: Sequence[Change]) -> int:
    """Interest of all payments, minor units."""
    return sum(each.amount.minor for change in changes for each in change.interest)


def payment_count(changes: Sequence[Change]) -> int:
    """Number of payments, each rounded once."""
    return sum(len(change.interest) for change in changes)
