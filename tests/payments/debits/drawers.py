"""Who draws of whom for tests: a noodle house that may draw of ``rich``, who has 500.00."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from farthing.kernel.day import close_day
from farthing.payments.debits import drawing_service as drawing
from farthing.payments.debits import service as debits
from farthing.payments.debits.model import (
    AnnounceDebit,
    DebitView,
    EndMandate,
    MandateView,
    PayersDebit,
    ProposeMandate,
    SignMandate,
)
from farthing.payments.merchants import service as merchants
from farthing.payments.merchants.model import Fee, OpenMerchant
from tests.conftest import Bank
from tests.payments.packets.people import herself, yuan
from tests.payments.requests.askers import Circle, circle

NOTICE = 3
"""Days, by the pack ``cn``."""


@dataclass
class Shop:
    people: Circle
    rich: str
    owner: str
    merchant: str

    @property
    def bank(self) -> Bank:
        return self.people.bank

    @property
    def today(self) -> date:
        return self.bank.kernel.clock().business_date

    def propose(
        self, each: str = "100.00", month: str = "150.00", creditor: str = "", merchant: str | None = None
    ) -> MandateView:
        by = creditor or self.owner
        named = self.merchant if merchant is None else merchant
        command = ProposeMandate(
            by, self.people.word(by, self.rich), "Noodles each week", yuan(each), yuan(month), None, named
        )
        made: MandateView = self.bank.run(debits.propose, command, actor=herself(by))
        return made

    def sign(
        self, mandate: MandateView, each: str = "100.00", month: str = "150.00", until: date | None = None
    ) -> MandateView:
        return self._limited(debits.sign, mandate, each, month, until)

    def limit(self, mandate: MandateView, each: str, month: str, until: date | None = None) -> MandateView:
        return self._limited(debits.set_limits, mandate, each, month, until)

    def _limited(
        self, function: object, mandate: MandateView, each: str, month: str, until: date | None
    ) -> MandateView:
        command = SignMandate(self.rich, mandate.id, yuan(each), yuan(month), until)
        done: MandateView = self.bank.run(function, command, actor=herself(self.rich))  # type: ignore[arg-type]
        return done

    def signed(self, **more: str) -> MandateView:
        return self.sign(self.propose(), **more)  # type: ignore[arg-type]

    def end(self, mandate: MandateView, party: str = "") -> MandateView:
        by = party or self.rich
        done: MandateView = self.bank.run(debits.end, EndMandate(by, mandate.id), actor=herself(by))
        return done

    def announce(self, mandate: MandateView, amount: str = "50.00", after: int = NOTICE, **more: object) -> DebitView:
        due_on = self.today + timedelta(days=after)
        command = AnnounceDebit(self.owner, mandate.id, yuan(amount), due_on, **more)  # type: ignore[arg-type]
        made: DebitView = self.bank.run(debits.announce, command, actor=herself(self.owner))
        return made

    def stop(self, debit: DebitView) -> DebitView:
        command = PayersDebit(self.rich, debit.mandate_id, debit.id)
        done: DebitView = self.bank.run(debits.stop, command, actor=herself(self.rich))
        return done

    def back(self, debit: DebitView, payer: str = "") -> DebitView:
        by = payer or self.rich
        command = PayersDebit(by, debit.mandate_id, debit.id)
        done: DebitView = self.bank.run(drawing.refund, command, actor=herself(by))
        return done

    def seen(self, debit: DebitView) -> DebitView:
        found = self.bank.read(lambda tx: debits.mandate(tx, self.rich, debit.mandate_id), actor=herself(self.rich))
        return next(each for each in found.debits if each.id == debit.id)

    def close(self, days: int = 1) -> None:
        for _ in range(days):
            close_day(self.bank.kernel)


def shop(bank: Bank) -> Shop:
    people = circle(bank)
    owner = people.others[0]
    contract = OpenMerchant(owner, "Noodle house", "Chengdu", "5812", Fee("0.006"), "net", "面馆")
    return Shop(people, people.rich, owner, bank.run(merchants.open_merchant, contract).id)
