"""Decide what is told of a loan for a month. Pure.

A delinquency keeps its first day as long as it goes on, whatever was paid of it. Nothing bad is told of a borrower who was not
warned in time: the month is then told as ``untold``, which is neither good nor bad.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from farthing.exchange.codes import NEGATIVE
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.lending.furnishing.model import AtEnd, Told, Warned

BAD = ("past_due", "written_off")
_TOTALS = ("balance", "due", "paid")


def account_of(loan_id: str) -> str:
    """By what the exchange knows a loan: nothing that anybody else calls it by."""
    return hashlib.sha256(loan_id.encode()).hexdigest()[:32]


def said_of(loan: AtEnd, before: Told | None, warnings: Sequence[Warned], on: date, notice_days: int) -> dict[str, Any]:
    """What is told of a loan at a month's end, but for whose it is."""
    status, first = _status(loan), _first(loan, before, on)
    warned = _warned(first, warnings, on - timedelta(days=notice_days)) if status in NEGATIVE else None
    if status in NEGATIVE and (warned is None or first is None):
        status, first, warned = "untold", None, None
    untold = status == "untold"
    return {
        "account": account_of(loan.loan_id), "class": "instalment", "role": "borrower", "opened_on": loan.opened_on.isoformat(),
        "currency": loan.currency, "original": loan.original, "security": "", "origin": "", "period": f"{on:%Y-%m}",
        "as_of": on.isoformat(), "limit": None, "balance": None if untold else loan.balance,
        "due": None if untold else loan.due, "paid": None if untold else loan.paid, "dpd": None if untold else loan.dpd,
        "status": status, "code": "", "five_class": "" if untold else loan.class_name,
        "first_delinquency_on": _day(first), "closed_on": _day(loan.ended_on), "flags": [], "reason": "",
        "notice_on": _day(warned.told_on) if warned else None, "notice": warned.notice if warned else "",
    }  # fmt: skip


def _status(loan: AtEnd) -> str:
    if loan.ended_on is not None:
        return "paid_off"
    if loan.given_up:
        return "written_off"
    if loan.dpd:
        return "past_due"
    return "current" if loan.due else "idle"


def _first(loan: AtEnd, before: Told | None, on: date) -> date | None:
    """The first day of a delinquency that stands."""
    if loan.ended_on is not None or not (loan.dpd or loan.given_up):
        return None
    known = before.first_delinquency_on if before is not None and before.status in BAD else None
    since = on - timedelta(days=loan.dpd) if loan.dpd else None
    return min((each for each in (known, since) if each is not None), default=None)


def _warned(first: date | None, warnings: Sequence[Warned], latest: date) -> Warned | None:
    fit = [each for each in warnings if first is not None and each.told_on >= first and each.told_on <= latest]
    return min(fit, key=lambda each: each.told_on, default=None)


def row_of(said: Mapping[str, Any], kind: str, number: str, name: str) -> dict[str, Any]:
    """What is told of a month with whose it is, as it is sent."""
    document = "resident_id" if kind == "person" else "credit_code"
    return {**said, "document": document, "number": number, "name": name}


def totals(rows: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """What rows come to."""
    found = dict.fromkeys(("rows", *_TOTALS, "past_due"), 0)
    for row in rows:
        found["rows"] += 1
        found["past_due"] += row["status"] == "past_due"
        for name in _TOTALS:
            found[name] += row[name] or 0
    return found


def warning(left: Money, due_on: date, days: int) -> Words:
    """What comes to a borrower's phone before anything bad is told (Credit Reporting Regulation 2013, article 15)."""
    return Words(
        f"{left} of your loan was due on {due_on} and is not paid. If it is not paid within {days} days, the credit bureau is "
        "told that it is late.",
        f"您的贷款 {due_on} 应还的 {left} 尚未还清。如 {days} 日内仍未还清，我们将向征信机构报送逾期信息。",
    )


def _day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()
