"""A loan that lenders of the marketplace fund, alone or beside the own book and a partner, set by funding's own functions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from farthing.db.tx import Tx
from farthing.funding import distribution_service as distribution
from farthing.funding.holdings import rules
from farthing.funding.holdings import service as holdings
from farthing.funding.holdings.model import Fee, Pledged, Transfer
from farthing.funding.joint import service as joint
from farthing.kernel.operation import operation
from farthing.kernel.whose import STAFF
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.ledger import service as ledger
from farthing.ledger.model import AccountSpec, JournalEntry, Posting
from farthing.lending import service as lending
from farthing.lending.model import Holder, Loan, SetHolders
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail, OpenWallet
from farthing.payments.wallets import wallet_path
from tests.lending.house import CARD, House
from tests.parties.people import register_person

FEE = Fee(Decimal("0.05"), ("interest", "penalty", "recovered"))


@dataclass(frozen=True, slots=True)
class Fund:
    """Fund an accepted loan from wallets, and from others as they are given."""

    loan_id: str
    lenders: tuple[tuple[str, int], ...]
    others: tuple[Holder, ...] = ()
    surplus: int = 0


@operation("test.fund", title=Words("test.fund", "试验"), permission="test:post", whose=STAFF)
def fund(tx: Tx, command: Fund) -> Loan:
    """What the marketplace does once a listing is full: money to escrow, the lenders pledged, the holders set."""
    escrow = rules.escrow_account(command.loan_id, tx.home, tx.home)
    ledger.open_accounts(tx, [AccountSpec(escrow, tx.home, floor=0)])
    moved = [(party, Money(minor + command.surplus, tx.home)) for party, minor in command.lenders]
    ledger.post_all(tx, [
        JournalEntry(f"test:fund:{command.loan_id}:{party}", "fill", tx.business_date, (
            Posting(wallet_path(party, tx.home, tx.home), money), Posting(escrow, -money),
        ))
        for party, money in moved
    ])  # fmt: skip
    pledged = Pledged(command.loan_id, command.loan_id, tx.home, FEE, command.lenders)
    market = holdings.pledge(tx, pledged)
    loan = lending.set_holders(tx, SetHolders(command.loan_id, (*command.others, market)))
    joint.keep(tx, loan, loan.holders)
    return loan


@dataclass(frozen=True, slots=True)
class Stray:
    """Lay a yuan of a lender where it does not belong."""

    party_id: str
    path: str


@operation("test.stray", title=Words("test.stray", "试验"), permission="test:post", whose=STAFF)
def lay(tx: Tx, command: Stray) -> str:
    """An entry that no code of the bank makes."""
    one = Money(100, tx.home)
    lines = (Posting(wallet_path(command.party_id, tx.home, tx.home), one), Posting(command.path, -one))
    ledger.post_all(tx, [JournalEntry(f"test:stray:{command.path}", "fill", tx.business_date, lines)])
    return command.path


@dataclass(frozen=True, slots=True)
class Exchange:
    """Let notes of a loan change hands."""

    loan_id: str
    transfers: tuple[tuple[str, str, int], ...]


@operation("test.exchange", title=Words("test.exchange", "试验"), permission="test:post", whose=STAFF)
def exchange(tx: Tx, command: Exchange) -> int:
    """What a resale does, without the price."""
    moved = [Transfer(*each) for each in command.transfers]
    return len(distribution.change_hands(tx, command.loan_id, moved).parties)


@dataclass(frozen=True, slots=True)
class Wallet:
    """Close a wallet, or open it again."""

    party_id: str
    closing: bool


@operation("test.wallet", title=Words("test.wallet", "试验"), permission="test:post", whose=STAFF)
def turn(tx: Tx, command: Wallet) -> str:
    """Nothing in the bank closes a wallet yet; the ledger can."""
    path = wallet_path(command.party_id, tx.home, tx.home)
    (ledger.close_account if command.closing else ledger.reopen_account)(tx, path)
    return path


def people(house: House, count: int, minor: int) -> list[str]:
    """So many lenders, each with money in the wallet."""
    found = []
    for number in range(1, count + 1):
        party = register_person(house.bank, number)
        house.bank.run(payments.open_wallet, OpenWallet(party.id))
        house.bank.run(payments.top_up, MoveByRail(party.id, Money(minor, "CNY"), CARD))
        found.append(party.id)
    return found


def funded(
    house: House, minors: Sequence[int], others: Sequence[tuple[str, int, str, str]] = ()
) -> tuple[Loan, list[str]]:
    """A loan of which lenders fund these parts, and others (name, minor, as a contract says) theirs; no contract is drawn yet."""
    whole = Money(sum(minors) + sum(minor for _, minor, _, _ in others), "CNY")
    loan = house.accept(house.apply(str(whole.decimal())).offer)
    lenders = people(house, len(minors), max(minors))
    beside = tuple(Holder(name, Money(minor, "CNY"), legal, code) for name, minor, legal, code in others)
    house.bank.run(fund, Fund(loan.id, tuple(zip(lenders, minors, strict=True)), beside))
    return house.loan(loan.id), lenders


def paid_out(
    house: House, minors: Sequence[int], others: Sequence[tuple[str, int, str, str]] = ()
) -> tuple[Loan, list[str]]:
    """The same, paid out and shared out."""
    loan, lenders = funded(house, minors, others)
    house.sign(loan.id)
    done = house.complete(loan.id)
    house.bank.drain()
    return done, lenders


def balances(house: House, paths: Sequence[str]) -> list[int]:
    """What accounts hold on their own side, nought where there is none."""
    found = house.bank.read(lambda tx: ledger.balances_of(tx, paths))
    return [found[path].owed().minor if path in found else 0 for path in paths]


def wallets(house: House, lenders: Sequence[str]) -> list[int]:
    """What lies in wallets."""
    return balances(house, [wallet_path(party, "CNY", "CNY") for party in lenders])
