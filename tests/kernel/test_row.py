"""A row: commands of several operations in one transaction, each answered as if it had come alone."""

from __future__ import annotations

import pytest

from farthing.kernel import day
from farthing.kernel.answers import KEY_REUSED, NOT_ALLOWED, Outcome, Pending
from farthing.kernel.day import CloseStep, Stepped, close_day
from farthing.kernel.operation import Call, operation, operation_of
from farthing.kernel.whose import STAFF
from farthing.kit.actor import SYSTEM, Actor
from farthing.kit.errors import InvariantBroken, Refusal, declined
from farthing.kit.words import Words
from tests.conftest import Bank
from tests.kernel.shop import SOLD_OUT, Sell, Sold, order_two, sell

SELL, ORDER = operation_of(sell), operation_of(order_two)
TEA, CAVIAR = Sell("tea", 1), Sell("caviar", 1)
LEAVES = "SELECT count(*) FROM evidence_leaf WHERE kind LIKE 'shop.%%'"


def counted(bank: Bank, sql: str) -> int:
    with bank.superuser() as connection:
        row = connection.execute(sql).fetchone()
    assert row is not None
    return int(row[0])


def codes(answers: list[Outcome | Refusal]) -> list[str]:
    return [answer.code if isinstance(answer, Refusal) else "ok" for answer in answers]


def test_each_is_answered_for_itself_and_a_refusal_leaves_its_neighbours(bank: Bank) -> None:
    nobody = Actor("nobody", frozenset())
    row = [
        (SELL, Call(TEA, SYSTEM, "one")), (SELL, Call(CAVIAR, SYSTEM, "two")), (ORDER, Call(TEA, SYSTEM, "three")),
        (SELL, Call(TEA, SYSTEM, "one")), (SELL, Call(Sell("tea", 2), SYSTEM, "one")), (SELL, Call(TEA, nobody, "four")),
        (SELL, Call(TEA, SYSTEM)),
    ]  # fmt: skip
    answers = bank.kernel.execute_row(row)
    assert codes(answers) == ["ok", SOLD_OUT.name, "ok", "ok", KEY_REUSED.name, NOT_ALLOWED.name, "ok"]
    first, _, ordered, twin = answers[:4]
    assert isinstance(first, Outcome) and isinstance(first.result, Sold)
    assert isinstance(ordered, Outcome) and isinstance(ordered.result, Pending)
    assert twin == Outcome(first.result, replayed=True)
    assert counted(bank, LEAVES) == 3
    again = bank.kernel.execute_row(row[:6])
    assert codes(again) == codes(answers[:6])
    assert again[0] == Outcome(first.result, replayed=True)
    assert bank.run(sell, TEA, key="one") == first.result
    assert counted(bank, LEAVES) == 3


def test_a_row_ends_where_it_is_told_to(bank: Bank) -> None:
    row = [(SELL, Call(Sell("tea", number), SYSTEM, f"key {number}")) for number in range(1, 5)]
    answers = bank.kernel.execute_row(row, until=lambda answers: answers[-1].result.quantity == 2)
    assert [answer.result.quantity for answer in answers if isinstance(answer, Outcome)] == [1, 2]
    assert counted(bank, LEAVES) == 2


def test_a_refusal_that_is_not_kept_is_tried_again(bank: Bank) -> None:
    (refused,) = bank.kernel.execute_row([(SELL, Call(CAVIAR, SYSTEM, "again"))], keep_refusals=False)
    assert codes([refused]) == [SOLD_OUT.name]
    assert bank.run(sell, TEA, key="again").item == "tea"


CHEST_EMPTY = declined("shop.chest_empty", "The chest is empty.", "钱箱已空。")
CHEST = {"full": False, "broken": False}


@operation("shop.stock", title=Words("shop.stock", "试验"), permission="kernel:close_day", whose=STAFF)
def stock(tx: object, command: CloseStep) -> Stepped:
    """Find nothing to do."""
    return Stepped(0)


@operation("shop.shelves", title=Words("shop.shelves", "试验"), permission="kernel:close_day", whose=STAFF)
def shelves(tx: object, command: CloseStep) -> Stepped:
    """Three pieces of work, one after the other."""
    return Stepped(1, {"": "b", "b": "c", "c": None}[command.after])


@operation("shop.pay", title=Words("shop.pay", "试验"), permission="kernel:close_day", whose=STAFF)
def pay(tx: object, command: CloseStep) -> Stepped:
    """Refuse until the chest is full."""
    if CHEST["broken"]:
        raise InvariantBroken("the chest has no bottom")
    if not CHEST["full"]:
        raise CHEST_EMPTY()
    return Stepped(2)


def test_the_steps_of_a_close_are_done_once_each_whether_they_ran_in_a_row_or_alone(bank: Bank) -> None:
    bank.kernel.steps = tuple(map(operation_of, (stock, shelves, stock_again, pay, stock_last)))
    for broken, error in ((False, Refusal), (True, InvariantBroken)):
        CHEST.update(full=False, broken=broken)
        with pytest.raises(error):
            close_day(bank.kernel)
        assert counted(bank, LEAVES) == 5  # the first step, three pieces, and the one before the refusal stand
    CHEST.update(full=True, broken=False)
    done = close_day(bank.kernel)
    assert done.handled == {
        "shop.stock": 0,
        "shop.shelves": 3,
        "shop.stock_again": 0,
        "shop.pay": 2,
        "shop.stock_last": 0,
    }
    assert counted(bank, LEAVES) == 7
    assert day.close_day(bank.kernel, done.closed).business_date == done.business_date


@operation("shop.stock_again", title=Words("shop.stock_again", "试验"), permission="kernel:close_day", whose=STAFF)
def stock_again(tx: object, command: CloseStep) -> Stepped:
    """Find nothing to do."""
    return Stepped(0)


@operation("shop.stock_last", title=Words("shop.stock_last", "试验"), permission="kernel:close_day", whose=STAFF)
def stock_last(tx: object, command: CloseStep) -> Stepped:
    """Find nothing to do."""
    return Stepped(0)
