"""Read ``loan``, ``loan_obligation`` and ``loan_flow`` for lists and sums. Never decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import LiteralString

from farthing.db import rows
from farthing.db.tx import Row, Tx
from farthing.kit.money import Money
from farthing.lending.roll.model import Asked, DueDay, Lent, Unpaid

LIST: LiteralString = """
    SELECT id, party_id, conditions ->> 'product' AS product, currency, principal_minor, state, accepted_on, closed_on,
        given_up_on
    FROM loan
    WHERE (%(state)s::text = '' OR state = %(state)s::text)
        AND (%(product)s::text = '' OR conditions ->> 'product' = %(product)s::text)
        AND (%(party_id)s::text = '' OR party_id = %(party_id)s::text)
        AND (%(late_by)s::date IS NULL
            OR id IN (SELECT loan_id FROM loan_obligation WHERE open AND due_on <= %(late_by)s::date AND loan.id = loan_id
                AND component <> 'penalty'))
        AND (accepted_on, id) < (%(before_on)s::date, %(before)s::text)
    ORDER BY accepted_on DESC, id DESC LIMIT %(limit)s
"""
OWED: LiteralString = """
    SELECT loan_id, coalesce(sum(left_minor) FILTER (WHERE component = 'principal'), 0)::bigint AS outstanding,
        coalesce(sum(left_minor) FILTER (WHERE due_on < %(on)s AND component <> 'penalty'), 0)::bigint AS overdue,
        min(due_on) FILTER (WHERE open) AS next_on, min(due_on) FILTER (WHERE open AND component <> 'penalty') AS oldest_on,
        sum(written_off_minor)::bigint AS written_off
    FROM loan_obligation WHERE loan_id = ANY(%(ids)s) GROUP BY loan_id
"""
SUMS: LiteralString = """
    SELECT currency, count(*) AS loans, sum(principal_minor)::bigint AS principal
    FROM loan
    WHERE (%(state)s::text = '' OR state = %(state)s::text)
        AND (%(product)s::text = '' OR conditions ->> 'product' = %(product)s::text)
        AND (%(party_id)s::text = '' OR party_id = %(party_id)s::text)
        AND (%(late_by)s::date IS NULL
            OR id IN (SELECT loan_id FROM loan_obligation WHERE open AND due_on <= %(late_by)s::date AND loan.id = loan_id
                AND component <> 'penalty'))
    GROUP BY currency ORDER BY currency
"""
SUMS_OWED: LiteralString = """
    SELECT loan.currency, coalesce(sum(due.left_minor) FILTER (WHERE due.component = 'principal'), 0)::bigint AS outstanding,
        coalesce(sum(due.left_minor) FILTER (WHERE due.due_on < %(on)s AND due.component <> 'penalty'), 0)::bigint AS overdue
    FROM loan_obligation AS due JOIN loan ON loan.id = due.loan_id
    WHERE due.open AND loan.state = 'active' AND %(state)s::text IN ('', 'active')
        AND (%(product)s::text = '' OR loan.conditions ->> 'product' = %(product)s::text)
        AND (%(party_id)s::text = '' OR loan.party_id = %(party_id)s::text)
    GROUP BY loan.currency
"""
SUMS_LATE: LiteralString = """
    SELECT currency, sum(outstanding)::bigint AS outstanding, sum(overdue)::bigint AS overdue
    FROM (
        SELECT loan.currency, coalesce(sum(due.left_minor) FILTER (WHERE due.component = 'principal'), 0) AS outstanding,
            sum(due.left_minor) FILTER (WHERE due.due_on < %(on)s AND due.component <> 'penalty') AS overdue,
            min(due.due_on) FILTER (WHERE due.component <> 'penalty') AS oldest_on
        FROM loan_obligation AS due JOIN loan ON loan.id = due.loan_id
        WHERE due.open AND loan.state = 'active' AND %(state)s::text IN ('', 'active')
            AND (%(product)s::text = '' OR loan.conditions ->> 'product' = %(product)s::text)
            AND (%(party_id)s::text = '' OR loan.party_id = %(party_id)s::text)
        GROUP BY loan.id, loan.currency
    ) AS owing
    WHERE oldest_on <= %(late_by)s::date
    GROUP BY currency
