"""An empty bank takes over what another exported and goes on collecting, to the minor unit as the other would have."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from farthing.assurance.winddown.folder import findings, opened
from farthing.assurance.winddown.tables import CLAIMS, EARNED, KEPT, WALLETS, below
from farthing.funding.market import listings_store
from farthing.funding.resale import service as resale
from farthing.funding.resale.model import Sell
from farthing.ledger import service as ledger
from farthing.ledger.model import Balance
from farthing.lending import books_service, store
from farthing.lending import service as lending
from farthing.lending.model import LoanCommand, Repay
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail
from tests.assurance.winddown.two import empty, exported, taken_over, verified
from tests.banks import Bank, Shelf
from tests.funding.market.listing import as_lender
from tests.funding.market.test_life import LENDERS, Market, Step, living
from tests.lending.house import CARD, House, yuan


@dataclass
class Going(Market):
    """A life in which borrowers also pay a part, too late, or all at once, and lenders sell."""

    def part(self, number: int) -> None:
        """A part of what is due."""
        loan = self._one([each for each in self.loans() if each.state == "active"], number)
        due, _, _ = self.house.bank.read(lambda tx: lending.owed(tx, loan.id))
        self._pay(loan.id, due.allocate([1, 2])[0])

    def settle(self, number: int) -> None:
        """All of it, before it falls due."""
        loan = self._one([each for each in self.loans() if each.state == "active"], number)
        _, price, _ = self.house.bank.read(lambda tx: lending.owed(tx, loan.id))
        self.house.bank.run(payments.top_up, MoveByRail(self.house.party.id, price.amount, CARD))
        self.house.bank.run(lending.settle, LoanCommand(loan.id))

    def late(self, number: int) -> None:
        """Days go by."""
        for _ in range(3 + number):
            self.day(0)

    def sell(self, number: int) -> None:
        who = self.lenders[number % LENDERS]
        listing = self._one([each for each in self.listings() if each.state == "placed"], number // LENDERS)
        self.house.bank.run(resale.sell, Sell(listing.id, who, yuan("50")), actor=as_lender(who))

    def _pay(self, loan_id: str, amount: Any) -> None:
        self.house.bank.run(payments.top_up, MoveByRail(self.house.party.id, amount, CARD))
        self.house.bank.run(lending.repay, Repay(loan_id, amount))


def told(bank: Bank) -> dict[str, Any]:
    """All that the claims of a bank come to: what loans owe, what moved on them, and what stands on every account of them. Of
    what happens later the ids are each bank's own."""
    ids = [loan.id for loan in bank.read(lending.all_loans)]
    lives = bank.read(lambda tx: store.lives_of(tx, ids))
    found: dict[str, Any] = {
        life.loan.id: (
            life.loan, life.plan, life.as_of_on,
            [(each.kind, each.on, each.amount, each.moves, each.outstanding, each.loan_state) for each in life.events],
        )
        for life in lives
    }  # fmt: skip
    for loan, flows in bank.read(lambda tx: books_service.with_flows(tx, ids)):
        found[f"flows of {loan.id}"] = [replace(flow, about="") for flow in flows]
    for each in bank.read(lambda tx: listings_store.page(tx, "", 100)):
        found[f"listing {each.id}"] = each
    return found | balances(bank)


def balances(bank: Bank) -> dict[str, str]:
    """What stands on every account of claims, of customers, and of what was earned by them."""
    found: list[Balance] = []
    while page := bank.read(partial(ledger.balances, after=found[-1].path if found else "")):
        found += page
    return {
        each.path: str(each.balance)
        for each in found
        if below(each.path, (*CLAIMS, *KEPT, WALLETS)) and each.path != EARNED and each.balance
    }


def same(one: Mapping[str, Any], other: Mapping[str, Any]) -> None:
    """Compare what two banks tell, piece by piece, so that a difference is seen."""
    assert one.keys() == other.keys()
    for name in one:
        assert one[name] == other[name], name


def goes_on(shelf: Shelf, house: House, market: Going, after: Sequence[Step], check: Callable[[Bank], None]) -> None:
    """Export a bank, let an empty one take it over, and do the same in both: they tell the same after each act."""
    files = exported(house.bank)
    assert findings(opened(files)) == []
    with empty(shelf, house.today) as bank:
        taken_over(bank, files)
        same(told(house.bank), told(bank))
        assert verified(bank) == []
        there = replace(market, house=House.of(bank, house.party), lenders=list(market.lenders))
        for act, number in after:
            market.do(act, number)
            there.do(act, number)
            same(told(house.bank), told(bank))
        assert verified(bank) == []
        check(bank)


BEFORE: list[Step] = [
    ("seek", 2), ("pick", 2), ("batch", 0), ("day", 0), ("day", 3), ("pay_out", 0), ("seek", 1), ("pick", 1), ("month", 0),
    ("repay", 0), ("late", 0), ("sell", 1),
]  # fmt: skip
AFTER: list[Step] = [
    ("month", 0), ("part", 0), ("late", 3), ("repay", 0), ("day", 2), ("month", 0), ("repay", 0), ("day", 0), ("settle", 0),
    ("day", 0),
]  # fmt: skip


def test_a_servicer_goes_on_collecting(shelf: Shelf) -> None:
    """A loan of lenders and of the bank: paid in part, late with its penalty, paid off early; notes on sale change hands."""
    with shelf.database() as url:
        house = House(url, lived=living)
        market = Going(house, house.made)
        for act, number in BEFORE:
            market.do(act, number)

        def over(bank: Bank) -> None:
            states = {loan.state for loan in bank.read(lending.all_loans)}
            assert "closed" in states

        goes_on(shelf, house, market, AFTER, over)
        house.bank.kernel.database.close()
