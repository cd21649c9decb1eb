"""Read ``loan``, ``loan_obligation`` and ``loan_event`` for how late loans are and were. Never decides.

What moved since a day is asked first, by its index, and handed to the statement that needs it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import LiteralString

from farthing.db import rows
from farthing.db.tx import Row, Tx
from farthing.kit.money import Money
from farthing.lending.arrears.model import Lateness, Move

LATENESS: LiteralString = """
    SELECT currency, late, count(*) AS loans, sum(outstanding)::bigint AS outstanding
    FROM (
        SELECT loan.currency, coalesce(sum(due.left_minor) FILTER (WHERE due.component = 'principal'), 0) AS outstanding,
            width_bucket(coalesce(%(on)s::date - min(due.due_on)
                FILTER (WHERE due.due_on < %(on)s::date AND due.component <> 'penalty'), 0), %(edges)s::integer[]) AS late
        FROM loan_obligation AS due JOIN loan ON loan.id = due.loan_id
        WHERE due.open AND loan.state = 'active'
        GROUP BY loan.id, loan.currency
    ) AS owing
    GROUP BY currency, late ORDER BY currency, late
"""
MET_SINCE: LiteralString = """
    SELECT DISTINCT loan_id, (move ->> 'number')::integer AS instalment
    FROM loan_event, jsonb_array_elements(moves) AS move
    WHERE on_day > %(since)s AND move ->> 'component' <> 'penalty'
"""
MOVES: LiteralString = """
    SELECT was, now, count(*) AS loans
    FROM (
        SELECT
            width_bucket(coalesce(%(since)s::date - min(due.due_on) FILTER (WHERE due.due_on < %(since)s::date
                AND due.component <> 'penalty' AND (due.open OR (due.loan_id, due.instalment) IN
                    (SELECT * FROM unnest(%(loans)s::text[], %(numbers)s::integer[])))), 0), %(edges)s::integer[]) AS was,
            CASE WHEN loan.state = 'closed' THEN -1 ELSE width_bucket(coalesce(%(on)s::date
                - min(due.due_on) FILTER (WHERE due.open AND due.due_on < %(on)s::date AND due.component <> 'penalty'), 0),
                %(edges)s::integer[]) END AS now
        FROM loan_obligation AS due JOIN loan ON loan.id = due.loan_id
        WHERE loan.disbursed_on <= %(since)s::date AND (loan.closed_on IS NULL OR loan.closed_on > %(since)s::date)
        GROUP BY loan.id, loan.state
    ) AS moved
    GROUP BY was, now ORDER BY was, now
"""


def lateness(tx: Tx, classes: Sequence[int]) -> list[Lateness]:
    """Loans being repaid by currency and class of lateness; ``classes``: the first day of each."""
    return [
        Lateness(row["currency"], classes[row["late"]], row["loans"], Money(row["outstanding"], row["currency"]))
        for row in tx.rows(LATENESS, {"on": tx.business_date, "edges": list(classes[1:])})
    ]


def moves(tx: Tx, since: date, classes: Sequence[int]) -> list[Move]:
    """Loans that were being repaid at the end of a day, by their class then and their class now."""
    paid: list[Row] = tx.rows(MET_SINCE, {"since": since})
    asked = {
        "since": since, "on": tx.business_date, "edges": list(classes[1:]),
        "loans": rows.texts([each["loan_id"] for each in paid]), "numbers": [each["instalment"] for each in paid],
    }  # fmt: skip
    return [
        Move(classes[row["was"]], None if row["now"] < 0 else classes[row["now"]], row["loans"])
        for row in tx.rows(MOVES, asked)
    ]
