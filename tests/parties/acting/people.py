"""People who act for each other, for tests: a grandmother with money, her grandson, a neighbour, and two tellers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from farthing.identity.rules import actor_of
from farthing.kernel import approvals
from farthing.kernel.acting import service as acting
from farthing.kernel.approvals import Decide
from farthing.kit.actor import Actor
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.parties import service as parties
from farthing.parties.acting import service
from farthing.parties.acting.model import EnterGuardian, EnterSignatory
from farthing.parties.model import VerifyIdentity
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail, OpenWallet, Transfer
from tests.conftest import Bank
from tests.parties.people import hospital, register_person

CARD = "6222021234567890123"


def yuan(text: str) -> Money:
    return Money.parse(text, "CNY")


def herself(party_id: str) -> Actor:
    return actor_of(f"customer:{party_id[6:]}", "customer", party_id)


def two(bank: Bank, command: Any, function: Any) -> Any:
    """Done by one teller and wanted by another."""
    pending = bank.run(function, command, actor=actor_of("teller:one", "teller", None, "person_one"))
    other = actor_of("teller:two", "teller", None, "person_two")
    seen = bank.kernel.look(approvals.decide, Decide(pending.approval_id, True), actor=other).seen
    decided = bank.run(approvals.decide, Decide(pending.approval_id, True), actor=other, seen=seen)
    assert decided.state == "approved", decided.refusal_code
    return decided


@dataclass
class Family:
    """A bank and who is known in it; each has a wallet, and grandmother 5,000.00."""

    bank: Bank
    elder: str
    grandson: str
    neighbour: str
    firm: str

    @property
    def today(self) -> date:
        return self.bank.kernel.clock().business_date

    def guard(self, scope: tuple[str, ...] = ("see", "pay"), **changes: Any) -> str:
        """The grandson is her guardian; answers the power."""
        given: dict[str, Any] = {
            "until": self.today + timedelta(days=90), "most_each": yuan("500.00"), "most_day": yuan("1000.00"), **changes
        }  # fmt: skip
        command = EnterGuardian(self.elder, self.grandson, "court", "（2026）沪01民特1号", scope, **given)
        two(self.bank, command, service.enter_guardian)
        return str(self.held(self.grandson)[0].id)

    def signs(self, person: str, role: str = "signatory", **changes: Any) -> str:
        """A person signs for the firm; answers the power."""
        given: dict[str, Any] = {"scope": ("see", "pay", "sign"), "document": "board minutes 2026-05-02", **changes}
        two(self.bank, EnterSignatory(self.firm, person, role, **given), service.enter_signatory)  # type: ignore[arg-type]
        return str(self.held(person)[0].id)

    def held(self, party: str) -> Any:
        return self.bank.kernel.ask(service.powers_held, party, actor=herself(party))

    def under(self, party: str, power_id: str) -> Actor:
        found: Actor = self.bank.read(lambda tx: acting.become(tx, herself(party), power_id))
        return found

    def pay(self, who: Actor, payer: str, payee: str, amount: str, **options: Any) -> Any:
        return self.bank.run(payments.transfer, Transfer(payer, payee, yuan(amount)), actor=who, **options)

    def refused(self, who: Actor, payer: str, payee: str, amount: str) -> str | None:
        try:
            self.pay(who, payer, payee, amount)
        except Refusal as refusal:
            return refusal.code
        return None

    def has(self, party: str) -> Money:
        found: Money = self.bank.read(lambda tx: payments.wallet(tx, party)).balance
        return found

    def messages(self, party: str) -> list[str]:
        phone = self.bank.read(lambda tx: parties.party(tx, party)).phone
        return [each.text for each in self.bank.kernel.ports.peer("gateway").sent_to(phone)]


def family(bank: Bank) -> Family:
    """Three neighbours and a hospital."""
    return Family(bank, *bank.begin("people who act for each other", _moved_in))


def _moved_in(bank: Bank) -> tuple[str, str, str, str]:
    people = [register_person(bank, number).id for number in range(3)]
    firm = bank.run(parties.register_organisation, hospital()).id
    for party in (*people, firm):
        bank.run(payments.open_wallet, OpenWallet(party))
        bank.run(parties.verify_identity, VerifyIdentity(party))
    for party in (people[0], firm):
        bank.run(payments.top_up, MoveByRail(party, yuan("5000.00"), CARD))
    return people[0], people[1], people[2], firm
