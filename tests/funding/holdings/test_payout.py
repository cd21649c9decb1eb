"""A loan is paid out of the money of its lenders: the bank needs none of its own for it, and not a fen less for the rest."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from farthing.bank.founding import GUARDS, agreed
from farthing.db.tx import Tx
from farthing.funding.holdings import rules
from farthing.kernel.day import close_day
from farthing.kernel.operation import operation
from farthing.kernel.whose import STAFF
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.ledger import service as ledger
from farthing.ledger.guards import decode
from farthing.ledger.model import AccountSpec, JournalEntry, Posting
from farthing.ledger.overview import service as overview
from farthing.lending import entries
from farthing.lending.agreement import service as contracts
from farthing.lending.audit.service import verify as verify_loans
from farthing.lending.model import LoanCommand
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail
from farthing.payments.wallets import wallet_path
from tests.funding.holdings.market import Stray, balances, funded, lay
from tests.funding.test_distribution import clean
from tests.lending.house import CARD, House, yuan

MINORS = [33_333, 33_333, 33_334, 1]
MIXED = [("own", 30_000, "", ""), ("partner:harvest", 20_000, "丰收沙盒银行", "91310000MA1HRT002X")]
PREMISES = "assets:premises:house"


@dataclass(frozen=True, slots=True)
class Spend:
    """Leave so much free cash, in minor units."""

    leaving: int


@operation("test.spend", title=Words("test.spend", "试验"), permission="test:post", whose=STAFF)
def spend(tx: Tx, command: Spend) -> str:
    """The bank buys a house with what it has beyond client money and ``leaving``."""
    free = {each.name: each.room for each in overview.margins(tx)}
    price = Money(free["client-money"] - command.leaving, tx.home)
    ledger.open_accounts(tx, [AccountSpec(PREMISES, tx.home)])
    lines = (Posting(PREMISES, price), Posting("assets:cash:sandbox", -price))
    ledger.post_all(tx, [JournalEntry("test:spend", "purchase", tx.business_date, lines)])
    return str(price)


def room(house: House) -> dict[str, int]:
    """What is left under the two guards of client money, in minor units."""
    found = {each.name: each.room for each in house.bank.kernel.read(overview.margins)}
    return {name: found[name] for name in ("client-money", "liquidity")}


def test_a_bank_without_a_fen_of_its_own_pays_out_what_lenders_fund(database_url: str) -> None:
    house = House(database_url)
    loan, _ = funded(house, MINORS)
    house.sign(loan.id)
    house.bank.run(spend, Spend(leaving=0))
    wallet, escrow = wallet_path(loan.party_id, "CNY", "CNY"), rules.escrow_account(loan.id, "CNY", "CNY")
    (had,) = balances(house, [wallet])
    house.complete(loan.id)
    paths = [wallet, escrow, entries.placed_account(loan), entries.disbursed_account(loan)]
    whole = sum(MINORS)
    assert balances(house, paths) == [had + whole, whole, whole, 0]
    assert room(house) == {"client-money": 0, "liquidity": 0}
    clean(house)
    house.bank.drain()
    assert balances(house, paths) == [had + whole, 0, 0, 0]
    assert room(house) == {"client-money": 0, "liquidity": 0}
    clean(house)
    close_day(house.bank.kernel)
    clean(house)


@pytest.mark.parametrize("short", [0, 1])
def test_of_a_mixed_loan_the_bank_needs_what_others_than_lenders_fund_to_the_fen(
    database_url: str, short: int
) -> None:  # fmt: skip
    house = House(database_url)
    loan, _ = funded(house, MINORS, MIXED)
    house.sign(loan.id)
    rest = 50_000
    house.bank.run(spend, Spend(leaving=rest - short))
    escrow, clerk = rules.escrow_account(loan.id, "CNY", "CNY"), "assets:settlement:partner:harvest"
    paths = [
        escrow, entries.placed_account(loan), entries.disbursed_account(loan), entries.principal_account(loan), clerk
    ]  # fmt: skip
    before = balances(house, paths)
    if short:
        assert house.refused(contracts.complete, LoanCommand(loan.id)) == "ledger.guard"
        assert balances(house, paths) == before == [sum(MINORS), 0, 0, 0, 0] and house.loan(loan.id).state == "funded"
        return
    house.complete(loan.id)
    assert balances(house, paths) == [sum(MINORS), sum(MINORS), rest, 0, 0]
    assert room(house) == {"client-money": 0, "liquidity": 0}
    clean(house)
    house.bank.drain()
    assert balances(house, paths) == [0, 0, 0, 30_000, 20_000]
    assert room(house) == {"client-money": 0, "liquidity": 0}
    clean(house)


def test_what_is_planted_on_the_placed_account_is_named(database_url: str) -> None:
    house = House(database_url)
    loan, lenders = funded(house, MINORS)
    house.sign(loan.id)
    house.complete(loan.id)
    placed = entries.placed_account(loan)
    house.bank.run(payments.top_up, MoveByRail(lenders[0], yuan("2"), CARD))
    house.bank.run(lay, Stray(lenders[0], placed))
    (found,) = house.bank.read(verify_loans, snapshot=True).findings
    assert placed in str(found) and "says CNY 1,000.01" in str(found) and "CNY 999.01" in str(found)


def test_more_than_was_placed_is_never_taken_from_it(database_url: str) -> None:
    """The account's floor: no escrow is charged twice against one payment out."""
    house = House(database_url)
    loan, lenders = funded(house, MINORS)
    house.sign(loan.id)
    house.complete(loan.id)
    house.bank.drain()
    house.bank.run(payments.top_up, MoveByRail(lenders[0], yuan("2"), CARD))
    with pytest.raises(Refusal, match=entries.placed_account(loan)):
        house.bank.run(lay, Stray(lenders[0], entries.placed_account(loan)))


def test_a_bank_opened_before_needs_cash_for_the_moment_until_two_persons_change_its_guards(database_url: str) -> None:
    house = House(database_url)
    text = GUARDS.read_text(encoding="utf-8")
    now = decode(text, "CNY")
    before = decode(text.replace('"assets:placed:*" = 1, ', "").replace('"assets:placed:*" = 20, ', ""), "CNY")
    agreed(house.bank.kernel, ledger.set_guards, ledger.SetGuards(install=before))
    loan, _ = funded(house, MINORS)
    house.sign(loan.id)
    house.bank.run(spend, Spend(leaving=0))
    assert house.refused(contracts.complete, LoanCommand(loan.id)) == "ledger.guard"
    agreed(house.bank.kernel, ledger.set_guards, ledger.SetGuards(install=now))
    house.complete(loan.id)
    house.bank.drain()
    assert room(house) == {"client-money": 0, "liquidity": 0}
    clean(house)
