"""Savers do as they please for months: whatever they do, every deposit is derived again from its postings."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pytest

from farthing.bank.founding import agreed
from farthing.kernel import calendar
from farthing.kernel.calendar import DeclareHolidays
from farthing.kernel.day import close_day
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.ledger.audit.service import verify as verify_ledger
from farthing.payments import service as payments
from farthing.payments.model import Transfer
from farthing.savings.audit.service import verify
from farthing.savings.deposits import service as deposits
from farthing.savings.deposits.model import CancelNotice, CloseDeposit, Notify, OpenDeposit, PayIn, Renew, Withdraw
from farthing.savings.shelf import service as catalogue
from farthing.savings.shelf.model import PublishRates
from farthing.savings.sweeps import service as odds
from farthing.savings.sweeps.model import SetSweep
from tests.conftest import Bank
from tests.savings.deposits.saver import found, saver, today

TERMS: dict[str, tuple[dict[str, str], ...]] = {
    "demand": ({},),
    "lump-sum": tuple(
        {"term": term, "renewal": renewal}
        for term in ("3m", "6m")
        for renewal in ("none", "principal", "principal_and_interest")
    ),
    "instalment": ({"term": "1y"}, {"term": "1y", "collect": "yes"}),
    "lump-in-instalments-out": ({"term": "1y", "every": "1m"}, {"term": "1y", "every": "3m"}),
    "interest-drawn": ({"term": "1y", "every": "1m"}, {"term": "1y", "every": "3m"}),
    "time-or-demand": ({},),
    "notice-grassroots": ({"notice": "1d"}, {"notice": "7d"}),
    "rolling-grassroots": ({},),
}
PAYEES = 2


class Town:
    """A few savers and everything that they may try."""

    def __init__(self, bank: Bank, seed: int) -> None:
        self.bank, self.dice = found(bank, "sandbox"), random.Random(seed)
        self.people = [saver(bank, number, "80000.00") for number in range(4)]
        self.open: list[str] = []
        self.refusals: dict[str, int] = {}
        self.done = 0

    def act(self) -> None:
        """One thing that somebody tries; a refusal is an answer too."""
        names = [self.start, self.put] * 2 + [
            self.draw,
            self.note,
            self.unnote,
            self.anew,
            self.end,
            self.give,
            self.sweep,
        ]
        name = self.dice.choice(names)
        try:
            name()
            self.done += 1
        except Refusal as refusal:
            self.refusals[refusal.code] = self.refusals.get(refusal.code, 0) + 1

    def money(self, most: int = 20_000_00) -> Money:
        return Money(int(most ** self.dice.random()) or 1, "CNY")

    def one(self) -> str:
        return self.dice.choice(self.open) if self.open else "dep_none"

    def start(self) -> None:
        product = self.dice.choice(list(TERMS))
        terms: dict[str, Any] = dict(self.dice.choice(TERMS[product]))
        collect = terms.pop("collect", None) is not None
        command = OpenDeposit(
            self.dice.choice(self.people), f"savings-{product}", self.money(), collect=collect, **terms
        )
        preview = self.bank.kernel.preview(deposits.open_deposit, command)
        done = self.bank.run(deposits.open_deposit, command)
        assert (preview.principal_in, preview.deposit.matures_on) == (done.principal_in, done.deposit.matures_on)
        self.open.append(done.deposit.id)

    def run(self, operation: Any, command: Any) -> None:
        """Run a command after its preview, which must say the same."""
        preview = self.bank.kernel.preview(operation, command)
        done = self.bank.run(operation, command)
        assert (preview.paid_out, preview.payments) == (done.paid_out, done.payments)

    def put(self) -> None:
        self.run(deposits.pay_in, PayIn(self.one(), self.money()))

    def draw(self) -> None:
        self.run(deposits.withdraw, Withdraw(self.one(), self.money()))

    def note(self) -> None:
        later = today(self.bank) + timedelta(days=self.dice.randint(1, 10))
        self.run(deposits.notify, Notify(self.one(), self.money(), self.dice.choice([None, later])))

    def unnote(self) -> None:
        self.run(deposits.cancel_notice, CancelNotice(self.one()))

    def anew(self) -> None:
        self.run(deposits.renew, Renew(self.one()))

    def end(self) -> None:
        if self.dice.random() < 0.3:
            self.run(deposits.close, CloseDeposit(self.one()))

    def give(self) -> None:
        payer, payee = self.dice.sample(self.people, PAYEES)
        self.bank.run(payments.transfer, Transfer(payer, payee, self.money(500_00)))

    def sweep(self) -> None:
        rule = self.dice.choice(["round_up", "leftover", "above"])
        line = Money(100, "CNY") if rule == "round_up" else Money(50_000_00, "CNY")
        self.bank.run(
            odds.set_sweep, SetSweep(self.dice.choice(self.people), rule, line, self.one(), self.dice.randint(1, 28))
        )

    def change_rates(self) -> None:
        day: date = today(self.bank) + timedelta(days=self.dice.randint(1, 5))
        rate = lambda: f"{self.dice.randint(10, 400) / 10_000:.4f}"  # noqa: E731
        lump = {term: rate() for term in ("3m", "6m", "1y", "2y", "3y", "5y")}
        plans = {term: rate() for term in ("1y", "3y", "5y")}
        agreed(
            self.bank.kernel,
            catalogue.publish_rates,
            PublishRates("retail", day, rate(), lump, plans, {"1d": rate(), "7d": rate()}),
        )


def lived(bank: Bank, seed: int, days: int) -> Town:
    town = Town(bank, seed)
    print(f"seed {seed}")
    for day in range(days):
        for _ in range(town.dice.randint(0, 6)):
            town.act()
        if day % 37 == 20:
            town.change_rates()
        if day % 53 == 30:
            ahead = today(bank) + timedelta(days=town.dice.randint(1, 9))
            agreed(bank.kernel, calendar.declare_holidays, DeclareHolidays((ahead,)))
        close_day(bank.kernel)
    return town


def clean(bank: Bank) -> None:
    assert not bank.read(verify_ledger).findings
    assert not bank.read(verify).findings


@pytest.mark.long
@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.prove)])
def test_a_hundred_days(bank: Bank, seed: int) -> None:
    town = lived(bank, seed, 120)
    clean(bank)
    print(town.done, town.refusals)
    assert town.done > 60, town.refusals


@pytest.mark.prove
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("seed", range(6))
def test_two_years(bank: Bank, seed: int) -> None:
    lived(bank, 1000 + seed, 730)
    clean(bank)
