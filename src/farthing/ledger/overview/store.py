"""Read ``account`` in groups, ``account_group``, which keeps what the topmost come to, and ``posting`` of one account by its
days. Never writes."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import LiteralString
from uuid import UUID

from farthing.db import rows
from farthing.db.like import LAST_SIGN, literal
from farthing.db.tx import Tx
from farthing.ledger.model import account_id, sign_of
from farthing.ledger.reading import day_store
from farthing.ledger.reading import store as reading

GROUPS: LiteralString = """
SELECT array_to_string((string_to_array(path, ':'))[1:%(depth)s::integer], ':') AS head, currency, count(*),
    sum(sign * balance)::text
FROM account
WHERE path LIKE %(below)s::text AND closed_at IS NULL
GROUP BY head, currency ORDER BY head, currency
"""
THEN: LiteralString = """
SELECT id, name, currency, version, count(*) FILTER (WHERE balance <> 0), sum(balance)::text
FROM (
    SELECT CASE WHEN still THEN NULL ELSE id END AS id,
        CASE WHEN NOT still THEN path
            WHEN %(depth)s::integer = 2 THEN rtrim(split_part(path, ':', 1) || ':' || split_part(path, ':', 2), ':')
            ELSE array_to_string((string_to_array(path, ':'))[1:%(depth)s::integer], ':') END AS name,
        currency, CASE WHEN still THEN NULL ELSE version END AS version, balance
    FROM (
        SELECT id, path, currency, version, balance, recorded_at <= coalesce(%(known_at)s::timestamptz, 'infinity')
            AND effective_high <= coalesce(%(effective_on)s::date, 'infinity') AS still
        FROM account WHERE path LIKE %(below)s::text
    ) AS found
) AS told
GROUP BY id, name, currency, version
"""
"""What nothing has moved since stands in its group, with what it holds now; what was moved since stands by itself."""
KEPT: LiteralString = """
SELECT path, currency, sum(accounts)::bigint, sum(balance)::text FROM account_group
GROUP BY path, currency ORDER BY path, currency
"""
HEADS: LiteralString = """
SELECT rtrim(split_part(path, ':', 1) || ':' || split_part(path, ':', 2), ':') AS head, currency, count(*),
    sum(balance)::text
FROM account WHERE closed_at IS NULL GROUP BY 1, 2 ORDER BY 1, 2
"""
MOVED: LiteralString = """
SELECT x.effective_on, x.balance - x.before, x.entry_id FROM (
    SELECT p.version, p.effective_on, p.balance, p.entry_id, lag(p.balance, 1, 0::bigint) OVER (ORDER BY p.version) AS before
    FROM posting AS p WHERE p.account_id = %(id)s AND p.version >= %(past)s
) AS x
WHERE x.effective_on >= %(since)s AND x.effective_on <= %(until)s
ORDER BY x.version
"""
DAILY: LiteralString = """
SELECT x.effective_on, count(*), sum(greatest(x.minor, 0))::text, sum(greatest(-x.minor, 0))::text FROM (
    SELECT p.effective_on, %(sign)s * (p.balance - lag(p.balance, 1, 0::bigint) OVER (ORDER BY p.version)) AS minor
    FROM posting AS p WHERE p.account_id = %(id)s AND p.version >= %(past)s
) AS x
WHERE x.effective_on >= %(since)s AND x.effective_on <= %(until)s
GROUP BY x.effective_on ORDER BY x.effective_on
"""

BOOKED: LiteralString = """
SELECT p.version, p.balance, p.entry_id FROM posting AS p
WHERE p.account_id = %(id)s AND p.version >= %(after)s AND p.version <= %(until)s ORDER BY p.version
"""
ENTRY_HEADS: LiteralString = "SELECT id, reference, kind, effective_on FROM entry WHERE id = ANY (%(ids)s)"

LIKE: LiteralString = """
SELECT asked.pattern, asked.currency, sum(a.sign * a.balance)::text
FROM unnest(%(patterns)s::text[], %(likes)s::text[], %(froms)s::text[], %(befores)s::text[], %(currencies)s::text[])
        AS asked (pattern, likeness, first, past, currency)
    JOIN account AS a ON a.path ~>=~ asked.first AND a.path ~<~ asked.past AND a.path LIKE asked.likeness
        AND a.currency = asked.currency
GROUP BY asked.pattern, asked.currency
"""
"""The planner is told where a pattern's accounts begin and end, so that it reads those alone."""
ITSELF: LiteralString = "SELECT path, currency, sign * balance FROM account WHERE id = ANY (%(ids)s)"

_WHOLE = re.compile(r"[^:*]+(:[^:*]+)?:\*")
"""A pattern that names all that lies below one word or two."""


def heads(tx: Tx) -> list[tuple[str, str, int, int]]:
    """All accounts by the first two words of their paths: those words, currency, how many are open, total on its side."""
    kept = tx.tuples(KEPT)
    laid = bool(kept) and kept[0][:2] == ("", "")
    return [
        (head, currency, count, sign_of(head) * int(total))
        for head, currency, count, total in (kept[1:] if laid else tx.tuples(HEADS))
        if count or int(total)
    ]


