"""Own the SQL of the table ``webhook``; what is sent to one is ``delivery_store``'s."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from farthing.db import rows
from farthing.db.tx import Row, Tx
from farthing.events.model import Webhook, WebhookState
from farthing.events.rules import write_cursor

INSERT = """
INSERT INTO webhook (id, label, url, kinds, secret, state, problem, position, number, created_at, created_by)
VALUES (%(id)s, %(label)s, %(url)s, %(kinds)s::text[], %(secret)s, 'active', '', %(position)s, 0, %(created_at)s,
    %(created_by)s)
"""

WEBHOOKS = """
SELECT id, label, url, kinds, secret, state, problem, position, number, created_at, created_by, former_secret,
    former_until
FROM webhook
WHERE id > %(after)s ORDER BY id LIMIT %(limit)s
"""

WEBHOOK = """
SELECT id, label, url, kinds, secret, state, problem, position, number, created_at, created_by, former_secret,
    former_until
FROM webhook
WHERE id = %(id)s
"""

ACTIVE = "SELECT id FROM webhook WHERE state = 'active' ORDER BY id"

COUNT = "SELECT count(*) AS count FROM webhook WHERE state <> 'stopped'"

MOVE = """
UPDATE webhook SET position = %(to_position)s, number = %(to_number)s
WHERE id = %(id)s AND state = 'active' AND position = %(position)s AND number = %(number)s
"""

GIVE_UP = """
UPDATE webhook SET state = 'given_up', problem = %(problem)s, position = %(position)s, number = %(number)s
WHERE id = %(id)s AND state = 'active'
"""

RESUME = """
UPDATE webhook SET state = 'active', problem = '' WHERE id = %(id)s AND state = 'given_up'
"""

ROTATE = """
UPDATE webhook SET former_secret = CASE WHEN %(until)s::timestamptz IS NULL THEN NULL ELSE secret END,
    former_until = %(until)s::timestamptz, secret = %(secret)s
WHERE id = %(id)s AND state <> 'stopped'
"""

OTHERWISE = """
SELECT id, secret, former_secret FROM webhook
WHERE substring(secret FOR length(%(head)s::bytea)) <> %(head)s
   OR substring(former_secret FOR length(%(head)s::bytea)) <> %(head)s
ORDER BY id LIMIT %(limit)s
"""

ANEW = """
UPDATE webhook AS kept SET secret = new.secret_anew, former_secret = new.former_anew
FROM unnest(%(ids)s::text[], %(secret)s::bytea[], %(secret_anew)s::bytea[], %(former_secret)s::bytea[],
            %(former_secret_anew)s::bytea[]) AS new (id, secret, secret_anew, former, former_anew)
WHERE kept.id = new.id AND kept.secret = new.secret AND kept.former_secret IS NOT DISTINCT FROM new.former
"""

LAPSE = "UPDATE webhook SET former_secret = NULL, former_until = NULL WHERE former_until <= %(at)s"

STOP = "UPDATE webhook SET state = 'stopped' WHERE id = %(id)s AND state <> 'stopped'"


@dataclass(frozen=True, slots=True)
class Kept:
    """A webhook as it stands, with what only deliveries need: its sealed secret, the one before it while that signs as
    well, and its place."""

    webhook: Webhook
    secret: bytes
    former: bytes | None
    place: tuple[int, int]


def insert(tx: Tx, webhook: Webhook, secret: bytes, position: int) -> None:
    """Keep a new webhook, which is told of what comes at a position of the log or later."""
    tx.execute(
        INSERT,
        {"id": webhook.id, "label": webhook.label, "url": webhook.url, "kinds": rows.texts(webhook.kinds), "secret": secret,
         "position": position, "created_at": webhook.created_at, "created_by": webhook.created_by},
    )  # fmt: skip


def count(tx: Tx) -> int:
    """How many webhooks there are that were not stopped."""
    return int(tx.one(COUNT)["count"])


def webhooks(tx: Tx, after: str, limit: int) -> list[Webhook]:
    """Webhooks in the order in which they were made, stopped ones too."""
    return [_kept(row).webhook for row in tx.rows(WEBHOOKS, {"after": after, "limit": limit})]


def webhook(tx: Tx, webhook_id: str) -> Kept | None:
    """One webhook."""
    row = tx.maybe(WEBHOOK, {"id": webhook_id})
    return None if row is None else _kept(row)


def active(tx: Tx) -> Sequence[str]:
    """Ids of webhooks that are told of events."""
    return [row["id"] for row in tx.rows(ACTIVE)]


def move(tx: Tx, webhook_id: str, before: tuple[int, int], after: tuple[int, int]) -> bool:
    """Note up to where deliveries are planned; false where somebody else was faster, or it is told nothing any more."""
    values = {"id": webhook_id, "position": before[0], "number": before[1]}
    return tx.execute(MOVE, {**values, "to_position": after[0], "to_number": after[1]}) == 1


def give_up(tx: Tx, webhook_id: str, place: tuple[int, int], problem: str) -> bool:
    """Tell an address nothing until somebody resumes it, then from a place on."""
    values = {"id": webhook_id, "position": place[0], "number": place[1], "problem": problem}
    return tx.execute(GIVE_UP, values) == 1


def resume(tx: Tx, webhook_id: str) -> bool:
    """Tell an address again; false where it was not given up."""
    return tx.execute(RESUME, {"id": webhook_id}) == 1


def stop(tx: Tx, webhook_id: str) -> bool:
    """Tell an address nothing more; false where there is none, or it was stopped before."""
    return tx.execute(STOP, {"id": webhook_id}) == 1


def rotate(tx: Tx, webhook_id: str, secret: bytes, until: datetime | None) -> bool:
    """Sign by another secret, and by the one before it until an instant, or no longer; false where it is told nothing
    more, or there is none."""
    return tx.execute(ROTATE, {"id": webhook_id, "secret": secret, "until": until}) == 1


def lapse(tx: Tx, at: datetime) -> None:
    """Forget secrets whose time is over."""
    tx.execute(LAPSE, {"at": at})


def _kept(row: Row) -> Kept:
    state: WebhookState = row["state"]
    place = (row["position"], row["number"])
    made = Webhook(
        row["id"], row["label"], row["url"], tuple(row["kinds"]), state, row["created_at"], row["created_by"],
        write_cursor(place), row["problem"], row["former_until"],
    )  # fmt: skip
    former = row["former_secret"]
    return Kept(made, bytes(row["secret"]), None if former is None else bytes(former), place)