"""
DUE: LiteralString = """
    SELECT greatest(due_on, %(eve)s::date) AS on_day, currency, count(*) AS instalments, sum(owed)::bigint AS amount
    FROM (
        SELECT loan.id, due.instalment, loan.currency, min(due.due_on) AS due_on,
            coalesce(sum(due.left_minor) FILTER (WHERE due.component <> 'penalty'), 0) AS owed
        FROM loan_obligation AS due JOIN loan ON loan.id = due.loan_id
        WHERE due.open AND due.due_on <= %(until)s AND loan.state = 'active'
        GROUP BY loan.id, due.instalment, loan.currency
    ) AS falling
    GROUP BY greatest(due_on, %(eve)s::date), currency ORDER BY on_day, currency
"""
HELD: LiteralString = """
    SELECT loan.id, loan.state, loan.currency,
        coalesce(sum(due.left_minor) FILTER (WHERE due.component = 'principal' AND due.due_on < %(on)s), 0)::bigint
            AS principal_late
    FROM loan_obligation AS due JOIN loan ON loan.id = due.loan_id
    WHERE loan.id = ANY(%(ids)s) AND loan.state IN ('active', 'closed')
    GROUP BY loan.id, loan.state, loan.currency
"""
SHARED_OUT: LiteralString = """
    SELECT loan_id,
        coalesce(sum(principal_minor) FILTER (WHERE kind = 'repaid'), 0)::bigint AS principal,
        coalesce(sum(interest_minor) FILTER (WHERE kind = 'repaid'), 0)::bigint AS interest,
        coalesce(sum(penalty_minor) FILTER (WHERE kind = 'repaid'), 0)::bigint AS penalty,
        coalesce(sum(fee_minor) FILTER (WHERE kind = 'repaid'), 0)::bigint AS fee
    FROM loan_flow WHERE loan_id = ANY(%(ids)s) AND NOT waits GROUP BY loan_id
"""
FALLING: LiteralString = """
    SELECT DISTINCT loan_id FROM loan_obligation WHERE open AND due_on = %(on)s AND loan_id > %(after)s
    ORDER BY loan_id LIMIT %(limit)s
"""
LATE: LiteralString = """
    SELECT DISTINCT loan_id FROM loan_obligation
    WHERE open AND due_on <= %(until)s AND component <> 'penalty' AND loan_id > %(after)s
    ORDER BY loan_id LIMIT %(limit)s
"""
UNPAID: LiteralString = """
    SELECT loan.id, loan.party_id, loan.currency, due.instalment AS number, due.due_on,
        coalesce(sum(due.left_minor) FILTER (WHERE due.component <> 'penalty'), 0)::bigint AS owed
    FROM loan_obligation AS due JOIN loan ON loan.id = due.loan_id
    WHERE due.open AND due.due_on = %(on)s AND due.loan_id = ANY(%(ids)s) AND loan.state = 'active'
    GROUP BY loan.id, due.loan_id, due.instalment, due.due_on ORDER BY due.loan_id, due.instalment
"""
LENT: LiteralString = """
    SELECT loan.id, loan.conditions ->> 'product' AS product, loan.currency, loan.conditions -> 'roles' AS roles,
        loan.disbursed_on, max(due.due_on) AS last_due_on
    FROM loan JOIN loan_obligation AS due ON due.loan_id = loan.id
    WHERE loan.disbursed_on <= %(until)s AND (loan.closed_on IS NULL OR loan.closed_on >= %(since)s)
    GROUP BY loan.id ORDER BY loan.id
"""
LENT_OF: LiteralString = """
    SELECT loan.id, loan.conditions ->> 'product' AS product, loan.currency, loan.conditions -> 'roles' AS roles,
        loan.disbursed_on, max(due.due_on) AS last_due_on
    FROM loan JOIN loan_obligation AS due ON due.loan_id = loan.id
    WHERE loan.id = ANY (%(ids)s) AND loan.disbursed_on IS NOT NULL GROUP BY loan.id ORDER BY loan.id
