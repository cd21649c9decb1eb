"""Own who lives in the city: residents with a trade, a home and habits, and the organisations that pay them. Pure.

A place in the city is a number: residents first, then the organisations. Habits hang on the number where a small town
must have them too (a shop, a landlord, a borrower), and on dice where a large one makes them even.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from farthing.kit.calendar import add_months
from farthing.town.life.names import OTHERS, name_of, ordinary

SHOP_EVERY, LANDLORD_EVERY, BORROWER_EVERY, SHOP_LOAN_EVERY = 20, 10, 100, 400
A_YEAR, DAYS_BEFORE_LAST = 12, 36
"""Months; and when somebody borrows whom the last day is to find late: a month and some days before it."""
PEOPLE_AN_EMPLOYER = 60
ARRIVING_PERCENT = 60
"""How many are there on the first day; the others come during the first third of the town's months."""


@dataclass(frozen=True, slots=True)
class Trade:
    """What somebody lives by: monthly pay in fen from ``least`` to ``most``; paid in ``months`` of the year, or in all."""

    zh: str
    en: str
    least: int
    most: int
    months: tuple[int, ...] = ()


SHOPKEEPER = Trade("店主", "shopkeeper", 500_000, 900_000)
TRADES = (
    Trade("工厂工人", "factory worker", 420_000, 780_000),
    Trade("教师", "teacher", 520_000, 980_000),
    Trade("护士", "nurse", 480_000, 860_000),
    Trade("骑手", "courier", 350_000, 900_000),
    Trade("建筑工", "builder", 450_000, 950_000),
    Trade("职员", "clerk", 400_000, 820_000),
    Trade("农户", "farmer", 1_500_000, 2_600_000, (6, 10)),
    Trade("退休", "retired", 180_000, 420_000),
    SHOPKEEPER,
)
ORGANISATIONS = ("市人民医院", "供销批发", "社会保险基金中心")
"""The hospital, the supplier of the shops, and the fund that pays pensions; employers follow."""
HOSPITAL, SUPPLIER, PENSIONS = range(3)


@dataclass(frozen=True, slots=True)
class Resident:
    """Somebody: ``pays`` is who pays them, ``landlord`` to whom rent goes, ``kin`` who gives and is given red packets."""

    number: int
    name: str
    trade: Trade
    born_on: date
    comes_on: date
    pay: int
    payday: int
    pays: int
    landlord: int | None
    rent: int
    shop: int
    shops_on: tuple[int, int]
    kin: int
    saves: bool
    funds: bool
    sweeps: bool
    instalments: bool
    borrows_on: date | None
    careless: bool


@dataclass(frozen=True, slots=True)
class Town:
    """A city before its first day. ``organisations`` stand after the residents in the order of their numbers."""

    seed: int
    opened_on: date
    months: int
    residents: tuple[Resident, ...]
    organisations: tuple[str, ...]

    def place(self, organisation: int) -> int:
        """The number of an organisation."""
        return len(self.residents) + organisation

    @property
    def employers(self) -> range:
        """The numbers of those who pay wages."""
        return range(self.place(len(ORGANISATIONS)), self.place(len(self.organisations)))


def dice_of(seed: int, what: object) -> random.Random:
    """Chance for one purpose: it repeats, and nothing else that is drawn moves it."""
    return random.Random(f"{seed} {what}")  # noqa: S311 - a made-up city, repeatable


def settle(seed: int, people: int, months: int, opened_on: date) -> Town:
    """The people of a seed. A town of more people begins with the same ones."""
    employers = max(2, people // PEOPLE_AN_EMPLOYER)
    names = (*ORGANISATIONS, *(f"第{number + 1}工厂" for number in range(employers)))
    residents = tuple(_resident(seed, number, people, months, opened_on, employers) for number in range(people))
    return Town(seed, opened_on, months, residents, names)


def _resident(seed: int, number: int, people: int, months: int, opened_on: date, employers: int) -> Resident:
    dice = dice_of(seed, f"resident {number}")
    trade = SHOPKEEPER if is_shop(number) else TRADES[dice.randrange(len(TRADES) - 1)]
    employer = number % employers
    pensioner = trade.en == "retired"
    late = dice.randint(1, 100) > ARRIVING_PERCENT and number > LANDLORD_EVERY and not _borrows(number)
    shops = _shops(people)
    lives_free = number % LANDLORD_EVERY == 7 or dice.randint(1, 100) > 55
    age = dice.randint(62, 88) if pensioner else dice.randint(21, 56)
    pay = dice.randint(trade.least // 1000, trade.most // 1000) * 1000
    name = name_of(dice)
    return Resident(
        number=number,
        name=ordinary(seed) if number == 0 and name in OTHERS else name,  # the first is who a visitor is signed in as
        trade=trade,
        born_on=date(opened_on.year - age, dice.randint(1, 12), 1),
        comes_on=opened_on + timedelta(days=dice.randint(1, months * 10) if late else 0),
        pay=pay,
        payday=5 if pensioner else (5, 10, 15)[employer % 3],
        pays=people + (PENSIONS if pensioner else len(ORGANISATIONS) + employer),
        landlord=None if lives_free else _landlord(dice.randrange(people), people, number),
        rent=min(pay // 4, dice.randint(60, 220) * 1000),
        shop=shops[dice.randrange(len(shops))],
        shops_on=(dice.randint(1, 14), dice.randint(15, 28)),
        kin=(number + 1) % people,
        saves=dice.randint(1, 100) <= 35,
        funds=dice.randint(1, 100) <= 30,
        sweeps=dice.randint(1, 100) <= 3,
        instalments=dice.randint(1, 100) <= 6,
        borrows_on=_borrows_on(number, opened_on, months, dice.randint(0, months * 28)),
        careless=is_careless(number),
    )  # fmt: skip


def is_shop(number: int) -> bool:
    """Whether somebody keeps a shop."""
    return number % SHOP_EVERY == 3


def is_shop_loan(number: int) -> bool:
    """Whether a shopkeeper will borrow for stock."""
    return number % SHOP_LOAN_EVERY == 3


def is_careless(number: int) -> bool:
    """Whether a borrower will have spent the instalment before it is due."""
    return number % (2 * BORROWER_EVERY) == 12


def _borrows(number: int) -> bool:
    return number % BORROWER_EVERY == 12 or is_shop_loan(number)


def _borrows_on(number: int, opened_on: date, months: int, days: int) -> date | None:
    """The day of the application, any before the last month. The careless borrow early, so that a short town sees them late
    too; in a town of over a year every other one so late that the town's last day finds them late."""
    if not _borrows(number):
        return None
    if not is_careless(number):
        return opened_on + timedelta(days=3 + days)
    late_at_last = months > A_YEAR and number % (4 * BORROWER_EVERY) != 12
    return (
        add_months(opened_on, months) - timedelta(days=DAYS_BEFORE_LAST)
        if late_at_last
        else opened_on + timedelta(days=3)
    )


@lru_cache(maxsize=4)
def _shops(people: int) -> list[int]:
    """The shops of a town; of a city, those of its first streets."""
    return [number for number in range(min(people, 4_000)) if is_shop(number)] or [0]


def _landlord(near: int, people: int, tenant: int) -> int | None:
    """The landlord next to a place, who is nobody's own tenant."""
    found = near - near % LANDLORD_EVERY + 7
    return found if found < people and found != tenant else None
