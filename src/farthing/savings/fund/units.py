"""Own the arithmetic of the pooled money-market fund: units of 1.00, an index per day, a holder's exact share.

A day's net income raises one cumulative index; a holder's value is units and index, so a day costs the same with ten
holders as with ten million. Never rounds a holder's daily income to a fen: one yuan would earn nothing for ever.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

from farthing.kit.errors import InvariantBroken, declined
from farthing.kit.money import Money, exponent, positive
from farthing.kit.rates import year_fraction
from farthing.products.fund import FundTerms

FUND_OVER_HOLDING = declined(
    "savings.fund_over_holding",
    "{amount} is more than the {available} you hold; redeem at most that.",
    "赎回 {amount} 超过可赎回金额 {available}；请减少金额。",
)
FUND_HOLDING_CAP = declined(
    "savings.fund_holding_cap",
    "With {amount} more you would hold above the fund's cap of {cap} a person; buy less.",
    "再买入 {amount} 将超过每人持有上限 {cap}；请减少金额。",
)

_EXACT = Context(prec=80, rounding=ROUND_DOWN)


@dataclass(frozen=True)
class Asset:
    """Something the fund holds: a deposit or a bill that accrues simple interest by its own day count."""

    name: str
    principal: Money
    annual_rate: Decimal
    day_count: str
    from_on: date
    to_on: date


@dataclass(frozen=True)
class Index:
    """The fund's cumulative index at the end of a day, 24 decimals.

    ``daily`` carry: what one unit of the first day is worth; ``monthly`` carry: income of one unit since the first day.
    """

    on: date
    value: Decimal


@dataclass(frozen=True)
class Holding:
    """A holder's units and unpaid income (12 decimals, major units) as of an index value."""

    units: Decimal
    unpaid: Decimal
    index: Decimal


def accrued_on(asset: Asset, on: date) -> Fraction:
    """What an asset earns on one day, exactly, in major units; its last day (``to_on``) earns nothing."""
    if not asset.from_on <= on < asset.to_on:
        return Fraction(0)
    until = year_fraction(asset.day_count, asset.from_on, on + timedelta(days=1))
    span = until - year_fraction(asset.day_count, asset.from_on, on)
    return Fraction(asset.principal.decimal()) * Fraction(asset.annual_rate) * span


def net_income(terms: FundTerms, assets: Sequence[Asset], units: Decimal, on: date) -> Fraction:
    """A day's income of all assets less the manager's fee on the units, exactly, in major units."""
    gross = sum((accrued_on(asset, on) for asset in assets), Fraction(0))
    return gross - Fraction(units) * Fraction(terms.fee_annual) / 365


def income_per_ten_thousand(income: Fraction, units: Decimal) -> Decimal:
    """The published figure: a day's net income / units x 10,000, four decimals, half up (CSRC disclosure rules)."""
    if units <= 0:
        return Decimal("0.0000")
    return _rounded(income / Fraction(units) * 10_000, 4)


def seven_day_simple(per_ten_thousand: Sequence[Decimal]) -> Decimal:
    """7-day annualised yield of a fund with monthly carry: sum / 7 x 365 / 10,000; a part, five decimals (3 of a %)."""
    _seven(per_ten_thousand)
    return _rounded(Fraction(sum(per_ten_thousand, Decimal(0))) / 7 * 365 / 10_000, 5)


def seven_day_compound(per_ten_thousand: Sequence[Decimal]) -> Decimal:
    """7-day annualised yield of a fund with daily carry: prod(1 + R/10,000)^(365/7) - 1; a part, five decimals."""
    _seven(per_ten_thousand)
    context = Context(prec=60)
    product = Decimal(1)
    for each in per_ten_thousand:
        product = context.multiply(product, 1 + each.scaleb(-4))
    grown = context.power(product, context.divide(Decimal(365), Decimal(7)))
    return (grown - 1).quantize(Decimal("1e-5"), rounding=ROUND_HALF_UP)


def _seven(figures: Sequence[Decimal]) -> None:
    if len(figures) != 7:
        raise InvariantBroken(f"a 7-day yield needs seven calendar days, not {len(figures)}")


def _rounded(value: Fraction, places: int) -> Decimal:
    """Half up, away from zero, exactly."""
    scaled = abs(value) * 10**places + Fraction(1, 2)
    whole = Decimal(scaled.numerator // scaled.denominator).scaleb(-places)
    return -whole if value < 0 else whole


def first_index(terms: FundTerms, on: date) -> Index:
    """The index of a fund's first day."""
    return Index(on, Decimal(1) if terms.carry == "daily" else Decimal(0))


def next_index(terms: FundTerms, index: Index, income: Fraction, units: Decimal, on: date) -> Index:
    """The index after a day's income on the units of that day; rounded down, so that shares never exceed the income."""
    if units <= 0:
        return Index(on, index.value)
    per_unit = income / Fraction(units)
    value = Fraction(index.value) * (1 + per_unit) if terms.carry == "daily" else Fraction(index.value) + per_unit
    return Index(on, _down(value, 24))


def _down(value: Fraction, places: int) -> Decimal:
    return Decimal(value.numerator * 10**places // value.denominator).scaleb(-places, _EXACT)


def empty_holding(index: Index) -> Holding:
    """Nothing held yet."""
    return Holding(Decimal(0), Decimal(0), index.value)


def brought_forward(terms: FundTerms, holding: Holding, index: Index) -> Holding:
    """The holding at an index: its exact share of every day's income between, to 12 decimals, rounded down."""
    if terms.carry == "daily":
        units = Fraction(holding.units) * Fraction(index.value) / Fraction(holding.index)
        return Holding(_down(units, 12), Decimal(0), index.value)
    grown = Fraction(holding.unpaid) + Fraction(holding.units) * (Fraction(index.value) - Fraction(holding.index))
    return Holding(holding.units, _down(grown, 12), index.value)


def value(terms: FundTerms, holding: Holding, index: Index) -> Decimal:
    """Units and unpaid income at an index, in major units, 12 decimals."""
    now = brought_forward(terms, holding, index)
    return now.units + now.unpaid


def redeemable(terms: FundTerms, holding: Holding, index: Index) -> Money:
    """What can be paid out: whole minor units of the value (parts of a fen stay and go on earning)."""
    scale = Decimal(10) ** exponent(terms.currency)
    minor = (value(terms, holding, index) * scale).to_integral_value(rounding=ROUND_DOWN)
    return Money(int(minor), terms.currency)


def subscribe(terms: FundTerms, holding: Holding, index: Index, amount: Money) -> Holding:
    """Add confirmed units, one a yuan. Refuses ``money.not_positive`` and ``savings.fund_holding_cap``."""
    positive(amount)
    now = brought_forward(terms, holding, index)
    held = now.units + now.unpaid + amount.decimal()
    if terms.holding_max is not None and held > terms.holding_max.decimal():
        raise FUND_HOLDING_CAP(amount=str(amount), cap=str(terms.holding_max))
    return replace(now, units=now.units + amount.decimal())
