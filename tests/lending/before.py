"""The tables of a loan as they were before it was a plan, obligations and events, made of what there is now."""

from __future__ import annotations

from typing import Any

from farthing.db.migrate import FOLDER

REPAYMENTS = """
    CREATE TABLE loan_repayment AS
    SELECT event.id, event.loan_id, event.currency, event.amount_minor, event.on_day AS paid_on,
        (SELECT jsonb_agg(jsonb_build_object('number', move -> 'number', 'component', move -> 'component',
            'amount', jsonb_build_object('minor', move -> 'paid', 'currency', event.currency)) ORDER BY place)
         FROM jsonb_array_elements(event.moves) WITH ORDINALITY AS told (move, place)
            WHERE (move ->> 'paid')::bigint > 0) AS lines,
        event.outstanding_minor, event.loan_state, event.recorded_at
    FROM loan_event AS event WHERE event.kind IN ('repay', 'pay_off')
"""
INSTALMENTS = """
    CREATE TABLE loan_instalment AS
    SELECT plan.loan_id, each.place::integer AS number, (each.one ->> 0)::date AS due_on,
        (each.one ->> 1)::bigint AS principal_minor, (each.one ->> 2)::bigint AS interest_minor,
        (each.one ->> 3)::bigint AS fee_minor, coalesce(principal.paid_minor, 0) AS principal_paid_minor,
        coalesce(interest.paid_minor, 0) AS interest_paid_minor, coalesce(fee.paid_minor, 0) AS fee_paid_minor,
        coalesce(interest.recognised_minor, 0) AS interest_accrued_minor,
        coalesce(interest.waived_minor, 0) AS interest_waived_minor, coalesce(penalty.amount_minor, 0) AS penalty_accrued_minor,
        coalesce(penalty.paid_minor, 0) AS penalty_paid_minor,
        CASE WHEN late.is THEN loan.as_of_on ELSE (each.one ->> 0)::date END AS penalty_as_of,
        CASE WHEN late.is THEN 1 ELSE 0 END AS late_minor_days
    FROM loan_plan AS plan JOIN loan ON loan.id = plan.loan_id
        CROSS JOIN LATERAL jsonb_array_elements(plan.rows) WITH ORDINALITY AS each (one, place)
        LEFT JOIN loan_obligation AS principal ON principal.loan_id = plan.loan_id AND principal.instalment = each.place
            AND principal.component = 'principal'
        LEFT JOIN loan_obligation AS interest ON interest.loan_id = plan.loan_id AND interest.instalment = each.place
            AND interest.component = 'interest'
        LEFT JOIN loan_obligation AS fee ON fee.loan_id = plan.loan_id AND fee.instalment = each.place AND fee.component = 'fee'
        LEFT JOIN loan_obligation AS penalty ON penalty.loan_id = plan.loan_id AND penalty.instalment = each.place
            AND penalty.component = 'penalty'
        CROSS JOIN LATERAL (SELECT coalesce(principal.open AND (each.one ->> 0)::date < loan.as_of_on, false) AS is) AS late
"""


def older_tables(connection: Any) -> None:
    """Make the two tables of before, with what they would hold."""
    for statement in (REPAYMENTS, INSTALMENTS):
        connection.execute(statement)


def moved(connection: Any) -> None:
    """Run what the migration moves out of them."""
    told = (FOLDER / "0057_loan_life.sql").read_text(encoding="utf-8")
    connection.execute(told[told.index("-- What was before") :])
