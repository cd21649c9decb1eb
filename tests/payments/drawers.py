"""Tills of a test's bank: a drawer opened by whoever serves, with cash that came from the vault."""

from __future__ import annotations

from farthing.bank.founding import SECOND
from farthing.identity.rules import actor_of
from farthing.kernel import approvals
from farthing.kernel.approvals import Decide
from farthing.kit.actor import SYSTEM, Actor
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.ledger.model import AccountSpec, JournalEntry, Posting
from farthing.payments.tills import handing_service as handing
from farthing.payments.tills import rules
from farthing.payments.tills import service as tills
from farthing.payments.tills.model import BookDifference, Drawer, HandFromVault, OpenDrawer, SetUpTill, TakeOver
from farthing.payments.tills.rules import VAULT_PATH
from farthing.payments.tills.rules import fewest as pieces
from tests.conftest import Bank
from tests.hands import give

KEEPER = actor_of("operator:keeper", "operator", None)
"""Who keeps the vault."""


def filled(bank: Bank, amount: Money) -> None:
    """Bring cash into the vault from the owners."""
    for path, floor in ((VAULT_PATH, 0), ("equity:capital", None)):
        bank.run(ledger.open_account, ledger.OpenAccount(AccountSpec(path, amount.currency, floor=floor)))
    postings = (Posting(VAULT_PATH, amount), Posting("equity:capital", -amount))
    bank.run(give, JournalEntry(f"vault:{amount}", "cash", bank.kernel.clock().business_date, postings))


def drawer(bank: Bank, actor: Actor = SYSTEM, till: str = "main", cash: Money | None = None) -> Drawer:
    """A till with its drawer open, and so much in it."""
    there = bank.run(tills.set_up_till, SetUpTill(till)).balance
    opened: Drawer = bank.run(tills.open_drawer, OpenDrawer(till, pieces(there)), actor=actor)
    if cash:
        filled(bank, cash)
        bank.run(tills.set_up_till, SetUpTill(till))
        given = bank.run(handing.hand_from_vault, HandFromVault(till, pieces(cash)), actor=KEEPER)
        bank.run(handing.take_over, TakeOver(given.id), actor=actor)
    return opened


def booked(bank: Bank, books: Money, counted: Money, actor: Actor = SYSTEM, till: str = "main") -> None:
    """What a count found is booked: whoever has the drawer asks, a second person agrees."""
    asked = bank.run(tills.book_difference, BookDifference(till, books, counted, "counted twice"), actor=actor)
    decided = bank.run(approvals.decide, Decide(asked.approval_id, approve=True), actor=SECOND)
    if decided.refusal_code:
        raise rules.NO_DIFFERENCE(till=till)
