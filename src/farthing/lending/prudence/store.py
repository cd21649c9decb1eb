"""Read and write ``loan_month``, ``loan_ruling`` and ``loan_provision``. Never decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import LiteralString

from farthing.db import rows
from farthing.db.tx import Row, Tx
from farthing.lending.prudence.model import Assessed, Before, Provision, Provisions, Ruling, Sum
from farthing.lending.prudence.provisions import Place
from farthing.products.prudence import CLASSES

INSERT_MONTH: LiteralString = """
    INSERT INTO loan_month (loan_id, month, party_id, product, currency, annual, disbursed_on, outstanding_minor, own_minor,
        days_past_due, bucket, was_bucket, class, stage, clean_months, non_accrual, ruled_class, ruled_by_two, expected_minor,
        suspended_minor)
    SELECT loan_id, %(month)s::date, party_id, product, currency, annual::numeric, disbursed_on, outstanding, own, days, bucket,
        nullif(was_bucket, -1), class, stage, clean, non_accrual = 1, nullif(ruled, -1),
        CASE WHEN ruled >= 0 THEN by_two = 1 END, expected, suspended
    FROM unnest(%(loan_id)s::text[], %(party_id)s::text[], %(product)s::text[], %(currency)s::text[], %(annual)s::text[],
        %(disbursed_on)s::date[], %(outstanding)s::bigint[], %(own)s::bigint[], %(days)s::integer[], %(bucket)s::integer[],
        %(was_bucket)s::integer[], %(class)s::integer[], %(stage)s::integer[], %(clean)s::integer[],
        %(non_accrual)s::integer[], %(ruled)s::integer[], %(by_two)s::integer[], %(expected)s::bigint[],
        %(suspended)s::bigint[])
        AS new (loan_id, party_id, product, currency, annual, disbursed_on, outstanding, own, days, bucket, was_bucket, class,
            stage, clean, non_accrual, ruled, by_two, expected, suspended)
"""
BEFORE: LiteralString = """
    SELECT loan_id, bucket, class, stage, clean_months, non_accrual FROM loan_month
    WHERE month = %(month)s AND (%(party)s::text = '' OR party_id = %(party)s::text) AND party_id > %(after)s
        AND (%(until)s::text = '' OR party_id <= %(until)s::text)
"""
KEPT: LiteralString = """
    SELECT loan_id, own_minor, days_past_due, class, stage, expected_minor, suspended_minor, ruled_class, ruled_by_two
    FROM loan_month
    WHERE month = %(month)s AND party_id > %(after)s AND (%(until)s::text = '' OR party_id <= %(until)s::text)
"""
ASIDE: LiteralString = """
    SELECT class, expected_minor, suspended_minor FROM loan_month
    WHERE loan_id = %(loan_id)s AND month = (SELECT max(month) FROM loan_provision)
"""
RULINGS: LiteralString = "SELECT loan_id, class, by_two FROM loan_ruling"
SAVE_RULING: LiteralString = """
    INSERT INTO loan_ruling (loan_id, class, by_two, reason, ruled_by, ruled_on)
    VALUES (%(loan_id)s, %(class)s, %(by_two)s, %(reason)s, %(ruled_by)s, %(ruled_on)s)
    ON CONFLICT (loan_id) DO UPDATE SET class = excluded.class, by_two = excluded.by_two, reason = excluded.reason,
        ruled_by = excluded.ruled_by, ruled_on = excluded.ruled_on
"""
SUMS: LiteralString = """
    SELECT product, class, currency, count(*) AS loans, sum(own_minor)::bigint AS own, sum(expected_minor)::bigint AS expected
    FROM loan_month WHERE month = %(month)s GROUP BY product, class, currency
"""
MOVED: LiteralString = """
    SELECT product, currency, month, was_bucket, bucket, count(*) AS loans FROM loan_month
    WHERE month > %(since)s AND month <= %(until)s AND was_bucket IS NOT NULL
    GROUP BY product, currency, month, was_bucket, bucket
