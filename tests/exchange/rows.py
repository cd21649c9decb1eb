"""Rows of a cycle as a member tells them, and how they are made."""

from __future__ import annotations

from calendar import monthrange
from typing import Any

from stdnum.cn import ric

from farthing.exchange.furnish.reading import read_row


def resident(number: int) -> str:
    """A resident identity number that checks; one for each number."""
    stem = f"1101011990{1 + number // 28_000 % 12:02}{1 + number // 1_000 % 28:02}{number % 1_000:03}"
    return f"{stem}{ric.calc_check_digit(stem + '0')}"


def account(number: int) -> str:
    return f"account-{number:012}"


def told(who: int, period: str = "2026-01", **changes: Any) -> dict[str, Any]:
    """A loan of a borrower that is paid as due."""
    last = monthrange(int(period[:4]), int(period[5:]))[1]
    row: dict[str, Any] = {
        "document": "resident_id", "number": resident(who), "name": f"Borrower {who}", "account": account(who),
        "class": "instalment", "role": "borrower", "opened_on": "2025-06-01", "currency": "CNY", "original": 1_000_000,
        "security": "", "origin": "", "period": period, "as_of": f"{period}-{last}", "limit": None, "balance": 600_000,
        "due": 90_000, "paid": 90_000, "dpd": 0, "status": "current", "code": "", "five_class": "normal",
        "first_delinquency_on": None, "closed_on": None, "notice_on": None, "notice": "", "flags": [], "reason": "",
    }  # fmt: skip
    return {**row, **changes}


LATE: dict[str, Any] = {
    "status": "past_due", "dpd": 20, "paid": 0, "five_class": "special_mention", "first_delinquency_on": "2026-01-11",
    "notice_on": "2026-01-20", "notice": "sms 1",
}  # fmt: skip
"""What changes where it is late in January."""


def read(who: int = 1, period: str = "2026-01", place: int = 1, **changes: Any) -> Any:
    """A row as the gate sees it; whose records it is goes by the number itself."""
    return read_row(place, told(who, period, **changes), lambda _, found: f"subject of {found}")


def sums(rows: list[dict[str, Any]]) -> dict[str, int]:
    """What rows come to."""

    def add(name: str) -> int:
        return sum(row[name] or 0 for row in rows)

    late = sum(row["status"] == "past_due" for row in rows)
    return {"rows": len(rows), "balance": add("balance"), "due": add("due"), "paid": add("paid"), "past_due": late}
