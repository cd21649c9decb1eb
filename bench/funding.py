"""Benchmarks of sharing loans out over lenders of the marketplace: one loan of many, and many loans of few.

Prints JSON lines: name, value, unit, against, ratio, machine. A throw-away server, durability on; whole operations, with their
leaves of the log. Loans and lenders are made by SQL; what is received is told by lending's own function.

    python bench/funding.py                                   both: about a minute
    python bench/funding.py --only funding.distribute         one repayment over 10,000 lenders, beside a posting a lender
    python bench/funding.py --only funding.distribute.small   loans of 1 to 10 lenders at the close, beside a job a loan
"""

from __future__ import annotations

import sys

sys.path.append(sys.path.pop(0))  # this folder last: bench/http.py must not hide the standard library's http

import argparse
import shutil
import statistics
import tempfile
import time
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import psycopg

from farthing.db.server import Embedded
from farthing.db.tx import Tx
from farthing.funding.distribution_service import distribute, distribute_day
from farthing.kernel.day import CloseStep
from farthing.kernel.operation import operation
from farthing.kernel.whose import STAFF
from farthing.kit.ids import derived, prefixed
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.ledger import service as ledger
from farthing.ledger.model import AccountSpec, JournalEntry, Posting
from farthing.lending import books_service as books
from farthing.lending.flows import Flow
from farthing.lending.model import LoanCommand
from farthing.payments.wallets import wallet_path
from lending import CASH, Lender
from lines import show
from processor import processor_seconds

NAMES = ("funding.distribute", "funding.distribute.small")
SECONDS, A_MINUTE = 0.3, 100_000.0
RATE = Decimal("0.05")

LOANS = """
    INSERT INTO loan SELECT (jsonb_populate_record(one, jsonb_build_object('id', made.id, 'offer_id', made.id, 'holders',
        jsonb_build_array(jsonb_build_object('name', 'marketplace', 'share', jsonb_build_object('minor', one.principal_minor,
        'currency', one.currency), 'legal_name', 'lenders', 'credit_code', 'x'))))).*
    FROM loan AS one CROSS JOIN unnest(%(ids)s::text[]) AS made (id) WHERE one.id = %(like)s
"""
NOTES = """
    INSERT INTO funding_note (loan_id, holder, from_on, position, currency, principal_minor)
    SELECT id, 'marketplace', disbursed_on, 1, currency, principal_minor FROM loan WHERE id = ANY(%(ids)s)
"""
LISTED = """
    INSERT INTO funding_listed (loan_id, listing_id, currency, fee_rate, fee_of, lenders)
    SELECT made.id, made.id, 'CNY', %(rate)s, '{interest}', made.lenders
    FROM unnest(%(ids)s::text[], %(lenders)s::integer[]) AS made (id, lenders)
"""
EDITIONS = """
    INSERT INTO funding_edition (loan_id, from_on, after_flow) SELECT id, disbursed_on, 0 FROM loan WHERE id = ANY(%(ids)s)
"""
LENDERS = """
    INSERT INTO funding_lender_note (loan_id, from_on, party_id, position, principal_minor)
    SELECT loan.id, loan.disbursed_on, (%(parties)s::text[])[1 + (made.start + place) %% cardinality(%(parties)s::text[])], place,
        CASE WHEN place = made.lenders THEN loan.principal_minor - (place - 1) * (loan.principal_minor / made.lenders)
             ELSE loan.principal_minor / made.lenders END
    FROM unnest(%(ids)s::text[], %(lenders)s::integer[], %(starts)s::integer[]) AS made (id, lenders, start)
        JOIN loan ON loan.id = made.id CROSS JOIN LATERAL generate_series(1, made.lenders) AS place
"""


@dataclass(frozen=True, slots=True)
class Receive:
    """So much principal and interest came in of each of these loans."""

    ids: tuple[str, ...]
    turn: int
    principal: int
    interest: int


@operation("bench.receive", permission="bench:move", title=Words("Money of the benchmark", "压测回款"), whose=STAFF)
def receive(tx: Tx, command: Receive) -> int:
    """What a repayment does to a loan that others hold: collections, and a flow that waits; then no job for it."""
    loans = [(f"liabilities:collections:{loan_id[5:]}", loan_id) for loan_id in command.ids]
    ledger.open_accounts(tx, [AccountSpec(path, "CNY", floor=0) for path, _ in loans])
    whole, on, none = Money(command.principal + command.interest, "CNY"), tx.business_date, Money(0, "CNY")
    name = f"bench:{command.turn}"
    ledger.post_all(tx, [
        JournalEntry(f"{name}:{loan_id}", "move", on, (Posting(CASH, whole), Posting(path, -whole))) for path, loan_id in loans
    ])  # fmt: skip
    parts = (Money(command.principal, "CNY"), Money(command.interest, "CNY"), none, none)
    books.tell(tx, [Flow(loan_id, "repaid", name, on, *parts) for loan_id in command.ids])
    return len(loans)


@operation("bench.open", permission="bench:move", title=Words("Wallets of the benchmark", "压测钱包"), whose=STAFF)
def open_wallets(tx: Tx, command: Receive) -> int:
    """Wallets of lenders, and the platform's income."""
    paths = [wallet_path(party, "CNY", "CNY") for party in command.ids]
    specs = [AccountSpec(path, "CNY", floor=0) for path in paths]
    ledger.open_accounts(tx, [*specs, AccountSpec("income:fees:marketplace", "CNY")])
    return len(paths)


