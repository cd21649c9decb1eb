"""What a part of a note is worth: by hand, and the file that says so."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from farthing.funding.resale import pricing
from farthing.funding.resale.pricing import Quote, accrued, quoted
from farthing.funding.valuing import curve
from farthing.funding.valuing.valuation import loss_to_come
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.lending.owed import Component, Obligation, StandingInstalment


def instalment(number: int, due: date, principal: int, interest: int, *, paid: bool = False) -> StandingInstalment:
    def owed(component: Component, minor: int) -> Obligation:
        zero, whole = Money(0, "CNY"), Money(minor, "CNY")
        return Obligation(component, whole, whole if paid else zero, zero, zero, zero)

    return StandingInstalment(number, due, "CNY", (owed("principal", principal), owed("interest", interest)))


BEGINS = date(2026, 12, 1)
PLAN = [
    instalment(1, date(2026, 12, 31), 50_000, 300, paid=True), instalment(2, date(2027, 1, 30), 50_000, 200),
    instalment(3, date(2027, 3, 1), 50_000, 100),
]  # fmt: skip


def test_interest_is_earned_by_the_day() -> None:
    assert accrued(PLAN, BEGINS, date(2026, 12, 31)) == 0  # the first is paid
    assert accrued(PLAN, BEGINS, date(2027, 1, 10)) == 200 * 10 // 30
    assert accrued(PLAN, BEGINS, date(2027, 1, 30)) == 200
    assert accrued(PLAN, BEGINS, date(2027, 2, 9)) == 200 + 100 * 10 // 30
    assert accrued(PLAN, BEGINS, date(2027, 4, 1)) == 300
    early = [instalment(1, date(2026, 12, 31), 50_000, 300, paid=True)]
    assert accrued(early, BEGINS, date(2026, 12, 11)) == 0  # paid before it was earned


def test_a_price_by_hand() -> None:
    one = Quote("B", 0, Decimal(1), Decimal(1_500), 100_000, 67, Decimal("0.05"))
    price = one.price(40_000)
    assert (price.principal, price.interest) == (39_400, 25)  # 40,000 less 1.5 per cent; 67 x 0.4 x 0.95
    late = Quote("B", 40, Decimal("0.60"), Decimal(1_500), 100_000, 67, Decimal("0.05")).price(40_000)
    assert (late.principal, late.interest) == (23_640, 15)
    assert one.most(39_425) == 40_000 and one.most(39_424) < 40_000


def test_what_a_loan_is_worth_falls_with_lateness_and_with_what_is_expected() -> None:
    table, grades = pricing.shipped(), curve.shipped()

    def at(day: date, default: str) -> Quote:
        found = quoted(grades, table, Decimal(default), Decimal("0.05"), PLAN, BEGINS, day)
        assert found is not None
        return found

    fresh = at(date(2027, 1, 10), "0.01")
    assert (fresh.grade, fresh.days_late, fresh.part, fresh.outstanding) == ("A", 0, 1, 100_000)
    assert at(date(2027, 1, 10), "0.05").fair < fresh.fair < 1
    late = at(date(2027, 2, 4), "0.01")
    assert (late.days_late, late.part) == (5, Decimal("0.92"))
    over = at(date(2027, 6, 1), "0.01")
    assert (over.loss, over.fair) == (
        0,
        Decimal("0.15").as_integer_ratio()[0] / Decimal(20),
    )  # all fell due: nothing to come
    assert quoted(grades, table, Decimal("0.5"), Decimal(0), PLAN, BEGINS, BEGINS) is None
    assert quoted(grades, table, Decimal("0.01"), Decimal(0), PLAN[:1], BEGINS, date(2027, 1, 10)) is None


def test_the_loss_to_come_by_hand() -> None:
    grades = curve.shipped()
    rest = [(date(2027, 12, 1), 60_000), (date(2028, 11, 30), 40_000)]
    year = loss_to_come(grades, Decimal("0.10"), rest, date(2026, 12, 1))
    ordinary = Decimal("0.9") * (Decimal("0.1") * 100_000 + Decimal("0.09") * 40_000)
    bad = Decimal("0.9") * (Decimal("0.25") * 100_000 + Decimal("0.1875") * 40_000)
    assert year == Decimal("0.9") * ordinary + Decimal("0.1") * bad  # one year in ten is a bad one
    assert loss_to_come(grades, Decimal("0.10"), rest[:1], date(2027, 12, 1)) == 0


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("from_days = 0\n", "from_days = 1\n"), ("from_days = 31", "from_days = 61"), ('part = "0.60"', 'part = "0.92"'),
        ("slice_notes = 2", "slice_notes = 0"), ("window_days", "window_dayz"), ('from_on = "2026-12-01"', 'from_on = "soon"'),
    ],
)  # fmt: skip
def test_a_table_that_is_wrong_is_refused(old: str, new: str) -> None:
    text = pricing.PATH.read_text(encoding="utf-8")
    assert old in text
    with pytest.raises(Refusal):
        pricing.decode("resale.toml", text.replace(old, new, 1))
