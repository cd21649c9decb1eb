"""Schedules beside another core's published tests: the same rows to the cent where both mean the same loan."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from farthing.kit.money import Money
from farthing.lending.cost.document import quote_cost
from farthing.lending.offering.plan import Plan, build, quote
from farthing.lending.pinned import days_when_paid_out
from farthing.products.model import MONTHLY
from tests.lending.months import monthly_dates

DAY_COUNTS = {("360", "30"): "30E/360", ("365", "ACTUAL"): "actual/365", ("ACTUAL", "ACTUAL"): "actual/actual"}
OTHER_YEAR = {"EMICalculation:7678", "EMICalculation:7720"}
"""Their actual/actual counts the first day as interest's, or 366 days only around 29 February; ours is ISDA's, by choice."""
BACKDATED = {"EMICalculation:7370"}
"""Paid out long before it was entered, so that instalments were late from the start."""


def plain(case: dict[str, Any]) -> bool:
    """A loan as ours are: declining balance, paid out once and whole, nothing due on the day of payment."""
    terms, settings, rows = case["terms"], case["settings"], case["rows"]
    (paid_on, amount), *more = case["disbursements"]
    due_on = [row["date"] for row in rows if row["nr"]]
    return (
        terms["interest_type"] == "DECLINING_BALANCE"
        and settings["loanScheduleType"] == "PROGRESSIVE"
        and not more
        and amount == terms["principal"]
        and terms["repay_every"] == [1, "MONTHS"]
        and due_on == [str(day) for day in monthly_dates(date.fromisoformat(paid_on), len(due_on))]
        and not case["id"].startswith("LoanMigration")
    )


def test_schedules_agree_with_another_core_to_the_cent(shared_data: Path) -> None:
    cases = json.loads((shared_data / "fineract" / "plain_schedules.json").read_text(encoding="utf-8"))["cases"]
    compared, differ = 0, set()
    for case in filter(plain, cases):
        terms, settings = case["terms"], case["settings"]
        rows = [row for row in case["rows"] if row["nr"]]
        plan = Plan(
            Money.parse(terms["principal"], "EUR"),
            Decimal(terms["annual_interest_rate_pct"]) / 100,
            DAY_COUNTS[settings["daysInYearType"], settings["daysInMonthType"]],
            date.fromisoformat(case["disbursements"][0][0]),
            tuple(date.fromisoformat(row["date"]) for row in rows),
            Money(0, "EUR"),
        )
        ours = [(item.principal.plain(), item.interest.plain()) for item in build("equal_instalment", plan)]
        compared += 1
        if ours != [(row["principal"], row["interest"]) for row in rows]:
            differ.add(case["id"])
    assert compared >= 20
    assert differ == OTHER_YEAR | BACKDATED


def test_a_later_payment_keeps_the_agreed_days_while_the_first_is_to_come() -> None:
    offered = date(2026, 11, 28)
    assert days_when_paid_out(MONTHLY, offered, date(2026, 12, 13), 3) == monthly_dates(offered, 3)
    assert days_when_paid_out(MONTHLY, offered, date(2026, 12, 28), 3) == monthly_dates(date(2026, 12, 28), 3)


def test_interest_runs_from_the_day_of_payment() -> None:
    """8,000 at 12 per cent, offered on 28 November and paid out on 13 December: fifteen days, 39.45."""
    days = days_when_paid_out(MONTHLY, date(2026, 11, 28), date(2026, 12, 13), 6)
    plan = Plan(Money.parse("8000", "CNY"), Decimal("0.12"), "actual/365", date(2026, 12, 13), days, Money(0, "CNY"))
    assert build("equal_instalment", plan)[0].interest == Money(3945, "CNY")


def test_the_rate_of_a_loan_in_euro_counts_months_and_in_yuan_days() -> None:
    """Directive 2008/48/EC annex I, remark (c): a month is a twelfth of a year. The file of flows gives the same rates."""
    for currency, law in (("EUR", "months"), ("CNY", "days/365")):
        start, fee = date(2026, 1, 31), Money(1_000, currency)
        plan = Plan(Money(100_000, currency), Decimal("0.12"), "months/12", start, monthly_dates(start, 12), fee)
        made = quote("equal_instalment", plan)
        flows = [{"on": start.isoformat(), "advance": "1000"}] + [
            {"on": each.due_on.isoformat(), "payment": each.amount.plain()} for each in made.instalments
        ]
        case = json.dumps({"currency": currency, "intervals": law, "flows": flows}).encode()
        rate = Decimal(quote_cost(case, "flows.json")["rates"]["eu_apr"]["annual"])
        assert abs(made.annual_percentage_rate - rate) < Decimal("0.000001"), (currency, rate)
