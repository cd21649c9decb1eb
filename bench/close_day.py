"""Benchmark of the close of a day over many deposits, and of `farthing verify savings`.

Prints JSON lines: name, value, unit, against, ratio, machine. Durability is on (fsync, synchronous_commit). The bank is
founded in a throw-away server and filled by the town with so many demand deposits of 100 yuan and more, and a twentieth
as many term deposits; each has its own account in the ledger. Quiet days are timed before a quarter ends.

    python bench/close_day.py                                     everything: about 12 GB of disk for a quarter of an hour
    python bench/close_day.py --only close_day.quiet              quiet days at 0.1, 1 and 10 million, and their ratio
    python bench/close_day.py --only close_day.quiet.1m           one size (.100k, .1m, .10m)
    python bench/close_day.py --only close_day.quarter_end.1m     interest for a million deposits, beside a row at a time
    python bench/close_day.py --only verify_savings.1m            every one of them derived again from its postings
    python bench/close_day.py --only close_day.quarter_end.100k   a quick look; --only may be given several times
"""

from __future__ import annotations

import sys

sys.path.append(sys.path.pop(0))  # this folder last: bench/http.py must not hide the standard library's http

import argparse
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import psycopg

from farthing.bank.day import STEPS
from farthing.db.migrate import migrate
from farthing.db.server import Database, Embedded, app_conninfo
from farthing.kernel.day import DayClosed, close_day
from farthing.kernel.run import Kernel
from farthing.kernel.settings import Settings
from farthing.savings.audit.service import verify
from farthing.town.founding import found
from farthing.town.ports import ports_of
from farthing.town.savers.service import Wanted, fill
from lines import show
from processor import processor_seconds

SIZES = {"100k": 100_000, "1m": 1_000_000, "10m": 10_000_000}
FOUNDED_ON, OPENED_ON, QUARTER_ENDS_ON = date(2026, 3, 16), date(2025, 12, 22), date(2026, 3, 20)
QUIET_SECONDS, QUARTER_SECONDS, VERIFY_SECONDS, MOST_GROWTH = 1.0, 60.0, 60.0, 2.0
COMMON: dict[str, Any] = {"least_minor": 10_000, "opened_on": OPENED_ON}
SAMPLE = 3_000
"""Accounts that the row-at-a-time loop settles; its time for all of them is in proportion."""

CLASSIC = """
CREATE TABLE classic_account AS
    SELECT id, balance_minor AS balance, since_on, balance_days, 0::bigint AS postings FROM deposit
    WHERE product = 'savings-demand';
ALTER TABLE classic_account ADD PRIMARY KEY (id);
CREATE TABLE classic_posting (
    account_id text NOT NULL, number bigint NOT NULL, posted_on date NOT NULL, amount bigint NOT NULL,
    balance bigint NOT NULL, PRIMARY KEY (account_id, number)
);
GRANT SELECT, INSERT, UPDATE ON classic_account, classic_posting TO farthing_app;
ANALYZE classic_account;
"""


def say(text: str) -> None:
    """A line of progress."""
    print(text, file=sys.stderr, flush=True)


@dataclass
class Town:
    """A filled bank on a server of its own."""

    kernel: Kernel
    embedded: Embedded
    url: str
    deposits: int
    demand: int

    def timed(self, work: Callable[[], Any]) -> tuple[Any, float, float]:
        """What work answers, and the seconds and processor seconds that it took."""
        processor, began = processor_seconds(self.embedded), time.perf_counter()
        answer = work()
        return answer, time.perf_counter() - began, processor_seconds(self.embedded) - processor


