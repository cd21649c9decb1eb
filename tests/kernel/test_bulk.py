"""Neighbours of one operation in a row run by its bulk form, each answered and kept as if it had come alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from farthing.db.tx import Tx
from farthing.kernel.answers import KEY_REUSED, NOT_ALLOWED, Outcome
from farthing.kernel.operation import Call, operation, operation_of
from farthing.kernel.whose import NOBODYS
from farthing.kit.actor import SYSTEM, Actor
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.ledger import service as ledger
from farthing.ledger.audit.service import verify
from farthing.ledger.model import AccountSpec, JournalEntry, Posting
from tests.conftest import Bank
from tests.kernel.shop import SOLD_OUT
from tests.kernel.test_row import codes, counted

RAN: list[int] = []
"""How many commands each run of the bulk form was given."""
TILL, SALES = "assets:cash:till", "income:core:sales"


@dataclass(frozen=True, slots=True)
class Crate:
    """A crate of so many things: 13 is refused before anything is written, 14 by what was written."""

    size: int


@dataclass(frozen=True, slots=True)
class Shipped:
    """A crate that left."""

    size: int


def ship_all(tx: Tx, calls: Sequence[Call]) -> list[Shipped | Refusal]:
    """Ship many crates and post what they bring as one."""
    RAN.append(len(calls))
    gone = [call.command.size for call in calls if call.command.size != 13]
    ledger.open_accounts(tx, [AccountSpec(TILL, "CNY"), AccountSpec(SALES, "CNY")])
    ledger.post_all(tx, [_sale(tx, size) for size in gone])
    if 14 in gone:
        raise SOLD_OUT(item="crate")
    return [SOLD_OUT(item="crate") if call.command.size == 13 else Shipped(call.command.size) for call in calls]


def _sale(tx: Tx, size: int) -> JournalEntry:
    amount = Money(size, "CNY")
    return JournalEntry(tx.new_id("sale"), "sale", tx.business_date, (Posting(TILL, amount), Posting(SALES, -amount)))


@operation(
    "shop.ship_crate", title=Words("shop.ship_crate", "试验"), permission="shop:sell", whose=NOBODYS, bulk=ship_all
)
def ship_crate(tx: Tx, command: Crate) -> Shipped:
    """Ship one."""
    (answer,) = ship_all(tx, [Call(command, tx.actor)])
    if isinstance(answer, Refusal):
        raise answer
    return answer


SHIP = operation_of(ship_crate)
CRATES = "SELECT count(*) FROM evidence_leaf WHERE kind = 'shop.ship_crate'"
POSTED = "SELECT count(*) FROM evidence_leaf WHERE kind = 'kernel.posted'"


@pytest.fixture(autouse=True)
def nothing_ran() -> None:
    RAN.clear()


def crates(*sizes: int) -> list[tuple[object, Call]]:
    return [(SHIP, Call(Crate(size), SYSTEM, f"crate {size} {number}")) for number, size in enumerate(sizes)]


def sold(bank: Bank) -> int:
    return bank.read(lambda tx: ledger.balance(tx, TILL)).balance.minor


def test_neighbours_run_together_and_each_is_answered_for_itself(bank: Bank) -> None:
    nobody = Actor("nobody", frozenset())
    row = [*crates(1, 2, 13, 4), (SHIP, Call(Crate(1), SYSTEM, "crate 1 0")), (SHIP, Call(Crate(9), SYSTEM, "crate 1 0")),
           (SHIP, Call(Crate(5), nobody, "other"))]  # fmt: skip
    answers = bank.kernel.execute_row(row)
    assert codes(answers) == ["ok", "ok", SOLD_OUT.name, "ok", "ok", KEY_REUSED.name, NOT_ALLOWED.name]
    assert answers[4] == Outcome(Shipped(1), replayed=True)
    assert RAN == [4] and sold(bank) == 7
    assert (counted(bank, CRATES), counted(bank, POSTED)) == (3, 1)
    again = bank.kernel.execute_row(row)
    assert codes(again) == codes(answers) and RAN == [4]
    assert all(each.replayed for each in again if isinstance(each, Outcome))
    assert bank.read(verify).clean


def test_what_a_bulk_form_refuses_as_a_whole_runs_one_by_one_and_nothing_of_it_stands(bank: Bank) -> None:
    answers = bank.kernel.execute_row(crates(1, 14, 2))
    assert codes(answers) == ["ok", SOLD_OUT.name, "ok"]
    assert RAN == [3, 3, 1, 1, 1]  # in good faith, in a part of the row, and then each by itself
    assert sold(bank) == 3 and (counted(bank, CRATES), counted(bank, POSTED)) == (2, 0)
    assert bank.read(verify).clean
