"""Own the SQL that reads the ledger for people. Tables account, entry, posting, hold_leg. Never writes."""

from __future__ import annotations

import binascii
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from farthing.db import rows
from farthing.db.like import LAST_SIGN, literal
from farthing.db.tx import Tx
from farthing.kit import base64url
from farthing.kit.errors import malformed, not_found
from farthing.kit.money import MAX_MINOR, Money
from farthing.ledger.batch import id_bytes
from farthing.ledger.model import (
    Balance,
    JournalEntry,
    Posted,
    Posting,
    Statement,
    StatementLine,
    TrialBalance,
    account_id,
    id_and_sign,
    reversal_reference,
    sign_of,
)
from farthing.ledger.reading import day_store
from farthing.ledger.refusals import UNKNOWN_ACCOUNT

BAD_CURSOR = malformed(
    "ledger.bad_cursor",
    "{cursor} is not a cursor of this list; begin without one.",
    "{cursor} 不是此列表的游标；请从头开始。",
)
UNKNOWN_ENTRY = not_found("ledger.unknown_entry", "There is no entry {reference}.", "没有分录 {reference}。")

BALANCE = """
SELECT a.path, a.currency, a.balance, a.held_out - coalesce(x.outgoing, 0), a.held_in - coalesce(x.incoming, 0),
    a.floor, a.ceiling, a.version, a.closed_at
FROM account AS a
    CROSS JOIN LATERAL (
        SELECT sum(l.outgoing)::bigint AS outgoing, sum(l.incoming)::bigint AS incoming
        FROM hold_leg AS l WHERE l.account_id = a.id AND l.expires_at <= %(now)s
    ) AS x
WHERE a.id = %(id)s
"""
COUNT_OPEN = "SELECT count(*) FROM account WHERE id = ANY (%(ids)s) AND closed_at IS NULL"
OPEN_IDS = "SELECT id FROM account WHERE id = ANY (%(ids)s) AND closed_at IS NULL"
BALANCES_OF = """
SELECT a.path, a.currency, a.balance, a.held_out - coalesce(x.outgoing, 0), a.held_in - coalesce(x.incoming, 0),
    a.floor, a.ceiling, a.version, a.closed_at
FROM account AS a
    LEFT JOIN (
        SELECT l.account_id, sum(l.outgoing)::bigint AS outgoing, sum(l.incoming)::bigint AS incoming
        FROM hold_leg AS l WHERE l.account_id = ANY (%(ids)s) AND l.expires_at <= %(now)s GROUP BY l.account_id
    ) AS x ON x.account_id = a.id
WHERE a.id = ANY (%(ids)s)
"""
BALANCES = """
SELECT a.path, a.currency, a.balance, a.held_out - coalesce(x.outgoing, 0), a.held_in - coalesce(x.incoming, 0),
    a.floor, a.ceiling, a.version, a.closed_at
FROM account AS a
    LEFT JOIN (
        SELECT l.account_id, sum(l.outgoing)::bigint AS outgoing, sum(l.incoming)::bigint AS incoming
        FROM hold_leg AS l WHERE l.expires_at <= %(now)s GROUP BY l.account_id
    ) AS x ON x.account_id = a.id
WHERE (a.path = %(path)s OR a.path LIKE %(below)s)
    AND a.path ~>=~ %(path)s AND a.path ~<~ %(past)s AND a.path ~>~ %(after)s
ORDER BY a.path USING ~<~
LIMIT %(limit)s
"""
SUM_BELOW = """
SELECT currency, sum(sign * balance)::text FROM account WHERE path LIKE %(below)s GROUP BY currency ORDER BY currency
"""
BALANCE_AT = """
SELECT balance, version FROM ledger_balance_at(%(id)s, %(version)s, %(known_at)s, %(effective_on)s)
"""
HELD_BELOW = """
SELECT path, currency, sign * balance FROM account WHERE path LIKE ANY (%(below)s) AND balance <> 0
"""
PAGE = """
SELECT p.version, p.balance, p.entry_id FROM posting AS p
WHERE p.account_id = %(id)s AND p.version < %(before)s
ORDER BY p.version DESC
LIMIT %(limit)s
"""
ENTRIES_OF = """
SELECT e.id, e.recorded_at, e.reference, e.kind, e.effective_on, e.memo, e.legs FROM entry AS e WHERE e.id = ANY (%(ids)s)
"""
MOVEMENTS = """
SELECT p.account_id, p.balance, p.effective_on - date '0001-01-01' + 1, p.entry_id
FROM posting AS p
WHERE p.account_id = ANY (%(ids)s)
ORDER BY p.account_id, p.version
"""
LATEST = """
SELECT p.version, p.balance, p.effective_on - date '0001-01-01' + 1, p.entry_id
FROM posting AS p
WHERE p.account_id = %(id)s AND p.version < %(before)s
ORDER BY p.version DESC LIMIT %(limit)s
"""
BETWEEN = """
SELECT asked.place, p.version, p.balance, p.entry_id
FROM unnest(%(places)s::integer[], %(ids)s::bigint[], %(after)s::bigint[], %(until)s::bigint[])
    AS asked (place, id, after, until)
    JOIN posting AS p ON p.account_id = asked.id AND p.version >= asked.after AND p.version <= asked.until
ORDER BY asked.place, p.version
"""
KINDS = "SELECT id, kind FROM entry WHERE id = ANY (%(ids)s)"
NAMES = "SELECT id, path, currency FROM account WHERE id = ANY (%(ids)s)"
TRIAL_BALANCE = "SELECT path, currency, balance FROM account WHERE balance <> 0 ORDER BY path"
VERSIONS = """
SELECT id, path, currency, version, balance,
    recorded_at <= coalesce(%(known_at)s::timestamptz, 'infinity')
    AND effective_high <= coalesce(%(effective_on)s::date, 'infinity')
FROM account WHERE id > %(after)s ORDER BY id LIMIT %(limit)s
"""
"""The last says that nothing has moved the account since: what it holds now it held then."""
BALANCES_AT = """
SELECT asked.id, b.balance
FROM unnest(%(ids)s::bigint[], %(versions)s::bigint[]) AS asked (id, version)
    CROSS JOIN LATERAL ledger_balance_at(asked.id, asked.version, %(known_at)s, %(effective_on)s) AS b
WHERE b.balance <> 0
"""
ALL_ENTRIES = """
SELECT e.recorded_at, e.id, e.reference, e.kind, e.effective_on, e.memo, e.legs FROM entry AS e
ORDER BY e.effective_on, e.recorded_at, e.id
"""

