"""Read what is counted of the marketplace's fairness, each figure in one statement over all of it. Never decides.

What a mandate offered in a batch and was not lent waits until the batch in which it offers again; how long it waits after
its last one, or waited before its first, is not counted.
"""

from __future__ import annotations

from datetime import date
from typing import LiteralString

from farthing.db.tx import Row, Tx
from farthing.funding.fairness.rules import Counted
from farthing.funding.market.listings_store import LOTS_OUT
from farthing.funding.valuing.curve import Curve

BATCHES: LiteralString = """
    SELECT count(*) AS batches, avg(gini) AS gini_mean, max(gini) AS gini_most,
        CAST(coalesce(sum(envied), 0) AS bigint) AS envied
    FROM market_batch WHERE state = 'done' AND opened_on >= %(since)s
"""
WAITED: LiteralString = """
    SELECT coalesce(sum(line.idle * extract(epoch FROM line.until - line.opened_at)), 0) AS waited,
        CAST(coalesce(sum(line.placed_minor), 0) AS bigint) AS lent,
        CAST(coalesce(sum(line.offered_minor), 0) AS bigint) AS offered
    FROM (
        SELECT offered.placed_minor, offered.offered_minor, batch.opened_at,
            offered.offered_minor - coalesce(offered.placed_minor, 0) AS idle,
            lead(batch.opened_at, 1, batch.opened_at) OVER (PARTITION BY offered.mandate_id ORDER BY batch.opened_at, batch.id)
                AS until
        FROM market_offered AS offered JOIN market_batch AS batch ON batch.id = offered.batch_id
        WHERE batch.state = 'done' AND batch.opened_on >= %(since)s
    ) AS line
"""
SPREAD: LiteralString = f"""
    SELECT count(*) AS lenders, count(*) FILTER (WHERE his.loans >= %(from)s) AS wide
    FROM (
        SELECT note.party_id, count(*) AS loans
        FROM (
            SELECT lot.listing_id, lot.party_id FROM ({LOTS_OUT}) AS lot WHERE NOT lot.lost
            GROUP BY lot.listing_id, lot.party_id HAVING sum(lot.out) > 0
        ) AS note GROUP BY note.party_id
    ) AS his
"""
GRADES: LiteralString = """
    SELECT listing.worth ->> 'grade' AS grade, count(*) AS loans, count(*) FILTER (WHERE listing.lost) AS given_up,
        sum(1
            - (1 - %(bad_chance)s::numeric) * power(1 - CAST(listing.worth ->> 'default' AS numeric),
                CAST(least(%(today)s::date - listing.listed_on, listing.months * 365 / 12) AS numeric) / 365)
            - %(bad_chance)s::numeric * power(1 - least(CAST(listing.worth ->> 'default' AS numeric) * %(bad_times)s::numeric, 1),
                CAST(least(%(today)s::date - listing.listed_on, listing.months * 365 / 12) AS numeric) / 365)) AS expected,
        array_agg(DISTINCT CAST(date_trunc('month', CAST(listing.listed_on AS timestamp)) AS date)) AS months
    FROM market_listing AS listing
    WHERE listing.state = 'placed' AND listing.listed_on >= %(since)s
    GROUP BY listing.worth ->> 'grade'
"""


def evenness(tx: Tx, since: date) -> Row:
    """What batches came to since a day."""
    return tx.one(BATCHES, {"since": since})


def waited(tx: Tx, since: date) -> Row:
    """How long what was offered waited from batch to batch, in minor units times seconds; what was lent, and offered."""
    return tx.one(WAITED, {"since": since})


def spread(tx: Tx, spread_from: int) -> tuple[int, int]:
    """How many lenders have anything out, and how many in so many loans."""
    row = tx.one(SPREAD, {"from": spread_from})
    return row["lenders"], row["wide"]


def graded(tx: Tx, since: date, today: date, curve: Curve) -> list[Counted]:
    """Loans of each grade that were listed since a day and placed; a curve says how likely a bad year is, and how bad."""
    named = {"since": since, "today": today, "bad_chance": curve.bad_chance, "bad_times": curve.bad_times}
    return [
        Counted(row["grade"], row["loans"], row["given_up"], row["expected"], frozenset(row["months"]))
        for row in tx.rows(GRADES, named)
    ]
