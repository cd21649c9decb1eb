"""Benchmarks of loans: many schedules at once, from a decision to the money, and repayments by many callers.

Prints JSON lines: name, value, unit, against, ratio, machine. Schedules are 36 instalments of loans whose amounts, rates and
days differ, on one core; they are compared with the scalar path, instalment by instalment, in the same run. The other two
run whole operations on a bank of the simulated city in a throw-away server, durability on.

    python bench/lending.py                                     all: two or three minutes
    python bench/lending.py --only lending.schedules            20,000 schedules
    python bench/lending.py --only lending.decision_to_money    apply, accept, fund, sign, pay out, one borrower at a time
    python bench/lending.py --only lending.repayments           64 callers who repay through the lane, beside one alone
"""

from __future__ import annotations

import sys

sys.path.append(sys.path.pop(0))  # this folder last: bench/http.py must not hide the standard library's http

import argparse
import asyncio
import base64
import random
import shutil
import statistics
import tempfile
import time
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from stdnum.cn import ric

from farthing.bank.day import STEPS
from farthing.credit import service as credit
from farthing.credit.bills.sample import graduate_bill
from farthing.credit.history import service as history
from farthing.credit.model import GiveConsent, ImportBill
from farthing.db.migrate import migrate
from farthing.db.server import Database, Embedded
from farthing.db.tx import Tx
from farthing.funding import service as funding
from farthing.kernel.day import close_day
from farthing.kernel.lanes import Lane, lane_of
from farthing.kernel.operation import Call, operation, operation_of
from farthing.kernel.run import Kernel
from farthing.kernel.settings import Settings
from farthing.kernel.whose import STAFF
from farthing.kit.actor import SYSTEM
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.ledger import service as ledger
from farthing.ledger.model import AccountSpec, JournalEntry, Posted, Posting
from farthing.lending import service as lending
from farthing.lending.agreement import service as contracts
from farthing.lending.agreement.service import SignContract
from farthing.lending.model import AcceptOffer, Apply, LoanCommand, Repay
from farthing.lending.plans.many import Ask, schedules
from farthing.lending.plans.schedule import schedule
from farthing.lending.plans.terms import Terms
from farthing.parties import service as parties
from farthing.parties.model import Register, VerifyIdentity
from farthing.payments import service as payments
from farthing.payments.model import OpenWallet
from farthing.payments.wallets import wallet_path
from farthing.town.founding import found
from farthing.town.ports import ports_of
from lines import show
from processor import processor_seconds

NAMES = ("lending.schedules", "lending.decision_to_money", "lending.repayments")
FOUNDED_ON, INSTALMENTS = date(2026, 3, 16), 36
SCHEDULES_A_SECOND, REPAYMENTS_A_SECOND, CALLERS = 20_000.0, 1_500.0, 64
CASH = "assets:cash:bench"
PRODUCT = "rainy-day-loan"


def say(text: str) -> None:
    """A line of progress."""
    print(text, file=sys.stderr, flush=True)


@operation("bench.move", permission="bench:move", title=Words("A movement of the benchmark", "压测款项"), whose=STAFF)
def move(tx: Tx, command: JournalEntry) -> Posted:
    """Fill or empty a wallet: a rail would do it, which is not what is measured."""
    return ledger.post_all(tx, [command])[0]


def asks(count: int, rates: int, days: int) -> list[Ask]:
    """Loans of 36 months: so many rates, so many days of payment out, amounts of 1,000 to 300,000 yuan."""
    dice = random.Random(36)
    annual = [Decimal(dice.randint(300, 3600)) / 10_000 for _ in range(rates)]
    return [
        Ask(
            Terms("CNY", dice.choice(annual), INSTALMENTS),
            Money(dice.randint(100_000, 30_000_000), "CNY"),
            FOUNDED_ON + timedelta(days=dice.randrange(days)),
        )
        for _ in range(count)
    ]


