"""Rows by hand keep their own principal whatever changes the plan while it runs: a farmer pays most after the harvest."""

from __future__ import annotations

import json
from typing import Any

import pytest

from farthing.lending.quotes.answer import quote_loan

ROWS = [("2026-06-30", "100"), ("2026-09-30", "300"), ("2026-12-31", "600")]


def principals(event: dict[str, Any] | None) -> list[str]:
    case = {
        "currency": "EUR",
        "terms": {
            "rate": "12%", "instalments": 3, "method": "custom",
            "rows": [{"due_on": due_on, "principal": principal} for due_on, principal in ROWS],
        },
        "events": [{"on": "2026-01-31", "do": "pay_out", "amount": "1000"}, *([event] if event else [])],
    }  # fmt: skip
    return [row["principal"] for row in quote_loan(json.dumps(case).encode())["schedule"] if "principal" in row]


@pytest.mark.parametrize(
    ("event", "wanted"),
    [
        (None, ["100.00", "300.00", "600.00"]),
        ({"do": "change_rate", "rate": "6%"}, ["100.00", "300.00", "600.00"]),
        ({"do": "add_instalments", "count": 2}, ["100.00", "300.00", "200.00", "200.00", "200.00"]),
        ({"do": "move_due", "due_on": "2026-09-30", "until": "2026-10-31"}, ["100.00", "300.00", "600.00"]),
        ({"do": "pay_out", "amount": "500"}, ["100.00", "300.00", "1100.00"]),
    ],
)
def test_each_row_to_come_asks_for_its_own_principal(event: dict[str, Any] | None, wanted: list[str]) -> None:
    assert principals({"on": "2026-07-15", **event} if event else None) == wanted


def test_rows_by_hand_that_are_moved_stay_as_far_apart_and_never_fall_due_earlier() -> None:
    case = {
        "currency": "EUR",
        "terms": {
            "rate": "12%", "instalments": 3, "method": "custom", "day_count": "30/360",
            "rows": [{"due_on": due_on, "principal": principal} for due_on, principal in ROWS],
        },
        "events": [
            {"on": "2026-01-31", "do": "pay_out", "amount": "1000"},
            {"on": "2026-06-30", "do": "repay", "amount": "150"},
            {"on": "2026-07-15", "do": "move_due", "due_on": "2026-09-30", "until": "2026-10-30"},
        ],
    }  # fmt: skip
    rows = [row for row in quote_loan(json.dumps(case).encode())["schedule"] if "principal" in row]
    assert [(row["due_on"], row["interest"]) for row in rows] == [
        ("2026-06-30", "50.00"), ("2026-10-30", "36.00"), ("2027-01-30", "18.00"),
    ]  # fmt: skip
