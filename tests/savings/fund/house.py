"""A bank with one fund for tests: guards in force, savers with money, and a clock that can be set."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from farthing.kernel import approvals, calendar
from farthing.kernel.answers import Pending
from farthing.kernel.approvals import Decide
from farthing.kernel.calendar import DeclareHolidays
from farthing.kernel.day import close_day
from farthing.kit.actor import Actor
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.ledger.audit.service import verify
from farthing.ledger.guards import decode
from farthing.ledger.model import AccountSpec, JournalEntry, Posting
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail, OpenWallet
from farthing.payments.wallets import wallet_path
from farthing.products.library import ROOT
from farthing.savings.audit.fund_service import verify_fund
from farthing.savings.fund import assets_service as assets
from farthing.savings.fund import founding_service as funds
from farthing.savings.fund import service as pool
from farthing.savings.fund.commands import (
    CancelOrder,
    DeclareAsset,
    FoundFund,
    HoldingView,
    Redeem,
    RedeemNow,
    Subscribe,
)
from farthing.savings.fund.model import Order
from tests.banks import Bank, Beginning, begun_at
from tests.hands import give, law
from tests.parties.people import register_person

BABY = "savings-baby"
SOURCE = (ROOT / "products" / "savings-baby.toml").read_text(encoding="utf-8")
CARD = "6222021234567890123"
ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = date(2027, 1, 4)
SECOND = Actor("second", frozenset({"*"}))
NO_FEE = SOURCE.replace('fee_annual = "0.63%"', 'fee_annual = "0"')
MONTHLY = SOURCE.replace('carry = "daily"', 'carry = "monthly"')


def yuan(text: str) -> Money:
    return Money.parse(text, "CNY")


@dataclass
class House:
    """An open bank at a date, with a wall clock of its own."""

    bank: Bank
    wall: datetime
    fund: str = BABY

    def run(self, function: Any, command: Any, **options: Any) -> Any:
        """Run an operation; where it needs two persons, the second agrees."""
        answer = self.bank.run(function, command, **options)
        if isinstance(answer, Pending):
            self.bank.run(approvals.decide, Decide(answer.approval_id, approve=True), actor=SECOND)
        return answer

    def read(self, query: Any, **options: Any) -> Any:
        return self.bank.read(query, **options)

    @property
    def today(self) -> date:
        return self.bank.kernel.clock().business_date

    def at(self, hour: int, minute: int = 0, second: int = 0) -> None:
        """Let the bank's clock show a time of its business date."""
        target = datetime.combine(self.today, time(hour, minute, second), ZONE)
        now = self.read(lambda tx: tx.now)
        assert target >= now, "the clock never runs backwards"
        self.wall += target - now

    def saver(self, number: int, amount: str) -> str:
        """A person with a wallet that holds an amount."""
        party = register_person(self.bank, number).id
        self.bank.run(payments.open_wallet, OpenWallet(party))
        self.bank.run(payments.top_up, MoveByRail(party, yuan(amount), CARD))
        return party

    def buy(self, party: str, amount: str, **options: Any) -> Order:
        return self.run(pool.subscribe, Subscribe(self.fund, party, yuan(amount)), **options)

    def redeem(self, party: str, amount: str | None = None, **options: Any) -> Order:
        command = Redeem(self.fund, party, None if amount is None else yuan(amount))
        return self.run(pool.redeem, command, **options)

    def redeem_now(self, party: str, amount: str, rest: bool = False, **options: Any) -> Any:
        return self.run(pool.redeem_now, RedeemNow(self.fund, party, yuan(amount), rest), **options)

    def cancel(self, order: Order, **options: Any) -> Order:
        return self.run(pool.cancel, CancelOrder(order.id), **options)

    def order(self, order: Order) -> Order:
        return self.read(lambda tx: pool.order(tx, order.id))

    def asset(
        self, principal: str, rate: str, to_on: date, name: str = "deposit", day_count: str = "actual/365"
    ) -> str:
        """Buy an asset for the fund; answers its id."""
        command = DeclareAsset(self.fund, name, yuan(principal), Decimal(rate), day_count, to_on)
        self.run(assets.declare_asset, command)
        known = self.read(lambda tx: assets.assets(tx, self.fund))
        return next(held.id for held in known if held.asset.name == name)

    def holidays(self, *days: date) -> None:
        self.run(calendar.declare_holidays, DeclareHolidays(days, "holiday"))

    def close(self, days: int = 1) -> None:
        for _ in range(days):
            close_day(self.bank.kernel)

    def close_until(self, on: date) -> None:
        """Close days until the business date is ``on``."""
        while self.today < on:
            self.close()

    def holding(self, party: str) -> HoldingView:
        return self.read(lambda tx: pool.holding(tx, self.fund, party))

    def wallet(self, party: str) -> Money:
        return self.owed(wallet_path(party, "CNY", "CNY"))

    def owed(self, path: str) -> Money:
        return self.read(lambda tx: ledger.balance(tx, path).owed())

    def account(self, name: str) -> Money:
        """An account of the fund: ``cash``, ``accrued``, ``pool``, ``orders``, ``redemptions``, ``manager``, ``line``."""
        side = "assets" if name in ("cash", "accrued") else "liabilities"
        return self.owed(f"{side}:fund:{self.fund}:{name}")

    def margins(self) -> dict[str, int]:
        return {state.key: state.figure for state in self.read(ledger.guards)}

    def sound(self) -> None:
        """Nothing disagrees: every holding, index and balance is derived again."""
        findings = self.read(verify_fund).findings
        assert not findings, findings
        audit = self.read(verify)
        assert audit.clean, audit.findings


def opened(database_url: str, on: date = MONDAY, source: str = SOURCE, *, fund: str = BABY) -> House:
    """A bank at nine o'clock of a date with capital, guards and a fund."""
    house = House.__new__(House)
    house.wall, house.fund = datetime(2026, 1, 1, tzinfo=UTC), fund
    beginning = Beginning(
        f"fund {fund} of {source}", on, lambda bank: _found(House(bank, house.wall, fund), on, source)
    )
    house.bank, _ = begun_at(database_url, beginning, lambda: house.wall)
    return house


def _found(house: House, on: date, source: str) -> None:
    for path in ("assets:cash:sandbox", "equity:capital"):
        house.run(ledger.open_account, ledger.OpenAccount(AccountSpec(path, "CNY")))
    capital = Money(5_000_000_000, "CNY")
    lines = (Posting("assets:cash:sandbox", capital), Posting("equity:capital", -capital))
    house.run(give, JournalEntry("bank:capital", "capital", on, lines))
    guards = decode((ROOT / "guards" / "bank.toml").read_text(encoding="utf-8"), "CNY")
    house.run(ledger.set_guards, ledger.SetGuards(install=guards))
    law(house.bank)
    house.run(funds.found_fund, FoundFund(house.fund, source))


def day_after(on: date, days: int = 1) -> date:
    return on + timedelta(days=days)
