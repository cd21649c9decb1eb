"""Own a fund's day: what its assets earned, the manager's fee, the next index, and the one journal entry. Pure.

The exact income raises the index; the ledger follows in whole fen. Never a negative day: the manager gives up fee
rather than let a unit fall below what it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from farthing.kit.calendar import month_end
from farthing.kit.money import Money, total
from farthing.kit.rates import year_fraction
from farthing.ledger.model import JournalEntry
from farthing.products.fund import FundTerms
from farthing.savings.fund import entries
from farthing.savings.fund.commands import Figures
from farthing.savings.fund.model import Day, Fund, HeldAsset
from farthing.savings.fund.shares import round_down, round_up, whole_down, whole_up
from farthing.savings.fund.units import (
    Asset,
    accrued_on,
    first_index,
    income_per_ten_thousand,
    net_income,
    next_index,
    seven_day_compound,
    seven_day_simple,
)


@dataclass(frozen=True)
class DayShared:
    """A day of a fund that is shared out: the fund after it, its row, assets whose booked accrual moved, the entry."""

    fund: Fund
    day: Day
    assets: tuple[HeldAsset, ...]
    entry: JournalEntry | None


def first_day(terms: FundTerms, founded_on: date) -> Day:
    """The row before a fund's first day: the index it starts from."""
    before = founded_on - timedelta(days=1)
    nothing = Decimal(0)
    return Day(before, first_index(terms, before).value, nothing, nothing, nothing, nothing, Decimal("0.0000"), False)


def earns(held: HeldAsset, on: date) -> bool:
    """Whether an asset is there on a day; the day it ends is not one of its days."""
    return held.retired_on is None or on < held.retired_on


def gross_of(assets: Sequence[HeldAsset], on: date) -> Fraction:
    """What all assets bring on a day, exactly: accrual, and gains of those that ended on it."""
    accrual = sum((accrued_on(held.asset, on) for held in assets if earns(held, on)), Fraction(0))
    return accrual + sum((Fraction(held.gain.decimal()) for held in assets if held.retired_on == on), Fraction(0))


def income_of(terms: FundTerms, assets: Sequence[HeldAsset], units: Decimal, on: date) -> tuple[Fraction, Fraction]:
    """Gross and net income of a day, exactly; nothing is shared out while nobody holds a unit that earns."""
    gross = gross_of(assets, on)
    if units <= 0:
        return gross, Fraction(0)
    there: list[Asset] = [held.asset for held in assets if earns(held, on)]
    gains = gross - gross_of([held for held in assets if earns(held, on)], on)
    return gross, max(net_income(terms, there, units, on) + gains, Fraction(0))


def accrued_until(asset: Asset, on: date) -> Fraction:
    """What an asset has accrued since its first day, the day ``on`` included, exactly, in major units."""
    until = min(max(on + timedelta(days=1), asset.from_on), asset.to_on)
    part = year_fraction(asset.day_count, asset.from_on, until)
    return Fraction(asset.principal.decimal()) * Fraction(asset.annual_rate) * part


def shared_day(terms: FundTerms, units: Decimal, before: Day, gross: Fraction, net: Fraction) -> Day:
    """The row of the day after ``before``, on which ``units`` earned ``net``."""
    on = before.on + timedelta(days=1)
    index = next_index(terms, before.index, net, units, on)
    return Day(
        on=on,
        value=index.value,
        units=units,
        gross=round_down(gross),
        fee=round_down(gross - net),
        income=round_down(net),
        per_ten_thousand=income_per_ten_thousand(net, units),
        carried=terms.carry == "monthly" and on == month_end(on),
    )


def grown(terms: FundTerms, units: Decimal, waiting: Decimal, before: Day, day: Day) -> tuple[Decimal, Decimal]:
    """All holders' units and waiting income at the end of a day, rounded up at 24 decimals."""
    if terms.carry == "daily":
        return round_up(Fraction(units) * Fraction(day.value) / Fraction(before.value)), waiting
    waits = Fraction(waiting) + Fraction(units) * (Fraction(day.value) - Fraction(before.value))
    if day.carried:
        return round_up(Fraction(units) + waits), Decimal(0)
    return units, round_up(waits)


def share_out(at: entries.Paths, terms: FundTerms, fund: Fund, before: Day, assets: Sequence[HeldAsset]) -> DayShared:
    """Share out the income of the day after the fund's index; ``before`` is the row of that index."""
    gross, net = income_of(terms, assets, fund.units, before.on + timedelta(days=1))
    day = shared_day(terms, fund.units, before, gross, net)
    units, waiting = grown(terms, fund.units, fund.waiting, before, day)
    moved = tuple(
        replace(held, accrued=booked)
        for held in assets
        if earns(held, day.on)
        and (booked := whole_down(accrued_until(held.asset, day.on), fund.currency)) != held.accrued
    )
    old = {held.id: held.accrued for held in assets}
    accrued = total([held.accrued - old[held.id] for held in moved], fund.currency)
    shared = claims(units, waiting, fund.currency) - claims(fund.units, fund.waiting, fund.currency)
    after = replace(fund, index=day.index, units=units, waiting=waiting)
    return DayShared(after, day, moved, entries.income(at, accrued, shared, day.on))


def claims(units: Decimal, waiting: Decimal, currency: str) -> Money:
    """What all holders may claim, rounded up to a whole minor unit: what the pool and their accounts hold together."""
    return whole_up(Fraction(units) + Fraction(waiting), currency)


def figures(founded_on: date, days: Sequence[Day]) -> list[Figures]:
    """Published figures of consecutive days; the 7-day yields need a day and the six before it."""
    known = [day for day in days if day.on >= founded_on]
    found = []
    for place, day in enumerate(known):
        week = [each.per_ten_thousand for each in known[max(place - 6, 0) : place + 1]]
        whole = len(week) == 7
        found.append(
            Figures(
                day.on,
                day.per_ten_thousand,
                seven_day_simple(week) if whole else None,
                seven_day_compound(week) if whole else None,
            )
        )
    return found
