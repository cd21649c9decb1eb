"""What holds for every answer: its sums, its split by component, and its books."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

PARTS = ("principal", "interest", "fees", "penalties")
CLAIMS = {
    "assets:loans": "principal", "assets:receivable:interest": "interest", "assets:receivable:fees": "fees",
    "assets:receivable:penalties": "penalties",
}  # fmt: skip
IN = {"repay", "pay_off", "goodwill_credit", "merchant_refund", "payout_refund", "interest_refund"}


def amount(text: str) -> Decimal:
    """An amount of an answer."""
    return Decimal(text)


def total(rows: list[dict[str, Any]], field: str) -> Decimal:
    """A column."""
    return sum((amount(row[field]) for row in rows), Decimal(0))


def agree(answer: dict[str, Any]) -> None:
    """Everything adds up, and the books hold what the borrower owes."""
    rows = [row for row in answer["schedule"] if "due_on" in row]
    events = answer["events"]
    for row in rows:
        assert amount(row["due"]) == sum(amount(row[part]) for part in PARTS)
        gone = sum(amount(row[field]) for field in ("paid", "waived", "written_off"))
        assert amount(row["outstanding"]) == amount(row["due"]) - gone
        assert all(
            amount(row[field]) >= 0 for field in (*PARTS, "paid", "outstanding", "balance", "in_advance", "late")
        )
    for event in events:
        if event["do"] in IN:
            split = sum(amount(event[part]) for part in PARTS) + amount(event["owed_back"])
            assert amount(event["amount"]) == split
    paid = sum((amount(event["amount"]) for event in events if event["do"] in IN), Decimal(0))
    used = sum((amount(event["owed_back"]) for event in events if event["do"] == "use_credit"), Decimal(0))
    over = sum((amount(event["owed_back"]) for event in events if event["do"] in IN), Decimal(0))
    assert total(rows, "paid") == paid - over - used
    for entry in answer["entries"]:
        lines = entry["lines"]
        assert sum(amount(line.get("debit", "0")) - amount(line.get("credit", "0")) for line in lines) == 0
    _books(answer, rows, [event["do"] for event in events])


def _books(answer: dict[str, Any], rows: list[dict[str, Any]], kinds: list[str]) -> None:
    held = {name: amount(text) for name, text in answer["balances"].items()}
    assert sum(held.values()) == 0
    assert -held.get("liabilities:owed-back", Decimal(0)) == amount(answer["owed_back"])
    given_up = "charge_off" in kinds
    assert held.get("assets:loans", Decimal(0)) == (0 if given_up else amount(answer["owed"]["principal"]))
    if given_up or "re_age" in kinds or "re_amortise" in kinds:
        return
    for name, part in CLAIMS.items():
        claim = held.get(name, Decimal(0))
        owed = amount(answer["owed"][part])
        if part == "interest":
            due = [row for row in rows if row["due_on"] <= answer["as_of"]]
            assert claim <= owed and claim >= 0, (claim, owed)
            assert not due or claim >= 0
        else:
            assert claim == owed, (name, claim, owed)
