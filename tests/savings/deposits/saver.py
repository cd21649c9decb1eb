"""A bank that takes deposits, savers with money in their wallets, and days that pass."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from math import floor
from typing import Any

import pytest

from farthing.bank.founding import SECOND, agreed, found_savings
from farthing.kernel import approvals
from farthing.kernel.approvals import Decide
from farthing.kernel.day import close_day
from farthing.kernel.run import Pending
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.kit.shipped import DATA
from farthing.parties import service as parties
from farthing.parties.model import VerifyIdentity
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail, OpenWallet
from farthing.savings.deposits import service as deposits
from farthing.savings.deposits.model import Done, OpenDeposit
from farthing.savings.shelf import service as catalogue
from tests.conftest import Bank
from tests.hands import law
from tests.parties.people import register_person

CARD = "6222021234567890123"
OF_2015 = DATA / "products" / "rates-boc-2015-06-28.toml"


def yuan(text: str) -> Money:
    return Money.parse(text, "CNY")


def found(bank: Bank, policy: str = "cn") -> Bank:
    """A bank that takes deposits at the rates of 2015, in which the examples of the rules are worked out."""
    bank.begin(f"savings {policy}", lambda bank: _shelve(bank, policy))
    return bank


def _shelve(bank: Bank, policy: str) -> None:
    law(bank, policy)
    agreed(bank.kernel, catalogue.publish_rates, catalogue.rates_from(OF_2015.read_text("utf-8")))
    found_savings(bank.kernel, policy)


def saver(bank: Bank, number: int = 0, wallet: str = "100000.00") -> str:
    """A customer with money in her wallet; answers her id."""
    party = register_person(bank, number).id
    bank.run(parties.verify_identity, VerifyIdentity(party))
    bank.run(payments.open_wallet, OpenWallet(party))
    if yuan(wallet):
        bank.run(payments.top_up, MoveByRail(party, yuan(wallet), CARD))
    return party


def wallet(bank: Bank, party: str) -> Money:
    return bank.read(lambda tx: payments.wallet(tx, party)).balance


def opened(bank: Bank, party: str, product: str, amount: str, **terms: Any) -> Done:
    done: Done = bank.run(deposits.open_deposit, OpenDeposit(party, f"savings-{product}", yuan(amount), **terms))
    return done


def half_up(minor: Fraction) -> int:
    """Whole minor units, as the products round."""
    return floor(minor + Fraction(1, 2))


def settlement_after(day: date) -> date:
    """The next day after ``day`` on which a quarter's interest of demand savings is on the deposit."""
    days = (date(day.year + year, month, 21) for year in (0, 1) for month in (3, 6, 9, 12))
    return next(each for each in days if each > day)


def today(bank: Bank) -> date:
    return bank.kernel.clock().business_date


def until(bank: Bank, day: date) -> None:
    """Close days until the business date is ``day``."""
    while today(bank) < day:
        close_day(bank.kernel)


def days(bank: Bank, count: int) -> None:
    until(bank, today(bank) + timedelta(days=count))


def refused(bank: Bank, function: object, command: object, **options: object) -> str:
    with pytest.raises(Refusal) as caught:
        answer = bank.run(function, command, **options)
        if isinstance(answer, Pending):
            bank.run(approvals.decide, Decide(answer.approval_id, approve=True), actor=SECOND)
    return caught.value.code