@operation("bench.alone", permission="bench:move", title=Words("A posting a lender", "逐笔分配"), whose=STAFF)
def one_by_one(tx: Tx, command: Receive) -> int:
    """The loop: an entry for each lender, posted on its own, in one transaction."""
    for number, party in enumerate(command.ids):
        line = (Posting(CASH, Money(1, "CNY")), Posting(wallet_path(party, "CNY", "CNY"), Money(-1, "CNY")))
        ledger.post_all(tx, [JournalEntry(f"bench:alone:{number}", "move", tx.business_date, line)])
    return len(command.ids)


class Market:
    """A bank with one loan that was lent as usual, copies of it, and lenders who hold them."""

    def __init__(self, embedded: Embedded, lenders: int) -> None:
        self.bank, self.embedded = Lender(embedded.url()), embedded
        self.kernel = self.bank.kernel
        like = next(filter(None, (self.bank.borrow(self.bank.borrower(number)) for number in range(5))))
        self.like, self.turn = like, 0
        self.parties = [prefixed("party", derived(f"lender {number}")) for number in range(lenders)]
        self.kernel.run(open_wallets, Receive(tuple(self.parties), 0, 0, 0))

    def loans(self, sizes: list[int], name: str) -> list[str]:
        """Copies of the loan, each held by so many lenders."""
        ids = sorted(prefixed("loan", derived(f"{name} {number}")) for number in range(len(sizes)))
        starts = [7 * number for number in range(len(sizes))]
        with psycopg.connect(self.embedded.url()) as connection:
            named = {
                "ids": ids,
                "lenders": sizes,
                "starts": starts,
                "parties": self.parties,
                "rate": RATE,
                "like": self.like,
            }
            for statement in (LOANS, NOTES, LISTED, EDITIONS, LENDERS):
                connection.execute(statement, named)
            connection.execute("ANALYZE")
        return ids

    def receive(self, ids: list[str], principal: int, interest: int) -> None:
        """Money comes in of loans, and waits."""
        self.turn += 1
        self.kernel.run(receive, Receive(tuple(ids), self.turn, principal, interest))


def over_many(market: Market, turns: int, sample: int) -> None:
    """One repayment over all lenders; then entry by entry over a sample of them, scaled to all."""
    (loan_id,) = market.loans([len(market.parties)], "many")
    seconds, worked = [], time.process_time()
    of_both = processor_seconds(market.embedded)
    for turn in range(turns + 1):
        market.receive([loan_id], 20_000, 1_000)
        began = time.perf_counter()
        if turn == 1:
            worked, of_both = time.process_time(), processor_seconds(market.embedded)
        market.kernel.run(distribute, LoanCommand(loan_id))
        if turn:
            seconds.append(time.perf_counter() - began)
    worked, of_both = time.process_time() - worked, processor_seconds(market.embedded) - of_both
    began = time.perf_counter()
    market.kernel.run(one_by_one, Receive(tuple(market.parties[:sample]), 0, 0, 0))
    alone = (time.perf_counter() - began) * len(market.parties) / sample
    show(
        "funding.distribute", statistics.median(seconds), "s a repayment (median)", "an entry a lender in the same run", alone,
        limit=SECONDS, lenders=len(market.parties), repayments=turns, most_s=round(max(seconds), 3),
        processor_s_of_this_program=round(worked / turns, 3), processor_s_of_postgres=round((of_both - worked) / turns, 3),
    )  # fmt: skip


def over_few(market: Market, count: int, sample: int) -> None:
    """Many loans of 1 to 10 lenders at the close of a day; then a sample of them loan by loan, as jobs do."""
    ids = market.loans([1 + number % 10 for number in range(count)], "few")
    market.receive(ids, 20_000, 1_000)
    worked, of_both, began = time.process_time(), processor_seconds(market.embedded), time.perf_counter()
    on, after, done = market.kernel.clock().business_date, "", 0
    while True:
        step = market.kernel.run(distribute_day, CloseStep(on, after))
        done += step.handled
        if step.next_after is None:
            break
        after = step.next_after
    at_once = done / (time.perf_counter() - began)
    worked, of_both = time.process_time() - worked, processor_seconds(market.embedded) - of_both
    market.receive(ids[:sample], 20_000, 1_000)
    began = time.perf_counter()
    for loan_id in ids[:sample]:
        market.kernel.run(distribute, LoanCommand(loan_id))
    alone = sample / (time.perf_counter() - began)
    show(
        "funding.distribute.small", 60 * at_once, "distributions a minute", "a job a loan in the same run", 60 * alone,
        limit=A_MINUTE, loans=done, lenders="1 to 10", us_each_of_this_program=round(1e6 * worked / done),
        us_each_of_postgres=round(1e6 * (of_both - worked) / done),
    )  # fmt: skip


def main() -> None:
    """Run what ``--only`` names, or both."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", choices=("", *NAMES))
    parser.add_argument("--lenders", type=int, default=10_000)
    parser.add_argument("--loans", type=int, default=3_000)
    options = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="farthing-bench-"))
    embedded = Embedded(home)
    try:
        market = Market(embedded, options.lenders)
        if options.only in ("", NAMES[0]):
            over_many(market, 5, 500)
        if options.only in ("", NAMES[1]):
            over_few(market, options.loans, 200)
        market.kernel.database.close()
    finally:
        embedded.stop()
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
