"""A loan contract's terms as a test writes them: two instalments, one borrower, one lender."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.signing.terms import ContractParty, LoanTerms, ScheduleLine

MADE_AT = datetime(2026, 11, 28, 8, 0, tzinfo=UTC)


def yuan(text: str) -> Money:
    return Money.parse(text, "CNY")


def said(text: str) -> Words:
    return Words(text, text)


def terms(**changes: Any) -> LoanTerms:
    """1,000 yuan at 12 % a year for two months."""
    card, code = Words("Resident identity card", "居民身份证"), Words("Unified social credit code", "统一社会信用代码")
    made = LoanTerms(
        number="loan_1",
        made_on=date(2026, 11, 28),
        made_at=MADE_AT,
        product="rainy-day-loan",
        product_name=said("应急贷"),
        borrower=ContractParty("borrower", "party_1", "林美", card, "110105199903070025", "+8613812345678"),
        institution=ContractParty("institution", "party_2", "Farthing 示范银行", code, "91310000MA1FL0000X"),
        principal=yuan("1000.00"),
        rate=Decimal("0.12"),
        day_count="actual/365",
        apr=Decimal("0.1268"),
        total_interest=yuan("15.00"),
        total_fees=yuan("0.00"),
        total_repayable=yuan("1015.00"),
        method=said("每期本金相同"),
        disbursed_on=date(2026, 11, 28),
        disbursed_to=said("钱包"),
        schedule=(
            ScheduleLine(
                1, date(2026, 12, 28), yuan("500.00"), yuan("10.00"), yuan("0.00"), yuan("510.00"), yuan("500.00")
            ),
            ScheduleLine(
                2, date(2027, 1, 28), yuan("500.00"), yuan("5.00"), yuan("0.00"), yuan("505.00"), yuan("0.00")
            ),
        ),
        purpose=said("医药费"),
        early_repayment=said("可随时提前还清"),
        late_payment=said("逾期计收罚息"),
        allocation=said("先息后本"),
        complaint=said("可投诉"),
        dispute=said("协商"),
    )
    return replace(made, **changes)
