"""What webhooks cost whoever pays: not one statement, neither where nobody subscribes nor where somebody does."""

from __future__ import annotations

from typing import Any

import pytest

from farthing.db.tx import Tx
from farthing.kernel.operation import OPERATIONS, Call
from farthing.payments import service as payments
from farthing.payments.model import Transfer
from tests.conftest import Bank
from tests.events.receiver import receiving
from tests.events.test_webhooks import anywhere, subscribed
from tests.lending.house import yuan
from tests.savings.deposits.saver import saver


def statements(bank: Bank, monkeypatch: pytest.MonkeyPatch, work: Any) -> list[str]:
    """The statements that some work executes."""
    said: list[str] = []
    with monkeypatch.context() as patched:
        for verb in ("rows", "tuples", "execute"):
            real = getattr(Tx, verb)

            def told(self: Tx, sql: str, *more: Any, _real: Any = real, **named: Any) -> Any:
                said.append(sql)
                return _real(self, sql, *more, **named)

            patched.setattr(Tx, verb, told)
        work()
    return said


def test_a_payment_executes_the_same_statements_whoever_subscribes(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    anywhere(bank)
    ann, bob = saver(bank, 1, "1000.00"), saver(bank, 2, "0.00")

    def pay() -> None:
        bank.run(payments.transfer, Transfer(ann, bob, yuan("1.00")), key=None)

    def batch() -> None:
        bank.kernel.run_batch(
            OPERATIONS["payments.transfer"], [Call(Transfer(ann, bob, yuan("1.00")), bank.system) for _ in range(20)]
        )

    before = [statements(bank, monkeypatch, work) for work in (pay, batch)]
    with receiving() as receiver:
        subscribed(bank, receiver.url, ())
        after = [statements(bank, monkeypatch, work) for work in (pay, batch)]
    assert before == after and all(before)
    assert not [sql for said in before for sql in said if "webhook" in sql]
