"""Verify finds nothing in a sound ledger and names whatever a superuser plants."""

from __future__ import annotations

import csv
import shutil
import subprocess
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from beancount import loader
from beancount.core import realization

from farthing.kit.money import Money
from farthing.ledger import export
from farthing.ledger import service as ledger
from farthing.ledger.audit.model import Audit
from farthing.ledger.audit.service import verify
from farthing.ledger.model import AccountSpec, JournalEntry, Posting
from tests.conftest import Bank
from tests.ledger.test_reference import run_seed

A, B, C = "assets:cash:till", "liabilities:wallets:ann", "liabilities:wallets:bob"


def entry(reference: str, kind: str, day: date, debit: str, credit: str, minor: int) -> JournalEntry:
    postings = (Posting(debit, Money(minor, "CNY")), Posting(credit, Money(-minor, "CNY")))
    return JournalEntry(reference, kind, day, postings, 'say "hi"')


def busy(bank: Bank) -> None:
    def work(tx: object) -> None:
        ledger.open_accounts(
            tx, [AccountSpec(A, "CNY"), AccountSpec(B, "CNY", floor=0), AccountSpec(C, "CNY", floor=0)]
        )
        day = tx.business_date
        cash = [entry(f"in:{n}", "top-up", day, A, B, 100 + n) for n in range(20)]
        move = [entry(f"mv:{n}", "transfer", day, B, C, 10) for n in range(20)]
        ledger.post_all(tx, [*cash, *move])

    with bank.kernel.database.transaction() as connection:
        work(bank.kernel._tx(connection, bank.system))


def audit(bank: Bank) -> Audit:
    return bank.read(verify)


def test_a_sound_ledger_is_clean(bank: Bank) -> None:
    busy(bank)
    found = audit(bank)
    assert found.clean, found.findings
    assert (found.accounts, found.entries, found.postings) == (3, 40, 80)


def test_balances_at_both_ends_of_the_range_are_clean(bank: Bank) -> None:
    ends = [AccountSpec("assets:cash:one", "CNY"), AccountSpec("equity:one", "CNY")]

    def work(tx: object) -> None:
        ledger.open_accounts(tx, ends)
        most = 2**62
        there = (Posting("assets:cash:one", Money(most, "CNY")), Posting("equity:one", Money(-most, "CNY")))
        back = tuple(Posting(line.account, -line.amount) for line in there)
        for number, lines in enumerate([there, back, back, there]):
            ledger.post_all(tx, [JournalEntry(f"end:{number}", "end", tx.business_date, lines)])

    with bank.kernel.database.transaction() as connection:
        work(bank.kernel._tx(connection, bank.system))
    assert audit(bank).clean, audit(bank).findings


PLANTED = [
    ("UPDATE account SET balance = balance # 1 WHERE path LIKE '%ann'", "account.balance"),
    ("UPDATE account SET version = version # 1 WHERE path LIKE '%ann'", "account.balance"),
    ("UPDATE account SET held_out = held_out # 1 WHERE path LIKE '%ann'", "account.held"),
    ("UPDATE account SET held_in = held_in # 1 WHERE path LIKE '%ann'", "account.held"),
    ("UPDATE account SET path = 'liabilities:wallets:anm' WHERE path LIKE '%ann'", "account.id"),
    ("UPDATE account SET sign = 1 WHERE path LIKE '%ann'", "account.seal"),
    ("UPDATE account SET currency = 'CNX' WHERE path LIKE '%ann'", "entry.legs"),
    ("UPDATE account SET effective_high = effective_high + 1 WHERE path LIKE '%ann'", "account.balance"),
    ("UPDATE entry SET reference = 'in:x' WHERE reference = 'in:3'", "entry.id"),
    ("UPDATE entry SET legs[2] = legs[2] # 1 WHERE reference = 'in:3'", "entry.legs"),
    ("UPDATE entry SET legs[1] = legs[1] # 1 WHERE reference = 'in:3'", "posting"),
    ("UPDATE entry SET effective_on = effective_on + 1 WHERE reference = 'in:3'", "posting"),
    ("UPDATE posting SET balance = balance # 1 WHERE version = 7", "posting"),
    ("UPDATE posting SET version = version + 1000 WHERE version = 20", "posting"),
    ("UPDATE posting SET effective_on = effective_on + 1 WHERE version = 7", "posting"),
    ("UPDATE posting SET effective_high = effective_high + 1 WHERE version = 7", "posting"),
    ("DELETE FROM posting WHERE version = 40", "posting"),
    ("DELETE FROM entry WHERE reference = 'in:3'", "posting"),
]


@pytest.mark.parametrize(("statement", "what"), PLANTED)
def test_what_a_superuser_plants_is_named(bank: Bank, statement: str, what: str) -> None:
    busy(bank)
    with bank.superuser() as connection:
        assert connection.execute(statement).rowcount > 0
    assert what in {finding.what for finding in audit(bank).findings}


def test_the_application_may_not_write_the_ledger(bank: Bank) -> None:
    import psycopg

    for statement in ("UPDATE account SET balance = 1", "DELETE FROM entry", "INSERT INTO hold_leg VALUES (1)"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), bank.kernel.database.transaction() as connection:
            connection.execute(statement)


@pytest.mark.skipif(shutil.which("hledger") is None, reason="hledger is not installed")
def test_hledger_and_beancount_accept_the_journal_and_agree_to_the_cent(bank: Bank, tmp_path: Path) -> None:
    """A busy ledger of two currencies, with holds, chains and back-dated entries, and texts that try to break out."""
    busy(bank)
    run_seed(bank, 11, 1500)
    hostile = ['a" "b', "a ; b", "| x", "=2020-01-01", "\\", "# tag:x, y:", "中文 (x)"]
    with bank.kernel.database.transaction() as connection:
        tx = bank.kernel._tx(connection, bank.system)
        for number, text in enumerate(hostile):
            wild = entry(f"h:{number} {text}", text, tx.business_date - timedelta(days=number), A, B, 1 + number)
            ledger.post_all(tx, [replace(wild, memo=text)])
    journal = bank.read(ledger.journal)
    ours = {
        each.path: (each.currency, each.balance.decimal())
        for each in bank.read(ledger.balances)
        if each.balance.minor or each.version
    }
    assert len(journal) > 500
    assert len(ours) > 10

    text = tmp_path / "books.journal"
    text.write_text("".join(export.hledger(journal)))
    subprocess.run(["hledger", "-f", text, "check"], check=True, capture_output=True)
    said = subprocess.run(
        ["hledger", "-f", text, "balance", "--flat", "--no-total", "--empty", "-O", "csv"],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    theirs = {}
    for path, amount in list(csv.reader(said.splitlines()))[1:]:
        currency, _, figure = amount.partition(" ")
        theirs[path] = (currency if figure else ours[path][0], Decimal(figure or amount))
    assert theirs == ours

    beans = tmp_path / "books.beancount"
    beans.write_text("".join(export.beancount(journal)))
    entries, errors, _ = loader.load_file(str(beans))
    assert not errors
    root = realization.realize(entries)
    for path, (currency, figure) in ours.items():
        balance = realization.get(root, export.beancount_account(path)).balance
        assert balance.get_currency_units(currency).number == figure, path
        assert balance.currencies() <= {currency}
