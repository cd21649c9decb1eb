"""What an operation prepares: once, with no transaction open, and never for a request that is answered already."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from farthing.db.server import Collision
from farthing.db.tx import Tx
from farthing.kernel.operation import OPERATIONS, operation, operation_of
from farthing.kernel.whose import NOBODYS
from farthing.kit.actor import Actor
from farthing.kit.errors import InvariantBroken, Refusal
from farthing.kit.words import Words
from tests.conftest import Bank
from tests.kernel.shop import READ, Sell, Sold, order_by_slip, read_slip


@pytest.fixture(autouse=True)
def slips() -> Iterator[None]:
    READ.clear()
    yield
    READ.clear()


def test_what_is_prepared_is_handed_to_the_operation(bank: Bank) -> None:
    assert bank.run(order_by_slip, Sell("rice", 1)).item == "RICE"
    assert READ == ["rice"]


def test_a_request_that_is_answered_already_prepares_nothing(bank: Bank) -> None:
    first = bank.run(order_by_slip, Sell("rice", 1), key="k")
    assert bank.run(order_by_slip, Sell("rice", 1), key="k") == first
    assert READ == ["rice"]
    with pytest.raises(Refusal) as caught:
        bank.run(order_by_slip, Sell("beans", 1), key="k")
    assert caught.value.code == "idempotency.key_reused"
    assert READ == ["rice"]


def test_nothing_is_prepared_for_whoever_may_not(bank: Bank) -> None:
    with pytest.raises(Refusal):
        bank.run(order_by_slip, Sell("rice", 1), actor=Actor("visitor", frozenset()))
    assert READ == []


def test_a_refusal_while_preparing_is_kept_under_the_key(bank: Bank) -> None:
    for _ in range(2):
        with pytest.raises(Refusal) as caught:
            bank.run(order_by_slip, Sell("scrawl", 1), key="k")
        assert caught.value.code == "shop.sold_out"
    assert READ == ["scrawl"]


def test_a_collision_runs_the_transaction_again_but_prepares_once_with_none_open(
    bank: Bank,
) -> None:
    open_at: list[int] = []
    attempts: list[str] = []

    def prepare(command: Sell) -> str:
        with bank.superuser() as connection:
            row = connection.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND xact_start IS NOT NULL "
                "AND pid <> pg_backend_pid()"
            ).fetchone()
        open_at.append(row[0])
        return read_slip(command)

    def collide_once(tx: Tx, command: Sell, item: str) -> Sold:
        attempts.append(item)
        if len(attempts) == 1:
            raise Collision("another transaction was faster")
        return order_by_slip(tx, command, item)

    marked = operation_of(order_by_slip)
    changed = type(marked)(
        marked.name,
        marked.title,
        marked.permission,
        marked.whose,
        collide_once,
        marked.command_type,
        marked.result_type,
        prepare=prepare,
    )
    assert bank.kernel.execute(changed, Sell("rice", 1), actor=bank.system, key="k").result.item == "RICE"
    assert attempts == ["RICE", "RICE"]
    assert open_at == [0]
    assert READ == ["rice"]


def test_what_is_prepared_is_neither_drafted_nor_run_in_a_batch() -> None:
    with pytest.raises(InvariantBroken):

        @operation(
            "shop.never",
            title=Words("shop.never", "试验"),
            permission="shop:sell",
            whose=NOBODYS,
            prepare=read_slip,
            four_eyes=True,
        )
        def never(tx: Tx, command: Sell, item: str) -> Sold:
            return order_by_slip(tx, command, item)

    with pytest.raises(InvariantBroken):

        @operation(
            "shop.never", title=Words("shop.never", "试验"), permission="shop:sell", whose=NOBODYS, prepare=read_slip
        )
        def without(tx: Tx, command: Sell) -> Sold:
            return order_by_slip(tx, command, "")

    assert "shop.never" not in OPERATIONS
