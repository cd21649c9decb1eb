"""Own the entries of a loan and the accounts they stand on: each function shows its entry. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import get_args

from farthing.kit.ids import bare
from farthing.kit.money import Money, total
from farthing.ledger.model import AccountSpec, JournalEntry, Posting
from farthing.lending.model import MARKETPLACE, Line, Loan
from farthing.lending.owed import Component

COMPONENTS: tuple[Component, ...] = get_args(Component)


def principal_account(loan: Loan) -> str:
    """The own book's claim on the borrower for principal."""
    return f"{loan.conditions.roles['principal']}:{loan.short_id}"


def interest_account(loan: Loan) -> str:
    """The own book's claim on the borrower for interest that has fallen due."""
    return f"{loan.conditions.roles['interest_receivable']}:{loan.short_id}"


def disbursed_account(loan: Loan) -> str:
    """What was paid out of a loan that others fund and is not yet charged to whoever funds it."""
    return f"assets:disbursed:{loan.short_id}"


def placed_account(loan: Loan) -> str:
    """What was paid out of the money of lenders of the marketplace, while the escrow of their listing still owes it to them."""
    return f"assets:placed:{loan.short_id}"


def collections_account(loan: Loan) -> str:
    """What was collected of a loan that others fund and is not yet given to whoever holds it."""
    return f"liabilities:collections:{loan.short_id}"


def owed_back_account(loan: Loan) -> str:
    """What a borrower paid too much and is owed back."""
    return f"liabilities:owed-back:{loan.short_id}"


def recoveries_account(loan: Loan) -> str:
    """Income of what was given up and came in after all."""
    return f"income:recoveries:{loan.conditions.product}"


def goodwill_account(loan: Loan) -> str:
    """What the bank pays of its borrowers' debts itself."""
    return f"expenses:goodwill:{loan.conditions.product}"


def topped_up_account(loan_id: str) -> str:
    """Through which money of a loan pays off the one that it replaces: nothing but in the transaction that does it."""
    return f"liabilities:topped-up:{bare(loan_id)}"


def accounts_of(loan: Loan) -> list[AccountSpec]:
    """The accounts that lending needs for a loan. None may become negative, so that no more is shared out than moved."""
    currency = loan.principal.currency
    if loan.shared:
        return [AccountSpec(path, currency, floor=0) for path in (*charged(loan), collections_account(loan))]
    return own_accounts(loan)


def own_accounts(loan: Loan) -> list[AccountSpec]:
    """The accounts of the own book for a loan of which it holds a part, or the whole: claims may not become negative."""
    currency, roles = loan.principal.currency, loan.conditions.roles
    income = [AccountSpec(roles[role], currency) for role in ("interest_income", "penalty_income", "fee_income")]
    return [
        AccountSpec(principal_account(loan), currency, floor=0),
        AccountSpec(interest_account(loan), currency, floor=0),
        *income,
    ]


def owned(loan: Loan) -> dict[str, str]:
    """Where the own book's part of each component of a repayment goes: once a loan was given up, it is recovered."""
    return claimed(loan) if loan.given_up_on is None else recovered(loan)


def recovered(loan: Loan) -> dict[str, str]:
    """Where each component goes of a loan that was given up."""
    return dict.fromkeys(COMPONENTS, recoveries_account(loan))


def claimed(loan: Loan) -> dict[str, str]:
    """The own book's claim, or the income, that each component is while a loan is not given up."""
    return {
        "interest": interest_account(loan),
        "principal": principal_account(loan),
        "penalty": loan.conditions.roles["penalty_income"],
        "fee": loan.conditions.roles["fee_income"],
    }


def charged(loan: Loan) -> dict[str, Money]:
    """What a loan is charged to as it is paid out: the own book; or two accounts of the loan, until who funds it is charged.
    The lenders' part is apart: their escrow holds the same sum until then, and no money of the bank's is in it (decision 0060).
    """
    if not loan.shared:
        return {principal_account(loan): loan.principal}
    placed = sum_of(loan, (holder.share for holder in loan.holders if holder.name == MARKETPLACE))
    parts = {disbursed_account(loan): loan.principal - placed, placed_account(loan): placed}
    return {path: amount for path, amount in parts.items() if amount}


