"""Who pays whom for tests of what is looked at: one with money, others with wallets, a clerk and a second."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from farthing.kit.money import Money
from farthing.parties import service as parties
from farthing.parties.model import VerifyIdentity
from farthing.payments import service as payments
from farthing.payments.fraud import service as fraud
from farthing.payments.fraud.audit_service import verify_fraud
from farthing.payments.fraud.model import HeldCase, OwnHeld
from farthing.payments.model import MoveByRail, OpenWallet, Transfer, Transferred
from farthing.payments.payees import service as payees
from farthing.payments.payees.model import FindPayee
from tests.conftest import Bank
from tests.hands import law
from tests.parties.people import register_person
from tests.payments.customers import CARD
from tests.payments.packets.people import herself, yuan

OVER = "UPDATE held_payment SET until_at = until_at - %s WHERE state = 'held'"


@dataclass
class Victims:
    """``rich`` has 300,000.00, the others 1,000.00 each; all are confirmed, nobody has paid anybody."""

    bank: Bank
    rich: str
    others: list[str]

    def pay(self, amount: str, to: int = 0, payer: str = "", **more: Any) -> Transferred:
        by = payer or self.rich
        command = Transfer(by, self.others[to], yuan(amount), more.pop("memo", ""), more.pop("id", None))
        done: Transferred = self.bank.run(payments.transfer, command, actor=herself(by), **more)
        return done

    def holds(self, party: str) -> Money:
        found: Money = self.bank.read(lambda tx: payments.wallet(tx, party)).balance
        return found

    def available(self, party: str) -> Money:
        found: Money = self.bank.read(lambda tx: payments.wallet(tx, party)).available
        return found

    def case(self, payment: Transferred) -> HeldCase:
        found: HeldCase = self.bank.read(lambda tx: fraud.case(tx, payment.id))
        return found

    def own(self, payment: str) -> OwnHeld:
        found: OwnHeld = self.bank.read(lambda tx: fraud.own(tx, self.rich, payment), actor=herself(self.rich))
        return found

    def over(self, hours: float = 24) -> None:
        """Let so much of the time of what waits go by."""
        with self.bank.superuser() as connection:
            connection.execute(OVER, [timedelta(hours=hours)])

    def clean(self) -> None:
        assert self.bank.read(verify_fraud, snapshot=True).findings == ()


def victims(bank: Bank, policy: str = "cn") -> Victims:
    law(bank, policy)
    ids: list[str] = bank.begin(f"victims {policy}", _people)
    return Victims(bank, ids[0], ids[1:])


def _people(bank: Bank) -> list[str]:
    people = [register_person(bank, number).id for number in range(13)]
    for each in people:
        bank.run(parties.verify_identity, VerifyIdentity(each))
        bank.run(payments.open_wallet, OpenWallet(each))
        amount = "300000.00" if each == people[0] else "1000.00"
        bank.run(payments.top_up, MoveByRail(each, yuan(amount), CARD))
    return people


def word(them: Victims, to: int) -> str:
    """The payer's word for one of the others, looked up by the phone."""
    phone = them.bank.read(lambda tx: parties.party(tx, them.others[to])).phone
    found = them.bank.run(payees.find_payee, FindPayee(them.rich, phone), actor=herself(them.rich))
    return payees.require_found(found).id
