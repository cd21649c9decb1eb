"""A shop for tests: a merchant with a till and a cashier, people with money, under a law."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest

from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.payments import service as payments
from farthing.payments.merchants import refunds_service as refunds
from farthing.payments.merchants import rules
from farthing.payments.merchants import service as merchants
from farthing.payments.merchants import taking_service as taking
from farthing.payments.merchants.model import (
    AddTill,
    ChargeByCode,
    CodePaid,
    Fee,
    MakeCode,
    Merchant,
    OpenMerchant,
    PayByCode,
    PayTill,
    Refunded,
    RefundPayment,
    SetCashier,
    ShownPayerCode,
    ShowPayerCode,
)
from tests.conftest import Bank
from tests.payments.packets.people import herself, street, yuan

OLDER = "UPDATE pay_code SET expires_at = expires_at - %s WHERE expires_at IS NOT NULL"
CHEAP = Fee("0.006")


@dataclass
class Shop:
    """A bank under a law, who buys, who owns the shop, and who stands at its till."""

    bank: Bank
    buyer: str
    owner: str
    cashier: str
    stranger: str
    merchant: Merchant
    till: PayTill

    def code(self, amount: str | None = None, cashier: str = "") -> str:
        by = cashier or self.cashier
        command = MakeCode(by, self.till.id, yuan(amount) if amount else None)
        made: str = self.bank.run(merchants.make_code, command, actor=herself(by)).text
        return made

    def pay(self, code: str, amount: str | None = None, payer: str = "", **more: object) -> CodePaid:
        by = payer or self.buyer
        command = PayByCode(by, code, yuan(amount) if amount else None)
        done: CodePaid = self.bank.run(taking.pay, command, actor=herself(by), **more)
        return done

    def shows(self, payer: str = "") -> ShownPayerCode:
        by = payer or self.buyer
        shown: ShownPayerCode = self.bank.run(merchants.show_payer_code, ShowPayerCode(by), actor=herself(by))
        return shown

    def charge(self, code: str, amount: str, cashier: str = "", **more: object) -> CodePaid:
        by = cashier or self.cashier
        command = ChargeByCode(by, self.till.id, yuan(amount), code)
        done: CodePaid = self.bank.run(taking.charge, command, actor=herself(by), **more)
        return done

    def refund(self, payment: str, amount: str, cashier: str = "", **more: object) -> Refunded:
        by = cashier or self.cashier
        command = RefundPayment(by, self.merchant.id, payment, yuan(amount))
        done: Refunded = self.bank.run(refunds.refund, command, actor=herself(by), **more)
        return done

    def holds(self, party_id: str) -> Money:
        found: Money = self.bank.read(lambda tx: payments.wallet(tx, party_id)).balance
        return found

    def waits(self) -> Money:
        found: Money = self.bank.read(lambda tx: ledger.balance(tx, rules.escrow_of(self.merchant.id))).owed()
        return found

    def earned(self) -> Money:
        found: Money = self.bank.read(lambda tx: ledger.balance(tx, rules.EARNED)).owed()
        return found

    def later(self, seconds: int) -> None:
        """Let so much of every code's time go by."""
        with self.bank.superuser() as connection:
            connection.execute(OLDER, [timedelta(seconds=seconds)])


def shop(bank: Bank, policy: str = "cn", fee: Fee = CHEAP, settles: str = "net") -> Shop:
    """The usual one: 500.00 with the buyer, a noodle house, one till, one cashier."""
    people = street(bank, policy)
    owner, cashier, stranger, _ = people.friends
    contract = OpenMerchant(owner, "Noodle house", "Chengdu", "5812", fee, settles, "面馆")  # type: ignore[arg-type]
    merchant = bank.run(merchants.open_merchant, contract)
    till = bank.run(merchants.add_till, AddTill(owner, merchant.id, "East gate", "Till 1"), actor=herself(owner))
    bank.run(merchants.set_cashier, SetCashier(owner, merchant.id, cashier), actor=herself(owner))
    return Shop(bank, people.sender, owner, cashier, stranger, merchant, till)


def refused(work: object, *args: object, **more: object) -> str:
    with pytest.raises(Refusal) as caught:
        work(*args, **more)  # type: ignore[operator]
    return caught.value.code
