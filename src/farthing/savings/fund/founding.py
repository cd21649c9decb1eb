"""Decide about funds as such: founding, holidays, what a range of days publishes. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from farthing.kit.money import Money
from farthing.kit.tables import parse
from farthing.products import reading
from farthing.products.fund import FundTerms
from farthing.products.fund_file import decode_fund
from farthing.products.policy import SavingsPolicy
from farthing.savings.fund import refusals
from farthing.savings.fund.commands import FoundFund, FundView, Published
from farthing.savings.fund.income import figures, first_day
from farthing.savings.fund.model import Day, Fund
from farthing.savings.fund.trading import Publication, TradingCalendar, publications
from farthing.savings.fund.units import Index

MOST_DAYS = 1000
"""How many days of figures one question may ask for."""
ONE_DAY = timedelta(days=1)


def decode_source(product: str, source: str) -> FundTerms:
    """The terms in a product file's text; refuses ``savings.not_toml`` and what decoding refuses."""
    return decode_fund(product, parse(product, source, reading.as_savings).values)


def new_fund(terms: FundTerms, command: FoundFund, version: str, on: date) -> Fund:
    """A fund that begins today: its index stands as of yesterday and nobody holds a unit."""
    nothing = Decimal(0)
    before = first_day(terms, on)
    return Fund(
        id=command.product, product_version=version, policy=command.policy, currency=terms.currency, founded_on=on,
        index=Index(before.on, before.value), units=nothing, waiting=nothing, instant_on=None,
        instant=Money.zero(terms.currency), version=0,
    )  # fmt: skip


def check_same(fund: Fund, version: str) -> None:
    """Refuse ``savings.fund_terms_pinned`` where a live fund is founded again on other terms."""
    if fund.product_version != version:
        raise refusals.FUND_TERMS_PINNED(fund=fund.id, pinned=fund.product_version[:12])


def fund_view(fund: Fund, terms: FundTerms, policy: SavingsPolicy) -> FundView:
    """A fund as people see it."""
    return FundView(
        id=fund.id, name=terms.name, currency=fund.currency, carry=terms.carry, cut_off=terms.cut_off,
        minimum=terms.minimum, holding_max=terms.holding_max, fee_annual=terms.fee_annual,
        product_version=fund.product_version, policy=fund.policy, founded_on=fund.founded_on, index_on=fund.index.on,
        units=fund.units, instant_person_max=policy.instant_redemption, instant_fund_max=terms.instant_fund_max,
        insured=terms.insured,
    )  # fmt: skip


def check_range(from_on: date, to_on: date) -> None:
    """Refuse ``savings.fund_bad_range`` for a range that is empty or too long, ``savings.bad_date`` for a far one."""
    reading.day(from_on)
    reading.day(to_on)
    if not 0 <= (to_on - from_on).days < MOST_DAYS:
        raise refusals.FUND_RANGE(from_on=from_on, to_on=to_on, most=MOST_DAYS)


def published(fund: Fund, calendar: TradingCalendar, days: Sequence[Day], from_on: date, to_on: date) -> Published:
    """Figures and publications of a range; ``days`` reach a month beyond it on either side, as far as they exist.

    A run of days without trade is published on its last day; one that is not over is not published yet.
    """
    known = [day for day in days if day.on >= fund.founded_on]
    daily = tuple(each for each in figures(fund.founded_on, known) if from_on <= each.on <= to_on)
    summed = publications(calendar, [(day.on, day.per_ten_thousand) for day in known])
    return Published(fund.id, daily, tuple(each for each in summed if _over(calendar, each, from_on, to_on)))


def _over(calendar: TradingCalendar, each: Publication, from_on: date, to_on: date) -> bool:
    over = calendar.trades(each.on) or calendar.trades(each.on + ONE_DAY)
    return over and from_on <= each.on <= to_on
