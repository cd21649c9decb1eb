"""What rows of obligations say of an instalment, of which one component is no more."""

from __future__ import annotations

from datetime import date
from typing import Any

from farthing.lending.life_store import instalments_of


def row(component: str, due_on: date, amount: int, waived: int = 0) -> dict[str, Any]:
    return {
        "instalment": 6, "component": component, "due_on": due_on, "amount_minor": amount, "paid_minor": 0,
        "waived_minor": waived, "written_off_minor": 0, "recognised_minor": 0,
    }  # fmt: skip


def test_an_instalment_falls_due_when_what_there_is_of_it_does() -> None:
    gone, moved = row("principal", date(2027, 5, 28), 0), row("interest", date(2027, 7, 1), 1479, 1479)
    (found,) = instalments_of([gone, moved], "CNY")
    assert found.due_on == date(2027, 7, 1), "principal that was repaid ahead stays where it was, and moves no more"
    (nothing,) = instalments_of([gone], "CNY")
    assert nothing.due_on == date(2027, 5, 28)
