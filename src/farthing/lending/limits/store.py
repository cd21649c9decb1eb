"""Read ``loan`` and ``loan_obligation`` for what borrowers owe, ``loan_group_member`` and ``loan_guarantee`` for who answers for
whom. Never decides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import LiteralString

from farthing.db.tx import Row, Tx
from farthing.kit.money import Money
from farthing.lending.prudence.shared import own_part

OWED: LiteralString = """
    SELECT loan.party_id, loan.currency, loan.principal_minor, loan.holders, sum(due.left_minor)::bigint AS outstanding
    FROM loan JOIN loan_obligation AS due ON due.loan_id = loan.id AND due.component = 'principal'
    WHERE loan.party_id = ANY(%(parties)s) AND loan.state = 'active' AND loan.currency = %(currency)s
    GROUP BY loan.id
"""
ALL_OWED: LiteralString = """
    SELECT loan.party_id, loan.currency, loan.principal_minor, loan.holders, sum(due.left_minor)::bigint AS outstanding
    FROM loan_obligation AS due JOIN loan ON loan.id = due.loan_id
    WHERE due.open AND due.component = 'principal' AND loan.state = 'active' AND loan.currency = %(currency)s
    GROUP BY loan.id
"""
BESIDE: LiteralString = """
    SELECT other.party_id FROM loan_group_member AS mine JOIN loan_group_member AS other ON other.group_id = mine.group_id
    WHERE mine.party_id = ANY(%(parties)s) AND mine.state = 'in' AND other.state = 'in'
    UNION
    SELECT loan.party_id FROM loan_guarantee AS stands JOIN loan ON loan.id = stands.loan_id
    WHERE stands.party_id = ANY(%(parties)s) AND stands.state = 'given'
    UNION
    SELECT stands.party_id FROM loan JOIN loan_guarantee AS stands ON stands.loan_id = loan.id
    WHERE loan.party_id = ANY(%(parties)s) AND stands.state = 'given'
"""
TIES: LiteralString = """
    SELECT party_id AS one, group_id AS other FROM loan_group_member WHERE state = 'in'
    UNION ALL
    SELECT stands.party_id, loan.party_id FROM loan_guarantee AS stands JOIN loan ON loan.id = stands.loan_id
    WHERE stands.state = 'given'
"""


def owed(tx: Tx, parties: Sequence[str], currency: str) -> dict[str, int]:
    """What some parties owe the own book of the principal of loans that were paid out, in minor units."""
    return _sums(tx.rows(OWED, {"parties": list(parties), "currency": currency}))


def all_owed(tx: Tx, currency: str) -> dict[str, int]:
    """The same of every borrower."""
    return _sums(tx.rows(ALL_OWED, {"currency": currency}))


def _sums(found: Iterable[Row]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for row in found:
        principal, left = Money(row["principal_minor"], row["currency"]), Money(row["outstanding"], row["currency"])
        sums[row["party_id"]] = sums.get(row["party_id"], 0) + own_part(row["holders"], principal, left).minor
    return sums


def beside(tx: Tx, parties: Sequence[str]) -> set[str]:
    """Who answers for some parties, or they for whom: members of their groups, guarantors and whom they guarantee."""
    return {str(row["party_id"]) for row in tx.rows(BESIDE, {"parties": list(parties)})}


def ties(tx: Tx) -> list[tuple[str, str]]:
    """Everybody who answers for somebody: a member with its group, a guarantor with the borrower."""
    return [(row["one"], row["other"]) for row in tx.rows(TIES)]
