"""Read and write ``funding_paper``; read ``funding_note`` and ``funding_inquiry`` for one partner. Never decides."""

from __future__ import annotations

from datetime import date
from typing import LiteralString

from farthing.db.tx import Row, Tx
from farthing.funding.papers.model import Taken

PARTS: LiteralString = """
    SELECT loan_id, min(from_on) AS since FROM funding_note WHERE holder = %(holder)s GROUP BY loan_id
    HAVING (min(from_on), loan_id) < (%(before_on)s, %(before)s) ORDER BY min(from_on) DESC, loan_id DESC LIMIT %(limit)s
"""
SINCE: LiteralString = """
    SELECT min(from_on) AS since FROM funding_note WHERE loan_id = %(loan_id)s AND holder = %(holder)s
"""
REFERENCE: LiteralString = """
    SELECT reference FROM funding_inquiry WHERE loan_id = %(loan_id)s AND partner = %(partner)s AND state = 'agreed'
"""
TAKE: LiteralString = """
    INSERT INTO funding_paper (loan_id, actor_id, partner, digest, taken_on)
    VALUES (%(loan_id)s, %(actor_id)s, %(partner)s, %(digest)s, %(taken_on)s) ON CONFLICT (loan_id, actor_id) DO NOTHING
"""
TAKEN: LiteralString = """
    SELECT loan_id, actor_id, partner, digest, taken_on FROM funding_paper WHERE loan_id = %(loan_id)s
    ORDER BY taken_on, actor_id
"""


def parts(tx: Tx, holder: str, before: tuple[date, str], limit: int) -> list[Row]:
    """The loans that somebody has a part of and since when, the latest first, from before a place."""
    asked = {"holder": holder, "before_on": before[0], "before": before[1], "limit": limit}
    return tx.rows(PARTS, asked)


def since(tx: Tx, loan_id: str, holder: str) -> date | None:
    """Since when somebody has a part of a loan, or none."""
    row = tx.maybe(SINCE, {"loan_id": loan_id, "holder": holder})
    return row["since"] if row else None


def reference(tx: Tx, loan_id: str, partner: str) -> str:
    """A partner's own reference of a loan that it agreed to; empty where it gave none."""
    row = tx.maybe(REFERENCE, {"loan_id": loan_id, "partner": partner})
    return str(row["reference"]) if row else ""


def take(tx: Tx, taken: Taken) -> None:
    """Keep who took a contract; what was taken before stays as it is."""
    tx.execute(
        TAKE,
        {
            "loan_id": taken.loan_id, "actor_id": taken.actor_id, "partner": taken.partner, "digest": taken.digest,
            "taken_on": taken.taken_on,
        },
    )  # fmt: skip


def taken(tx: Tx, loan_id: str) -> list[Taken]:
    """Who took a loan's contract, the first first."""
    return [Taken(**row) for row in tx.rows(TAKEN, {"loan_id": loan_id})]
