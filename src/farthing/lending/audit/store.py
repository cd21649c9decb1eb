"""Read the rows of loans as they are kept, for their verification. Never decides, and decodes no more than JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import LiteralString

from farthing.db import rows
from farthing.db.tx import Tx
from farthing.lending.audit.ordinary import Event, Kept, Obligation, Row

LOANS: LiteralString = """
    SELECT id, party_id, currency, principal_minor, conditions::text, holders::text, state, disbursed_on, closed_on,
        as_of_on, given_up_on, owed_back_minor, replaces, undrawn_minor, undrawn_until
    FROM loan WHERE id = ANY(%(ids)s)
"""
PLANS: LiteralString = "SELECT loan_id, rows FROM loan_plan WHERE loan_id = ANY(%(ids)s) AND number = 1"
EVENTS: LiteralString = """
    SELECT loan_id, number, id, kind, on_day, currency, amount_minor, about::text, moves::text, outstanding_minor, loan_state
    FROM loan_event WHERE loan_id = ANY(%(ids)s) ORDER BY loan_id, number
"""
OBLIGATIONS: LiteralString = """
    SELECT loan_id, instalment, component, due_on, amount_minor, paid_minor, waived_minor, written_off_minor, recognised_minor
    FROM loan_obligation WHERE loan_id = ANY(%(ids)s) ORDER BY loan_id, instalment, component
"""


def kept(tx: Tx, ids: Sequence[str]) -> list[Kept]:
    """The rows of these loans: four statements, whatever their number."""
    asked = {"ids": rows.texts(ids)}
    loans = [Row(*row) for row in tx.tuples(LOANS, asked, binary=True)]
    plans = dict(tx.tuples(PLANS, asked, binary=True))
    events: dict[str, list[Event]] = {}
    for loan_id, *values in tx.tuples(EVENTS, asked, binary=True):
        events.setdefault(loan_id, []).append(Event._make(values))
    obligations: dict[str, list[Obligation]] = {}
    for obligation in tx.tuples(OBLIGATIONS, asked, binary=True):
        obligations.setdefault(obligation[0], []).append(obligation)
    return [Kept(row, plans.get(row.id), events.get(row.id, ()), obligations.get(row.id, ())) for row in loans]
