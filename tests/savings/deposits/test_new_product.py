"""A new deposit product is one file of rules, its TOML, and an entry in each of two tables: docs/guides/recipes/add-a-product.md
as it is printed, added by a test alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from types import ModuleType

import pytest

from farthing.bank.founding import agreed
from farthing.kit.money import Money
from farthing.kit.tables import Table
from farthing.ledger import service as ledger
from farthing.products.deposit import Terms
from farthing.products.deposit_file import DECODERS, common
from farthing.products.model import Publish
from farthing.savings.audit.service import verify as verify_savings
from farthing.savings.deposits import passbook_service as passbook
from farthing.savings.deposits import service as deposits
from farthing.savings.deposits.model import CloseDeposit, Withdraw
from farthing.savings.rules import BEHAVIOURS
from farthing.savings.rules.accounts import payable_path
from farthing.savings.shelf import service as catalogue
from tests.conftest import Bank
from tests.savings.deposits.saver import days, found, opened, refused, saver, today, wallet, yuan

RECIPE = (Path(__file__).resolve().parents[3] / "docs/guides/recipes/add-a-product.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    """The only block of a language in the recipe."""
    (found,) = re.findall(rf"```{language}\n(.*?)```", RECIPE, re.DOTALL)
    return str(found)


def plain(table: Table) -> Terms:
    """The decoder of a method with no field of its own."""
    return Terms(**common(table, "actual_days"))


@pytest.fixture
def house(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bank]:
    hundred = ModuleType("farthing.savings.rules.hundred")
    exec(compile(block("python"), "add-a-product.md", "exec"), vars(hundred))
    monkeypatch.setitem(DECODERS, "hundred_days", plain)
    monkeypatch.setitem(BEHAVIOURS, "hundred_days", hundred.BEHAVIOUR)
    found(bank)
    agreed(bank.kernel, catalogue.publish, Publish("savings-hundred", block("toml")))
    yield bank


def owed(house: Bank) -> Money:
    """The interest that the books owe on the product."""
    _, terms = house.read(lambda tx: catalogue.terms(tx, "savings-hundred"))
    return house.read(lambda tx: ledger.balance(tx, payable_path(terms))).owed()


@pytest.mark.long
def test_a_product_of_one_file_is_offered_opened_accrued_and_closed(house: Bank) -> None:
    (offer,) = [each for each in house.read(catalogue.on_offer) if each.product == "savings-hundred"]
    assert [each.annual for each in offer.rates] == [Decimal("0.0070")]
    assert (offer.terms, offer.every, offer.notices, offer.renewals) == ((), (), (), ("none",))
    party = saver(house)
    done = opened(house, party, "hundred", "36000.00")
    assert done.deposit.annual_rate == Decimal("0.0070")
    assert refused(house, deposits.withdraw, Withdraw(done.deposit.id, yuan("1.00"))) == "savings.whole_only"
    days(house, 50)
    assert house.read(lambda tx: passbook.worth(tx, done.deposit.id)).accrued == "35"
    assert owed(house) == yuan("35.00")
    assert not house.read(verify_savings).findings
    days(house, 60)
    assert house.read(lambda tx: passbook.worth(tx, done.deposit.id)).closing_interest == yuan("70.00")
    closed = house.run(deposits.close, CloseDeposit(done.deposit.id))
    assert (closed.interest, closed.deposit.closed_on) == (yuan("70.00"), today(house))
    assert wallet(house, party) == yuan("100070.00")
    days(house, 1)
    assert owed(house) == yuan("0.00")
    assert not house.read(verify_savings).findings


def test_it_is_compared_with_the_others_and_broken_early_earns_the_demand_rate(house: Bank) -> None:
    compared = house.read(lambda tx: passbook.comparison(tx, yuan("36000.00"), days=100))
    assert [each.gain for each in compared if each.product == "savings-hundred"] == [yuan("70.00")]
    done = opened(house, saver(house), "hundred", "36000.00")
    days(house, 10)
    assert house.run(deposits.close, CloseDeposit(done.deposit.id)).interest == yuan("3.50")
