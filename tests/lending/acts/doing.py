"""How tests of acts begin, do one, and look at what it came to."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from farthing.bank.founding import agreed
from farthing.funding.audit_service import verify as verify_notes
from farthing.kit.money import Money
from farthing.lending.audit.service import verify
from farthing.lending.books_service import entries_of
from farthing.lending.model import Loan
from farthing.lending.prudence.audit_service import verify as verify_provisions
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail
from tests.lending.house import CARD, House, yuan

WORDS = "as the board decided"


def one_loan(house: House) -> str:
    """A loan of 3000 in six instalments that was paid out today."""
    loan: Loan = house.active("3000")
    return loan.id


def ten_days_late(house: House) -> str:
    """That loan, whose first instalment is ten days late."""
    house.made = one_loan(house)
    return late(house).id


def do(house: House, operation: Any, command: Any) -> Any:
    """An act, whether one person may do it or two must want it."""
    return agreed(house.bank.kernel, operation, command)


def clean(house: House) -> None:
    for check in (verify, verify_notes, verify_provisions):
        found = house.bank.read(check, snapshot=True)
        assert found.findings == (), [str(each) for each in found.findings]


def journal(house: House, kind: str) -> list[list[str]]:
    """The entries of a kind that stand for the loan, as lines."""
    loan = house.loan(house.made)
    posted = house.bank.read(lambda tx: entries_of(tx, loan))
    return [
        [f"{each.account.replace(loan.short_id, 'L').replace(house.party.id.removeprefix('party_'), 'B')} {each.amount.plain()}"
         for each in one.entry.postings]
        for one in posted if one.entry.kind == kind
    ]  # fmt: skip


def late(house: House, days: int = 10) -> Loan:
    """The first instalment is so many days late, of which the wallet pays nothing."""
    loan = house.loan(house.made)
    spend(house)
    house.wait(loan.instalments[0].due_on + timedelta(days=days))
    return house.loan(house.made)


def spend(house: House) -> None:
    """The wallet is emptied."""
    house.bank.run(payments.pay_out, MoveByRail(house.party.id, wallet(house), CARD))


def wallet(house: House) -> Money:
    """What is in the borrower's wallet."""
    found: Money = house.bank.read(lambda tx: payments.wallet(tx, house.party.id)).balance
    return found


def earn(house: House, amount: str) -> None:
    """Money comes into the wallet."""
    house.bank.run(payments.top_up, MoveByRail(house.party.id, yuan(amount), CARD))
