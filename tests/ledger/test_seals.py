"""Seals: the doors write them, the same functions find one changed value in any column they cover."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from farthing.ledger import service as ledger
from farthing.ledger.model import AccountSpec, Hold, JournalEntry, Release, Settle
from tests.conftest import Bank
from tests.laws import examples
from tests.ledger.books import CASH, TODAY, WALLET, books_open, move, work

SEALS = {
    "entry": "ledger_entry_seal(reference, kind, effective_on, recorded_at, asked, memo, legs)",
    "hold": "ledger_hold_seal(reference, kind, effective_on, recorded_at, expires_at, memo, legs)"
    " # ledger_resolution_seal(state, resolution, resolved_at)",
    "account": "ledger_account_seal(path, currency, sign, floor, ceiling, opened_at) # ledger_closing_seal(closed_at)",
}
FLIPS = {
    "text": "overlay({0} placing chr(ascii({0}) # 1) from 1 for 1)",
    "bigint": "{0} # 1",
    "smallint": "{0} # 1::smallint",
    "date": "{0} + 1",
    "timestamp with time zone": "{0} + interval '1 microsecond'",
    "bigint[]": "array_append(trim_array({0}, 1), {0}[cardinality({0})] # 1)",
}
DERIVED = {"id", "balance", "held_out", "held_in", "version", "effective_high", "seal", "guards"}
"""What other rows derive again; ``account.recorded_at`` too (the last entry or hold)."""


def broken(connection: psycopg.Connection[Any], table: str) -> int:
    """How many rows of a table disagree with their seal."""
    found = connection.execute(f"SELECT count(*) FROM {table} WHERE seal IS DISTINCT FROM {SEALS[table]}").fetchone()
    assert found is not None
    return int(found[0])


def busy(bank: Bank) -> None:
    """Entries of all sorts, holds in each state, an account closed and another opened again."""
    books_open(bank)
    soon = bank.read(lambda tx: tx.now) + timedelta(hours=1)
    hold = [
        Hold(f"hold:{n}", "purchase", TODAY, move("x", WALLET, CASH, 5).postings, "a memo", expires_at=soon)
        for n in range(4)
    ]
    sweep = JournalEntry("sweep", "sweep", TODAY, move("x", WALLET, CASH, 900).postings, at_most=True)
    idle = [AccountSpec(f"liabilities:wallets:{name}", "CNY", 0, 500) for name in ("cas", "dan")]
    work(bank, lambda tx: ledger.open_accounts(tx, idle))
    work(bank, lambda tx: ledger.post(tx, [move("in", CASH, WALLET, 1000, memo="pay"), *hold]))
    work(bank, lambda tx: ledger.post(tx, [Settle("paid", "hold:1", TODAY), Release("void", "hold:2"), sweep]))
    for spec in idle:
        work(bank, lambda tx, path=spec.path: ledger.close_account(tx, path))
    work(bank, lambda tx: ledger.reopen_account(tx, idle[0].path))


def test_whatever_the_doors_write_agrees_with_its_seal(bank):
    busy(bank)
    with bank.superuser() as connection:
        assert {table: broken(connection, table) for table in SEALS} == {"entry": 0, "hold": 0, "account": 0}
        states = connection.execute("SELECT DISTINCT state FROM hold ORDER BY 1").fetchall()
        assert [state for (state,) in states] == ["pending", "released", "settled"]


@pytest.mark.parametrize("table", SEALS)
def test_one_changed_bit_in_any_column_is_found(bank, table):
    busy(bank)
    with bank.superuser() as connection:
        columns = connection.execute(
            "SELECT attname, format_type(atttypid, NULL) FROM pg_attribute"
            " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped",
            (table,),
        ).fetchall()
        skipped = DERIVED - {"seal"} | ({"recorded_at"} if table == "account" else set())
        tried = [(name, kind) for name, kind in columns if name not in skipped]
        assert len(tried) >= 7
        for name, kind in tried:
            with connection.transaction(force_rollback=True):
                connection.execute("SET CONSTRAINTS ALL DEFERRED")
                for constraint in connection.execute(
                    "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'c'", (table,)
                ).fetchall():
                    connection.execute(f"ALTER TABLE {table} DROP CONSTRAINT {constraint[0]}")
                changed = connection.execute(
                    f"UPDATE {table} SET {name} = {FLIPS[kind].format(name)}"
                    f" WHERE {name} IS NOT NULL AND {name}::text NOT IN ('', 'infinity')"
                ).rowcount
                assert changed > 0, name
                assert broken(connection, table) == changed, name


def test_the_seal_is_the_same_under_other_settings_and_on_every_release(bank):
    """The figure is written out: another release, or a machine that computes it otherwise, fails here."""
    known = "SELECT ledger_entry_seal('loan:L42', 'disbursement', '2026-03-31', '2026-03-31 12:00+00', 7, 'für 你', '{1,-5}')"
    with bank.superuser() as connection:
        first = connection.execute(known).fetchone()
        for setting in ("datestyle = 'SQL, DMY'", "timezone = 'Asia/Shanghai'", "intervalstyle = 'iso_8601'"):
            connection.execute(f"SET {setting}")
            assert connection.execute(known.replace("2026-03-31'", "2026-03-31'::date")).fetchone() == first
        assert first == (KNOWN,)


KNOWN = 4987710444663796269


def test_damage_before_a_hold_is_resolved_or_an_account_closed_is_not_sealed_over(bank):
    books_open(bank)
    work(bank, lambda tx: ledger.open_accounts(tx, [AccountSpec("liabilities:wallets:eve", "CNY", 0)]))
    hold = Hold("hold:1", "purchase", TODAY, move("x", WALLET, CASH, 5).postings, "a memo")
    work(bank, lambda tx: ledger.post(tx, [move("in", CASH, WALLET, 1000), hold]))
    with bank.superuser() as connection:
        connection.execute("UPDATE hold SET memo = 'A memo'")
        connection.execute("UPDATE account SET ceiling = 7 WHERE path LIKE '%eve'")
        work(bank, lambda tx: ledger.post(tx, [Settle("paid", "hold:1", TODAY)]))
        work(bank, lambda tx: ledger.close_account(tx, "liabilities:wallets:eve"))
        assert (broken(connection, "hold"), broken(connection, "account")) == (1, 1)
        connection.execute("UPDATE hold SET memo = 'a memo'")
        assert broken(connection, "hold") == 0


EXAMPLES = itertools.count()
HIGHEST = """
    SELECT count(*) FROM (
        SELECT effective_high, max(effective_on) OVER (PARTITION BY account_id ORDER BY version) AS high FROM posting
    ) AS p WHERE effective_high <> high
"""


@examples(12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=st.lists(st.lists(st.integers(1, 9), min_size=1, max_size=5), min_size=1, max_size=4))
def test_the_latest_date_so_far_is_right_however_dates_are_mixed(bank, batches):
    example = next(EXAMPLES)
    names = [f"assets:cash:t{example}", f"liabilities:wallets:t{example}"]
    work(bank, lambda tx: ledger.open_accounts(tx, [AccountSpec(name, "CNY") for name in names]))
    for number, days in enumerate(batches):
        entries = [
            move(f"{example}:{number}:{place}", *names, 1, on=date(2026, 3, day)) for place, day in enumerate(days)
        ]
        work(bank, lambda tx, entries=entries: ledger.post_all(tx, entries))
    with bank.superuser() as connection:
        assert connection.execute(HIGHEST).fetchone() == (0,)
