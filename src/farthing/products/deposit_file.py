"""Own decoding of savings products: a TOML or JSON table to frozen ``Terms``, strictly, once.

Never fills in a rate: rates stand on the board. Defaults are the published Chinese retail rules.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from farthing.kit.errors import malformed
from farthing.kit.money import positive
from farthing.kit.rates import DAY_COUNTS, ROUNDINGS, UNKNOWN_DAY_COUNT
from farthing.kit.tables import REQUIRED, Table, shown
from farthing.kit.words import Words
from farthing.products import reading
from farthing.products.deposit import (
    BREACHES,
    EARLY_WAYS,
    Basis,
    DemandTerms,
    EitherTerms,
    InstalmentTerms,
    LumpTerms,
    NoticeTerms,
    RollingTerms,
    StagedTerms,
    Terms,
)
from farthing.products.rates import Term, parse_term

UNKNOWN_METHOD = malformed(
    "savings.unknown_method",
    "{method} is not a savings method; use one of {known}.",
    "{method} 不是储蓄产品类型；可用：{known}。",
)
TERM_KIND = malformed(
    "savings.term_kind",
    "{where}.{field} must be in {unit}; {term} is not.",
    "{where}.{field} 应以 {unit} 表示；{term} 不符。",
)
DEMAND_DAY_COUNT = malformed(
    "savings.demand_day_count",
    "Demand balances earn by the day; day count {day_count} with {period} cannot be accumulated.",
    "活期按日累计积数，不能使用计息基础 {day_count}（{period}）。",
)

PERIODS = ("actual_days", "full_months")
RENEWALS = ("none", "principal", "principal_and_interest")
HOLIDAY_MATURITIES = ("full", "less_days", "none")
VALUE_DATES = ("any", "business_days")


def basis(table: Table, key: str, default: Basis) -> Basis:
    """``{day_count, period}``; what is left out keeps the default."""
    if not table.has(key):
        return default
    source = table.table(key)
    day_count = source.take("day_count", default.day_count)
    if not isinstance(day_count, str) or day_count not in DAY_COUNTS:
        raise UNKNOWN_DAY_COUNT(name=shown(day_count), known=", ".join(DAY_COUNTS))
    found = Basis(day_count, source.choice("period", PERIODS, default.period))
    source.close()
    return found


def common(table: Table, default_period: str) -> dict[str, Any]:
    """The fields every product has."""
    currency = reading.currency(table, "CNY")
    return {
        "earning_unit": table.maybe("earning_unit", lambda key: positive(table.money(key, currency))),
        "product": table.file,
        "method": table.text("method"),
        "version": table.whole("version", 1, default=1),
        "name": reading.names(table, "name", table.file),
        "currency": currency,
        "minimum": table.money("minimum", currency),
        "basis": basis(table, "interest", Basis("actual/360", default_period)),
        "demand_basis": basis(table, "demand_interest", Basis()),
        "rounding": table.choice("rounding", ROUNDINGS, "half_up"),
        "insured": table.flag("insured", True),
        "value_dates": table.choice("value_dates", VALUE_DATES, "business_days"),
        "roles": reading.roles(table),
    }


def part_of_one(table: Table, key: str, default: str) -> Decimal:
    """An exact number above 0, at most 1."""
    number = table.decimal(key, default=default)
    if not Decimal(0) < number <= 1:
        raise table.unfit(key, str(number), "above 0, at most 1", "大于 0、不超过 1 的数")
    return number


def in_months(table: Table, key: str, default: Any = REQUIRED) -> Term:
    """A term in whole months."""
    term = parse_term(table.take(key, default))
    if not term.months:
        raise TERM_KIND(where=table.file, field=key, unit=Words("months or years", "月或年"), term=str(term))
    return term


def in_days(table: Table, key: str, default: Any = REQUIRED) -> Term:
    """A term in days."""
    term = parse_term(table.take(key, default))
    if not term.days:
        raise TERM_KIND(where=table.file, field=key, unit="days", term=str(term))
    return term


def months_list(table: Table, key: str) -> tuple[Term, ...]:
    """A required list of terms in months."""
    return table.many(key, lambda one: in_months(one, key))


def demand(table: Table) -> Terms:
    """Demand savings."""
    fields = common(table, "actual_days")
    used: Basis = fields["demand_basis"]
    if used.period != "actual_days" or used.day_count == "months/12":
        raise DEMAND_DAY_COUNT(day_count=used.day_count, period=used.period)
    settle = table.table("settlement", {})
    months = settle.many("months", lambda one: one.whole("months", 1, 12), [3, 6, 9, 12])
    terms = DemandTerms(
        **fields,
        settle_months=tuple(sorted(set(months))),
        settle_day=settle.whole("day", 1, 31, 20),
        settle_includes_day=settle.flag("includes_day", True),
    )
    settle.close()
    return terms


def lump_sum(table: Table) -> Terms:
    """Lump-sum term deposit."""
    return LumpTerms(
        **common(table, "full_months"),
        terms=months_list(table, "terms"),
        early=table.choice("early", EARLY_WAYS, "demand"),
        part_withdrawals=table.maybe("part_withdrawals", table.whole),
        renewals=table.many("renewals", lambda one: one.choice("renewals", RENEWALS), list(RENEWALS)),
        holiday_maturity=table.choice("holiday_maturity", HOLIDAY_MATURITIES, "full"),
    )


def instalment(table: Table) -> Terms:
    """Instalment saving."""
    return InstalmentTerms(
        **common(table, "full_months"),
        terms=months_list(table, "terms"),
        misses_before_stop=table.maybe("misses_before_stop", lambda key: table.whole(key, 1)),
        make_ups=None if table.take("make_ups", 1) == "any" else table.whole("make_ups", default=1),
        breach=table.choice("breach", BREACHES, "unmade"),
    )


def staged(table: Table) -> Terms:
    """Lump in, instalments out; and principal kept, interest drawn."""
    return StagedTerms(
        **common(table, "full_months"), terms=months_list(table, "terms"), every=months_list(table, "every")
    )


def time_or_demand(table: Table) -> Terms:
    """Time-or-demand."""
    return EitherTerms(
        **common(table, "full_months"),
        discount=part_of_one(table, "discount", "0.6"),
        cap=in_months(table, "cap", "1y"),
    )


def notice(table: Table) -> Terms:
    """Notice deposit."""
    fields = common(table, "actual_days")
    return NoticeTerms(
        **fields,
        notices=table.many("notices", lambda one: in_days(one, "notices"), ["1d", "7d"]),
        minimum_draw=table.money("minimum_draw", fields["currency"], table.values["minimum"]),
    )


def rolling(table: Table) -> Terms:
    """Smart rolling."""
    return RollingTerms(
        **common(table, "actual_days"), cycle=in_days(table, "cycle", "7d"), carry=table.flag("carry", False)
    )


DECODERS: dict[str, Callable[[Table], Terms]] = {
    "demand": demand,
    "lump_sum": lump_sum,
    "instalment": instalment,
    "staged": staged,
    "interest_drawn": staged,
    "time_or_demand": time_or_demand,
    "notice": notice,
    "rolling": rolling,
}


def decode_terms(product: str, value: object, *, standing: bool = False) -> Terms:
    """Decode one deposit product; refuses unknown and missing fields and values out of range, each by its code."""
    table = reading.savings(product, value, standing=standing)
    table.choice("kind", ("deposit",), "deposit")
    method = table.take("method")
    if not isinstance(method, str) or method not in DECODERS:
        raise UNKNOWN_METHOD(method=shown(method), known=", ".join(DECODERS))
    terms = DECODERS[method](table)
    table.close()
    return terms
