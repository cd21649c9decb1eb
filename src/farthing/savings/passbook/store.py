"""Read from ``deposit_event`` what a customer drew in a day. Never decides."""

from __future__ import annotations

from datetime import date
from typing import LiteralString

from farthing.db.tx import Tx
from farthing.kit.money import Money

DRAWN: LiteralString = """
    SELECT coalesce(sum(e.principal_out_minor), 0) AS minor
    FROM deposit_event AS e JOIN deposit AS d ON d.id = e.deposit_id
    WHERE d.party_id = %(party_id)s AND d.currency = %(currency)s AND e.happened_on = %(on)s
      AND e.what IN ('withdraw', 'close')
"""


def drawn(tx: Tx, party_id: str, currency: str, on: date) -> Money:
    """What a customer drew from all deposits on a day, in cash or not."""
    values = {"party_id": party_id, "currency": currency, "on": on}
    return Money(int(tx.one(DRAWN, values)["minor"]), currency)
