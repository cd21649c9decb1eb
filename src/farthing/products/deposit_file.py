"""Own decoding of savings products: a TOML or JSON table to frozen ``Terms``, strictly, once.

Never fills in a rate: rates stand on the board. Defaults are the published Chinese retail rules.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from farthing.kit.errors import malformed
from farthing.kit.money import positive
from farthing.kit.rates import DAY_COUNTS, ROUNDINGS, UNKNOWN_DAY_COUNT
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
COMMON = (
    "kind", "method", "version", "name", "currency", "minimum", "interest", "demand_interest", "rounding",
    "insured", "value_dates", "roles", "earning_unit",
)  # fmt: skip

Table = Mapping[str, Any]


def basis(value: object, where: str, default: Basis) -> Basis:
    """``{day_count, period}``; what is left out keeps the default."""
    if value is None:
        return default
    source = reading.table(value, where)
    reading.known_only(source, ("day_count", "period"), where)
    day_count = source.get("day_count", default.day_count)
    if not isinstance(day_count, str) or day_count not in DAY_COUNTS:
        raise UNKNOWN_DAY_COUNT(name=reading.shown(day_count), known=", ".join(DAY_COUNTS))
    period = reading.one_of(source.get("period", default.period), PERIODS, where, "period")
    return Basis(day_count, period)


def common(product: str, source: Table, default_period: str) -> dict[str, Any]:
    """The fields every product has."""
    currency = reading.currency(source.get("currency", "CNY"), product)
    roles = reading.table(source.get("roles", {}), f"{product}.roles")
    unit = source.get("earning_unit")
    return {
        "earning_unit": None if unit is None else positive(reading.money(unit, currency, product, "earning_unit")),
        "product": product,
        "method": source["method"],
        "version": reading.whole(source.get("version", 1), product, "version", least=1),
        "name": reading.names(source.get("name", product), product),
        "currency": currency,
        "minimum": reading.money(reading.required(source, "minimum", product), currency, product, "minimum"),
        "basis": basis(source.get("interest"), f"{product}.interest", Basis("actual/360", default_period)),
        "demand_basis": basis(source.get("demand_interest"), f"{product}.demand_interest", Basis()),
        "rounding": reading.one_of(source.get("rounding", "half_up"), list(ROUNDINGS), product, "rounding"),
        "insured": reading.flag(source.get("insured", True), product, "insured"),
        "value_dates": reading.one_of(source.get("value_dates", "business_days"), VALUE_DATES, product, "value_dates"),
        "roles": tuple(sorted((name, reading.text(path, f"{product}.roles", name)) for name, path in roles.items())),
    }


def part_of_one(value: object, where: str, field: str) -> Decimal:
    """An exact number above 0, at most 1."""
    number = reading.decimal(value, where, field)
    if not Decimal(0) < number <= 1:
        raise reading.bad(where, field, str(number), "above 0, at most 1", "大于 0、不超过 1 的数")
    return number


def in_months(value: object, where: str, field: str) -> Term:
    """A term in whole months."""
    term = parse_term(value)
    if not term.months:
        raise TERM_KIND(where=where, field=field, unit="months or years", term=str(term))
    return term


def in_days(value: object, where: str, field: str) -> Term:
    """A term in days."""
    term = parse_term(value)
    if not term.days:
        raise TERM_KIND(where=where, field=field, unit="days", term=str(term))
    return term


def months_list(product: str, source: Table, field: str) -> tuple[Term, ...]:
    """A required list of terms in months."""
    value = reading.required(source, field, product)
    return reading.many(value, lambda item: in_months(item, product, field), product, field)


def demand(product: str, source: Table) -> Terms:
    """Demand savings."""
    settle = reading.table(source.get("settlement", {}), f"{product}.settlement")
    where = f"{product}.settlement"
    reading.known_only(settle, ("months", "day", "includes_day"), where)
    fields = common(product, source, "actual_days")
    used: Basis = fields["demand_basis"]
    if used.period != "actual_days" or used.day_count == "months/12":
        raise DEMAND_DAY_COUNT(day_count=used.day_count, period=used.period)
    months = reading.many(
        settle.get("months", [3, 6, 9, 12]),
        lambda item: reading.whole(item, where, "months", least=1, most=12),
        where,
        "months",
    )
    return DemandTerms(
        **fields,
        settle_months=tuple(sorted(set(months))),
        settle_day=reading.whole(settle.get("day", 20), where, "day", least=1, most=31),
        settle_includes_day=reading.flag(settle.get("includes_day", True), where, "includes_day"),
    )


def lump_sum(product: str, source: Table) -> Terms:
    """Lump-sum term deposit."""
    parts = source.get("part_withdrawals")
    return LumpTerms(
        **common(product, source, "full_months"),
        terms=months_list(product, source, "terms"),
        early=reading.one_of(source.get("early", "demand"), EARLY_WAYS, product, "early"),
        part_withdrawals=None if parts is None else reading.whole(parts, product, "part_withdrawals"),
        renewals=reading.many(
            source.get("renewals", list(RENEWALS)),
            lambda item: reading.one_of(item, RENEWALS, product, "renewals"),
            product,
            "renewals",
        ),
        holiday_maturity=reading.one_of(
            source.get("holiday_maturity", "full"), HOLIDAY_MATURITIES, product, "holiday_maturity"
        ),
    )


def instalment(product: str, source: Table) -> Terms:
    """Instalment saving."""
    misses, make_ups = source.get("misses_before_stop"), source.get("make_ups", 1)
    return InstalmentTerms(
        **common(product, source, "full_months"),
        terms=months_list(product, source, "terms"),
        misses_before_stop=None if misses is None else reading.whole(misses, product, "misses_before_stop", least=1),
        make_ups=None if make_ups == "any" else reading.whole(make_ups, product, "make_ups"),
        breach=reading.one_of(source.get("breach", "unmade"), BREACHES, product, "breach"),
    )


def staged(product: str, source: Table) -> Terms:
    """Lump in, instalments out; and principal kept, interest drawn."""
    return StagedTerms(
        **common(product, source, "full_months"),
        terms=months_list(product, source, "terms"),
        every=months_list(product, source, "every"),
    )


def time_or_demand(product: str, source: Table) -> Terms:
    """Time-or-demand."""
    return EitherTerms(
        **common(product, source, "full_months"),
        discount=part_of_one(source.get("discount", "0.6"), product, "discount"),
        cap=in_months(source.get("cap", "1y"), product, "cap"),
    )


def notice(product: str, source: Table) -> Terms:
    """Notice deposit."""
    fields = common(product, source, "actual_days")
    floor = source.get("minimum_draw", source["minimum"])
    return NoticeTerms(
        **fields,
        notices=reading.many(
            source.get("notices", ["1d", "7d"]),
            lambda item: in_days(item, product, "notices"),
            product,
            "notices",
        ),
        minimum_draw=reading.money(floor, fields["currency"], product, "minimum_draw"),
    )


def rolling(product: str, source: Table) -> Terms:
    """Smart rolling."""
    return RollingTerms(
        **common(product, source, "actual_days"),
        cycle=in_days(source.get("cycle", "7d"), product, "cycle"),
        carry=reading.flag(source.get("carry", False), product, "carry"),
    )


DECODERS: dict[str, tuple[Callable[[str, Table], Terms], tuple[str, ...]]] = {
    "demand": (demand, ("settlement",)),
    "lump_sum": (lump_sum, ("terms", "early", "part_withdrawals", "renewals", "holiday_maturity")),
    "instalment": (instalment, ("terms", "misses_before_stop", "make_ups", "breach")),
    "staged": (staged, ("terms", "every")),
    "interest_drawn": (staged, ("terms", "every")),
    "time_or_demand": (time_or_demand, ("discount", "cap")),
    "notice": (notice, ("notices", "minimum_draw")),
    "rolling": (rolling, ("cycle", "carry")),
}
"""Method -> (decoder, the fields it knows beside ``COMMON``)."""


def decode_terms(product: str, value: object) -> Terms:
    """Decode one deposit product; refuses unknown and missing fields and values out of range, each by its code."""
    source = reading.table(value, product)
    if source.get("kind", "deposit") != "deposit":
        raise reading.bad(product, "kind", reading.shown(source["kind"]), '"deposit"', ' "deposit"')
    method = reading.required(source, "method", product)
    if not isinstance(method, str) or method not in DECODERS:
        raise UNKNOWN_METHOD(method=reading.shown(method), known=", ".join(DECODERS))
    decoder, own = DECODERS[method]
    reading.known_only(source, (*COMMON, *own), product)
    return decoder(product, source)
