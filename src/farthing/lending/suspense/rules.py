"""Decide how much interest is no income, the entry that says it, and whether the books say the same. Pure.

The claim on the borrower stays whole, and the borrower owes what was agreed. Against what is owed of interest by loans that
are too late stands an asset below zero, and against the income that was recognised a line of income below zero: both are of
the whole product, and are moved by the difference at the end of each month. What is paid meanwhile is income by being owed
no more, and so is what is owed by a loan that has found its way back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from farthing.kit.findings import Finding
from farthing.kit.money import Money
from farthing.ledger.chart import in_currency
from farthing.ledger.model import AccountSpec, JournalEntry, Posting
from farthing.lending.prudence.model import Assessed
from farthing.lending.suspense.model import Place, Suspended

AGAINST = "assets:interest-suspended"
INCOME = "income:interest-suspended"


def against_path(product: str, currency: str, home: str) -> str:
    """What stands against the interest that is owed: an asset below zero."""
    return in_currency(f"{AGAINST}:{product}", currency, home)


def income_path(product: str, currency: str, home: str) -> str:
    """What stands against the income that was recognised."""
    return in_currency(f"{INCOME}:{product}", currency, home)


def accounts_of(each: Suspended, home: str) -> list[AccountSpec]:
    """The two accounts; what stands against an asset is never more than nothing."""
    currency = each.suspended.currency
    return [
        AccountSpec(against_path(each.product, currency, home), currency, ceiling=0),
        AccountSpec(income_path(each.product, currency, home), currency),
    ]


def entry(each: Suspended, month: date, home: str) -> JournalEntry:
    """Take interest of a product's loans out of income, or put it back.

    income:interest-suspended:P         change
        assets:interest-suspended:P    -change
    """
    currency = each.suspended.currency
    return JournalEntry(
        reference=f"suspension:{month}:{each.product}:{currency}",
        kind="suspension",
        effective_on=month,
        postings=(
            Posting(income_path(each.product, currency, home), each.change),
            Posting(against_path(each.product, currency, home), -each.change),
        ),
        memo="非应计利息 interest that is no income",
    )


def decide(sums: Mapping[Place, tuple[int, int]], standing: Mapping[Place, int]) -> list[Suspended]:
    """What is to stand for each product, of (loans, minor units) that are too late, and of what stands in the books."""
    found = []
    for product, currency in sorted({*sums, *standing}):
        loans, minor = sums.get((product, currency), (0, 0))
        stood = standing.get((product, currency), 0)
        if minor or stood:
            found.append(Suspended(product, loans, Money(minor, currency), Money(stood, currency)))
    return found


def sums_of(assessed: Iterable[Assessed]) -> dict[Place, tuple[int, int]]:
    """How many loans are too late and owe interest, and how much of it, by product and currency."""
    sums: dict[Place, tuple[int, int]] = {}
    for each in assessed:
        if each.suspended.minor:
            place = each.case.product, each.case.own.currency
            loans, minor = sums.get(place, (0, 0))
            sums[place] = loans + 1, minor + each.suspended.minor
    return sums


def differ(
    kept: Sequence[Suspended], sums: Mapping[Place, tuple[int, int]], books: Mapping[Place, int]
) -> list[Finding]:
    """Where what was suspended is not what the loans come to, or not what the books hold."""
    found, seen = [], set()
    for each in kept:
        place = each.product, each.suspended.currency
        seen.add(place)
        loans, minor = sums.get(place, (0, 0))
        if (each.loans, each.suspended.minor) != (loans, minor):
            derived = f"{loans} loans and {Money(minor, place[1])}"
            found.append(
                _of(place, f"is suspended with {each.loans} loans and {each.suspended}, and they come to {derived}")
            )
        stands = Money(books.get(place, 0), place[1])
        if stands != each.suspended:
            found.append(_of(place, f"is suspended with {each.suspended}, and the books hold {stands}"))
    missing = sorted(place for place, (_, minor) in sums.items() if minor and place not in seen)
    return found + [
        _of(place, f"is not suspended, and the loans owe {Money(sums[place][1], place[1])}") for place in missing
    ]


def _of(place: Place, problem: str) -> Finding:
    return Finding("suspension", " ".join(place), problem)