def many_schedules(count: int, sample: int) -> None:
    """All at once beside one after the other; of the sample each row is compared."""
    for name, rates, days in (("lending.schedules", 40, 28), ("lending.schedules.one_product", 1, 1)):
        asked = asks(count, rates, days)
        began = time.process_time()
        batches = schedules(asked)
        at_once = count / (time.process_time() - began)
        began = time.process_time()
        alone = [schedule(each.terms, each.paid_out, each.on) for each in asked[:sample]]
        one_by_one = sample / (time.process_time() - began)
        rows = {
            place: batch.rows(line, asked[place].on)
            for batch in batches
            for line, place in enumerate(batch.places)
            if place < sample
        }
        if any(rows[place] != alone[place] for place in range(sample)):
            raise SystemExit("a schedule of many differs from the schedule of one")
        show(
            name, at_once, "schedules/s (processor)", "the scalar path in the same run", one_by_one,
            limit=SCHEDULES_A_SECOND, schedules=count, instalments=INSTALMENTS, rates=rates, days=days, compared=sample,
        )  # fmt: skip


class Lender:
    """A bank with borrowers, each with an identity, a wallet and a bill that speaks for them."""

    def __init__(self, url: str) -> None:
        migrate(url)
        self.kernel = Kernel(Database(url).open(), ports=ports_of(Settings(_env_file=None)), steps=STEPS)
        found(self.kernel, Settings(_env_file=None), FOUNDED_ON)
        self.kernel.run(ledger.open_account, ledger.OpenAccount(AccountSpec(CASH, "CNY")))
        self.moves = 0

    def borrower(self, number: int) -> str:
        """Somebody who may borrow."""
        digits = f"11010119{80 + number // 300:02d}0101{number % 300:03d}"
        person = Register(f"借款人{number}", digits + ric.calc_check_digit(digits + "0"), f"1391234{number:04d}")
        party = self.kernel.run(parties.register, person)
        self.kernel.run(parties.verify_identity, VerifyIdentity(party.id))
        self.kernel.run(payments.open_wallet, OpenWallet(party.id))
        today = self.kernel.clock().business_date
        kinds = ("payment_history", "credit_bureau")
        self.kernel.run(
            credit.give_consent, GiveConsent(party.id, "loan_application", kinds, today + timedelta(days=360))
        )
        content = graduate_bill(random.Random(number), today - timedelta(days=1), party.name)
        seal = self.kernel.ports.peer("channel", "sandbox").seal(content, party.number)
        bill = ImportBill(party.id, "bill.csv", base64.b64encode(content).decode(), seal=seal)
        self.kernel.run(history.import_bill, bill)
        return str(party.id)

    def borrow(self, party_id: str) -> str | None:
        """From the application to the money in the wallet, by the operations of every door; the loan, or None for a no."""
        run, amount = self.kernel.run, Money(300_000, "CNY")
        offer = run(lending.apply, Apply(party_id, PRODUCT, amount, 6, "bench")).offer
        if offer is None:
            return None
        loan_id: str = run(lending.accept_offer, AcceptOffer(offer.id, offer.amount, offer.total_cost)).id
        funding.arrange(self.kernel, loan_id)
        drawn = run(contracts.draw_contract, LoanCommand(loan_id))
        run(contracts.sign_contract, SignContract(loan_id, drawn.document_digest))
        run(contracts.complete, LoanCommand(loan_id))
        return loan_id

    def move(self, party_id: str, minor: int) -> None:
        """Put cash into a wallet, or take it out."""
        self.moves += 1
        amount = Money(minor, "CNY")
        lines = (Posting(CASH, amount), Posting(wallet_path(party_id, "CNY", "CNY"), -amount))
        on = self.kernel.clock().business_date
        self.kernel.run(move, JournalEntry(f"bench:move:{self.moves}", "move", on, lines))


