"""Read and write ``market_batch`` and ``market_offered``. Never decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import LiteralString

from farthing.db import rows
from farthing.db.tx import Row, Tx
from farthing.funding.clearing.fairness import Fairness
from farthing.funding.market.batches_model import MarketBatch, Offered
from farthing.kit.money import Money

_SHOWN: LiteralString = """
    id, rule, opened_at, opened_on, state, currency, listings, mandates, asked_minor, offered_minor, digest, funded_minor,
    fills_digest, gini, lowest, median, highest, envied, done_at
"""
INSERT: LiteralString = """
    INSERT INTO market_batch (
        id, slot, rule, opened_at, opened_on, state, currency, listings, mandates, asked_minor, offered_minor, digest, document
    ) VALUES (
        %(id)s, %(slot)s, %(rule)s, %(at)s, %(on)s, 'opened', %(currency)s, %(listings)s, %(mandates)s, %(asked)s, %(offered)s,
        %(digest)s, %(document)s
    ) ON CONFLICT (id) DO NOTHING
"""
BATCH: LiteralString = f"SELECT {_SHOWN} FROM market_batch WHERE id = %(id)s"
LOCK: LiteralString = f"UPDATE market_batch SET state = state WHERE id = %(id)s RETURNING {_SHOWN}"
UNFINISHED: LiteralString = f"SELECT {_SHOWN} FROM market_batch WHERE state = 'opened' ORDER BY id LIMIT 1"
LATEST: LiteralString = f"""
    SELECT {_SHOWN} FROM market_batch WHERE (opened_at, id) < (%(at)s, %(before)s)
    ORDER BY opened_at DESC, id DESC LIMIT %(limit)s
"""
DOCUMENT: LiteralString = "SELECT document FROM market_batch WHERE id = %(id)s"
DONE: LiteralString = """
    UPDATE market_batch SET state = 'done', funded_minor = %(funded)s, fills_digest = %(fills_digest)s, gini = %(gini)s,
        lowest = %(lowest)s, median = %(median)s, highest = %(highest)s, envied = %(envied)s, done_at = %(at)s
    WHERE id = %(id)s
"""
OFFER: LiteralString = """
    INSERT INTO market_offered (batch_id, name, mandate_id, party_id, offered_minor)
    SELECT %(batch_id)s, new.name, new.mandate_id, new.party_id, new.offered
    FROM unnest(%(names)s::text[], %(mandates)s::text[], %(parties)s::text[], %(offered)s::bigint[])
        AS new (name, mandate_id, party_id, offered)
"""
HELD: LiteralString = """
    SELECT * FROM market_offered WHERE batch_id = %(batch_id)s AND placed_minor IS NULL ORDER BY name LIMIT %(limit)s
"""
PLACED: LiteralString = """
    UPDATE market_offered AS offered SET placed_minor = new.placed
    FROM unnest(%(names)s::text[], %(placed)s::bigint[]) AS new (name, placed)
    WHERE offered.batch_id = %(batch_id)s AND offered.name = new.name
"""
OF_MANDATE: LiteralString = """
    SELECT * FROM market_offered WHERE mandate_id = %(mandate_id)s AND batch_id = %(batch_id)s
"""
ALL_OFFERED: LiteralString = "SELECT * FROM market_offered WHERE batch_id = %(batch_id)s ORDER BY name"
WAITS: LiteralString = """
    SELECT 1 FROM market_offered WHERE batch_id = %(batch_id)s AND party_id = %(party_id)s AND placed_minor IS NULL
"""
WAITING: LiteralString = """
    SELECT DISTINCT party_id FROM market_offered
    WHERE batch_id = %(batch_id)s AND party_id = ANY(%(parties)s) AND placed_minor IS NULL
"""
BY_IDS: LiteralString = f"SELECT {_SHOWN} FROM market_batch WHERE id = ANY(%(ids)s)"
BATCHES_OF: LiteralString = """
    SELECT batch_id FROM market_offered WHERE mandate_id = %(mandate_id)s
