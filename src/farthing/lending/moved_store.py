"""Read ``loan_event`` for what events moved of obligations since a day: a past day is told from today's obligations less that.

It is asked first, by the index of the days of events, and handed to the statement that needs it.
"""

from __future__ import annotations

from datetime import date
from typing import Any, LiteralString

from farthing.db import rows
from farthing.db.tx import Row, Tx

MOVED_SINCE: LiteralString = """
    SELECT loan_id, (move ->> 'number')::integer AS instalment, move ->> 'component' AS component,
        sum((move ->> 'paid')::bigint + (move ->> 'waived')::bigint + (move ->> 'written_off')::bigint
            - (move ->> 'amount')::bigint)::bigint AS back,
        (array_agg((move ->> 'was_due_on')::date ORDER BY number) FILTER (WHERE move ->> 'was_due_on' IS NOT NULL))[1]
            AS was_due_on
    FROM loan_event, jsonb_array_elements(moves) AS move
    WHERE on_day > %(on)s AND move ->> 'component' <> 'penalty'
    GROUP BY loan_id, instalment, component
"""


def since(tx: Tx, on: date) -> dict[str, Any]:
    """The obligations that moved since the end of a day, as five columns: ``loans``, ``numbers``, ``components``; ``backs``, what
    more was left of each then, in minor units; and ``days``, when each fell due then, where that was another day. Penalties,
    which are owed by the day, are left out."""
    moved: list[Row] = tx.rows(MOVED_SINCE, {"on": on}) if on < tx.business_date else []
    return {
        "loans": rows.texts([each["loan_id"] for each in moved]), "numbers": rows.int4s([each["instalment"] for each in moved]),
        "components": rows.texts([each["component"] for each in moved]), "backs": rows.int8s([each["back"] for each in moved]),
        "days": [each["was_due_on"] for each in moved],
    }  # fmt: skip
