"""Derive a fund again from its orders, assets and index rows, and name what disagrees. Pure.

Nothing that the close of a day wrote is believed but what an order says of itself; holdings, totals, index and the
balances of the fund's accounts must all follow from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from farthing.kit.findings import Finding
from farthing.kit.money import Money, total
from farthing.products.fund import FundTerms
from farthing.savings.fund.entries import Paths
from farthing.savings.fund.income import accrued_until, claims, grown, income_of, shared_day
from farthing.savings.fund.model import (
    CANCELLED,
    CONFIRMED,
    PAYABLE,
    PLACED,
    SUBSCRIBE,
    Day,
    Fund,
    HeldAsset,
    Holder,
    Order,
)
from farthing.savings.fund.shares import added, less, plus, taken, walked, whole_down, worth
from farthing.savings.fund.units import Holding


@dataclass(frozen=True)
class Sums:
    """What all holders of a fund come to: booked fen, money on its way, and their exact claims at the fund's index."""

    booked: Money
    buying: Money
    confirmed: Money
    payable: Money
    worth: Decimal

    def __add__(self, other: Sums) -> Sums:
        return Sums(
            self.booked + other.booked, self.buying + other.buying, self.confirmed + other.confirmed,
            self.payable + other.payable, plus(self.worth, other.worth),
        )  # fmt: skip


def no_sums(currency: str) -> Sums:
    """Nobody holds anything."""
    nothing = Money.zero(currency)
    return Sums(nothing, nothing, nothing, nothing, Decimal(0))


def differing(what: str, subject: str, pairs: Iterable[tuple[str, object, object]]) -> list[Finding]:
    """A problem for each (name, kept, derived) that is not the same twice."""
    return [
        Finding(what, subject, f"{name} is {kept} and is derived as {derived}")
        for name, kept, derived in pairs
        if kept != derived
    ]


def check_days(
    terms: FundTerms,
    fund: Fund,
    days: Sequence[Day],
    assets: Sequence[HeldAsset],
    applied: Mapping[date, tuple[Decimal, Decimal]],
) -> list[Finding]:
    """Derive the index, day by day, and the fund's totals. ``applied``: what orders changed at each day's index."""
    first = fund.founded_on - timedelta(days=1)
    if not days or days[0].on != first:
        return [Finding("fund_index", fund.id, f"has no row of {first}, from which everything follows")]
    problems: list[Finding] = []
    units = waiting = Decimal(0)
    for before, day in pairwise(days):
        subject = f"{fund.id} {day.on}"
        if day.on != before.on + timedelta(days=1):
            problems.append(Finding("fund_index", subject, f"follows {before.on}: a day is missing"))
        units, waiting = _with(units, waiting, applied.get(before.on))
        gross, net = income_of(terms, assets, units, day.on)
        derived = shared_day(terms, units, before, gross, net)
        names = ("value", "units", "gross", "fee", "income", "per_ten_thousand", "carried")
        problems += differing(
            "fund_index", subject, [(name, getattr(day, name), getattr(derived, name)) for name in names]
        )
        units, waiting = grown(terms, units, waiting, before, day)
    last = days[-1]
    units, waiting = _with(units, waiting, applied.get(last.on))
    kept = [("index", fund.index, last.index), ("units", fund.units, units), ("waiting", fund.waiting, waiting)]
    return problems + differing("fund", fund.id, kept)


def _with(units: Decimal, waiting: Decimal, change: tuple[Decimal, Decimal] | None) -> tuple[Decimal, Decimal]:
    return (plus(units, change[0]), plus(waiting, change[1])) if change else (units, waiting)


@dataclass(frozen=True)
class Rows:
    """A fund's index rows: by day, and those at whose end waiting income became units."""

    first: Day
    by_day: Mapping[date, Day]
    carried: Sequence[Day]

    def to(self, terms: FundTerms, holding: Holding, held_on: date, until: date) -> Holding:
        """A holding at the index of a day, from that of an earlier one; as it was where that day's row is missing."""
        if until <= held_on or until not in self.by_day:
            return holding
        marks = [day for day in self.carried if held_on < day.on < until]
        return walked(terms, holding, held_on, [*marks, self.by_day[until]], until)


def rows_of(days: Sequence[Day]) -> Rows:
    """The rows of a fund, its first one before its first day."""
    return Rows(days[0], {day.on: day for day in days}, [day for day in days if day.carried])


@dataclass(frozen=True)
class Replayed:
    """A holding from its orders alone as of the day at which the last one was applied, and what that day brought."""

    holding: Holding
    held_on: date
    income_last: Decimal
    problems: list[Finding]


