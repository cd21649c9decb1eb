"""How the guide prints an answer beside its case."""

from __future__ import annotations

from typing import Any


def printed(answer: dict[str, Any]) -> list[str]:
    """One line an instalment, then what is open on the day asked."""
    lines = [
        " ".join(
            (
                str(row["number"]), row["due_on"],
                *(row[field] for field in ("principal", "interest", "fees", "penalties", "paid", "outstanding")),
            )
        )
        for row in answer["schedule"]
        if "due_on" in row
    ]  # fmt: skip
    owed, late = answer["owed"]["total"], answer["past_due"]["total"]
    return [*lines, f"owed {owed} late {late} owed_back {answer['owed_back']} pay_off {answer['pay_off']}"]
