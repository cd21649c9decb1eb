"""The home currency of a bank: chosen when it is opened, by default its policy's, the one of its books, and for ever."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from farthing.bank.opening import open_bank
from farthing.evidence.audit.service import verify as verify_evidence
from farthing.kernel.day import close_day
from farthing.kernel.run import Kernel
from farthing.kernel.settings import Settings
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.ledger.audit.service import verify as verify_ledger
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail, OpenWallet, Transfer
from farthing.payments.tills.audit_service import verify_tills
from farthing.payments.wallets import wallet_path
from farthing.savings.audit.service import verify as verify_savings
from farthing.savings.deposits import passbook_service as passbook
from farthing.savings.deposits import service as deposits
from farthing.savings.deposits.model import OpenDeposit
from farthing.savings.fund import founding_service as funds
from farthing.savings.shelf import service as catalogue
from farthing.town.stage import staged
from tests.conftest import DAY, Bank
from tests.parties.people import register_person
from tests.payments.drawers import drawer

CARD = "6222021234567890123"


def euro(text: str) -> Money:
    return Money.parse(text, "EUR")


def settings(url: str, **chosen: object) -> Settings:
    """Settings of a deployment in the Union, nothing of this machine's environment in them."""
    return Settings(**{"database_url": url, "opens_on": DAY, "policy": "eu", "_env_file": None, **chosen})


@pytest.fixture
def union(database_url: str) -> Iterator[Kernel]:
    """A new simulated bank under the policy of the Union, as a door opens it."""
    asked = settings(database_url)
    kernel = staged(open_bank(asked), asked)
    yield kernel
    kernel.database.close()


def test_a_bank_under_the_unions_policy_keeps_its_books_in_euro(union: Kernel) -> None:
    assert union.home == union.clock().home == "EUR"
    assert {each.guard.currency for each in union.read(ledger.guards)} == {"EUR"}
    assert {each.currency for each in union.read(ledger.balances)} == {"EUR"}
    assert {each.currency for each in union.read(catalogue.on_offer)} == {"EUR"}
    assert union.read(funds.funds) == []  # the fund that comes with the program is one in yuan


def test_a_euro_bank_takes_pays_saves_and_closes_a_day(union: Kernel) -> None:
    bank = Bank(union, "")
    ann, bob = (register_person(bank, number).id for number in (1, 2))
    for party in (ann, bob):
        assert union.run(payments.open_wallet, OpenWallet(party)).currency == "EUR"
    assert wallet_path(ann, "EUR", "EUR") == f"liabilities:wallets:{ann[6:]}"
    union.run(payments.top_up, MoveByRail(ann, euro("5000.00"), CARD))
    union.run(payments.transfer, Transfer(ann, bob, euro("20.00")))
    assert union.read(lambda tx: payments.wallet(tx, bob)).balance == euro("20.00")
    with pytest.raises(Refusal) as caught:
        union.run(payments.transfer, Transfer(ann, bob, Money.parse("1.00", "CNY")))
    assert caught.value.code == "payments.no_wallet"
    drawer(bank, till="one")
    cash = union.run(deposits.open_deposit, OpenDeposit(ann, "savings-euro-demand", euro("300.00"), source="counter"))
    assert cash.deposit.insured is True
    assert union.read(lambda tx: ledger.balance(tx, "assets:cash:counter-one")).owed() == euro("300.00")
    term = union.run(
        deposits.open_deposit, OpenDeposit(ann, "savings-euro-one-year", euro("1000.00"), term="1y")
    )  # fmt: skip
    assert term.deposit.matures_on == DAY.replace(year=DAY.year + 1)
    cover = union.read(lambda tx: passbook.cover(tx, ann))
    assert (cover.held, cover.badge.cover_left) == (euro("1300.00"), euro("98700.00"))
    close_day(union)
    assert (union.clock().business_date - DAY).days == 1
    for verify in (verify_ledger, verify_evidence, verify_savings, verify_tills):
        assert not union.read(verify, snapshot=True).findings


def test_a_term_of_a_year_pays_its_rate_by_the_days_that_passed(union: Kernel) -> None:
    ann = register_person(Bank(union, ""), 1).id
    union.run(payments.open_wallet, OpenWallet(ann))
    union.run(payments.top_up, MoveByRail(ann, euro("1000.00"), CARD))
    term = union.run(
        deposits.open_deposit, OpenDeposit(ann, "savings-euro-one-year", euro("1000.00"), term="1y")
    ).deposit  # fmt: skip
    worth = union.read(lambda tx: passbook.worth(tx, term.id, term.matures_on))
    days = (term.matures_on - DAY).days
    assert worth.closing_interest.minor == (1000_00 * 2 * days * 2 + 36000) // (
        2 * 36000
    )  # two per cent of days over 360


def test_what_no_policy_serves_opens_no_bank(database_url: str) -> None:
    for chosen in ("USD", "CNY", "", "E\x1b"):
        with pytest.raises(Refusal) as caught:
            open_bank(settings(database_url, home_currency=chosen))
        assert caught.value.code == "bank.currency_not_served"


def test_a_home_currency_is_settled_once(union: Kernel, database_url: str) -> None:
    again = open_bank(settings(database_url, policy="cn"))  # the policy of another start changes nothing
    assert again.home == "EUR"
    again.database.close()
    with pytest.raises(Refusal) as caught:
        open_bank(settings(database_url, home_currency="CNY"))
    assert caught.value.code == "bank.currency_stands"


def test_yuan_under_the_other_policies(bank: Bank) -> None:
    assert bank.kernel.home == "CNY"
    assert Settings(_env_file=None).home_currency is None