@contextmanager
def town(embedded: Embedded, size: str) -> Iterator[Town]:
    """A bank with so many deposits in a database of its own, dropped at the end."""
    name = f"close_{size}"
    with psycopg.connect(embedded.url("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    url = embedded.url(name)
    migrate(url)
    kernel = Kernel(Database(url).open(), ports=ports_of(Settings()), steps=STEPS)
    try:
        found(kernel, Settings(), FOUNDED_ON)
        began = time.perf_counter()
        for wanted in (Wanted(SIZES[size], **COMMON), Wanted(SIZES[size] * 5 // 100, term_percent=100, **COMMON)):
            fill(kernel, wanted, lambda n, m: say(f"  {n:,} of {m:,} deposits, {time.perf_counter() - began:.0f} s"))
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CHECKPOINT")
        say(f"  filled and vacuumed after {time.perf_counter() - began:.0f} s")
        close_day(kernel)  # takes the new deposits into the control totals
        yield Town(kernel, embedded, url, SIZES[size] * 105 // 100, SIZES[size])
    finally:
        kernel.database.close()
        with psycopg.connect(embedded.url("postgres"), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def quiet(bank: Town, size: str) -> float:
    """Days on which nothing is due, each closed by every step of a bank that also lends; answers the median."""
    seconds, processor = [], []
    while bank.kernel.clock().business_date < QUARTER_ENDS_ON:
        closed, spent, worked = bank.timed(lambda: close_day(bank.kernel))
        _nothing_due(closed)
        seconds.append(spent)
        processor.append(worked)
    show(
        f"close_day.quiet.{size}", statistics.median(seconds), "s", "limit", QUIET_SECONDS, deposits=bank.deposits,
        days=[round(each, 3) for each in seconds], processor_seconds=round(statistics.median(processor), 3),
        steps=len(bank.kernel.steps),
    )  # fmt: skip
    return statistics.median(seconds)


def _nothing_due(closed: DayClosed) -> None:
    due = closed.handled["savings.fall_due"] + closed.handled["savings.settle_quarter"]
    if due or not closed.handled["savings.accrue"]:
        raise SystemExit(f"{closed.closed} was to be a quiet day with an accrual: {closed.handled}")


def quarter_end(bank: Town, size: str) -> None:
    """The day that pays every demand deposit its interest, and in the same run the loop of a row at a time."""
    classic = row_at_a_time(bank)
    while bank.kernel.clock().business_date < QUARTER_ENDS_ON:
        close_day(bank.kernel)
    closed, seconds, processor = bank.timed(lambda: close_day(bank.kernel))
    paid = closed.handled["savings.settle_quarter"]
    with psycopg.connect(bank.url) as connection:
        (posted,) = connection.execute(
            "SELECT count(*) FROM posting WHERE effective_on = %s AND version = 2", (date(2026, 3, 21),)
        ).fetchone() or (0,)
        updates, hot = connection.execute(
            "SELECT n_tup_upd, n_tup_hot_upd FROM pg_stat_user_tables WHERE relname = 'deposit'"
        ).fetchone() or (1, 0)
    if paid != bank.demand or posted < paid:
        raise SystemExit(f"{paid} deposits were settled by {posted} postings")
    show(
        f"close_day.quarter_end.{size}", seconds, "s", "a row at a time (select, compute, insert, update, commit)",
        classic * paid, paid=paid, limit_seconds=QUARTER_SECONDS, per_second=round(paid / seconds),
        row_at_a_time_per_second=round(1 / classic), sample=SAMPLE, processor_seconds=round(processor, 1),
        updates_on_their_page=round(hot / max(updates, 1), 3),
    )  # fmt: skip


def row_at_a_time(bank: Town) -> float:
    """Seconds that one account takes where each is read, computed, posted, updated and committed by itself."""
    with psycopg.connect(bank.url, autocommit=True) as connection:
        connection.execute(CLASSIC)
        every = max(bank.demand // SAMPLE, 1)
        ids = [row[0] for row in connection.execute("SELECT id FROM classic_account ORDER BY id")][::every][:SAMPLE]
    rate, settled_on = Decimal("0.0005"), date(2026, 3, 21)
    with psycopg.connect(app_conninfo(bank.url)) as connection:
        began = time.perf_counter()
        for account_id in ids:
            _settle_one(connection, account_id, rate, settled_on)
        return (time.perf_counter() - began) / len(ids)


def _settle_one(connection: psycopg.Connection[Any], account_id: str, rate: Decimal, on: date) -> None:
    balance, since, products, postings = connection.execute(
        "SELECT balance, since_on, balance_days, postings FROM classic_account WHERE id = %s FOR UPDATE", (account_id,)
    ).fetchone() or (0, on, 0, 0)
    exact = (products + balance * (on - since).days) * rate / 360
    interest = int(exact.quantize(Decimal(1), ROUND_HALF_UP))
    connection.execute(
        "INSERT INTO classic_posting VALUES (%s, %s, %s, %s, %s)",
        (account_id, postings + 1, on, interest, balance + interest),
    )
    connection.execute(
        "UPDATE classic_account SET balance = %s, since_on = %s, balance_days = 0, postings = %s WHERE id = %s",
        (balance + interest, on, postings + 1, account_id),
    )
    connection.commit()


def verify_savings(bank: Town, size: str) -> None:
    """Every deposit's interest derived again from its postings, after the quarter was paid."""
    while bank.kernel.clock().business_date <= QUARTER_ENDS_ON:
        close_day(bank.kernel)
    audit, seconds, processor = bank.timed(lambda: bank.kernel.read(verify, snapshot=True))
    if audit.findings or not audit.interest_minor:
        raise SystemExit(f"savings are not clean: {audit.findings[:3]}")
    show(
        f"verify_savings.{size}", seconds, "s", "limit for 1 million deposits", VERIFY_SECONDS,
        deposits=audit.deposits, events=audit.events, interest_minor=audit.interest_minor,
        processor_seconds=round(processor, 1),
    )  # fmt: skip


def wanted(only: list[str]) -> dict[str, list[str]]:
    """What is measured at each size."""
    chosen: dict[str, list[str]] = {}
    for what, sizes in (
        ("close_day.quiet", SIZES), ("close_day.quarter_end", ["100k", "1m"]), ("verify_savings", ["100k", "1m"]),
    ):  # fmt: skip
        for size in sizes:
            unasked = size == "100k" and what != "close_day.quiet"
            if f"{what}.{size}" in only or (not unasked and (not only or what in only)):
                chosen.setdefault(size, []).append(what)
    if not chosen:
        raise SystemExit(f"there is no benchmark {' or '.join(only)} here")
    return chosen


def main() -> None:
    """Run what ``--only`` names, or all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", action="append", default=[])
    options = parser.parse_args()
    chosen = wanted(options.only)
    home = Path(tempfile.mkdtemp(prefix="farthing-bench-"))
    embedded = Embedded(home)
    days: dict[str, float] = {}
    try:
        for size, parts in chosen.items():
            say(f"{SIZES[size]:,} deposits")
            with town(embedded, size) as bank:
                if "close_day.quiet" in parts:
                    days[size] = quiet(bank, size)
                if "close_day.quarter_end" in parts:
                    quarter_end(bank, size)
                if "verify_savings" in parts:
                    verify_savings(bank, size)
        if len(days) == len(SIZES):
            growth = days["10m"] / days["100k"]
            show("close_day.quiet.growth", growth, "x", "limit, 10 million to 0.1 million", MOST_GROWTH)
    finally:
        embedded.stop()
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
