"""Own a holder's exact share: bringing a holding forward, crediting whole fen, adding and taking units. Pure.

A holding is advanced only when it is touched, so a day costs the same with ten holders as with ten million. Never
rounds up a holder (12 decimals, down) nor down the fund's total (24 decimals, up): the claims of all holders
together never exceed what was shared out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_DOWN, Context, Decimal
from fractions import Fraction

from farthing.kit.money import Money, exponent
from farthing.products.fund import FundTerms
from farthing.savings.fund.model import Day, Fund, Holder, holder_id
from farthing.savings.fund.units import Holding, brought_forward

EXACT = Context(prec=80)
FUND_PLACES = 24


def fund_day(fund: Fund, business_date: date) -> date:
    """The day that a change of the fund belongs to: the business date, or the next once its income is shared out."""
    return max(business_date, fund.index.on + timedelta(days=1))


def round_up(value: Fraction, places: int = FUND_PLACES) -> Decimal:
    """The smallest decimal of so many places that is not below ``value``."""
    return Decimal(-(-value.numerator * 10**places // value.denominator)).scaleb(-places, EXACT)


def round_down(value: Fraction, places: int = FUND_PLACES) -> Decimal:
    """The largest decimal of so many places that is not above ``value``."""
    return Decimal(value.numerator * 10**places // value.denominator).scaleb(-places, EXACT)


def whole_up(value: Fraction, currency: str) -> Money:
    """The smallest amount that is not below an exact one in major units."""
    return Money(int(round_up(value * 10 ** exponent(currency), 0)), currency)


def whole_down(value: Fraction, currency: str) -> Money:
    """The largest amount that is not above an exact one in major units."""
    return Money(int(round_down(value * 10 ** exponent(currency), 0)), currency)


def plus(one: Decimal, other: Decimal) -> Decimal:
    """An exact sum; the ordinary one keeps 28 digits."""
    return EXACT.add(one, other)


def less(one: Decimal, other: Decimal) -> Decimal:
    """An exact difference."""
    return EXACT.subtract(one, other)


def worth(holding: Holding) -> Decimal:
    """Units and waiting income of a holding as it stands, in major units."""
    return plus(holding.units, holding.unpaid)


def new_holder(fund: Fund, party_id: str) -> Holder:
    """A holder that has nothing yet, as of the fund's index."""
    nothing = Money.zero(fund.currency)
    return Holder(
        id=holder_id(fund.id, party_id), fund=fund.id, party_id=party_id,
        holding=Holding(Decimal(0), Decimal(0), fund.index.value), index_on=fund.index.on,
        buying=nothing, confirmed=nothing, redeeming=nothing, booked=nothing, paid_in=nothing, paid_out=nothing,
        income_on=fund.index.on, income_last=Decimal(0), instant_on=None, instant=nothing, version=0,
    )  # fmt: skip


def walked(terms: FundTerms, holding: Holding, held_on: date, days: Sequence[Day], until: date) -> Holding:
    """A holding as of the end of ``until``; ``days`` hold that day and every day of carry after ``held_on``.

    On a day of carry (monthly) all waiting income becomes units, parts of a fen too.
    """
    for day in days:
        if held_on < day.on <= until and (day.carried or day.on == until):
            holding = brought_forward(terms, holding, day.index)
            if day.carried:
                holding = Holding(worth(holding), Decimal(0), holding.index)
    return holding


def advanced(terms: FundTerms, holder: Holder, days: Sequence[Day], until: date) -> Holder:
    """A holder as of the end of ``until``, and what that day brought; ``days`` hold the day before it as well."""
    if holder.index_on >= until:
        return holder
    before = until - timedelta(days=1)
    yesterday = walked(terms, holder.holding, holder.index_on, days, before)
    today = walked(terms, holder.holding, holder.index_on, days, until)
    return replace(
        holder, holding=today, index_on=until, income_on=until, income_last=less(worth(today), worth(yesterday))
    )


def uncredited(holder: Holder) -> Money:
    """Whole fen that the holder has earned and its own account does not show yet."""
    currency = holder.booked.currency
    return whole_down(Fraction(worth(holder.holding)), currency) + holder.confirmed - holder.booked


def available(holder: Holder) -> Money:
    """What can be ordered out now: whole fen of the value that earns, less what is ordered out already."""
    whole = Money.rounded(worth(holder.holding), holder.booked.currency, ROUND_DOWN)
    return whole - holder.redeeming


def added(holding: Holding, amount: Money) -> Holding:
    """Units that begin to earn, one a yuan."""
    return replace(holding, units=plus(holding.units, amount.decimal()))


def taken(holding: Holding, amount: Money) -> Holding:
    """Take an amount out: income that waits is paid first, for it earns nothing, then units.

    So the order of purchases and redemptions at one index makes no difference.
    """
    from_waiting = min(holding.unpaid, amount.decimal())
    from_units = less(amount.decimal(), from_waiting)
    return replace(holding, units=less(holding.units, from_units), unpaid=less(holding.unpaid, from_waiting))


def with_change(fund: Fund, before: Holding, after: Holding) -> Fund:
    """The fund's totals after one holder's holding changed at the fund's index."""
    units = plus(fund.units, less(after.units, before.units))
    waiting = plus(fund.waiting, less(after.unpaid, before.unpaid))
    return replace(fund, units=units, waiting=waiting)