"""
STOOD: LiteralString = """
    SELECT product, currency, month, bucket, count(*) AS loans FROM loan_month
    WHERE month >= %(since)s AND month <= %(until)s GROUP BY product, currency, month, bucket
"""
DEFAULTS: LiteralString = """
    SELECT came.loan_id, came.product, came.currency, came.annual, came.month AS since, later.month, later.own_minor AS own
    FROM loan_month AS came JOIN loan_month AS later ON later.loan_id = came.loan_id
    WHERE came.stage = 3 AND came.bucket = %(default)s AND (came.was_bucket IS NULL OR came.was_bucket < %(default)s)
        AND came.own_minor > 0 AND came.month <= %(since)s AND later.month >= came.month AND later.month <= %(until)s
    ORDER BY came.loan_id, came.month, later.month
"""
VINTAGES: LiteralString = """
    SELECT product, currency, date_trunc('month', disbursed_on)::date AS cohort, month, count(*) AS loans,
        sum(outstanding_minor)::bigint AS late
    FROM loan_month
    WHERE days_past_due > %(over)s AND (%(product)s::text = '' OR product = %(product)s::text)
    GROUP BY product, currency, date_trunc('month', disbursed_on)::date, month
"""
MONTHS: LiteralString = "SELECT DISTINCT month FROM loan_provision ORDER BY month"
INSERT_PROVISIONS: LiteralString = """
    INSERT INTO loan_provision (id, month, product, class, currency, policy_version, loans, own_minor, expected_minor,
        allowance_minor, standing_minor)
    SELECT %(month)s::text || ':' || product || ':' || class || ':' || currency, %(month)s::date, product, class, currency,
        %(policy_version)s, loans, own, expected, allowance, standing
    FROM unnest(%(product)s::text[], %(class)s::text[], %(currency)s::text[], %(loans)s::integer[], %(own)s::bigint[],
        %(expected)s::bigint[], %(allowance)s::bigint[], %(standing)s::bigint[])
        AS new (product, class, currency, loans, own, expected, allowance, standing)
"""
PROVISIONS: LiteralString = """
    SELECT month, product, class, currency, policy_version, loans, own_minor, expected_minor, allowance_minor, standing_minor
    FROM loan_provision WHERE month = %(month)s ORDER BY product, class, currency
