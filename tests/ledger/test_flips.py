"""One changed bit in any column of any table of the ledger is found and its row is named."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import psycopg
import pytest

from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.ledger.audit.service import verify
from farthing.ledger.guards import Guard
from farthing.ledger.model import AccountSpec, Hold, JournalEntry, Posting, Release, Settle
from tests.conftest import Bank
from tests.ledger.books import CASH, TODAY, WALLET, books_open, move, work

TABLES = ("account", "entry", "posting", "hold", "hold_leg", "hold_reference", "guard", "guard_figure")
FLIPS = {
    "text": ["overlay({0} placing chr(ascii({0}) # {1}) from 1 for 1)"],
    "bigint": ["{0} # {1}"],
    "smallint": ["{0} # {1}::smallint"],
    "numeric": ["{0} + {1}"],
    "date": ["{0} + {1}"],
    "timestamp with time zone": ["{0} + {1} * interval '1 microsecond'"],
    "bigint[]": [
        "array_append(trim_array({0}, 1), {0}[cardinality({0})] # {1})",
        "array_cat(array[{0}[1] # {1}], {0}[2:])",
    ],
    "text[]": ["array_append(trim_array({0}, 1), 'assets:other:*')"],
    "uuid": ["encode(set_byte(uuid_send({0}), 3, get_byte(uuid_send({0}), 3) # {1}), 'hex')::uuid"],
}
ABSENT = {
    "bigint": "5", "text": "'x'", "date": "'2026-01-01'", "timestamp with time zone": "now()", "bigint[]": "'{1,1}'",
}  # fmt: skip


def busy(bank: Bank) -> None:
    """Entries and holds of every sort, closed and reopened accounts, a currency exchange, a guard in and out of force."""
    books_open(bank)
    soon = bank.read(lambda tx: tx.now) + timedelta(hours=1)
    hold = [
        Hold(f"hold:{n}", "purchase", TODAY, move("x", WALLET, CASH, 5).postings, "a memo", expires_at=soon)
        for n in range(4)
    ]
    sweep = JournalEntry("sweep", "sweep", TODAY, move("x", WALLET, CASH, 900).postings, at_most=True)
    idle = [AccountSpec(f"liabilities:wallets:{name}", "CNY", 0, 500) for name in ("cas", "dan")]
    abroad = [AccountSpec("assets:cash:usd", "USD"), AccountSpec("equity:exchange:usd", "USD"),
              AccountSpec("equity:exchange:cny", "CNY")]  # fmt: skip
    dollars, yuan = Money(100, "USD"), Money(720, "CNY")
    exchange = JournalEntry(
        "fx", "exchange", TODAY - timedelta(days=3),
        (Posting("assets:cash:usd", dollars), Posting("equity:exchange:usd", -dollars),
         Posting("equity:exchange:cny", yuan), Posting(CASH, -yuan)),
    )  # fmt: skip
    work(bank, lambda tx: ledger.open_accounts(tx, [*idle, *abroad]))
    work(bank, lambda tx: ledger.post(tx, [move("in", CASH, WALLET, 1000, memo="pay"), *hold, exchange]))
    work(bank, lambda tx: ledger.post(tx, [Settle("paid", "hold:1", TODAY), Release("void", "hold:2"), sweep]))
    work(bank, lambda tx: ledger.post(tx, [move(f"mv:{n}", CASH, WALLET, 7) for n in range(5)]))
    cover = Guard("cover", "Wallets are covered", "CNY", 10_000, ((CASH, 1), ("liabilities:wallets:*", -1)))
    past = Guard("past", "Out of force", "CNY", 10_000, ((CASH, 1),))
    work(bank, lambda tx: ledger.install_guards(tx, [cover, past]))
    work(bank, lambda tx: ledger.retire_guard(tx, "past"))
    for spec in idle:
        work(bank, lambda tx, path=spec.path: ledger.close_account(tx, path))
    work(bank, lambda tx: ledger.reopen_account(tx, idle[0].path))


def found(connection: psycopg.Connection[Any], bank: Bank) -> list[Any]:
    tx = bank.kernel._tx(connection, bank.system)
    return list(verify(tx).findings)


def columns(connection: psycopg.Connection[Any], table: str) -> list[tuple[str, str]]:
    return connection.execute(
        "SELECT attname, format_type(atttypid, NULL) FROM pg_attribute"
        " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
        (table,),
    ).fetchall()


def unbind(connection: psycopg.Connection[Any], table: str) -> None:
    """Take away every constraint that would stop the planting."""
    for (name,) in connection.execute(
        "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype IN ('c', 'p')", (table,)
    ).fetchall():
        connection.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")


@pytest.mark.parametrize("table", TABLES)
def test_every_column(bank: Bank, table: str) -> None:
    busy(bank)
    with bank.superuser() as connection:
        assert not found(connection, bank)
        rows = [row for (row,) in connection.execute(f"SELECT ctid::text FROM {table} ORDER BY ctid").fetchall()]
        assert rows
        chosen = [rows[0], rows[len(rows) // 2], rows[-1]]
        for name, kind in columns(connection, table):
            planted = 0
            for row in dict.fromkeys(chosen):
                for plant in plants(name, kind):
                    with connection.transaction(force_rollback=True):
                        unbind(connection, table)
                        names = named(connection, table, row)
                        changed = connection.execute(
                            f"UPDATE {table} SET {name} = {plant} WHERE ctid = '{row}' AND {name} IS DISTINCT FROM {plant}"
                            " RETURNING ctid::text"
                        ).fetchall()
                        planted += len(changed)
                        if changed:
                            names |= named(connection, table, changed[0][0])
                            told = [f"{finding.what} {finding.subject}" for finding in found(connection, bank)]
                            assert any(
                                about.startswith(table) and any(name in about for name in names) for about in told
                            ), f"{table}.{name} of row {row} ({names}) set to {plant}: told {told}"
            assert planted, f"nothing could be planted in {table}.{name} ({kind})"


NAMES = {
    "account": "SELECT path FROM account WHERE ctid = '{0}'",
    "entry": "SELECT id || ' ' || reference FROM entry WHERE ctid = '{0}'",
    "posting": "SELECT coalesce(path, 'account ' || account_id) || ' version ' || posting.version"
    " FROM posting LEFT JOIN account ON account.id = account_id WHERE posting.ctid = '{0}'",
    "hold": "SELECT reference FROM hold WHERE ctid = '{0}'",
    "hold_leg": "SELECT coalesce(reference, 'hold ' || hold_id) || ' on ' || coalesce(path, 'account ' || account_id)"
    " FROM hold_leg LEFT JOIN hold ON hold.id = hold_id LEFT JOIN account ON account.id = account_id"
    " WHERE hold_leg.ctid = '{0}'",
    "hold_reference": "SELECT reference FROM hold_reference WHERE ctid = '{0}'",
    "guard": "SELECT name FROM guard WHERE ctid = '{0}'",
    "guard_figure": "SELECT coalesce(name, 'guard ' || f.id) FROM guard_figure AS f LEFT JOIN guard ON guard.id = f.id"
    " WHERE f.ctid = '{0}'",
}
"""How a finding names the row of a table."""


def named(connection: psycopg.Connection[Any], table: str, row: str) -> set[str]:
    return {name for (name,) in connection.execute(NAMES[table].format(row)).fetchall()}


EXTREMES = {
    "bigint": (1, 2**40, 2**62, -(2**63)), "bigint[]": (1, 2**62, -(2**63)), "uuid": (1, 128), "smallint": (1, 2),
}  # fmt: skip
ENDLESS = {
    "date": ["date 'infinity'"], "timestamp with time zone": ["timestamptz 'infinity'", "timestamptz '-infinity'"],
    "numeric": ["numeric 'NaN'"],
}  # fmt: skip


def plants(name: str, kind: str) -> list[str]:
    """What a column is set to: low bits, high bits and the sign changed, and something where there was nothing."""
    flipped = [form.format(name, f"({bit})") for form in FLIPS[kind] for bit in EXTREMES.get(kind, (1, 8))]
    flipped += ENDLESS.get(kind, [])
    return [f"CASE WHEN {name} IS NULL THEN {ABSENT.get(kind, 'NULL')} ELSE {form} END" for form in flipped]


GONE = {
    "account": "version > 0",
    "entry": "true",
    "posting": "true",
    "hold": "state = 'pending'",
    "hold_leg": "true",
    "hold_reference": "true",
    "guard": "retired_at IS NULL",
    "guard_figure": "true",
}
"""Rows that others lean on; an account never used, or a hold that is over, leaves its trace in the evidence log only."""


@pytest.mark.parametrize("table", TABLES)
def test_a_row_taken_away_is_found(bank: Bank, table: str) -> None:
    busy(bank)
    with bank.superuser() as connection:
        taken = connection.execute(f"SELECT ctid::text FROM {table} WHERE {GONE[table]}").fetchall()
        assert taken
        for (row,) in taken:
            with connection.transaction(force_rollback=True):
                connection.execute(f"DELETE FROM {table} WHERE ctid = '{row}'")
                assert found(connection, bank), f"{table} {row} is gone and nobody noticed"
