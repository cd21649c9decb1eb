"""Read everything that is kept of agents, for a verification. Never writes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import LiteralString

from farthing.db import rows
from farthing.db.tx import Row, Tx

ACTS: LiteralString = """
    SELECT agent_id, id, place, what, against, party_id, currency, amount_minor, commission_minor, contract_on, booked_on,
           device_id, number
    FROM agent_act WHERE agent_id = ANY(%(ids)s::text[]) ORDER BY agent_id, place
"""
COUNTS: LiteralString = """
    SELECT agent_id, place, id, counted_minor, put_in_minor, taken_out_minor, expected_minor FROM agent_count
    WHERE agent_id = ANY(%(ids)s::text[]) ORDER BY agent_id, place
"""
QUEUED: LiteralString = """
    SELECT agent_id, device_id, number, way, currency, amount_minor, party_id, became, act_id FROM agent_queued
    WHERE agent_id = ANY(%(ids)s::text[]) ORDER BY agent_id, device_id, number
"""


def acts(tx: Tx, ids: Sequence[str]) -> dict[str, list[Row]]:
    """Every act of agents, in their order."""
    return _by_agent(tx, ACTS, ids)


def counts(tx: Tx, ids: Sequence[str]) -> dict[str, list[Row]]:
    """Every count of agents' boxes, in their order."""
    return _by_agent(tx, COUNTS, ids)


def queued(tx: Tx, ids: Sequence[str]) -> dict[str, list[Row]]:
    """Every act that came in from agents' devices."""
    return _by_agent(tx, QUEUED, ids)


def _by_agent(tx: Tx, sql: LiteralString, ids: Sequence[str]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in tx.rows(sql, {"ids": rows.texts(ids)}):
        found.setdefault(row["agent_id"], []).append(row)
    return found
