"""Read the book that figures rest on: what groups of accounts come to and every loan, at the end of a day. Never decides.

A past day is recomputed from postings and from what events moved of loans since. How soon deposits may be asked for is known of
today and of ends of months alone; what is agreed and not paid out of today alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from farthing.assurance.prudence import measures
from farthing.assurance.prudence.model import Book, Pool
from farthing.db.tx import Tx
from farthing.kit.calendar import month_end
from farthing.ledger.overview import service as overview
from farthing.lending.maturity import service as maturity
from farthing.lending.prudence import classes, history_service
from farthing.lending.prudence import service as prudence
from farthing.lending.prudence.model import Case
from farthing.products.prudence import Prudence

Key = tuple[str, int, int, Decimal]
OVER = 30
"""Days past due over which a portfolio is at risk (CGAP 2003)."""


def book(tx: Tx, on: date, currency: str) -> Book:
    """The book of a currency at the end of a day, or as it stands today. Refuses ``lending.day_not_come``,
    ``lending.law_silent``."""
    said, today = history_service.law_said(tx), tx.business_date
    cases = [each for each in prudence.cases_on(tx, on) if each.own.currency == currency]
    found = overview.chart(tx) if on == today else overview.chart(tx, "", on)
    groups = {each.path: each.total for each in found if each.currency == currency and each.total}
    owed: dict[str, int] = {}
    for case in cases:
        owed[case.party_id] = owed.get(case.party_id, 0) + case.own.minor
    dated = maturity.dated_on(tx, on, currency) if on == today or on == month_end(on) else None
    return Book(
        on, currency, dict(sorted(groups.items())), tuple(pools(said, on, cases)), dated,
        maturity.undrawn_now(tx, currency) if on == today else 0, max(owed.values(), default=0),
        sum(case.outstanding.minor for case in cases),
        measures.at_risk([(case.outstanding.minor, case.days_past_due) for case in cases], OVER),
    )  # fmt: skip


def pools(said: Prudence, on: date, cases: Iterable[Case]) -> list[Pool]:
    """Loans that are alike, together, in a fixed order: by product, class, bucket of lateness and rate."""
    loans: dict[Key, int] = {}
    own: dict[Key, int] = {}
    ahead: dict[Key, dict[int, int]] = {}
    for case in cases:
        key = (
            case.product,
            classes.own_class(said, case, None, on),
            said.scale.bucket(case.days_past_due),
            case.annual,
        )
        loans[key] = loans.get(key, 0) + 1
        own[key] = own.get(key, 0) + case.own.minor
        mine = ahead.setdefault(key, {})
        whole = case.outstanding.minor or 1
        for months, minor in case.ahead:
            mine[months] = mine.get(months, 0) + minor * case.own.minor // whole
    return [Pool(*key, loans[key], own[key], tuple(sorted(ahead[key].items()))) for key in sorted(own)]
