"""Read ``loan`` and ``loan_obligation`` for what borrowers owe, ``loan_group_member`` and ``loan_guarantee`` for who answers for
whom. Never decides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import LiteralString

from farthing.db.tx import Row, Tx
from farthing.kit.money import Money
from farthing.lending.model import OWN_BOOK
from farthing.lending.prudence.shared import own_part

OWED: LiteralString = """
    SELECT loan.party_id, loan.currency, loan.principal_minor, loan.holders,
        (sum(due.left_minor) + loan.undrawn_minor)::bigint AS outstanding
    FROM loan JOIN loan_obligation AS due ON due.loan_id = loan.id AND due.component = 'principal'
    WHERE loan.party_id = ANY(%(parties)s) AND loan.state = 'active' AND loan.currency = %(currency)s
    GROUP BY loan.id
"""
LARGEST: LiteralString = """
    SELECT party_id
    FROM (
        SELECT loan.party_id, (sum(due.left_minor) + loan.undrawn_minor) * (
            SELECT coalesce(sum((holder -> 'share' ->> 'minor')::bigint), 0)
            FROM jsonb_array_elements(loan.holders) AS holder WHERE holder ->> 'name' = %(own)s
        ) / loan.principal_minor AS ours
        FROM loan_obligation AS due JOIN loan ON loan.id = due.loan_id
        WHERE due.open AND due.component = 'principal' AND loan.state = 'active' AND loan.currency = %(currency)s
        GROUP BY loan.id
    ) AS owing
    GROUP BY party_id ORDER BY sum(ours) DESC, party_id LIMIT %(most)s
"""
"""Our part by our share alone, which is what :func:`farthing.lending.prudence.shared.own_part` says to a minor unit a loan."""
MOST = 100
"""Among so many that seem to owe most is the one that does: what seems is right to a minor unit for each of its shared loans."""
MEMBERS: LiteralString = """
    SELECT other.party_id FROM loan_group_member AS mine JOIN loan_group_member AS other ON other.group_id = mine.group_id
    WHERE mine.party_id = ANY(%(parties)s) AND mine.state = 'in' AND other.state = 'in'
"""
ALL_MEMBERS: LiteralString = "SELECT party_id AS one, group_id AS other FROM loan_group_member WHERE state = 'in'"
STOOD_FOR: LiteralString = """
    SELECT party_id, loan_id FROM loan_guarantee WHERE party_id = ANY(%(parties)s) AND state = 'given'
"""
STANDING: LiteralString = """
    SELECT party_id, loan_id FROM loan_guarantee WHERE loan_id = ANY(%(loans)s) AND state = 'given'
"""
ALL_STANDING: LiteralString = "SELECT party_id, loan_id FROM loan_guarantee WHERE state = 'given'"
LOANS_OF: LiteralString = """
    SELECT id, party_id FROM loan WHERE party_id = ANY(%(parties)s) AND state IN ('accepted', 'funded', 'active')
"""
BORROWERS: LiteralString = "SELECT id, party_id FROM loan WHERE id = ANY(%(loans)s)"


def owed(tx: Tx, parties: Sequence[str], currency: str) -> dict[str, int]:
    """What some parties owe the own book of the principal of loans that were paid out, with what is agreed of them and may still
    be paid out, in minor units."""
    return _sums(tx.rows(OWED, {"parties": list(parties), "currency": currency}))


def largest(tx: Tx, currency: str) -> int:
    """What the borrower owes the own book who owes most; the database finds who that may be."""
    found = tx.rows(LARGEST, {"own": OWN_BOOK, "currency": currency, "most": MOST})
    return max(owed(tx, [row["party_id"] for row in found], currency).values(), default=0) if found else 0


def _sums(found: Iterable[Row]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for row in found:
        principal, left = Money(row["principal_minor"], row["currency"]), Money(row["outstanding"], row["currency"])
        sums[row["party_id"]] = sums.get(row["party_id"], 0) + own_part(row["holders"], principal, left).minor
    return sums


def beside(tx: Tx, parties: Sequence[str]) -> set[str]:
    """Who answers for some parties, or they for whom: members of their groups, guarantors and whom they guarantee."""
    asked = {"parties": list(parties)}
    members = {row["party_id"] for row in tx.rows(MEMBERS, asked)}
    guaranteed = {borrower for _, borrower in _ties(tx, tx.rows(STOOD_FOR, asked))}
    own = [row["id"] for row in tx.rows(LOANS_OF, asked)]
    guarantors = {row["party_id"] for row in tx.rows(STANDING, {"loans": own})} if own else set()
    return members | guaranteed | guarantors


def ties(tx: Tx) -> list[tuple[str, str]]:
    """Everybody who answers for somebody: a member with its group, a guarantor with the borrower."""
    return [*((row["one"], row["other"]) for row in tx.rows(ALL_MEMBERS)), *_ties(tx, tx.rows(ALL_STANDING))]


def _ties(tx: Tx, stands: Sequence[Row]) -> list[tuple[str, str]]:
    """Guarantors with the borrowers of their loans."""
    loans = sorted({row["loan_id"] for row in stands})
    borrowers = {row["id"]: row["party_id"] for row in tx.rows(BORROWERS, {"loans": loans})} if loans else {}
    return [(row["party_id"], borrowers[row["loan_id"]]) for row in stands if row["loan_id"] in borrowers]
