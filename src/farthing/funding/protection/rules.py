"""Decide what goes to the protection fund, and what it pays: a waterfall in words and in pure functions.

In: every fee that a borrower pays on the lenders' part of a loan that protects. Out: at the close of the day on which such a loan
is given up, its lenders are paid what of their principal is left, all claims of the day alike where there is not enough. Back:
what comes in of such a loan afterwards is the fund's until it has what it paid, and the lenders' from then on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import pairwise

from farthing.funding.holdings.model import Market
from farthing.funding.holdings.rules import paid_to
from farthing.funding.protection.model import FundMonth
from farthing.funding.shares import COMPONENTS, Note, came_to_lenders, of_lenders
from farthing.kit.calendar import add_months
from farthing.kit.ids import bare
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.ledger.chart import in_currency
from farthing.ledger.model import JournalEntry
from farthing.lending.flows import Flow
from farthing.lending.owed import Component

MONTHS = 12
FUND = "liabilities:escrow:protection"
IN = ("repaid", "recovered")
SAYS = Words(
    "The protection fund pays lenders of loans that are given up as far as it has money, and all claims of a day alike. It is no "
    "guarantee: in a bad year it will not be enough.",
    "风险缓释金以其余额为限，对已核销借款的出借人予以补偿，同日各项补偿按比例支付。它不是担保：年景不好时余额将不足以补偿。",
)


def fund_account(currency: str, home: str) -> str:
    """Where the fund's money lies."""
    return in_currency(FUND, currency, home)


def protected(
    notes: Sequence[Note], flows: Sequence[Flow], market: Market
) -> Mapping[int, Mapping[Component, int]]:  # fmt: skip
    """By number of a flow what of the lenders' part of it is the fund's, in minor units by component; a function of all flows."""
    if not market.listed.protects:
        return {}
    found: dict[int, dict[Component, int]] = {}
    covered, back = market.covered, 0
    for number, came in came_to_lenders(notes, [flow for flow in flows if flow.kind in IN]).items():
        taken: dict[Component, int] = {name: came[name] if name == "fee" else 0 for name in COMPONENTS}
        if covered is not None and number > covered.after:
            for name in COMPONENTS:
                takes = min(came[name] - taken[name], covered.paid - back)
                taken[name] += takes
                back += takes
        found[number] = taken
    return found


def back_of(notes: Sequence[Note], flows: Sequence[Flow], market: Market) -> int:
    """What of what it paid the fund has had back, in minor units."""
    if market.covered is None:
        return 0
    done = [flow for flow in flows if not flow.waits]
    taken = protected(notes, done, market)
    late = [each for number, each in taken.items() if number > market.covered.after]
    return sum(part for each in late for name, part in each.items() if name != "fee")


def claimed(left: int, notes: Sequence[Note], flows: Sequence[Flow]) -> int:
    """What lenders of a loan that was given up claim, in minor units: what of their principal is ``left``, less what was
    recovered for them before the fund pays."""
    return max(left - of_lenders(notes, flows, "recovered", flows[-1].number)["principal"], 0)


def pays(balance: Money, claims: Sequence[Money]) -> list[Money]:
    """What the fund pays on claims of one day: all of each, or of each the same part."""
    whole = sum(each.minor for each in claims)
    if whole <= balance.minor:
        return list(claims)
    return balance.allocate([each.minor for each in claims])


def payment(
    loan_id: str, paid: Money, left: Mapping[str, int], on: date, closed: frozenset[str], home: str
) -> list[JournalEntry]:  # fmt: skip
    """The fund pays lenders of a loan that was given up, by what of their notes is ``left``; several entries, if they are many.

    liabilities:escrow:protection  paid
        liabilities:wallets:W      -a lender's part (liabilities:escrow:lender:W, if W, one of ``closed``, is closed)
    """
    owed = {party: part.minor for party, part in zip(left, paid.allocate(list(left.values())), strict=True) if part}
    as_entry = (f"market:protection:{bare(loan_id)}", "protection", "风险缓释金补偿 paid by the protection fund")
    return paid_to(fund_account(paid.currency, home), owed, as_entry, on, closed, currency=paid.currency, home=home)


def months(today: date) -> list[date]:
    """The last days of the thirteen months up to that of today, which ends today."""
    first = today.replace(day=1)
    return [*(add_months(first, -at) - timedelta(days=1) for at in range(MONTHS - 1, -1, -1)), today]


def by_month(balances: Sequence[tuple[date, Money]], paid: Mapping[date, int]) -> tuple[FundMonth, ...]:
    """The months of the fund, the newest first, from its balances at their ends; what came in is what these and the payments say.
    Months before anything was in it are left out."""
    found = list[FundMonth]()
    for (_, before), (on, balance) in pairwise(balances):
        out = Money(paid.get(on.replace(day=1), 0), balance.currency)
        found.append(FundMonth(on, balance - before + out, out, balance))
    while found and not (found[0].came or found[0].balance or found[0].paid):
        found.pop(0)
    return tuple(reversed(found))


def coverage(balance: Money, expected: Money) -> Decimal | None:
    """What is in the fund as a part of what is expected to be lost, to four places."""
    if not expected:
        return None
    return (balance.decimal() / expected.decimal()).quantize(Decimal("0.0001"), ROUND_HALF_EVEN)
