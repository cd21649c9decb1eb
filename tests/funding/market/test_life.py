"""Random lives of loans of all three fundings and their mixes on a real bank: whatever is done in whatever order, no fen is made
or lost, and the books agree."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from farthing.bank.founding import agreed
from farthing.funding import service as funding
from farthing.funding.audit_service import verify
from farthing.funding.holdings import service as holdings
from farthing.funding.market import batches_service as batches
from farthing.funding.market import listings_service as listings
from farthing.funding.market import listings_store, mandates_store
from farthing.funding.market import mandates_service as mandates
from farthing.funding.market.audit_service import verify as verify_market
from farthing.funding.market.listings_model import Bid, Fill, Listing, TakeBack
from farthing.funding.market.mandates_model import MakeMandate, Mandate, StopMandate
from farthing.funding.model import RecordAnswer
from farthing.kernel.day import close_day
from farthing.kit.errors import Refusal, conflict
from farthing.kit.money import total
from farthing.ledger import service as ledger
from farthing.lending import service as lending
from farthing.lending.acts import service as acts
from farthing.lending.acts.model import GiveUp
from farthing.lending.entries import collections_account, principal_account
from farthing.lending.model import MARKETPLACE, Loan, LoanCommand, Repay
from farthing.lending.shelf import service as loan_shelf
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail
from farthing.payments.wallets import wallet_path
from farthing.products import service as products
from farthing.products.model import Publish
from tests.banks import Shelf
from tests.funding.market.lenders import yuan
from tests.funding.market.listing import TERMS, as_lender, escrow, with_money
from tests.funding.market.mixed import asking, mixing
from tests.funding.test_partners import Lender
from tests.laws import examples
from tests.lending.house import CARD, House

LENDERS = 6
ORDERS = (
    '["partners", "marketplace", "own_book"]', '["marketplace", "partners", "own_book"]', '["partners", "marketplace"]',
    '["marketplace", "own_book", "partners"]', '["partners", "own_book", "marketplace"]',
)  # fmt: skip
NOTHING = conflict("test.nothing", "There is nothing to do it to.", "没有对象。")
T = TypeVar("T")
Step = tuple[str, int]


def living(house: House) -> list[str]:
    """A bank whose law lets lenders reflect for a day and keeps a protection fund, and lenders of whom most gave a mandate."""
    mixing(house, ORDERS[0], "0.01")
    law = (products.ROOT / "policies" / "cn.toml").read_text(encoding="utf-8")
    law = law.replace("reflection_days = 0", "reflection_days = 1").replace("protects = false", "protects = true")
    law = law.replace("\ndays = 10 ", "\ndays = 3 ").replace("kept_days = 2 ", "kept_days = 1 ")
    agreed(house.bank.kernel, loan_shelf.publish, Publish("policy", law))
    found = []
    for number in range(1, LENDERS + 1):
        found.append(with_money(house, number, "3000"))
        if number % 3:
            house.bank.run(mandates.make_mandate, MakeMandate(found[-1], TERMS), actor=as_lender(found[-1]))
    return found


@dataclass
class Market:
    """A life: each act by its name, on the one of what is there that a number picks; what is refused changes nothing."""

    house: House
    lenders: list[str]
    slots: int = 0
    out: int = 0
    partner: Lender = field(default_factory=Lender)
    lent: dict[str, int] = field(default_factory=dict)

    def do(self, act: str, number: int) -> None:
        with contextlib.suppress(Refusal):
            getattr(self, act)(number)
        self.house.bank.drain()

    def order(self, number: int) -> None:
        """The product prefers its fundings in another order, or has fewer."""
        mixing(self.house, ORDERS[number % len(ORDERS)], "0.01")

    def seek(self, number: int) -> None:
        """A loan seeks its funders, of whole notes or not; the partner agrees, declines or is not there."""
        self.partner.says = (True, True, None, True, False)[number % 5]
        loan = self.house.accept(self.house.offer(("1000", "1030", "2500", "500")[number % 4]))
        funding.arrange(self.house.bank.kernel, loan.id)

    def pick(self, number: int) -> None:
        who, one = self.lenders[number % LENDERS], self._one(self.listings(), number // LENDERS)
        self.house.bank.run(
            listings.bid, Bid(one.id, who, one.note * (1 + number % 3), consents=True), actor=as_lender(who)
        )

    def late(self, number: int) -> None:
        """The partner answers once more, and otherwise."""
        loan = self._one(self.loans(), number)
        for each in self.house.bank.read(lambda tx: funding.funded(tx, loan.id)).inquiries:
            self.house.bank.run(funding.record_answer, RecordAnswer(each.id, True, bool(number % 2), "LATE"))

    def batch(self, number: int) -> None:
        """A batch from end to end, or on from where another was left."""
        self.slots += 1
        batches.run(self.house.bank.kernel, f"slot {self.slots}")

    def open(self, number: int) -> None:
        """A batch is opened and left."""
        self.slots += 1
        self.house.bank.run(batches.open_batch, batches.OpenBatch(f"slot {self.slots}"))

    def take_back(self, number: int) -> None:
        one = self._one([each for listing in self.listings() for each in self.fills(listing)], number)
        self.house.bank.run(listings.take_back, TakeBack(one.listing_id, one.id), actor=as_lender(one.party_id))

    def stop(self, number: int) -> None:
        """A mandate is stopped, or given where there is none."""
        who = self.lenders[number % LENDERS]
        live: list[Mandate] = list(self.house.bank.read(lambda tx: mandates_store.live(tx, who)))
        if live:
            self.house.bank.run(mandates.stop_mandate, StopMandate(live[0].id), actor=as_lender(who))
        else:
            self.house.bank.run(mandates.make_mandate, MakeMandate(who, TERMS), actor=as_lender(who))

    def spend(self, number: int) -> None:
        self.house.bank.run(payments.pay_out, MoveByRail(self.lenders[number % LENDERS], yuan("700"), CARD))
        self.out += 70_000

    def give_up(self, number: int) -> None:
        self.house.bank.run(funding.withdraw, LoanCommand(self._one(self.loans(), number).id))

    def pay_out(self, number: int) -> None:
        """A loan whose lenders are known is signed for and paid out."""
        loan = self._one([each for each in self.loans() if each.state == "funded"], number)
        self.house.sign(loan.id)
        self.house.complete(loan.id)
        self.lent[loan.id] = sum(each.share.minor for each in loan.holders if each.name == MARKETPLACE)

    def repay(self, number: int) -> None:
        loan = self._one([each for each in self.loans() if each.state == "active"], number)
        due, _, _ = self.house.bank.read(lambda tx: lending.owed(tx, loan.id))
        self.house.bank.run(payments.top_up, MoveByRail(self.house.party.id, due, CARD))
        self.house.bank.run(lending.repay, Repay(loan.id, due))

    def charge_off(self, number: int) -> None:
        loan = self._one([each for each in self.loans() if each.state == "active"], number)
        agreed(self.house.bank.kernel, acts.charge_off, GiveUp(loan.id, "gone"))

    def day(self, number: int) -> None:
        for _ in range(1 + number % 4):
            close_day(self.house.bank.kernel)

    def month(self, number: int) -> None:
        """On to the next instalment, where one is near."""
        loan = self._one([each for each in self.loans() if each.state == "active"], number)
        coming = [each.due_on for each in loan.instalments if each.due_on > self.house.today]
        if coming:
            self.house.wait(coming[0])

    def _one(self, among: Sequence[T], number: int) -> T:
        if not among:
            raise NOTHING()
        return among[number % len(among)]

    def loans(self) -> list[Loan]:
        return sorted(self.house.bank.read(lambda tx: lending.loans(tx, self.house.party.id)), key=lambda each: each.id)

    def listings(self) -> list[Listing]:
        return list(self.house.bank.read(lambda tx: listings_store.page(tx, "", 100)))

    def fills(self, listing: Listing) -> list[Fill]:
        found = self.house.bank.read(lambda tx: listings_store.fills(tx, listing.id))
        return [each for each in found if each.returned_on is None]

    def balance(self, path: str) -> int:
        """What lies on an account, on its own side; nothing where there is none."""
        found = self.house.bank.read(lambda tx: ledger.balances_of(tx, [path]))
        return found[path].owed().minor if path in found else 0

    def wallets(self) -> list[tuple[int, int]]:
        """What lies in the lenders' wallets, and what of it is free."""
        paths = [wallet_path(each, "CNY", "CNY") for each in self.lenders]
        found = self.house.bank.read(lambda tx: ledger.balances_of(tx, paths))
        return [(found[path].owed().minor, found[path].available().minor) for path in paths]

    def holds(self) -> int:
        """What is the lenders' in wallets and on escrows, with what they paid out and what was lent of it."""
        lies = sum(escrow(self.house, each.id).minor for each in self.listings())
        return sum(there for there, _ in self.wallets()) + lies + self.out + sum(self.lent.values())

    def check(self) -> None:
        """Escrows are fills that live, limits hold, no wallet is below zero, and both audits find nothing."""
        assert all(0 <= free <= there for there, free in self.wallets())
        for each in self.listings():
            fills = self.fills(each)
            given = total([one.amount for one in fills], "CNY")
            assert each.filled + each.in_batch <= each.amount
            if each.loan_id not in self.lent:
                assert escrow(self.house, each.id) == given
            for party in {one.party_id for one in fills}:
                mine = total([one.amount for one in fills if one.party_id == party], "CNY")
                assert mine <= each.per_lender and party != each.party_id
        read = self.house.bank.read
        assert (read(verify, snapshot=True).findings, read(verify_market, snapshot=True).findings) == ((), ())
        for loan in self.loans():
            if loan.state in ("active", "closed") and loan.shared:
                self._whole(loan)

    def _whole(self, loan: Loan) -> None:
        """What the borrower paid is what holders got, fees and what is still in collections; what holders have of principal is
        what the loan has."""
        path = collections_account(loan)
        lines = self.house.bank.read(lambda tx: ledger.statement(tx, path, limit=200)).lines
        came = sum(-line.amount.minor for line in lines if line.amount.minor < 0)
        got = Counter[str]()
        for line in lines:
            if line.amount.minor > 0:
                for each in line.entry.postings:
                    got[each.account.split(":")[1]] -= each.amount.minor if each.account != path else 0
        paid = self.house.bank.read(lambda tx: lending.repayments(tx, loan.id))
        assert sum(each.amount.minor for each in paid) == came == sum(got.values()) + self.balance(path)
        names = {each.name.partition(":")[0] for each in loan.holders}
        assert (got["settlement"] > 0) <= ("partner" in names)
        assert (got["wallets"] + got["escrow"] > 0) <= ("marketplace" in names)
        if loan.given_up_on:
            return
        left = sum(self.house.bank.read(lambda tx: holdings.left_of(tx, [loan.id])).get(loan.id, {}).values())
        own = self.balance(principal_account(loan)) if "own" in names else 0
        theirs = loan.outstanding.minor - left - own
        share = sum(each.share.minor for each in loan.holders if each.name.startswith("partner:"))
        assert abs(theirs * loan.principal.minor - share * loan.outstanding.minor) <= loan.principal.minor


