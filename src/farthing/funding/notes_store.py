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
    SELECT %(loan_id)s, new.holder, %(from_on)s, new.position, %(currency)s, new.principal
    FROM unnest(%(holder)s::text[], %(position)s::integer[], %(principal)s::bigint[]) AS new (holder, position, principal)
    ON CONFLICT (loan_id, holder, from_on) DO NOTHING
"""
OF_LOANS: LiteralString = """
    SELECT loan_id, holder, from_on, currency, principal_minor FROM funding_note WHERE loan_id = ANY(%(ids)s)
    ORDER BY loan_id, from_on, position
"""
HELD_BY: LiteralString = "SELECT DISTINCT loan_id FROM funding_note WHERE holder = %(holder)s"


def issue(tx: Tx, notes: Sequence[Note]) -> None:
    """Keep the notes of one loan from one day on; those that are known stay as they are."""
    first = notes[0]
    tx.execute(
        ISSUE,
        {
            "loan_id": first.loan_id,
            "from_on": first.from_on,
            "currency": first.principal.currency,
            "holder": rows.texts([note.holder for note in notes]),
            "position": list(range(1, len(notes) + 1)),
            "principal": [note.principal.minor for note in notes],
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
