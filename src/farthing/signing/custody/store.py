"""Own the SQL of documents that wait for a signature from elsewhere: table ``prepared_signature``. Never decides."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import LiteralString

from farthing.db.keyring.sealing import Gone
from farthing.db.tx import Tx
from farthing.signing.sealed_store import opened, sealed, signer_of

INSERT: LiteralString = """
INSERT INTO prepared_signature
    (id, contract_id, role, party_id, shown, certificate, issuer, increment, start_at, stop_at, attributes, made_at, whose)
VALUES (%(id)s, %(contract_id)s, %(role)s, %(party_id)s, %(shown)s, %(certificate)s, %(issuer)s, %(increment)s,
        %(start_at)s, %(stop_at)s, %(attributes)s, %(made_at)s, %(whose)s)
"""
FIND: LiteralString = """
SELECT id, contract_id, role, party_id, shown, certificate, issuer, increment, start_at, stop_at, attributes, made_at, whose
FROM prepared_signature WHERE id = %(id)s
"""
FORGET: LiteralString = "DELETE FROM prepared_signature WHERE made_at < %(before)s"

_SEALED = ("certificate", "increment", "attributes")
"""What names the signer; who issued the certificate is no secret."""


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
    """Keep one, under the key of whose signature it waits for."""
    whose = signer_of(row.party_id, row.contract_id)
    kept = sealed(tx, [(whose, f"prepared {row.id} {name}", getattr(row, name)) for name in _SEALED])
    tx.execute(INSERT, {**asdict(row), **dict(zip(_SEALED, kept, strict=True)), "whose": " ".join(whose)})


def find(tx: Tx, prepared_id: str) -> Row | None:
    """One, if it is there and can be read."""
    found = tx.maybe(FIND, {"id": prepared_id})
    if found is None:
        return None
    whose = found.pop("whose")
    values = opened(tx, [(whose, f"prepared {prepared_id} {name}", bytes(found[name])) for name in _SEALED])
    held = {name: value for name, value in zip(_SEALED, values, strict=True) if not isinstance(value, Gone)}
    return Row(**{**found, **held, "issuer": bytes(found["issuer"])}) if len(held) == len(_SEALED) else None


def forget(tx: Tx, before: datetime) -> None:
    """Forget those that nobody signed."""
    tx.execute(FORGET, {"before": before})
