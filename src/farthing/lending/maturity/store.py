"""Read and write ``maturity_rung``; read ``loan_obligation`` and ``deposit`` for when money comes and may be asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import LiteralString

from farthing.db import rows
from farthing.db.tx import Tx
from farthing.lending.maturity.model import DATED, RUNGS, Dated
from farthing.lending.model import OWN_BOOK
from farthing.products.balance_limits import LADDER_DAYS

COMES_IN: LiteralString = """
    SELECT loan.currency, width_bucket(due.due_on - %(on)s::date, %(days)s::integer[]) AS rung,
        sum(div(due.left_minor * part.own, part.whole)) AS minor
    FROM loan_obligation AS due JOIN loan ON loan.id = due.loan_id
        CROSS JOIN LATERAL (
            SELECT sum((holder -> 'share' ->> 'minor')::numeric) AS whole,
                coalesce(sum((holder -> 'share' ->> 'minor')::numeric) FILTER (WHERE holder ->> 'name' = %(own)s), 0) AS own
            FROM jsonb_array_elements(loan.holders) AS holder
        ) AS part
    WHERE due.open AND due.component = 'principal' AND due.due_on > %(on)s AND loan.state = 'active'
        AND loan.given_up_on IS NULL AND NOT EXISTS (
            SELECT FROM loan_obligation AS late WHERE late.loan_id = due.loan_id AND late.open AND late.due_on < %(late_since)s)
    GROUP BY 1, 2
"""
"""Our part of principal that is still to fall due, each instalment to the minor unit below, of loans that are not too late."""
GOES_OUT: LiteralString = """
    SELECT currency, width_bucket(matures_on - %(on)s::date, %(days)s::integer[]) AS rung, sum(balance_minor) AS minor
    FROM deposit WHERE closed_on IS NULL AND matures_on IS NOT NULL GROUP BY 1, 2
"""
UNDRAWN: LiteralString = """
    SELECT currency, sum(undrawn_minor) AS minor FROM loan WHERE undrawn_minor > 0 AND state = 'active' GROUP BY currency
"""
INSERT: LiteralString = """
    INSERT INTO maturity_rung (id, month, currency, rung, comes_in_minor, goes_out_minor)
    SELECT %(month)s::text || ':' || currency || ':' || rung, %(month)s::date, currency, rung, came, went
    FROM unnest(%(currency)s::text[], %(rung)s::text[], %(came)s::bigint[], %(went)s::bigint[])
        AS new (currency, rung, came, went)
"""
OF_MONTH: LiteralString = """
    SELECT currency, rung, comes_in_minor, goes_out_minor FROM maturity_rung WHERE month = %(month)s ORDER BY currency
"""
LAST: LiteralString = "SELECT max(month) AS month FROM maturity_rung"

Pairs = dict[str, tuple[int, int]]
"""What comes in and goes out, in minor units, by the name of a rung."""


def dated(tx: Tx, on: date, late_since: date) -> dict[str, Dated]:
    """What is dated at the end of a day, by currency. ``late_since``: what was due before it makes a loan too late to count."""
    asked = {"on": on, "days": [each + 1 for each in LADDER_DAYS]}
    sides = (tx.rows(COMES_IN, asked | {"late_since": late_since, "own": OWN_BOOK}), tx.rows(GOES_OUT, asked))
    minor = [{(row["currency"], row["rung"]): int(row["minor"]) for row in side} for side in sides]
    places = range(len(DATED))
    return {
        currency: Dated(*([side.get((currency, rung), 0) for rung in places] for side in minor))
        for currency in sorted({each for side in minor for each, _ in side})
    }


def undrawn(tx: Tx) -> dict[str, int]:
    """What borrowers may still ask for of what was agreed with them, in minor units by currency."""
    return {row["currency"]: int(row["minor"]) for row in tx.rows(UNDRAWN)}


def insert(tx: Tx, month: date, ladders: Mapping[str, Sequence[tuple[int, int]]]) -> None:
    """Keep the ladders of a month's end, by currency, each with a pair for each of ``RUNGS``."""
    lines = [
        (currency, name, came, went)
        for currency, pairs in sorted(ladders.items())
        for name, (came, went) in zip(RUNGS, pairs, strict=True)
    ]
    currencies, names, came, went = zip(*lines, strict=True) if lines else ((), (), (), ())
    tx.execute(INSERT, {
        "month": month, "currency": rows.texts(currencies), "rung": rows.texts(names), "came": rows.int8s(came),
        "went": rows.int8s(went),
    })  # fmt: skip


def of_month(tx: Tx, month: date) -> dict[str, Pairs]:
    """The ladders of a month's end, by currency."""
    found: dict[str, Pairs] = {}
    for row in tx.rows(OF_MONTH, {"month": month}):
        found.setdefault(row["currency"], {})[row["rung"]] = (row["comes_in_minor"], row["goes_out_minor"])
    return found


def last(tx: Tx) -> date | None:
    """The last month's end whose ladders were kept."""
    row = tx.maybe(LAST)
    return None if row is None else row["month"]
