"""An empty bank takes over what another exported and goes on collecting, to the minor unit as the other would have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from farthing.assurance.winddown.folder import findings, opened
from farthing.assurance.winddown.tables import CLAIMS, EARNED, KEPT, WALLETS, below
from farthing.funding import service as funding
from farthing.funding.market import listings_store
from farthing.funding.resale import service as resale
from farthing.funding.resale import store as resales
from farthing.funding.resale.model import Sell
from farthing.funding.settling import service as settling
from farthing.kernel.day import close_day
from farthing.ledger import service as ledger
from farthing.ledger.model import Balance
from farthing.lending import books_service, store
from farthing.lending import service as lending
from farthing.lending.model import LoanCommand, Repay
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail
from farthing.payments.wallets import wallet_path
from tests.assurance.winddown.two import capital, empty, exported, taken_over, verified
from tests.banks import Bank, Shelf
from tests.funding.market.listing import as_lender, of_loan
from tests.funding.market.test_life import LENDERS, Market, Step, living
from tests.funding.test_partners import Lender, shared
from tests.laws import examples
from tests.lending.floating.test_bank import FIRST_RESET, lent
from tests.lending.house import CARD, House, yuan
from tests.lending.house import opened as opened_house


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

    def broke(self, number: int) -> None:
        """The borrower spends all, so that nothing can be drawn when it falls due."""
        path = wallet_path(self.house.party.id, "CNY", "CNY")
        lies = self.house.bank.read(lambda tx: ledger.balance(tx, path)).available()
        self.house.bank.run(payments.pay_out, MoveByRail(self.house.party.id, lies, CARD))

    def late(self, number: int) -> None:
        """Days go by."""
        for _ in range(3 + number):
            self.day(0)

    def sell(self, number: int) -> None:
        who = self.lenders[number % LENDERS]
        listing = self._one([each for each in self.listings() if each.state == "placed"], number // LENDERS)
        self.house.bank.run(resale.sell, Sell(listing.id, who, yuan("50")), actor=as_lender(who))

    def finish_batches(self) -> None:
        """No batch is left open: there would be no export."""
        self.do("batch", 0)

    def _pay(self, loan_id: str, amount: Any) -> None:
        self.house.bank.run(payments.top_up, MoveByRail(self.house.party.id, amount, CARD))
        self.house.bank.run(lending.repay, Repay(loan_id, amount))


ACTS = (
    "pick", "batch", "take_back", "stop", "spend", "give_up", "day", "late", "broke", "pay_out", "repay", "part",
    "settle", "sell", "month", "charge_off",
)  # fmt: skip
"""What may come in both banks; what is sought later has other ids in each, and a batch that is left lets nobody export."""


def told(bank: Bank) -> dict[str, Any]:
    """All that the claims of a bank come to: what loans owe, what moved on them, and what stands on every account of them. Of
    what happens later the ids are each bank's own, as are those of contracts drawn later."""
    ids = [loan.id for loan in bank.read(lending.all_loans)]
    lives = bank.read(lambda tx: store.lives_of(tx, ids))
    found: dict[str, Any] = {
        life.loan.id: (
            replace(life.loan, contract_id=None), life.plan, life.as_of_on,
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


def goes_on(shelf: Shelf, market: Going, after: Sequence[Step]) -> list[str]:
    """Export a bank, let an empty one take it over, and do the same in both: they tell the same. Answers the kinds of all that
    was told of loans."""
    house = market.house
    files = exported(house.bank)
    assert findings(opened(files)) == []
    with empty(shelf, house.today) as bank:
        taken_over(bank, files)
        capital(bank, house.today, yuan("1000000"))
        same(told(house.bank), told(bank))
        assert verified(bank) == []
        there = replace(market, house=House.of(bank, house.party), lenders=list(market.lenders))
        for act, number in after:
            market.do(act, number)
            there.do(act, number)
        same(told(house.bank), told(bank))
        assert verified(bank) == []
        for partner in bank.read(funding.partners):
            stated_anew(bank, partner.code)
        return [event[0] for life in told(bank).values() if isinstance(life, tuple) for event in life[3]]


def stated_anew(bank: Bank, partner: str) -> None:
    """The servicer's statements begin with what the partner's account held, and tell nothing of before."""
    listed = bank.read(lambda tx: settling.statements(tx, partner))[::-1]
    found = [bank.read(lambda tx, on=each.on: settling.told(tx, partner, on)) for each in listed]
    first = (found[0].number if found else None) or 0  # where no day was closed, there is none
    assert [each.number for each in found] == list(range(first, first + len(found)))
    assert first != 1 or not found[0].lines
    assert all(one.closing == other.opening for one, other in pairwise(found))
    assert {"taken-over", "advanced"}.isdisjoint(line.what for each in found for line in each.lines)


def stopped(house: House) -> list[str]:
    """Two loans of lenders and of the bank itself, of which one was paid off; of the other a lender sells. A third is sought."""
    market = Going(house, living(house))
    for act, number in BEFORE:
        market.do(act, number)
    return market.lenders


FUNDED: list[Step] = [("seek", 2), ("pick", 2), ("batch", 0), ("day", 0), ("day", 3), ("pay_out", 0)]
BEFORE: list[Step] = [
    *FUNDED, ("settle", 0), *FUNDED, ("day", 0), ("seek", 1), ("pick", 1), ("stop", 5),
    *(("sell", number) for number in range(2 * LENDERS)),
]  # fmt: skip
MONTHS: list[Step] = [*FUNDED, ("month", 0), ("repay", 0), ("broke", 0), ("late", 25), ("stop", 5), ("sell", 1)]
"""Up to three days before the second instalment falls due."""
LATE: list[Step] = [
    ("late", 0), ("part", 0), ("late", 3), ("repay", 0), ("day", 0), ("settle", 0), ("day", 0),
]  # fmt: skip


@pytest.mark.long
def test_a_servicer_goes_on_collecting(shelf: Shelf) -> None:
    """Notes on sale change hands at the close, and what the borrower repays all at once is their holders'."""
    with shelf.database() as url:
        house = House(url, lived=stopped)
        kinds = goes_on(shelf, Going(house, house.made), [("day", 0), ("settle", 0)])
        assert kinds == ["pay_out", "pay_off"] * 2
        ids = [of_loan(house, each.id).id for each in house.bank.read(lending.all_loans)]
        _, sold = house.bank.read(lambda tx: resales.of_listings(tx, ids))
        assert {each.state for each in sold} == {"done"}
        house.bank.kernel.database.close()


@pytest.mark.long
def test_a_loan_that_lenders_have_funded_is_paid_out_by_the_servicer(shelf: Shelf) -> None:
    """Its limit is asked once more by the scorecard of its decision, which is carried."""
    with shelf.database() as url:
        house = House(url, lived=living)
        market = Going(house, house.made)
        for act, number in FUNDED[:-1]:
            market.do(act, number)
        assert goes_on(shelf, market, [("pay_out", 0), ("day", 0), ("settle", 0)]) == ["pay_out", "pay_off"]
        house.bank.kernel.database.close()


@pytest.mark.prove
def test_a_servicer_collects_what_is_late_with_its_penalty(shelf: Shelf) -> None:
    """An instalment is paid in part, then late, the rest early; a note changed hands meanwhile."""
    with shelf.database() as url:
        house = House(url, lived=living)
        market = Going(house, house.made)
        for act, number in MONTHS:
            market.do(act, number)
        kinds = goes_on(shelf, market, LATE)
        assert kinds == ["pay_out", "repay", "repay", "repay", "pay_off"]
        (loan,) = [each for each in house.bank.read(lending.all_loans) if each.state == "closed"]
        assert any(each.of("penalty", "paid") for each in loan.instalments)
        house.bank.kernel.database.close()


@pytest.mark.long
def test_a_partner_is_paid_its_share(database_url: str, shelf: Shelf) -> None:
    """What the borrower repays at the servicer is shared with the partner as before, and settled over the rail at the close."""
    house, loan = shared(database_url, Lender())
    funding.arrange(house.bank.kernel, loan.id)
    house.sign(loan.id)
    house.complete(loan.id)
    house.bank.drain()
    close_day(house.bank.kernel)
    goes_on(shelf, Going(house, []), [("part", 0), ("settle", 0), ("day", 0)])


@pytest.mark.long
def test_a_loan_that_floats_is_set_anew_by_the_servicer(database_url: str, shelf: Shelf) -> None:
    """The bank itself holds it all; the figure that its rate follows was published before the servicer took over."""
    with opened_house(database_url, floating) as house:
        kinds = goes_on(shelf, Going(house, []), [("repay", 0), ("day", 0)])
        assert kinds == ["pay_out", "repay", "reset_rate"]


def floating(house: House) -> None:
    """The day of the first reset."""
    lent(house)
    house.wait(FIRST_RESET)


@pytest.mark.prove
@example(MONTHS, [*LATE[:4], ("month", 0), ("charge_off", 0), ("day", 0), ("month", 0)])
@given(some.lists(some.tuples(some.sampled_from(("seek", "month", *ACTS)), some.integers(0, 40)), min_size=6, max_size=14),
       some.lists(some.tuples(some.sampled_from(ACTS), some.integers(0, 40)), min_size=4, max_size=12))  # fmt: skip
@examples(10)
def test_whatever_was_and_comes_a_servicer_tells_the_same(shelf: Shelf, before: list[Step], after: list[Step]) -> None:
    """Random lives of months: loans sought, paid out, repaid in part and late, paid off, charged off; notes sold."""
    with shelf.database() as url:
        house = House(url, lived=living)
        market = Going(house, house.made)
        for act, number in (("seek", 2), *before):
            market.do(act, number)
        market.finish_batches()
        goes_on(shelf, market, after)
        house.bank.kernel.database.close()
