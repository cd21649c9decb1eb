"""From the settings of another core's published tests to a case of ours: the table of ``docs/guides/quote-loan.md``, as code."""

from __future__ import annotations

from typing import Any

COUNTS = {"360": "360", "364": "364", "365": "365", "ACTUAL": "actual"}
MONTH_ENDS = {"FIRST_DAY_OF_NEXT_MONTH": "first_of_next", "LAST_DAY_OF_MONTH": "last_of_month"}
PAYERS = {
    "DEFAULT": "repay", "GOODWILL_CREDIT": "goodwill_credit", "MERCHANT_ISSUED_REFUND": "merchant_refund",
    "PAYOUT_REFUND": "payout_refund", "INTEREST_REFUND": "interest_refund",
}  # fmt: skip
SURPLUS = {"NEXT_INSTALLMENT": "next", "LAST_INSTALLMENT": "last", "REAMORTIZATION": "re_amortise"}
CHARGE_OFF = {"ZERO_INTEREST": "no_more_interest", "ACCELERATE_MATURITY": "all_due"}
PENALTY_FEE_INTEREST = "penalty_fee_interest_principal"


def yes(value: object) -> bool:
    """A flag as those files write it."""
    return value in (True, "true")


def terms_of(terms: dict[str, Any], settings: dict[str, Any]) -> dict[str, Any]:
    """The terms of a loan."""
    cumulative = settings.get("loanScheduleType") != "PROGRESSIVE"
    count, unit = terms["repay_every"]
    monthly = "30" if settings["daysInMonthType"] == "30" else "actual"
    day_count = f"{monthly}/{COUNTS[settings['daysInYearType']]}"
    if settings.get("daysInYearCustomStrategy") == "FEB_29_PERIOD_ONLY":
        day_count = "actual/actual-29-february"
    if cumulative and day_count == "actual/actual":
        day_count = "actual/365"
    by_period = terms["interest_calculation_period"] != "DAILY" and unit != "DAYS"
    found: dict[str, Any] = {
        "rate": f"{terms['annual_interest_rate_pct']}%",
        "instalments": int(terms["number_of_repayments"]),
        "every": f"{count}{unit[0].lower()}",
        "method": "flat" if terms["interest_type"] == "FLAT" else "equal_instalment",
        "day_count": day_count,
        "interest_by": "period" if by_period else "day",
        "whole_periods": by_period and not yes(settings.get("allowPartialPeriodInterestCalcualtion")),
        "month_end": MONTH_ENDS.get(settings.get("monthEndDueDateStrategy", ""), "clamp"),
        "first_day_counts": yes(settings.get("interestRecognitionOnDisbursementDate")),
        "flat_interest": "whole_term" if cumulative else "each_period",
        "grace_principal": int(terms.get("grace_on_principal") or 0),
        "grace_interest": int(terms.get("grace_on_interest") or 0),
        "interest_free": int(terms.get("interest_free_period") or 0),
    }
    if yes(settings.get("enableDownPayment")):
        found["down_payment"] = f"{settings.get('disbursedAmountPercentageForDownPayment') or 25}%"
    if settings.get("installmentAmountInMultiplesOf") not in (None, "null", "0"):
        found["multiple"] = settings["installmentAmountInMultiplesOf"]
    return found


def life_of(settings: dict[str, Any]) -> dict[str, Any]:
    """How a loan lives."""
    recalculated = "no"
    if yes(settings.get("isInterestRecalculationEnabled")):
        by_period = settings.get("recalculationRestFrequencyType") == "SAME_AS_REPAYMENT"
        recalculated = "by_period" if by_period else "by_day"
    to_end = settings.get("preClosureInterestCalculationStrategy") == "TILL_REST_FREQUENCY_DATE"
    return {
        "recalculated": recalculated,
        "pay_off": "to_period_end" if to_end else "to_day",
        "direction": "by_component" if settings.get("loanScheduleProcessingType") == "VERTICAL" else "by_instalment",
        "charge_off": CHARGE_OFF.get(settings.get("chargeOffBehaviour", ""), "usual"),
        "auto_down_payment": yes(settings.get("enableAutoRepaymentForDownPayment")),
        "allocation": _allocations(settings),
    }


def _allocations(settings: dict[str, Any]) -> dict[str, Any]:
    written = settings.get("paymentAllocation")
    if not isinstance(written, list):  # penalty, fee, interest, principal: by name, or by the strategy of that name
        rules = {"goodwill_credit": "last", "merchant_refund": "re_amortise"} if written else {}
        return {do: {"order": PENALTY_FEE_INTEREST, "surplus": rules.get(do, "next")} for do in PAYERS.values()}
    found = {}
    for rule in written:
        order = rule["order"]
        named = "penalty_fee_principal_interest" if order == "DEFAULT_ORDER" else [name.lower() for name in order]
        found[PAYERS[rule["transactionType"]]] = {"order": named, "surplus": SURPLUS[rule["futureInstallmentRule"]]}
    return found


def case_of(
    terms: dict[str, Any], settings: dict[str, Any], events: list[dict[str, Any]], as_of: str
) -> dict[str, Any]:
    """A case of ours, asked for on the business day."""
    return {
        "currency": settings.get("currencyCode", "EUR"),
        "terms": terms_of(terms, settings),
        "life": life_of(settings),
        "events": events,
        "as_of": as_of,
    }


Row = tuple[Any, ...]
FIELDS = ("principal", "interest", "fees", "penalties", "due", "paid", "in_advance", "late", "outstanding")


def rows_wanted(rows: list[dict[str, Any]]) -> list[Row]:
    """The rows of an expected schedule."""
    return [
        (row["date"], row["paid_date"], row["balance"], *(row[field] for field in FIELDS)) for row in rows if row["nr"]
    ]


def rows_given(answer: dict[str, Any]) -> list[Row]:
    """The rows of our answer in the same order of columns."""
    return [
        (row["due_on"], row["paid_on"], row["balance"], *(row[field] for field in FIELDS))
        for row in answer["schedule"]
        if "due_on" in row
    ]
