"""Read and write ``loan_flow``. Never decides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import LiteralString

from farthing.db import rows
from farthing.db.tx import Tx
from farthing.lending.flows import Flow, flow_of

LAST: LiteralString = """
    SELECT loan_id, max(number) AS number FROM loan_flow WHERE loan_id = ANY(%(ids)s) GROUP BY loan_id
"""
INSERT: LiteralString = """
    INSERT INTO loan_flow (loan_id, number, kind, about, on_day, currency, principal_minor, interest_minor, penalty_minor,
                           fee_minor, waits)
    SELECT new.loan_id, new.number, new.kind, new.about, new.on_day, new.currency, new.principal, new.interest, new.penalty,
        new.fee, true
    FROM unnest(%(loan_id)s::text[], %(number)s::integer[], %(kind)s::text[], %(about)s::text[], %(on_day)s::date[],
                %(currency)s::text[], %(principal)s::bigint[], %(interest)s::bigint[], %(penalty)s::bigint[],
                %(fee)s::bigint[])
         AS new (loan_id, number, kind, about, on_day, currency, principal, interest, penalty, fee)
"""
OF_LOANS: LiteralString = "SELECT * FROM loan_flow WHERE loan_id = ANY(%(ids)s) ORDER BY loan_id, number"
SHARED: LiteralString = "UPDATE loan_flow SET waits = false WHERE loan_id = ANY(%(ids)s) AND waits"
TOLD: LiteralString = """
    SELECT DISTINCT loan_id FROM loan_flow WHERE loan_id > %(after)s ORDER BY loan_id LIMIT %(limit)s
"""
WAITING: LiteralString = """
    SELECT DISTINCT loan_id FROM loan_flow WHERE waits AND loan_id > %(after)s ORDER BY loan_id LIMIT %(limit)s
"""


def keep(tx: Tx, flows: Sequence[Flow]) -> None:
    """Keep flows of loans, whose rows are held, each after those that its loan has."""
    ids = [flow.loan_id for flow in flows]
    last = Counter({row["loan_id"]: row["number"] for row in tx.rows(LAST, {"ids": rows.texts(sorted(set(ids)))})})
    numbers = []
    for loan_id in ids:
        last[loan_id] += 1
        numbers.append(last[loan_id])
    tx.execute(
        INSERT,
        {
            "loan_id": rows.texts(ids),
            "number": rows.int4s(numbers),
            "kind": rows.texts([flow.kind for flow in flows]),
            "about": rows.texts([flow.about for flow in flows]),
            "on_day": rows.dates([flow.on for flow in flows]),
            "currency": rows.texts([flow.principal.currency for flow in flows]),
            "principal": rows.int8s([flow.principal.minor for flow in flows]),
            "interest": rows.int8s([flow.interest.minor for flow in flows]),
            "penalty": rows.int8s([flow.penalty.minor for flow in flows]),
            "fee": rows.int8s([flow.fee.minor for flow in flows]),
        },
    )


def of_loans(tx: Tx, ids: Sequence[str]) -> dict[str, list[Flow]]:
    """All flows of some loans, in their order."""
    found: dict[str, list[Flow]] = {}
    for row in tx.rows(OF_LOANS, {"ids": rows.texts(ids)}) if ids else []:
        found.setdefault(row["loan_id"], []).append(flow_of(row))
    return found


def shared(tx: Tx, ids: Sequence[str]) -> None:
    """Note that every flow of some loans, whose rows are held, was shared out."""
    tx.execute(SHARED, {"ids": rows.texts(ids)})


def waiting(tx: Tx, after: str, limit: int) -> list[str]:
    """Loans with a flow that waits, in the order of their ids, a page at a time."""
    return [str(row["loan_id"]) for row in tx.rows(WAITING, {"after": after, "limit": limit})]


def told(tx: Tx, after: str, limit: int) -> list[str]:
    """Loans that have flows, in the order of their ids, a page at a time."""
    return [str(row["loan_id"]) for row in tx.rows(TOLD, {"after": after, "limit": limit})]
