"""A bank pays out what its capital bears: one borrower, a group, and two of a group who are paid out at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from farthing.funding import service as funding
from farthing.identity.rules import actor_of
from farthing.kit.errors import Refusal
from farthing.lending.limits import service as limits
from farthing.lending.model import Loan
from tests.funding.test_partners import Lender, shared
from tests.lending.groups.village import villager
from tests.lending.house import House
from tests.lending.limits.law import bound, signed, together

REGULATOR = actor_of("regulator:he", "regulator", None)


def used(house: House) -> dict[str, tuple[int, int]]:
    found = house.bank.kernel.ask(limits.limits, actor=REGULATOR)
    return {each.name: (each.used, each.limit) for each in found}


def outcome(house: House, loan: Loan) -> str:
    try:
        house.complete(loan.id)
    except Refusal as refusal:
        return refusal.code
    return house.loan(loan.id).state


def test_the_shipped_law_lets_the_town_lend_and_says_how_much_of_each_limit_is_used(database_url: str) -> None:
    house = House(database_url)
    assert house.active("8000").state == "active"
    found = used(house)
    assert found["one_borrower_max"] == (800_000, 500_000_000)
    assert found["connected_borrowers_max"] == (800_000, 1_000_000_000)
    assert found["capital_ratio_min"] == (80_000_000 + 800_000 * 6 // 100, 5_000_000_000)
    assert found["leverage_min"] == ((5_000_000_000 + 800_000) // 25, 5_000_000_000)


def test_one_borrower_is_refused_before_anybody_seals_and_nothing_moved(database_url: str) -> None:
    house = House(database_url)
    loan = signed(house)
    bound(house, "one_borrower_max", "0.0001")  # of 50 million: 5,000
    before = house.bank.read(lambda tx: tx.rows("SELECT count(*) AS n FROM entry"))
    assert outcome(house, loan) == "lending.one_borrower"
    assert house.bank.read(lambda tx: tx.rows("SELECT count(*) AS n FROM entry")) == before
    assert house.loan(loan.id).state == "funded"
    bound(house, "one_borrower_max", "0.10")
    assert outcome(house, loan) == "active"


def test_capital_and_leverage_refuse(database_url: str) -> None:
    house = House(database_url)
    loan = signed(house)
    bound(house, "capital_ratio_min", "1")
    assert outcome(house, loan) == "active", "cash weighs a fifth"
    other = villager(house, 1)
    second = signed(other)
    bound(house, "leverage_min", "1")
    assert outcome(other, second) == "lending.leverage"


def test_two_of_a_group_who_are_paid_out_at_once_do_not_both_pass(database_url: str) -> None:
    house = House(database_url)
    houses = [house, villager(house, 1), villager(house, 2)]
    loans = [signed(each) for each in houses]
    together(*houses)
    bound(house, "connected_borrowers_max", "0.0004")  # of 50 million: 20,000, hence two loans of three
    start = Barrier(3)

    def pay(place: int) -> str:
        start.wait(30)
        return outcome(houses[place], loans[place])

    with ThreadPoolExecutor(3) as threads:
        found: list[Any] = sorted(threads.map(pay, range(3)))
    assert found[:2] == ["active", "active"]
    # refused before anybody seals, or, where all three came that far together, when the seals are taken
    assert found[2] in ("lending.connected_borrowers", "signing.authority_awaited")
    assert sorted(houses[0].loan(each.id).state for each in loans) == ["active", "active", "funded"]
    assert used(house)["connected_borrowers_max"] == (1_600_000, 2_000_000)


def test_a_loan_that_others_fund_counts_by_our_part(database_url: str) -> None:
    house, loan = shared(database_url, Lender())
    funding.arrange(house.bank.kernel, loan.id)
    house.sign(loan.id)
    paid = house.complete(loan.id)
    assert [each.name for each in paid.holders] == ["own", "partner:harvest"]
    assert used(house)["one_borrower_max"][0] == paid.holders[0].share.minor < paid.principal.minor
