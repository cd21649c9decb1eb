"""Answer how bad the loans are, were, and become: at risk, by class, by vintage, by roll rate, and what is set aside. Sums
alone; no borrower is named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from farthing.db.tx import Tx
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF
from farthing.kit.calendar import month_before
from farthing.kit.inputs import Day, Word
from farthing.kit.money import Money
from farthing.lending.prudence import cases_store, history, history_service, loss, provisions, rolls, store
from farthing.lending.prudence.audit_service import provision_of
from farthing.lending.prudence.day_service import assessed, standing
from farthing.lending.prudence.history import Of, VintagePoint
from farthing.lending.prudence.loss import Lost
from farthing.lending.prudence.model import (
    AtRisk,
    Case,
    Classes,
    ClassSum,
    Late,
    Provisions,
    RollRow,
    Rolls,
)
from farthing.products import service as products
from farthing.products.prudence import CLASSES, Prudence

OVER = (0, 30, 60, 90)
"""Days past due over which a portfolio is at risk where the law does not say another scale."""
VINTAGE_OVER = 30
_PLACES = Decimal("0.000001")


@question("lending.at_risk", permission="reports:read", whose=STAFF)
def at_risk(tx: Tx, on: Day | None = None) -> list[AtRisk]:
    """Portfolio at risk at the end of a day, today if none is given, by product.

    The whole balance of loans of which any instalment is later than 0, 30, 60 and 90 days (or as the law in force says), and
    its share (CGAP 2003). Refuses ``lending.day_not_come``.
    """
    day = on or tx.business_date
    cases = cases_on(tx, day)
    said = history_service.law(tx)
    limits = said.scale.over if said is not None else OVER
    found: dict[Of, list[Case]] = {}
    for case in cases:
        found.setdefault((case.product, case.own.currency), []).append(case)
    return [_at_risk(day, of, cases, limits) for of, cases in sorted(found.items())]


def cases_on(tx: Tx, on: date) -> list[Case]:
    """Every loan that is being repaid at the end of a day, as prudence sees it. Refuses ``lending.day_not_come``."""
    if on > tx.business_date:
        raise history_service.NOT_COME(on=on.isoformat(), last=tx.business_date.isoformat())
    return cases_store.cases(tx, on)


def _at_risk(on: date, of: Of, cases: Sequence[Case], limits: Sequence[int]) -> AtRisk:
    whole = sum(case.outstanding.minor for case in cases)
    late = []
    for over in limits:
        those = [case.outstanding.minor for case in cases if case.days_past_due > over]
        late.append(Late(over, len(those), Money(sum(those), of[1]), provisions.ratio(sum(those), whole) or Decimal(0)))
    return AtRisk(on, of[0], len(cases), Money(whole, of[1]), tuple(late))


@question("lending.classes", permission="reports:read", whose=STAFF)
def classes(tx: Tx, month: Day | None = None) -> Classes:
    """How the loans were classed at the end of the month of a day; without one, how they are today.

    Refuses ``lending.day_not_come`` for a month that is not over, ``lending.law_silent`` for today where the law does not say
    how.
    """
    if month is not None:
        on = history_service.month_over(tx, month)
        sums, closed = store.sums(tx, on), True
    else:
        on, closed = tx.business_date, False
        found, _ = assessed(tx, history_service.law_said(tx), on)
        sums = provisions.sums_of(found)
    told = [
        ClassSum(product, name, one.loans, Money(one.own, currency), Money(one.expected, currency))
        for (product, name, currency), one in sorted(
            sums.items(), key=lambda each: (each[0][0], each[0][2], CLASSES.index(each[0][1]))
        )
    ]
    return Classes(on, closed, tuple(told))


@question("lending.vintages", permission="reports:read", whose=STAFF)
def vintages(tx: Tx, product: Word = "") -> list[VintagePoint]:
    """Of what was lent in each month, which part was more than thirty days late so many months after, by product.

    The whole balance of the late loans, over what was lent; from the snapshots that each month's close kept. Refuses
    ``products.unknown`` and ``products.other_kind``.
    """
    if product:
        products.loan_terms(tx, product)
    lent = {
        ((row["product"], row["currency"]), row["cohort"]): row["principal"]
        for row in cases_store.disbursed(tx, product)
    }
    late = {
        ((row["product"], row["currency"]), row["cohort"], row["month"]): row["late"]
        for row in store.vintages(tx, product, VINTAGE_OVER)
    }
    return history.vintages(lent, late, store.months(tx))


@question("lending.rolls", permission="reports:read", whose=STAFF)
def rolled(tx: Tx) -> list[Rolls]:
    """Roll rates from month's end to month's end, by product.

    What was counted, what expected loss is reckoned from, and where too little was seen. Refuses ``lending.law_silent``.
    """
    said = history_service.law_said(tx)
    until = month_before(tx.business_date)
    counted, lost = history_service.moves(tx, said, until), history_service.losses(tx, said, until)
    nothing = loss.lost(said.expected_loss, 0, 0, 0)
    return [_rolls(said, of, until, counts, lost.get(of, nothing)) for of, counts in sorted(counted.items())]


def _rolls(said: Prudence, of: Of, until: date, counts: Counter[tuple[int, int]], lost: Lost) -> Rolls:
    found = rolls.matrix(said.expected_loss, counts)
    curves = rolls.default_curves(said.expected_loss, found, rolls.YEAR)
    rows = []
    for bucket, first in enumerate(said.scale.first_days):
        live = bucket < said.scale.default
        own = [counts.get((bucket, to), 0) for to in range(said.scale.default + 2)]
        rows.append(RollRow(
            first, sum(own), tuple(_part(each) for each in rolls.shares(own)),
            tuple(_part(each) for each in found.rows[bucket]) if live else None, live and found.thin[bucket],
            _part(Fraction(curves[bucket][-1], rolls.WHOLE)),
        ))  # fmt: skip
    return Rolls(of[0], of[1], until, tuple(rows), _part(lost.part), lost.cases, lost.thin)


def _part(exact: Fraction) -> Decimal:
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(_PLACES)


@question("lending.provisions", permission="reports:read", whose=STAFF)
def provided(tx: Tx, month: Day | None = None) -> Provisions:
    """What was set aside at the end of the month of a day; without a day, what would be if the month ended today.

    By product and class, beside the regulator's table; nothing is posted. Refuses ``lending.day_not_come`` for a month that is
    not over, ``lending.law_silent`` for today.
    """
    if month is None:
        on, said = tx.business_date, history_service.law_said(tx)
        found, _ = assessed(tx, said, on)
        sums = provisions.sums_of(found)
        decided = provisions.decide(said, sums, standing(tx, set(sums)))
        return Provisions(on, False, tuple(decided), provisions.coverage(said, decided))
    on = history_service.month_over(tx, month)
    kept = store.provisions(tx, on)
    told = [provision_of(row) for row in kept]
    by = history_service.law(tx, kept[0]["policy_version"]) if kept else None
    return Provisions(on, bool(kept), tuple(told), () if by is None else provisions.coverage(by, told))
