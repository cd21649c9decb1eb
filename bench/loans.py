"""Benchmark of the close of a day over many loans, and of `farthing verify loans`.

Prints JSON lines: name, value, unit, against, ratio, machine. Durability is on. The bank is founded in a throw-away server,
lends once by its own operations, and is filled by sets with loans like that one (borrowers.sql): so many instalments each, of
which the first falls due on one day for a thirtieth of them, and later for the others. Every borrower has a wallet that holds
what was paid out. The loop that the close is compared with is the fold, loan by loan, each in a transaction of its own, on some
of the loans that fall due next; its time for all of them is in proportion.

    python bench/loans.py                          a million loans of six instalments: 10 GB of disk for half an hour
    python bench/loans.py --loans 100000           a quick look
"""

from __future__ import annotations

import sys

sys.path.append(sys.path.pop(0))  # this folder last: bench/http.py must not hide the standard library's http

import argparse
import shutil
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from farthing.db.server import Embedded
from farthing.db.tx import Tx
from farthing.kernel.day import CloseStep, Stepped, close_day
from farthing.kernel.operation import operation
from farthing.kernel.whose import STAFF
from farthing.kit.ids import encode
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.ledger import service as ledger
from farthing.ledger.model import AccountSpec, JournalEntry, Posting
from farthing.lending import keeping_service as keeping
from farthing.lending import store
from farthing.lending.audit.service import by_fold, verify
from farthing.lending.closing import rules
from farthing.lending.offering.plan import Plan, build
from farthing.lending.pinned import days_of
from farthing.payments.wallets import wallet_path
from farthing.products.model import MONTHLY
from lending import CASH, Lender, move, say
from lines import show
from processor import processor_seconds
from verify import memory_of

FILL = Path(__file__).with_name("borrowers.sql")
DUE_ON = date(2026, 3, 18)
"""On which a thirtieth of the loans falls due; the days before and after it are quiet."""
OTHERS = [date(2026, 3, day) for day in range(23, 29)] + [date(2026, 4, day) for day in range(1, 15)]
"""When the first instalments of the others fall due: nobody is reminded of one on the days that are measured."""
TABLES = ("loan", "loan_plan", "loan_event", "loan_obligation", "credit_commitment")
KINDS, PIECE, SAMPLE = 300, 20_000, 500
QUIET_SECONDS, CLOSE_SECONDS = 1.0, 60.0


@operation("bench.collect", permission="bench:move", title=Words("One loan by the fold", "逐笔扣款"), whose=STAFF)
def collect(tx: Tx, command: CloseStep) -> Stepped:
    """The day of one loan, as it was closed before it was closed by sets."""
    (before,) = store.lives(tx, store.held(tx, [command.after]))
    wallet = wallet_path(before.loan.party_id, before.currency, tx.home)
    there = ledger.balance(tx, wallet).available()
    keeping.take(tx, [rules.by_fold(before, there, wallet, partial(tx.new_id, "repay"), tx.now, tx.business_date)])
    return Stepped(1)


class Filled:
    """A bank with so many loans, on a server of its own."""

    def __init__(self, embedded: Embedded, loans: int, instalments: int) -> None:
        self.embedded, self.loans, self.url = embedded, loans, embedded.url()
        self.lender = Lender(self.url)
        self.kernel = self.lender.kernel
        self.model = self.lender.borrow(self.lender.borrower(0))
        self.kernel.run(ledger.open_account, ledger.OpenAccount(AccountSpec("equity:capital:bench", "CNY")))
        cash = Money(loans * 1_000_000, "CNY")
        lines = (Posting(CASH, cash), Posting("equity:capital:bench", -cash))
        self.kernel.run(move, JournalEntry("bench:capital", "move", self.kernel.clock().business_date, lines))
        self._fill(instalments)

    def _fill(self, instalments: int) -> None:
        began = time.perf_counter()
        stamp = self.kernel.read(lambda tx: tx.now)
        stem = encode(self.kernel.ids.uuid7(stamp).int, 26)[:16]
        with psycopg.connect(self.url) as connection:
            connection.execute("SET LOCAL work_mem = '128MB'")
            connection.execute(FILL.read_bytes())
            with connection.cursor() as cursor:
                cursor.executemany(
                    "INSERT INTO lent_kind VALUES (%s, %s, %s, %s, %s)", [kind(n, instalments) for n in range(KINDS)]
                )
                cursor.executemany(
                    "INSERT INTO lent_path VALUES (%s, %s)",
                    [("assets:loans", 1), ("liabilities:wallets", -1), ("assets:interest-receivable", 1)],
                )
            connection.execute("INSERT INTO lent_run VALUES (%s, %s, %s)", (stem, self.model, stamp))
            connection.execute("SELECT pg_temp.lent_ready()")
            connection.execute("ANALYZE lent_kind, lent_row, lent_path, lent_run")
            for first in range(0, self.loans, PIECE):
                connection.execute("SELECT pg_temp.lent_piece(%s, %s)", (first, min(first + PIECE, self.loans) - 1))
                say(
                    f"  {min(first + PIECE, self.loans):,} of {self.loans:,} loans, {time.perf_counter() - began:.0f} s"
                )
            connection.execute("SELECT pg_temp.lent_done(%s)", (self.loans,))
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f"VACUUM (ANALYZE) account, entry, posting, party, {', '.join(TABLES)}")
            connection.execute("CHECKPOINT")
        say(f"  filled and vacuumed after {time.perf_counter() - began:.0f} s")

    def timed(self, work: Callable[[], Any]) -> tuple[Any, float, float]:
        """What work answers, its seconds, and seconds of processor of this program and of the server's processes that live."""
        processor, began = processor_seconds(self.embedded), time.perf_counter()
        answer = work()
        return answer, time.perf_counter() - began, processor_seconds(self.embedded) - processor


