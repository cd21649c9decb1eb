"""Read loans as prudence sees them: the one place that knows lending's tables. Never decides.

Each loan that was being repaid at the end of a day: what was outstanding, for how long the oldest unpaid instalment had
been due, what is still to come, and whose it is. A past day is told from today's instalments less what was paid since.
"""

from __future__ import annotations

from datetime import date
from typing import Any, LiteralString

from farthing.db import rows
from farthing.db.tx import Row, Tx
from farthing.kit.calendar import month_end
from farthing.kit.money import Money
from farthing.lending.prudence.model import Case
from farthing.lending.prudence.shared import own_part

PAID_SINCE: LiteralString = """
    SELECT loan_id, (line ->> 'number')::integer AS number,
        coalesce(sum((line -> 'amount' ->> 'minor')::bigint) FILTER (WHERE line ->> 'component' = 'principal'), 0)::bigint
            AS principal,
        sum((line -> 'amount' ->> 'minor')::bigint)::bigint AS paid
    FROM loan_repayment, jsonb_array_elements(lines) AS line
    WHERE paid_on > %(on)s AND line ->> 'component' <> 'penalty'
    GROUP BY loan_id, number
"""
CASES: LiteralString = """
    SELECT loan.id, loan.party_id, loan.conditions ->> 'product' AS product, loan.conditions ->> 'version' AS version,
        (loan.conditions ->> 'annual')::numeric AS annual, loan.currency, loan.principal_minor, loan.holders,
        loan.disbursed_on,
        sum(due.principal_minor - due.principal_paid_minor + coalesce(since.principal, 0))::bigint AS outstanding,
        coalesce(%(on)s::date - min(due.due_on) FILTER (WHERE due.due_on < %(on)s::date
            AND due.principal_minor + due.interest_minor + due.fee_minor > due.principal_paid_minor
                + due.interest_paid_minor + due.fee_paid_minor - coalesce(since.paid, 0)
                + CASE WHEN loan.closed_on IS NULL THEN due.interest_waived_minor ELSE 0 END), 0) AS days_past_due,
        array_agg(greatest(1, (extract(year FROM due.due_on) * 12 + extract(month FROM due.due_on))::integer
            - %(month)s::integer + CASE WHEN extract(day FROM due.due_on) > %(day)s::integer THEN 1 ELSE 0 END)
            ORDER BY due.number) FILTER (WHERE due.due_on >= %(on)s::date) AS ahead_months,
        array_agg(due.principal_minor - due.principal_paid_minor + coalesce(since.principal, 0) ORDER BY due.number)
            FILTER (WHERE due.due_on >= %(on)s::date) AS ahead_minor
    FROM loan JOIN loan_instalment AS due ON due.loan_id = loan.id
        LEFT JOIN unnest(%(loans)s::text[], %(numbers)s::integer[], %(principals)s::bigint[], %(paids)s::bigint[])
            AS since (loan_id, number, principal, paid) ON since.loan_id = due.loan_id AND since.number = due.number
    WHERE loan.disbursed_on <= %(on)s::date AND (loan.closed_on IS NULL OR loan.closed_on > %(on)s::date)
        AND (%(party)s::text = '' OR loan.party_id = %(party)s::text) AND loan.party_id > %(after)s
        AND (%(until)s::text = '' OR loan.party_id <= %(until)s::text)
    GROUP BY loan.id ORDER BY loan.party_id, loan.currency, loan.id
"""
PLACE: LiteralString = """
    SELECT party_id FROM loan
    WHERE disbursed_on <= %(on)s AND (closed_on IS NULL OR closed_on > %(on)s) AND party_id > %(after)s
    ORDER BY party_id OFFSET %(count)s LIMIT 1
"""
DISBURSED: LiteralString = """
    SELECT conditions ->> 'product' AS product, currency, date_trunc('month', disbursed_on)::date AS cohort,
        count(*) AS loans, sum(principal_minor)::bigint AS principal
    FROM loan WHERE disbursed_on IS NOT NULL AND (%(product)s::text = '' OR conditions ->> 'product' = %(product)s::text)
    GROUP BY conditions ->> 'product', currency, date_trunc('month', disbursed_on)::date
"""
"""``version`` of a loan's product, and its rate, are pinned in its conditions."""


def cases(tx: Tx, on: date, after: str = "", until: str = "", *, party: str = "") -> list[Case]:
    """Loans that were being repaid at the end of a day, those of a borrower beside each other: of all borrowers, of those
    after one and up to another, or of one ``party``. A month ahead ends a month after the day; that of a month's last day
    with the next one's."""
    paid: list[Row] = tx.rows(PAID_SINCE, {"on": on}) if on < tx.business_date else []
    asked: dict[str, Any] = {
        "on": on, "month": on.year * 12 + on.month, "day": 31 if on == month_end(on) else on.day,
        "after": after, "until": until, "party": party,
        "loans": rows.texts([each["loan_id"] for each in paid]), "numbers": rows.int4s([each["number"] for each in paid]),
        "principals": rows.int8s([each["principal"] for each in paid]), "paids": rows.int8s([each["paid"] for each in paid]),
    }  # fmt: skip
    return [_case(row) for row in tx.rows(CASES, asked)]


def _case(row: Row) -> Case:
    currency, outstanding = row["currency"], row["outstanding"]
    own = own_part(row["holders"], Money(row["principal_minor"], currency), Money(outstanding, currency))
    ahead = tuple(
        (month, minor if own.minor == outstanding else minor * own.minor // outstanding)
        for month, minor in zip(row["ahead_months"] or (), row["ahead_minor"] or (), strict=True)
        if minor
    )
    return Case(
        row["id"], row["party_id"], row["product"], row["version"], row["annual"], row["disbursed_on"],
        Money(outstanding, currency), own, row["days_past_due"], ahead,
    )  # fmt: skip


def place(tx: Tx, on: date, after: str, count: int) -> str:
    """The borrower with whom a piece of about so many loans ends; empty where all that follow are fewer."""
    found = tx.maybe(PLACE, {"on": on, "after": after, "count": count})
    return "" if found is None else str(found["party_id"])


def disbursed(tx: Tx, product: str) -> list[Row]:
    """How much was lent in each month, by product and currency."""
    return tx.rows(DISBURSED, {"product": product})