BEFORE = (
    "order", "seek", "seek", "seek", "late", "pick", "batch", "open", "take_back", "stop", "spend", "give_up", "day", "day",
    "pay_out",
)  # fmt: skip
AFTER = ("pay_out", "repay", "month", "charge_off")
EARNS = {"repay", "month", "day", "charge_off"}
steps = some.lists(some.tuples(some.sampled_from((*BEFORE, *AFTER)), some.integers(0, 40)), min_size=4, max_size=14)
LONG = [
    ("seek", 0), ("pick", 2), ("open", 0), ("pick", 5), ("stop", 0), ("day", 0), ("batch", 0), ("take_back", 1), ("batch", 0),
    ("day", 1), ("day", 1), ("pay_out", 0), ("order", 1), ("seek", 1), ("late", 0), ("month", 0), ("repay", 0), ("charge_off", 0),
    ("day", 0), ("month", 0), ("repay", 0),
]  # fmt: skip


@pytest.mark.long
@example(LONG)
@given(steps)
@examples(2)
def test_no_life_makes_or_loses_a_fen(shelf: Shelf, lived: list[Step]) -> None:
    """Money of lenders changes by what is repaid to them alone, and never for the worse."""
    with shelf.database() as url:
        house = House(url, lived=living)
        market = Market(house, house.made)
        asking(house, market.partner)
        had = market.holds()
        for act, number in (("seek", 2), *lived):
            market.do(act, number)
            market.check()
            has = market.holds()
            assert has >= had if act in EARNS else has == had, act
            had = has
        house.bank.kernel.database.close()
