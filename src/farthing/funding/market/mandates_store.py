"""Read and write ``market_mandate``: a row for each version. Never decides."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import LiteralString

from farthing.db import rows
from farthing.db.server import Collision
from farthing.db.tx import Row, Tx
from farthing.funding.market.mandates_model import Mandate, Terms
from farthing.kernel.operation import decode
from farthing.kit.canonical import canonical

_ROW: LiteralString = "id, version, party_id, terms::text AS terms, from_at, ended_at, stopped"
LOCK_LENDER: LiteralString = "UPDATE market_lender SET warned_on = warned_on WHERE party_id = %(party_id)s"
LOCK_LENDERS: LiteralString = "UPDATE market_lender SET warned_on = warned_on WHERE party_id = ANY(%(parties)s)"
LIVE_LENDERS: LiteralString = "SELECT DISTINCT party_id FROM market_mandate WHERE ended_at IS NULL"
INSERT: LiteralString = """
    INSERT INTO market_mandate (id, version, party_id, currency, amount_minor, terms, from_at, stopped)
    VALUES (%(id)s, %(version)s, %(party_id)s, %(currency)s, %(amount_minor)s, %(terms)s::text::jsonb, %(from_at)s, false)
"""
END: LiteralString = """
    UPDATE market_mandate SET ended_at = %(at)s, stopped = %(stopped)s
    WHERE id = %(id)s AND version = %(version)s AND ended_at IS NULL
"""
NEWEST: LiteralString = f"""
    SELECT {_ROW} FROM market_mandate
    WHERE id = %(id)s ORDER BY version DESC LIMIT 1
"""
VERSIONS: LiteralString = f"""
    SELECT {_ROW} FROM market_mandate
    WHERE id = %(id)s ORDER BY version DESC
"""
OF_PARTY: LiteralString = f"""
    SELECT {_ROW} FROM market_mandate
    WHERE party_id = %(party_id)s AND (ended_at IS NULL OR stopped) AND id < %(before)s ORDER BY id DESC LIMIT %(limit)s
"""
LIVE: LiteralString = f"""
    SELECT {_ROW} FROM market_mandate
    WHERE party_id = %(party_id)s AND ended_at IS NULL ORDER BY id
"""
ALL_LIVE: LiteralString = f"SELECT {_ROW} FROM market_mandate WHERE ended_at IS NULL ORDER BY id"
TERMS_OF_OTHERS: LiteralString = """
    SELECT terms::text AS terms, count(*) AS mandates FROM market_mandate
    WHERE ended_at IS NULL AND party_id <> %(party_id)s GROUP BY terms
"""
STILL_LIVE: LiteralString = f"""
    SELECT {_ROW} FROM market_mandate
    WHERE id = ANY(%(ids)s) AND ended_at IS NULL ORDER BY id
"""
OWNER: LiteralString = "SELECT party_id FROM market_mandate WHERE id = %(id)s AND version = 1"
LAST = "mandate_~"
"""After every id: they are made of letters and digits."""


def lock(tx: Tx, party_id: str) -> None:
    """Let others who change this lender's mandates wait for this transaction: his limit is over all of them."""
    tx.execute(LOCK_LENDER, {"party_id": party_id})


def lock_live(tx: Tx) -> None:
    """As :func:`lock`, of everybody whose mandate is in force."""
    tx.execute(LOCK_LENDERS, {"parties": rows.texts([str(row[0]) for row in tx.tuples(LIVE_LENDERS)])})


def insert(tx: Tx, mandate: Mandate) -> None:
    """Keep a version that begins."""
    tx.execute(INSERT, {
        "id": mandate.id, "version": mandate.version, "party_id": mandate.party_id,
        "currency": mandate.terms.amount.currency, "amount_minor": mandate.terms.amount.minor,
        "terms": canonical(mandate.terms).decode(), "from_at": mandate.from_at,
    })  # fmt: skip


def end(tx: Tx, mandate: Mandate, *, stopped: bool) -> None:
    """End a version; a ``Collision`` where it ended meanwhile."""
    values = {"id": mandate.id, "version": mandate.version, "at": tx.now, "stopped": stopped}
    if tx.execute(END, values) != 1:
        raise Collision("a mandate was changed meanwhile")


def newest(tx: Tx, mandate_id: str) -> Mandate | None:
    """The newest version of a mandate, or none."""
    row = tx.maybe(NEWEST, {"id": mandate_id})
    return _mandate(row) if row else None


def versions(tx: Tx, mandate_id: str) -> list[Mandate]:
    """All versions of a mandate, the newest first."""
    return [_mandate(row) for row in tx.rows(VERSIONS, {"id": mandate_id})]


def of_party(tx: Tx, party_id: str, before: str, limit: int) -> list[Mandate]:
    """A party's mandates as they stand, stopped ones too, the newest first, from before an id."""
    asked = {"party_id": party_id, "before": before or LAST, "limit": limit}
    return [_mandate(row) for row in tx.rows(OF_PARTY, asked)]


def live(tx: Tx, party_id: str) -> Sequence[Mandate]:
    """A party's mandates in force."""
    return [_mandate(row) for row in tx.rows(LIVE, {"party_id": party_id})]


def all_live(tx: Tx) -> Sequence[Mandate]:
    """Every mandate in force, by id."""
    return [_mandate(row) for row in tx.rows(ALL_LIVE, {})]


def terms_of_others(tx: Tx, party_id: str) -> list[tuple[Terms, int]]:
    """The terms of all mandates in force but a lender's own, and of how many they are."""
    return [(_terms(row["terms"]), row["mandates"]) for row in tx.rows(TERMS_OF_OTHERS, {"party_id": party_id})]


def still_live(tx: Tx, ids: Sequence[str]) -> dict[str, Mandate]:
    """Those of these mandates that are in force, as they are now."""
    return {row["id"]: _mandate(row) for row in tx.rows(STILL_LIVE, {"ids": rows.texts(ids)})}


def owner(tx: Tx, mandate_id: str) -> str | None:
    """Whose a mandate is, or none."""
    row = tx.maybe(OWNER, {"id": mandate_id})
    return row["party_id"] if row else None


def _mandate(row: Row) -> Mandate:
    return Mandate(terms=_terms(row.pop("terms")), **row)


@lru_cache(maxsize=20_000)
def _terms(written: str) -> Terms:
    """Terms as they are written, decoded once: a version's never change, and thousands of lenders have the same."""
    terms: Terms = decode(Terms, json.loads(written))
    return terms
