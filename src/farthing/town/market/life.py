"""Own the two years of a marketplace: its days from the first to the last, each closed by the bank's own close."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from farthing.bank.founding import agreed
from farthing.funding.holdings import service as holdings
from farthing.funding.market import batches_service as batches
from farthing.funding.market import listings_service as listings
from farthing.funding.market import mandates_service as mandates
from farthing.funding.market.listings_model import Bid, Listing
from farthing.funding.market.listings_rules import listing_id
from farthing.funding.market.mandates_model import StopMandate
from farthing.funding.resale import service as resale
from farthing.funding.resale.model import Sell
from farthing.funding.valuing import curve
from farthing.kernel import jobs
from farthing.kernel.day import close_day
from farthing.kit.calendar import add_months
from farthing.lending import service as lending
from farthing.lending.acts import service as acts
from farthing.lending.acts.model import GiveUp
from farthing.lending.model import Loan, Repay
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail
from farthing.town.growing.city import yuan
from farthing.town.growing.hands import Command, customer
from farthing.town.market.crowd import Crowd
from farthing.town.market.partner import PartnerProcess
from farthing.town.market.plan import dice_of, kind_of_year, stops_at

STOPPER = 1
"""The lender who stops at once."""
GIVEN_UP_AFTER, COMES_BACK_AFTER = timedelta(days=95), timedelta(days=90)
SALES_EACH = 3
Hears = Callable[[date], None]


@dataclass
class Fate:
    """What becomes of a loan that was paid out: from which instalment on nothing is paid, and since when that is known."""

    loan: Loan
    listing: Listing
    stops: int | None
    missed: date | None
    given_up: bool = False
    recovered: int = 0


@dataclass
class Market:
    """The days of a marketplace. ``asked_for``: how long asking funders took, in seconds, by whether the partner was there."""

    crowd: Crowd
    partner: PartnerProcess
    began: date
    pending: dict[int, Loan] = field(default_factory=dict)
    fates: dict[int, Fate] = field(default_factory=dict)
    due: dict[date, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))
    later: dict[date, list[int]] = field(default_factory=lambda: defaultdict(list))
    back: dict[date, list[int]] = field(default_factory=lambda: defaultdict(list))
    waits: dict[bool, list[float]] = field(default_factory=lambda: {True: [], False: []})
    by_cohort: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    stopped_on: date | None = None
    sold: int = 0
    batches: list[str] = field(default_factory=list)

    def live(self, hears: Hears) -> None:
        """All days of the plan, one after the other."""
        scale = self.crowd.plan.scale
        kernel, on, last = self.crowd.hands.kernel, self.began, add_months(self.began, scale.months)
        months = {add_months(self.began, month): month for month in range(scale.months)}
        while on < last:
            if on in months:
                self._month(months[on], on)
            self._day(on)
            with self.crowd.hands.timed("close of the day"):
                on = close_day(kernel).business_date
            hears(on)
        with self.crowd.hands.timed("jobs"):
            jobs.drain(kernel)

    def _month(self, month: int, on: date) -> None:
        """What happens on the first day of a month."""
        scale = self.crowd.plan.scale
        if month == scale.gone_in:
            self.partner.gone()
        self._seek(month, on)
        if month == scale.gone_in:
            self.partner.begin()
        if month == scale.stops_in:
            self._stop(on)
        if month == scale.sold_in:
            for each in self.crowd.plan.lenders:
                if each.sells:
                    self._sell(each.number, SALES_EACH)

    def _seek(self, month: int, on: date) -> None:
        crowd, wanted = self.crowd, self.crowd.plan.scale.loans
        asks = [each for each in crowd.plan.borrowers if each.month == month]
        room = wanted - len(crowd.loans)
        if not asks or room <= 0:
            return
        before, took = set(crowd.loans), crowd.hands.seconds["funding.ask"]
        crowd.seek(asks, on, room)
        fresh = [number for number in crowd.loans if number not in before]
        took = crowd.hands.seconds["funding.ask"] - took
        self.waits[month != crowd.plan.scale.gone_in].append(took / max(len(fresh), 1))
        self.by_cohort[month] = fresh
        self.pending.update({number: crowd.loans[number] for number in fresh})
        self._pick(fresh)

    def _pick(self, fresh: list[int]) -> None:
        """Some lenders pick a note of a loan by hand."""
        crowd = self.crowd
        some = [each.number for each in crowd.plan.lenders if each.picks and each.number in crowd.lenders]
        open_now = crowd.hands.kernel.ask(listings.listings)
        crowd.hands.row([
            Command(
                listings.bid, Bid(one.id, crowd.lenders[number].id, one.note), customer(crowd.lenders[number].id)
            )
            for number, one in zip(some, open_now, strict=False)
        ])  # fmt: skip

    def _day(self, on: date) -> None:
        """What happens on any day: batches while loans seek lenders; who is funded takes the money; who pays brings it."""
        if self.pending:
            self._clear(on)
        if bring := self.due.pop(on, []):
            self.crowd.bring(bring)
        for number in self.later.pop(on, []):
            fate = self.fates[number]
            agreed(
                self.crowd.hands.kernel, acts.charge_off, GiveUp(fate.loan.id, "nothing is to be had of this borrower")
            )
            fate.given_up = True
        for number in self.back.pop(on, []):
            self._comes_back(number)

    def _clear(self, on: date) -> None:
        kernel, hands = self.crowd.hands.kernel, self.crowd.hands
        with hands.timed("batches"):
            done = batches.run(kernel, f"story {on}")
        if done is not None and done.id not in self.batches:
            self.batches.append(done.id)
        ids = {loan.id: number for number, loan in self.pending.items()}
        now = kernel.read(lambda tx: [lending.loan(tx, each) for each in ids])
        ready = [ids[each.id] for each in now if each.state == "funded"]
        for each in now:
            if each.state in ("funded", "cancelled"):
                del self.pending[ids[each.id]]
        if ready:
            self.crowd.take_out(ready)
            self._foresee(ready, on)

    def _foresee(self, numbers: list[int], on: date) -> None:
        """Draw what becomes of loans that were paid out, by what each was valued at."""
        kernel, seed, known = self.crowd.hands.kernel, self.crowd.plan.seed, curve.shipped()
        times = kind_of_year(seed, known.bad_chance, known.bad_times)
        for number in numbers:
            loan = self.crowd.loans[number]
            listing = kernel.ask(listings.listing_of_loan, loan.id)
            assert listing is not None
            default = min(listing.worth.default * times * self.crowd.plan.scale.times, Decimal(1))
            days = [each.due_on for each in loan.instalments]
            stops = stops_at(seed, number, default, on, days)
            missed = None if stops is None else days[stops]
            self.fates[number] = Fate(loan, listing, stops, missed)
            for place, each in enumerate(loan.instalments):
                if stops is None or place < stops:
                    self.due[each.due_on].append((number, each.left.minor))
            if missed is not None:
                self.later[missed + GIVEN_UP_AFTER].append(number)
                self.back[missed + GIVEN_UP_AFTER + COMES_BACK_AFTER].append(number)

    def _comes_back(self, number: int) -> None:
        """Of some of what was given up a part comes back."""
        fate, hands = self.fates[number], self.crowd.hands
        part = dice_of(self.crowd.plan.seed, f"back {number}").choice((0, 0, 10, 20, 30))
        kernel, party = hands.kernel, self.crowd.borrowers[number]
        left = kernel.read(lambda tx: lending.loan(tx, fate.loan.id)).outstanding.minor * part // 100
        if left:
            self.crowd.bring([(number, left)])
            hands.row([Command(lending.repay, Repay(fate.loan.id, yuan(left)), customer(party.id))])
            fate.recovered = left

    def _stop(self, on: date) -> None:
        """One lender stops at once: his mandate ends, all that he holds is for sale, and his money goes back to his card."""
        crowd = self.crowd
        party = crowd.lenders[STOPPER]
        crowd.hands.row([Command(mandates.stop_mandate, StopMandate(crowd.mandates[STOPPER]), customer(party.id))])
        self._sell(STOPPER, 1_000)
        free = crowd.hands.kernel.ask(payments.wallet, party.id).available
        if free:
            crowd.hands.row([
                Command(payments.pay_out, MoveByRail(party.id, free, f"62220211{STOPPER:08d}234"), customer(party.id))
            ])  # fmt: skip
        self.stopped_on = on

    def _sell(self, number: int, most: int) -> None:
        """Offer notes for sale, the first so many."""
        crowd, party = self.crowd, self.crowd.lenders[number]
        notes = crowd.hands.kernel.read(lambda tx: holdings.of_lender(tx, party.id, "", 500))
        told = crowd.hands.row([
            Command(resale.sell, Sell(listing_id(each.loan_id), party.id, yuan(each.left)), customer(party.id))
            for each in [one for one in notes if one.left][:most]
        ])  # fmt: skip
        self.sold += sum(each is not None for each in told)
