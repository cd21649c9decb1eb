"""Refusals of the ground: amounts, rates and ids that cannot be read."""

from __future__ import annotations

from datetime import date

from farthing.kit.ids import parse_prefixed
from farthing.kit.money import MAX_MINOR, Money, positive
from farthing.kit.rates import year_fraction
from tests.errors.gallery import reproduces


@reproduces("money.unknown_currency")
def unknown_currency() -> None:
    Money.parse("1", "XYZ")


@reproduces("money.too_many_decimals")
def too_many_decimals() -> None:
    Money.parse("1.005", "CNY")


@reproduces("money.not_a_number")
def not_a_number() -> None:
    Money.parse("twelve", "CNY")


@reproduces("money.out_of_range")
def out_of_range() -> None:
    Money(MAX_MINOR, "CNY") + Money(1, "CNY")


@reproduces("money.currency_mismatch")
def currency_mismatch() -> None:
    Money(1, "CNY") + Money(1, "EUR")


@reproduces("money.not_positive")
def not_positive() -> None:
    positive(Money(0, "CNY"))


@reproduces("rates.unknown_day_count")
def unknown_day_count() -> None:
    year_fraction("actual/364", date(2026, 1, 1), date(2026, 2, 1))


@reproduces("ids.malformed")
def malformed_id() -> None:
    parse_prefixed("loan", "acc_01jd")
