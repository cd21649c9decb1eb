"""Files of payment orders for tests: pain.001 as an accounting program writes it, and a house whose customer brings them."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from lxml import etree

from farthing.parties import service as parties
from farthing.payments import service as payments
from farthing.payments.iso20022 import initiation
from farthing.payments.iso20022.schema import tree_of
from farthing.payments.model import OpenWallet
from farthing.payments.orders import making_service as making
from farthing.payments.orders import service as orders
from farthing.payments.orders.model import AgreeOrders, BringOrders, FileTold, WithdrawOrders
from tests.conftest import Bank
from tests.parties.people import register_person
from tests.payments.life.house import CARD, House, house_of


@dataclass(frozen=True)
class Order:
    """One order as a file has it; ``to``: an account outside, a customer's number, an IBAN or (with ``phone``) a phone."""

    id: str
    amount: str = "3.00"
    to: str = CARD
    name: str = "王秀兰"
    currency: str = "CNY"
    memo: str = ""
    phone: bool = False
    instruction: bool = True
    end_to_end: str = ""
    uetr: str = ""


def account(order: Order) -> str:
    if order.to[:2].isalpha() and order.to[2:4].isdigit():
        return f"<Id><IBAN>{order.to}</IBAN></Id>"
    scheme = "<SchmeNm><Prtry>PHONE</Prtry></SchmeNm>" if order.phone else ""
    return f"<Id><Othr><Id>{order.to}</Id>{scheme}</Othr></Id>"


def transaction(order: Order) -> str:
    ids = (f"<InstrId>{order.id}</InstrId>" if order.instruction else "") + (
        f"<EndToEndId>{order.end_to_end or order.id}</EndToEndId>"
        + (f"<UETR>{order.uetr}</UETR>" if order.uetr else "")
    )
    memo = f"<RmtInf><Ustrd>{order.memo}</Ustrd></RmtInf>" if order.memo else ""
    return (
        f'<CdtTrfTxInf><PmtId>{ids}</PmtId><Amt><InstdAmt Ccy="{order.currency}">{order.amount}</InstdAmt></Amt>'
        f"<Cdtr><Nm>{order.name}</Nm></Cdtr><CdtrAcct>{account(order)}</CdtrAcct>{memo}</CdtTrfTxInf>"
    )


def written(
    debtor: str,
    some: Sequence[Order],
    message: str = "MSG-1",
    on: date = date(2026, 6, 10),
    batches: int = 1,
    **said: Any,
) -> bytes:
    """The file: its count and sum are right unless they are said otherwise."""
    total = sum((Decimal(each.amount) for each in some), Decimal())
    head = f"<NbOfTxs>{said.get('count', len(some))}</NbOfTxs><CtrlSum>{said.get('sum', total)}</CtrlSum>"
    parts = [list(some[at::batches]) for at in range(batches)]
    bodies = "".join(
        f"<PmtInf><PmtInfId>{message}/{number}</PmtInfId><PmtMtd>{said.get('method', 'TRF')}</PmtMtd>"
        f"<ReqdExctnDt><Dt>{on}</Dt></ReqdExctnDt><Dbtr><Nm>Shop</Nm></Dbtr>"
        f"<DbtrAcct><Id><Othr><Id>{debtor}</Id></Othr></Id></DbtrAcct>"
        f"<DbtrAgt><FinInstnId><Othr><Id>FARTHING</Id></Othr></FinInstnId></DbtrAgt>"
        f"{''.join(map(transaction, part))}</PmtInf>"
        for number, part in enumerate(parts)
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09">'
        f"<CstmrCdtTrfInitn><GrpHdr><MsgId>{message}</MsgId><CreDtTm>2026-06-10T09:00:00+08:00</CreDtTm>{head}"
        f"<InitgPty><Nm>Shop</Nm></InitgPty></GrpHdr>{bodies}</CstmrCdtTrfInitn></Document>"
    ).encode()


@dataclass
class Payroll:
    """A house whose customer has a thousand yuan and brings files; ``bob`` is another customer here."""

    house: House
    bob: str
    bob_name: str
    bob_phone: str
    brought: list[str] = field(default_factory=list)

    @property
    def bank(self) -> Bank:
        return self.house.bank

    @property
    def today(self) -> date:
        found: date = self.bank.kernel.clock().business_date
        return found

    def to_bob(self, name: str, amount: str = "2.00", **more: Any) -> Order:
        return Order(name, amount, self.bob, self.bob_name, **more)

    def bring(self, *some: Order, message: str = "MSG-1", key: str | None = None, **said: Any) -> FileTold:
        said.setdefault("on", self.today)
        return self.bring_file(written(said.pop("debtor", self.house.ann), some, message, **said), key)

    def bring_file(self, content: bytes, key: str | None = None) -> FileTold:
        command = BringOrders(self.house.ann, base64.b64encode(content).decode())
        found: FileTold = self.bank.run(orders.bring, command, actor=self.house.own, key=key)
        return found

    def agree(self, told: FileTold) -> FileTold:
        done: FileTold = self.bank.run(orders.agree, AgreeOrders(self.house.ann, told.id), actor=self.house.own)
        return done

    def withdraw(self, told: FileTold) -> FileTold:
        done: FileTold = self.bank.run(orders.withdraw, WithdrawOrders(self.house.ann, told.id), actor=self.house.own)
        return done

    def make(self) -> None:
        """What is due is made and the rail asked."""
        making.watch(self.bank.kernel)
        self.house.settle()

    def file(self, told: FileTold) -> FileTold:
        found: FileTold = self.bank.kernel.ask(orders.file, self.house.ann, told.id, actor=self.house.own)
        return found

    def report(self, told: FileTold) -> etree._Element:
        """The answer, held to its schema again."""
        found = self.bank.kernel.ask(orders.report, self.house.ann, told.id, actor=self.house.own)
        return tree_of(base64.b64decode(found.content), initiation.REPORT)[1]

    def statuses(self, told: FileTold) -> dict[str, str]:
        """What the answer says of the whole and of each order, with its reason."""
        root = self.report(told)
        found = {"": said(root, "GrpSts")}
        for each in root.iter("{*}TxInfAndSts"):
            found[said(each, "OrgnlEndToEndId")] = " ".join(filter(None, (said(each, "TxSts"), said(each, "Cd"))))
        return found

    def holds(self, party: str) -> int:
        return self.bank.read(lambda tx: payments.wallet(tx, party)).balance.minor


def said(at: etree._Element, name: str) -> str:
    found = at.find(f".//{{*}}{name}")
    return "" if found is None else str(found.text)


def payroll_of(bank: Bank) -> Payroll:
    house = house_of(bank)

    def work(bank: Bank) -> str:
        party: str = register_person(bank, 2).id
        bank.run(payments.open_wallet, OpenWallet(party))
        return party

    bob = work(bank)
    known = bank.read(lambda tx: parties.party(tx, bob))
    return Payroll(house, bob, known.name, known.phone)
