"""The shopkeeper's second year: late, provided for, rescheduled, charged off, recovered in part; and every figure adds up."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest

from farthing.lending import service as lending
from farthing.payments import service as payments
from farthing.town.story import acts, hard
from farthing.town.story.acts import Scene
from farthing.town.story.plan import HARD_YEAR, SHOPKEEPER
from farthing.town.story.teller import Teller
from farthing.town.story.telling import tell
from tests.conftest import Bank
from tests.hands import city

Step = dict[str, Any]
LATER_MONTHS = 2


def short_year(bank: Bank) -> list[Step]:
    """The hard year alone, of somebody new: one instalment is paid before it, and a part comes back two months after."""
    lines: list[str] = []
    scene = Scene(Teller(bank.kernel, "hard", "1", lines.append, as_json=True), HARD_YEAR, "1", SHOPKEEPER.person)
    acts.register(scene)
    hard.tell(scene, paid=1, recovery_months=LATER_MONTHS)
    return [json.loads(line) for line in lines]


def step(steps: Sequence[Step], with_key: str) -> Step:
    """The last step that says something of a kind."""
    return next(each for each in reversed(steps) if with_key in each)


def minor(found: Step) -> int:
    """The minor units of an amount in JSON."""
    return int(found["minor"])


def alone(bank: Bank, steps: Sequence[Step]) -> None:
    """The bank has no other loan: its books moved by this one, and what was lost is the result of the product."""
    loan = bank.read(lambda tx: lending.loan(tx, steps_loan(steps)))
    books = step(steps, "accounts")
    accounts = {path: minor(amount) for path, amount in books["accounts"].items()}
    assert not [path for path, amount in accounts.items() if path.startswith("assets:") and amount], "nothing stands"
    lent, back, result = (minor(books[name]) for name in ("lent", "came_back", "result"))
    assert lent == loan.principal.minor
    assert 0 < lent - back == -result == sum(accounts.values())


def adds_up(bank: Bank, steps: Sequence[Step]) -> None:
    """Money, books, provisions and the report of the product say the same of the year."""
    loan = bank.read(lambda tx: lending.loan(tx, steps_loan(steps)))
    books = step(steps, "accounts")
    assert books["findings"] == []
    assert minor(books["came_back"]) == sum(
        each.amount.minor for each in bank.read(lambda tx: lending.repayments(tx, loan.id))
    )
    for period in books["earned"]:
        assert minor(period["result"]) == sum(minor(each) for name, each in period.items() if name != "result")
    recovered = [minor(period["recovered"]) for period in books["earned"]]
    assert recovered == [0, hard.RECOVERED.minor] == [0, -minor(books["accounts"]["income:recoveries:shop-stock-loan"])]
    assert loan.given_up_on == date.fromisoformat(step(steps, "given_up_on")["given_up_on"])
    assert not bank.read(lambda tx: payments.wallet(tx, loan.party_id)).balance, "what came went to the loan"


def steps_loan(steps: Sequence[Step]) -> str:
    """The loan that the steps ended with."""
    return str(step(steps, "loan_id")["loan_id"])


def grows_worse(steps: Sequence[Step]) -> None:
    """Each month's end that is later has a class that is no better and sets no less aside; interest is income no more."""
    first, *eased, bad = step(steps, "months")["months"]
    assert first["days_late"] > 0
    assert first["class"].startswith("special mention"), "late"
    assert {each["class"].split()[0] for each in eased} == {"special"}, "what was rescheduled is watched"
    late = list(takewhile(lambda each: each["days_late"], reversed(eased)))[::-1]
    aside = [minor(each["set_aside"]) for each in (*late, bad)]
    assert aside == sorted(aside)
    assert not any(minor(each["suspended"]) for each in eased)
    assert bad["days_late"] > 90
    assert bad["class"].startswith("substandard")
    assert minor(bad["suspended"]) > 0


@pytest.mark.long
def test_a_hard_year_is_told_and_its_figures_add_up(bank: Bank) -> None:
    city(bank)
    steps = short_year(bank)
    assert step(steps, "refused")["refused"] == "lending.contact_hour"
    assert step(steps, "promise")["promise"] == "broken"
    eased, charged_off = (each for each in steps if "tried" in each)
    assert eased["tried"][0] == eased["tried"][1], "relief takes nothing off what is owed"
    assert minor(eased["cost_change"]) > 0
    assert minor(charged_off["cost_change"]) == 0
    (entry,) = charged_off["entries"]
    assert sum(minor(line["amount"]) for line in entry["postings"]) == 0
    grows_worse(steps)
    adds_up(bank, steps)
    alone(bank, steps)
    again = short_year(bank)
    assert [each["title"] for each in again] == [each["title"] for each in steps]
    for key in ("accounts", "earned", "result"):
        assert step(again, key)[key] == step(steps, key)[key]


@pytest.mark.prove
@pytest.mark.timeout(900)
def test_both_years_are_told(bank: Bank, tmp_path: Path) -> None:
    city(bank)
    lines: list[str] = []
    say: Callable[[str], None] = lines.append
    tell(bank.kernel, SHOPKEEPER, say, tmp_path, as_json=True, years_told=2)
    steps = [json.loads(line) for line in lines]
    first, second = [each["package"] for each in steps if "package" in each]
    assert first != second
    assert steps[-1]["failed"] == []
    assert steps[-2]["clean"] is True
    grows_worse(steps)
    adds_up(bank, steps)