def to_money(lender: Lender, people: list[str]) -> dict[str, str]:
    """Borrow, one after the other; answers each loan with its borrower."""
    seconds, lent = [], {}
    for party_id in people:
        began = time.perf_counter()
        loan_id = lender.borrow(party_id)
        if loan_id is not None:
            seconds.append(time.perf_counter() - began)
            lent[loan_id] = party_id
    if len(lent) < max(2, len(people) // 2):
        raise SystemExit(f"only {len(lent)} of {len(people)} were lent to")
    p50, p99 = statistics.median(seconds) * 1000, statistics.quantiles(seconds, n=100)[98] * 1000
    show(
        "lending.decision_to_money", p50, "ms (median)", "its own 99th part of a hundred in the same run", p99,
        p99_ms=round(p99, 1), loans=len(seconds), refused=len(people) - len(lent),
    )  # fmt: skip
    return lent


def repayments(lender: Lender, lent: dict[str, str], each: int, embedded: Embedded) -> None:
    """On the first due day, with wallets that were empty when it closed: every caller repays its loans a fen at a time."""
    kernel = lender.kernel
    for party_id in lent.values():
        there = kernel.read(lambda tx, path=wallet_path(party_id, "CNY", "CNY"): ledger.balance(tx, path).available())
        lender.move(party_id, -there.minor)
    first = kernel.read(lambda tx: lending.loan(tx, next(iter(lent))))
    due_on = first.instalments[0].due_on
    while kernel.clock().business_date <= due_on:
        close_day(kernel)
    for party_id in lent.values():
        lender.move(party_id, 10_000)

    def alone_for(loan_id: str) -> float:
        began = time.perf_counter()
        for _ in range(each):
            kernel.run(lending.repay, Repay(loan_id, Money(1, "CNY")))
        return each / (time.perf_counter() - began)

    async def caller(lane: Lane[Call], number: int) -> int:
        for turn in range(each):
            loan_id = listed[(number + turn * callers) % len(listed)]
            await lane.run(Call(Repay(loan_id, Money(1, "CNY")), SYSTEM, f"bench:{number}:{turn}"))
        return each

    async def together_for() -> float:
        lane = lane_of(kernel, operation_of(lending.repay))
        began = time.perf_counter()
        done = sum(await asyncio.gather(*(caller(lane, number) for number in range(callers))))
        spent = time.perf_counter() - began
        await lane.close()
        return done / spent

    listed = list(lent)
    callers = min(CALLERS, len(listed))
    alone = alone_for(listed[0])
    worked, of_both = time.process_time(), processor_seconds(embedded)
    together = asyncio.run(together_for())
    worked, of_both = time.process_time() - worked, processor_seconds(embedded) - of_both
    show(
        "lending.repayments", together, "repayments/s", "one caller in the same run", alone, limit=REPAYMENTS_A_SECOND,
        callers=callers, repayments=callers * each, loans=len(listed),
        us_each_of_this_program=round(1e6 * worked / (callers * each)),
        us_each_of_postgres=round(1e6 * (of_both - worked) / (callers * each)),
    )  # fmt: skip


def main() -> None:
    """Run what ``--only`` names, or all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="")
    parser.add_argument("--schedules", type=int, default=20_000)
    parser.add_argument("--borrowers", type=int, default=100)
    parser.add_argument("--each", type=int, default=20, help="repayments of each caller")
    options = parser.parse_args()
    if options.only not in ("", *NAMES):
        raise SystemExit(f"there is no benchmark {options.only} here")
    if options.only in ("", "lending.schedules"):
        many_schedules(options.schedules, min(options.schedules, 2_000))
    if options.only == "lending.schedules":
        return
    home = Path(tempfile.mkdtemp(prefix="farthing-bench-"))
    embedded = Embedded(home)
    try:
        lender = Lender(embedded.url())
        say(f"{options.borrowers} borrowers are registered")
        lent = to_money(lender, [lender.borrower(number) for number in range(options.borrowers)])
        if options.only in ("", "lending.repayments"):
            repayments(lender, lent, options.each, embedded)
        lender.kernel.database.close()
    finally:
        embedded.stop()
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
