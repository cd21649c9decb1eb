"""What is told of a loan: never bad without a warning in time, and a delinquency that goes on keeps its first day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.exchange.furnish.gate import QUIET, after, gate
from farthing.exchange.furnish.model import Facts, Row
from farthing.exchange.furnish.reading import read_row
from farthing.exchange.model import CLASSES
from farthing.kit.calendar import month_end
from farthing.kit.money import Money
from farthing.lending.furnishing.model import AtEnd, Told, Warned
from farthing.lending.furnishing.rules import account_of, row_of, said_of, totals, warning
from tests.exchange.rows import resident

ON = date(2026, 1, 31)
LOAN = AtEnd("loan_1", "party_1", "CNY", 1_000_000, date(2025, 6, 1), 600_000, 90_000, 90_000, 0, "normal")
LATE = replace(LOAN, dpd=20, paid=0)
WARNED = Warned(date(2026, 1, 11), date(2026, 1, 14), "notice_1")


def said(loan: AtEnd, *warned: Warned, before: Told | None = None, days: int = 5, on: date = ON) -> dict[str, Any]:
    return said_of(loan, before, warned, on, days)


def passes(row: dict[str, Any]) -> Row:
    found = read_row(1, row_of(row, "person", resident(1), "Somebody"), lambda _, number: number)
    assert isinstance(found, Row), found
    gated = gate([found], Facts(CLASSES, {}, {}, {}, {}), found.period)
    assert [each.codes for each in gated.problems] == []
    return found


@pytest.mark.parametrize(
    ("loan", "status"),
    [
        (LOAN, "current"), (replace(LOAN, due=0), "idle"), (LATE, "past_due"),
        (replace(LOAN, balance=0, ended_on=date(2026, 1, 20)), "paid_off"), (replace(LOAN, given_up=True), "untold"),
    ],
)  # fmt: skip
def test_what_a_loan_is_told_as_passes_the_gate(loan: AtEnd, status: str) -> None:
    assert passes(said(loan, WARNED)).status == status


def test_nothing_bad_is_told_before_the_borrower_was_warned_in_time() -> None:
    for warned in ((), (replace(WARNED, told_on=date(2026, 1, 27)),), (replace(WARNED, told_on=date(2025, 12, 1)),)):
        row = said(LATE, *warned)
        assert (row["status"], row["dpd"], row["balance"]) == ("untold", None, None)
        passes(row)
    row = said(LATE, replace(WARNED, told_on=date(2026, 1, 26)))
    assert (row["status"], row["notice"], row["notice_on"]) == ("past_due", "notice_1", "2026-01-26")


def test_a_part_payment_does_not_make_a_delinquency_younger() -> None:
    before = Told("past_due", date(2025, 11, 11))
    row = said(LATE, WARNED, before=before)
    assert row["first_delinquency_on"] == "2025-11-11"
    assert said(LATE, WARNED, before=Told("current", None))["first_delinquency_on"] == "2026-01-11"
    assert said(LOAN, before=before)["first_delinquency_on"] is None
    assert said(replace(LOAN, given_up=True), WARNED, before=before)["status"] == "written_off"


@given(st.lists(st.integers(0, 60), min_size=2, max_size=12), st.data())
def test_months_one_after_the_other_pass_the_gate_whatever_is_paid(moves: list[int], data: st.DataObject) -> None:
    """A loan that is late, catches up in part or whole, and is late again is told so that no rule is broken."""
    on, dpd, before, known = date(2026, 1, 31), 0, None, None
    warned: list[Warned] = []
    for move in moves:
        on = month_end(on + timedelta(days=1))
        dpd = min(dpd + on.day, data.draw(st.integers(0, 40)) * (move > 20)) if move else dpd + on.day
        loan = replace(LOAN, dpd=dpd, paid=90_000 if move else 0)
        since = on - timedelta(days=dpd)
        if dpd > 3:
            warned.append(Warned(since, since + timedelta(days=3), f"notice {since}"))
        row = said_of(loan, before, warned, on, 5)
        found = read_row(1, row_of(row, "person", resident(1), "Somebody"), lambda _, number: number)
        assert isinstance(found, Row)
        facts = Facts(CLASSES, {} if known is None else {found.account: known}, {}, {}, {})
        problems = [code for each in gate([found], facts, found.period).problems for code in each.codes]
        unpaid = row["status"] in QUIET and not loan.paid
        assert set(problems) <= ({"re_aged"} if unpaid else set())
        known = after(found, known)
        if row["status"] != "untold":
            before = Told(row["status"], found.first_delinquency_on)


def test_an_organisation_is_told_by_its_code_and_sums_are_sums() -> None:
    row = row_of(said(LOAN), "organisation", "91110000100000000R", "A company")
    assert row["document"] == "credit_code"
    assert totals([row, said(LATE), said(LATE, WARNED)]) == {
        "rows": 3, "balance": 1_200_000, "due": 180_000, "paid": 90_000, "past_due": 1,
    }  # fmt: skip
    assert account_of("loan_1") != account_of("loan_2")
    told = warning(Money(90_000, "CNY"), date(2026, 1, 11), 5)
    assert "5 days" in told.en and "5 日" in told.zh
