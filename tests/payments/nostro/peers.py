"""A bank with a customer less a rail that is a bank of its own, which tells statements; each day of both is closed together."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date

from farthing.kernel import errands
from farthing.kernel.day import close_day
from farthing.payments.iso20022 import writer
from farthing.payments.iso20022.model import Statement
from farthing.payments.life.audit_service import verify_movements
from farthing.payments.nostro import breaks_service, service
from farthing.payments.nostro.audit_service import verify_nostro
from farthing.payments.nostro.client import IsoStatements
from farthing.payments.nostro.model import BringStatement, RailBreak, RailReconciled, StatementsTaken
from farthing.payments.rail_client import IsoRail
from farthing.town.bank_server import BankServer
from farthing.town.sandbox_account import Booking
from farthing.town.sandbox_bank import SandboxBank
from tests.conftest import Bank
from tests.payments.life.house import House, cny, house_of
from tests.waits import patience

LONG_MS = int(patience(5) * 1000)


@dataclass
class Nostro:
    """The house and the bank at the other end."""

    house: House
    peer: BankServer

    @property
    def bank(self) -> Bank:
        return self.house.bank

    @property
    def today(self) -> date:
        found: date = self.bank.kernel.clock().business_date
        return found

    def close(self) -> date:
        """Close a day and take its statement; answers the day."""
        on = self.today
        close_day(self.bank.kernel)
        errands.sweep(self.bank.kernel, everything=True)
        return on

    def day(self, on: date) -> RailReconciled:
        found: RailReconciled = self.bank.read(lambda tx: breaks_service.reconciliation(tx, "sandbox", on))
        return found

    def kinds(self, on: date) -> list[str]:
        return sorted(each.kind for each in self.day(on).breaks)

    def open(self) -> tuple[RailBreak, ...]:
        found: tuple[RailBreak, ...] = self.bank.read(breaks_service.breaks).breaks
        return found

    def bring(self, *told: Statement) -> StatementsTaken:
        content = writer.write("m", told[0].made_at, told)
        return self.bring_file(content)

    def bring_file(self, content: bytes) -> StatementsTaken:
        command = BringStatement("sandbox", base64.b64encode(content).decode())
        found: StatementsTaken = self.bank.run(service.bring_statement, command)
        return found

    def proven(self, on: date) -> None:
        """Our closing balance and what stands come to the statement's, and everything is derived again to the same."""
        found = self.day(on)
        standing = sum(each.difference.minor for each in found.breaks)
        assert found.day.ours.minor + standing == found.day.theirs.minor
        assert self.bank.read(verify_nostro).findings == ()
        assert self.bank.read(verify_movements).findings == ()


@contextmanager
def nostro_of(bank: Bank) -> Iterator[Nostro]:
    """The rail is a bank of its own from now on; what came in before is its opening balance, of yesterday."""
    house = house_of(bank)
    before = bank.kernel.clock().business_date
    close_day(bank.kernel)
    with BankServer(SandboxBank()) as peer:
        account = peer.bank.account
        account.apply(account.booking(Booking("before", 100_000, "CNY", before.isoformat())))
        account.apply(account.ending(before)[0])
        ports = bank.kernel.ports
        bank.kernel.ports = ports.with_peer("rail", "sandbox", IsoRail("sandbox", peer.url, LONG_MS)).with_peer(
            "statement", "sandbox", IsoStatements(peer.url, patience(5))
        )
        yield Nostro(house, peer)
        bank.kernel.ports = ports


def closed(told: Statement, *lines: object, opening: int = 0) -> Statement:
    """A statement with other lines, and the closing balance that they come to."""
    some = tuple(lines) or told.lines
    begins = cny(told.opening.minor + opening)
    moved = sum(line.amount.minor for line in some)  # type: ignore[attr-defined]
    return replace(told, lines=some, opening=begins, closing=cny(begins.minor + moved))  # type: ignore[arg-type]
