"""Read ``account`` in groups, and ``posting`` of one account by its days. Never writes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import LiteralString
from uuid import UUID

from farthing.db.like import literal
from farthing.db.tx import Tx

GROUPS: LiteralString = """
SELECT array_to_string((string_to_array(path, ':'))[1:%(depth)s::integer], ':') AS head, currency, count(*),
    sum(sign * balance)::text
FROM account
WHERE path LIKE %(below)s::text AND closed_at IS NULL
GROUP BY head, currency ORDER BY head, currency
"""
HEADS: LiteralString = """
SELECT rtrim(split_part(path, ':', 1) || ':' || split_part(path, ':', 2), ':') AS head, currency, count(*),
    sum(sign * balance)::text
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

LIKE: LiteralString = """
SELECT asked.pattern, asked.currency, sum(a.sign * a.balance)::text
FROM unnest(%(patterns)s::text[], %(likes)s::text[], %(currencies)s::text[]) AS asked (pattern, likeness, currency)
    JOIN account AS a ON a.currency = asked.currency AND a.path LIKE asked.likeness
GROUP BY asked.pattern, asked.currency
"""


def heads(tx: Tx) -> list[tuple[str, str, int, int]]:
    """All accounts by the first two words of their paths: those words, currency, how many, total on its side."""
    return [(head, currency, count, int(total)) for head, currency, count, total in tx.tuples(HEADS)]


def groups(tx: Tx, prefix: str, depth: int) -> list[tuple[str, str, int, int]]:
    """Accounts below a path that begin with the same words, as many as ``depth``: those words, currency, how many, total on
    its side."""
    found = tx.tuples(GROUPS, {"below": f"{literal(prefix)}:%", "depth": depth})
    return [(head, currency, count, int(total)) for head, currency, count, total in found]


def sums_like(tx: Tx, patterns: Collection[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """What accounts of a pattern (``*`` is anything) and currency hold on their own side, in minor units."""
    asked = sorted(patterns)
    likes = [literal(pattern).replace("*", "%") for pattern, _ in asked]
    names, currencies = [pattern for pattern, _ in asked], [currency for _, currency in asked]
    found = tx.tuples(LIKE, {"patterns": names, "likes": likes, "currencies": currencies})
    return {(pattern, currency): int(total) for pattern, currency, total in found}


def moved(tx: Tx, account: int, past: int, since: date, until: date) -> list[tuple[date, int, UUID]]:
    """Each posting of an account that takes effect on some days: the day, by how much it moved the balance, its entry.
    ``past``: a version up to which none takes effect so late."""
    return list(tx.tuples(MOVED, {"id": account, "past": past, "since": since, "until": until}, binary=True))


def daily(tx: Tx, account: int, sign: int, past: int, since: date, until: date) -> list[tuple[date, int, int, int]]:
    """Days on which an account moved: how often, and what came in and went out on its own side, in minor units."""
    found = tx.tuples(DAILY, {"id": account, "sign": sign, "past": past, "since": since, "until": until})
    return [(on, count, int(came), int(went)) for on, count, came, went in found]
