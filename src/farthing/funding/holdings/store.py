"""Read and write ``funding_listed``, ``funding_pledge``, ``funding_edition`` and ``funding_lender_note``. Never decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import LiteralString

from farthing.db import rows
from farthing.db.tx import Row, Tx
from farthing.funding.holdings.model import Edition, Fee, Listed, Pledged

LIST: LiteralString = """
    INSERT INTO funding_listed (loan_id, listing_id, currency, fee_rate, fee_of, lenders, protects)
    VALUES (%(loan_id)s, %(listing_id)s, %(currency)s, %(rate)s, %(of)s, %(lenders)s, %(protects)s)
"""
PLEDGE: LiteralString = """
    INSERT INTO funding_pledge (loan_id, party_id, position, amount_minor)
    SELECT %(loan_id)s, new.party_id, new.position, new.amount
    FROM unnest(%(parties)s::text[], %(positions)s::integer[], %(amounts)s::bigint[]) AS new (party_id, position, amount)
"""
LISTED: LiteralString = "SELECT * FROM funding_listed WHERE loan_id = ANY(%(ids)s)"
BEGIN_FIRST: LiteralString = """
    INSERT INTO funding_edition (loan_id, from_on, after_flow)
    SELECT loan_id, %(on)s, 0 FROM funding_listed WHERE loan_id = ANY(%(ids)s)
    ON CONFLICT (loan_id, from_on) DO NOTHING
"""
ISSUE_FIRST: LiteralString = """
    INSERT INTO funding_lender_note (loan_id, from_on, party_id, position, principal_minor)
    SELECT loan_id, %(on)s, party_id, position, amount_minor FROM funding_pledge WHERE loan_id = ANY(%(ids)s)
    ON CONFLICT (loan_id, from_on, party_id) DO NOTHING
"""
BEGIN: LiteralString = """
    INSERT INTO funding_edition (loan_id, from_on, after_flow) VALUES (%(loan_id)s, %(on)s, %(after)s)
    ON CONFLICT (loan_id, from_on) DO NOTHING
"""
ISSUE: LiteralString = """
    INSERT INTO funding_lender_note (loan_id, from_on, party_id, position, principal_minor)
    SELECT %(loan_id)s, %(on)s, new.party_id, new.position, new.principal
    FROM unnest(%(parties)s::text[], %(positions)s::integer[], %(principals)s::bigint[])
         AS new (party_id, position, principal)
"""
BEGUN: LiteralString = """
    SELECT loan_id, from_on, after_flow FROM funding_edition WHERE loan_id = ANY(%(ids)s) ORDER BY loan_id, from_on
"""
LENDERS: LiteralString = """
    SELECT note.loan_id, note.from_on, array_agg(note.party_id ORDER BY note.position) AS parties,
        array_agg(note.principal_minor ORDER BY note.position) AS weights
    FROM funding_lender_note AS note
        JOIN unnest(%(ids)s::text[], %(days)s::date[]) AS wanted (loan_id, from_on)
            ON note.loan_id = wanted.loan_id AND note.from_on = wanted.from_on
    WHERE note.loan_id = ANY(%(ids)s)
    GROUP BY note.loan_id, note.from_on
"""
HELD: LiteralString = """
    SELECT note.loan_id, note.from_on FROM funding_lender_note AS note
    WHERE note.party_id = %(party_id)s AND note.loan_id > %(after)s AND NOT EXISTS (
        SELECT 1 FROM funding_edition AS later WHERE later.loan_id = note.loan_id AND later.from_on > note.from_on
    )
    ORDER BY note.loan_id LIMIT %(limit)s
"""


EVER_HELD: LiteralString = """
    SELECT DISTINCT loan_id FROM funding_lender_note WHERE party_id = %(party_id)s AND loan_id > %(after)s
    ORDER BY loan_id LIMIT %(limit)s
