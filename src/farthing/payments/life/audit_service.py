"""Run the verification of movements: each lived again from its facts, and what is in transit and in suspense met with the
books. Never writes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from farthing.db.tx import Tx
from farthing.kit.findings import Audit, Finding
from farthing.ledger import service as ledger
from farthing.ledger.chart import in_transit_path, suspense_path
from farthing.payments import store as movements
from farthing.payments.life import rules, store
from farthing.payments.life.model import Told

AT_ONCE = 5_000
"""Facts that are read at once."""


@dataclass(frozen=True, slots=True)
class MovementAudit(Audit):
    """What a verification of movements by rail counted and found."""

    movements: int
    facts: int


def verify_movements(tx: Tx) -> MovementAudit:
    """Live every movement again from its facts, and hold what is on its way or nobody's against the books."""
    findings: list[Finding] = []
    seen = facts = 0
    for chunk in _chunks(tx):
        stands = movements.rail_movements(tx, list(chunk))
        seen, facts = seen + len(chunk), facts + sum(len(each) for each in chunk.values())
        for payment_id, told in chunk.items():
            kept = stands.get(payment_id)
            if kept is None:
                findings.append(Finding("movement.without_row", payment_id, f"{len(told)} facts of no movement"))
            elif (lived := rules.lived(kept[0], told)) != kept[0]:
                problem = f"kept as {kept[0].state}, and its facts make it {lived.state}"
                findings.append(Finding("movement.differs", payment_id, problem))
    return MovementAudit(seen, facts, findings=(*findings, *_in_transit(tx), *_suspense(tx)))


def _chunks(tx: Tx) -> Iterator[dict[str, list[Told]]]:
    """The facts of movements, whole movements at a time."""
    after, limit = "", AT_ONCE
    while found := store.lives(tx, after, limit):
        chunk = {key: list(told) for key, told in groupby(found, lambda each: each.fact.payment_id)}
        if len(found) == limit:
            if len(chunk) == 1:
                limit *= 2
                continue
            chunk.popitem()
        after = next(reversed(chunk))
        yield chunk


def _in_transit(tx: Tx) -> Iterator[Finding]:
    on_its_way = {
        in_transit_path(rail, money, tx.home): minor for (rail, money), minor in movements.in_transit(tx).items()
    }
    yield from _met(tx, "liabilities:in-transit", "movement.in_transit", on_its_way)


def _suspense(tx: Tx) -> Iterator[Finding]:
    items = store.in_suspense(tx)
    back = movements.rail_movements(tx, [row["movement_id"] for row in items if row["movement_id"]])
    sums: defaultdict[str, int] = defaultdict(int)
    for row in items:
        held = row["movement_id"] in back and back[row["movement_id"]][0].state in ("asked", "unknown")
        if row["state"] == "open" or held:
            sums[suspense_path(row["rail"], row["currency"], tx.home)] += row["amount_minor"]
    yield from _met(tx, "liabilities:suspense", "movement.suspense", sums)


def _met(tx: Tx, prefix: str, what: str, told: dict[str, int]) -> Iterator[Finding]:
    """Where the books differ from what movements say lies on the accounts below a path."""
    books = {each.path: each.owed().minor for each in ledger.balances(tx, prefix)}
    for path in sorted(books.keys() | told.keys()):
        if books.get(path, 0) != told.get(path, 0):
            yield Finding(what, path, f"the books say {books.get(path, 0)}, the movements {told.get(path, 0)}")
