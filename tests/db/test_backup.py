"""A backup of a bank that goes on working comes back whole, verifies clean, and refuses what it should."""

from __future__ import annotations

import itertools
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from farthing.bank.day import STEPS
from farthing.db import backup as copies
from farthing.db.server import Database, Embedded
from farthing.evidence.audit.service import verify as verify_evidence
from farthing.kernel.run import Kernel
from farthing.kit.errors import Refusal
from farthing.ledger import service as ledger
from farthing.ledger.audit.service import verify
from tests.conftest import Bank, sandbox_ports
from tests.hands import give
from tests.ledger.books import CASH, WALLET, books_open, move

NAMES = itertools.count()


@pytest.fixture
def empty(server: Embedded) -> Iterator[str]:
    """A database without a table."""
    name = f"restored_{next(NAMES)}"
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield server.url(name)
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_a_living_bank_comes_back(bank: Bank, server: Embedded, empty: str, tmp_path: Path) -> None:
    books_open(bank)
    stop, acknowledged = threading.Event(), []

    def write() -> None:
        for number in itertools.count():
            if stop.is_set():
                return
            bank.run(give, move(f"live:{number}", CASH, WALLET, 1), key=f"k{number}")
            acknowledged.append(number)

    writer = threading.Thread(target=write)
    writer.start()
    while len(acknowledged) < 50:
        pass
    before = len(acknowledged)
    made = copies.backup(bank.url, server.bin_path, tmp_path / "copy")
    while len(acknowledged) < before + 50:
        pass
    stop.set()
    writer.join()
    assert stat.S_IMODE((tmp_path / "copy").stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in (tmp_path / "copy").iterdir()} == {0o600}

    assert copies.restore(empty, server.bin_path, tmp_path / "copy") == made
    database = Database(empty).open()
    try:
        restored = Kernel(database, ports=sandbox_ports(), steps=STEPS)
        assert not restored.read(verify, snapshot=True).findings
        assert not restored.read(verify_evidence, snapshot=True).findings
        for number in range(before):
            assert restored.read(lambda tx, n=number: ledger.entry(tx, f"live:{n}")).entry.kind
        again = restored.run(give, move("live:0", CASH, WALLET, 1), key="k0")
        assert again.reference == "live:0"
        assert restored.run(give, move("after", CASH, WALLET, 1)).reference == "after"
    finally:
        database.close()
    assert made.counts["entry"] >= before


def test_what_is_refused(bank: Bank, server: Embedded, empty: str, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    copies.backup(bank.url, server.bin_path, folder)
    with pytest.raises(Refusal) as twice:
        copies.backup(bank.url, server.bin_path, folder)
    assert twice.value.code == "backup.exists"
    with pytest.raises(Refusal) as full:
        copies.restore(bank.url, server.bin_path, folder)
    assert full.value.code == "backup.not_empty"
    with pytest.raises(Refusal) as nothing:
        copies.restore(empty, server.bin_path, tmp_path / "elsewhere")
    assert nothing.value.code == "backup.missing"
    content = bytearray((folder / copies.DUMP).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / copies.DUMP).write_bytes(content)
    with pytest.raises(Refusal) as damaged:
        copies.restore(empty, server.bin_path, folder)
    assert damaged.value.code == "backup.damaged"
    with psycopg.connect(empty) as connection:
        assert connection.execute(copies.TABLES).fetchone() == (0,)


def test_a_program_that_fails_is_told(server: Embedded, tmp_path: Path) -> None:
    with pytest.raises(Refusal) as failed:
        copies.run(server.bin_path, "pg_restore", str(tmp_path / "nothing"))
    assert failed.value.code == "backup.failed"
    with pytest.raises(Refusal) as absent:
        copies.run(None, "pg_no_such_program")
    assert absent.value.code == "backup.failed"
