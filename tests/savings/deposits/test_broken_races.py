"""Two things at once on one deposit: found by trying to break the savings."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from types import ModuleType
from typing import Any

import pytest

from farthing.kernel.day import CloseStep, close_day
from farthing.kit.calendar import add_months
from farthing.ledger import service as ledger
from farthing.payments import service as payments
from farthing.payments.model import Transfer
from farthing.savings.audit.service import verify
from farthing.savings.deposits import day_service as closing
from farthing.savings.deposits import service as deposits
from farthing.savings.deposits import store
from farthing.savings.deposits.model import Withdraw
from farthing.savings.sweeps import service as odds
from farthing.savings.sweeps import store as odds_store
from farthing.savings.sweeps.model import EndSweep, SetSweep
from tests.conftest import Bank
from tests.savings.deposits.saver import days, found, opened, saver, today, until, wallet, yuan


def after_reading(
    monkeypatch: pytest.MonkeyPatch, read: str, act: Callable[[], Any], where: ModuleType = store
) -> None:
    """Let somebody else act, and commit, right after something was read and before it is saved."""
    real = getattr(where, read)
    once = threading.Event()

    def interrupted(*arguments: Any) -> Any:
        seen = real(*arguments)
        if not once.is_set():
            once.set()
            other = threading.Thread(target=act)
            other.start()
            other.join()
        return seen

    monkeypatch.setattr(where, read, interrupted)


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_payment_while_it_is_rounded_up_is_rounded_up_once(
    bank: Bank, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    payer, payee = (saver(found(bank) if number == 0 else bank, number, "1000.00") for number in range(2))
    target = opened(bank, payer, "demand", "1.00").deposit.id
    bank.run(odds.set_sweep, SetSweep(payer, "round_up", yuan("1.00"), target))
    pay = lambda amount: bank.run(payments.transfer, Transfer(payer, payee, yuan(amount)))  # noqa: E731
    pay("10.30")
    read = ledger.movements_between
    once = threading.Event()

    def interrupted(*arguments: Any) -> Any:
        early = read(*arguments) if when == "after" else None
        if not once.is_set():
            once.set()
            other = threading.Thread(target=pay, args=("20.80",))
            other.start()
            other.join()
        return early or read(*arguments)

    monkeypatch.setattr(ledger, "movements_between", interrupted)
    bank.run(odds.sweep_all, CloseStep(today(bank)))
    days(bank, 2)
    (rule,) = bank.read(lambda tx: odds.sweeps(tx, payer))
    assert rule.swept == yuan("0.90"), "0.70 and 0.20"


def test_a_rule_that_is_ended_while_it_sweeps_moves_nothing(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    party = saver(found(bank))
    target = opened(bank, party, "demand", "1.00").deposit.id
    rule = bank.run(odds.set_sweep, SetSweep(party, "above", yuan("10.00"), target)).id
    end = lambda: bank.run(odds.end_sweep, EndSweep(rule))  # noqa: E731
    after_reading(monkeypatch, "in_force", end, odds_store)
    bank.run(odds.sweep_all, CloseStep(today(bank)))
    assert wallet(bank, party) == yuan("99999.00")


def _eve(bank: Bank, product: str) -> str:
    party = saver(found(bank))
    terms = {"term": "3m"} if product == "lump-sum" else {}
    deposit: str = opened(bank, party, product, "10000.00", **terms).deposit.id
    until(bank, add_months(today(bank), 3) - timedelta(days=1))
    return deposit


@pytest.mark.long
@pytest.mark.parametrize("product", ["lump-sum", "time-or-demand"])
@pytest.mark.parametrize("first", ["customer", "close"])
def test_a_draw_while_the_close_restates_the_deposit(
    bank: Bank, monkeypatch: pytest.MonkeyPatch, product: str, first: str
) -> None:
    """On the eve of a maturity, or of the next tier, the close states the accrual anew without an event."""
    deposit = bank.begin(f"eve of a change of {product}", lambda bank: _eve(bank, product))
    amount = "4000.00" if product == "lump-sum" else "10000.00"
    draw = lambda: bank.run(deposits.withdraw, Withdraw(deposit, yuan(amount)))  # noqa: E731
    close = lambda: bank.run(closing.fall_due, CloseStep(today(bank)))  # noqa: E731
    after_reading(monkeypatch, *(("find", close) if first == "customer" else ("due", draw)))
    (draw if first == "customer" else close)()
    close_day(bank.kernel)
    days(bank, 1)
    assert bank.read(verify).findings == ()
