"""Own the entries of a loan and the accounts they stand on: each function shows its entry. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from farthing.kit.money import Money, total
from farthing.ledger.model import AccountSpec, JournalEntry, Posting
from farthing.lending.model import OWN_BOOK, Holder, Line, Loan


def principal_account(loan: Loan) -> str:
    """The own book's claim on the borrower for principal."""
    return f"{loan.conditions.roles['principal']}:{loan.short_id}"


def interest_account(loan: Loan) -> str:
    """The own book's claim on the borrower for interest that has fallen due."""
    return f"{loan.conditions.roles['interest_receivable']}:{loan.short_id}"


def holder_account(loan: Loan, holder: Holder, own: str) -> str:
    """Where a holder's part goes: the own book's account, or the settlement account with a partner."""
    if holder.name == OWN_BOOK:
        return own
    return f"assets:settlement:{holder.name}"


def accounts_of(loan: Loan) -> list[AccountSpec]:
    """The accounts a loan needs: claims may not become negative; a settlement account may go either way."""
    currency = loan.principal.currency
    own = [
        AccountSpec(principal_account(loan), currency, floor=0),
        AccountSpec(interest_account(loan), currency, floor=0),
    ]
    partners = [
        AccountSpec(holder_account(loan, holder, ""), currency, floor=None)
        for holder in loan.holders
        if holder.name != OWN_BOOK
    ]
    roles = loan.conditions.roles
    income = [AccountSpec(roles[role], currency) for role in ("interest_income", "penalty_income", "fee_income")]
    return own + partners + income


def split(loan: Loan, before: Money, amount: Money) -> list[Money]:
    """Each holder's part of ``amount`` when ``before`` was shared earlier: parts of the sum, so none drifts."""
    weights = [holder.share.minor for holder in loan.holders]
    earlier, later = before.allocate(weights), (before + amount).allocate(weights)
    return [b - a for a, b in zip(earlier, later, strict=True)]


def disbursement(loan: Loan, wallet: str, on: date) -> JournalEntry:
    """Pay a loan out to the borrower's wallet in one entry.

    assets:loans:L                own share
    assets:settlement:partner:P   partner's share (it owes us this until it settles)
        liabilities:wallets:B     -principal
    """
    debits = tuple(
        Posting(holder_account(loan, holder, principal_account(loan)), holder.share) for holder in loan.holders
    )
    return JournalEntry(
        reference=f"loan:{loan.short_id}:disbursement",
        kind="disbursement",
        effective_on=on,
        postings=(*debits, Posting(wallet, -loan.principal)),
        memo="放款 disbursement",
    )


def sum_of(loan: Loan, amounts: Iterable[Money]) -> Money:
    """Amounts of a loan together, in its currency."""
    return total(list(amounts), loan.principal.currency)


def own_part(loan: Loan, before: Money, amount: Money) -> Money:
    """The own book's part of ``amount`` when ``before`` was shared earlier."""
    parts = split(loan, before, amount)
    return sum_of(loan, (part for part, holder in zip(parts, loan.holders, strict=True) if holder.name == OWN_BOOK))


def accrual(loan: Loan, number: int, own: Money, on: date) -> list[JournalEntry]:
    """Recognise the own book's interest of an instalment; nothing where partners hold it all.

    assets:interest-receivable:L own part (a partner's part is the partner's income, never ours)
        income:interest:loans    -own part
    """
    if not own:
        return []
    return [
        JournalEntry(
            reference=f"loan:{loan.short_id}:accrual:{number}",
            kind="accrual",
            effective_on=on,
            postings=(Posting(interest_account(loan), own), Posting(loan.conditions.roles["interest_income"], -own)),
            memo="利息 interest",
        )
    ]


def repayment(loan: Loan, lines: Sequence[Line], wallet: str, repayment_id: str, on: date) -> JournalEntry:
    """Take a repayment from the wallet and give each holder its part, to the minor unit.

    liabilities:wallets:B             amount
        assets:interest-receivable:L  -own part of interest
        assets:loans:L                -own part of principal
        income:penalties:loans        -own part of penalty
        income:fees:loans             -own part of fee
        assets:settlement:partner:P   -the partner's part of each
    """
    owned = {
        "interest": interest_account(loan),
        "principal": principal_account(loan),
        "penalty": loan.conditions.roles["penalty_income"],
        "fee": loan.conditions.roles["fee_income"],
    }
    credits: dict[str, Money] = {}
    paid = _paid(loan)
    for component, account in owned.items():
        amount = sum_of(loan, (line.amount for line in lines if line.component == component))
        for holder, part in zip(loan.holders, split(loan, paid[component], amount), strict=True):
            target = holder_account(loan, holder, account)
            credits[target] = credits.get(target, Money.zero(part.currency)) + part
    whole = sum_of(loan, (line.amount for line in lines))
    return JournalEntry(
        reference=f"loan:{loan.short_id}:repayment:{repayment_id}",
        kind="repayment",
        effective_on=on,
        postings=(
            Posting(wallet, whole),
            *(Posting(path, -part) for path, part in credits.items() if part),
        ),
        memo="还款 repayment",
    )


def _paid(loan: Loan) -> dict[str, Money]:
    """What was paid of each component before this repayment."""
    return {
        "interest": sum_of(loan, (due.interest_paid for due in loan.dues)),
        "principal": sum_of(loan, (due.principal_paid for due in loan.dues)),
        "penalty": sum_of(loan, (due.penalty_paid for due in loan.dues)),
        "fee": sum_of(loan, (due.fee_paid for due in loan.dues)),
    }
