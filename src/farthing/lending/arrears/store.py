"""Read ``loan`` and ``loan_obligation`` for how late loans are and were. Never decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import LiteralString

from farthing.db.tx import Tx
from farthing.kit.money import Money
from farthing.lending import moved_store
from farthing.lending.arrears.model import Lateness, Move

GIVEN_UP = -2
"""What a loan is now that was given up, and -1 one that is repaid, where a class counts from nought."""
LATENESS: LiteralString = """
    SELECT currency, late, count(*) AS loans, sum(outstanding)::bigint AS outstanding
    FROM (
        SELECT loan.currency, coalesce(sum(due.left_minor) FILTER (WHERE due.component = 'principal'), 0) AS outstanding,
            width_bucket(coalesce(%(on)s::date - min(due.due_on)
                FILTER (WHERE due.due_on < %(on)s::date AND due.component <> 'penalty'), 0), %(edges)s::integer[]) AS late
        FROM loan_obligation AS due JOIN loan ON loan.id = due.loan_id
        WHERE due.open AND loan.state = 'active' AND loan.given_up_on IS NULL
        GROUP BY loan.id, loan.currency
    ) AS owing
    GROUP BY currency, late ORDER BY currency, late
"""
MOVES: LiteralString = """
    SELECT was, now, count(*) AS loans
    FROM (
        SELECT
            width_bucket(coalesce(%(since)s::date - min(falls.due_on) FILTER (WHERE falls.due_on < %(since)s::date
                AND due.component <> 'penalty' AND due.left_minor + coalesce(moved.back, 0) > 0), 0),
                %(edges)s::integer[]) AS was,
            CASE WHEN loan.given_up_on IS NOT NULL THEN -2 WHEN loan.state = 'closed' THEN -1 ELSE width_bucket(
                coalesce(%(on)s::date - min(due.due_on) FILTER (WHERE due.open AND due.due_on < %(on)s::date
                    AND due.component <> 'penalty'), 0), %(edges)s::integer[]) END AS now
        FROM loan_obligation AS due JOIN loan ON loan.id = due.loan_id
            LEFT JOIN unnest(%(loans)s::text[], %(numbers)s::integer[], %(components)s::text[], %(backs)s::bigint[],
                    %(days)s::date[]) AS moved (loan_id, number, component, back, due_on)
                ON moved.loan_id = due.loan_id AND moved.number = due.instalment AND moved.component = due.component
            CROSS JOIN LATERAL (SELECT coalesce(moved.due_on, due.due_on) AS due_on) AS falls
        WHERE loan.disbursed_on <= %(since)s::date AND (loan.closed_on IS NULL OR loan.closed_on > %(since)s::date)
            AND (loan.given_up_on IS NULL OR loan.given_up_on > %(since)s::date)
        GROUP BY loan.id, loan.state
    ) AS loans
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
    asked = {"since": since, "on": tx.business_date, "edges": list(classes[1:]), **moved_store.since(tx, since)}
    return [
        Move(classes[row["was"]], None if row["now"] < 0 else classes[row["now"]], row["loans"], row["now"] == GIVEN_UP)
        for row in tx.rows(MOVES, asked)
    ]