ACCOUNTS_AT_ONCE = 20_000


def movements(tx: Tx, paths: Sequence[str]) -> dict[str, list[tuple[str, int, int]]]:
    """Every posting of many accounts, in order: kind of its entry, minor units on its own side, ordinal day."""
    known = {key: (path, sign) for path in paths for key, sign in (id_and_sign(path),)}
    found: dict[str, list[tuple[str, int, int]]] = {}
    rows_ = tx.tuples(MOVEMENTS, {"ids": rows.int8s(sorted(known))}, binary=True)
    kinds = kinds_of(tx, [row[3] for row in rows_])
    for key, group in groupby(rows_, key=itemgetter(0)):
        path, sign = known[key]
        before = 0
        moved = found[path] = []
        for _, balance, day, entry_id in group:
            if entry_id in kinds:
                moved.append((kinds[entry_id], sign * (balance - before), day))
                before = balance
        if not moved:
            del found[path]
    return found


def latest_movements(tx: Tx, path: str, before: int, limit: int) -> list[tuple[int, int, int, str]]:
    """An account's latest postings, newest first: version, balance on its own side, ordinal day, kind of the entry."""
    key, sign = id_and_sign(path)
    found = tx.tuples(LATEST, {"id": key, "before": before, "limit": limit}, binary=True)
    kinds = kinds_of(tx, [row[3] for row in found])
    return [(version, sign * balance, day, kinds[at]) for version, balance, day, at in found if at in kinds]