"""


def insert(tx: Tx, slot: str, batch: MarketBatch, document: str) -> bool:
    """Keep a batch that is opened; false where its slot has one."""
    return tx.execute(INSERT, {
        "id": batch.id, "slot": slot, "rule": batch.rule, "at": batch.opened_at, "on": batch.opened_on,
        "currency": batch.asked.currency, "listings": batch.listings, "mandates": batch.mandates, "asked": batch.asked.minor,
        "offered": batch.offered.minor, "digest": batch.digest, "document": document,
    }) == 1  # fmt: skip


def batch(tx: Tx, batch_id: str) -> MarketBatch | None:
    """A batch, or none."""
    row = tx.maybe(BATCH, {"id": batch_id})
    return _batch(row) if row else None


def by_ids(tx: Tx, ids: Sequence[str]) -> list[MarketBatch]:
    """Batches of these ids, those that there are."""
    return [_batch(row) for row in tx.rows(BY_IDS, {"ids": rows.texts(ids)})] if ids else []


def locked(tx: Tx, batch_id: str) -> MarketBatch | None:
    """A batch, held until this transaction ends, or none."""
    row = tx.maybe(LOCK, {"id": batch_id})
    return _batch(row) if row else None


def unfinished(tx: Tx) -> MarketBatch | None:
    """A batch that is not done, or none."""
    row = tx.maybe(UNFINISHED, {})
    return _batch(row) if row else None


def latest(tx: Tx, before: MarketBatch | None, limit: int) -> list[MarketBatch]:
    """Batches, the latest first, from before one."""
    at, ident = (before.opened_at, before.id) if before else ("infinity", "")
    return [_batch(row) for row in tx.rows(LATEST, {"at": at, "before": ident, "limit": limit})]


def document(tx: Tx, batch_id: str) -> str:
    """What of a batch is published."""
    return str(tx.one(DOCUMENT, {"id": batch_id})["document"])


def done(tx: Tx, batch_id: str, funded: int, fills_digest: str, fairness: Fairness) -> None:
    """Keep what a batch came to."""
    lowest, median, highest = fairness.parts
    tx.execute(DONE, {
        "id": batch_id, "funded": funded, "fills_digest": fills_digest, "gini": fairness.gini, "lowest": lowest,
        "median": median, "highest": highest, "envied": fairness.envied, "at": tx.now,
    })  # fmt: skip


def offer(tx: Tx, batch_id: str, offered: Sequence[Offered]) -> None:
    """Keep what mandates offer in a batch."""
    if offered:
        tx.execute(OFFER, {
            "batch_id": batch_id, "names": rows.texts([each.name for each in offered]),
            "mandates": rows.texts([each.mandate_id for each in offered]),
            "parties": rows.texts([each.party_id for each in offered]),
            "offered": rows.int8s([each.offered.minor for each in offered]),
        })  # fmt: skip


def held(tx: Tx, batch_id: str, currency: str, limit: int) -> list[Offered]:
    """The first of what is still held for a batch, by name."""
    found = tx.rows(HELD, {"batch_id": batch_id, "limit": limit})
    return [_offered(row, currency) for row in found]


def placed(tx: Tx, batch_id: str, minors: Mapping[str, int]) -> None:
    """Keep what was placed of what was held, by name; the rest is free again."""
    named = {"names": rows.texts(list(minors)), "placed": rows.int8s(list(minors.values()))}
    tx.execute(PLACED, {"batch_id": batch_id, **named})


def offered(tx: Tx, batch_id: str, mandate_id: str, currency: str) -> Offered | None:
    """What a mandate offered in a batch, or none."""
    row = tx.maybe(OF_MANDATE, {"batch_id": batch_id, "mandate_id": mandate_id})
    return _offered(row, currency) if row else None


def waits(tx: Tx, batch_id: str, party_id: str) -> bool:
    """Whether something that a lender offered in a batch is not placed yet."""
    return tx.maybe(WAITS, {"batch_id": batch_id, "party_id": party_id}) is not None


def waiting(tx: Tx, batch_id: str, parties: Sequence[str]) -> set[str]:
    """As :func:`waits`, of several lenders: those of them of whom something is not placed yet."""
    return {str(row[0]) for row in tx.tuples(WAITING, {"batch_id": batch_id, "parties": rows.texts(parties)})}


def all_offered(tx: Tx, batch_id: str, currency: str) -> list[Offered]:
    """What all mandates offered in a batch, by name."""
    return [_offered(row, currency) for row in tx.rows(ALL_OFFERED, {"batch_id": batch_id})]


def batches_of(tx: Tx, mandate_id: str) -> list[str]:
    """The batches in which a mandate offered anything."""
    return [str(row[0]) for row in tx.tuples(BATCHES_OF, {"mandate_id": mandate_id})]


def _batch(row: Row) -> MarketBatch:
    currency = row["currency"]
    funded = None if row["funded_minor"] is None else Money(row["funded_minor"], currency)
    return MarketBatch(
        row["id"], row["rule"], row["opened_at"], row["opened_on"], row["state"], row["listings"], row["mandates"],
        Money(row["asked_minor"], currency), Money(row["offered_minor"], currency), row["digest"], funded, row["fills_digest"],
        row["gini"], row["lowest"], row["median"], row["highest"], row["envied"], row["done_at"],
    )  # fmt: skip


def _offered(row: Row, currency: str) -> Offered:
    placed = None if row["placed_minor"] is None else Money(row["placed_minor"], currency)
    return Offered(
        row["batch_id"], row["name"], row["mandate_id"], row["party_id"], Money(row["offered_minor"], currency), placed,
        placed is None,
    )  # fmt: skip