def groups(tx: Tx, prefix: str, depth: int) -> list[tuple[str, str, int, int]]:
    """Accounts below a path that begin with the same words, as many as ``depth``: those words, currency, how many, total on
    its side."""
    found = tx.tuples(GROUPS, {"below": f"{literal(prefix)}:%", "depth": depth})
    return [(head, currency, count, int(total)) for head, currency, count, total in found]


def groups_then(
    tx: Tx, prefix: str, depth: int, known_at: datetime | None, effective_on: date | None
) -> list[tuple[str, str, int, int]]:
    """The same as the books were on either time axis (all accounts where no path is named): how many held something, and what.
    Each account that was moved since is looked up, and no other; where that is most of them, all postings are passed over."""
    below = f"{literal(prefix)}:%" if prefix else "%"
    if known_at is None and effective_on is not None and day_store.by_one_pass(tx, below, effective_on):
        return _told(day_store.groups(tx, below, depth, effective_on))
    asked = {"below": below, "depth": depth, "known_at": known_at, "effective_on": effective_on}
    sums: dict[tuple[str, str], tuple[int, int]] = {}
    moved: dict[int, tuple[str, str]] = {}
    versions: list[tuple[int, int]] = []
    for key, name, currency, version, count, total in tx.tuples(THEN, asked):
        if key is None:
            sums[name, currency] = count, int(total)
        else:
            moved[key] = ":".join(name.split(":")[:depth]), currency
            versions.append((key, version))
    for key, minor in reading.balances_at(tx, versions, known_at, effective_on).items():
        count, total = sums.get(moved[key], (0, 0))
        sums[moved[key]] = count + 1, total + minor
    return _told(sums)


def _told(sums: dict[tuple[str, str], tuple[int, int]]) -> list[tuple[str, str, int, int]]:
    return [
        (head, currency, count, sign_of(head) * total)
        for (head, currency), (count, total) in sorted(sums.items())
        if count
    ]


def sums_like(tx: Tx, patterns: Collection[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """What accounts of a pattern (``*`` is anything) and currency hold on their own side, in minor units. All that lies below
    one word or two is told by the groups that are kept; of another pattern the accounts that it may name are read."""
    whole = sorted(each for each in patterns if _WHOLE.fullmatch(each[0]))
    asked = sorted(each for each in patterns if not _WHOLE.fullmatch(each[0]))
    sums = _below(tx, whole) if whole else {}
    if asked:
        firsts = [pattern.partition("*")[0] for pattern, _ in asked]
        wanted = {
            "patterns": rows.texts([pattern for pattern, _ in asked]),
            "likes": rows.texts([literal(pattern).replace("*", "%") for pattern, _ in asked]),
            "froms": rows.texts(firsts), "befores": rows.texts([f"{first}{LAST_SIGN}" for first in firsts]),
            "currencies": rows.texts([currency for _, currency in asked]),
        }  # fmt: skip
        sums |= {(pattern, currency): int(total) for pattern, currency, total in tx.tuples(LIKE, wanted)}
    return sums


def _below(tx: Tx, patterns: Sequence[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """The same of patterns that name all below a path of one word or two: the groups there, less the account of that path."""
    tops = {pattern.removesuffix(":*") for pattern, _ in patterns}
    found = tx.tuples(ITSELF, {"ids": rows.int8s(sorted({account_id(top) for top in tops}))})
    itself = {(path, currency): minor for path, currency, minor in found}
    sums: dict[tuple[str, str], int] = {}
    for head, currency, _, total in heads(tx):
        for pattern, wanted in patterns:
            top = pattern.removesuffix(":*")
            if wanted == currency and (head == top or head.startswith(f"{top}:")):
                sums[pattern, currency] = sums.get((pattern, currency), -itself.get((top, currency), 0)) + total
    return sums


def moved(tx: Tx, account: int, past: int, since: date, until: date) -> list[tuple[date, int, UUID]]:
    """Each posting of an account that takes effect on some days: the day, by how much it moved the balance, its entry.
    ``past``: a version up to which none takes effect so late."""
    return list(tx.tuples(MOVED, {"id": account, "past": past, "since": since, "until": until}, binary=True))


def booked(tx: Tx, account: int, after: int, until: int) -> list[tuple[int, int, UUID]]:
    """Version, balance and entry of an account's postings from one version to another, both included, in their order."""
    return list(tx.tuples(BOOKED, {"id": account, "after": after, "until": until}, binary=True))


def heads_of(tx: Tx, entries: Collection[UUID]) -> dict[UUID, tuple[str, str, date]]:
    """Reference, kind and effective day of entries, by their ids: an entry does not lie beside its postings."""
    ids = rows.uuids([each.bytes for each in entries])
    found = tx.tuples(ENTRY_HEADS, {"ids": ids}, binary=True) if entries else []
    return {key: (reference, kind, on) for key, reference, kind, on in found}


def daily(tx: Tx, account: int, sign: int, past: int, since: date, until: date) -> list[tuple[date, int, int, int]]:
    """Days on which an account moved: how often, and what came in and went out on its own side, in minor units."""
    found = tx.tuples(DAILY, {"id": account, "sign": sign, "past": past, "since": since, "until": until})
    return [(on, count, int(came), int(went)) for on, count, came, went in found]