"""
_NONE = -1
"""Where a number is none, on the way to the database."""


def insert_months(
    tx: Tx, month: date, assessed: Sequence[Assessed], before: Mapping[str, Before], rulings: Mapping[str, Ruling]
) -> None:
    """Keep what was said of loans at the end of a month, a whole piece in one statement."""
    if not assessed:
        return
    was = [before.get(each.case.loan_id) for each in assessed]
    ruled = [rulings.get(each.case.loan_id) for each in assessed]
    tx.execute(INSERT_MONTH, {
        "month": month,
        "loan_id": rows.texts([each.case.loan_id for each in assessed]),
        "party_id": rows.texts([each.case.party_id for each in assessed]),
        "product": rows.texts([each.case.product for each in assessed]),
        "currency": rows.texts([each.case.own.currency for each in assessed]),
        "annual": rows.texts([str(each.case.annual) for each in assessed]),
        "disbursed_on": rows.dates([each.case.disbursed_on for each in assessed]),
        "outstanding": rows.int8s([each.case.outstanding.minor for each in assessed]),
        "own": rows.int8s([each.case.own.minor for each in assessed]),
        "days": rows.int4s([each.case.days_past_due for each in assessed]),
        "bucket": rows.int4s([each.bucket for each in assessed]),
        "was_bucket": rows.int4s([one.bucket if one else _NONE for one in was]),
        "class": rows.int4s([each.class_number for each in assessed]),
        "stage": rows.int4s([each.stage for each in assessed]),
        "clean": rows.int4s([each.clean_months for each in assessed]),
        "non_accrual": rows.int4s([each.non_accrual for each in assessed]),
        "ruled": rows.int4s([one.class_number if one else _NONE for one in ruled]),
        "by_two": rows.int4s([one.by_two if one else 0 for one in ruled]),
        "expected": rows.int8s([each.expected.minor for each in assessed]),
        "suspended": rows.int8s([each.suspended.minor for each in assessed]),
    })  # fmt: skip


def before(tx: Tx, month: date, after: str = "", until: str = "", *, party: str = "") -> dict[str, Before]:
    """What stood of loans at the end of a month, by loan: of all borrowers or of some, or of one ``party``."""
    return {
        row["loan_id"]: Before(row["bucket"], row["class"], row["stage"], row["clean_months"], row["non_accrual"])
        for row in tx.rows(BEFORE, {"month": month, "after": after, "until": until, "party": party})
    }


def kept(tx: Tx, month: date, after: str, until: str) -> dict[str, Row]:
    """What was kept of loans at the end of a month, by loan, for whoever derives it again."""
    return {row["loan_id"]: row for row in tx.rows(KEPT, {"month": month, "after": after, "until": until})}


def aside(tx: Tx, loan_id: str) -> Row | None:
    """Of which class a loan was at the end of the last month that was provided for, and what was expected to be lost of it and
    stood in suspense."""
    return tx.maybe(ASIDE, {"loan_id": loan_id})


def rulings(tx: Tx) -> dict[str, Ruling]:
    """What officers say of loans now; few are spoken of."""
    return {row["loan_id"]: Ruling(row["class"], row["by_two"]) for row in tx.rows(RULINGS)}


def save_ruling(tx: Tx, loan_id: str, ruling: Ruling, reason: str) -> None:
    """Keep what an officer says of a loan, in place of what was said before."""
    tx.execute(SAVE_RULING, {
        "loan_id": loan_id, "class": ruling.class_number, "by_two": ruling.by_two, "reason": reason,
        "ruled_by": tx.actor.id, "ruled_on": tx.business_date,
    })  # fmt: skip


def sums(tx: Tx, month: date) -> dict[Place, Sum]:
    """What the loans of a month come to by product, class and currency."""
    return {
        (row["product"], CLASSES[row["class"]], row["currency"]): Sum(row["loans"], row["own"], row["expected"])
        for row in tx.rows(SUMS, {"month": month})
    }


def moved(tx: Tx, since: date, until: date) -> list[Row]:
    """How many loans went from which bucket to which in each month after one and up to another."""
    return tx.rows(MOVED, {"since": since, "until": until})


def stood(tx: Tx, since: date, until: date) -> list[Row]:
    """How many loans stood in which bucket at the end of each month, both included."""
    return tx.rows(STOOD, {"since": since, "until": until})


def defaults(tx: Tx, default: int, since: date, until: date) -> list[Row]:
    """Loans that came into default by a month, each with what was ours of it then and at the end of each month since."""
    return tx.rows(DEFAULTS, {"default": default, "since": since, "until": until})


def vintages(tx: Tx, product: str, over: int) -> list[Row]:
    """What was later than so many days at the end of each month, by the month in which it was lent."""
    return tx.rows(VINTAGES, {"product": product, "over": over})


def months(tx: Tx) -> list[date]:
    """The months that were provided for, the first first."""
    return [row["month"] for row in tx.rows(MONTHS)]


def insert_provisions(tx: Tx, made: Provisions, policy_version: str) -> None:
    """Keep what was set aside at the end of a month."""
    found: Sequence[Provision] = made.provisions
    tx.execute(INSERT_PROVISIONS, {
        "month": made.month, "policy_version": policy_version,
        "product": [each.product for each in found], "class": [each.class_name for each in found],
        "currency": [each.own.currency for each in found], "loans": [each.loans for each in found],
        "own": [each.own.minor for each in found], "expected": [each.expected.minor for each in found],
        "allowance": [each.allowance.minor for each in found], "standing": [each.standing.minor for each in found],
    })  # fmt: skip


def provisions(tx: Tx, month: date) -> list[Row]:
    """What was set aside at the end of a month, by product and class."""
    return tx.rows(PROVISIONS, {"month": month})
