"""Groups and sweeps under races and odd input: found by trying to break the savings."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest

from farthing.bank.founding import agreed
from farthing.kernel.day import CloseStep
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.products.model import Publish
from farthing.products.service import ROOT
from farthing.savings.audit.service import verify
from farthing.savings.deposits import service as deposits
from farthing.savings.deposits.model import OpenDeposit, Withdraw
from farthing.savings.shelf import service as catalogue
from farthing.savings.sweeps import service as odds
from farthing.savings.sweeps import store as odds_store
from farthing.savings.sweeps.model import JoinGroup, LeaveGroup, SetSweep, StartGroup
from tests.conftest import Bank
from tests.savings.deposits.saver import days, found, opened, refused, saver, today, wallet, yuan

LUMP = ROOT / "products" / "savings-lump-sum.toml"


def together(bank: Bank, minimum: Money, until_on: date, product: str = "lump-sum") -> str:
    start = StartGroup(Words("Together", "一起存"), f"savings-{product}", "3m", minimum, until_on, "retail")
    return str(agreed(bank.kernel, odds.start_group, start)["id"])


def test_a_group_counts_in_the_currency_of_its_product(bank: Bank) -> None:
    found(bank)
    name = Words("Together", "一起存")
    start = StartGroup(name, "savings-lump-sum", "3m", Money(100, "JPY"), today(bank) + timedelta(days=3), "retail")
    assert refused(bank, odds.start_group, start) == "savings.wrong_currency"


@pytest.mark.parametrize("product", ["demand", "instalment", "rolling-grassroots"])
def test_a_group_is_for_a_term_that_its_product_offers(bank: Bank, product: str) -> None:
    found(bank, "sandbox")
    name = Words("Together", "一起存")
    start = StartGroup(name, f"savings-{product}", "3m", yuan("100.00"), today(bank) + timedelta(days=3), "retail")
    assert refused(bank, odds.start_group, start) == "savings.not_offered"


def test_a_group_whose_product_is_published_with_other_accounts_loses_nobody_s_money(bank: Bank) -> None:
    party = saver(found(bank))
    group = together(bank, yuan("100.00"), today(bank) + timedelta(days=3))
    pledge = bank.run(odds.join_group, JoinGroup(group, party, yuan("500.00")))
    source = LUMP.read_text(encoding="utf-8")
    try:
        changed = source.replace('"liabilities:savings"', '"liabilities:term"')
        agreed(bank.kernel, catalogue.publish, Publish("savings-lump-sum", changed))
    except Refusal as refusal:
        assert refusal.code == "savings.accounts_pinned"
    days(bank, 1)
    if bank.read(lambda tx: odds.group(tx, group)).state == "open" and wallet(bank, party) != yuan("100000.00"):
        bank.run(deposits.withdraw, Withdraw(pledge.deposit_id, yuan("500.00")))
    assert bank.read(verify).findings == ()


def test_a_group_that_is_joined_while_it_is_decided_opens(bank: Bank) -> None:
    """The last member's pledge commits while the close looks at the group on its last day."""
    one, two = (saver(found(bank) if number == 0 else bank, number) for number in range(2))
    group = together(bank, yuan("1000.00"), today(bank) + timedelta(days=1))
    bank.run(odds.join_group, JoinGroup(group, one, yuan("400.00")))
    days(bank, 1)
    _while_deciding(bank, lambda: bank.run(odds.join_group, JoinGroup(group, two, yuan("600.00"))))
    assert bank.read(lambda tx: odds.group(tx, group)).state == "open"


def test_a_group_that_is_left_while_it_is_decided_does_not_open_short(bank: Bank) -> None:
    one, two = (saver(found(bank) if number == 0 else bank, number) for number in range(2))
    group = together(bank, yuan("1000.00"), today(bank) + timedelta(days=9))
    bank.run(odds.join_group, JoinGroup(group, one, yuan("400.00")))
    pledge = bank.run(odds.join_group, JoinGroup(group, two, yuan("600.00")))
    _while_deciding(bank, lambda: bank.run(odds.leave_group, LeaveGroup(pledge.id)))
    found_group = bank.read(lambda tx: odds.group(tx, group))
    assert found_group.state == "waiting"


def _while_deciding(bank: Bank, act: object) -> None:
    """Run ``decide_groups`` so that somebody else acts between its look at the group and its decision."""
    looked = odds_store.to_decide
    once = threading.Event()

    def slow(tx: object, on: date) -> object:
        seen = looked(tx, on)  # type: ignore[arg-type]
        if seen is not None and not once.is_set():
            once.set()
            worker = threading.Thread(target=act)  # type: ignore[arg-type]
            worker.start()
            worker.join()
        return seen

    odds_store.to_decide = slow  # type: ignore[assignment]
    try:
        bank.run(odds.decide_groups, CloseStep(today(bank)))
    finally:
        odds_store.to_decide = looked


@pytest.mark.parametrize("rule", ["leftover", "above"])
def test_a_sweep_never_keeps_less_than_nothing(bank: Bank, rule: str) -> None:
    party = saver(found(bank))
    target = opened(bank, party, "demand", "1.00").deposit.id
    command = SetSweep(party, rule, Money(-1, "CNY"), target)
    assert refused(bank, odds.set_sweep, command).startswith("money.")


def test_what_a_product_does_not_know_is_not_agreed(bank: Bank) -> None:
    party = saver(found(bank))
    odd = OpenDeposit(party, "savings-demand", yuan("1.00"), renewal="\0")
    assert refused(bank, deposits.open_deposit, odd)
    odd = OpenDeposit(party, "savings-demand", yuan("1.00"), renewal="principal")
    assert refused(bank, deposits.open_deposit, odd)
