"""Who asks whom for tests: people who looked each other up, and time that goes by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest

from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.parties import service as parties
from farthing.payments.payees import service as payees
from farthing.payments.payees.model import FindPayee, PayeeFound
from farthing.payments.requests import service as requests
from farthing.payments.requests import splitting_service as splitting
from farthing.payments.requests.model import (
    AskToPay,
    BillShare,
    BillView,
    Block,
    Blocked,
    Decline,
    OwnRequest,
    PayRequest,
    RequestPaid,
    RequestView,
    SplitBill,
    Unblock,
)
from tests.conftest import Bank
from tests.payments.packets.people import Street, herself, street, yuan

OLDER = "UPDATE pay_request SET expires_at = expires_at - %s WHERE state = 'open'"
YESTERDAY = "UPDATE pay_request SET reminded_on = reminded_on - 1"
__all__ = ("yuan",)


@dataclass
class Circle:
    """``rich`` has 500.00, the others nothing; all are confirmed."""

    bank: Bank
    rich: str
    others: list[str]

    def word(self, asker: str, whom: str) -> str:
        """The asker's own word for somebody."""
        phone = self.bank.read(lambda tx: parties.party(tx, whom)).phone
        found: PayeeFound = self.bank.run(payees.find_payee, FindPayee(asker, phone), actor=herself(asker))
        return payees.require_found(found).id

    def ask(self, asker: str, whom: str, amount: str = "20.00", **more: object) -> RequestView:
        command = AskToPay(asker, self.word(asker, whom), yuan(amount), **more)  # type: ignore[arg-type]
        made: RequestView = self.bank.run(requests.ask, command, actor=herself(asker))
        return made

    def pay(self, payer: str, request: str, key: str | None = None) -> RequestPaid:
        paid: RequestPaid = self.bank.run(requests.pay, PayRequest(payer, request), actor=herself(payer), key=key)
        return paid

    def decline(self, payer: str, request: str, word: str = "") -> RequestView:
        done: RequestView = self.bank.run(requests.decline, Decline(payer, request, word), actor=herself(payer))
        return done

    def withdraw(self, asker: str, request: str) -> RequestView:
        done: RequestView = self.bank.run(requests.withdraw, OwnRequest(asker, request), actor=herself(asker))
        return done

    def remind(self, asker: str, request: str) -> RequestView:
        done: RequestView = self.bank.run(requests.remind, OwnRequest(asker, request), actor=herself(asker))
        return done

    def block(self, payer: str, request: str) -> Blocked:
        done: Blocked = self.bank.run(requests.block, Block(payer, request), actor=herself(payer))
        return done

    def unblock(self, payer: str, block: str) -> Blocked:
        done: Blocked = self.bank.run(requests.unblock, Unblock(payer, block), actor=herself(payer))
        return done

    def split(self, maker: str, total: str, *people: tuple[str, str | None], **more: object) -> BillView:
        shares = tuple(BillShare(self.word(maker, who), yuan(part) if part else None) for who, part in people)
        command = SplitBill(maker, yuan(total), shares, **more)  # type: ignore[arg-type]
        made: BillView = self.bank.run(splitting.split, command, actor=herself(maker))
        return made

    def seen(self, party: str, request: str) -> RequestView:
        found: RequestView = self.bank.read(lambda tx: requests.request(tx, party, request), actor=herself(party))
        return found

    def bill(self, maker: str, split: str) -> BillView:
        found: BillView = self.bank.read(lambda tx: splitting.bill(tx, maker, split), actor=herself(maker))
        return found

    def holds(self, party_id: str) -> Money:
        return Street(self.bank, self.rich, self.others).holds(party_id)

    def later(self, days: float) -> None:
        """Let so much of every open request's time go by."""
        with self.bank.superuser() as connection:
            connection.execute(OLDER, [timedelta(days=days)])

    def next_day(self) -> None:
        """What was reminded of today was so yesterday."""
        with self.bank.superuser() as connection:
            connection.execute(YESTERDAY)


def circle(bank: Bank, policy: str = "cn") -> Circle:
    people = street(bank, policy)
    return Circle(bank, people.sender, people.friends)


def refused(work: object, *args: object, **more: object) -> str:
    with pytest.raises(Refusal) as caught:
        work(*args, **more)  # type: ignore[operator]
    return caught.value.code
