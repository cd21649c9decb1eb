"""What groups of accounts come to is kept with what moves them, read without reading every account, and derived again."""

from __future__ import annotations

import random
import threading

from farthing.db.tx import Tx
from farthing.kernel.day import close_day
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.ledger import store as doors
from farthing.ledger.audit.service import verify
from farthing.ledger.guards import Guard
from farthing.ledger.model import AccountSpec, Hold, JournalEntry, Posting, Settle, sign_of
from farthing.ledger.overview import service as overview
from farthing.ledger.overview import store
from tests.conftest import Bank
from tests.ledger.books import CASH, TODAY, move, work

ANN, BOB, ESCROW, LOAN = (
    "liabilities:wallets:ann",
    "liabilities:wallets:bob",
    "liabilities:escrow:x:y",
    "assets:loans:one",
)
PATHS = (CASH, LOAN, ANN, BOB, ESCROW, "liabilities:escrow", "income:fees")
PATTERNS = (
    "liabilities:*", "liabilities:wallets:*", "liabilities:escrow:*", "liabilities:escrow:x:*", "liabilities:*:x:*",
    "assets:loans:on*", "income:fees",
)  # fmt: skip
READ = (
    "SELECT seq_tup_read + coalesce(idx_tup_fetch, 0) AS rows FROM pg_stat_xact_user_tables WHERE relname = 'account'"
)


def opened(bank: Bank) -> None:
    """Accounts of some groups, in two currencies; one is named by two words alone."""
    dollars = [AccountSpec(f"{path}:usd", "USD") for path in PATHS]
    work(bank, lambda tx: ledger.open_accounts(tx, [AccountSpec(path, "CNY") for path in PATHS] + dollars))


def summed(tx: Tx) -> list[tuple[str, str, int, int]]:
    """The groups as the accounts say."""
    return [(head, each, many, sign_of(head) * int(total)) for head, each, many, total in tx.tuples(store.HEADS)]


def agree(bank: Bank) -> None:
    """What is kept is what the accounts say, whole and by patterns."""
    assert bank.read(store.heads) == bank.read(summed) != []
    asked = {(pattern, currency) for pattern in PATTERNS for currency in ("CNY", "USD")}
    told = bank.read(lambda tx: store.sums_like(tx, asked))
    balances = bank.read(ledger.balances)
    for pattern, currency in asked:
        guard = Guard("any", "any", currency, 0, ((pattern, 1),))
        whole = guard.figure((each.path, each.currency, each.balance.minor) for each in balances)
        assert told.get((pattern, currency), 0) == whole, (pattern, currency)


def rows_kept(bank: Bank) -> int:
    """How many rows keep the groups."""
    with bank.superuser() as connection:
        found = connection.execute("SELECT count(*) FROM account_group").fetchone()
    return int(found[0]) if found else 0


def test_every_door_keeps_the_groups(bank: Bank) -> None:
    opened(bank)
    agree(bank)
    work(bank, lambda tx: ledger.post_all(tx, [move("in", CASH, ANN, 500), move("over", ANN, ESCROW, 120)]))
    agree(bank)
    legs = (Posting(ANN, Money(80, "CNY")), Posting("income:fees", Money(-80, "CNY")))
    work(bank, lambda tx: ledger.must(tx, [Hold("held", "test", TODAY, legs)]))
    agree(bank)
    work(bank, lambda tx: ledger.must(tx, [Settle("settled", "held", TODAY)]))
    agree(bank)
    work(bank, lambda tx: ledger.close_account(tx, LOAN))
    agree(bank)
    work(bank, lambda tx: ledger.reopen_account(tx, LOAN))
    agree(bank)
    work(bank, lambda tx: ledger.reverse(tx, "over", TODAY))
    agree(bank)
    assert not bank.read(verify).findings


def test_any_entries_and_folds_leave_the_groups_right(bank: Bank) -> None:
    opened(bank)
    chance = random.Random(11)
    for batch in range(40):
        entries = []
        for number in range(chance.randint(1, 6)):
            lines, tail = [], chance.choice(("", ":usd"))
            for path in chance.sample(PATHS, chance.randint(1, 3)):
                lines.append(Posting(path + tail, Money(chance.randint(1, 900), "USD" if tail else "CNY")))
            rest = -sum(line.amount.minor for line in lines)
            other = chance.choice([path for path in PATHS if path + tail not in {line.account for line in lines}])
            lines.append(Posting(other + tail, Money(rest, lines[0].amount.currency)))
            entries.append(JournalEntry(f"{batch}-{number}", "test", TODAY, tuple(lines)))
        work(bank, lambda tx, entries=entries: ledger.post_all(tx, entries))
        if not batch % 7:
            work(bank, doors.fold_groups)
        if not batch % 5:
            agree(bank)
    agree(bank)
    work(bank, doors.fold_groups)
    agree(bank)
    assert rows_kept(bank) == 1 + len(bank.read(store.heads))


