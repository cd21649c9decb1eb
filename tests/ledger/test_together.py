"""Many sessions at one moment: each fact is booked once, no limit is passed, and whoever deadlocks is run again."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from farthing.kit.errors import Refusal
from farthing.ledger import service as ledger
from farthing.ledger.audit.service import verify
from farthing.ledger.guards import Guard
from farthing.ledger.model import AccountSpec, Held, Hold, JournalEntry, Release, Settle
from tests.conftest import Bank
from tests.ledger.books import CASH, TODAY, WALLET, books_open, move, work

SESSIONS = 8


def together(bank: Bank, tasks: list[Callable[[Any], Any]]) -> list[Any]:
    """The answers of tasks that begin at one moment, each in a transaction of its own."""
    gate = threading.Barrier(len(tasks), timeout=20)
    answers: list[Any] = [None] * len(tasks)

    def run(place: int) -> None:
        gate.wait()
        try:
            answers[place] = work(bank, tasks[place])
        except Refusal as refusal:
            answers[place] = [refusal]

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(tasks))]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    return answers


def told(answers: list[Any]) -> Counter[str]:
    """How often each status was answered."""
    flat = [each for answer in answers for each in answer]
    return Counter(
        each.code if isinstance(each, Refusal) else "existed" if each.existed else "ok" for each in flat
    )  # fmt: skip


@pytest.fixture(params=range(4))
def books(bank: Bank, request: pytest.FixtureRequest) -> Bank:
    """A wallet with 100 in it; each test is run four times, for what happens by chance."""
    books_open(bank)
    work(bank, lambda tx: ledger.post_all(tx, [move("in", CASH, WALLET, 100)]))
    return bank


def owed(bank: Bank) -> int:
    balance = bank.read(lambda tx: ledger.balance(tx, WALLET))
    assert not bank.read(verify).findings
    return balance.owed().minor


def test_one_reference_is_booked_once(books: Bank) -> None:
    batch = [move(f"t:{n}", WALLET, CASH, 1) for n in range(5)]
    answers = together(books, [lambda tx: ledger.post(tx, batch)] * SESSIONS)
    assert told(answers) == {"ok": 5, "existed": 5 * (SESSIONS - 1)}
    assert owed(books) == 95


def test_a_floor_is_not_passed(books: Bank) -> None:
    tasks = [lambda tx, n=n: ledger.post(tx, [move(f"t:{n}", WALLET, CASH, 30)]) for n in range(SESSIONS)]
    assert told(together(books, tasks)) == {"ok": 3, "ledger.insufficient_funds": SESSIONS - 3}
    assert owed(books) == 10


def test_holds_count_against_each_other_and_against_entries(books: Bank) -> None:
    lines = move("x", WALLET, CASH, 30).postings
    tasks = [
        lambda tx, n=n: ledger.post(
            tx, [Hold(f"h:{n}", "hold", TODAY, lines) if n % 2 else move(f"t:{n}", WALLET, CASH, 30)]
        )
        for n in range(SESSIONS)
    ]
    assert told(together(books, tasks)) == {"ok": 3, "ledger.insufficient_funds": SESSIONS - 3}
    assert not books.read(verify).findings


def test_a_hold_is_resolved_once(books: Bank) -> None:
    work(books, lambda tx: ledger.post(tx, [Hold("h", "hold", TODAY, move("x", WALLET, CASH, 60).postings)]))
    tasks = [
        lambda tx, n=n: ledger.post(tx, [Release(f"r:{n}", "h") if n % 2 else Settle(f"s:{n}", "h", TODAY)])
        for n in range(SESSIONS)
    ]
    assert told(together(books, tasks)) == {"ok": 1, "ledger.hold_resolved": SESSIONS - 1}
    assert owed(books) in (40, 100)


def test_one_reference_means_one_thing(books: Bank) -> None:
    """Entries and holds of one name on accounts that no two share: only the name itself can keep them apart."""
    paths = [(f"assets:cash:c{n}", f"liabilities:wallets:w{n}") for n in range(SESSIONS)]
    work(books, lambda tx: ledger.open_accounts(tx, [AccountSpec(path, "CNY") for pair in paths for path in pair]))
    keep = [Hold(f"keep:{n}", "hold", TODAY, move("x", *pair, 5).postings) for n, pair in enumerate(paths)]
    work(books, lambda tx: ledger.post(tx, keep))
    for turn in range(6):
        name = f"name:{turn}"

        def task(tx: Any, n: int, name: str = name) -> Any:
            entry = move(name, *paths[n], 5)
            return ledger.post(
                tx, [entry if n % 3 == 0 else Hold(name, "hold", TODAY, entry.postings) if n % 3 == 1
                     else Release(name, f"keep:{n}")]
            )  # fmt: skip

        answers = together(books, [partial(task, n=n) for n in range(SESSIONS)])
        assert told(answers) == {"ok": 1, "ledger.reference_reused": SESSIONS - 1}, turn
        if isinstance(answers[2][0], Held) or isinstance(answers[5][0], Held):
            break
    assert not books.read(verify).findings


def test_as_much_as_is_there_is_there_once(books: Bank) -> None:
    lines = move("x", WALLET, CASH, 70).postings
    tasks = [
        lambda tx, n=n: ledger.post(tx, [JournalEntry(f"t:{n}", "sweep", TODAY, lines, at_most=True)])
        for n in range(SESSIONS)
    ]
    answers = together(books, tasks)
    assert told(answers) == {"ok": 2, "ledger.nothing_available": SESSIONS - 2}
    moved = sorted(abs(a[0].entry.postings[0].amount.minor) for a in answers if not isinstance(a[0], Refusal))
    assert moved == [30, 70]
    assert owed(books) == 0


def test_an_account_is_closed_empty_or_not_at_all(books: Bank) -> None:
    work(books, lambda tx: ledger.post_all(tx, [move("out", WALLET, CASH, 100)]))
    tasks: list[Callable[[Any], Any]] = [
        lambda tx, n=n: ledger.post(tx, [move(f"t:{n}", CASH, WALLET, 1)]) for n in range(SESSIONS - 1)
    ]

    def close(tx: Any) -> list[Any]:
        ledger.close_account(tx, WALLET)
        return []

    tasks.append(close)
    posted = told(together(books, tasks))["ok"]
    closed = books.read(lambda tx: ledger.balance(tx, WALLET)).closed_at is not None
    assert posted == (0 if closed else SESSIONS - 1)
    assert owed(books) == posted


def test_a_guard_is_not_passed(books: Bank) -> None:
    """The guard allows thirty more from the till than the wallets hold, whoever takes them."""
    spare = [AccountSpec(f"expenses:spare:{n}", "CNY") for n in range(SESSIONS)]
    work(books, lambda tx: ledger.open_accounts(tx, spare))
    cover = Guard("cover", "Covered but for thirty", "CNY", 30, ((CASH, 1), ("liabilities:wallets:*", -1)))
    work(books, lambda tx: ledger.install_guards(tx, [cover]))
    tasks = [lambda tx, n=n: ledger.post(tx, [move(f"t:{n}", spare[n].path, CASH, 10)]) for n in range(SESSIONS)]
    assert told(together(books, tasks)) == {"ok": 3, "ledger.guard": SESSIONS - 3}
    assert owed(books) == 100


def test_references_in_opposite_orders_belong_to_whoever_is_first(books: Bank) -> None:
    """Batches over accounts of their own that claim the same references the other way round."""
    specs = [AccountSpec(f"equity:own:{n}", "CNY") for n in range(2 * SESSIONS)]
    work(books, lambda tx: ledger.open_accounts(tx, specs))

    def task(number: int) -> Callable[[Any], Any]:
        entries = [
            move(f"same:{n}", specs[2 * number].path, specs[2 * number + 1].path, 1) for n in range(200)
        ]  # fmt: skip
        return lambda tx: ledger.post(tx, entries if number % 2 else entries[::-1])

    answers = together(books, [task(number) for number in range(SESSIONS)])
    assert told(answers) == {"ok": 200, "ledger.reference_reused": 200 * (SESSIONS - 1)}
    assert not books.read(verify).findings


def test_transactions_that_wait_for_each_other_are_run_again_whole(books: Bank) -> None:
    """Each posts on its own account, then on the other's: one is a deadlock's victim, and nothing of it is left."""
    specs = [AccountSpec(f"equity:own:{n}", "CNY") for n in range(2)]
    work(books, lambda tx: ledger.open_accounts(tx, specs))
    gate = threading.Barrier(2, timeout=20)
    attempts: list[int] = []

    def task(number: int) -> Callable[[Any], Any]:
        def both(tx: Any) -> list[Any]:
            first = not attempts.count(number)
            attempts.append(number)
            answers = ledger.post(tx, [move(f"one:{number}", specs[number].path, CASH_OF[number], 1)])
            if first:
                gate.wait()
            other = 1 - number
            return answers + ledger.post(tx, [move(f"two:{number}", specs[other].path, CASH_OF[number], 1)])

        return both

    work(books, lambda tx: ledger.open_accounts(tx, [AccountSpec(path, "CNY") for path in CASH_OF]))
    answers = together(books, [task(0), task(1)])
    assert told(answers) == {"ok": 4}
    assert len(attempts) > 2, "a victim may be back before the other woke, and stand in its way once more"
    assert all(books.read(lambda tx, p=spec.path: ledger.balance(tx, p)).balance.minor == 2 for spec in specs)
    assert not books.read(verify).findings


CASH_OF = ("assets:cash:one", "assets:cash:two")
