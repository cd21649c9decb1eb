"""Read what moved an account in a period: its postings, and its balance day by day, both by the effective day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from farthing.db import rows
from farthing.db.like import literal
from farthing.db.tx import Tx
from farthing.kit.money import MAX_MINOR, Money
from farthing.ledger.model import JournalEntry, StatementLine, account_id, id_and_sign
from farthing.ledger.reading.store import BALANCE_AT, names, postings_of

VERSION = "SELECT version FROM account WHERE id = %(id)s"
WITHIN = """
SELECT x.version, x.balance, x.entry_id, x.before FROM (
    SELECT p.version, p.balance, p.entry_id, p.effective_on,
        lead(p.balance, 1, 0::bigint) OVER (ORDER BY p.version DESC) AS before
    FROM posting AS p WHERE p.account_id = %(id)s AND p.version >= %(past)s AND p.version < %(below)s
) AS x
WHERE x.effective_on >= %(since)s AND x.effective_on <= %(until)s
ORDER BY x.version DESC
LIMIT %(limit)s
"""
ENTRIES_LIKE = """
SELECT e.id, e.recorded_at, e.reference, e.kind, e.effective_on, e.memo, e.legs FROM entry AS e
WHERE e.id = ANY (%(ids)s) AND (%(any_kind)s OR e.kind = ANY (%(kinds)s)) AND e.memo ILIKE %(memo)s
"""
BY_DAY = """
SELECT y.effective_on AS day, min(y.running)::bigint AS lowest, (max(ARRAY[y.place, y.running]))[2]::bigint AS last
FROM (
    SELECT x.effective_on, row_number() OVER past AS place,
        %(opening)s + sum(%(sign)s * (x.balance - x.before)) OVER past AS running
    FROM (
        SELECT p.version, p.effective_on, p.balance, lag(p.balance, 1, 0::bigint) OVER (ORDER BY p.version) AS before
        FROM posting AS p WHERE p.account_id = %(id)s AND p.version >= %(past)s
    ) AS x
    WHERE x.effective_on >= %(since)s
    WINDOW past AS (ORDER BY x.effective_on, x.version)
) AS y
GROUP BY 1 ORDER BY 1
"""
A_DAY = timedelta(days=1)


def within(
    tx: Tx, path: str, since: date, until: date, *, kinds: Sequence[str] | None = None, text: str = "", limit: int,
    below: int | None = None,
) -> tuple[list[StatementLine], int | None]:  # fmt: skip
    """An account's postings of a period, newest first, whose entry is of a kind and has a text in its memo.

    No more than ``limit`` postings are looked at, those below a version; answers below which to look on, none where that
    was all.
    """
    key = account_id(path)
    past, _ = reached(tx, key, since - A_DAY)
    asked = {
        "id": key,
        "past": past,
        "since": since,
        "until": until,
        "limit": limit + 1,
        "below": MAX_MINOR if below is None else below,
    }
    posted = tx.tuples(WITHIN, asked, binary=True)
    ids = rows.uuids([row[2].bytes for row in posted[:limit]])
    wanted = {
        "ids": ids,
        "any_kind": kinds is None,
        "kinds": rows.texts(kinds or ()),
        "memo": f"%{literal(text)}%",
    }
    entries_of = {row[0]: row[1:] for row in tx.tuples(ENTRIES_LIKE, wanted, binary=True)} if posted else {}
    found = [
        (version, minor, before, *entries_of[at]) for version, minor, at, before in posted[:limit] if at in entries_of
    ]
    known = names(tx, {key, *(leg for row in found for leg in row[8][0::2])})
    lines = []
    for version, minor, before, recorded_at, reference, kind, effective_on, memo, legs in found:
        entry = JournalEntry(reference, kind, effective_on, postings_of(legs, known), memo)
        currency = known[key][1]
        lines.append(
            StatementLine(version, entry, recorded_at, Money(minor - before, currency), Money(minor, currency))
        )
    return lines, posted[limit - 1][0] if len(posted) > limit else None


def by_day(tx: Tx, path: str, since: date) -> list[tuple[date, int, int]]:
    """Each day of an account on which something moved, from a day on: the lowest and the last balance on its own side, in
    minor units. What was before stands under the day before.

    A day is the effective one: what a day's close posts for the morning after stands after what is recorded later that day.
    """
    key, sign = id_and_sign(path)
    past, balance = reached(tx, key, since - A_DAY)
    opening = sign * balance
    before = [(since - A_DAY, opening, opening)] if past or opening else []
    asked = {"id": key, "sign": sign, "since": since, "past": past, "opening": opening}
    return before + [(day, lowest, last) for day, lowest, last in tx.tuples(BY_DAY, asked, binary=True)]


def reached(tx: Tx, account: int, on: date) -> tuple[int, int]:
    """How far an account was at the end of a day: the last version up to which nothing takes effect later, and the balance as
    of that day; what is posted for the day or before it afterwards counts in the balance. Only what comes after that version
    can take effect later, so that a period is read from there on, however long the account has lived."""
    present = list(tx.tuples(VERSION, {"id": account}))
    if not present:
        return 0, 0
    asked = {"id": account, "version": present[0][0], "known_at": None, "effective_on": on}
    ((balance, version),) = tx.tuples(BALANCE_AT, asked)
    return version, balance
