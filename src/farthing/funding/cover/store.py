"""Read and write ``funding_cover_claim``; find parts of loans that may be claimed for. Never decides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import LiteralString

from farthing.db import rows
from farthing.db.tx import Row, Tx
from farthing.funding.cover.model import CoverClaim
from farthing.kit.money import Money

GIVEN_UP: LiteralString = """
    SELECT part.loan_id, part.partner
    FROM funding_part AS part LEFT JOIN funding_cover_claim AS claim
        ON claim.loan_id = part.loan_id AND claim.partner = part.partner
    WHERE part.given_up AND claim.loan_id IS NULL AND part.programme || '@' || part.version = ANY(%(versions)s)
    ORDER BY part.loan_id, part.partner
"""
OF_LATE: LiteralString = """
    SELECT part.loan_id, part.partner
    FROM funding_part AS part LEFT JOIN funding_cover_claim AS claim
        ON claim.loan_id = part.loan_id AND claim.partner = part.partner
    WHERE part.loan_id = ANY(%(ids)s) AND part.left_minor > 0 AND part.lent AND claim.loan_id IS NULL
        AND part.programme || '@' || part.version = ANY(%(versions)s)
    ORDER BY part.loan_id, part.partner
"""
LENT: LiteralString = """
    SELECT programme || '@' || version AS version, sum(share_minor)::bigint AS lent, sum(left_minor)::bigint AS owed
    FROM funding_part WHERE lent AND currency = %(currency)s AND programme || '@' || version = ANY(%(versions)s)
    GROUP BY programme, version
"""
KEEP: LiteralString = """
    INSERT INTO funding_cover_claim (loan_id, partner, programme, giver, why, currency, claimed_minor, paid_minor, after_flow,
                                     paid_on)
    VALUES (%(loan_id)s, %(partner)s, %(programme)s, %(giver)s, %(why)s, %(currency)s, %(claimed)s, %(paid)s, %(after)s,
            %(paid_on)s)
    ON CONFLICT (loan_id, partner) DO NOTHING
"""
OF_LOANS: LiteralString = "SELECT * FROM funding_cover_claim WHERE loan_id = ANY(%(ids)s) ORDER BY loan_id, partner"
CLAIMS: LiteralString = """
    SELECT * FROM funding_cover_claim
    WHERE loan_id > %(after)s AND (%(partner)s = '' OR partner = %(partner)s)
    ORDER BY loan_id, partner LIMIT %(limit)s
"""
SUMS: LiteralString = """
    SELECT programme, giver, count(*) AS claims, sum(claimed_minor)::bigint AS claimed, sum(paid_minor)::bigint AS paid
    FROM funding_cover_claim WHERE currency = %(currency)s GROUP BY programme, giver
"""


def given_up(tx: Tx, versions: Sequence[str]) -> list[tuple[str, str]]:
    """Parts, by loan and partner, of loans that were given up under these versions of programmes and were not claimed for."""
    return [(row["loan_id"], row["partner"]) for row in tx.rows(GIVEN_UP, {"versions": rows.texts(versions)})]


def of_late(tx: Tx, ids: Sequence[str], versions: Sequence[str]) -> list[tuple[str, str]]:
    """Of these loans, which are late, the parts under these versions of programmes that were not claimed for."""
    found = tx.rows(OF_LATE, {"ids": rows.texts(ids), "versions": rows.texts(versions)})
    return [(row["loan_id"], row["partner"]) for row in found]


def lent(tx: Tx, currency: str, versions: Sequence[str]) -> dict[str, tuple[int, int]]:
    """What was lent under each of these versions of programmes, and what of it is owed still, in minor units."""
    found = tx.rows(LENT, {"currency": currency, "versions": rows.texts(versions)}) if versions else []
    return {row["version"]: (row["lent"], row["owed"]) for row in found}


def keep(tx: Tx, claim: CoverClaim) -> None:
    """Keep what was claimed and paid; once."""
    tx.execute(
        KEEP,
        {
            "loan_id": claim.loan_id, "partner": claim.partner, "programme": claim.programme, "giver": claim.giver,
            "why": claim.why, "currency": claim.claimed.currency, "claimed": claim.claimed.minor, "paid": claim.paid.minor,
            "after": claim.after, "paid_on": claim.paid_on,
        },
    )  # fmt: skip


def of_loans(tx: Tx, ids: Sequence[str]) -> list[CoverClaim]:
    """The claims for parts of these loans."""
    return [_claim(row) for row in tx.rows(OF_LOANS, {"ids": rows.texts(ids)})] if ids else []


def claims(tx: Tx, after: str, limit: int, partner: str = "") -> list[CoverClaim]:
    """All claims, or a partner's, by the ids of their loans."""
    return [_claim(row) for row in tx.rows(CLAIMS, {"after": after, "limit": limit, "partner": partner})]


def sums(tx: Tx, currency: str) -> dict[tuple[str, str], Row]:
    """How many claims there were on each cover, by programme and giver, for how much, and what was paid."""
    return {(row["programme"], row["giver"]): row for row in tx.rows(SUMS, {"currency": currency})}


def _claim(row: Row) -> CoverClaim:
    claimed, paid = (Money(row[name], row["currency"]) for name in ("claimed_minor", "paid_minor"))
    return CoverClaim(
        row["loan_id"], row["partner"], row["programme"], row["giver"], row["why"], claimed, paid, row["after_flow"],
        row["paid_on"],
    )  # fmt: skip
