"""A bank keeps its ladder at the month's end, and pays out no loan that would leave too little."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from farthing.identity.rules import actor_of
from farthing.lending import service as lending
from farthing.lending.limits import service as limits
from farthing.lending.maturity import service as maturity
from farthing.lending.maturity.model import Ladder
from tests.lending.backing.friends import friend, rich, saved
from tests.lending.house import House
from tests.lending.limits.law import bound, signed
from tests.lending.limits.test_bank import outcome
from tests.lending.suspense.test_bank import unpaid

REGULATOR = actor_of("regulator:he", "regulator", None)
NOVEMBER = date(2026, 11, 30)


def ladder(house: House, month: date | None = None) -> dict[str, tuple[int, int]]:
    found: list[Ladder] = house.bank.kernel.ask(maturity.maturity_ladder, month=month, actor=REGULATOR)
    return {each.name: (each.comes_in.minor, each.goes_out.minor) for one in found for each in one.rungs}


def test_the_ladder_is_kept_at_the_months_end_as_it_stood_and_the_next_loan_is_bound_by_it(database_url: str) -> None:
    house = House(database_url)
    loan = house.active("6000")
    saver = friend(house)
    saved(house, saver, "9000", term="3m")
    saved(house, saver, "4000", term="1y")
    saved(house, saver, "700", product="savings-demand")
    house.wait(NOVEMBER + timedelta(days=1))
    kept = ladder(house, NOVEMBER)
    assert kept == ladder(house) | {name: kept[name] for name in ("days_30", "days_90", "days_365", "later")}
    due = [(each.due_on - NOVEMBER, each.principal_left.minor) for each in house.loan(loan.id).instalments]
    assert kept["days_30"] == (sum(minor for days, minor in due if days <= timedelta(30)), 0)
    assert kept["days_90"] == (sum(minor for days, minor in due if timedelta(30) < days <= timedelta(90)), 900_000)
    assert kept["days_365"] == (sum(minor for days, minor in due if days > timedelta(90)), 400_000)
    assert sum(minor for _, minor in due) == 600_000
    assert kept["on_hand"][1] == 670_000, "the wallet and what is on demand"
    used = {each.name: each for each in house.bank.kernel.ask(limits.limits, actor=REGULATOR)}
    assert used["liquidity_ratio_min"].used == 670_000
    assert used["maturity_gap_min"].used == 670_000 // 2 + 900_000


def test_a_loan_that_leaves_too_little_is_refused_before_anybody_seals(database_url: str) -> None:
    house = House(database_url)
    loan = signed(house)
    rich(house, friend(house), "6000000")
    bound(house, "liquidity_ratio_min", "10")
    assert outcome(house, loan) == "lending.liquidity_ratio", "56 million beside 6 million"
    assert house.loan(loan.id).state == "funded"
    bound(house, "maturity_gap_min", "1")
    assert outcome(house, loan) == "lending.maturity_gap"
    bound(house, "maturity_gap_min", "-0.10")
    assert outcome(house, loan) == "active"


@pytest.mark.long
def test_a_loan_that_is_too_late_comes_back_on_no_day(database_url: str) -> None:
    house = House(database_url, lived=unpaid)
    (loan,) = house.bank.read(lending.all_loans)
    assert any(each.principal_left and each.due_on > house.today for each in house.loan(loan.id).instalments)
    late = ladder(house)
    assert [came for name, (came, _) in late.items() if name not in ("on_hand", "undated")] == [0] * 5
    december = ladder(house, date(2026, 12, 31))
    assert sum(came for name, (came, _) in december.items() if name.startswith("days")) > 400_000
