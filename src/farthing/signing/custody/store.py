"""Own the SQL of documents that wait for a signature from elsewhere: table ``prepared_signature``. Never decides."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import LiteralString

from farthing.db.tx import Tx

INSERT: LiteralString = """
INSERT INTO prepared_signature
    (id, contract_id, role, party_id, shown, certificate, issuer, increment, start_at, stop_at, attributes, made_at)
VALUES (%(id)s, %(contract_id)s, %(role)s, %(party_id)s, %(shown)s, %(certificate)s, %(issuer)s, %(increment)s,
        %(start_at)s, %(stop_at)s, %(attributes)s, %(made_at)s)
"""
FIND: LiteralString = """
SELECT id, contract_id, role, party_id, shown, certificate, issuer, increment, start_at, stop_at, attributes, made_at
FROM prepared_signature WHERE id = %(id)s
"""
FORGET: LiteralString = "DELETE FROM prepared_signature WHERE made_at < %(before)s"

_OCTETS = ("certificate", "issuer", "increment", "attributes")


@dataclass(frozen=True, slots=True)
class Row:
    """A document that waits for one signature: everything of its next revision but that."""

    id: str
    contract_id: str
    role: str
    party_id: str
    shown: str
    certificate: bytes
    issuer: bytes
    increment: bytes
    start_at: int
    stop_at: int
    attributes: bytes
    made_at: datetime


def insert(tx: Tx, row: Row) -> None:
    """Keep one."""
    tx.execute(INSERT, asdict(row))


def find(tx: Tx, prepared_id: str) -> Row | None:
    """One, if it is there."""
    found = tx.maybe(FIND, {"id": prepared_id})
    if found is None:
        return None
    return Row(**{**found, **{name: bytes(found[name]) for name in _OCTETS}})


def forget(tx: Tx, before: datetime) -> None:
    """Forget those that nobody signed."""
    tx.execute(FORGET, {"before": before})
