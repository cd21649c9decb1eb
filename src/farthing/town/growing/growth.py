"""Own the growing: a town's days from the first to the last, each closed by the bank's own close, and what became of it."""

from __future__ import annotations

import gc
import hashlib
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from farthing.bank.founding import agreed
from farthing.db.tx import Tx
from farthing.funding import service as funding
from farthing.funding.sandbox_partner import SandboxPartner
from farthing.kernel import jobs
from farthing.kernel.day import close_day
from farthing.kernel.run import Kernel
from farthing.kit.calendar import add_months
from farthing.kit.errors import conflict
from farthing.kit.ids import IdSource
from farthing.kit.words import Words
from farthing.ledger import service as ledger
from farthing.parties import service as parties
from farthing.town.founding import harvest
from farthing.town.growing import borrowing
from farthing.town.growing.city import YUAN, City, registration
from farthing.town.growing.hands import Hands, TownWall
from farthing.town.growing.partner import PartnerAtHand
from farthing.town.growing.street import street_of
from farthing.town.life.days import Life
from farthing.town.life.residents import settle
from farthing.town.life.wishes import Wishes

REAL = conflict(
    "town.real_bank",
    "This bank has a real clock: nobody made up ever lives in it. Grow a town elsewhere (FARTHING_HOME or "
    "FARTHING_DATABASE_URL).",
    "本银行为真实时钟银行，不得有虚构居民；请另设 FARTHING_HOME 或 FARTHING_DATABASE_URL 建造小镇。",
)
GROWN = conflict(
    "town.grown_already",
    "The town of seed {seed} lives in this bank already. Choose another --seed, or another FARTHING_HOME.",
    "种子 {seed} 的小镇已在本银行中；请另选 --seed 或另设 FARTHING_HOME。",
)
ABROAD = conflict(
    "town.other_currency",
    "A town lives in yuan and this bank keeps its books in {home}: grow it in a bank of the policy cn or sandbox.",
    "小镇以人民币生活，而本银行以 {home} 记账；请在 cn 或 sandbox 政策的银行中建造小镇。",
)
CAPACITY_MINOR, LEAST_SCORE = 50_000_000_00, 480
NOWHERE = "http://127.0.0.1:9"
SELDOM = (100_000, 20, 100)
"""After how many new objects Python looks for cycles among the young ones, and how often among the older ones."""
Going = Callable[[Words, int, int], None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """How large a town, how long it lives, and which."""

    people: int
    months: int
    seed: int


@dataclass(frozen=True, slots=True)
class Grown:
    """What became of it. ``digest``: of every account of the books with its balance; the same for a seed in a new bank."""

    people: int
    months: int
    seed: int
    opened_on: date
    business_date: date
    done: dict[str, int]
    refused: dict[str, int]
    seconds: Decimal
    seconds_of: dict[str, Decimal]
    digest: str


def grow(kernel: Kernel, wanted: Wanted, going: Going) -> Grown:
    """Grow a town from the bank's business date on. Refuses ``town.real_bank``, ``town.other_currency``,
    ``town.grown_already``."""
    clock = kernel.clock()
    if clock.mode != "simulated":
        raise REAL()
    if clock.home != YUAN:
        raise ABROAD(home=clock.home)
    began, opened_on = time.perf_counter(), clock.business_date
    life = Life(settle(wanted.seed, wanted.people, wanted.months, opened_on))
    number = registration(wanted.seed, life.town.residents[0]).resident_id
    if kernel.read(lambda tx: parties.holder_of_number(tx, number)) is not None:
        raise GROWN(seed=wanted.seed)
    city = City(Hands(kernel, wanted.seed), life)
    last = add_months(opened_on, wanted.months)
    # Who loses the power while a town grows begins it anew; the last close's commit waits for the disk, and for all before it.
    with (
        kernel.database.unhurried(),
        _few_collections(),
        _seeded(kernel, wanted.seed) as wall,
        _partner(kernel),
        ThreadPoolExecutor(1) as reader,
    ):
        city.found()
        street, on = street_of(city, opened_on, last - timedelta(days=2)), opened_on
        while on < last - timedelta(days=1):
            if on != opened_on:
                wall.morning()
            borrowing.expect(city, on + timedelta(days=1), reader)
            _live(city, life.day(on), on)
            street.live(on)
            with city.hands.timed("close of the day"):
                on = close_day(kernel).business_date
            going(Words(f"the town, {on}", f"小镇，{on}"), (on - opened_on).days, (last - opened_on).days + 1)
    close_day(kernel)  # a last, quiet day: the bank's instant goes by the machine's own time again
    with city.hands.timed("jobs"):
        jobs.drain(kernel)
    going(Words("the town", "小镇"), 1, 1)
    hands = city.hands
    longest = sorted(hands.seconds.items(), key=lambda each: -each[1])
    return Grown(
        people=wanted.people,
        months=wanted.months,
        seed=wanted.seed,
        opened_on=opened_on,
        business_date=kernel.clock().business_date,
        done=dict(sorted(hands.done.items())),
        refused=dict(sorted((+hands.refused).items())),
        seconds=_rounded(time.perf_counter() - began),
        seconds_of={name: _rounded(seconds) for name, seconds in longest},
        digest=kernel.read(digest_of_books),
    )


def _rounded(seconds: float) -> Decimal:
    """Seconds to the millisecond: what a command answers holds no binary fraction."""
    return Decimal(round(seconds * 1000)).scaleb(-3)


def _live(city: City, wishes: Wishes, on: date) -> None:
    """One day: who comes and what comes in first, then what is paid, kept and borrowed of it."""
    city.come([number for number in wishes.comes if number not in city.party])
    city.rails(wishes.rails)
    city.draws(wishes.draws)
    city.pays(wishes.pays)
    city.saves(wishes.saves)
    city.units(wishes.units)
    for wish in wishes.borrows:
        borrowing.borrow(city, wish, on)
    for arrears in wishes.arrears:
        borrowing.pay_arrears(city, arrears)
    if on.day == 1:
        city.look_again()
    if on.day == 25 and on.month % 3 == 0:
        city.lend_the_funds()


@contextmanager
def _few_collections() -> Iterator[None]:
    """Let Python look for cycles among its objects more seldom: a town keeps much, makes few, and looking costs a tenth of
    what growing does."""
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


@contextmanager
def _seeded(kernel: Kernel, seed: int) -> Iterator[TownWall]:
    """Let the bank draw its ids from the seed and look at the town's own wall while the town grows."""
    ids, machine = kernel.ids, kernel.wall
    wall = TownWall(kernel.clock().anchor_wall_at)
    kernel.ids, kernel.wall = IdSource(seed), wall
    try:
        yield wall
    finally:
        kernel.ids, kernel.wall = ids, machine


@contextmanager
def _partner(kernel: Kernel) -> Iterator[None]:
    """A partner lender that answers as long as the town grows; afterwards nobody is at its address."""
    before = kernel.ports
    agreed(kernel, funding.register_partner, harvest(NOWHERE))
    kernel.ports = before.with_peer("partner", "http", PartnerAtHand(SandboxPartner(CAPACITY_MINOR, LEAST_SCORE)))
    try:
        yield
    finally:
        kernel.ports = before


def digest_of_books(tx: Tx) -> str:
    """SHA-256 over every account in the order of its path: path, currency, balance, how many postings."""
    hashed, after = hashlib.sha256(), ""
    while page := ledger.balances(tx, after=after):
        for each in page:
            hashed.update(f"{each.path} {each.currency} {each.balance.minor} {each.version}\n".encode())
        after = page[-1].path
    return hashed.hexdigest()