def movements_between(tx: Tx, spans: Sequence[tuple[str, int, int]]) -> list[list[tuple[str, int]]]:
    """What moved accounts, each (path, after a version, until one): kind and minor units on the own side, in order."""
    asked = {
        "places": rows.int4s(range(len(spans))),
        "ids": rows.int8s([account_id(path) for path, _, _ in spans]),
        "after": rows.int8s([after for _, after, _ in spans]),
        "until": rows.int8s([until for _, _, until in spans]),
    }
    found = tx.tuples(BETWEEN, asked, binary=True) if spans else []
    kinds = kinds_of(tx, [at for _, _, _, at in found])
    moved: list[list[tuple[str, int]]] = [[] for _ in spans]
    for place, of_one in groupby(found, itemgetter(0)):
        path, after, _ = spans[place]
        prior = 0
        for _, version, balance, at in of_one:
            if version > after:
                moved[place].append((kinds[at], sign_of(path) * (balance - prior)))
            prior = balance
    return moved


def kinds_of(tx: Tx, entries: Sequence[UUID]) -> dict[UUID, str]:
    """The kinds of entries, asked by their ids: an entry does not lie beside its postings."""
    ids = rows.uuids([key.bytes for key in set(entries)])
    return dict(tx.tuples(KINDS, {"ids": ids}, binary=True)) if entries else {}


def _balance(row: Sequence[Any]) -> Balance:
    path, currency, minor, held_out, held_in, floor, ceiling, version, closed_at = row
    return Balance(
        path,
        currency,
        Money(minor, currency),
        Money(held_out, currency),
        Money(held_in, currency),
        None if floor == -MAX_MINOR else floor,
        None if ceiling == MAX_MINOR else ceiling,
        version,
        closed_at,
    )


def balance(tx: Tx, path: str, known_at: datetime | None, effective_on: date | None) -> Balance:
    """An account's balance now, or as known at an instant and as of a date; refuses ``ledger.unknown_account``."""
    key = account_id(path)
    found = tx.tuples(BALANCE, {"id": key, "now": tx.now})
    if not found or found[0][0] != path:
        raise UNKNOWN_ACCOUNT(account=path)
    present = found[0]
    if known_at is None and effective_on is None:
        return _balance(present)
    _, currency, _, _, _, floor, ceiling, version, closed_at = present
    asked = {"id": key, "version": version, "known_at": known_at, "effective_on": effective_on}
    ((then, reached),) = tx.tuples(BALANCE_AT, asked)
    return _balance((path, currency, then, 0, 0, floor, ceiling, reached, closed_at))


def balances(tx: Tx, prefix: str, after: str, limit: int) -> list[Balance]:
    """Accounts at or below ``prefix`` (all, if empty) by path, beginning after the path ``after``."""
    top = f"{prefix}:" if prefix else ""
    wanted = {
        "path": prefix, "below": f"{literal(top)}%", "past": f"{top}{LAST_SIGN}", "after": after, "limit": limit, "now": tx.now,
    }  # fmt: skip
    return [_balance(row) for row in tx.tuples(BALANCES, wanted)]


def balances_of(tx: Tx, paths: Sequence[str]) -> dict[str, Balance]:
    """The balances of these accounts, those that there are, by path: one statement."""
    ids = rows.int8s(sorted({account_id(path) for path in paths}))
    found = [_balance(row) for row in tx.tuples(BALANCES_OF, {"ids": ids, "now": tx.now})]
    wanted = set(paths)
    return {each.path: each for each in found if each.path in wanted}


def not_open(tx: Tx, paths: Sequence[str]) -> list[str]:
    """Which of these accounts take no posting: they are closed, or not there. Ordinarily none, which is counted first."""
    by_id = {account_id(path): path for path in paths}
    if not by_id:
        return []
    wanted = {"ids": rows.int8s(sorted(by_id))}
    ((count,),) = tx.tuples(COUNT_OPEN, wanted)
    if count == len(by_id):
        return []
    return [by_id[key] for key in by_id.keys() - {row[0] for row in tx.tuples(OPEN_IDS, wanted, binary=True)}]


