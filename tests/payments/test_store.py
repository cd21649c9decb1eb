"""Wallets and movements as they are kept: found again as they were written, and ended once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import psycopg
import pytest

from farthing.kit.money import Money
from farthing.payments import store
from farthing.payments.model import RailPayment
from tests.conftest import Bank

AT = datetime(2026, 3, 2, 1, 2, 3, tzinfo=UTC)
PAYMENT = RailPayment("rail_1", "party_1", "out", Money(300, "CNY"), "****0123", "sandbox", "", AT)
ACCOUNT = "liabilities:wallets:1"


def test_a_wallet_is_kept_once(bank: Bank) -> None:
    for _ in range(2):
        bank.kernel.tidy(lambda tx: store.insert_wallets(tx, [(ACCOUNT, "party_1", "CNY")]))
    assert bank.read(lambda tx: store.existing(tx, [ACCOUNT, "liabilities:wallets:2"])) == {ACCOUNT}
    assert bank.read(lambda tx: store.wallets_of(tx, "party_1")) == [(ACCOUNT, "CNY")]


def test_a_movement_is_found_as_it_was_written_and_ends_once(bank: Bank) -> None:
    bank.kernel.tidy(lambda tx: store.insert_rail_payments(tx, [(PAYMENT, ACCOUNT)]))
    assert bank.read(lambda tx: store.rail_payment(tx, "rail_1")) == (PAYMENT, ACCOUNT)
    assert bank.read(lambda tx: store.asked_of_rail(tx, ACCOUNT)) == 1
    assert bank.kernel.tidy(
        lambda tx: store.answer_rail_payments(tx, [replace(PAYMENT, state="settled", reference="SBX1")])
    )
    assert not bank.kernel.tidy(
        lambda tx: store.answer_rail_payments(tx, [replace(PAYMENT, state="declined", reason="late")])
    )
    kept, _ = bank.read(lambda tx: store.rail_payment(tx, "rail_1"))
    assert (kept.state, kept.reference, kept.reason) == ("settled", "SBX1", "")
    assert bank.read(lambda tx: store.asked_of_rail(tx, ACCOUNT)) == 0
    assert bank.read(lambda tx: store.rail_payment(tx, "rail_2")) is None


def test_the_application_cannot_change_what_was_moved(bank: Bank) -> None:
    bank.kernel.tidy(lambda tx: store.insert_rail_payments(tx, [(PAYMENT, ACCOUNT)]))
    for change in ("UPDATE rail_payment SET amount_minor = 1", "DELETE FROM rail_payment"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), bank.kernel.database.session() as connection:
            connection.execute(change)
