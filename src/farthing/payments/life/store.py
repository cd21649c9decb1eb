"""Read and write ``rail_fact``, ``rail_place`` and ``rail_suspense``. Never decides, never changes a fact."""

from __future__ import annotations

from collections.abc import Sequence
from typing import LiteralString

from farthing.db import rows
from farthing.db.tx import Row, Tx
from farthing.kit.money import Money
from farthing.payments.life.model import Fact, Suspended, Told

KEEP: LiteralString = """
    INSERT INTO rail_fact (payment_id, id, number, kind, source, effect, state, amount_minor, fee_minor, currency, reference,
        reason_code, reason, value_on, recorded_on, recorded_at)
    SELECT payment_id, id, number, kind, source, effect, state, nullif(amount_minor, -1), nullif(fee_minor, -1), currency,
        reference, reason_code, reason, nullif(value_on, '')::date, %(on)s, %(at)s
    FROM unnest(%(payments)s::text[], %(ids)s::text[], %(numbers)s::bigint[], %(kinds)s::text[], %(sources)s::text[],
            %(effects)s::text[], %(states)s::text[], %(amounts)s::bigint[], %(fees)s::bigint[], %(currencies)s::text[],
            %(references)s::text[], %(reason_codes)s::text[], %(reasons)s::text[], %(value_on)s::text[])
        AS new (payment_id, id, number, kind, source, effect, state, amount_minor, fee_minor, currency, reference,
            reason_code, reason, value_on)
    ON CONFLICT (payment_id, id) DO NOTHING
"""
KNOWN: LiteralString = "SELECT payment_id, id, amount_minor FROM rail_fact WHERE payment_id = ANY(%(payments)s::text[])"
OF: LiteralString = """
    SELECT payment_id, id, number, kind, source, effect, state, amount_minor, fee_minor, currency, reference, reason_code,
           reason, value_on, recorded_on, recorded_at
    FROM rail_fact WHERE payment_id = %(payment_id)s ORDER BY number, id
"""

PLACE: LiteralString = "SELECT place FROM rail_place WHERE id = %(rail)s"
BEGIN_PLACE: LiteralString = """
    INSERT INTO rail_place (id, place, heard_at) VALUES (%(rail)s, '', %(at)s) ON CONFLICT (id) DO NOTHING
"""
HELD_PLACE: LiteralString = "UPDATE rail_place SET heard_at = %(at)s WHERE id = %(rail)s RETURNING place"
MOVE_PLACE: LiteralString = "UPDATE rail_place SET place = %(place)s WHERE id = %(rail)s"
SUSPEND: LiteralString = """
    INSERT INTO rail_suspense (id, rail, currency, amount_minor, counterparty, reference, reason, arrived_on, arrived_at, state)
    SELECT id, rail, currency, amount_minor, counterparty, reference, reason, %(on)s, %(at)s, 'open'
    FROM unnest(%(ids)s::text[], %(rails)s::text[], %(currencies)s::text[], %(amounts)s::bigint[], %(counterparties)s::text[],
            %(references)s::text[], %(reasons)s::text[])
        AS new (id, rail, currency, amount_minor, counterparty, reference, reason)
    ON CONFLICT (id) DO NOTHING
"""
SUSPENSE: LiteralString = """
    SELECT id, rail, currency, amount_minor, counterparty, reference, reason, arrived_on, arrived_at, state, party_id,
        movement_id, note
    FROM rail_suspense WHERE state = 'open' OR %(everything)s::boolean ORDER BY arrived_at, id LIMIT %(limit)s
"""
SUSPENDED: LiteralString = """
    SELECT id, rail, currency, amount_minor, counterparty, reference, reason, arrived_on, arrived_at, state, party_id,
        movement_id, note
    FROM rail_suspense WHERE id = %(id)s
"""
REFERENCES: LiteralString = (
    "SELECT payment_id, id, reference FROM rail_fact WHERE payment_id = ANY(%(payments)s::text[])"
)
SUSPENDED_ALL: LiteralString = """
    SELECT id, rail, currency, amount_minor, counterparty, reference, reason, arrived_on, arrived_at, state, party_id,
        movement_id, note
    FROM rail_suspense WHERE id = ANY(%(ids)s::text[])
"""
DECIDE: LiteralString = """
    UPDATE rail_suspense SET state = %(state)s, party_id = %(party_id)s, movement_id = %(movement_id)s, decided_by = %(by)s,
        decided_at = %(at)s, note = %(note)s
    WHERE id = %(id)s AND state = 'open'
"""
REOPEN: LiteralString = """
    UPDATE rail_suspense SET state = 'open', movement_id = NULL, decided_by = NULL, decided_at = NULL, note = ''
    WHERE movement_id = ANY(%(movements)s::text[]) AND state = 'sent_back'
"""
LIVES: LiteralString = """
    SELECT payment_id, id, number, kind, source, effect, state, amount_minor, fee_minor, currency, reference, reason_code,
        reason, value_on, recorded_on, recorded_at
    FROM rail_fact WHERE payment_id > %(after)s ORDER BY payment_id, number, id LIMIT %(limit)s
"""
IN_SUSPENSE: LiteralString = """
    SELECT rail, currency, state, movement_id, amount_minor FROM rail_suspense WHERE state IN ('open', 'sent_back')
"""


