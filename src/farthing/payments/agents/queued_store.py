"""Read and write ``agent_device`` and ``agent_queued``. Never decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString

from farthing.db import rows
from farthing.db.tx import Row, Tx
from farthing.kit.money import Money
from farthing.payments.agents.queued_model import Device

INSERT_DEVICE: LiteralString = """
    INSERT INTO agent_device (agent_id, id, name, public_key, registered_at)
    VALUES (%(agent_id)s, %(id)s, %(name)s, %(public_key)s, %(at)s)
"""
DEVICES: LiteralString = """
    SELECT d.agent_id, d.id, d.name, d.public_key, d.registered_at, d.revoked_at,
           coalesce(max(q.number), 0) AS highest, coalesce(max(q.number), 0) - count(q.number) AS missing
    FROM agent_device AS d LEFT JOIN agent_queued AS q ON q.agent_id = d.agent_id AND q.device_id = d.id
    WHERE d.agent_id = %(agent_id)s GROUP BY d.agent_id, d.id ORDER BY d.registered_at, d.id
"""
REVOKE: LiteralString = """
    UPDATE agent_device SET revoked_at = %(at)s WHERE agent_id = %(agent_id)s AND id = %(id)s AND revoked_at IS NULL
"""
INSERT: LiteralString = """
    INSERT INTO agent_queued (agent_id, device_id, number, way, currency, amount_minor, digest, signature, cashier, phone,
                              party_id, code_id, acted_at, received_at, became, act_id, problem, note)
    VALUES (%(agent_id)s, %(device_id)s, %(number)s, %(way)s, %(currency)s, %(amount)s, %(digest)s, %(signature)s, %(cashier)s,
            %(phone)s, %(party_id)s, %(code_id)s, %(acted_at)s, %(received_at)s, %(became)s, %(act_id)s, %(problem)s, '')
"""
COLUMNS: LiteralString = """
    SELECT agent_id, device_id, number, way, currency, amount_minor, digest, cashier, phone, party_id, code_id, acted_at,
           received_at, became, act_id, problem, note
    FROM agent_queued
"""
FIND: LiteralString = COLUMNS + "WHERE agent_id = %(agent_id)s AND device_id = %(device_id)s AND number = %(number)s"
WAITING: LiteralString = (
    COLUMNS
    + "WHERE agent_id = %(agent_id)s AND became = 'waits' ORDER BY received_at, device_id, number LIMIT %(limit)s"
)
LATEST: LiteralString = (
    COLUMNS
    + "WHERE agent_id = %(agent_id)s AND became <> 'waits' ORDER BY received_at DESC, number DESC LIMIT %(limit)s"
)
DECIDE: LiteralString = """
    UPDATE agent_queued SET became = %(became)s, problem = %(problem)s, note = %(note)s, decided_by = %(by)s, phone = %(phone)s,
        act_id = %(act_id)s, party_id = %(party_id)s
    WHERE agent_id = %(agent_id)s AND device_id = %(device_id)s AND number = %(number)s AND became = 'waits'
"""
COUNT_WAITING: LiteralString = """
    SELECT agent_id, count(*) FROM agent_queued WHERE agent_id = ANY(%(ids)s::text[]) AND became = 'waits' GROUP BY agent_id
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A queued act as it is kept. ``code_id``: which of the customer's codes for cash was told."""

    agent_id: str
    device_id: str
    number: int
    way: Any
    amount: Money
    digest: bytes
    cashier: str
    phone: str | None
    party_id: str | None
    code_id: str | None
    acted_at: datetime
    received_at: datetime
    became: Any
    act_id: str | None
    problem: str
    note: str = ""


def insert_device(tx: Tx, made: Device, public_key: bytes) -> None:
    """Keep a device."""
    values = {
        "agent_id": made.agent_id, "id": made.id, "name": made.name, "public_key": public_key, "at": made.registered_at,
    }  # fmt: skip
    tx.execute(INSERT_DEVICE, values)


def devices(tx: Tx, agent_id: str) -> dict[str, tuple[Device, bytes]]:
    """An agent's devices with their keys, the first one first."""
    return {
        row["id"]: (
            Device(
                row["id"], row["agent_id"], row["name"], row["registered_at"], row["revoked_at"], row["highest"], row["missing"]
            ),
            bytes(row["public_key"]),
        )
        for row in tx.rows(DEVICES, {"agent_id": agent_id})
    }  # fmt: skip


def revoke(tx: Tx, agent_id: str, device_id: str) -> bool:
    """A device signs no more; false where it did not before."""
    return tx.execute(REVOKE, {"agent_id": agent_id, "id": device_id, "at": tx.now}) == 1


def insert(tx: Tx, made: Waiting, signature: bytes) -> None:
    """Keep an act that came in."""
    values = {
        "agent_id": made.agent_id, "device_id": made.device_id, "number": made.number, "way": made.way,
        "currency": made.amount.currency, "amount": made.amount.minor, "digest": made.digest, "signature": signature,
        "cashier": made.cashier, "phone": made.phone, "party_id": made.party_id, "code_id": made.code_id,
        "acted_at": made.acted_at, "received_at": made.received_at, "became": made.became, "act_id": made.act_id,
        "problem": made.problem,
    }  # fmt: skip
    tx.execute(INSERT, values)


def find(tx: Tx, agent_id: str, device_id: str, number: int) -> Waiting | None:
    """An act that came in."""
    row = tx.maybe(FIND, {"agent_id": agent_id, "device_id": device_id, "number": number})
    return None if row is None else _waiting(row)


def waiting(tx: Tx, agent_id: str, limit: int) -> list[Waiting]:
    """Acts that wait for a person, the first one first."""
    return [_waiting(row) for row in tx.rows(WAITING, {"agent_id": agent_id, "limit": limit})]


def latest(tx: Tx, agent_id: str, limit: int) -> list[Waiting]:
    """Acts that came in and wait no more, the latest first."""
    return [_waiting(row) for row in tx.rows(LATEST, {"agent_id": agent_id, "limit": limit})]


def decide(tx: Tx, made: Waiting) -> bool:
    """Keep what became of an act that waited; false where it waits no more."""
    values = {
        "agent_id": made.agent_id, "device_id": made.device_id, "number": made.number, "became": made.became,
        "problem": made.problem, "note": made.note, "by": tx.actor.id, "phone": made.phone, "act_id": made.act_id,
        "party_id": made.party_id,
    }  # fmt: skip
    return tx.execute(DECIDE, values) == 1


def count_waiting(tx: Tx, agent_ids: Sequence[str]) -> dict[str, int]:
    """How many acts of agents wait for a person."""
    return {str(row[0]): int(row[1]) for row in tx.tuples(COUNT_WAITING, {"ids": rows.texts(agent_ids)})}


def _waiting(row: Row) -> Waiting:
    amount = Money(row.pop("amount_minor"), row.pop("currency"))
    return Waiting(amount=amount, **{**row, "digest": bytes(row["digest"])})
