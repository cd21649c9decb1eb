"""Read what accounts held at the end of a day by one pass over the postings: where most were moved since, that costs less than
a look-up each. Tables account, posting. Never writes."""

from __future__ import annotations

from datetime import date
from typing import LiteralString

from farthing.db.tx import Tx

LOOK_UPS = 1_000
"""So many accounts are always looked up one by one, at some 90 µs each."""
POSTINGS_A_LOOK_UP = 200
"""So many postings are passed over in the time of one look-up."""

MOVED: LiteralString = """
SELECT count(*) FILTER (WHERE path LIKE %(below)s::text AND effective_high > %(effective_on)s::date), sum(version)::bigint
FROM account
"""
ON_DAY: LiteralString = """
    SELECT x.account_id, sum(x.minor) AS minor
    FROM (
        SELECT p.account_id, p.balance::numeric AS minor
        FROM (
            SELECT account_id, max(version) AS version
            FROM posting WHERE effective_high <= %(effective_on)s::date GROUP BY account_id
        ) AS reached
            JOIN posting AS p ON p.account_id = reached.account_id AND p.version = reached.version
        UNION ALL
        SELECT p.account_id, p.balance::numeric - before.balance AS minor
        FROM posting AS p
            JOIN posting AS before ON before.account_id = p.account_id AND before.version = p.version - 1
        WHERE p.effective_on < p.effective_high
            AND p.effective_on <= %(effective_on)s::date AND p.effective_high > %(effective_on)s::date
    ) AS x
    GROUP BY x.account_id
"""
"""The balance after the last posting up to which none takes effect later, and what was posted afterwards for the day or before
it; the second from its own small index."""
GROUPS: LiteralString = f"""
SELECT array_to_string((string_to_array(a.path, ':'))[1:%(depth)s::integer], ':') AS head, a.currency,
    count(*) FILTER (WHERE held.minor <> 0), sum(held.minor)::text
FROM ({ON_DAY}) AS held JOIN account AS a ON a.id = held.account_id
WHERE a.path LIKE %(below)s::text
GROUP BY head, a.currency ORDER BY head, a.currency
"""
LINES: LiteralString = f"""
SELECT a.path, a.currency, held.minor::text
FROM ({ON_DAY}) AS held JOIN account AS a ON a.id = held.account_id
WHERE held.minor <> 0
"""


def by_one_pass(tx: Tx, below: str, on: date) -> bool:
    """Whether passing over all postings costs less than looking up each account of a pattern that was moved since a day."""
    ((moved, postings),) = tx.tuples(MOVED, {"below": below, "effective_on": on})
    return bool(moved > LOOK_UPS and moved * POSTINGS_A_LOOK_UP > postings)


def groups(tx: Tx, below: str, depth: int, on: date) -> dict[tuple[str, str], tuple[int, int]]:
    """Accounts of a pattern by the first words of their paths and currency: how many held something, and what they held together,
    debit positive."""
    found = tx.tuples(GROUPS, {"below": below, "depth": depth, "effective_on": on})
    return {(head, currency): (count, int(total)) for head, currency, count, total in found}


def lines(tx: Tx, on: date) -> list[tuple[str, str, int]]:
    """Every account that held something: path, currency, minor units, debit positive."""
    return [(path, currency, int(minor)) for path, currency, minor in tx.tuples(LINES, {"effective_on": on})]
