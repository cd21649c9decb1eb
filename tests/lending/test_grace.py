"""What was late, and was paid within the days of grace, costs no penalty, whoever looks whenever."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

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
