"""Read and write the table ``proof``. Never decides."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import LiteralString

from farthing.db.tx import Tx
from farthing.identity.proof.model import Proof

INSERT_PROOF: LiteralString = """
    INSERT INTO proof (id, purpose, salt, asked, party_id, code, decoy, made_at, expires_at)
    VALUES (%(id)s, %(purpose)s, %(salt)s, %(asked)s, %(party_id)s, %(code)s, %(decoy)s, %(made_at)s, %(expires_at)s)
"""
TRY_PROOF: LiteralString = """
    UPDATE proof SET tries = tries + 1
    WHERE id = %(id)s AND purpose = %(purpose)s AND tries < %(most)s AND expires_at > %(at)s AND ended_at IS NULL
    RETURNING id, purpose, salt, asked, party_id, code, decoy, made_at, expires_at
"""
END_PROOF: LiteralString = "UPDATE proof SET ended_at = %(at)s WHERE id = %(id)s AND ended_at IS NULL"
FORGET_PROOFS: LiteralString = "DELETE FROM proof WHERE made_at < %(before)s"


def insert(tx: Tx, proof: Proof) -> None:
    """Keep a proof that waits for its code."""
    tx.execute(INSERT_PROOF, {field.name: getattr(proof, field.name) for field in fields(proof)})


def attempt(tx: Tx, proof_id: str, purpose: str, most: int, at: datetime) -> Proof | None:
    """Count a try at a proof that still waits, and lock it; none where there is no such proof, or no try left."""
    row = tx.maybe(TRY_PROOF, {"id": proof_id, "purpose": purpose, "most": most, "at": at})
    if row is None:
        return None
    binary = {name: bytes(row[name]) if row[name] is not None else None for name in ("salt", "asked", "code", "decoy")}
    return Proof(**{**row, **binary})


def end(tx: Tx, proof_id: str, at: datetime) -> None:
    """A proof was used."""
    tx.execute(END_PROOF, {"id": proof_id, "at": at})


def forget(tx: Tx, before: datetime) -> int:
    """Forget proofs made before an instant; answers how many."""
    return tx.execute(FORGET_PROOFS, {"before": before})
