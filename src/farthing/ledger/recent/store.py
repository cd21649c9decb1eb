"""Read the latest postings of accounts and their entries: two statements, whatever the number of accounts. Never decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, LiteralString
from uuid import UUID

from farthing.db import rows
from farthing.db.tx import Tx
from farthing.ledger.model import account_id
from farthing.ledger.recent.model import MOST

LATEST: LiteralString = """
    SELECT a.id, a.opened_at, a.sign, l.entries, l.before_on
    FROM account AS a CROSS JOIN LATERAL (
        SELECT array_agg(t.entry_id ORDER BY t.version DESC) FILTER (WHERE t.effective_high >= %(since)s) AS entries,
               max(t.effective_high) FILTER (WHERE t.effective_high < %(since)s) AS before_on
        FROM (
            SELECT p.version, p.entry_id, p.effective_high FROM posting AS p
            WHERE p.account_id = a.id ORDER BY p.version DESC LIMIT %(most)s
        ) AS t
    ) AS l
    WHERE a.id = ANY (%(ids)s) AND a.version > 0
"""
ENTRIES: LiteralString = """
    SELECT id, recorded_at, kind, legs FROM entry WHERE id = ANY (%(ids)s)
"""
PASSED: LiteralString = """
    SELECT a.id, l.entries
    FROM account AS a CROSS JOIN LATERAL (
        SELECT array_agg(t.entry_id ORDER BY t.version) AS entries
        FROM (
            SELECT p.version, p.entry_id, p.effective_high FROM posting AS p
            WHERE p.account_id = a.id ORDER BY p.version DESC LIMIT %(most)s
        ) AS t
        WHERE t.effective_high >= %(since)s
    ) AS l
    WHERE a.id = ANY (%(ids)s) AND l.entries IS NOT NULL
"""
PATHS: LiteralString = "SELECT id, path FROM account WHERE id = ANY (%(ids)s)"
HOLDS: LiteralString = "SELECT reference, state FROM hold WHERE id = ANY (%(ids)s)"


def latest(tx: Tx, paths: Sequence[str], since: date) -> dict[int, tuple[Any, ...]]:
    """Of each account that ever moved: when it was opened, its sign, the entries of its latest lines since a day, and the last
    day before them."""
    asked = {"ids": rows.int8s(sorted(map(account_id, paths))), "since": since, "most": MOST}
    return {row[0]: row[1:] for row in tx.tuples(LATEST, asked, binary=True)}


def passed(tx: Tx, ids: Sequence[int], since: date, most: int) -> dict[int, list[UUID]]:
    """The entries that passed accounts since a business day, oldest first: of each the latest so many."""
    asked = {"ids": rows.int8s(sorted(ids)), "since": since, "most": most}
    return {row[0]: row[1] for row in tx.tuples(PASSED, asked, binary=True)}


def paths(tx: Tx, ids: Sequence[int]) -> dict[int, str]:
    """The paths of accounts, by their ids."""
    return {row[0]: row[1] for row in tx.tuples(PATHS, {"ids": rows.int8s(sorted(ids))}, binary=True)}


def entries(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, tuple[Any, ...]]:
    """When entries were recorded, of which kind they are, and their legs."""
    asked = {"ids": rows.uuids([each.bytes for each in ids])}
    return {row[0]: row[1:] for row in tx.tuples(ENTRIES, asked, binary=True)}


def holds(tx: Tx, ids: Sequence[bytes]) -> dict[str, str]:
    """How holds stand, by their references."""
    return {row[0]: row[1] for row in tx.tuples(HOLDS, {"ids": rows.uuids(ids)})}
