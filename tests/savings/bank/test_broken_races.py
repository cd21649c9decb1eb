"""Two things at once on one deposit: found by trying to break the savings."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from farthing.kernel.day import CloseStep, close_day
from farthing.kit.calendar import add_months
from farthing.savings.accounts import service as deposits
from farthing.savings.accounts import store
from farthing.savings.accounts.model import Withdraw
from farthing.savings.audit.service import verify
from farthing.savings.closing import service as closing
from tests.conftest import Bank
from tests.savings.bank.saver import days, found, opened, saver, today, until, yuan


def after_reading(monkeypatch: pytest.MonkeyPatch, read: str, act: Callable[[], Any]) -> None:
    """Let somebody else act, and commit, right after a deposit was read and before it is saved."""
    real = getattr(store, read)
    once = threading.Event()

    def interrupted(*arguments: Any) -> Any:
        seen = real(*arguments)
        if not once.is_set():
            once.set()
            other = threading.Thread(target=act)
            other.start()
            other.join()
        return seen

    monkeypatch.setattr(store, read, interrupted)


@pytest.mark.parametrize("product", ["lump-sum", "time-or-demand"])
@pytest.mark.parametrize("first", ["customer", "close"])
def test_a_draw_while_the_close_restates_the_deposit(
    bank: Bank, monkeypatch: pytest.MonkeyPatch, product: str, first: str
) -> None:
    """On the eve of a maturity, or of the next tier, the close states the accrual anew without an event."""
    party = saver(found(bank))
    terms = {"term": "3m"} if product == "lump-sum" else {}
    deposit = opened(bank, party, product, "10000.00", **terms).deposit.id
    until(bank, add_months(today(bank), 3) - timedelta(days=1))
    amount = "4000.00" if product == "lump-sum" else "10000.00"
    draw = lambda: bank.run(deposits.withdraw, Withdraw(deposit, yuan(amount)))  # noqa: E731
    close = lambda: bank.run(closing.fall_due, CloseStep(today(bank)))  # noqa: E731
    after_reading(monkeypatch, *(("find", close) if first == "customer" else ("due", draw)))
    (draw if first == "customer" else close)()
    close_day(bank.kernel)
    days(bank, 1)
    assert bank.read(verify).findings == ()
