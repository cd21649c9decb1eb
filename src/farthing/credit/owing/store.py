"""Read and write ``credit_commitment`` and ``credit_borrower``. Never decides."""

from __future__ import annotations

from datetime import date
from typing import LiteralString

from farthing.credit.owing.model import Commitment, Take
from farthing.db.tx import Row, Tx
from farthing.kit.money import Money

BORROWER: LiteralString = "INSERT INTO credit_borrower (id) VALUES (%(party_id)s) ON CONFLICT (id) DO NOTHING"
LOCK_BORROWER: LiteralString = """
    UPDATE credit_borrower SET changes = changes + 1 WHERE id = %(party_id)s RETURNING changes
"""
INSERT: LiteralString = """
    INSERT INTO credit_commitment (id, party_id, decision_id, product, use, currency, agreed_minor, owed_minor,
                                   instalment_minor, state, taken_on)
    VALUES (%(id)s, %(party_id)s, %(decision_id)s, %(product)s, %(use)s, %(currency)s, %(amount_minor)s,
            %(amount_minor)s, %(instalment_minor)s, 'taken', %(on)s)
"""
FIND: LiteralString = "SELECT * FROM credit_commitment WHERE id = %(id)s"
OF_PARTY: LiteralString = "SELECT * FROM credit_commitment WHERE party_id = %(party_id)s ORDER BY taken_on, id"
IDS: LiteralString = "SELECT id FROM credit_commitment WHERE id > %(after)s ORDER BY id LIMIT %(limit)s"
OF_LOANS: LiteralString = "SELECT * FROM credit_commitment WHERE id = ANY(%(ids)s)"
SAVE: LiteralString = """
    UPDATE credit_commitment SET owed_minor = %(owed_minor)s, state = %(state)s, drawn_on = %(drawn_on)s,
        ended_on = %(ended_on)s, worst_days_late = %(worst_days_late)s
    WHERE id = %(id)s
"""


def lock_borrower(tx: Tx, party_id: str) -> None:
    """Make whoever else changes what this party may borrow wait for this transaction."""
    tx.execute(BORROWER, {"party_id": party_id})
    tx.one(LOCK_BORROWER, {"party_id": party_id})


def insert(tx: Tx, take: Take, on: date) -> None:
    """Keep a new commitment."""
    tx.execute(
        INSERT,
        {
            "id": take.id,
            "party_id": take.party_id,
            "decision_id": take.decision_id,
            "product": take.product,
            "use": take.use,
            "currency": take.amount.currency,
            "amount_minor": take.amount.minor,
            "instalment_minor": take.instalment.minor,
            "on": on,
        },
    )


def find(tx: Tx, commitment_id: str) -> Commitment | None:
    """One commitment, or none."""
    row = tx.maybe(FIND, {"id": commitment_id})
    return _commitment(row) if row else None


def of_party(tx: Tx, party_id: str) -> list[Commitment]:
    """All of a party's commitments, oldest first."""
    return [_commitment(row) for row in tx.rows(OF_PARTY, {"party_id": party_id})]


def of_loans(tx: Tx, ids: list[str]) -> dict[str, Commitment]:
    """The commitments of some loans, by id."""
    return {row["id"]: _commitment(row) for row in tx.rows(OF_LOANS, {"ids": ids})}


def ids(tx: Tx, after: str, limit: int) -> list[str]:
    """The ids of all commitments in order, a page at a time."""
    return [str(row["id"]) for row in tx.rows(IDS, {"after": after, "limit": limit})]


def save(tx: Tx, commitment: Commitment) -> None:
    """Keep how a commitment stands."""
    tx.execute(
        SAVE,
        {
            "id": commitment.id,
            "owed_minor": commitment.owed.minor,
            "state": commitment.state,
            "drawn_on": commitment.drawn_on,
            "ended_on": commitment.ended_on,
            "worst_days_late": commitment.worst_days_late,
        },
    )


def _commitment(row: Row) -> Commitment:
    currency = row["currency"]
    return Commitment(
        id=row["id"],
        party_id=row["party_id"],
        decision_id=row["decision_id"],
        product=row["product"],
        use=row["use"],
        agreed=Money(row["agreed_minor"], currency),
        owed=Money(row["owed_minor"], currency),
        instalment=Money(row["instalment_minor"], currency),
        state=row["state"],
        taken_on=row["taken_on"],
        drawn_on=row["drawn_on"],
        ended_on=row["ended_on"],
        worst_days_late=row["worst_days_late"],
    )