def disbursement(loan: Loan, wallet: str, on: date, pays_off: Money | None = None) -> JournalEntry:
    """Pay a loan out to the borrower's wallet; but for what paid off the loan that it replaces, whose entry is a repayment.

    assets:loans:L                principal (assets:disbursed:L where others fund a part of it,
    assets:placed:L               and what of it lenders fund)
        liabilities:topped-up:L   -what paid off the loan that it replaces
        liabilities:wallets:B     -principal (-the rest)
    """
    kept = [] if pays_off is None else [Posting(topped_up_account(loan.id), -pays_off)]
    rest = loan.principal if pays_off is None else loan.principal - pays_off
    return JournalEntry(
        reference=disbursement_reference(loan.id),
        kind="disbursement",
        effective_on=on,
        postings=(*(Posting(path, amount) for path, amount in charged(loan).items()), *kept, Posting(wallet, -rest)),
        memo="放款 disbursement",
    )


def sum_of(loan: Loan, amounts: Iterable[Money]) -> Money:
    """Amounts of a loan together, in its currency."""
    return total(list(amounts), loan.principal.currency)


@dataclass(frozen=True, slots=True)
class Recognised:
    """Interest of an instalment that is earned now and was not before: on its due day, or on the day on which it was paid."""

    number: int
    interest: Money
    on: date
    mark: str = ""

    @property
    def name(self) -> str:
        """What its entry and its flow are called by: the instalment, and where events may move interest the last of them."""
        return f"{self.number}{self.mark}"


def recognitions(before: Loan, after: Loan, on: date, mark: str = "") -> list[Recognised]:
    """What interest became due, or was paid early, between two states of a loan. ``mark``: :attr:`Recognised.name`."""
    was = {each.number: each.of("interest", "recognised") for each in before.instalments}
    found = []
    for each in after.instalments:
        more = each.of("interest", "recognised") - was.get(each.number, each.interest * 0)
        if more:
            found.append(Recognised(each.number, more, min(each.due_on, on), mark))
    return found


def accruals(loan: Loan, recognised: Iterable[Recognised]) -> list[JournalEntry]:
    """Recognise the interest of instalments; nothing where others hold a part: theirs is never our income.

    assets:interest-receivable:L interest
        income:interest:loans    -interest
    """
    if loan.shared:
        return []
    return [entry for each in recognised for entry in recognition(loan, each.name, each.interest, each.on)]


def recognition(loan: Loan, number: str, own: Money, on: date) -> list[JournalEntry]:
    """Recognise the own book's part of the interest of an instalment, as :func:`accruals` does; nothing if it is nothing."""
    if not own:
        return []
    return [
        JournalEntry(
            reference=accrual_reference(loan.id, number),
            kind="accrual",
            effective_on=on,
            postings=(Posting(interest_account(loan), own), Posting(loan.conditions.roles["interest_income"], -own)),
            memo="利息 interest",
        )
    ]


def disbursement_reference(loan_id: str) -> str:
    """What the entry of a payment out is called."""
    return f"loan:{bare(loan_id)}:disbursement"


def accrual_reference(loan_id: str, name: str) -> str:
    """What the entry of interest that is earned is called (:attr:`Recognised.name`)."""
    return f"loan:{bare(loan_id)}:accrual:{name}"


def repayment_reference(loan_id: str, repayment_id: str) -> str:
    """What the entry of a repayment is called."""
    return f"loan:{bare(loan_id)}:repayment:{repayment_id}"


def repayment(loan: Loan, lines: Sequence[Line], wallet: str, repayment_id: str, on: date) -> JournalEntry:
    """Take a repayment from the wallet: for the own book by component or, where others hold a part, into collections.

    liabilities:wallets:B             amount                liabilities:wallets:B         amount
        assets:interest-receivable:L  -interest                 liabilities:collections:L -amount
        assets:loans:L                -principal
        income:penalties:loans        -penalty
        income:fees:loans             -fee (income:recoveries:P of all where the loan was given up)
    """
    parts: dict[str, int] = {}
    for line in lines:
        parts[line.component] = parts.get(line.component, 0) + line.amount.minor
    whole, currency = sum(parts.values()), loan.principal.currency
    credits = {collections_account(loan): whole}
    if not loan.shared:
        credits = {}
        for component, account in owned(loan).items():
            credits[account] = credits.get(account, 0) + parts.get(component, 0)
    return JournalEntry(
        reference=repayment_reference(loan.id, repayment_id),
        kind="repayment",
        effective_on=on,
        postings=(
            Posting(wallet, Money(whole, currency)),
            *(Posting(path, Money(-part, currency)) for path, part in credits.items() if part),
        ),
        memo="还款 repayment",
    )
