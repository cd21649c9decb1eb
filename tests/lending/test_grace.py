"""What was late, and was paid within the days of grace, costs no penalty, whoever looks whenever."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.lending.lives.events import WHENS, Agreed, Agreement, Allocation, Event, LateCharge
from farthing.lending.lives.fold import fold
from farthing.lending.plans.terms import Terms

DUE, GRACE = date(2026, 2, 10), 3
ORDER = tuple((when, component) for when in WHENS for component in ("penalty", "fee", "interest", "principal"))
AGREED = Agreement(
    Terms("CNY", Decimal("0.12"), 2), {"repay": Allocation(ORDER)},  # type: ignore[arg-type]
    agreed=(Agreed(DUE, 100_000, 1_000), Agreed(date(2026, 3, 10), 100_000, 1_000)),
    late=LateCharge(Decimal("0.18"), GRACE), early="to_day",
)  # fmt: skip


@pytest.mark.parametrize(("days_late", "penalty"), [(0, 0), (3, 0), (4, 199)])
def test_a_penalty_is_owed_by_what_was_overdue_beyond_the_days_of_grace(days_late: int, penalty: int) -> None:
    paid_on = DUE + timedelta(days=days_late)
    facts = [Event(date(2026, 1, 10), "pay_out", 200_000, name="out"), Event(paid_on, "repay", 101_000, name="paid")]
    for later in (0, 1, 4, 20):
        state = fold(AGREED, facts, paid_on + timedelta(days=later))
        owed = state.instalments[0].owed["penalty"]
        assert owed >= penalty and (penalty or not owed)
        assert later or owed == penalty


@given(st.integers(0, 120_000), st.integers(0, 30), st.integers(0, 30), st.integers(0, 60_000), st.booleans())
def test_what_a_penalty_is_on_and_what_costs_none(
    part: int, early: int, late: int, tolerance: int, alone: bool
) -> None:
    """Of an instalment paid in two parts: each span of days bears by what was overdue in it, where that is worth a penalty."""
    charge = LateCharge(Decimal("0.18"), GRACE, principal_alone=alone, tolerance=tolerance)
    first, last = DUE + timedelta(days=early), DUE + timedelta(days=early + late)
    facts = [Event(date(2026, 1, 10), "pay_out", 200_000, name="out")]
    part = min(part, 100_999)
    if part:
        facts.append(Event(first, "repay", part, name="part"))
    state = fold(replace(AGREED, late=charge), facts, min(last, date(2026, 3, 9)))
    days = (min(last, date(2026, 3, 9)) - DUE).days
    until = min(early, days) if part else days
    spans = [(101_000, 100_000, until)]
    if part and days > until:
        costs = _penalty(charge, [(101_000, 100_000, until)], until)
        left = part - min(part, costs)  # what is paid late pays the penalty first
        interest = min(left, 1_000)
        spans.append((101_000 - left, 100_000 - (left - interest), days - until))
    assert state.instalments[0].owed["penalty"] == _penalty(charge, spans, days)


def _penalty(charge: LateCharge, spans: list[tuple[int, int, int]], days: int) -> int:
    worth = [(overdue, principal, length) for overdue, principal, length in spans if overdue > charge.tolerance]
    if not worth or days <= GRACE:
        return 0
    reached, charged = 0, False
    for overdue, _, length in spans:
        reached += length
        charged = charged or (overdue > charge.tolerance and reached > GRACE)
    if not charged:
        return 0
    whole = sum((principal if charge.principal_alone else overdue) * length for overdue, principal, length in worth)
    return int(Fraction(whole) * Fraction(charge.annual) / 365 + Fraction(1, 2))


@given(st.integers(1, 40), st.integers(0, 40), st.integers(0, 400), st.integers(0, 40))
def test_a_penalty_follows_a_rate_that_changes(changed: int, late: int, rate: int, look: int) -> None:
    """The days after the change bear by what is as many times the new rate as was agreed, whoever looks in between."""
    day, last, penalty = DUE + timedelta(days=changed), DUE + timedelta(days=late), Decimal(rate) / 1000
    agreement = replace(AGREED, agreed=(AGREED.agreed[0], replace(AGREED.agreed[1], due_on=date(2026, 6, 10))))
    facts = [
        Event(date(2026, 1, 10), "pay_out", 200_000, name="out"),
        Event(day, "change_rate", annual=penalty * 2 / 3, penalty=penalty, name="changes"),
    ]
    before = min(late, changed)
    owed = 101_000 * (before * Decimal("0.18") + (late - before) * penalty) / 365
    wanted = int(owed + Decimal("0.5")) if late > GRACE else 0
    seen = fold(agreement, facts, min(DUE + timedelta(days=look), last))
    rest = [each for each in facts if each.on > (seen.as_of or date.min)]
    for found in (fold(agreement, facts, last), fold(agreement, rest, last, seen)):
        assert found.instalments[0].owed["penalty"] == wanted
