"""Refusals of the books: entries that cannot be, accounts and holds that are not as supposed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from farthing.bank.founding import agreed
from farthing.kit.errors import Refusal
from farthing.kit.money import MAX_MINOR, Money
from farthing.ledger import ownership
from farthing.ledger import service as ledger
from farthing.ledger.model import AccountSpec, Command, HandEntry, Hold, JournalEntry, Posting, Release, Settle
from tests.conftest import Bank
from tests.errors.gallery import reproduces
from tests.ledger.books import CASH, TODAY, WALLET, books_open, move, work

SINK = "expenses:anything"


def post(bank: Bank, *commands: Command) -> Any:
    """Post a batch on open books; raise the first refusal."""
    books_open(bank)
    return then(bank, commands)


def then(bank: Bank, commands: Sequence[Command]) -> Any:
    """Post a batch on books that are open."""
    for answer in work(bank, lambda tx: ledger.post(tx, commands)):
        if isinstance(answer, Refusal):
            raise answer


def hold(reference: str, minor: int, **options: Any) -> Hold:
    """Reserve an amount that would come into the wallet from the till."""
    entry = move(reference, CASH, WALLET, minor)
    return Hold(entry.reference, "pending", entry.effective_on, entry.postings, **options)


@reproduces("ledger.bad_path")
def bad_path() -> None:
    AccountSpec("wallets:ann", "CNY")


@reproduces("ledger.bad_limits")
def bad_limits() -> None:
    AccountSpec(WALLET, "CNY", floor=1)


@reproduces("ledger.bad_reference")
def bad_reference() -> None:
    move("", CASH, WALLET, 1)


@reproduces("ledger.reserved_reference")
def reserved_reference() -> None:
    move("reversal:t1", CASH, WALLET, 1)


@reproduces("ledger.too_few_postings")
def too_few_postings() -> None:
    JournalEntry("t1", "transfer", TODAY, (Posting(CASH, Money(1, "CNY")),))


@reproduces("ledger.zero_posting")
def zero_posting() -> None:
    move("t1", CASH, WALLET, 0)


@reproduces("ledger.unbalanced")
def unbalanced() -> None:
    JournalEntry("t1", "transfer", TODAY, (Posting(CASH, Money(2, "CNY")), Posting(WALLET, Money(-1, "CNY"))))


@reproduces("ledger.bad_at_most")
def bad_at_most() -> None:
    move("t1", CASH, CASH, 1, at_most=True)


@reproduces("ledger.account_differs")
def account_differs(bank: Bank) -> None:
    books_open(bank)
    work(bank, lambda tx: ledger.open_accounts(tx, [AccountSpec(WALLET, "EUR", floor=0)]))


@reproduces("ledger.account_collision")
def account_collision(bank: Bank) -> None:
    """Two paths with one id are not to be found, so the superuser plants one (decision 0003)."""
    books_open(bank)
    with bank.superuser() as connection:
        connection.execute("UPDATE account SET path = 'assets:cash:somebody-else' WHERE path = %s", [CASH])
    work(bank, lambda tx: ledger.open_accounts(tx, [AccountSpec(CASH, "CNY")]))


@reproduces("ledger.unknown_account")
def unknown_account(bank: Bank) -> None:
    post(bank, move("t1", CASH, "liabilities:wallets:nobody", 1))


@reproduces("ledger.unknown_entry")
def unknown_entry(bank: Bank) -> None:
    bank.read(lambda tx: ledger.entry(tx, "never"))


@reproduces("ledger.unknown_hold")
def unknown_hold(bank: Bank) -> None:
    post(bank, Release("r1", "never"))


@reproduces("ledger.bad_cursor")
def bad_cursor(bank: Bank) -> None:
    bank.read(lambda tx: ledger.entries(tx, "no cursor"))


@reproduces("ledger.batch_too_large")
def batch_too_large(bank: Bank) -> None:
    post(bank, *[move("t1", CASH, WALLET, 1)] * (ledger.LARGEST_BATCH + 1))


@reproduces("ledger.already")
def already_open(bank: Bank) -> None:
    books_open(bank)
    work(bank, lambda tx: ledger.reopen_account(tx, CASH))


@reproduces("ledger.nothing_available")
def nothing_available(bank: Bank) -> None:
    post(bank, move("t1", WALLET, CASH, 100, at_most=True))


@reproduces("ledger.above_ceiling")
def above_ceiling(bank: Bank) -> None:
    books_open(bank)
    work(bank, lambda tx: ledger.open_accounts(tx, [AccountSpec(SINK, "CNY", ceiling=10)]))
    then(bank, [move("t1", SINK, CASH, 11)])


@reproduces("ledger.overflow")
def overflow(bank: Bank) -> None:
    post(bank, move("t1", CASH, WALLET, MAX_MINOR), move("t2", CASH, WALLET, 1))


@reproduces("ledger.expiry_passed")
def expiry_passed(bank: Bank) -> None:
    books_open(bank)
    now = bank.read(lambda tx: tx.now)
    then(bank, [hold("h1", 5, expires_at=now - timedelta(seconds=1))])


@reproduces("ledger.hold_expired")
def hold_expired(bank: Bank) -> None:
    books_open(bank)
    now = bank.read(lambda tx: tx.now)
    then(bank, [hold("h1", 5, expires_at=now + timedelta(hours=1))])
    later = now + timedelta(hours=2)

    def settle(tx: Any) -> Any:
        return ledger.post(replace(tx, now=later), [Settle("s1", "h1", date(2026, 4, 1))])

    (answer,) = work(bank, settle)
    raise answer


@reproduces("ledger.settlement_exceeds_hold")
def settlement_exceeds_hold(bank: Bank) -> None:
    more = move("s1", CASH, WALLET, 6).postings
    post(bank, hold("h1", 5), Settle("s1", "h1", TODAY, more))


def by_hand(bank: Bank, reference: str, kind: str, debit: str, credit: str) -> None:
    """Ask for an entry by hand: what nobody may post is refused before there is a draft."""
    entry = move(reference, debit, credit, 7)
    bank.run(ledger.post_by_hand, HandEntry(entry.reference, kind, entry.effective_on, entry.postings))


@reproduces("ledger.owned_account")
def owned_account(bank: Bank) -> None:
    by_hand(bank, "gift", "gift", "assets:cash:sandbox", WALLET)


@reproduces("ledger.owned_name")
def owned_name(bank: Bank) -> None:
    by_hand(bank, "transfer:xfer_x", "gift", SINK, "equity:capital")


@reproduces("ledger.owned_entry")
def owned_entry(bank: Bank) -> None:
    post(bank, move("in", CASH, WALLET, 40))
    agreed(bank.kernel, ledger.reverse_entry, ledger.Reverse("in", TODAY))


@reproduces("ledger.already_reversed")
def already_reversed(bank: Bank) -> None:
    cash, today = "assets:cash:sandbox", bank.kernel.clock().business_date
    work(bank, lambda tx: ledger.open_accounts(tx, [AccountSpec(path, "CNY") for path in (cash, "equity:capital")]))
    then(bank, [move("paid in", cash, "equity:capital", 40, on=today)])
    for memo in ("typed twice", "once more"):
        agreed(bank.kernel, ledger.reverse_entry, ledger.Reverse("paid in", today, memo))


@reproduces("ledger.date_bounds")
def date_bounds() -> None:
    ownership.check_dates(date(1990, 1, 1), TODAY)


@reproduces("ledger.not_core")
def not_core(bank: Bank) -> None:
    bank.run(ledger.post_entry, move("in", "assets:core:till", WALLET, 40))
