"""Read and write ``loan_deferral``, and sum what loans that are being repaid have not earned of their fees. Never decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import LiteralString

from farthing.db.tx import Row, Tx
from farthing.kit.money import Money
from farthing.lending import store as loans
from farthing.lending.deferral.model import Deferred, Place
from farthing.lending.life import Life

SUMS: LiteralString = """
    WITH each AS (
        SELECT l.id, l.currency, l.conditions ->> 'product' AS product, l.conditions -> 'roles' ->> 'deferred_fee' AS against,
            l.conditions -> 'roles' ->> 'fee_income' AS income, l.disbursed_on AS began_on,
            floor(l.principal_minor * CAST(l.conditions ->> 'origination' AS numeric) + 0.5) AS fee
        FROM loan l
        WHERE l.state = 'active' AND l.given_up_on IS NULL AND l.conditions -> 'roles' ? 'deferred_fee'
            AND l.disbursed_on <= %(on)s
    ), spans AS (
        SELECT e.id, sum(b.paid_minor) FILTER (WHERE b.component = 'fee') AS paid,
            sum(b.amount_minor::numeric * greatest(0, b.due_on - e.began_on)) FILTER (WHERE b.component = 'principal') AS whole,
            sum(b.amount_minor::numeric * greatest(0, least(b.due_on, %(on)s::date) - e.began_on))
                FILTER (WHERE b.component = 'principal') AS passed
        FROM each e JOIN loan_obligation b ON b.loan_id = e.id GROUP BY e.id
    ), left_over AS (
        SELECT e.product, e.currency, e.against, e.income,
            CASE WHEN s.whole > 0
                THEN floor((2 * least(coalesce(s.paid, 0), e.fee) * (s.whole - s.passed) + s.whole) / (2 * s.whole)) ELSE 0
            END AS deferred
        FROM each e JOIN spans s ON s.id = e.id
    )
    SELECT product, currency, against, income, count(*)::integer AS loans, sum(deferred)::bigint AS deferred
    FROM left_over WHERE deferred > 0 GROUP BY product, currency, against, income
"""
DEFERRING: LiteralString = """
    SELECT id FROM loan
    WHERE conditions -> 'roles' ? 'deferred_fee' AND disbursed_on <= %(on)s AND id > %(after)s ORDER BY id LIMIT %(limit)s
"""
INSERT: LiteralString = """
    INSERT INTO loan_deferral (id, month, product, currency, against, income, loans, deferred_minor, standing_minor)
    SELECT %(month)s::text || ':' || product || ':' || currency || ':' || against || ':' || income, %(month)s::date, product,
        currency, against, income, loans, deferred, standing
    FROM unnest(%(product)s::text[], %(currency)s::text[], %(against)s::text[], %(income)s::text[], %(loans)s::integer[],
        %(deferred)s::bigint[], %(standing)s::bigint[])
        AS new (product, currency, against, income, loans, deferred, standing)
"""
OF_MONTH: LiteralString = "SELECT * FROM loan_deferral WHERE month = %(month)s ORDER BY id"
LATEST: LiteralString = "SELECT max(month) AS month FROM loan_deferral WHERE month <= %(month)s"


def sums(tx: Tx, on: date) -> list[Row]:
    """What is deferred at the end of a day, by product, currency and the paths of its two roles."""
    return tx.rows(SUMS, {"on": on})


def deferring(tx: Tx, on: date, after: str, limit: int) -> list[Life]:
    """Loans whose fee is earned over their life and that were paid out by a day, in the order of their ids."""
    found = tx.rows(DEFERRING, {"on": on, "after": after, "limit": limit})
    return loans.lives_of(tx, [row["id"] for row in found])


def insert(tx: Tx, month: date, found: Sequence[Deferred]) -> None:
    """Keep what is deferred at the end of a month."""
    tx.execute(INSERT, {
        "month": month, "product": [each.place.product for each in found],
        "currency": [each.place.currency for each in found], "against": [each.place.against for each in found],
        "income": [each.place.income for each in found], "loans": [each.loans for each in found],
        "deferred": [each.deferred.minor for each in found], "standing": [each.standing.minor for each in found],
    })  # fmt: skip


def latest(tx: Tx, on: date) -> date | None:
    """The last month's end by a day at which anything was deferred, or earned."""
    found = tx.one(LATEST, {"month": on})["month"]
    return found if isinstance(found, date) else None


def of_month(tx: Tx, month: date) -> list[Deferred]:
    """What was deferred at the end of a month."""
    return [_deferred(row) for row in tx.rows(OF_MONTH, {"month": month})]


def _deferred(row: Row) -> Deferred:
    currency = row["currency"]
    place = Place(row["product"], currency, row["against"], row["income"])
    return Deferred(place, row["loans"], Money(row["deferred_minor"], currency), Money(row["standing_minor"], currency))
