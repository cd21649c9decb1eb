"""Read and write ``reference_rate``. Never decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import LiteralString

from farthing.db import rows
from farthing.db.tx import Row, Tx
from farthing.products.reference.model import SetReferenceRate

INSERT: LiteralString = """
    INSERT INTO reference_rate (id, rate, name, name_zh, currency, effective_on, annual, source, source_zh, set_at,
                                set_by)
    SELECT new.id, %(rate)s, %(name)s, %(name_zh)s, %(currency)s, new.effective_on, new.annual, %(source)s, %(source_zh)s,
        %(set_at)s, %(set_by)s
    FROM unnest(%(ids)s::text[], %(from)s::date[], %(annual)s::numeric[]) AS new (id, effective_on, annual)
    ON CONFLICT (id) DO NOTHING
"""
LIST: LiteralString = """
    SELECT rate, name, name_zh, currency, effective_on, annual, source, source_zh, set_by FROM reference_rate
    WHERE %(rate)s::text = '' OR rate = %(rate)s::text ORDER BY rate, effective_on
"""


def insert(tx: Tx, command: SetReferenceRate, figures: Sequence[tuple[date, Decimal]]) -> int:
    """Keep figures, all at once; answers how many: fewer where one stands for its day."""
    return tx.execute(INSERT, {
        "rate": command.rate, "name": command.name, "name_zh": command.name_zh, "currency": command.currency,
        "source": command.source, "source_zh": command.source_zh, "set_at": tx.now, "set_by": tx.actor.id,
        "ids": rows.texts([f"{command.rate}@{on}" for on, _ in figures]), "from": rows.dates([on for on, _ in figures]),
        "annual": [annual for _, annual in figures],
    })  # fmt: skip


def figures(tx: Tx, rate: str = "") -> list[Row]:
    """The figures of a reference rate, or of all, in the order of their days."""
    return tx.rows(LIST, {"rate": rate})