"""
ACCEPTED: LiteralString = "SELECT accepted_on FROM loan WHERE id = %(id)s"
LAST = date.max, "~"
"""Comes after every loan."""


def listed(
    tx: Tx, asked: Asked, before: tuple[date, str], limit: int
) -> list[Row]:  # fmt: skip
    """Loans of a state, a product, a customer, or those with something due by a day and not paid, the latest first, from a
    place on."""
    wanted = {"state": asked.state, "product": asked.product, "party_id": asked.party_id, "late_by": asked.late_by}
    return tx.rows(LIST, {**wanted, "before_on": before[0], "before": before[1], "limit": limit})


def place_of(tx: Tx, loan_id: str) -> tuple[date, str] | None:
    """Where a loan stands in a list, or none where there is no such loan."""
    row = tx.maybe(ACCEPTED, {"id": loan_id})
    return (row["accepted_on"], loan_id) if row else None


def owed(tx: Tx, ids: list[str]) -> dict[str, Row]:
    """Of each of these loans that has instalments: what is outstanding and overdue, when the first is due, and what was given
    up."""
    found = tx.rows(OWED, {"ids": rows.texts(ids), "on": tx.business_date}) if ids else []
    return {row["loan_id"]: row for row in found}


def sums(tx: Tx, asked: Asked) -> tuple[list[Row], dict[str, Row]]:
    """How many loans and how much principal by currency; and what is outstanding and overdue of them."""
    wanted, late_by = {"state": asked.state, "product": asked.product, "party_id": asked.party_id}, asked.late_by
    found = tx.rows(SUMS, {**wanted, "late_by": late_by})
    late = {**wanted, "on": tx.business_date}
    owing = tx.rows(SUMS_OWED, late) if late_by is None else tx.rows(SUMS_LATE, {**late, "late_by": late_by})
    return found, {row["currency"]: row for row in owing}


def due(tx: Tx, eve: date, until: date) -> list[DueDay]:
    """What is to be paid on each day up to one; all up to ``eve`` together."""
    return [
        DueDay(row["on_day"], row["instalments"], Money(row["amount"], row["currency"]))
        for row in tx.rows(DUE, {"eve": eve, "until": until})
    ]


def held(tx: Tx, ids: list[str]) -> list[Row]:
    """Of these loans those that were paid out, and the principal that is late."""
    return tx.rows(HELD, {"ids": rows.texts(ids), "on": tx.business_date}) if ids else []


def shared_out(tx: Tx, ids: list[str]) -> dict[str, Row]:
    """Of these loans those that were shared out at least once: what was, of each kind of what was paid."""
    return {row["loan_id"]: row for row in tx.rows(SHARED_OUT, {"ids": rows.texts(ids)})} if ids else {}


def lent(tx: Tx, since: date, until: date) -> list[Lent]:
    """Every loan that was paid out by a day and not closed before another, by id."""
    return [Lent(**row) for row in tx.rows(LENT, {"since": since, "until": until})]


def lent_of(tx: Tx, ids: list[str]) -> list[Lent]:
    """Of these loans those that were paid out, by id."""
    return [Lent(**row) for row in tx.rows(LENT_OF, {"ids": rows.texts(ids)})] if ids else []


def late(tx: Tx, until: date, after: str, limit: int) -> list[str]:
    """Loans of which something that fell due by a day is not paid, a page in the order of their ids."""
    return [row["loan_id"] for row in tx.rows(LATE, {"until": until, "after": after, "limit": limit})]


def falling(tx: Tx, on: date, after: str, limit: int) -> list[str]:
    """Loans of which something is left that falls due on a day, in the order of their ids."""
    return [row["loan_id"] for row in tx.rows(FALLING, {"on": on, "after": after, "limit": limit})]


def unpaid(tx: Tx, on: date, ids: Sequence[str]) -> list[Unpaid]:
    """What is left of these loans' instalments of a day, by loan and number."""
    asked = {"on": on, "ids": rows.texts(ids)}
    return [
        Unpaid(row["id"], row["party_id"], row["number"], row["due_on"], Money(row["owed"], row["currency"]))
        for row in (tx.rows(UNPAID, asked) if ids else [])
    ]
