"""Run the verification of files of orders: each order counted, taken once, met with what pays it. Never writes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from farthing.db.tx import Tx
from farthing.kit.findings import Audit, Finding
from farthing.ledger import service as ledger
from farthing.payments import rules as wallets
from farthing.payments import store as movements
from farthing.payments.model import Transfer
from farthing.payments.orders import rules, store
from farthing.payments.orders.model import OrderFile, OrderLine

PAGE = 50
WHAT = "order file"


@dataclass(frozen=True, slots=True)
class OrdersAudit(Audit):
    """What a verification of files of orders counted and found."""

    files: int
    orders: int


def verify_orders(tx: Tx) -> OrdersAudit:
    """Meet every order with what pays it."""
    found, files, orders, taken, after = list[Finding](), 0, 0, 0, ""
    while page := store.page(tx, after, PAGE):
        lines = store.lines(tx, [each.id for each in page])
        files, orders = files + len(page), orders + len(lines)
        own = store.taken_of(tx, [each.id for each in page])
        taken += len(own)
        found += [*_files(page, lines, own), *_here(tx, lines), *_by_rail(tx, lines)]
        after = page[-1].id
    found += [Finding(WHAT, each, "its orders have no file") for each in store.strays(tx)]
    if (there := store.taken_in_all(tx)) != taken:
        found.append(Finding(WHAT, "all", f"{there} orders are taken, and {taken} of files that are there"))
    return OrdersAudit(files, orders, findings=tuple(found))


def _files(
    files: Sequence[OrderFile], lines: Sequence[OrderLine], own: Mapping[tuple[str, int], tuple[str, str]]
) -> Iterator[Finding]:
    taken = dict(own)
    for each in files:
        its = [line for line in lines if line.file_id == each.id]
        if [line.number for line in its] != list(range(1, each.lines + 1)):
            yield Finding(WHAT, each.id, f"it has {each.lines} orders, and {len(its)} are there")
        wrong = {"brought": ("waits", "made"), "agreed": ("understood",), "withdrawn": ("understood", "waits", "made")}
        if any(line.state in wrong[each.state] for line in its):
            yield Finding(WHAT, each.id, f"it is {each.state}, and an order of it stands otherwise")
    for line in lines:
        there = taken.pop((line.file_id, line.number), None)
        said = (store.taken_id(line.party_id, line.taken_as), line.digest)
        if line.state in ("waits", "made") and there != said:
            yield Finding(WHAT, line.file_id, f"order {line.number} is paid and was not taken as its own")
        if line.state in ("known", "understood") and there is not None:
            yield Finding(WHAT, line.file_id, f"order {line.number} was taken and is not paid")
    for file_id, number in taken:
        yield Finding(WHAT, file_id, f"order {number} was taken and is not there")


def _here(tx: Tx, lines: Sequence[OrderLine]) -> Iterator[Finding]:
    """Transfers that orders are paid by, and that they are not: of each order the one that would be its."""
    entries = {}
    for line in lines:
        if line.way == "here" and line.amount is not None and line.payee:
            name = rules.transfer_id(line)
            command = Transfer(line.party_id, line.payee, line.amount, line.memo, name)
            entries[line] = wallets.transfer_entry(name, command, tx.business_date, tx.home)
    posted = ledger.found_by_id(tx, [each.id for each in entries.values()])
    for line, entry in entries.items():
        there = posted.get(entry.id)
        if (there is not None) != (line.state == "made"):
            yield Finding(WHAT, line.file_id, f"order {line.number} is {line.state}, and the books say otherwise")
        elif there is not None and set(there.entry.postings) != set(entry.postings):
            yield Finding(WHAT, line.file_id, f"order {line.number} moved something else")


def _by_rail(tx: Tx, lines: Sequence[OrderLine]) -> Iterator[Finding]:
    """Movements that orders are paid by: of their amount and customer, and each of one order."""
    made = [each for each in lines if each.way == "rail" and each.state == "made"]
    moved = movements.rail_movements(tx, [each.payment_id for each in made]) if made else {}
    seen: set[str] = set()
    for line in made:
        movement = moved[line.payment_id][0] if line.payment_id in moved else None
        says = (line.party_id, "out", line.amount)
        if movement is None or (movement.party_id, movement.direction, movement.amount) != says:
            yield Finding(WHAT, line.file_id, f"order {line.number} is made and no pay-out is its own")
        if line.payment_id in seen:
            yield Finding(WHAT, line.file_id, f"order {line.number} is paid by a pay-out of another order")
        seen.add(line.payment_id)
