"""Refusals of what is asked of the outside: rails, authorities, answers that come too late."""

from __future__ import annotations

from farthing.kernel import errands
from farthing.kit.money import Money
from farthing.payments import service as payments
from farthing.payments.rules import check_rail_amount
from tests.conftest import Bank
from tests.errors.gallery import reproduces


@reproduces("errands.answered")
def answered_before(bank: Bank) -> None:
    bank.kernel.tidy(lambda tx: errands.settle(tx, "nobody-asked"))


@reproduces("payments.amount_too_large")
def more_than_a_rail_carries(bank: Bank) -> None:
    check_rail_amount(Money(10**12 + 1, "CNY"))


@reproduces("payments.unknown_movement")
def unknown_movement(bank: Bank) -> None:
    bank.read(lambda tx: payments.rail_payment(tx, "rail_nothing"))
