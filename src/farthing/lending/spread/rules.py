"""Decide what a period's loans earned: each movement of income and expenses goes to the product whose loan its entry names,
and each loan is charged for its money at the internal rate of its term. Pure.

Matched to the term: a loan pays the rate that the curve in force on its day of payment quoted for the shortest term that
covers its whole life, for as long as it lives. Every line is rounded once, and sums are sums of lines.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from farthing.kit.calendar import add_months
from farthing.kit.money import Money
from farthing.ledger.profit.model import Earned
from farthing.lending.roll.model import Lent
from farthing.lending.spread.model import Apart, FundingLine, ProductSpread, Spread
from farthing.products.rates import Edition, RateBoard, Term

TERMED = "terms"
"""The family of the internal curve's rates."""
YEAR_DAYS = 365
SUSPENDED = "income:interest-suspended:"
"""Interest that stands in suspense is less interest, and what leaves it more, whichever entry moves it."""
LOAN, PROVISION, SUSPENSION, REVERSAL = "loan", "provision", "suspension", "reversal"
ROLES = {"interest_income": "interest", "penalty_income": "penalties", "fee_income": "fees"}


def edition_of(curve: RateBoard, on: date) -> Edition:
    """The edition by which a loan of a day is charged; what was lent before the first, by the first."""
    return curve.edition(max(on, curve.editions[0].effective_on))


def covering(edition: Edition, start: date, end: date) -> Term | None:
    """The shortest quoted term that reaches from a day to another, else the longest; none where no term is quoted."""
    ends = sorted((_end(start, term), term) for family, term in edition.rates if family == TERMED and term is not None)
    return next((term for reached, term in ends if reached >= end), ends[-1][1] if ends else None)


def _end(start: date, term: Term) -> date:
    return start + timedelta(days=term.days) if term.days else add_months(start, term.months)


def rate_of(edition: Edition, term: Term | None) -> Decimal:
    """What money of a term costs a year."""
    return edition.rates["demand", None] if term is None else edition.rates[TERMED, term]


def funding_lines(
    curve: RateBoard | None, currency: str, lent: Iterable[Lent], held: Mapping[str, int], days: int
) -> list[FundingLine]:
    """What the money of loans costs, a line a product, term and rate. ``held``: by account of principal what was
    outstanding, in minor units times days."""
    grouped: dict[tuple[str, str, Decimal, date], list[int]] = defaultdict(list)
    for loan in lent:
        balance = held.get(loan.principal_account, 0)
        if curve is not None and balance:
            edition = edition_of(curve, loan.disbursed_on)
            term = covering(edition, loan.disbursed_on, loan.last_due_on)
            key = (loan.product, str(term or ""), rate_of(edition, term), edition.effective_on)
            grouped[key].append(balance)
    return [
        FundingLine(
            product, term, annual, set_on, len(balances), Money(sum(balances) // days, currency),
            Money(round(Fraction(sum(balances)) * Fraction(annual) / YEAR_DAYS), currency),
        )
        for (product, term, annual, set_on), balances in sorted(grouped.items())
    ]  # fmt: skip


def named(reference: str) -> tuple[str, str]:
    """What an entry is about, by its reference: a loan (its short id), a provision (its product), or neither."""
    words = reference.split(":")
    while words[0] == REVERSAL:
        words = words[1:]
    if words[0] == LOAN and len(words) > 1:
        return LOAN, words[1]
    return (words[0], words[2]) if words[0] in (PROVISION, SUSPENSION) and len(words) > 2 and words[2] else ("", "")


def spread(
    currency: str,
    curve: RateBoard | None,
    lent: Sequence[Lent],
    earned: Sequence[Earned],
    held: Mapping[str, int],
    days: int,
) -> Spread:
    """The spread in one currency, from what moved in it and what was outstanding."""
    loans = {loan.short_id: loan for loan in lent}
    sums: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    apart: dict[str, int] = defaultdict(int)
    for each in earned:
        kind, about = named(each.reference)
        if kind == PROVISION:
            sums[about]["provision"] -= each.profit
        elif kind == SUSPENSION:
            sums[about]["interest"] += each.profit
        elif kind == LOAN and about in loans:
            loan = loans[about]
            role = ROLES.get(loan.role_of(each.path)) or _role_of(each.path)
            sums[loan.product][role] += -each.profit if role == "losses" else each.profit
        else:
            apart[each.path] += each.profit
    lines = funding_lines(curve, currency, lent, held, days)
    for line in lines:
        sums[line.product]["funding"] += line.cost.minor
    for loan in lent:
        balance = held.get(loan.principal_account, 0)
        sums[loan.product]["held"] += balance
        sums[loan.product]["loans"] += bool(balance)
    products = [_product(currency, product, found, days) for product, found in sorted(sums.items())]
    profit = sum(each.profit for each in earned)
    return Spread(
        currency, curve is not None, tuple(each for each in products if _says(each)), tuple(lines),
        tuple(Apart(path, Money(minor, currency)) for path, minor in sorted(apart.items()) if minor),
        Money(profit, currency),
    )  # fmt: skip


def _role_of(path: str) -> str:
    """What an account of income or expenses is of that the product does not name itself."""
    if path.startswith(SUSPENDED):
        return "interest"
    return "other" if path.startswith("income:") else "losses"


def _product(currency: str, product: str, found: Mapping[str, int], days: int) -> ProductSpread:
    of = {
        name: Money(found.get(name, 0), currency)
        for name in ("interest", "penalties", "fees", "other", "funding", "provision", "losses")
    }
    return ProductSpread(product, found.get("loans", 0), Money(found.get("held", 0) // days, currency), **of)


def _says(each: ProductSpread) -> bool:
    """Whether a product had anything in the period."""
    return bool(each.loans or each.income or each.provision or each.losses or each.interest)
