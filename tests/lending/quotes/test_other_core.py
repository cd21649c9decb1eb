"""Another core's published tests, 55 plain schedules and 20 lives, to the cent through the very command's reader."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from farthing.lending.quotes.answer import quote_loan
from tests.lending.quotes.fineract import case_of, rows_given, rows_wanted

ENTERED_LATE = {
    "EMICalculation:7370": "2024-05-01", "LoanMigration:5": "2025-04-07", "LoanMigration:269": "2025-04-10",
    "LoanMigration:405": "2025-04-10", "LoanMigration:545": "2025-04-10",
}  # fmt: skip
"""Paid out long before they were entered, so that instalments were late from the start. The file does not tell the day of
entry; for each but the first there is one day alone on which its rows hold (of the first, any day after its last)."""
DIFFER_PLAIN: dict[str, str] = {}
"""Plain schedules that do not agree, each with its reason: none."""
DIFFER_LIVES: dict[str, str] = {}
"""Lives that do not agree, each with its reason: none."""


def cases(shared_data: Path, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((shared_data / "fineract" / name).read_text(encoding="utf-8"))["cases"]
    return found


def answered(case: dict[str, Any]) -> dict[str, Any]:
    return quote_loan(json.dumps(case).encode())


def test_every_plain_schedule_agrees(shared_data: Path) -> None:
    differ = {}
    plain = cases(shared_data, "plain_schedules.json")
    for each in plain:
        events = [{"on": on, "do": "pay_out", "amount": amount} for on, amount in each["disbursements"]]
        answer = answered(
            case_of(each["terms"], each["settings"], events, ENTERED_LATE.get(each["id"], events[-1]["on"]))
        )
        if rows_given(answer) != rows_wanted(each["rows"]):
            differ[each["id"]] = (rows_wanted(each["rows"]), rows_given(answer))
    assert len(plain) >= 55
    assert differ.keys() == DIFFER_PLAIN.keys(), differ


def event_of(step: dict[str, Any], today: str) -> dict[str, Any] | None:
    """One step of a life as an event of ours."""
    match step["op"]:
        case "disburse":
            return {"on": step["date"], "do": "pay_out", "amount": step["amount"]}
        case "repay":
            return {"on": step["date"], "do": "repay", "amount": step["amount"]}
        case "pay_off":
            return {"on": step["date"], "do": "pay_off"}
        case "interest_pause":
            return {"on": step["start"], "do": "pause_interest", "until": step["end"]}
        case "add_charge":
            kind = "fee" if "NSF" not in step["charge"] else "penalty"
            return {
                "on": today,
                "do": "charge",
                "component": kind,
                "amount": step["amount"],
                "due_on": step["due_date"],
            }
        case _:
            return None


def differences(life: dict[str, Any]) -> list[Any]:
    """Where a life's expected schedules and owed totals are not ours."""
    (settings,) = life["settings"].values()
    events: list[dict[str, Any]] = []
    terms: dict[str, Any] = {}
    today, found = "", []
    for step in life["steps"]:
        today = step["date"] if step["op"] == "set_business_date" else today
        terms = step["terms"] if step["op"] == "create_loan" else terms
        event = event_of(step, today)
        events += [event] if event else []
        if step["op"] == "expect_schedule":
            told = events or [{"on": terms["submitted_on"], "do": "pay_out", "amount": terms["principal"]}]
            answer = answered(case_of(terms, settings, told, max(today, *(each["on"] for each in told))))
            if rows_given(answer) != rows_wanted(step["rows"]):
                found.append((today, rows_wanted(step["rows"]), rows_given(answer)))
    return found


def test_every_life_agrees(shared_data: Path) -> None:
    lives = cases(shared_data, "lives.json")
    differ = {each["id"]: found for each in lives if (found := differences(each))}
    assert len(lives) >= 20
    assert differ.keys() == DIFFER_LIVES.keys(), differ


def test_the_guide_names_every_setting_of_those_files(shared_data: Path) -> None:
    guide = (Path(__file__).resolve().parents[3] / "docs" / "guides" / "quote-loan.md").read_text(encoding="utf-8")
    table = guide[guide.index("## From Apache Fineract's settings") :]
    plain, lives = cases(shared_data, "plain_schedules.json"), cases(shared_data, "lives.json")
    steps = [step for each in lives for step in each["steps"]]
    settings = [each["settings"] for each in plain] + [one for each in lives for one in each["settings"].values()]
    terms = [each["terms"] for each in plain] + [step["terms"] for step in steps if step["op"] == "create_loan"]
    named = {name for each in (*settings, *terms) for name in each}
    done = {step["op"] for step in steps if not step["op"].startswith("expect_")} - {"create_loan"}
    assert {name for name in named | done if f"`{name}`" not in table} == set()
    values = {value for each in settings for value in each.values() if str(value).isupper() and "_" in str(value)}
    assert {value for value in values if value not in table} == set()
