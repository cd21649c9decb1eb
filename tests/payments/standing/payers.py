"""Who arranges payments for tests, and days that go by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from farthing.kernel.day import close_day
from farthing.kit.money import Money
from farthing.payments.standing import service as standing
from farthing.payments.standing.model import MakeStanding, OrderView, StopStanding
from tests.conftest import Bank
from tests.payments.packets.people import herself, yuan
from tests.payments.requests.askers import Circle, circle


@dataclass
class Payer:
    """``rich`` has 500.00 and arranges payments to others."""

    people: Circle
    rich: str
    friend: str

    @property
    def bank(self) -> Bank:
        return self.people.bank

    @property
    def today(self) -> date:
        return self.bank.kernel.clock().business_date

    def make(self, amount: str = "10.00", after: int = 0, payer: str = "", **more: object) -> OrderView:
        by, to = (payer or self.rich), (self.friend if not payer else self.rich)
        first = self.today + timedelta(days=after)
        command = MakeStanding(by, self.people.word(by, to), yuan(amount), first, **more)  # type: ignore[arg-type]
        made: OrderView = self.bank.run(standing.make, command, actor=herself(by))
        return made

    def stop(self, order: OrderView, payer: str = "") -> OrderView:
        by = payer or self.rich
        done: OrderView = self.bank.run(standing.stop, StopStanding(by, order.id), actor=herself(by))
        return done

    def seen(self, order: OrderView, payer: str = "") -> OrderView:
        by = payer or self.rich
        found: OrderView = self.bank.read(lambda tx: standing.order(tx, by, order.id), actor=herself(by))
        return found

    def holds(self, party: str) -> Money:
        return self.people.holds(party)

    def close(self, days: int = 1) -> None:
        for _ in range(days):
            close_day(self.bank.kernel)


def payer(bank: Bank) -> Payer:
    people = circle(bank)
    return Payer(people, people.rich, people.others[0])
