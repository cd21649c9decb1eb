"""Run the verification of standing orders: their days derived again, and each payment met with the books. Never writes."""

from __future__ import annotations

from dataclasses import dataclass

from farthing.db.tx import Tx
from farthing.kit.findings import Audit, Finding
from farthing.ledger import service as ledger
from farthing.payments import rules as wallets
from farthing.payments.model import Transfer
from farthing.payments.standing import rules, store
from farthing.payments.standing.dates import due, next_due
from farthing.payments.standing.model import Done, Order

PAGE = 500


@dataclass(frozen=True, slots=True)
class StandingAudit(Audit):
    """What a verification of standing orders counted and found."""

    orders: int
    payments: int


def verify_standing(tx: Tx) -> StandingAudit:
    """Derive every order again, and meet what was paid with the transfers."""
    found, counts, after = list[Finding](), [0, 0], ""
    while orders := store.page(tx, after, PAGE):
        done = store.done_of(tx, [each.id for each in orders])
        counts[0] += len(orders)
        counts[1] += sum(map(len, done.values()))
        for order in orders:
            found += [Finding("standing order", order.id, each) for each in _order(order, done.get(order.id, []))]
        found += _books(tx, orders, done)
        after = orders[-1].id
    found += [Finding("standing order", each, "its payments have no order") for each in store.strays(tx)]
    return StandingAudit(counts[0], counts[1], findings=tuple(found))


def _order(order: Order, done: list[Done]) -> list[str]:
    found = []
    if sorted(each.number for each in done) != list(range(order.number)):
        found.append(f"{len(done)} payments are told and {order.number} went by")
    paid = sum(each.became == "paid" for each in done)
    if (paid, len(done) - paid) != (order.paid, order.missed):
        found.append("it counts other payments than are told")
    found += [
        f"payment {each.number} fell due on another day" for each in done if each.due_on != due(order.plan, each.number)
    ]
    wanted = next_due(order.plan, order.number, order.paid * order.amount.minor, order.amount.minor)
    if order.state == "active" and order.due_on != wanted:
        found.append(f"its next payment falls due on {wanted}, and it says {order.due_on}")
    return found


def _books(tx: Tx, orders: list[Order], done: dict[str, list[Done]]) -> list[Finding]:
    """Where a payment is told and was not made, or was made and is not told: the next one too."""
    told = {(each.order_id, each.number): each.became for some in done.values() for each in some}
    entries = {}
    for order in orders:
        for number in range(order.number + 1):
            name = rules.transfer_id(order.id, number)
            command = Transfer(order.payer, order.payee, order.amount, order.memo, name)
            entries[order.id, number] = wallets.transfer_entry(name, command, tx.business_date, tx.home)
    posted = ledger.found_by_id(tx, [each.id for each in entries.values()])
    found = []
    for key, entry in entries.items():
        there, became = posted.get(entry.id), told.get(key)
        if there is None and became == "paid":
            found.append(Finding("standing order", key[0], f"payment {key[1]} is told and is not in the books"))
        elif there is not None and became != "paid":
            found.append(Finding("standing order", key[0], f"payment {key[1]} is in the books and is not told as paid"))
        elif there is not None and set(there.entry.postings) != set(entry.postings):
            found.append(Finding("standing order", key[0], f"payment {key[1]} moved something else"))
    return found
