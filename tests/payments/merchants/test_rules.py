"""Laws of fees and refunds: whatever is given back, what was paid is with payer, merchant and bank."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from farthing.kit.calendar import next_business_day
from farthing.kit.money import Money
from farthing.payments.merchants import rules
from farthing.payments.merchants.model import Fee
from farthing.payments.merchants.refunding import Taken, refund_of

FEES = st.builds(
    Fee, st.integers(0, 200_000).map(lambda n: str(Decimal(n) / 1_000_000)), st.sampled_from(["merchant", "payer"]),
    st.sampled_from(["capture", "settlement"]), st.booleans(),
)  # fmt: skip


def yuan(minor: int) -> Money:
    return Money(minor, "CNY")


@given(FEES, st.integers(1, 10**9), st.lists(st.integers(1, 10**9), max_size=8), st.integers(0, 8))
def test_fees_merchant_and_refunds_are_what_was_captured(
    fee: Fee, minor: int, parts: list[int], settled_after: int
) -> None:
    amount = yuan(minor)
    cost = rules.fee_of(fee, amount)
    paid = amount + cost if fee.by == "payer" else amount
    held = rules.kept(fee, amount, cost)
    merchant, bank, payer, returned, refunded = held, cost, yuan(0), yuan(0), yuan(0)
    for place, part in enumerate(parts):
        if refunded.minor + part > minor:
            continue
        refunded += yuan(part)
        settled = place >= settled_after
        taken = Taken("p", "payer", amount, cost, refunded, returned, held, settled, date(2026, 1, 1))
        shares = refund_of(fee, taken, yuan(part))
        assert shares.to_payer == shares.from_escrow + shares.from_wallet + shares.from_fee
        assert min(shares.from_escrow.minor, shares.from_wallet.minor, shares.from_fee.minor) >= 0
        assert shares.from_escrow <= held
        held -= shares.from_escrow
        returned += shares.from_fee
        merchant -= shares.from_escrow + shares.from_wallet
        bank -= shares.from_fee
        payer += shares.to_payer
    assert merchant + bank + payer == paid
    assert returned <= cost and (not fee.returned or refunded < amount or returned == cost)
    assert payer <= paid


@given(FEES, st.integers(1, 10**12))
def test_a_fee_is_within_half_a_fen_of_its_part(fee: Fee, minor: int) -> None:
    exact = Decimal(minor) * rules.rate_of(fee)
    assert abs(rules.fee_of(fee, yuan(minor)).minor - exact) <= Decimal("0.5")


@given(
    st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    st.frozensets(st.dates(date(2026, 1, 1), date(2027, 12, 31)), max_size=9),
)
def test_a_business_day_is_after_and_no_holiday(day: date, holidays: frozenset[date]) -> None:
    found = next_business_day(day, holidays)
    assert found > day and found.weekday() < 5 and found not in holidays
