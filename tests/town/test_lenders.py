"""The lender's story on a real bank: small and whole in the fast suite; a thousand lenders and two years where it is proved."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from farthing.kit.money import Money
from farthing.town.market.plan import Scale
from farthing.town.story.telling import tell_lender
from tests.banks import Bank
from tests.hands import city, sandbox
from tests.waits import patience

SMALL = Scale(lenders=30, loans=8, months=7, borrow_months=2, times=20)
"""So few that all of them together would hardly see a default, hence so many times as many."""
PROVED_IN = 120.0
"""Seconds on two cores with nothing else to do."""


def told(bank: Bank, scale: Scale, run: str = "1", *, chinese: bool = False) -> list[dict[str, Any]]:
    city(bank)
    sandbox(bank)
    lines: list[str] = []
    tell_lender(bank.kernel, lines.append, run=run, as_json=True, scale=scale, chinese=chinese)
    return [json.loads(line) for line in lines]


def step(steps: list[dict[str, Any]], title: str) -> dict[str, Any]:
    (found,) = [each for each in steps if each["title"] == title]
    return found


def whole(steps: list[dict[str, Any]], scale: Scale) -> None:
    """What holds of every telling: all were granted and cleared, statements agree with the books, and nothing is found."""
    years, gone = step(steps, "The years"), step(steps, "The day the partner was gone")
    assert (years["loans"], years["refused"]) == (scale.loans, {})
    assert gone["passed"] == gone["loans"] == gone["paid_out"] > 0
    assert step(steps, "Who sold, and who stopped at once")["after"] == 0
    receipt, statements = step(steps, "A receipt"), step(steps, "Statements")
    assert receipt["alike"] == receipt["batches"] > 0 and receipt["fills"] > 0
    assert statements["agree"] == statements["statements"] > 0
    fund, realised = (
        step(steps, "Loans written off, and the protection fund"),
        step(steps, "Realised against expected loss"),
    )
    assert 0 < fund["paid"]["minor"] <= fund["claimed"]["minor"]
    assert realised["realised"]["minor"] > 0 and 0 < float(realised["place"]) <= 1
    assert [each["minor"] for each in realised["fan"]] == sorted(each["minor"] for each in realised["fan"])
    assert step(steps, "The marketplace verified")["clean"] and step(steps, "Verification")["clean"]


@pytest.mark.long
def test_a_few_lenders_live_some_months_and_every_book_is_in_order(bank: Bank) -> None:
    steps = told(bank, SMALL)
    whole(steps, SMALL)
    by_holder = step(steps, "Who lent")["by_holder"]
    assert by_holder["partners"]["minor"] > 0 and by_holder["marketplace"]["minor"] > 0
    brought = Money(step(steps, "The lenders")["brought"]["minor"], "CNY")
    assert any(str(brought) in line for line in step(steps, "The lenders")["said"])


@pytest.mark.prove
def test_a_thousand_lenders_and_two_years(bank: Bank) -> None:
    began = time.perf_counter()
    steps = told(bank, Scale())
    took = time.perf_counter() - began
    whole(steps, Scale())
    assert step(steps, "Who sold, and who stopped at once")["slices"] > 0
    assert took < patience(PROVED_IN), took
