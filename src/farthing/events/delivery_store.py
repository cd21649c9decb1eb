"""Own the SQL of the table ``webhook_delivery``: what was sent to an address, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from farthing.db import rows
from farthing.db.tx import Row, Tx
from farthing.events.model import Delivered, Delivery, DeliveryReason, DeliveryState, Event

INSERT = """
INSERT INTO webhook_delivery (webhook_id, id, reason, event_id, event_type, cursor, planned_at, state, attempts, problem)
SELECT %(webhook_id)s, id, %(reason)s, event_id, event_type, cursor, %(planned_at)s, 'waiting', 0, ''
FROM unnest(%(ids)s::text[], %(event_ids)s::text[], %(event_types)s::text[], %(cursors)s::text[])
    AS new (id, event_id, event_type, cursor)
"""

DELIVERIES = """
SELECT webhook_id, id, reason, event_id, event_type, cursor, planned_at, state, attempts, status, problem, tried_at
FROM webhook_delivery
WHERE webhook_id = %(webhook_id)s AND (%(before)s::text IS NULL OR id < %(before)s::text)
ORDER BY id DESC LIMIT %(limit)s
"""

DELIVERY = """
SELECT webhook_id, id, reason, event_id, event_type, cursor, planned_at, state, attempts, status, problem, tried_at
FROM webhook_delivery WHERE webhook_id = %(webhook_id)s AND id = %(id)s
"""

TRIED = """
UPDATE webhook_delivery
SET state = %(state)s, attempts = %(attempts)s, status = %(status)s, problem = %(problem)s, tried_at = %(tried_at)s
WHERE webhook_id = %(webhook_id)s AND id = %(id)s AND state = 'waiting'
"""

END = """
UPDATE webhook_delivery SET state = %(state)s
WHERE webhook_id = %(webhook_id)s AND id = ANY(%(ids)s::text[]) AND state = 'waiting'
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """A delivery, and where its event stands in the log: empty for a test."""

    delivery: Delivery
    cursor: str


def insert(tx: Tx, webhook_id: str, reason: DeliveryReason, new: Sequence[tuple[str, Event]]) -> None:
    """Keep deliveries that are to be sent, each an id and its event."""
    told = [event for _, event in new]
    tx.execute(
        INSERT,
        {
            "webhook_id": webhook_id,
            "reason": reason,
            "planned_at": tx.wall_at,
            "ids": rows.texts([delivery_id for delivery_id, _ in new]),
            "event_ids": rows.texts([event.id for event in told]),
            "event_types": rows.texts([event.type for event in told]),
            "cursors": rows.texts([event.cursor for event in told]),
        },
    )


def deliveries(tx: Tx, webhook_id: str, before: str | None, limit: int) -> list[Delivery]:
    """Deliveries to an address, the newest first, those before one of them."""
    found = tx.rows(DELIVERIES, {"webhook_id": webhook_id, "before": before, "limit": limit})
    return [_kept(row).delivery for row in found]


def delivery(tx: Tx, webhook_id: str, delivery_id: str) -> Kept | None:
    """One delivery to an address."""
    row = tx.maybe(DELIVERY, {"webhook_id": webhook_id, "id": delivery_id})
    return None if row is None else _kept(row)


def tried(tx: Tx, came: Delivered) -> None:
    """Note what came of an attempt; one that ended stays as it ended."""
    tx.execute(
        TRIED,
        {"webhook_id": came.webhook_id, "id": came.errand_id, "state": came.outcome, "attempts": came.attempts,
         "status": came.status, "problem": came.problem, "tried_at": tx.wall_at},
    )  # fmt: skip


def end(tx: Tx, webhook_id: str, ids: Sequence[str], state: DeliveryState) -> None:
    """Note that deliveries are tried no more."""
    tx.execute(END, {"webhook_id": webhook_id, "ids": rows.texts(ids), "state": state})


def _kept(row: Row) -> Kept:
    reason: DeliveryReason = row["reason"]
    state: DeliveryState = row["state"]
    found = Delivery(
        row["id"], row["webhook_id"], reason, row["event_id"], row["event_type"], row["planned_at"], state, row["attempts"],
        row["status"], row["problem"], row["tried_at"],
    )  # fmt: skip
    return Kept(found, row["cursor"])