"""


def pledge(tx: Tx, pledged: Pledged) -> None:
    """Keep what a listing pinned, and whose money pays its loan out."""
    tx.execute(
        LIST,
        {
            "loan_id": pledged.loan_id,
            "listing_id": pledged.listing_id,
            "currency": pledged.currency,
            "rate": pledged.fee.rate,
            "of": list(pledged.fee.of),
            "lenders": len(pledged.lenders),
            "protects": pledged.protects,
        },
    )
    tx.execute(
        PLEDGE,
        {
            "loan_id": pledged.loan_id,
            "parties": rows.texts([party for party, _ in pledged.lenders]),
            "positions": rows.int4s(range(1, len(pledged.lenders) + 1)),
            "amounts": rows.int8s([minor for _, minor in pledged.lenders]),
        },
    )


def listed(tx: Tx, ids: Sequence[str]) -> dict[str, Listed]:
    """What was pinned of these loans, those of them that the marketplace funds."""
    found = tx.rows(LISTED, {"ids": rows.texts(ids)}) if ids else []
    return {row["loan_id"]: _listed(row) for row in found}


def issue_first(tx: Tx, ids: Sequence[str], on: date) -> None:
    """Issue the notes of the lenders of loans that were paid out on a day; those that are known stay as they are."""
    for statement in (BEGIN_FIRST, ISSUE_FIRST):
        tx.execute(statement, {"ids": rows.texts(ids), "on": on})


def issue(tx: Tx, loan_id: str, edition: Edition) -> bool:
    """Issue the notes of an edition; false where the loan has one of that day."""
    if not tx.execute(BEGIN, {"loan_id": loan_id, "on": edition.from_on, "after": edition.after}):
        return False
    tx.execute(
        ISSUE,
        {
            "loan_id": loan_id,
            "on": edition.from_on,
            "parties": rows.texts(edition.parties),
            "positions": rows.int4s(range(1, len(edition.parties) + 1)),
            "principals": rows.int8s(edition.weights),
        },
    )
    return True


def begun(tx: Tx, ids: Sequence[str]) -> dict[str, list[tuple[date, int]]]:
    """When the editions of these loans began, the oldest first: the day, and the last flow before."""
    found: dict[str, list[tuple[date, int]]] = {}
    for loan_id, on, after in tx.tuples(BEGUN, {"ids": rows.texts(ids)}) if ids else []:
        found.setdefault(loan_id, []).append((on, after))
    return found


def editions(tx: Tx, wanted: Mapping[str, Sequence[tuple[date, int]]]) -> dict[str, list[Edition]]:
    """Editions of loans with their lenders, in the order in which they are wanted."""
    pairs = [(loan_id, on) for loan_id, some in wanted.items() for on, _ in some]
    if not pairs:
        return {}
    named = {"ids": rows.texts([loan_id for loan_id, _ in pairs]), "days": rows.dates([on for _, on in pairs])}
    found = {(row[0], row[1]): (row[2], row[3]) for row in tx.tuples(LENDERS, named, binary=True)}
    return {
        loan_id: [Edition(on, after, *found[loan_id, on]) for on, after in some] for loan_id, some in wanted.items()
    }


def held(tx: Tx, party_id: str, after: str, limit: int) -> list[str]:
    """The loans of which somebody holds a note that is in force, in the order of their ids, a page at a time."""
    found = tx.tuples(HELD, {"party_id": party_id, "after": after, "limit": limit})
    return [str(loan_id) for loan_id, _ in found]


def ever_held(tx: Tx, party_id: str, after: str, limit: int) -> list[str]:
    """The loans of which somebody ever held a note, in the order of their ids, a page at a time."""
    found = tx.tuples(EVER_HELD, {"party_id": party_id, "after": after, "limit": limit})
    return [str(row[0]) for row in found]


def _listed(row: Row) -> Listed:
    fee = Fee(row["fee_rate"], tuple(row["fee_of"]))
    return Listed(row["loan_id"], row["listing_id"], row["currency"], fee, row["lenders"], row["protects"])
