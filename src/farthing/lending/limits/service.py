"""Run the limits on the bank's own lending: refuse a payment out that breaks one, and answer how much of each is used."""

from __future__ import annotations

from farthing.credit.owing import service as owing
from farthing.db.tx import Tx
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF
from farthing.kit.money import Money, total
from farthing.ledger.overview import service as overview
from farthing.ledger.overview.model import Limit
from farthing.lending import entries
from farthing.lending.limits import rules, store
from farthing.lending.limits.rules import Owing
from farthing.lending.limits.together import apart
from farthing.lending.maturity import service as maturity
from farthing.lending.model import OWN_BOOK, Loan
from farthing.products import service as products


def check(tx: Tx, loan: Loan, replaced: Loan | None = None) -> None:
    """Refuse to pay out a loan that would break a limit of the policy in force, in the transaction that pays it out. What is
    agreed beside it and not paid out yet counts as owed by its borrower, and by us on demand. ``replaced``: a loan as it was
    before it was paid off in this transaction, out of what is paid out: what was owed of it is in the books no more, so that
    limits count the difference.

    Whoever else pays out to the borrower, or to anybody who answers for it or it for whom, waits until this transaction ends:
    what they owe is exact. What the bank as a whole has is read as it is committed at this moment, and nobody waits for that:
    payments out of one instant do not see each other. Refuses as :func:`farthing.lending.limits.rules.check`
    and :func:`farthing.lending.maturity.rules.check`.
    """
    lent = total([holder.share for holder in loan.holders if holder.name == OWN_BOOK], loan.principal.currency)
    _check(tx, loan, lent, lent, loan.to_draw.minor, replaced)


def check_more(tx: Tx, before: Loan, after: Loan) -> None:
    """The same of a loan of which more is paid out, as it is ``before`` and ``after``: what was agreed counted as owed
    already."""
    lent = after.principal - before.principal
    _check(tx, after, lent, after.outstanding, -lent.minor, before)


def _check(tx: Tx, loan: Loan, lent: Money, ours: Money, promised: int, beside: Loan | None) -> None:
    """``lent``: our part of what is paid out. ``ours``: what comes back of it, with what of a loan ``beside`` it came back
    before. ``promised``: by how many minor units more, or less, is agreed and not paid out."""
    currency = lent.currency
    connected = everybody_beside(tx, loan.party_id)
    owing.hold(
        tx, sorted({min(connected), loan.party_id})
    )  # the first of those that belong together stands for them all
    owed = store.owed(tx, sorted(connected), currency)
    policy, groups = products.policy_in_force(tx), overview.totals(tx)
    maturity.check(tx, policy, groups, loan, ours, beside, promised)
    rules.check(
        policy, rules.books_of(groups, currency),
        Owing(owed.get(loan.party_id, 0) + promised, sum(owed.values()) + promised), lent, entries.principal_account(loan),
    )  # fmt: skip


def everybody_beside(tx: Tx, party_id: str) -> set[str]:
    """A borrower with all who answer for it or it for whom, and those who answer for them, to the end."""
    known, new = {party_id}, {party_id}
    while new:
        new = store.beside(tx, sorted(new)) - known
        known |= new
    return known


@question("lending.limits", permission="reports:read", whose=STAFF)
def limits(tx: Tx) -> list[Limit]:
    """The limits of the policy in force on the bank's own lending, and how much of each is used: of capital, what the assets
    ask for; of what is owed, what the largest borrower owes, and the largest circle of borrowers who answer for each other.

    It names nobody. Refuses ``policy.none_in_force``.
    """
    policy, currency = products.policy_in_force(tx), tx.home
    most, circles = store.largest(tx, currency), apart(store.ties(tx))
    owed = store.owed(tx, sorted(set().union(*circles)), currency) if circles else {}
    largest = max((sum(owed.get(each, 0) for each in circle) for circle in circles), default=0)
    groups = overview.totals(tx)
    capital = rules.used(policy, rules.books_of(groups, currency), currency, Owing(most, max(most, largest)))
    return [*capital, *maturity.limits(tx, policy, groups)]
