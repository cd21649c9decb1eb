"""Ten thousand real loans: our instalment beside the one that was agreed, to the cent, the exceptions listed by rule.

That lender rounds every instalment up to the next cent; ours goes to the nearest and is then improved, so that the last
instalment is like the others. Before rounding the two are one figure.
"""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from decimal import ROUND_CEILING, Decimal, localcontext
from pathlib import Path

from farthing.lending.plans.factors import factor
from farthing.lending.plans.schedule import instalments, level_of, rounded
from farthing.lending.plans.terms import Terms

ON, NEXT = date(2018, 1, 1), date(2018, 2, 1)


def closed_form(principal: int, annual: Decimal, count: int) -> Decimal:
    """The instalment by the textbook, in cents, to fifty digits."""
    with localcontext(prec=50):
        monthly = annual / 12
        return Decimal(principal) if not monthly else principal * monthly / (1 - (1 + monthly) ** -count)


OTHER = {("8000", "36"), ("28000", "36"), ("24000", "36")}
"""Three loans at 6 per cent whose instalment is that of no such loan: a hardship plan, by all that the file tells."""


def test_the_instalment_of_ten_thousand_loans(shared_data: Path) -> None:
    (file,) = (shared_data / "lendingclub").glob("*.csv")
    found: Counter[str] = Counter()
    with file.open(encoding="utf-8", newline="") as opened:
        for row in csv.DictReader(opened):
            principal, count = int(Decimal(row["loan_amount"]) * 100), int(row["term"])
            terms = Terms("USD", Decimal(row["interest_rate"]) / 100, count, day_count="30/360")
            ours = level_of(principal, 0, [factor(terms, ON, NEXT)] * count)
            assert abs(ours - closed_form(principal, terms.annual, count)) < Decimal("0.0001")
            agreed, nearest = round(Decimal(row["installment"]) * 100), rounded(ours, 1)
            if agreed == int(ours.to_integral_value(ROUND_CEILING)):
                found["up to the next cent" if agreed != nearest else "up and to the nearest alike"] += 1
            else:
                assert (row["loan_amount"], row["term"]) in OTHER, row
                found["another figure"] += 1
    assert found == {"up to the next cent": 5041, "up and to the nearest alike": 4956, "another figure": 3}


def test_a_schedule_of_each_length_is_the_textbook_one() -> None:
    """Beside the closed form: the instalment within half a cent, before it is improved; the principal comes out whole."""
    for count in (1, 2, 12, 36, 60, 360):
        for annual in ("0.0482", "0.12", "0.3599"):
            terms = Terms("USD", Decimal(annual), count, day_count="30/360")
            part = factor(terms, ON, NEXT)
            assert abs(level_of(1_234_567, 0, [part] * count) - closed_form(1_234_567, terms.annual, count)) < Decimal(
                "0.001"
            )
            rows = instalments(terms, 1_234_567, [part] * count)
            assert sum(principal for principal, _, _ in rows) == 1_234_567
            assert rows[-1][2] == 0
