"""Benchmark of reading: a page of a statement and a balance as of any moment, from ten million postings.

Loads the books through the posting door (5 million entries over 20,000 wallets and one house account that every
fifth entry touches; a year of dates, one entry in twenty dated back up to thirty days), then asks for pages of 50
lines at random places and for balances at random moments on either axis and on both, of random accounts and of the
house account with its million postings. Prints JSON lines: median in milliseconds against the limit of 2, and p99.

    python bench/statement.py
    python bench/statement.py --postings 1000000 --only statement.page
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg

from farthing.db.migrate import migrate
from farthing.db.server import Embedded, app_conninfo
from farthing.db.tx import Tx
from farthing.kit.actor import SYSTEM
from farthing.kit.ids import IdSource
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.ledger.model import AccountSpec, JournalEntry, Posting
from lines import show

WALLETS = [f"liabilities:wallets:w{number:05d}" for number in range(20_000)]
HOUSE = "assets:cash:house"
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
DAYS = 365
BATCH = 8000
LIMIT_MS = 2.0
PAGE = 50
LEAST_POSTINGS = 20_000


def at(connection: psycopg.Connection[Any], now: datetime) -> Tx:
    """A Tx on ``connection`` at an instant."""
    return Tx(connection, now, now.date(), SYSTEM, IdSource(), now, "CNY")


def cursor(version: int) -> str:
    """A place in a statement, as a page's ``next_cursor`` gives it."""
    return base64.urlsafe_b64encode(str(version).encode()).decode().rstrip("=")


def entry(source: random.Random, number: int, on: date) -> JournalEntry:
    """A movement between two wallets, or between a wallet and the house."""
    one = source.choice(WALLETS)
    two = HOUSE if number % 5 == 0 else source.choice(WALLETS)
    while one == two:
        two = source.choice(WALLETS)
    if source.random() < 0.05:
        on -= timedelta(days=source.randint(1, 30))
    amount = source.randint(-100_000, 100_000) or 1
    return JournalEntry(
        f"m:{number:012d}", "transfer", on, (Posting(one, Money(amount, "CNY")), Posting(two, Money(-amount, "CNY")))
    )


def load(connection: psycopg.Connection[Any], postings: int) -> float:
    """Post until there are that many postings; answers the seconds it took."""
    source = random.Random(20260331)
    entries = postings // 2
    started = time.perf_counter()
    for start in range(0, entries, BATCH):
        now = BEGIN + timedelta(days=DAYS) * (start / entries)
        batch = [entry(source, number, now.date()) for number in range(start, min(start + BATCH, entries))]
        with connection.transaction():
            ledger.post_all(at(connection, now), batch)
        if start // BATCH % 50 == 0:
            spent = time.perf_counter() - started
            print(json.dumps({"postings": 2 * start, "seconds": round(spent, 1)}), file=sys.stderr)
    return time.perf_counter() - started


def measure(name: str, ask: Callable[[int], object], rounds: int, **more: Any) -> None:
    """Ask ``rounds`` times, after a tenth of it to warm up, and show median and p99."""
    spent = []
    for number in range(-rounds // 10, rounds):
        started = time.perf_counter()
        ask(number)
        if number >= 0:
            spent.append((time.perf_counter() - started) * 1000)
    spent.sort()
    show(
        name, statistics.median(spent), "ms (median)", "limit", LIMIT_MS,
        p99=round(spent[int(rounds * 0.99)], 3), rounds=rounds, **more,
    )  # fmt: skip


def pages(connection: psycopg.Connection[Any], rounds: int, postings: int) -> None:
    """The newest page, and pages at random depth, of wallets and of the house account."""
    source = random.Random(1)
    tx = at(connection, BEGIN + timedelta(days=DAYS))
    versions = {path: ledger.balance(tx, path).version for path in (HOUSE, *source.sample(WALLETS, 500))}
    paths = [path for path, version in versions.items() if path != HOUSE and version > 1]

    def ask(number: int, path: str | None = None) -> None:
        chosen = path or paths[number % len(paths)]
        deep = cursor(source.randint(2, versions[chosen])) if number % 2 else None
        assert ledger.statement(tx, chosen, deep, PAGE).lines

    measure("statement.page", ask, rounds, postings=postings, lines=PAGE)
    measure("statement.page.house", lambda n: ask(n, HOUSE), rounds, postings=postings, of_account=versions[HOUSE])


def balances(connection: psycopg.Connection[Any], rounds: int, postings: int) -> None:
    """Balances as known at an instant, as of a date, and both."""
    source = random.Random(2)
    tx = at(connection, BEGIN + timedelta(days=DAYS))

    def ask(number: int, path: str | None = None) -> None:
        known = BEGIN + timedelta(days=DAYS) * source.random()
        on = (BEGIN + timedelta(days=DAYS) * source.random()).date()
        ledger.balance(
            tx,
            path or source.choice(WALLETS),
            as_known_at=known if number % 3 != 1 else None,
            effective_on=on if number % 3 else None,
        )

    measure("statement.balance_at", ask, rounds, postings=postings)
    measure("statement.balance_at.house", lambda n: ask(n, HOUSE), rounds, postings=postings)


def main() -> None:
    """Load, then run what ``--only`` names, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="")
    parser.add_argument("--url", default=os.environ.get("FARTHING_DATABASE_URL"))
    parser.add_argument("--postings", type=int, default=10_000_000)
    parser.add_argument("--rounds", type=int, default=2000)
    options = parser.parse_args()
    if options.only not in ("", "statement.page", "statement.balance_at"):
        raise SystemExit(f"there is no benchmark {options.only} here")
    if options.postings < LEAST_POSTINGS:
        raise SystemExit(f"statements worth a page need --postings of {LEAST_POSTINGS} or more")
    home = Path(tempfile.mkdtemp(prefix="farthing-bench-"))
    embedded = None if options.url else Embedded(home)
    owner = options.url or (embedded.url() if embedded else "")
    try:
        migrate(owner)
        with psycopg.connect(app_conninfo(owner), autocommit=True) as connection:
            with connection.transaction():
                specs = [AccountSpec(path, "CNY") for path in (HOUSE, *WALLETS)]
                ledger.open_accounts(at(connection, BEGIN - timedelta(days=1)), specs)
            seconds = load(connection, options.postings)
            print(json.dumps({"loaded": options.postings, "seconds": round(seconds, 1)}), file=sys.stderr)
            with psycopg.connect(owner, autocommit=True) as mine:
                mine.execute("VACUUM ANALYZE")
            if options.only in ("", "statement.page"):
                pages(connection, options.rounds, options.postings)
            if options.only in ("", "statement.balance_at"):
                balances(connection, options.rounds, options.postings)
    finally:
        if embedded is not None:
            embedded.stop()
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
