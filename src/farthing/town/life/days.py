"""Own a day of the city: who comes, earns, pays, saves, falls ill, gives red packets, borrows and pays late. Pure.

A life is told day by day; what a day brings follows from the seed, the day, and what people have in their purses.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

from farthing.town.life.festivals import is_eve, spending_percent
from farthing.town.life.purses import Purses
from farthing.town.life.residents import (
    HOSPITAL,
    PENSIONS,
    SHOPKEEPER,
    SUPPLIER,
    Resident,
    Town,
    dice_of,
    is_shop_loan,
)
from farthing.town.life.wishes import Borrow, Draw, Pay, PayArrears, Rail, Save, Units, Wishes

RED_PACKETS = (6_600, 8_800, 16_800, 18_800, 20_000, 66_600)
LATE_DAYS = 10
ILL_PER_MILLE, JOBLESS_PER_MILLE = 7, 6
TERMS = ("3m", "6m", "1y")
BABY, SMALL = "savings-baby", 50_000


class Life:
    """The city as it lives on: everybody's purse, who lost the job until when, who owes."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.purses = Purses(len(town.residents) + len(town.organisations))
        self.there: set[int] = set()
        self.saved: set[int] = set()
        self._jobless: dict[int, date] = {}
        self._arrears: dict[date, list[int]] = defaultdict(list)
        self._dues: dict[date, list[tuple[int, int]]] = defaultdict(list)
        self._comes: dict[date, list[int]] = defaultdict(list)
        self._borrows: dict[date, list[int]] = defaultdict(list)
        self._on: dict[tuple[str, int], list[Resident]] = defaultdict(list)
        for each in town.residents:
            self._comes[each.comes_on].append(each.number)
            if each.borrows_on is not None:
                self._borrows[each.borrows_on].append(each.number)
            self._on["pay", each.payday].append(each)
            self._on["save", each.payday + 2].append(each)
            self._on["rent", 1 + each.number % 5].append(each)
            self._on["luck", 1 + each.number % 28].append(each)
            for day in each.shops_on:
                self._on["shop", day].append(each)

    def day(self, on: date) -> Wishes:
        """What the city wants of the bank on a day; its purses are then as they will be if the bank does it all."""
        wishes = Wishes()
        self._come(wishes, on)
        self._earn(wishes, on)
        self._luck(wishes, on)
        self._rent(wishes, on)
        self._shop(wishes, on)
        if is_eve(on):
            self._red_packets(wishes, on)
        self._owe(wishes, on)
        self._save(wishes, on)
        return wishes

    def borrowers(self, on: date) -> list[int]:
        """Who will ask for a loan on a day that has not come."""
        return list(self._borrows.get(on, ()))

    def lent(self, who: int, minor: int, dues: Iterable[tuple[date, int]]) -> None:
        """Somebody was lent money, to be paid back on days."""
        self.purses.bring(who, minor)
        for due_on, amount in dues:
            self._dues[due_on].append((who, amount))

    def _of(self, what: str, on: date) -> list[Resident]:
        return [each for each in self._on[what, on.day] if each.number in self.there]

    def _come(self, wishes: Wishes, on: date) -> None:
        for number in self._comes.pop(on, []):
            each = self.town.residents[number]
            dice = dice_of(self.town.seed, f"comes {number}")
            brought = each.pay * dice.randint(80, 260) // 100
            self.there.add(number)
            self.purses.bring(number, brought)
            wishes.comes.append(number)
            wishes.rails.append(Rail(number, brought, "in"))
            if each.sweeps:
                self._put(wishes, Save(number, "savings-demand", 10_000, sweep=True))
            if each.instalments:
                self._put(wishes, Save(number, "savings-instalment", 20_000, "1y", collect=True))

    def _earn(self, wishes: Wishes, on: date) -> None:
        """Payrolls come in by the rail and go out as wages; the hospital and the supplier bring their money home."""
        wages = [(each, amount) for each in self._of("pay", on) if (amount := self._wage(each, on))]
        need: dict[int, int] = defaultdict(int)
        for each, amount in wages:
            need[each.pays] += amount
        for payer, minor in sorted(need.items()):
            self.purses.bring(payer, minor)
            wishes.rails.append(Rail(payer, minor, "in"))
        for each, amount in wages:
            memo = "养老金" if each.pays == self.town.place(PENSIONS) else "卖粮款" if each.trade.months else "工资"
            self._pay(wishes, each.pays, each.number, amount, f"{memo} {on:%Y-%m}")
        if on.day == 28:
            for place in (self.town.place(HOSPITAL), self.town.place(SUPPLIER)):
                out = self.purses[place] // 100_000 * 100_000
                if out:
                    wishes.rails.append(Rail(place, self.purses.take(place, out), "out"))

    def _wage(self, each: Resident, on: date) -> int:
        if each.trade == SHOPKEEPER or self._jobless.get(each.number, on) > on:
            return 0
        return each.pay if not each.trade.months or on.month in each.trade.months else 0

    def _luck(self, wishes: Wishes, on: date) -> None:
        """Illness costs savings first; a lost job is noticed on the next pay day; who planned a loan asks for it."""
        for number in self._borrows.pop(on, []):
            self._borrow(wishes, self.town.residents[number])
        for each in self._of("luck", on):
            dice = dice_of(self.town.seed, f"luck {each.number} {on}")
            chance = dice.randint(1, 1000)
            if chance <= ILL_PER_MILLE:
                self._ill(wishes, each, each.pay * dice.randint(50, 250) // 100)
            elif chance <= ILL_PER_MILLE + JOBLESS_PER_MILLE:
                self._jobless[each.number] = on + timedelta(days=30 * dice.randint(1, 3))

    def _ill(self, wishes: Wishes, each: Resident, cost: int) -> None:
        if self.purses[each.number] < cost and each.number in self.saved:
            wishes.draws.append(Draw(each.number))
        if self.purses[each.number] < cost:
            self._pay(wishes, each.kin, each.number, min(cost, self.purses[each.kin] // 3), "给家里看病")
        self._pay(wishes, each.number, self.town.place(HOSPITAL), cost, "住院费")

    def _borrow(self, wishes: Wishes, each: Resident) -> None:
        if is_shop_loan(each.number):
            wishes.borrows.append(Borrow(each.number, "shop-stock-loan", 3_000_000, 6, "节前进货"))
        else:
            wishes.borrows.append(Borrow(each.number, "rainy-day-loan", 300_000, 6, "家人住院"))

    def _rent(self, wishes: Wishes, on: date) -> None:
        for each in self._of("rent", on):
            if each.landlord in self.there and each.landlord is not None:
                self._pay(wishes, each.number, each.landlord, each.rent, f"房租 {on:%Y-%m}")

    def _shop(self, wishes: Wishes, on: date) -> None:
        percent = spending_percent(on)
        for each in self._of("shop", on):
            if each.shop == each.number or each.shop not in self.there:
                continue
            wish = each.pay * (18 + (each.number * 7 + on.month * 5) % 15) // 100 * percent // 100
            self._pay(wishes, each.number, each.shop, min(wish, self.purses[each.number] * 2 // 3), "购物")
        if on.day == 20:
            for number in sorted(self.there):
                if self.town.residents[number].trade == SHOPKEEPER:
                    self._pay(wishes, number, self.town.place(SUPPLIER), self.purses[number] * 65 // 100, "货款")

    def _red_packets(self, wishes: Wishes, on: date) -> None:
        for number in sorted(self.there):
            each = self.town.residents[number]
            if each.kin in self.there and each.kin != number:
                packet = RED_PACKETS[(number + on.year) % len(RED_PACKETS)]
                self._pay(wishes, number, each.kin, min(packet, self.purses[number] // 4), "新年红包 恭喜发财")

    def _owe(self, wishes: Wishes, on: date) -> None:
        """The careless have spent the instalment before it is collected, and pay ten days later with their kin's help."""
        for who, amount in self._dues.pop(on, []):
            each = self.town.residents[who]
            if each.careless and each.shop != who:
                self._pay(wishes, who, each.shop, self.purses[who], "购物")
                self._arrears[on + timedelta(days=LATE_DAYS)].append(who)
            else:
                self.purses.take(who, amount)
        for who in self._arrears.pop(on, []):
            each = self.town.residents[who]
            self._pay(wishes, each.kin, who, self.purses[each.kin] // 2, "周转")
            wishes.arrears.append(PayArrears(who))

    def _save(self, wishes: Wishes, on: date) -> None:
        for each in self._of("save", on):
            spare = self.purses[each.number] - each.pay
            turn = (on.month + each.number) % 3
            if each.saves and turn == 0 and spare >= SMALL:
                renewal = "principal_and_interest" if each.number % 2 else "none"
                amount = spare // 2 // 10_000 * 10_000
                self._put(wishes, Save(each.number, "savings-lump-sum", amount, TERMS[each.number % 3], renewal))
            elif each.funds and turn == 1 and spare >= SMALL:
                minor = self.purses.take(each.number, spare // 4)
                wishes.units.append(Units(each.number, minor, "buy"))
            elif each.funds and turn == 2 and self.purses[each.number] < each.pay // 4:
                wishes.units.append(Units(each.number, SMALL, "redeem"))

    def _put(self, wishes: Wishes, save: Save) -> None:
        if save.minor >= 5_000 and self.purses[save.who] >= save.minor:
            self.purses.take(save.who, save.minor)
            wishes.saves.append(save)
            if save.product == "savings-lump-sum":
                self.saved.add(save.who)

    def _pay(self, wishes: Wishes, payer: int, payee: int, minor: int, memo: str) -> None:
        if payer == payee or not (self._is_there(payer) and self._is_there(payee)):
            return
        paid = self.purses.pay(payer, payee, minor)
        if paid:
            wishes.pays.append(Pay(payer, payee, paid, memo))

    def _is_there(self, place: int) -> bool:
        return place in self.there or place >= len(self.town.residents)
