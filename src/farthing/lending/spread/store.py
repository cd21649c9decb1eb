"""Read and write ``internal_rate``. Never decides."""

from __future__ import annotations

from typing import LiteralString

from psycopg.types.json import Jsonb

from farthing.db.tx import Row, Tx
from farthing.lending.spread.model import SetInternalRates

INSERT: LiteralString = """
    INSERT INTO internal_rate (id, currency, effective_on, rates, source, source_zh, set_at, set_by)
    VALUES (%(id)s, %(currency)s, %(effective_on)s, %(rates)s, %(source)s, %(source_zh)s, %(set_at)s, %(set_by)s)
    ON CONFLICT (id) DO NOTHING
"""
LIST: LiteralString = """
    SELECT currency, effective_on, rates, source, source_zh, set_by FROM internal_rate
    WHERE %(currency)s::text = '' OR currency = %(currency)s::text ORDER BY currency, effective_on
"""


def insert(tx: Tx, command: SetInternalRates) -> bool:
    """Keep an edition; false where one stands for its day."""
    return tx.execute(INSERT, {
        "id": f"{command.currency}@{command.effective_on}", "currency": command.currency,
        "effective_on": command.effective_on, "rates": Jsonb({"demand": command.demand, "terms": command.terms}),
        "source": command.source, "source_zh": command.source_zh, "set_at": tx.now, "set_by": tx.actor.id,
    }) == 1  # fmt: skip


def editions(tx: Tx, currency: str = "") -> list[Row]:
    """The editions of a currency's curve, or of all, in the order of their days."""
    return tx.rows(LIST, {"currency": currency})
