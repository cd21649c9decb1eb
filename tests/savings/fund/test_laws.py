"""Laws of a fund, in pure functions and on a real database: shares are exact, none is made, none is lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction

import psycopg
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from farthing.kit.actor import SYSTEM
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.savings.fund import founding_service as funds
from farthing.savings.fund import rules
from farthing.savings.fund.closing import Piece, payments
from farthing.savings.fund.commands import FoundFund, Redeem, Subscribe
from farthing.savings.fund.entries import paths
from farthing.savings.fund.founding import decode_source, new_fund
from farthing.savings.fund.income import claims, first_day, share_out
from farthing.savings.fund.model import Day, HeldAsset, Holder, Order
from farthing.savings.fund.shares import advanced, new_holder, uncredited, worth
from farthing.savings.fund.trading import TradingCalendar
from farthing.savings.fund.units import Asset
from tests.laws import examples
from tests.savings.fund.house import BABY, MONDAY, MONTHLY, NO_FEE, SOURCE, House, opened

SOURCES = {"daily": SOURCE, "monthly": MONTHLY, "without fee": NO_FEE}
SLICE = Fraction(1, 10**12)
DAY = timedelta(days=1)


@dataclass
class World:
    """A fund without a database: the pure rules of a day, and an eager copy of each holder in exact fractions."""

    source: str
    rate: str = "0.0365"
    on: date = MONDAY
    days: list[Day] = field(default_factory=list)
    holders: dict[str, Holder] = field(default_factory=dict)
    orders: list[Order] = field(default_factory=list)
    shared: Fraction = Fraction(0)
    numbers: Iterator[int] = field(default_factory=lambda: iter(range(10**6)))

    def __post_init__(self) -> None:
        self.terms = replace(decode_source(BABY, self.source), holding_max=None)
        self.fund = new_fund(self.terms, FoundFund(BABY, self.source), "0" * 64, self.on)
        self.at = paths(self.terms, "CNY")
        self.days.append(first_day(self.terms, self.on))
        asset = Asset("a", Money(5_000_000_00, "CNY"), Decimal(self.rate), "actual/365", self.on, date(2040, 1, 1))
        nothing = Money.zero("CNY")
        self.assets = [HeldAsset("fasset_a", BABY, asset, nothing, None, None, nothing, 0)]

    def facts(self) -> rules.Facts:
        moment = datetime.combine(self.on, time(9))
        return rules.Facts(
            self.fund, self.terms, self.at, TradingCalendar(), self.days, moment, moment.replace(tzinfo=UTC), self.on,
            SYSTEM,
        )  # fmt: skip

    def holder(self, party: str) -> Holder:
        return self.holders.setdefault(party, new_holder(self.fund, party))

    def place(self, party: str, amount: int) -> None:
        """Buy (positive) or redeem (negative) so many fen, if the rules allow."""
        name, money = f"ford_{next(self.numbers):08d}", Money(abs(amount), "CNY")
        try:
            if amount > 0:
                change = rules.subscribe(self.facts(), self.holder(party), Subscribe(BABY, party, money), name)
            else:
                change = rules.redeem(self.facts(), self.holder(party), Redeem(BABY, party, money), name)
        except Refusal as refusal:
            assert refusal.code == "savings.fund_over_holding"
            return
        self.holders[party] = change.holder
        self.orders.append(change.order)

    def redeem_now(self, party: str, amount: int) -> None:
        money = Money(amount, "CNY")
        try:
            rules.check_now(self.facts(), self.holder(party), rules.RedeemNow(BABY, party, money))
        except Refusal:
            return
        change = rules.redeem_now(self.facts(), self.holder(party), party, money, f"ford_{next(self.numbers):08d}")
        assert change.fund is not None
        self.holders[party], self.fund = change.holder, change.fund

    def close(self) -> None:
        done = share_out(self.at, self.terms, self.fund, self.days[-1], self.assets)
        self.shared += Fraction(done.day.income) if self.fund.units else 0
        self.fund, moved = done.fund, {held.id: held for held in done.assets}
        self.assets = [moved.get(held.id, held) for held in self.assets]
        self.days.append(done.day)
        piece = Piece(self.fund, self.terms, self.at, self.days, dict(self.holders), self.on)
        due = [order for order in self.orders if order.due_on and order.due_on <= self.on]
        for order in due:
            if order.state != "payable":
                piece.take(order)
        paid = payments(self.at, [order for order in due if order.state == "payable"], Money(10**15, "CNY"), self.on)
        changed = {order.id: order for order in [*piece.orders, *(order for order, _ in paid)]}
        self.orders = [changed.get(order.id, order) for order in self.orders]
        self.holders, self.fund = piece.holders, piece.fund
        self.on += DAY

    def now(self, party: str) -> Holder:
        return advanced(self.terms, self.holder(party), self.days, self.fund.index.on)

    def worth(self, party: str) -> Fraction:
        return Fraction(worth(self.now(party).holding))


ANN, BEN, CAT = (f"party_{letter * 26}" for letter in "abc")
PARTIES = [ANN, BEN, CAT]
ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("place"), st.sampled_from(PARTIES), st.integers(-3_000_00, 5_000_00).filter(bool)),
        st.tuples(st.just("now"), st.sampled_from(PARTIES), st.integers(1, 1_000_00)),
        st.tuples(st.just("close"), st.just(""), st.integers(1, 9)),
    ),
    max_size=25,
)


def play(world: World, acts: list[tuple[str, str, int]]) -> Iterator[None]:
    for what, party, amount in acts:
        if what == "place":
            world.place(party, amount)
        elif what == "now":
            world.redeem_now(party, amount)
        else:
            for _ in range(amount):
                world.close()
                yield
    world.close()
    yield


@examples(20)
@given(source=st.sampled_from(sorted(SOURCES)), acts=ACTS)
def test_claims_never_exceed_what_was_shared_out_nor_what_covers_it(
    source: str, acts: list[tuple[str, str, int]]
) -> None:
    world = World(SOURCES[source])
    for _ in play(world, acts):
        everybody = [world.now(party) for party in world.holders]
        claimed = sum((Fraction(worth(each.holding)) for each in everybody), Fraction(0))
        shared_out = Fraction(world.fund.units) + Fraction(world.fund.waiting)
        assert claimed <= shared_out <= claimed + Fraction(len(world.days) * 9, 10**11), "no more, and no less"
        paid = sum((each.paid_in - each.paid_out - each.confirmed).minor for each in everybody)
        assert claimed <= Fraction(paid, 100) + world.shared + SLICE
        cover = claims(world.fund.units, world.fund.waiting, "CNY")
        booked = sum((each.booked - each.confirmed).minor for each in world.holders.values())
        assert cover.minor >= booked, "the pool is never below zero"
        assert all(uncredited(each).minor >= 0 for each in everybody)


@examples(20)
@given(source=st.sampled_from(sorted(SOURCES)), acts=ACTS)
def test_money_in_and_income_is_money_out_and_value(source: str, acts: list[tuple[str, str, int]]) -> None:
    """Income is summed here day by day from an eager copy of each holding that forgets nothing."""
    world = World(SOURCES[source])
    earned: dict[str, Fraction] = dict.fromkeys(PARTIES, Fraction(0))
    before = dict(earned)
    for _ in play(world, acts):
        for party in PARTIES:
            held = world.now(party)
            total = Fraction(worth(held.holding)) + Fraction((held.confirmed + held.paid_out - held.paid_in).decimal())
            earned[party] += Fraction(held.income_last) if held.income_on == world.fund.index.on else 0
            assert total >= before[party] - SLICE, "income is never taken back"
            before[party] = total
    for party in PARTIES:
        assert abs(before[party] - earned[party]) < SLICE * 4 * len(world.days)


@examples(20)
@given(
    source=st.sampled_from(sorted(SOURCES)),
    parts=st.tuples(st.integers(1, 10**7), st.integers(1, 10**7)),
    days=st.integers(1, 80),
    other=st.integers(1, 10**7),
)
def test_splitting_a_purchase_changes_nothing(source: str, parts: tuple[int, int], days: int, other: int) -> None:
    whole, split, two = (World(SOURCES[source], rate="0.00001") for _ in range(3))
    whole.place(ANN, sum(parts))
    for part, party in zip(parts, PARTIES, strict=False):
        split.place(ANN, part)
        two.place(party, part)
    for world in (whole, split, two):
        world.place(CAT, other)
        for _ in range(days):
            world.close()
    assert split.now(ANN).holding == whole.now(ANN).holding
    roundings = 1 + sum(day.carried for day in whole.days)
    assert abs(two.worth(ANN) + two.worth(BEN) - whole.worth(ANN)) <= SLICE * 2 * roundings
    assert source == "monthly" or roundings == 1


@examples(20)
@given(amount=st.integers(1, 10**7), more=st.integers(0, 10**7), days=st.integers(1, 60))
def test_income_rises_with_amount_and_days(amount: int, more: int, days: int) -> None:
    world = World(SOURCE)
    world.place(ANN, amount)
    world.place(BEN, amount + more)
    last = Fraction(0)
    for _ in range(days):
        world.close()
        income = world.worth(ANN) - Fraction(amount, 100)
        assert income >= last and world.worth(BEN) >= world.worth(ANN)
        last = income


@pytest.fixture(scope="module")
def long_lived(server: object, template: str) -> Iterator[House]:
    """One bank for all examples; each has a fund of its own."""
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE fund_laws TEMPLATE {template} STRATEGY file_copy")
    house = opened(server.url("fund_laws"), fund="savings-first")
    yield house
    house.bank.kernel.database.close()
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute("DROP DATABASE fund_laws WITH (FORCE)")


COUNT = iter(range(10**6))


@pytest.mark.long
@examples(4, suppress_health_check=list(HealthCheck))
@given(source=st.sampled_from(sorted(SOURCES)), acts=ACTS)
def test_whatever_people_do_the_books_of_a_fund_are_sound(
    long_lived: House, source: str, acts: list[tuple[str, str, int]]
) -> None:
    house = long_lived
    house.fund = f"savings-law-{next(COUNT)}"
    house.run(funds.found_fund, FoundFund(house.fund, SOURCES[source]))
    people = {party: house.saver(number, "20000.00") for number, party in enumerate(PARTIES)}
    house.buy(people[ANN], "1000.00")
    house.close(4)
    house.asset("1000.00", "0.2", house.today + timedelta(days=400))
    for what, party, amount in acts:
        try:
            if what == "close":
                house.close(min(amount, 3))
            elif what == "now":
                house.redeem_now(people[party], str(Decimal(amount).scaleb(-2)))
            elif amount > 0:
                house.buy(people[party], str(Decimal(amount).scaleb(-2)))
            else:
                house.redeem(people[party], str(Decimal(-amount).scaleb(-2)))
        except Refusal as refusal:
            assert refusal.code in {"savings.fund_over_holding", "ledger.insufficient_funds"}
    house.close()
    house.sound()
    for guard in ("client-money", "fund-money", "fund-liquidity-line"):
        assert house.margins()[guard] >= 0
