"""Records in a node, as a cycle would have brought them."""

from __future__ import annotations

from datetime import date
from typing import Any

from farthing.exchange.disputing.items_store import next_revision
from farthing.kernel.run import Kernel
from farthing.kit.calendar import month_end
from tests.exchange.nodes import Sender
from tests.exchange.persons import Person

LINE = """
    INSERT INTO exchange_tradeline (subject_id, id, revision, member_id, reference, class, role, opened_on, currency,
                                    original_minor, security, origin, cycle_id, reason, recorded_at)
    VALUES (%(subject)s, %(id)s, %(revision)s, %(member)s, %(id)s, %(cls)s, 'borrower', '2025-01-10', 'CNY',
            2000000, 'none', '', 'test', '', %(at)s)
"""
MONTH = """
    INSERT INTO exchange_tradeline_month (subject_id, tradeline_id, period, revision, limit_minor, balance_minor, due_minor,
                                          paid_minor, dpd, status, source_code, five_class, first_delinquency_on, closed_on,
                                          notice_on, notice, as_of, reported_at, cycle_id, supersedes, reason, recorded_at)
    VALUES (%(subject)s, %(id)s, %(period)s, %(revision)s, NULL, 1000000, 50000, %(paid)s, %(dpd)s, %(status)s, '', 'normal',
            %(first)s, NULL, NULL, '', %(as_of)s, %(at)s, 'test', NULL, '', %(at)s)
"""


def furnished(sender: Sender, person: Person, ident: str, months: dict[date, int], cls: str = "instalment") -> str:
    """Let a member have told of an account: days past due by month."""
    kernel: Kernel = sender.node.kernel

    def write(tx: Any) -> None:
        revision = next_revision(tx, person.subject)
        given = {
            "subject": person.subject,
            "id": ident,
            "revision": revision,
            "member": sender.id,
            "cls": cls,
            "at": tx.now,
        }
        tx.execute(LINE, given)
        for period, dpd in months.items():
            tx.execute(MONTH, {**given, **_month(period, dpd)})

    kernel.tidy(write)
    return ident


def corrected(sender: Sender, person: Person, ident: str, period: date) -> None:
    """Let a member have told of one month anew: it was paid on time."""

    def write(tx: Any) -> None:
        given = {"subject": person.subject, "id": ident, "revision": next_revision(tx, person.subject), "at": tx.now}
        tx.execute(MONTH, {**given, **_month(period, 0)})

    sender.node.kernel.tidy(write)


def _month(period: date, dpd: int) -> dict[str, Any]:
    late = (
        {"status": "past_due", "paid": 0, "first": period}
        if dpd
        else {"status": "current", "paid": 50_000, "first": None}
    )
    return {"period": period, "dpd": dpd, "as_of": month_end(period), **late}
