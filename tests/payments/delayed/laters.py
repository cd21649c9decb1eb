"""Who pays later for tests, and hours that go by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from farthing.kit.money import Money
from farthing.payments import service as payments
from farthing.payments.delayed import service as delayed
from farthing.payments.delayed.model import DelayedView, PayLater, TakeBackPayment, When
from tests.conftest import Bank
from tests.payments.packets.people import herself, yuan
from tests.payments.requests.askers import Circle, circle


@dataclass
class Later:
    """``rich`` has 500.00 and pays ``friend`` later."""

    people: Circle
    rich: str
    friend: str

    @property
    def bank(self) -> Bank:
        return self.people.bank

    def pay(self, amount: str = "10.00", when: When = "two_hours", **options: object) -> DelayedView:
        command = PayLater(self.rich, self.people.word(self.rich, self.friend), yuan(amount), when, "rent")
        made: DelayedView = self.bank.run(delayed.pay, command, actor=herself(self.rich), **options)
        return made

    def take_back(self, made: DelayedView) -> DelayedView:
        command = TakeBackPayment(self.rich, made.id)
        done: DelayedView = self.bank.run(delayed.take_back, command, actor=herself(self.rich))
        return done

    def seen(self, made: DelayedView) -> DelayedView:
        found: DelayedView = self.bank.read(
            lambda tx: delayed.payment(tx, self.rich, made.id), actor=herself(self.rich)
        )
        return found

    def hours(self, hours: float) -> None:
        """Let so much of each payment's time go by."""
        with self.bank.superuser() as connection:
            connection.execute("UPDATE delayed_payment SET goes_at = goes_at - %s", [timedelta(hours=hours)])

    def spends(self) -> Money:
        found: Money = self.bank.read(lambda tx: payments.wallet(tx, self.rich)).available
        return found


def later(bank: Bank) -> Later:
    people = circle(bank)
    return Later(people, people.rich, people.others[0])
