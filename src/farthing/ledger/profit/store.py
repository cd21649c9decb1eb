"""Read ``account``, ``posting`` and ``entry`` for what a period earned. Never writes.

An entry does not lie beside its postings: what moved is asked by account, its references by entry.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import LiteralString
from uuid import UUID

from farthing.db import rows
from farthing.db.tx import Tx

RESULT: LiteralString = """
    SELECT id, path, currency FROM account WHERE path LIKE 'income:%' OR path LIKE 'expenses:%' ORDER BY path
"""
MOVED: LiteralString = """
    SELECT x.account_id, x.entry_id, x.minor FROM (
        SELECT p.account_id, p.entry_id, p.effective_on,
            p.balance - lag(p.balance, 1, 0::bigint) OVER (PARTITION BY p.account_id ORDER BY p.version) AS minor
        FROM posting AS p JOIN unnest(%(ids)s::bigint[], %(past)s::bigint[]) AS asked (id, past)
            ON p.account_id = asked.id AND p.version >= asked.past
    ) AS x
    WHERE x.effective_on >= %(since)s AND x.effective_on <= %(until)s
"""
REFERENCES: LiteralString = "SELECT id, reference FROM entry WHERE id = ANY (%(ids)s)"
BALANCE_DAYS: LiteralString = """
    SELECT x.account_id, sum(x.minor::numeric * (%(until)s::date - greatest(x.effective_on, %(since)s::date) + 1))::text
    FROM (
        SELECT p.account_id, p.effective_on,
            p.balance - lag(p.balance, 1, 0::bigint) OVER (PARTITION BY p.account_id ORDER BY p.version) AS minor
        FROM posting AS p WHERE p.account_id = ANY (%(ids)s)
    ) AS x
    WHERE x.effective_on <= %(until)s GROUP BY x.account_id
"""
"""A balance counts for a day as it is at its end."""


def result_accounts(tx: Tx) -> list[tuple[int, str, str]]:
    """Every account of income and expenses: id, path, currency."""
    return list(tx.tuples(RESULT))


def moved(tx: Tx, past: dict[int, int], since: date, until: date) -> list[tuple[int, UUID, int]]:
    """What moved accounts on some days: account, entry, minor units (debit positive). ``past``: of each account a version up
    to which nothing takes effect so late."""
    asked = {"ids": rows.int8s(list(past)), "past": rows.int8s(list(past.values())), "since": since, "until": until}
    return list(tx.tuples(MOVED, asked, binary=True)) if past else []


def references(tx: Tx, entries: Collection[UUID]) -> dict[UUID, str]:
    """What entries are called, by id."""
    ids = rows.uuids([key.bytes for key in entries])
    return dict(tx.tuples(REFERENCES, {"ids": ids}, binary=True)) if entries else {}


def balance_days(tx: Tx, accounts: Sequence[int], since: date, until: date) -> dict[int, int]:
    """The sum of an account's balances at the ends of some days, in minor units (debit positive), by id."""
    found = tx.tuples(BALANCE_DAYS, {"ids": rows.int8s(accounts), "since": since, "until": until}) if accounts else ()
    return {account: int(total) for account, total in found}
