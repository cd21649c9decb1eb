"""Own the SQL of contests: the table ``contract_contest``. Never decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import LiteralString

from farthing.db.tx import Row, Tx
from farthing.signing.contests.model import Contest, Outcome

_COLUMNS: LiteralString = (
    "id, contract_id, subject, party_id, claim, said, opened_at, evidence, outcome, ended_on, ended_at, found"
)
INSERT: LiteralString = """
INSERT INTO contract_contest (id, contract_id, subject, party_id, claim, said, opened_at, evidence)
VALUES (%(id)s, %(contract_id)s, %(subject)s, %(party_id)s, %(claim)s, %(said)s, %(opened_at)s, %(evidence)s)
"""
FIND: LiteralString = f"SELECT {_COLUMNS} FROM contract_contest WHERE id = %(id)s"
HOLD: LiteralString = f"UPDATE contract_contest SET found = found WHERE id = %(id)s RETURNING {_COLUMNS}"
OPEN: LiteralString = f"""
SELECT {_COLUMNS} FROM contract_contest WHERE contract_id = %(contract_id)s AND outcome IS NULL ORDER BY opened_at, id
"""
OF_EVIDENCE: LiteralString = f"SELECT {_COLUMNS} FROM contract_contest WHERE evidence = %(leaf)s"
OF_CONTRACT: LiteralString = f"""
SELECT {_COLUMNS} FROM contract_contest WHERE contract_id = %(contract_id)s ORDER BY opened_at, id
"""
OPEN_SUBJECTS: LiteralString = """
SELECT subject FROM contract_contest WHERE subject = ANY(%(subjects)s) AND outcome IS NULL
"""
OPEN_CONTRACTS: LiteralString = """
SELECT contract_id FROM contract_contest WHERE contract_id = ANY(%(contracts)s) AND outcome IS NULL
"""
OF_PARTY: LiteralString = f"""
SELECT {_COLUMNS} FROM contract_contest WHERE party_id = %(party_id)s ORDER BY opened_at DESC, id DESC
"""
LISTED: LiteralString = f"""
SELECT {_COLUMNS} FROM contract_contest WHERE (outcome IS NOT NULL, opened_at, id) > (%(over)s, %(at)s, %(id)s)
ORDER BY outcome IS NOT NULL, opened_at, id LIMIT %(limit)s
"""
KEEP_EVIDENCE: LiteralString = "UPDATE contract_contest SET evidence = %(leaf)s WHERE id = %(id)s"
END: LiteralString = """
UPDATE contract_contest SET outcome = %(outcome)s, ended_on = %(on)s, ended_at = %(at)s, found = %(found)s
WHERE id = %(id)s AND outcome IS NULL
"""
FORGET: LiteralString = """
UPDATE contract_contest SET said = '', found = '' WHERE party_id = %(party_id)s AND outcome IS NOT NULL
"""


def insert(tx: Tx, contest: Contest) -> None:
    """Keep a contest that was opened."""
    tx.execute(INSERT, asdict(contest))


def find(tx: Tx, contest_id: str, *, hold: bool = False) -> Contest | None:
    """One contest, held until the end of the transaction if asked."""
    row = tx.maybe(HOLD if hold else FIND, {"id": contest_id})
    return None if row is None else _of(row)


def open_of(tx: Tx, contract_id: str) -> list[Contest]:
    """Who contests a contract, the oldest first."""
    return [_of(row) for row in tx.rows(OPEN, {"contract_id": contract_id})]


def of_evidence(tx: Tx, leaf: str) -> Contest | None:
    """The contest whose package a leaf lists, or none."""
    row = tx.maybe(OF_EVIDENCE, {"leaf": leaf})
    return None if row is None else _of(row)


def of_contract(tx: Tx, contract_id: str) -> list[Contest]:
    """All contests of a contract, the oldest first."""
    return [_of(row) for row in tx.rows(OF_CONTRACT, {"contract_id": contract_id})]


def open_subjects(tx: Tx, subjects: Sequence[str]) -> set[str]:
    """Those of some subjects whose contract is contested."""
    return {row["subject"] for row in tx.rows(OPEN_SUBJECTS, {"subjects": list(subjects)})}


def open_contracts(tx: Tx, contracts: Sequence[str]) -> set[str]:
    """Those of some contracts that are contested."""
    return {row["contract_id"] for row in tx.rows(OPEN_CONTRACTS, {"contracts": list(contracts)})}


def of_party(tx: Tx, party_id: str) -> list[Contest]:
    """What a party contests or did, latest first."""
    return [_of(row) for row in tx.rows(OF_PARTY, {"party_id": party_id})]


def listed(tx: Tx, after: tuple[bool, datetime, str], limit: int) -> list[Contest]:
    """All contests: the open ones first, the oldest first."""
    asked = {"over": after[0], "at": after[1], "id": after[2], "limit": limit}
    return [_of(row) for row in tx.rows(LISTED, asked)]


def keep_evidence(tx: Tx, contest_id: str, leaf: str) -> None:
    """Say which leaf lists the package that was made when it was opened."""
    tx.execute(KEEP_EVIDENCE, {"id": contest_id, "leaf": leaf})


def end(tx: Tx, contest_id: str, outcome: Outcome, found: str) -> bool:
    """End a contest; false where it is over."""
    asked = {"id": contest_id, "outcome": outcome, "on": tx.business_date, "at": tx.now, "found": found}
    return tx.execute(END, asked) == 1


def forget(tx: Tx, party_id: str) -> None:
    """Empty what a party said, and was told, of contests that are over."""
    tx.execute(FORGET, {"party_id": party_id})


def _of(row: Row) -> Contest:
    return Contest(**row)
