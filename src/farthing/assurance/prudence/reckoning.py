"""Own the closed table of measures: each a pure function of a book and the assumptions. ``None``: there is nothing to divide
by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from farthing.assurance.prudence import measures, rates
from farthing.assurance.prudence.model import Book
from farthing.assurance.prudence.rates import Flow, Shocks
from farthing.products.prudence import BAD

ALLOWANCE = "assets:loan-loss-allowance"
"""On the asset side and below nought: what is set aside stands there with its sign turned."""
MONTH = Decimal(1) / Decimal(12)
RUNG_YEARS = tuple(Decimal(days) / Decimal(365) for days in (4, 18, 60, 228, 730))
"""Middles of the rungs of dated deposits, in years: within 7, 30, 90, 365 days, and later."""


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What figures take for granted beside the books: parts by group, the curve and its shocks, what counts as liquid."""

    rate: Decimal
    shocks: Shocks
    runs_off: Mapping[str, Fraction]
    comes_in: Fraction
    undrawn: Fraction
    stable: Mapping[str, Fraction]
    needs_within_year: Fraction
    needs_beyond_year: Fraction
    needs_bad: Fraction
    liquid: tuple[str, ...]
    external: tuple[str, ...]
    special: tuple[Fraction, ...]
    weights: Mapping[str, Fraction]
    """Of the policy in force: how much a group of assets counts beside capital; one without counts in full."""


class NotKept(Exception):
    """The book of that day does not say how soon deposits may be asked for."""


Measure = Callable[[Book, Assumptions], Fraction | None]


def by_class(book: Book) -> list[int]:
    """Our part of loans by their five classes."""
    found = [0] * 5
    for pool in book.pools:
        found[pool.grade] += pool.own
    return found


def allowance(book: Book) -> int:
    """What is set aside for losses."""
    return -book.groups.get(ALLOWANCE, 0)


def flows(book: Book, taken: Assumptions) -> list[Flow]:
    """When rates of loans and deposits may change: principal of loans that are not bad as it falls due, dated deposits at
    their day,
    what is owed on demand at once."""
    dated = _dated(book)
    demand = book.sum_of("liabilities:wallets", "liabilities:savings") - sum(dated)
    found: list[Flow] = [(Decimal("0.0028"), -demand)]
    found += [(years, -minor) for years, minor in zip(RUNG_YEARS, dated, strict=True)]
    found.append((Decimal("0.0028"), book.sum_of(*taken.liquid)))
    for pool in book.pools:
        if pool.grade < BAD:
            found += [(MONTH * months, minor) for months, minor in pool.ahead]
    return found


def runs_off(book: Book, taken: Assumptions) -> Fraction:
    """What leaves within thirty days under stress: demand money by its part, dated deposits that may be asked for, some of
    what is
    agreed and not paid out."""
    dated = _dated(book)
    soon, later = sum(dated[:2]), sum(dated[2:])
    demand = dict(book.groups)
    demand["liabilities:savings"] = max(demand.get("liabilities:savings", 0) - soon - later, 0)
    return measures.weighed(demand, taken.runs_off) + soon + taken.undrawn * book.undrawn


def _dated(book: Book) -> tuple[int, ...]:
    if book.dated is None:
        raise NotKept
    return book.dated


def _within(book: Book, months: int) -> int:
    return sum(minor for pool in book.pools if pool.bucket == 0 for ahead, minor in pool.ahead if ahead <= months)


def _liquidity(book: Book, taken: Assumptions) -> Fraction | None:
    dated = _dated(book)
    owed = book.sum_of(
        "liabilities:wallets",
        "liabilities:escrow",
        "liabilities:savings",
        "liabilities:in-transit",
        "liabilities:suspense",
    )
    demand = max(owed - sum(dated), 0) + book.undrawn
    return measures.part(book.sum_of(*taken.liquid, "assets:placed") + _within(book, 1), demand + sum(dated[:2]))


def _nsfr(book: Book, taken: Assumptions) -> Fraction | None:
    performing = [pool for pool in book.pools if pool.grade < BAD]
    within = sum(minor for pool in performing for months, minor in pool.ahead if months <= 12)
    bad = sum(by_class(book)[BAD:])
    beyond = book.own - within - bad
    funding = [(book.capital, Fraction(1)), *((book.groups.get(path, 0), part) for path, part in taken.stable.items())]
    need = [(within, taken.needs_within_year), (beyond, taken.needs_beyond_year), (bad, taken.needs_bad)]
    return measures.stable_funding_ratio(funding, need)


def _economic_value(book: Book, taken: Assumptions) -> Fraction | None:
    loss = rates.worst(rates.bucketed(flows(book, taken)), taken.rate, taken.shocks)
    return measures.part(Fraction(loss), book.capital) if book.capital > 0 else None


def _capital(book: Book, taken: Assumptions) -> Fraction | None:
    assets = {path: minor for path, minor in book.groups.items() if path.startswith("assets:")}
    weighted = sum((taken.weights.get(path, Fraction(1)) * minor for path, minor in assets.items()), Fraction(0))
    return measures.part(book.capital, weighted)


def _solvency(book: Book, taken: Assumptions) -> Fraction | None:
    bad = measures.set_aside(by_class(book), taken.special)
    clients = book.sum_of("liabilities:wallets", "liabilities:savings", "liabilities:escrow")
    return measures.part(book.below("assets") - book.sum_of("assets:fund", ALLOWANCE) - bad, clients)


MEASURES: Mapping[str, Measure] = {
    "bad": lambda book, _: measures.part(sum(by_class(book)[BAD:]), book.own),
    "coverage": lambda book, _: measures.part(allowance(book), sum(by_class(book)[BAD:])),
    "allowance": lambda book, _: measures.part(allowance(book), book.own),
    "special": lambda book, taken: measures.part(allowance(book), measures.set_aside(by_class(book), taken.special)),
    "capital": _capital,
    "largest": lambda book, _: measures.part(book.largest, book.capital) if book.capital > 0 else None,
    "liquidity": _liquidity,
    "adequacy": lambda book, taken: measures.part(book.sum_of(*taken.liquid), runs_off(book, taken)),
    "lcr": lambda book, taken: measures.coverage_ratio(
        book.sum_of(*taken.liquid), runs_off(book, taken), taken.comes_in * _within(book, 1)
    ),
    "nsfr": _nsfr,
    "economic_value": _economic_value,
    "par30": lambda book, _: measures.part(book.over_30, book.outstanding),
    "net_loans": lambda book, _: measures.part(book.own - allowance(book), book.below("assets")),
    "external": lambda book, taken: measures.part(book.sum_of(*taken.external), book.below("assets")),
    "net_capital": lambda book, _: measures.part(book.capital, book.below("assets")),
    "solvency": _solvency,
}
