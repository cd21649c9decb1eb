"""Run the passbook: which lines are printed next, kept before they are on paper; what was printed last, to print it again."""

from __future__ import annotations

from farthing.db.tx import Tx
from farthing.kernel.operation import operation
from farthing.kernel.question import question
from farthing.kernel.whose import of
from farthing.kit.inputs import Id
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.savings.deposits import passbook_service as deposits
from farthing.savings.deposits.service import deposit_owner
from farthing.savings.passbooks import rules, store
from farthing.savings.passbooks.model import Passbook, PrintPassbook


@operation(
    "savings.print_passbook", title=Words("Print into a passbook", "登折"),
    permission="savings:cash", whose=of("deposit_id", deposit_owner),
)  # fmt: skip
def print_passbook(tx: Tx, command: PrintPassbook) -> Passbook:
    """Print the lines that are not in the passbook yet, to the end of its page; refuses ``savings.passbook_full``,
    ``savings.passbook_up_to_date``."""
    statement = deposits.statement(tx, command.deposit_id)
    found, events = statement.deposit, statement.events
    made = rules.next_print(
        found.id, store.last(tx, found.id), events, command.new_book, tx.business_date, tx.now
    )  # fmt: skip
    store.insert(tx, made)
    return rules.shown(found.id, made, events, Money.zero(found.balance.currency))


@question("savings.passbook", permission="savings:read", whose=of("deposit_id", deposit_owner))
def passbook(tx: Tx, deposit_id: Id) -> Passbook:
    """What was printed last into a deposit's passbook, row by row, and how many lines wait."""
    statement = deposits.statement(tx, deposit_id)
    found = statement.deposit
    return rules.shown(found.id, store.last(tx, found.id), statement.events, Money.zero(found.balance.currency))
