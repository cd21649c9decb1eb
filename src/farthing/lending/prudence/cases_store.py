"""Read loans as prudence sees them: the one place that knows lending's tables. Never decides.

Each loan that was being repaid at the end of a day: what was outstanding, for how long the oldest unpaid instalment had
been due, what is still to come, and whose it is. A past day is told from today's obligations less
what events moved since.
"""

from __future__ import annotations

from datetime import date
from typing import Any, LiteralString

from farthing.db.tx import Row, Tx
from farthing.kit.calendar import month_end
from farthing.kit.money import Money
from farthing.lending import moved_store
from farthing.lending.prudence.model import Case
from farthing.lending.prudence.shared import own_interest, own_part

CASES: LiteralString = """
    SELECT loan.id, loan.party_id, loan.conditions ->> 'product' AS product, loan.conditions ->> 'version' AS version,
        (loan.conditions ->> 'annual')::numeric AS annual, loan.currency, loan.principal_minor, loan.holders,
        loan.disbursed_on,
        coalesce(sum(due.left_minor + coalesce(since.back, 0)) FILTER (WHERE due.component = 'principal'), 0)::bigint
            AS outstanding,
        coalesce(%(on)s::date - min(falls.due_on) FILTER (WHERE falls.due_on < %(on)s::date AND due.component <> 'penalty'
            AND due.left_minor + coalesce(since.back, 0) > 0), 0) AS days_past_due,
        coalesce(sum(due.left_minor + coalesce(since.back, 0)) FILTER (WHERE due.component = 'interest'
            AND falls.due_on <= %(on)s::date), 0)::bigint AS interest_due, max(eased.on_day) AS restructured_on,
        array_agg(greatest(1, (extract(year FROM falls.due_on) * 12 + extract(month FROM falls.due_on))::integer
            - %(month)s::integer + CASE WHEN extract(day FROM falls.due_on) > %(day)s::integer THEN 1 ELSE 0 END)
            ORDER BY due.instalment) FILTER (WHERE falls.due_on >= %(on)s::date AND due.component = 'principal') AS ahead_months,
        array_agg(due.left_minor + coalesce(since.back, 0) ORDER BY due.instalment)
            FILTER (WHERE falls.due_on >= %(on)s::date AND due.component = 'principal') AS ahead_minor
    FROM loan JOIN loan_obligation AS due ON due.loan_id = loan.id
        LEFT JOIN unnest(%(loans)s::text[], %(numbers)s::integer[], %(components)s::text[], %(backs)s::bigint[],
                %(days)s::date[]) AS since (loan_id, number, component, back, due_on)
            ON since.loan_id = due.loan_id AND since.number = due.instalment AND since.component = due.component
        LEFT JOIN (
            SELECT event.loan_id, max(event.on_day) AS on_day FROM loan_event AS event
            WHERE event.about ->> 'restructures' = 'true' AND event.on_day <= %(on)s::date AND NOT EXISTS (
                SELECT FROM loan_event AS undone WHERE undone.loan_id = event.loan_id AND undone.kind = 'reverse'
                    AND undone.about ->> 'of' = event.id)
            GROUP BY event.loan_id
        ) AS eased ON eased.loan_id = loan.id
        CROSS JOIN LATERAL (SELECT coalesce(since.due_on, due.due_on) AS due_on) AS falls
    WHERE loan.disbursed_on <= %(on)s::date AND (loan.closed_on IS NULL OR loan.closed_on > %(on)s::date)
        AND (loan.given_up_on IS NULL OR loan.given_up_on > %(on)s::date)
        AND (%(party)s::text = '' OR loan.party_id = %(party)s::text) AND loan.party_id > %(after)s
        AND (%(until)s::text = '' OR loan.party_id <= %(until)s::text)
    GROUP BY loan.id ORDER BY loan.party_id, loan.currency, loan.id
"""
PLACE: LiteralString = """
    SELECT party_id FROM loan
    WHERE disbursed_on <= %(on)s AND (closed_on IS NULL OR closed_on > %(on)s)
        AND (given_up_on IS NULL OR given_up_on > %(on)s) AND party_id > %(after)s
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
    asked: dict[str, Any] = {
        "on": on, "month": on.year * 12 + on.month, "day": 31 if on == month_end(on) else on.day,
        "after": after, "until": until, "party": party, **moved_store.since(tx, on),
    }  # fmt: skip
    return [_case(row) for row in tx.rows(CASES, asked)]


def _case(row: Row) -> Case:
    currency, outstanding = row["currency"], row["outstanding"]
    own = own_part(row["holders"], Money(row["principal_minor"], currency), Money(outstanding, currency))
    interest = own_interest(row["holders"], row["interest_due"])
    ahead = tuple(
        (month, minor if own.minor == outstanding else minor * own.minor // outstanding)
        for month, minor in zip(row["ahead_months"] or (), row["ahead_minor"] or (), strict=True)
        if minor
    )
    return Case(
        row["id"], row["party_id"], row["product"], row["version"], row["annual"], row["disbursed_on"],
        Money(outstanding, currency), own, row["days_past_due"], ahead, row["restructured_on"], interest_due_minor=interest,
    )  # fmt: skip


def place(tx: Tx, on: date, after: str, count: int) -> str:
    """The borrower with whom a piece of about so many loans ends; empty where all that follow are fewer."""
    found = tx.maybe(PLACE, {"on": on, "after": after, "count": count})
    return "" if found is None else str(found["party_id"])


def disbursed(tx: Tx, product: str) -> list[Row]:
    """How much was lent in each month, by product and currency."""
    return tx.rows(DISBURSED, {"product": product})