def keep(tx: Tx, told: Sequence[tuple[Told, str]]) -> int:
    """Keep facts, each with its movement's currency; one that is kept already stays as it is."""
    if not told:
        return 0
    facts = [each.fact for each, _ in told]
    return tx.execute(
        KEEP,
        {
            "on": tx.business_date,
            "at": tx.now,
            "payments": rows.texts([each.payment_id for each in facts]),
            "ids": rows.texts([each.id for each in facts]),
            "numbers": rows.int8s([each.number for each, _ in told]),
            "kinds": rows.texts([each.kind for each in facts]),
            "sources": rows.texts([each.source for each in facts]),
            "effects": rows.texts([each.effect for each, _ in told]),
            "states": rows.texts([each.state for each, _ in told]),
            "amounts": rows.int8s([-1 if each.amount is None else each.amount.minor for each in facts]),
            "fees": rows.int8s([-1 if each.fee is None else each.fee.minor for each in facts]),
            "currencies": rows.texts(
                [each.amount.currency if each.amount else home for (_, home), each in zip(told, facts, strict=True)]
            ),
            "references": rows.texts([each.reference for each in facts]),
            "reason_codes": rows.texts([each.reason_code for each in facts]),
            "reasons": rows.texts([each.reason for each in facts]),
            "value_on": rows.texts([each.value_on.isoformat() if each.value_on else "" for each in facts]),
        },
    )


def known(tx: Tx, payment_ids: Sequence[str]) -> dict[str, dict[str, int | None]]:
    """The ids of the facts of movements, each with what it says came back."""
    found: dict[str, dict[str, int | None]] = {}
    for payment_id, fact_id, minor in tx.tuples(KNOWN, {"payments": rows.texts(sorted(set(payment_ids)))}):
        found.setdefault(payment_id, {})[fact_id] = minor
    return found


def of(tx: Tx, payment_id: str) -> list[Told]:
    """What was heard of a movement, oldest first."""
    return [_told(row) for row in tx.rows(OF, {"payment_id": payment_id})]


def _told(row: Row) -> Told:
    def money(name: str) -> Money | None:
        return None if row[name] is None else Money(row[name], row["currency"])

    fact = Fact(
        row["payment_id"], row["id"], row["kind"], row["source"], money("amount_minor"), money("fee_minor"),
        row["reference"], row["reason_code"], row["reason"], row["value_on"],
    )  # fmt: skip
    return Told(fact, row["number"], row["effect"], row["state"], row["recorded_on"], row["recorded_at"])


