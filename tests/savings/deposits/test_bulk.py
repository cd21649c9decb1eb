"""Deposits that are opened in bulk: as one after the other, and the bank's checks find nothing."""

from __future__ import annotations

from typing import Any

from farthing.db.tx import Tx
from farthing.kernel.answers import Outcome
from farthing.kernel.operation import Call, operation_of
from farthing.kit.actor import SYSTEM
from farthing.ledger import service as ledger
from farthing.ledger.audit.service import verify
from farthing.savings.audit.service import verify as verify_savings
from farthing.savings.control import store as control
from farthing.savings.deposits import service as deposits
from farthing.savings.deposits import store
from farthing.savings.deposits.model import OpenDeposit
from tests.conftest import Bank
from tests.kernel.bulk import same_as_one_by_one
from tests.parties.people import register_person
from tests.savings.deposits.saver import found, saver, wallet, yuan


def wanted(*asked: tuple[str, str, str], **more: Any) -> list[OpenDeposit]:
    return [
        OpenDeposit(party, f"savings-{product}", yuan(amount), "1y" if product == "lump-sum" else None, **more)
        for party, product, amount in asked
    ]


def test_deposits_that_are_opened_together(bank: Bank) -> None:
    found(bank)
    ann, ben, poor = saver(bank), saver(bank, 1, "600.00"), saver(bank, 2, "0.00")
    walletless = register_person(bank, 3).id

    def kept(tx: Tx) -> Any:
        accounts = [each for party in (ann, ben, poor) for each in store.of_party(tx, party, 50)]
        sums = sorted((each.product, each.board, each.line, each.change) for each in control.waiting_lines(tx))
        events = store.events(tx, {each.id: "CNY" for each in accounts})
        story = sorted((each.what, each.principal_in.minor) for of_one in events.values() for each in of_one)
        balances = sorted((each.currency, each.balance.minor) for each in ledger.balances(tx))
        return (
            sorted((each.product, each.deposit.balance.minor, each.close_on) for each in accounts),
            sums,
            story,
            balances,
        )

    good = wanted(
        (ann, "lump-sum", "5000.00"), (ben, "demand", "100.00"), (ann, "demand", "70.00"), (ben, "lump-sum", "300.00")
    )
    bad = [*wanted((ann, "lump-sum", "1.00"), (ann, "nothing", "1.00"), (walletless, "demand", "1.00")),
           *wanted((ann, "demand", "5.00"), collect=True)]  # fmt: skip
    told = same_as_one_by_one(bank, deposits.open_deposit, [*good[:2], *bad, *good[2:]], kept)
    assert [each == "Done" for each in told] == [True, True, False, False, False, False, True, True]
    # the wallet that is empty: the books refuse, and the others are opened one after the other
    short = [
        *good[:1],
        *wanted((poor, "demand", "1.00")),
        *wanted((ben, "lump-sum", "600.00"), (ben, "demand", "50.00")),
    ]
    told = same_as_one_by_one(bank, deposits.open_deposit, short, kept)
    assert [each == "Done" for each in told] == [True, False, True, False]


def test_a_row_of_openings_is_kept_as_the_checks_want_it(bank: Bank) -> None:
    found(bank)
    ann, ben = saver(bank), saver(bank, 1)
    asked = wanted((ann, "lump-sum", "5000.00"), (ben, "demand", "100.00"), (ben, "lump-sum", "300.00"))
    row = [(operation_of(deposits.open_deposit), Call(each, SYSTEM, f"key {at}")) for at, each in enumerate(asked)]
    for _ in range(2):
        answers = bank.kernel.execute_row(row)
        assert all(isinstance(each, Outcome) for each in answers)
    assert wallet(bank, ann) == yuan("95000.00") and wallet(bank, ben) == yuan("99600.00")
    assert bank.read(verify).clean and not bank.read(verify_savings).findings