def sum_below(tx: Tx, prefix: str) -> dict[str, int]:
    """Minor units on their own side of all accounts below a path, by currency."""
    found = tx.tuples(SUM_BELOW, {"below": f"{literal(prefix)}:%"})
    return {currency: int(whole) for currency, whole in found}


def held_below(tx: Tx, prefixes: Sequence[str]) -> list[tuple[str, str, int]]:
    """Path, currency and minor units on their own side of every account below some paths that is not at zero; one statement."""
    found = tx.tuples(HELD_BELOW, {"below": [f"{literal(each)}:%" for each in prefixes]}, binary=True)
    return [(path, currency, int(minor)) for path, currency, minor in found]


def names(tx: Tx, ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Path and currency of accounts by id."""
    found = tx.tuples(NAMES, {"ids": rows.int8s(sorted(set(ids)))}, binary=True)
    return {key: (path, currency) for key, path, currency in found}


def postings_of(legs: Sequence[int], known: dict[int, tuple[str, str]]) -> tuple[Posting, ...]:
    """The postings of an entry from how its row keeps them."""
    return tuple(
        Posting(known[account][0], Money(amount, known[account][1]))
        for account, amount in zip(legs[0::2], legs[1::2], strict=True)
    )


def statement(tx: Tx, path: str, cursor: str | None, limit: int) -> Statement:
    """A page of an account's postings, newest first; refuses ``ledger.unknown_account``, ``ledger.bad_cursor``."""
    key = account_id(path)
    before = 2**62 if cursor is None else int(decoded(cursor, 1)[0])
    posted = tx.tuples(PAGE, {"id": key, "before": before, "limit": limit + 1}, binary=True)
    ids = rows.uuids([row[2].bytes for row in posted])
    entries_of = {row[0]: row[1:] for row in tx.tuples(ENTRIES_OF, {"ids": ids}, binary=True)} if posted else {}
    found = [(version, minor, *entries_of[at]) for version, minor, at in posted if at in entries_of]
    known = names(tx, {key, *(leg for row in found for leg in row[7][0::2])})
    if key not in known or known[key][0] != path:
        raise UNKNOWN_ACCOUNT(account=path)
    currency = known[key][1]
    lines = []
    for index, (version, minor, recorded_at, reference, kind, effective_on, memo, legs) in enumerate(found[:limit]):
        prior = found[index + 1][1] if index + 1 < len(found) else 0
        entry = JournalEntry(reference, kind, effective_on, postings_of(legs, known), memo)
        lines.append(StatementLine(version, entry, recorded_at, Money(minor - prior, currency), Money(minor, currency)))
    more = len(found) > limit
    return Statement(path, tuple(lines), encoded(str(lines[-1].version)) if more else None)


def posted_of(row: Sequence[Any], known: dict[int, tuple[str, str]]) -> Posted:
    """An entry from its row: recorded at, id, reference, kind, effective on, memo, legs."""
    recorded_at, _, reference, kind, effective_on, memo, legs = row
    return Posted(JournalEntry(reference, kind, effective_on, postings_of(legs, known), memo), recorded_at, True)


def entry(tx: Tx, reference: str) -> Posted:
    """The entry of a reference; refuses ``ledger.unknown_entry``."""
    return entry_by_id(tx, UUID(bytes=id_bytes(reference)), reference)


def entry_by_id(tx: Tx, key: UUID, called: str = "") -> Posted:
    """The entry of an id; refuses ``ledger.unknown_entry``."""
    found = found_by_id(tx, [key])
    if key not in found:
        raise UNKNOWN_ENTRY(reference=called or str(key))
    return found[key]


def entries_by_id(tx: Tx, keys: Sequence[UUID]) -> list[Posted]:
    """Entries of ids, in the order in which they are named; refuses ``ledger.unknown_entry``."""
    found = found_by_id(tx, keys)
    for key in keys:
        if key not in found:
            raise UNKNOWN_ENTRY(reference=str(key))
    return [found[key] for key in keys]


def reversal(tx: Tx, reference: str) -> Posted | None:
    """The entry that reverses another, by the other's reference; none while there is none."""
    key = UUID(bytes=id_bytes(reversal_reference(reference)))
    return found_by_id(tx, [key]).get(key)


def found_by_id(tx: Tx, keys: Sequence[UUID]) -> dict[UUID, Posted]:
    """The entries of ids that there are, by their ids."""
    ids = rows.uuids([key.bytes for key in set(keys)])
    found = tx.tuples(ENTRIES_OF, {"ids": ids}, binary=True) if keys else []
    known = names(tx, (leg for row in found for leg in row[6][0::2])) if found else {}
    return {row[0]: posted_of((row[1], row[0], *row[2:]), known) for row in found}


def trial_balance(tx: Tx, known_at: datetime | None, effective_on: date | None) -> TrialBalance:
    """Every account that is not at zero, now or on either time axis."""
    if known_at is None and effective_on is None:
        found = tx.tuples(TRIAL_BALANCE, binary=True)
        return TrialBalance(tuple((path, Money(minor, currency)) for path, currency, minor in found))
    if known_at is None and effective_on is not None and day_store.by_one_pass(tx, "%", effective_on):
        held = day_store.lines(tx, effective_on)
        return TrialBalance(
            tuple(sorted(((path, Money(minor, currency)) for path, currency, minor in held), key=itemgetter(0)))
        )
    then: list[tuple[str, Money]] = []
    after = -1
    dated = {"known_at": known_at, "effective_on": effective_on}
    while page := tx.tuples(VERSIONS, {"after": after, "limit": ACCOUNTS_AT_ONCE, **dated}, binary=True):
        after = page[-1][0]
        minors = balances_at(tx, [(row[0], row[3]) for row in page if not row[5]], known_at, effective_on)
        minors |= {row[0]: row[4] for row in page if row[5] and row[4]}
        then += [(row[1], Money(minors[row[0]], row[2])) for row in page if row[0] in minors]
    return TrialBalance(tuple(sorted(then, key=itemgetter(0))))


def balances_at(
    tx: Tx, versions: Sequence[tuple[int, int]], known_at: datetime | None, effective_on: date | None
) -> dict[int, int]:
    """What accounts held on either time axis, of those that held something: a look-up each. ``versions``: how many postings
    each has now, so that none that comes meanwhile counts."""
    found: dict[int, int] = {}
    for first in range(0, len(versions), ACCOUNTS_AT_ONCE):
        some = versions[first : first + ACCOUNTS_AT_ONCE]
        asked = {"ids": rows.int8s([key for key, _ in some]), "versions": rows.int8s([version for _, version in some])}
        dated = {**asked, "known_at": known_at, "effective_on": effective_on}
        found |= dict(tx.tuples(BALANCES_AT, dated, binary=True))
    return found


def journal(tx: Tx) -> list[Posted]:
    """Every entry in the order of effective date, for the export."""
    found = tx.tuples(ALL_ENTRIES, binary=True)
    known = names(tx, (leg for row in found for leg in row[6][0::2]))
    return [posted_of(row, known) for row in found]


def encoded(*parts: str) -> str:
    """A cursor of a list."""
    return base64url.encode("\n".join(parts).encode())


def decoded(cursor: str, count: int) -> list[str]:
    """The parts of a cursor; refuses ``ledger.bad_cursor``."""
    try:
        parts = base64url.decode(cursor).decode().split("\n")
    except (binascii.Error, UnicodeError, ValueError):
        raise BAD_CURSOR(cursor=cursor) from None
    if len(parts) != count or (count == 1 and not (parts[0].isdecimal() and parts[0].isascii() and len(parts[0]) < 19)):
        raise BAD_CURSOR(cursor=cursor)
    return parts
