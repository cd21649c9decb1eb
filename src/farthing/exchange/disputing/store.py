"""Read and write disputes and statements. Never decides."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import LiteralString

from farthing.db.server import Collision
from farthing.db.tx import Tx
from farthing.exchange.disputing.model import Dispute, Statement

INSERT: LiteralString = """
    INSERT INTO exchange_dispute (subject_id, id, tradeline_id, furnisher, period, grounds, statement, opened_on, ask_by, due_on,
                                  further, revision, outcome, finding, decided_by, closed_on, closed_revision)
    VALUES (%(subject_id)s, %(id)s, %(tradeline_id)s, %(furnisher)s, %(period)s, %(grounds)s, %(statement)s, %(opened_on)s,
            %(ask_by)s, %(due_on)s, %(further)s, %(revision)s, NULL, '', '', NULL, NULL)
"""
SELECT: LiteralString = """
    SELECT subject_id, id, tradeline_id, furnisher, period, grounds, statement, opened_on, ask_by, due_on, further, revision,
           outcome, finding, decided_by, closed_on, closed_revision
    FROM exchange_dispute WHERE subject_id = %(subject)s ORDER BY opened_on, id
"""
DUE: LiteralString = """
    SELECT subject_id, id, tradeline_id, furnisher, period, grounds, statement, opened_on, ask_by, due_on, further, revision,
           outcome, finding, decided_by, closed_on, closed_revision
    FROM exchange_dispute WHERE outcome IS NULL AND due_on <= %(on)s ORDER BY due_on, subject_id, id LIMIT %(limit)s
"""
SAVE: LiteralString = """
    UPDATE exchange_dispute
    SET due_on = %(due_on)s, further = %(further)s, outcome = %(outcome)s, finding = %(finding)s, decided_by = %(decided_by)s,
        closed_on = %(closed_on)s, closed_revision = %(closed_revision)s
    WHERE subject_id = %(subject_id)s AND id = %(id)s AND outcome IS NULL
"""
SAY: LiteralString = """
    INSERT INTO exchange_statement (subject_id, id, tradeline_id, text, revision, recorded_at)
    VALUES (%(subject_id)s, %(id)s, %(tradeline_id)s, %(text)s, %(revision)s, %(recorded_at)s)
"""
STATEMENTS: LiteralString = """
    SELECT subject_id, id, tradeline_id, text, revision, recorded_at FROM exchange_statement
    WHERE subject_id = %(subject)s ORDER BY revision, id
"""


def insert(tx: Tx, it: Dispute) -> None:
    """Keep a new dispute."""
    tx.execute(INSERT, asdict(it))


def of_subject(tx: Tx, subject_id: str) -> list[Dispute]:
    """A person's disputes, in the order in which they were opened."""
    return [Dispute(**row) for row in tx.rows(SELECT, {"subject": subject_id})]


def due(tx: Tx, on: date, limit: int) -> list[Dispute]:
    """Disputes whose last day is over and that nobody answered, the longest first."""
    return [Dispute(**row) for row in tx.rows(DUE, {"on": on, "limit": limit})]


def save(tx: Tx, it: Dispute) -> None:
    """Keep an open dispute as it became."""
    if tx.execute(SAVE, asdict(it)) != 1:
        raise Collision("the dispute was answered meanwhile")


def say(tx: Tx, said: Statement) -> None:
    """Keep what a person says."""
    tx.execute(SAY, asdict(said))


def statements(tx: Tx, subject_id: str) -> list[Statement]:
    """What a person says, in its order."""
    return [Statement(**row) for row in tx.rows(STATEMENTS, {"subject": subject_id})]
