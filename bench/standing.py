"""Benchmark of standing payments that fall due on one day, as the worker and the close of a day make them: durability on.

    python bench/standing.py                    100,000 due payments of 20,000 payers: a minute or two
    python bench/standing.py --due 10000        fewer

Prints a JSON line: name, value (due payments a second), unit, against, ratio, machine; ``against``, in the same run, is the same
payments one by one, each an operation of its own (a sample of them).
"""

from __future__ import annotations

import sys

sys.path.append(sys.path.pop(0))  # this folder last: bench/http.py must not hide the standard library's http

import argparse
import shutil
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from farthing.db.tx import Tx
from farthing.kernel.run import Kernel
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.ledger.audit.service import verify as verify_ledger
from farthing.ledger.model import JournalEntry, Posting
from farthing.payments import service as payments
from farthing.payments.model import Transfer
from farthing.payments.standing import due_service as due
from farthing.payments.standing import rules, store
from farthing.payments.standing.audit_service import verify_standing
from farthing.payments.standing.model import MakeStanding
from farthing.payments.wallets import wallet_path
from lines import show
from red_packets import BANK, Bank, party

SAMPLE = 500
EACH, AMOUNT = 1_000_00, Money(100, "CNY")


def say(text: str) -> None:
    """A line of progress."""
    print(text, file=sys.stderr, flush=True)


def funded(tx: Tx, first: int, count: int) -> None:
    """Give so many people money."""
    entries = [
        JournalEntry(
            f"bench:funded:{number}", "top-up", tx.business_date,
            (Posting(BANK, Money(EACH, "CNY")), Posting(wallet_path(party(number), "CNY", "CNY"), Money(-EACH, "CNY"))),
        )
        for number in range(first, first + count)
    ]  # fmt: skip
    ledger.post_all(tx, entries)


def arranged(tx: Tx, first: int, count: int, people: int) -> None:
    """Keep so many orders that fall due today, each from one of the people to another."""
    command = MakeStanding("", "", AMOUNT, tx.business_date, "month", "rent")
    plan = rules.plan_of(command)
    orders = [
        rules.first(
            tx.new_id("standing"), party(number % people), party((number * 7 + 1) % people), command, plan,
            tx.now - timedelta(minutes=1),
        )
        for number in range(first, first + count)
        if (number * 7 + 1) % people != number % people
    ]  # fmt: skip
    store.insert(tx, orders)


def one_by_one(kernel: Kernel, people: int) -> float:
    """The same payments as operations of their own: so many a second."""
    began = time.perf_counter()
    for number in range(SAMPLE):
        kernel.run(
            payments.transfer, Transfer(party(number % people), party((number * 7 + 1) % people), AMOUNT, "rent")
        )
    return SAMPLE / (time.perf_counter() - began)


def main() -> None:
    """Fill a bank, run the due day, and prove it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--due", type=int, default=100_000, help="how many payments fall due")
    parser.add_argument("--people", type=int, default=20_000, help="how many people pay and are paid")
    asked = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="farthing-bench-"))
    bank = Bank(home)
    try:
        bank.grow(asked.people)
        for at in range(0, asked.people, 5_000):
            bank.kernel.tidy(lambda tx, at=at: funded(tx, at, min(5_000, asked.people - at)))
        for at in range(0, asked.due, 5_000):
            bank.kernel.tidy(lambda tx, at=at: arranged(tx, at, min(5_000, asked.due - at), asked.people))
        alone = one_by_one(bank.kernel, asked.people)
        say(f"one by one {alone:.0f}/s; now {asked.due} due payments")
        began = time.perf_counter()
        due.watch(bank.kernel)
        seconds = time.perf_counter() - began
        found = bank.kernel.read(verify_standing, snapshot=True)
        if found.findings or bank.kernel.read(verify_ledger, snapshot=True).findings:
            raise SystemExit(f"not exact: {found.findings[:3]}")
        show(
            "standing.due", found.payments / seconds, "due payments/s", "one operation a payment", alone,
            due=found.payments, seconds=round(seconds, 1), group=due.GROUP,
        )  # fmt: skip
    finally:
        bank.stop()
        bank.kernel.database.close()
        if bank.kernel.database.embedded is not None:
            bank.kernel.database.embedded.stop()
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
