"""A pledge stays where it is until it is settled or released, once, and lapses by itself where it has an end."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.ledger import pledges
from farthing.ledger import service as ledger
from farthing.ledger.pledges import Pledge
from tests.conftest import Bank
from tests.ledger.books import CASH, TODAY, WALLET, books_open, move, work

FIVE = Pledge("bid:1", "bid", WALLET, CASH, Money(500, "CNY"), "a bid")


def post(bank: Bank, *commands: object) -> list[str]:
    answers = work(bank, lambda tx: ledger.post(tx, list(commands)))
    return [each.code if isinstance(each, Refusal) else "ok" for each in answers]


def stands(bank: Bank) -> tuple[int, int]:
    """What is in the wallet, and what of it is free."""
    found = bank.read(lambda tx: ledger.balance(tx, WALLET))
    return found.owed().minor, found.available().minor


def test_what_is_promised_is_not_spent_and_moves_once(bank: Bank) -> None:
    books_open(bank)
    assert post(bank, move("in", CASH, WALLET, 700), pledges.held(FIVE, TODAY)) == ["ok", "ok"]
    assert stands(bank) == (700, 200)
    assert post(bank, move("out", WALLET, CASH, 201)) == ["ledger.insufficient_funds"]
    assert post(bank, pledges.settled("bid:1", "bid:1:won", TODAY)) == ["ok"]
    assert stands(bank) == (200, 200)
    entry = bank.read(lambda tx: ledger.entry(tx, "bid:1:won")).entry
    assert (entry.kind, [(line.account, line.amount.minor) for line in entry.postings]) == (
        "bid", [(WALLET, 500), (CASH, -500)],
    )  # fmt: skip
    assert post(bank, pledges.released("bid:1")) == ["ledger.hold_resolved"]


def test_what_is_released_is_free_again(bank: Bank) -> None:
    books_open(bank)
    post(bank, move("in", CASH, WALLET, 700), pledges.held(FIVE, TODAY))
    assert post(bank, pledges.released("bid:1")) == ["ok"]
    assert stands(bank) == (700, 700)
    assert post(bank, pledges.settled("bid:1", "bid:1:won", TODAY)) == ["ledger.hold_resolved"]


def test_a_pledge_with_an_end_binds_nobody_after_it(bank: Bank) -> None:
    books_open(bank)
    now = bank.read(lambda tx: tx.now)
    ending = replace(FIVE, until=now + timedelta(days=1))
    assert post(bank, move("in", CASH, WALLET, 700), pledges.held(ending, TODAY)) == ["ok", "ok"]
    later = now + timedelta(days=2)
    answer = work(bank, lambda tx: ledger.post(replace(tx, now=later), [pledges.settled("bid:1", "late", TODAY)]))[0]
    assert isinstance(answer, Refusal)
    assert post(bank, move("in:2", CASH, WALLET, 1)) == ["ok"]


def test_more_than_is_there_is_not_promised(bank: Bank) -> None:
    books_open(bank)
    assert post(bank, pledges.held(FIVE, TODAY)) == ["ledger.insufficient_funds"]