def test_folds_beside_postings_lose_nothing(bank: Bank) -> None:
    opened(bank)
    wrong: list[BaseException] = []

    def run(name: str) -> None:
        try:
            for number in range(25):
                entry = move(f"{name}-{number}", CASH, BOB, 7)
                work(bank, doors.fold_groups if name.startswith("fold") else lambda tx: ledger.post_all(tx, [entry]))  # noqa: B023
        except BaseException as error:
            wrong.append(error)

    threads = [threading.Thread(target=run, args=(name,)) for name in ("fold-1", "fold-2", "post-1", "post-2")]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert not wrong
    agree(bank)
    totals = {(each.path, each.currency): each.total for each in bank.read(overview.totals)}
    assert totals["assets:cash", "CNY"] == 2 * 25 * 7


def test_a_payment_within_a_group_keeps_nothing_more(bank: Bank) -> None:
    opened(bank)
    work(bank, lambda tx: ledger.post_all(tx, [move("in", CASH, ANN, 500)]))
    before = rows_kept(bank)
    work(bank, lambda tx: ledger.post_all(tx, [move("pay", ANN, BOB, 50)]))
    assert rows_kept(bank) == before
    work(bank, lambda tx: ledger.post_all(tx, [move("fee", ANN, "income:fees", 5)]))
    assert rows_kept(bank) == before + 2


def test_the_books_from_above_are_told_without_reading_every_account(bank: Bank) -> None:
    specs = [AccountSpec(f"liabilities:wallets:w{number}", "CNY") for number in range(3_000)]
    work(bank, lambda tx: ledger.open_accounts(tx, [*specs, AccountSpec(CASH, "CNY")]))
    cover = Guard("cover", "Wallets are covered", "CNY", 0, (("assets:cash:*", 1), ("liabilities:wallets:*", -1)))
    deep = Guard("deep", "Nothing is kept there", "CNY", 0, (("liabilities:wallets:w17*", 1),))
    work(bank, lambda tx: ledger.install_guards(tx, [cover, deep]))
    work(bank, lambda tx: ledger.post_all(tx, [move(spec.path, CASH, spec.path, 100) for spec in specs]))
    with bank.superuser() as connection:
        connection.execute("ANALYZE account")

    def read(question: object, most: int) -> None:
        def asked(tx: Tx) -> int:
            before = tx.tuples(READ)
            question(tx)  # type: ignore[operator]
            return int(tx.tuples(READ)[0][0]) - int(before[0][0] if before else 0)

        assert bank.read(asked) <= most, question

    read(overview.chart, 0)
    read(overview.totals, 0)
    read(overview.limits, 130)
    read(lambda tx: ledger.balances(tx, "liabilities:wallets", limit=50), 120)
    read(lambda tx: ledger.balances(tx, "liabilities:wallets", after="liabilities:wallets:w2000", limit=50), 120)
    used = {each.name: each.used for each in bank.read(overview.limits)}
    assert used == {"cover": 300_000, "deep": 0}


def test_a_group_that_was_tampered_with_is_named(bank: Bank) -> None:
    opened(bank)
    work(bank, lambda tx: ledger.post_all(tx, [move("in", CASH, ANN, 500)]))
    with bank.superuser() as connection:
        connection.execute(
            "UPDATE account_group SET balance = balance - 1, accounts = accounts + 1 WHERE path = 'assets:cash'"
        )
    found = bank.read(verify).findings
    assert [(each.what, each.subject) for each in found] == [
        ("account_group", "assets:cash CNY"),
        ("account_group", "assets:cash USD"),
    ]


def test_before_the_groups_are_laid_the_accounts_are_summed(bank: Bank) -> None:
    opened(bank)
    work(bank, lambda tx: ledger.post_all(tx, [move("in", CASH, ANN, 500)]))
    with bank.superuser() as connection:
        connection.execute("DELETE FROM account_group WHERE path IN ('', 'assets:cash')")
    agree(bank)
    assert not bank.read(verify).findings


def test_the_close_of_a_day_leaves_a_row_a_group(bank: Bank) -> None:
    opened(bank)
    for number in range(3):
        work(bank, lambda tx, number=number: ledger.post_all(tx, [move(f"in-{number}", CASH, ANN, 5)]))
    groups = len(bank.read(store.heads))
    assert rows_kept(bank) > 1 + groups
    close_day(bank.kernel)
    assert rows_kept(bank) == 1 + groups
    agree(bank)
