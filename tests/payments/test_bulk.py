"""Wallets, top-ups and answers of rails in bulk: as one after the other, and the books and the log say the same."""

from __future__ import annotations

from typing import Any

from farthing.db.tx import Tx
from farthing.evidence import service as evidence
from farthing.identity.rules import actor_of
from farthing.kernel.answers import Outcome
from farthing.kernel.operation import Call, operation_of
from farthing.kit.actor import SYSTEM
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.ledger.audit.service import verify
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail, OpenWallet
from tests.conftest import Bank
from tests.kernel.bulk import same_as_one_by_one
from tests.parties.people import register_person
from tests.payments.test_rails import CARD, rail, standing

DECLINED = "6222020000000051"


def cny(minor: int) -> Money:
    return Money(minor, "CNY")


def people(bank: Bank, count: int = 3) -> list[str]:
    return [register_person(bank, number).id for number in range(1, count + 1)]


def books(tx: Tx) -> Any:
    return [(each.path, each.balance.minor, each.version) for each in ledger.balances(tx)]


def asked(tx: Tx) -> Any:
    found = payments.rail_payments(tx).payments
    return sorted((each.party_id, each.amount.minor, each.state, each.outside_account) for each in found)


def test_wallets_that_are_opened_together(bank: Bank) -> None:
    ann, ben, cat = people(bank)
    bank.run(payments.open_wallet, OpenWallet(cat))
    other = actor_of(f"customer:{ann.partition('_')[2]}", "customer", ann)
    wanted = [OpenWallet(ann), OpenWallet(ben), Call(OpenWallet(ben), other), OpenWallet(cat), OpenWallet(ann, "USD"),
              OpenWallet("party_0000000000000000000000000")]  # fmt: skip
    answers = same_as_one_by_one(bank, payments.open_wallet, wanted, books)
    assert [each == "Wallet" for each in answers] == [True, True, False, True, True, False]


def test_top_ups_that_are_asked_together(bank: Bank) -> None:
    ann, ben, cat = people(bank)
    for party in (ann, ben):
        bank.run(payments.open_wallet, OpenWallet(party))
    wanted = [MoveByRail(ann, cny(300), CARD), MoveByRail(ben, cny(20), CARD), MoveByRail(ann, cny(5), CARD),
              MoveByRail(ann, cny(0), CARD), MoveByRail(ben, cny(7), "12"), MoveByRail(cat, cny(7), CARD),
              MoveByRail(ben, cny(7), CARD, "nowhere")]  # fmt: skip
    answers = same_as_one_by_one(bank, payments.top_up, wanted, asked)
    assert [each == "Asked" for each in answers] == [True, True, True, False, False, False, False]


def test_a_row_of_top_ups_moves_each_once_and_a_rail_that_declines_leaves_the_others(bank: Bank) -> None:
    ann, ben, _ = people(bank)
    for party in (ann, ben):
        bank.run(payments.open_wallet, OpenWallet(party))
    told = [(ann, 300, CARD), (ben, 40, DECLINED), (ben, 20, CARD), (ann, 5, CARD)]
    row = [
        (operation_of(payments.top_up), Call(MoveByRail(party, cny(minor), card), SYSTEM, f"top-up {number}"))
        for number, (party, minor, card) in enumerate(told)
    ]
    for _ in range(2):
        answers = bank.kernel.execute_row(row)
        assert [each.result.state if isinstance(each, Outcome) else each.code for each in answers] == [
            "settled", "payments.rail_declined", "settled", "settled",
        ]  # fmt: skip
    assert standing(bank, ann) == (305, 305) and standing(bank, ben) == (20, 20)
    assert len(set(rail(bank).calls)) == len(rail(bank).calls) == 4
    assert bank.read(verify).clean and bank.read(evidence.verify).clean
