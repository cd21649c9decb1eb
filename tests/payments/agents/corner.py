"""A corner shop for tests: a merchant that is an agent with a float, customers with phones, a device that signs."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from farthing.bank.founding import agreed
from farthing.identity import counting
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.parties import service as parties
from farthing.payments import service as payments
from farthing.payments.agents import float_service as floats
from farthing.payments.agents import queue_service as queues
from farthing.payments.agents import rules, signed
from farthing.payments.agents import serving_service as serving
from farthing.payments.agents.model import (
    Acted,
    Agent,
    AskCash,
    CashCode,
    Commission,
    CountBox,
    Counted,
    FloatMoved,
    GiveCash,
    Given,
    MoveFloat,
    OpenAgent,
    TakeCash,
)
from farthing.payments.agents.queued_model import Queued, RegisterDevice, Sync, Synced
from farthing.payments.agents.service import agent_of, open_agent
from farthing.payments.model import MoveByRail
from farthing.payments.payees import service as payees
from farthing.payments.payees.model import FindPayee
from tests.conftest import Bank
from tests.payments.customers import CARD
from tests.payments.merchants.shops import Shop, shop
from tests.payments.packets.people import herself, yuan

NOTHING = Commission(Money(0, "CNY"), "0")
USUAL = Commission(Money(0, "CNY"), "0.002"), Commission(Money(50, "CNY"), "0.003")


@dataclass
class Device:
    """A device of the agent: its key, and the number of its next act."""

    bank: Bank
    id: str
    agent: str
    key: Ed25519PrivateKey
    next: int = 1

    def now(self) -> datetime:
        """What a clock on the wall says."""
        found: datetime = self.bank.read(counting.wall)
        return found

    def act(
        self, way: str, amount: str, phone: str, code: str = "", at: datetime | None = None, number: int = 0
    ) -> Queued:
        """An act signed without a network."""
        unsigned = Queued(
            self.id,
            number or self.next,
            way,
            yuan(amount),
            (at or self.now()).isoformat(),
            "",
            phone,
            code,
        )
        self.next = max(self.next, unsigned.number + 1)
        return replace(unsigned, signature=signed.sign(self.key, self.agent, unsigned))


@dataclass
class Corner:
    """A shop that is an agent. ``customer`` has 500.00, ``poor`` nothing; the owner has 1,000.00 less what float he bought."""

    shop: Shop
    agent: Agent
    customer: str
    poor: str
    phones: dict[str, str] = field(default_factory=dict)

    @property
    def bank(self) -> Bank:
        return self.shop.bank

    @property
    def owner(self) -> str:
        return self.shop.owner

    def buy(self, amount: str, **more: object) -> FloatMoved:
        command = MoveFloat(self.owner, self.agent.id, yuan(amount))
        done: FloatMoved = self.bank.run(floats.buy_float, command, actor=herself(self.owner), **more)
        return done

    def sell(self, amount: str) -> FloatMoved:
        command = MoveFloat(self.owner, self.agent.id, yuan(amount))
        done: FloatMoved = self.bank.run(floats.sell_float, command, actor=herself(self.owner))
        return done

    def phone(self, party_id: str) -> str:
        if party_id not in self.phones:
            self.phones[party_id] = self.bank.read(lambda tx: parties.party(tx, party_id)).phone
        return self.phones[party_id]

    def word(self, party_id: str, cashier: str = "") -> str:
        """The cashier's word for a customer, whose phone was looked up."""
        by = cashier or self.owner
        found = self.bank.run(payees.find_payee, FindPayee(by, self.phone(party_id)), actor=herself(by))
        return payees.require_found(found).id

    def take(self, amount: str, of: str = "", cashier: str = "", **more: object) -> Acted:
        by = cashier or self.owner
        command = TakeCash(by, self.agent.id, self.word(of or self.customer, by), yuan(amount))
        done: Acted = self.bank.run(serving.cash_in, command, actor=herself(by), **more)
        return done

    def asks(self, amount: str, by: str = "") -> CashCode:
        who = by or self.customer
        made: CashCode = self.bank.run(serving.ask_cash, AskCash(who, yuan(amount)), actor=herself(who))
        return made

    def give(self, amount: str, code: str, to: str = "", cashier: str = "") -> Given:
        by = cashier or self.owner
        command = GiveCash(by, self.agent.id, self.word(to or self.customer, by), yuan(amount), code)
        done: Given = self.bank.run(serving.cash_out, command, actor=herself(by))
        return done

    def count(self, counted: str, put_in: str = "0", taken_out: str = "0") -> Counted:
        command = CountBox(self.owner, self.agent.id, yuan(counted), yuan(put_in), yuan(taken_out))
        done: Counted = self.bank.run(serving.count, command, actor=herself(self.owner))
        return done

    def device(self) -> Device:
        key = Ed25519PrivateKey.generate()
        command = RegisterDevice(self.owner, self.agent.id, "Phone at the shop", signed.public_of(key))
        made = self.bank.run(queues.register_device, command, actor=herself(self.owner))
        return Device(self.bank, made.id, self.agent.id, key)

    def sync(self, *acts: Queued) -> Synced:
        done: Synced = self.bank.run(queues.sync, Sync(self.owner, self.agent.id, acts), actor=herself(self.owner))
        return done

    def float(self) -> Money:
        found: Money = self.bank.read(lambda tx: ledger.balance(tx, rules.float_of(self.agent.id))).owed()
        return found

    def holds(self, party_id: str) -> Money:
        return self.shop.holds(party_id)


def corner(bank: Bank, policy: str = "cn", terms: tuple[Commission, Commission] = USUAL, low: str = "50.00") -> Corner:
    """The usual one: the noodle house of the street is an agent; its owner has 1,000.00, and no float yet."""
    noodles = shop(bank, policy)
    bank.run(payments.top_up, MoveByRail(noodles.owner, yuan("1000.00"), CARD))
    told = agreed(bank.kernel, open_agent, OpenAgent(noodles.merchant.id, *terms, yuan("2000.00"), yuan(low)))
    made = bank.read(lambda tx: agent_of(tx, told["id"])).agent
    return Corner(noodles, made, noodles.buyer, noodles.stranger)


def refused(work: object, *args: object, **more: object) -> str:
    with pytest.raises(Refusal) as caught:
        work(*args, **more)  # type: ignore[operator]
    return caught.value.code