def place(tx: Tx, rail: str) -> str:
    """The last notice of a rail that was taken; nothing before the first."""
    found = tx.maybe(PLACE, {"rail": rail})
    return str(found["place"]) if found else ""


def held_place(tx: Tx, rail: str) -> str:
    """The same, held until the transaction ends: whoever else takes notices of this rail waits."""
    tx.execute(BEGIN_PLACE, {"rail": rail, "at": tx.now})
    return str(tx.one(HELD_PLACE, {"rail": rail, "at": tx.now})["place"])


def move_place(tx: Tx, rail: str, place: str) -> None:
    """Note the last notice that was taken."""
    tx.execute(MOVE_PLACE, {"rail": rail, "place": place})


def suspend(tx: Tx, arrived: Sequence[Suspended]) -> int:
    """Keep money that is nobody's yet; answers how many were new."""
    return tx.execute(
        SUSPEND,
        {
            "on": tx.business_date,
            "at": tx.now,
            "ids": rows.texts([each.id for each in arrived]),
            "rails": rows.texts([each.rail for each in arrived]),
            "currencies": rows.texts([each.amount.currency for each in arrived]),
            "amounts": rows.int8s([each.amount.minor for each in arrived]),
            "counterparties": rows.texts([each.counterparty for each in arrived]),
            "references": rows.texts([each.reference for each in arrived]),
            "reasons": rows.texts([each.reason for each in arrived]),
        },
    )


def suspense(tx: Tx, everything: bool, limit: int) -> list[Suspended]:
    """Money in suspense, the oldest first; or all that ever was."""
    return [_suspended(row) for row in tx.rows(SUSPENSE, {"everything": everything, "limit": limit})]


def suspended(tx: Tx, suspense_id: str) -> Suspended | None:
    """One of them, decided or not."""
    row = tx.maybe(SUSPENDED, {"id": suspense_id})
    return _suspended(row) if row else None


def suspended_all(tx: Tx, ids: Sequence[str]) -> dict[str, Suspended]:
    """Those of them that there are, by their ids."""
    found = tx.rows(SUSPENDED_ALL, {"ids": rows.texts(ids)}) if ids else []
    return {row["id"]: _suspended(row) for row in found}


def references(tx: Tx, steps: Sequence[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """What a rail calls each of some facts, by movement and fact."""
    wanted = sorted({payment_id for payment_id, _ in steps})
    found = tx.tuples(REFERENCES, {"payments": rows.texts(wanted)}) if wanted else []
    told = {(payment_id, fact_id): reference for payment_id, fact_id, reference in found}
    return {step: told[step] for step in steps if told.get(step)}


def decide(tx: Tx, suspense_id: str, state: str, party_id: str | None, movement_id: str | None, note: str) -> bool:
    """Keep what became of it; not where something had before."""
    values = {
        "id": suspense_id, "state": state, "party_id": party_id, "movement_id": movement_id, "note": note,
        "by": tx.actor.id, "at": tx.now,
    }  # fmt: skip
    return tx.execute(DECIDE, values) == 1


def _suspended(row: Row) -> Suspended:
    return Suspended(
        row["id"], row["rail"], Money(row["amount_minor"], row["currency"]), row["counterparty"], row["reference"],
        row["reason"], row["arrived_on"], row["arrived_at"], row["state"], row["party_id"], row["movement_id"], row["note"],
    )  # fmt: skip


def reopen(tx: Tx, movement_ids: Sequence[str]) -> None:
    """What was to be sent back by these movements waits again for somebody."""
    tx.execute(REOPEN, {"movements": rows.texts(movement_ids)})


def lives(tx: Tx, after: str, limit: int) -> list[Told]:
    """Facts of all movements after one, movement by movement, in the order in which they were heard."""
    return [_told(row) for row in tx.rows(LIVES, {"after": after, "limit": limit})]


def in_suspense(tx: Tx) -> list[Row]:
    """All that lies in suspense, or was to be sent back from it."""
    return tx.rows(IN_SUSPENSE)
