"""What a bureau's file and repayment here tell, against values computed by hand; what is not told is missing, never zero."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from farthing.credit.bureau.model import Asking, BureauReport, LineMonth, Tradeline
from farthing.credit.catalogue.bureau_file import bureau_features
from farthing.credit.catalogue.repaid_here import Paid, repaid_features
from farthing.credit.owing.model import Commitment
from farthing.kit.money import Money
from tests.credit.made import declared

ON = date(2026, 6, 15)
INCOME = Money(800_000, "CNY")


def yuan(amount: int) -> Money:
    return Money(amount * 100, "CNY")


def month(number: int, late: int = 0, balance: int | None = None) -> LineMonth:
    """The month so many before June 2026."""
    year, index = divmod(2026 * 12 + 5 - number, 12)
    return LineMonth(date(year, index + 1, 1), late, None if balance is None else yuan(balance))


CARD = Tradeline(
    "Bank A", "card", yuan(20_000), yuan(5_000), yuan(500), 0, 40, opened_on=date(2023, 1, 10), kind="revolving",
    role="borrower", lender_kind="bank", months=tuple(month(n, 40 if n == 8 else 0, 4_000) for n in range(1, 25)),
)  # fmt: skip
LOAN = Tradeline(
    "Shop Credit", "instalment loan", yuan(6_000), yuan(3_000), yuan(1_500), 5, 5, opened_on=date(2026, 2, 20),
    kind="instalment", role="borrower", lender_kind="non_bank", months=tuple(month(n) for n in range(5)),
)  # fmt: skip
GUARANTEE = Tradeline(
    "Bank B", "guarantee", yuan(0), yuan(12_000), yuan(900), 0, 0, opened_on=date(2024, 5, 1), kind="guarantee",
    role="guarantor", lender_kind="bank", months=tuple(month(n, 0, 12_000) for n in range(1, 25)),
)  # fmt: skip
CLOSED = Tradeline(
    "Bank C", "car loan", yuan(90_000), yuan(0), yuan(0), 0, 0, opened_on=date(2020, 1, 1), closed_on=date(2024, 3, 3),
    kind="instalment", role="borrower", lender_kind="bank", months=(),
)  # fmt: skip
ASKED = (
    Asking(date(2026, 6, 14), "X", "cash loan"), Asking(date(2026, 6, 2), "Y", "cash loan"),
    Asking(date(2026, 5, 1), "X", "cash loan"), Asking(date(2026, 6, 10), "Z", "card"), Asking(date(2026, 7, 1), "Z", "card"),
)  # fmt: skip
FILE = BureauReport("b", "found", (CARD, LOAN, GUARANTEE, CLOSED), 4, "R1", ASKED)


def values(
    report: BureauReport, income: Money | None = INCOME, paid: tuple[date, ...] | None = None
) -> dict[str, object]:
    return {each.name: each.value for each in bureau_features(report, ON, income, paid)}


def test_a_full_file_by_hand() -> None:
    paid = (date(2026, 2, 23), date(2026, 3, 20), date(2026, 5, 20), date(2025, 6, 15))
    assert (
        {name: None if value is None else str(value) for name, value in values(FILE, paid=paid).items()}
        == {
            "bureau_record": "1",
            "utilisation": "0.2500",  # the card alone: 5,000 of 20,000
            "current_days_past_due": "5",
            "worst_days_past_due_3m": "5",
            "worst_days_past_due_12m": "40",  # the card, in October 2025
            "worst_days_past_due_24m": "40",
            "months_since_arrears": "0",  # the loan is late today
            "open_banks": "1",  # a guarantee is no loan of hers, and Bank C is over
            "open_non_banks": "1",
            "new_accounts_3m": "0",
            "new_accounts_6m": "1",
            "new_accounts_12m": "1",
            "inquiries_7d": "2",  # a cash loan and a card; the one of July is not yet known
            "inquiries_30d": "2",  # the cash loans of 2 and 14 June are one search
            "inquiries_90d": "3",  # that of 1 May lies more than 14 days before
            "dues_to_income": "0.2500",  # 500 + 1,500 of 8,000; what is guaranteed is not paid by her
            "exposure_to_income": "2.5000",  # 5,000 + 3,000 + 12,000 of 8,000
            "guaranteed_share": "0.6000",  # 12,000 of 20,000
            "exposure_growth_6m": "0.2500",  # from 4,000 + 12,000 in December to 20,000
            "repaid_by_borrowing": "0.3333",  # of three payments in twelve months one came three days after the loan was opened
        }
    )


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        ({"kind": None}, {"utilisation"}),
        ({"opened_on": None, "months": None}, {
            "worst_days_past_due_3m", "worst_days_past_due_12m", "worst_days_past_due_24m", "months_since_arrears",
            "new_accounts_3m", "new_accounts_6m", "new_accounts_12m", "exposure_growth_6m", "repaid_by_borrowing"}),
        ({"months": tuple(month(n, 0, 4_000) for n in range(1, 13) if n != 2)}, {
            "worst_days_past_due_3m", "worst_days_past_due_12m", "worst_days_past_due_24m", "months_since_arrears"}),
        ({"months": tuple(month(n, 0, 4_000) for n in range(1, 13))}, {"worst_days_past_due_24m", "months_since_arrears"}),
        ({"lender_kind": None}, {"open_banks", "open_non_banks"}),
        ({"role": None}, {"guaranteed_share"}),
        ({"balance": Money(1, "EUR")}, {"utilisation", "exposure_to_income", "guaranteed_share", "exposure_growth_6m"}),
    ],
)  # fmt: skip
def test_what_one_line_does_not_tell_is_missing(change: dict[str, object], missing: set[str]) -> None:
    paid = (date(2026, 2, 23),)
    report = replace(FILE, tradelines=(replace(CARD, **change), LOAN, GUARANTEE, CLOSED))  # type: ignore[arg-type]
    found = {name for name, value in values(report, paid=paid).items() if value is None}
    assert found == missing


def test_no_record_is_a_value_and_no_answer_is_none() -> None:
    nothing = values(BureauReport("b", "no_record", (), 0, ""))
    assert nothing.pop("bureau_record") == Decimal(0)
    assert set(nothing.values()) == {None}
    assert set(values(BureauReport("b", "unavailable", (), 0, "")).values()) == {None}


def test_an_old_line_says_no_more_than_it_did() -> None:
    old = BureauReport("b", "found", (Tradeline("L", "loan", yuan(100), yuan(50), yuan(10), 3, 9),), 1, "R")
    known = {name: str(value) for name, value in values(old).items() if value is not None}
    assert known == {
        "bureau_record": "1", "current_days_past_due": "3", "dues_to_income": "0.0012", "exposure_to_income": "0.0062",
    }  # fmt: skip
    assert {name for name, value in values(old, None).items() if value is not None} == {
        "bureau_record",
        "current_days_past_due",
    }


def loan(state: str, ended_on: date | None = None, late: int = 0) -> Commitment:
    nothing = Money(0, "CNY")
    return Commitment("L", "P", "D", "p", "u", nothing, nothing, nothing, state, date(2025, 1, 1), None, ended_on, late)  # type: ignore[arg-type]


def test_repayment_here_by_hand() -> None:
    loans = [loan("repaid", date(2026, 1, 31), 4), loan("drawn", None, 9), loan("withdrawn", date(2026, 6, 1), 99)]
    paid = [
        Paid(date(2026, 1, 10), date(2026, 1, 5), 300), Paid(date(2026, 2, 10), date(2026, 2, 10), 500),
        Paid(date(2026, 3, 10), date(2026, 3, 12), 200), Paid(date(2026, 5, 10), None, 400),
        Paid(date(2026, 7, 10), None, 400),
    ]  # fmt: skip
    assert {each.name: str(each.value) for each in repaid_features(loans, ON, paid)} == {
        "loans_repaid_here": "1",
        "worst_days_late_here": "9",
        "late_instalments_share_here": "0.5000",  # that of March was late, that of May is; July has not come
        "early_share_here": "0.3000",  # 300 of 1,000
        "months_since_repaid_here": "4",
        "written_off_here": "0",
    }
    assert {each.value for each in repaid_features([loan("withdrawn")], ON)} == {None}


def test_what_is_computed_is_what_is_declared() -> None:
    assert tuple(values(FILE)) == declared("bureau_file")
    assert tuple(each.name for each in repaid_features((), ON)) == declared("repaid_here")
