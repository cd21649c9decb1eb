"""Read and write ``passbook_print``. Never decides."""

from __future__ import annotations

from dataclasses import asdict
from typing import LiteralString

from farthing.db.server import Collision
from farthing.db.tx import Tx
from farthing.savings.passbooks.model import Print

INSERT: LiteralString = """
    INSERT INTO passbook_print (deposit_id, number, book, first_row, rows, after_line, last_line, carried, printed_on, printed_at)
    VALUES (%(deposit_id)s, %(number)s, %(book)s, %(first_row)s, %(rows)s, %(after_line)s, %(last_line)s, %(carried)s,
            %(printed_on)s, %(printed_at)s)
    ON CONFLICT (deposit_id, number) DO NOTHING RETURNING number
"""
LAST: LiteralString = """
    SELECT deposit_id, number, book, first_row, rows, after_line, last_line, carried, printed_on, printed_at
    FROM passbook_print WHERE deposit_id = %(deposit_id)s ORDER BY number DESC LIMIT 1
"""


def insert(tx: Tx, made: Print) -> None:
    """Keep a printing; one that another printed meanwhile is a :class:`Collision`, upon which it is decided again."""
    if tx.maybe(INSERT, asdict(made)) is None:
        raise Collision("another printed into this passbook")


def last(tx: Tx, deposit_id: str) -> Print | None:
    """What was printed last into a deposit's passbook."""
    row = tx.maybe(LAST, {"deposit_id": deposit_id})
    return None if row is None else Print(**row)
