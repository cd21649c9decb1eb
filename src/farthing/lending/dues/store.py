"""Read what of loans has fallen due, and how many events they have. Never decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import LiteralString

from farthing.db import rows
from farthing.db.tx import Row, Tx
from farthing.kit.money import Money
from farthing.lending.dues.model import Due
from farthing.lending.reading import instalments_of, loan_of

DUE: LiteralString = """
    SELECT * FROM loan_obligation WHERE open AND due_on <= %(on)s AND loan_id = ANY(%(ids)s) ORDER BY loan_id, instalment
"""
TOLD: LiteralString = """
    SELECT loan.id, told.number AS events, told.outstanding_minor,
        NOT EXISTS (
            SELECT FROM loan_event AS other
            WHERE other.loan_id = loan.id AND ((other.number > 1 AND other.kind <> 'repay') OR other.about ? 'told_on')
        ) AS plain,
        EXISTS (
            SELECT FROM loan_obligation AS later
            WHERE later.loan_id = loan.id AND later.loan_id = told.loan_id AND later.open AND later.due_on > %(on)s
        ) AS more
    FROM loan CROSS JOIN LATERAL (
        SELECT loan_id, number, outstanding_minor FROM loan_event WHERE loan_id = loan.id ORDER BY number DESC LIMIT 1
    ) AS told
    WHERE loan.id = ANY(%(ids)s)
"""
"""Its last event knows how many there are and what principal is left; an index holds the events that are not plain."""


def due(tx: Tx, held: Sequence[Row], on: date) -> list[Due]:
    """Of loans that were paid out and whose rows are held: what is due by a day. Two statements, whatever their number."""
    ids = rows.texts([row["id"] for row in held])
    several: dict[str, list[Row]] = {row["id"]: [] for row in held}
    for row in tx.rows(DUE, {"ids": ids, "on": on}) if held else []:
        several[row["loan_id"]].append(row)
    told = {row["id"]: row for row in tx.rows(TOLD, {"ids": ids, "on": on})} if held else {}
    return [_due(row, several[row["id"]], told[row["id"]]) for row in held if row["id"] in told]


def _due(row: Row, several: list[Row], told: Row) -> Due:
    currency = row["currency"]
    loan = loan_of(row, instalments_of(several, currency))
    outstanding = Money(told["outstanding_minor"], currency)
    return Due(loan, told["events"], told["plain"], outstanding, told["more"], row["as_of_on"])
