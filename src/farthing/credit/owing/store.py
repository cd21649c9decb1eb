"""Read and write ``credit_commitment``, ``credit_borrower`` and ``credit_guarantee``. Never decides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import LiteralString

from farthing.credit.owing.model import Commitment, Guaranteed, Take
from farthing.db import rows
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
SAVE_OWED: LiteralString = """
    UPDATE credit_commitment SET owed_minor = new.owed,
        worst_days_late = greatest(credit_commitment.worst_days_late, new.days_late)
    FROM unnest(%(ids)s::text[], %(owed)s::bigint[], %(days_late)s::integer[]) AS new (id, owed, days_late)
    WHERE credit_commitment.id = new.id
"""
LET_GO: LiteralString = """
    UPDATE credit_commitment SET owed_minor = credit_commitment.owed_minor - new.minor,
        agreed_minor = credit_commitment.agreed_minor - new.minor,
        instalment_minor = ceil(credit_commitment.instalment_minor::numeric
            * (credit_commitment.agreed_minor - new.minor) / credit_commitment.agreed_minor)::bigint
    FROM unnest(%(ids)s::text[], %(minor)s::bigint[]) AS new (id, minor)
    WHERE credit_commitment.id = new.id
"""
SAVE_INSTALMENT: LiteralString = "UPDATE credit_commitment SET instalment_minor = %(minor)s WHERE id = %(id)s"
OPEN_OF: LiteralString = """
    SELECT * FROM credit_commitment WHERE party_id = ANY(%(party_ids)s) AND state IN ('taken', 'drawn') ORDER BY taken_on, id
"""
INSERT_GUARANTEE: LiteralString = """
    INSERT INTO credit_guarantee (id, party_id, commitment_id, currency, most_minor, since_on)
    VALUES (%(id)s, %(party_id)s, %(commitment_id)s, %(currency)s, %(most_minor)s, %(on)s)
"""
GUARANTEES_OF: LiteralString = """
    SELECT * FROM credit_guarantee WHERE party_id = %(party_id)s AND ended_on IS NULL ORDER BY since_on, id
"""
GUARANTEES: LiteralString = "SELECT * FROM credit_guarantee WHERE id = ANY(%(ids)s)"
END_GUARANTEES: LiteralString = """
    UPDATE credit_guarantee SET ended_on = %(on)s WHERE commitment_id = %(commitment_id)s AND ended_on IS NULL
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


def save_owed(tx: Tx, left: Sequence[tuple[str, Money, int]]) -> int:
    """Keep what is left of commitments, and how late it came, where that is the longest: (id, owed, days); answers how many."""
    values = {
        "ids": rows.texts([commitment_id for commitment_id, _, _ in left]),
        "owed": rows.int8s([owed.minor for _, owed, _ in left]), "days_late": rows.int4s([days for _, _, days in left]),
    }  # fmt: skip
    return tx.execute(SAVE_OWED, values)


def let_go(tx: Tx, gone: Sequence[tuple[str, int]]) -> int:
    """Less is agreed of commitments, and owed, by so many minor units, and as a part of that is taken of a month: (id, minor);
    answers how many."""
    ids, minor = zip(*gone, strict=True)
    return tx.execute(LET_GO, {"ids": rows.texts(ids), "minor": rows.int8s(minor)})


def save_instalment(tx: Tx, commitment_id: str, instalment: Money) -> None:
    """Keep what a commitment takes of a month."""
    tx.execute(SAVE_INSTALMENT, {"id": commitment_id, "minor": instalment.minor})


def open_of(tx: Tx, party_ids: Sequence[str]) -> list[Commitment]:
    """What some parties have accepted and not repaid yet, oldest first."""
    return [_commitment(row) for row in tx.rows(OPEN_OF, {"party_ids": list(party_ids)})]


def insert_guarantee(tx: Tx, guarantee_id: str, party_id: str, commitment_id: str, most: Money, on: date) -> None:
    """Keep that a party stands for somebody else's loan."""
    values = {
        "id": guarantee_id, "party_id": party_id, "commitment_id": commitment_id, "currency": most.currency,
        "most_minor": most.minor, "on": on,
    }  # fmt: skip
    tx.execute(INSERT_GUARANTEE, values)


def guarantees_of(tx: Tx, party_id: str) -> list[Guaranteed]:
    """What a party stands for now, oldest first: each up to what is owed of the loan."""
    return _guaranteed(tx, tx.rows(GUARANTEES_OF, {"party_id": party_id}))


def guarantees(tx: Tx, ids: Sequence[str]) -> dict[str, Guaranteed]:
    """Some guarantees, ended ones too, by id."""
    return {each.id: each for each in _guaranteed(tx, tx.rows(GUARANTEES, {"ids": list(ids)}))}


def end_guarantees(tx: Tx, commitment_id: str, on: date) -> None:
    """Nobody stands for a loan any more."""
    tx.execute(END_GUARANTEES, {"commitment_id": commitment_id, "on": on})


def _guaranteed(tx: Tx, found: Iterable[Row]) -> list[Guaranteed]:
    kept = list(found)
    loans = of_loans(tx, [row["commitment_id"] for row in kept]) if kept else {}
    made = []
    for row in kept:
        most, loan = Money(row["most_minor"], row["currency"]), loans.get(row["commitment_id"])
        stands = loan is not None and row["ended_on"] is None
        liable = min(most, loan.owed) if loan is not None and stands else most * 0
        monthly = -(-loan.instalment.minor * most.minor // loan.agreed.minor) if loan is not None and liable else 0
        made.append(
            Guaranteed(
                row["id"], row["party_id"], row["commitment_id"], most, row["since_on"], row["ended_on"], liable,
                Money(monthly, most.currency),
            )
        )  # fmt: skip
    return made


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