def kind(number: int, instalments: int) -> tuple[Any, ...]:
    """A kind of loan: its amount, its day of payment out, its plan, and what falls due at once at the most."""
    due_on = DUE_ON if number % 30 == 0 else OTHERS[number % len(OTHERS)]
    on = date(due_on.year, due_on.month - 1, due_on.day)
    amount = Money(50_000 + 7_919 * number % 900_000, "CNY")
    plan = Plan(amount, Decimal("0.12"), "actual/365", on, days_of(MONTHLY, on, instalments), amount * 0)
    made = build("equal_instalment", plan)
    rows = [[each.due_on.isoformat(), each.principal.minor, each.interest.minor, each.fee.minor] for each in made]
    return number, amount.minor, on, Jsonb(rows), max(each.amount.minor for each in made)


def one_by_one(bank: Filled, on: date) -> float:
    """Seconds that a loan takes where each is read, folded, posted, kept and committed by itself."""
    with psycopg.connect(bank.url) as connection:
        found = connection.execute(
            "SELECT DISTINCT loan_id FROM loan_obligation WHERE open AND due_on = %s ORDER BY loan_id LIMIT %s",
            (on, min(SAMPLE, bank.loans // 300)),
        ).fetchall()
    began = time.perf_counter()
    for (loan_id,) in found:
        bank.kernel.run(collect, CloseStep(on, loan_id), key=f"bench:{loan_id}")
    return (time.perf_counter() - began) / len(found)


def closes(bank: Filled) -> None:
    """Close quiet days and the day on which a thirtieth falls due, and the loop on the day itself before it."""
    quiet, worked = [], []
    handled = 0
    while bank.kernel.clock().business_date <= DUE_ON + timedelta(days=1):
        on = bank.kernel.clock().business_date
        alone = one_by_one(bank, on) if on == DUE_ON else 0.0
        closed, seconds, processor = bank.timed(lambda: close_day(bank.kernel))
        handled = closed.handled["lending.fall_due"]
        say(f"  {on} closed in {seconds:.2f} s, {handled} loans")
        if on != DUE_ON:
            quiet.append(seconds)
            worked.append(processor)
            continue
        if handled < (bank.loans // 30) * 0.8:
            raise SystemExit(f"{handled} loans fell due: {closed.handled}")
        show(
            f"lending.close_day.{bank.loans}", seconds, "s", "the fold, loan by loan, in the same run", alone * handled,
            handled=handled, per_second=round(handled / seconds), one_by_one_per_second=round(1 / alone), sample=SAMPLE,
            limit_seconds=CLOSE_SECONDS, processor_seconds=round(processor, 1),
        )  # fmt: skip
    show(
        f"lending.close_day.quiet.{bank.loans}", statistics.median(quiet[1:]), "s", "limit", QUIET_SECONDS,
        days=[round(each, 3) for each in quiet], processor_seconds=round(statistics.median(worked[1:]), 3),
        steps=len(bank.kernel.steps),
    )  # fmt: skip


def verified(bank: Filled) -> None:
    """Every loan compared with its plan and events, beside the reading of the same rows alone, and beside a fold of some."""
    with psycopg.connect(bank.url) as connection:
        began = time.perf_counter()
        for table in TABLES:
            with connection.cursor(name="floor") as cursor:
                cursor.itersize = 5_000
                for _ in cursor.execute(f"SELECT * FROM {table}"):
                    pass
        floor = time.perf_counter() - began
    peak, stop = [0], threading.Event()

    def watch() -> None:
        while not stop.wait(0.5):
            peak[0] = max(peak[0], memory_of(bank.embedded.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    audit, seconds, processor = bank.timed(lambda: bank.kernel.read(verify, snapshot=True))
    some = bank.kernel.read(lambda tx: store.loan_ids(tx, "", SAMPLE))
    _, _, folding = bank.timed(lambda: bank.kernel.read(lambda tx: by_fold(tx, some), snapshot=True))
    stop.set()
    watcher.join()
    if audit.findings:
        raise SystemExit(f"loans are not clean: {audit.findings[:3]}")
    show(
        f"lending.verify.{bank.loans}", seconds, "s", "the same rows read into this program", floor, loans=audit.loans,
        us_a_loan=round(1e6 * seconds / audit.loans), processor_seconds=round(processor, 1), peak_bytes=peak[0],
        processor_us_a_loan=round(1e6 * processor / audit.loans), processor_us_by_fold=round(1e6 * folding / len(some)),
    )  # fmt: skip


def main() -> None:
    """Fill, close, verify."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", choices=("", "close_day", "verify"))
    parser.add_argument("--loans", type=int, default=1_000_000)
    parser.add_argument("--instalments", type=int, default=6)
    options = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="farthing-bench-"))
    embedded = Embedded(home)
    try:
        bank = Filled(embedded, options.loans, options.instalments)
        if options.only in ("", "close_day"):
            closes(bank)
        if options.only in ("", "verify"):
            verified(bank)
        bank.kernel.database.close()
    finally:
        embedded.stop()
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
