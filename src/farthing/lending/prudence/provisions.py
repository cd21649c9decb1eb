"""Decide what is set aside for loans that may be lost, from their sums by product and class. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from farthing.kit.money import Money
from farthing.lending.prudence import loss
from farthing.lending.prudence.model import RESERVE, Assessed, Coverage, Provision, Sum
from farthing.products.prudence import BAD, CLASSES, Prudence, Reserve

Place = tuple[str, str, str]
"""Product, class and currency."""
_NOTHING = Sum(0, 0, 0)
_PLACES = Decimal("0.000001")


def sums_of(assessed: Iterable[Assessed]) -> dict[Place, Sum]:
    """What loans come to by product, class and currency."""
    loans: Counter[Place] = Counter()
    own: Counter[Place] = Counter()
    expected: Counter[Place] = Counter()
    for each in assessed:
        place = (each.case.product, CLASSES[each.class_number], each.case.own.currency)
        loans[place] += 1
        own[place] += each.case.own.minor
        expected[place] += each.expected.minor
    return {place: Sum(count, own[place], expected[place]) for place, count in loans.items()}


def decide(law: Prudence, sums: Mapping[Place, Sum], standing: Mapping[Place, int]) -> list[Provision]:
    """What is to stand for each product and class, and beyond it what the regulator's table asks for, if that binds.

    A place that stood and has no loans any more is taken back to nothing.
    """
    found = []
    for product, class_name, currency in sorted({*sums, *standing}):
        if class_name == RESERVE:
            continue
        place = (product, class_name, currency)
        one = sums.get(place, _NOTHING)
        expected = Money(one.expected, currency)
        stood = Money(standing.get(place, 0), currency)
        if not one.loans and not stood:
            continue
        found.append(Provision(product, class_name, one.loans, Money(one.own, currency), expected, expected, stood))
    return [*found, *_reserves(law.reserve, found, standing)]


def _reserves(reserve: Reserve | None, found: Sequence[Provision], standing: Mapping[Place, int]) -> list[Provision]:
    made = []
    stood_in = {currency for _, class_name, currency in standing if class_name == RESERVE}
    for currency in sorted({*(each.own.currency for each in found), *stood_in}):
        loans, bad, expected = _totals(found, currency)
        missing = max(loss.least(reserve, loans, bad) - expected, 0) if reserve is not None and reserve.binds else 0
        stood = standing.get(("", RESERVE, currency), 0)
        if missing or stood:
            nothing = Money.zero(currency)
            made.append(Provision("", RESERVE, 0, nothing, nothing, Money(missing, currency), Money(stood, currency)))
    return made


def _totals(found: Iterable[Provision], currency: str) -> tuple[int, int, int]:
    """What is ours of all loans, of the bad ones, and their expected loss, in a currency."""
    here = [each for each in found if each.own.currency == currency and each.class_name != RESERVE]
    bad = sum(each.own.minor for each in here if CLASSES.index(each.class_name) >= BAD)
    return sum(each.own.minor for each in here), bad, sum(each.expected.minor for each in here)


def coverage(law: Prudence, found: Sequence[Provision]) -> tuple[Coverage, ...]:
    """The allowance of each currency beside the regulator's table."""
    told = []
    for currency in sorted({each.own.currency for each in found}):
        loans, bad, expected = _totals(found, currency)
        stands = sum(each.allowance.minor for each in found if each.own.currency == currency)
        least = None if law.reserve is None else Money(loss.least(law.reserve, loans, bad), currency)
        told.append(Coverage(
            Money(loans, currency), Money(bad, currency), Money(expected, currency), Money(stands, currency), least,
            law.reserve is not None and law.reserve.binds, ratio(stands, bad), ratio(stands, loans),
        ))  # fmt: skip
    return tuple(told)


def ratio(part: int, whole: int) -> Decimal | None:
    """A part of a whole to six places; none of nothing."""
    return (Decimal(part) / whole).quantize(_PLACES) if whole else None
