"""Wallets and movements as they are kept: found again as they were written, and ended once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import psycopg
import pytest

from farthing.db.tx import Tx
from farthing.kit.money import Money
from farthing.payments import service as payments
from farthing.payments import store
from farthing.payments.model import MoveByRail, RailPayment
from tests.conftest import Bank
from tests.savings.deposits.saver import saver

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
    for state, moved in (("settled", 1), ("declined", 0)):
        after = replace(PAYMENT, state=state, reference="SBX1")
        assert bank.kernel.tidy(lambda tx, after=after: store.move_on(tx, "a fact", [(PAYMENT, after)])) == moved
    kept, _ = bank.read(lambda tx: store.rail_payment(tx, "rail_1"))
    assert (kept.state, kept.reference, kept.reason) == ("settled", "SBX1", "")
    assert bank.read(lambda tx: store.asked_of_rail(tx, ACCOUNT)) == 0
    assert bank.read(lambda tx: store.rail_payment(tx, "rail_2")) is None


def summed(bank: Bank) -> list[tuple[str, str, int, int]]:
    """What all movements come to, added up one by one."""
    rows = bank.read(lambda tx: tx.rows(
        "SELECT direction, state, count(*) AS payments, sum(amount_minor)::bigint AS amount FROM rail_payment"
        " GROUP BY direction, state ORDER BY direction, state"
    ))  # fmt: skip
    return [(row["direction"], row["state"], row["payments"], row["amount"]) for row in rows]


def kept(bank: Bank) -> list[tuple[str, str, int, int]]:
    """The same as it is kept."""
    found = bank.read(store.rail_sums)
    return [(each.direction, each.state, each.payments, each.amount.minor) for each in found]


def lives(bank: Bank, name: str, folds: bool = False) -> None:
    """Some movements of both directions: asked, of which some are settled, some declined and one waits."""
    made = [
        replace(PAYMENT, id=f"rail_{name}_{number}", direction="in" if number % 3 else "out",
                amount=Money(100 + number, "CNY"))
        for number in range(7)
    ]  # fmt: skip
    bank.kernel.tidy(lambda tx: store.insert_rail_payments(tx, [(each, ACCOUNT) for each in made]))
    for number, each in enumerate(made[1:]):
        ended = replace(each, state="settled" if number % 2 else "declined")
        for _ in range(2):  # a second answer changes nothing
            bank.kernel.tidy(
                lambda tx, each=each, ended=ended: store.move_on(tx, f"{each.id} answered", [(each, ended)])
            )
        if folds:
            bank.kernel.tidy(store.fold_totals)


def test_what_movements_come_to_is_kept_with_each_and_folded(bank: Bank) -> None:
    assert kept(bank) == []
    lives(bank, "a")
    assert kept(bank) == summed(bank) and len(kept(bank)) == 5
    bank.kernel.tidy(store.fold_totals)
    (rows,) = bank.read(lambda tx: tx.rows("SELECT count(*) AS count FROM rail_total"))
    assert kept(bank) == summed(bank) and rows["count"] <= 7, "one row of each kind, and the mark"
    lives(bank, "b", folds=True)
    assert kept(bank) == summed(bank)
    assert [each.payments for each in bank.read(lambda tx: store.rail_sums(tx, "out", "asked"))] == [2]
    with pytest.raises(RuntimeError):
        bank.kernel.tidy(_undone)
    assert kept(bank) == summed(bank)


def _undone(tx: Tx) -> None:
    store.insert_rail_payments(tx, [(replace(PAYMENT, id="rail_undone"), ACCOUNT)])
    raise RuntimeError


def test_many_who_ask_answer_and_fold_at_once_lose_nothing(bank: Bank) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda name: lives(bank, name, folds=True), "abcdefgh"))
    assert kept(bank) == summed(bank) and sum(each[2] for each in kept(bank)) == 8 * 7


def test_until_the_totals_are_laid_movements_are_added_up(bank: Bank) -> None:
    lives(bank, "a")
    with bank.superuser() as connection:
        connection.execute("DELETE FROM rail_total WHERE id <> 'rail_a_1 answered'")
    assert kept(bank) == summed(bank)


def test_a_movement_in_a_thousand_folds_what_was_written(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    ann = saver(bank, 1, "100.00")
    before = kept(bank)
    monkeypatch.setattr(store, "FOLDS", "")
    bank.run(payments.top_up, MoveByRail(ann, Money.parse("5.00", "CNY"), "6222021234567890123"))
    (rows,) = bank.read(lambda tx: tx.rows("SELECT count(*) AS count FROM rail_total WHERE id NOT LIKE '% settled'"))
    assert kept(bank) == summed(bank) != before and rows["count"] <= 3


def test_the_application_cannot_change_what_was_moved(bank: Bank) -> None:
    bank.kernel.tidy(lambda tx: store.insert_rail_payments(tx, [(PAYMENT, ACCOUNT)]))
    for change in ("UPDATE rail_payment SET amount_minor = 1", "DELETE FROM rail_payment"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), bank.kernel.database.session() as connection:
            connection.execute(change)
