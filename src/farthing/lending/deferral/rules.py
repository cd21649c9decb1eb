"""Decide what of a loan's origination fee is earned by a day, the entry that says it, and whether the books say the same. Pure.

The fee is a part of what the loan yields and is earned over its life by the effective interest method (IFRS 9 B5.4.1 to B5.4.4),
here in proportion to the principal that is lent, by days: what a constant rate on the balance comes to, but for the compounding
within it. It is income when it is paid, and at the end of each month what is not earned is taken out of income again: one entry
a product, of the difference. A loan that is over or was given up has earned its fee; what is told late moves the next end of
a month.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction

from farthing.kit.findings import Finding
from farthing.kit.money import Money
from farthing.ledger.chart import in_currency
from farthing.ledger.model import AccountSpec, JournalEntry, Posting
from farthing.lending.deferral.model import Deferred, Place

Owed = tuple[date, int]
"""A due day and the principal that falls due on it, in minor units."""
Sums = Mapping[Place, tuple[int, int]]
"""How many loans, and how much of their fees is deferred in minor units."""


def not_earned(paid: int, fee: int, began_on: date, principal: Iterable[Owed], on: date) -> int:
    """What of an origination fee is paid, at most all that was paid of fees, and not earned by a day, rounded half up.

    Of each part of the principal the days that have passed, among the days up to its due day.
    """
    spans = [(amount, max(0, (due - began_on).days), (min(due, on) - began_on).days) for due, amount in principal]
    whole = sum(amount * days for amount, days, _ in spans)
    passed = sum(amount * max(0, days) for amount, _, days in spans)
    return int(min(paid, fee) * Fraction(whole - passed, whole) + Fraction(1, 2)) if whole else 0


def against_path(product: str, path: str, currency: str, home: str) -> str:
    """Where what is not earned yet stands, by product."""
    return in_currency(f"{path}:{product}", currency, home)


def accounts_of(each: Deferred) -> list[AccountSpec]:
    """The two accounts; what is deferred is never less than nothing."""
    currency = each.place.currency
    return [AccountSpec(each.place.against, currency, floor=0), AccountSpec(each.place.income, currency)]


def entry(each: Deferred, month: date) -> JournalEntry:
    """Take fees of a product's loans out of income, or earn them.

    income:fees:loans                    change
        liabilities:deferred-fees:P     -change
    """
    return JournalEntry(
        reference=f"deferral:{month}:{each.place.product}:{each.place.currency}:{each.place.against}:{each.place.income}",
        kind="deferral",
        effective_on=month,
        postings=(Posting(each.place.income, each.change), Posting(each.place.against, -each.change)),
        memo="递延手续费 fees that are not earned yet",
    )


def decide(sums: Sums, standing: Mapping[Place, int]) -> list[Deferred]:
    """What is to stand in each place, of what the loans come to and of what stands in the books."""
    found = []
    for place in sorted({*sums, *standing}, key=lambda each: (each.product, each.currency, each.against, each.income)):
        loans, minor = sums.get(place, (0, 0))
        stood = standing.get(place, 0)
        if minor or stood:
            found.append(Deferred(place, loans, Money(minor, place.currency), Money(stood, place.currency)))
    return found


def differ(kept: Sequence[Deferred], sums: Sums, books: Mapping[Place, int]) -> list[Finding]:
    """Where what was deferred at a month's end is not what the loans, folded to it, come to, or not what the books hold."""
    found, seen = [], set()
    for each in kept:
        seen.add(each.place)
        loans, minor = sums.get(each.place, (0, 0))
        if (each.loans, each.deferred.minor) != (loans, minor):
            came = f"{loans} loans and {Money(minor, each.place.currency)}"
            found.append(
                _of(each.place, f"is deferred with {each.loans} loans and {each.deferred}, and they come to {came}")
            )
        stands = Money(books.get(each.place, 0), each.place.currency)
        if stands != each.deferred:
            found.append(_of(each.place, f"is deferred with {each.deferred}, and the books hold {stands}"))
    missing = [place for place, (_, minor) in sums.items() if minor and place not in seen]
    return found + [
        _of(place, f"is not deferred, and its loans come to {Money(sums[place][1], place.currency)}")
        for place in missing
    ]


def _of(place: Place, problem: str) -> Finding:
    return Finding("deferral", f"{place.product} {place.currency}", problem)
