"""Read and write ``funding_note``. Never decides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import LiteralString

from farthing.db import rows
from farthing.db.tx import Tx
from farthing.funding.shares import Note
from farthing.kit.money import Money

ISSUE: LiteralString = """
    INSERT INTO funding_note (loan_id, holder, from_on, position, currency, principal_minor)
    SELECT new.loan_id, new.holder, new.from_on, new.position, new.currency, new.principal
    FROM unnest(%(loan_id)s::text[], %(holder)s::text[], %(from_on)s::date[], %(position)s::integer[], %(currency)s::text[],
                %(principal)s::bigint[]) AS new (loan_id, holder, from_on, position, currency, principal)
    ON CONFLICT (loan_id, holder, from_on) DO NOTHING
"""
OF_LOANS: LiteralString = """
    SELECT loan_id, holder, from_on, currency, principal_minor FROM funding_note WHERE loan_id = ANY(%(ids)s)
    ORDER BY loan_id, from_on, position
"""
HELD_BY: LiteralString = "SELECT DISTINCT loan_id FROM funding_note WHERE holder = %(holder)s"


def issue(tx: Tx, loans: Sequence[Sequence[Note]]) -> None:
    """Keep the notes of some loans, of each in their order; those that are known stay as they are."""
    notes = [(position, note) for one in loans for position, note in enumerate(one, start=1)]
    if notes:
        tx.execute(
            ISSUE,
            {
                "loan_id": rows.texts([note.loan_id for _, note in notes]),
                "holder": rows.texts([note.holder for _, note in notes]),
                "from_on": rows.dates([note.from_on for _, note in notes]),
                "position": rows.int4s([position for position, _ in notes]),
                "currency": rows.texts([note.principal.currency for _, note in notes]),
                "principal": rows.int8s([note.principal.minor for _, note in notes]),
            },
        )


def of_loans(tx: Tx, ids: Sequence[str]) -> dict[str, list[Note]]:
    """All notes of some loans, the oldest first, in the order of their positions."""
    found: dict[str, list[Note]] = {}
    for row in tx.rows(OF_LOANS, {"ids": rows.texts(ids)}) if ids else []:
        note = Note(row["loan_id"], row["holder"], row["from_on"], Money(row["principal_minor"], row["currency"]))
        found.setdefault(note.loan_id, []).append(note)
    return found


def held_by(tx: Tx, holder: str) -> list[str]:
    """The loans of which somebody holds a note, or did."""
    return [str(row["loan_id"]) for row in tx.rows(HELD_BY, {"holder": holder})]
