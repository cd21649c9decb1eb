"""Own the SQL of agreements: the tables ``agreement`` and ``agreement_party``. Never decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import LiteralString

from farthing.db.tx import Tx

INSERT: LiteralString = """
INSERT INTO agreement (id, form, drawn_on, drawn_at) VALUES (%(id)s, %(form)s, %(drawn_on)s, %(drawn_at)s)
ON CONFLICT (id) DO NOTHING
"""
INSERT_PARTIES: LiteralString = """
INSERT INTO agreement_party (contract_id, role, party_id)
SELECT %(id)s, role, party_id FROM unnest(%(roles)s::text[], %(parties)s::text[]) AS t (role, party_id)
"""
FIND: LiteralString = """
SELECT id, form, drawn_on, drawn_at, effective_on, ended_on, ended_by FROM agreement WHERE id = ANY(%(ids)s)
"""
PARTIES: LiteralString = """
SELECT contract_id, role, party_id FROM agreement_party WHERE contract_id = ANY(%(ids)s)
"""
OF_PARTY: LiteralString = """
SELECT contract_id FROM agreement_party WHERE party_id = %(party_id)s
"""
NEWEST: LiteralString = """
SELECT id FROM agreement WHERE (drawn_at, id) < (%(at)s, %(id)s) ORDER BY drawn_at DESC, id DESC LIMIT %(limit)s
"""
TAKE_EFFECT: LiteralString = """
UPDATE agreement SET effective_on = %(on)s WHERE id = %(id)s AND effective_on IS NULL AND ended_on IS NULL
"""
END: LiteralString = """
UPDATE agreement SET ended_on = %(on)s, ended_by = %(by)s
WHERE id = %(id)s AND ended_on IS NULL AND effective_on IS NOT DISTINCT FROM %(effective_on)s
"""


@dataclass(frozen=True, slots=True)
class Row:
    """An agreement as stored, without its parties."""

    id: str
    form: str
    drawn_on: date
    drawn_at: datetime
    effective_on: date | None = None
    ended_on: date | None = None
    ended_by: str | None = None


def insert(tx: Tx, row: Row, parties: Sequence[tuple[str, str]]) -> bool:
    """Keep an agreement and its parties (role, party) unless it is there; answers whether it was new."""
    if tx.execute(INSERT, asdict(row)) != 1:
        return False
    roles, ids = [role for role, _ in parties], [party for _, party in parties]
    tx.execute(INSERT_PARTIES, {"id": row.id, "roles": roles, "parties": ids})
    return True


def find(tx: Tx, ids: Sequence[str]) -> dict[str, Row]:
    """The agreements of these ids."""
    return {row["id"]: Row(**row) for row in tx.rows(FIND, {"ids": list(ids)})}


def parties(tx: Tx, ids: Sequence[str]) -> dict[str, list[tuple[str, str]]]:
    """Role and party of each agreement, in no order."""
    found: dict[str, list[tuple[str, str]]] = {each: [] for each in ids}
    for row in tx.rows(PARTIES, {"ids": list(ids)}):
        found[row["contract_id"]].append((row["role"], row["party_id"]))
    return found


def of_party(tx: Tx, party_id: str) -> list[str]:
    """The agreements that somebody is a party of."""
    return [row["contract_id"] for row in tx.rows(OF_PARTY, {"party_id": party_id})]


def newest(tx: Tx, before: tuple[datetime, str], limit: int) -> list[str]:
    """Agreements drawn before another, latest first."""
    return [row["id"] for row in tx.rows(NEWEST, {"at": before[0], "id": before[1], "limit": limit})]


def take_effect(tx: Tx, agreement_id: str) -> bool:
    """Put an agreement in force from the business date on; false where it is or ended."""
    return tx.execute(TAKE_EFFECT, {"id": agreement_id, "on": tx.business_date}) == 1


def end(tx: Tx, found: Row, party_id: str) -> bool:
    """End an agreement by a party's stepping back; false where it ended, or took effect, since it was read."""
    asked = {"id": found.id, "on": tx.business_date, "by": party_id, "effective_on": found.effective_on}
    return tx.execute(END, asked) == 1