def replayed(terms: FundTerms, rows: Rows, orders: Sequence[Order]) -> Replayed:
    """Apply a holder's orders in the order of their days."""
    holding, held_on = Holding(Decimal(0), Decimal(0), rows.first.value), rows.first.on
    income = Decimal(0)
    problems: list[Finding] = []
    by_day: dict[date, list[Order]] = {}
    for order in orders:
        if order.applied_on is not None:
            by_day.setdefault(order.applied_on, []).append(order)
    for on in sorted(by_day):
        before = rows.to(terms, holding, held_on, on)
        income = less(worth(before), worth(rows.to(terms, holding, held_on, on - timedelta(days=1))))
        holding, held_on = before, on
        for order in by_day[on]:
            holding = added(holding, order.amount) if order.kind == SUBSCRIBE else taken(holding, order.amount)
        said = (total_of(each.units for each in by_day[on]), total_of(each.waiting for each in by_day[on]))
        derived = (less(holding.units, before.units), less(holding.unpaid, before.unpaid))
        problems += differing("fund_order", by_day[on][0].id, [("change of units and waiting", said, derived)])
    return Replayed(holding, held_on, income, problems)


def check_holder(
    terms: FundTerms, fund: Fund, rows: Rows, holder: Holder, orders: Sequence[Order], account: Money
) -> tuple[list[Finding], Sums]:
    """Derive one holding from its orders, the money on its way, and its own account; answers what it comes to."""
    again = replayed(terms, rows, orders)
    holding, held_on = again.holding, again.held_on
    moved = [order for order in orders if order.state != CANCELLED]

    def sums(wanted: Iterable[Order]) -> Money:
        return total([order.amount for order in wanted], fund.currency)

    buying = sums(each for each in moved if each.kind == SUBSCRIBE and each.state == PLACED)
    confirmed = sums(each for each in moved if each.kind == SUBSCRIBE and each.state == CONFIRMED)
    redeeming = sums(each for each in moved if each.kind != SUBSCRIBE and each.state in (PLACED, CONFIRMED))
    payable = sums(each for each in moved if each.state == PAYABLE)
    booked = whole_down(Fraction(worth(holding)), fund.currency) + confirmed
    touched = held_on != rows.first.on
    kept = (holder.index_on, holder.holding.index, holder.income_on, holder.income_last)
    as_of = (held_on, holding.index, held_on, again.income_last) if touched else kept
    paid_in = sums(each for each in moved if each.kind == SUBSCRIBE and each.state != PLACED)
    paid_out = sums(each for each in moved if each.kind != SUBSCRIBE and each.applied_on)
    problems = again.problems + differing(
        "fund_holding",
        holder.id,
        [
            ("units", holder.holding.units, holding.units),
            ("unpaid", holder.holding.unpaid, holding.unpaid),
            ("as of and income of that day", kept, as_of),
            ("buying", holder.buying, buying),
            ("confirmed", holder.confirmed, confirmed),
            ("redeeming", holder.redeeming, redeeming),
            ("paid in", holder.paid_in, paid_in),
            ("paid out", holder.paid_out, paid_out),
            ("booked", holder.booked, booked),
            ("account", account, booked),
        ],
    )
    now = rows.to(terms, holding, held_on, fund.index.on)
    return problems, Sums(booked, buying, confirmed, payable, worth(now))


def total_of(values: Iterable[Decimal]) -> Decimal:
    """An exact sum."""
    result = Decimal(0)
    for value in values:
        result = plus(result, value)
    return result


def check_books(
    at: Paths, fund: Fund, sums: Sums, assets: Sequence[HeldAsset], balances: Mapping[str, Money]
) -> list[Finding]:
    """Compare the fund's accounts with what holders, orders and assets come to, and claims with what covers them."""
    zero = Money.zero(fund.currency)

    def said(path: str) -> Money:
        return balances.get(path, zero)

    live = [held for held in assets if held.retired_on is None]
    exact = total([whole_down(accrued_until(held.asset, fund.index.on), fund.currency) for held in live], fund.currency)
    kept = total([held.accrued for held in live], fund.currency)
    covered = claims(fund.units, fund.waiting, fund.currency) + sums.confirmed
    problems = differing(
        "fund.account",
        fund.id,
        [
            ("orders", said(at.orders), sums.buying),
            ("redemptions", said(at.redemptions), sums.payable),
            ("line", said(at.line), said(at.advances)),
            ("accrued", said(at.accrued), exact),
            ("accrued of assets", kept, exact),
            ("pool and holders", said(at.pool) + sums.booked, covered),
            *((f"asset {held.id}", said(at.held(held.id)), zero if held.retired_on else held.asset.principal)
              for held in assets),
        ],
    )  # fmt: skip
    owned = total([amount for path, amount in balances.items() if path.startswith(f"{at.owned}:")], fund.currency)
    owed = total([amount for path, amount in balances.items() if path.startswith(f"{at.owed}:")], fund.currency)
    problems += differing("fund.cover", fund.id, [("what it owns", owned, owed)])
    if said(at.cash) < said(at.orders):
        problem = f"cash is {said(at.cash)} and orders that may be cancelled are {said(at.orders)}"
        problems.append(Finding("fund.cover", fund.id, problem))
    if Fraction(sums.worth) > Fraction(fund.units) + Fraction(fund.waiting):
        problem = f"holders claim {sums.worth} and {plus(fund.units, fund.waiting)} was shared out"
        problems.append(Finding("fund.claims", fund.id, problem))
    return problems
