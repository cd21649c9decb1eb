"""A running bank survives a migration: beside readers and writers, and from what an earlier release made."""

from __future__ import annotations

import itertools
import lzma
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

import farthing.town.founding  # noqa: F401 - lists the steps of a day's close
from farthing.bank.day import STEPS
from farthing.bank.log_key import take_key
from farthing.bank.personal_service import seal_personal
from farthing.db import backup as copies
from farthing.db import migrate as schema
from farthing.db import upgrade
from farthing.db.server import Database, Embedded, Unavailable
from farthing.evidence.audit.service import verify as verify_evidence
from farthing.kernel.day import close_day
from farthing.kernel.run import Kernel
from farthing.kernel.settings import Settings
from farthing.ledger.audit.service import verify as verify_ledger
from farthing.parties.levels.audit_service import verify_levels
from farthing.savings.audit.service import verify as verify_savings
from tests.conftest import sandbox_ports

RELEASES = Path(__file__).parent / "releases"
"""A bank as each release left it: people, a loan, deposits of every product, the fund, a sweep and a group. Made by
``farthing story graduate``, ``farthing story saver`` and ``farthing backup`` of that release."""
NAMES = itertools.count()


@pytest.fixture
def empty(server: Embedded) -> Iterator[str]:
    """A database without a table."""
    name = f"upgraded_{next(NAMES)}"
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield server.url(name)
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.parametrize("release", sorted(path.name for path in RELEASES.iterdir()))
def test_a_bank_of_an_earlier_release_is_upgraded_and_closes_a_day(
    server: Embedded, empty: str, tmp_path: Path, release: str
) -> None:
    shutil.copy(RELEASES / release / "manifest.json", tmp_path)
    (tmp_path / copies.DUMP).write_bytes(lzma.decompress((RELEASES / release / "bank.dump.xz").read_bytes()))
    made = copies.restore(empty, server.bin_path, tmp_path)
    assert schema.current(empty) == made.revision
    ran = schema.migrate(empty, everything=True)
    assert ran == schema.revisions()[schema.revisions().index(made.revision) + 1 :]
    database = Database(empty).open()
    try:
        bank = Kernel(database, ports=sandbox_ports(), steps=STEPS)
        take_key(bank, Settings(home=tmp_path, _env_file=None))
        assert seal_personal(bank).total > 50, "what lay in plain is sealed, and says the same"
        assert seal_personal(bank).total == 0
        day = bank.clock().business_date
        assert bank.home == "CNY"  # a bank that was opened before a home currency was chosen keeps its books in yuan
        for _ in range(2):
            for verify in (verify_ledger, verify_evidence, verify_savings, verify_levels):
                assert not bank.read(verify, snapshot=True).findings
            close_day(bank)
        assert (bank.clock().business_date - day).days == 2
    finally:
        database.close()


def test_a_migration_steps_back_from_a_table_at_work_and_comes_again(
    database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    newest = schema.revisions()[-1]
    monkeypatch.setattr(upgrade, "LOCK_WITHIN", "SET LOCAL lock_timeout = '100ms'")
    monkeypatch.setattr(upgrade, "PAUSES", (0.1, 0.1))
    folder = tmp_path / "migrations"
    shutil.copytree(schema.FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    later = f"{int(newest[:4]) + 1:04d}_later"
    (folder / f"{later}.sql").write_text("ALTER TABLE bank_clock ADD COLUMN later integer;")
    (folder / "versions" / f"{later}.py").write_text((folder / "versions" / f"{newest}.py").read_text())
    monkeypatch.setattr(schema, "FOLDER", folder)
    with psycopg.connect(database_url) as at_work:
        at_work.execute("SELECT * FROM bank_clock")
        with pytest.raises(Unavailable, match="at work"):
            schema.migrate(database_url)
        assert schema.current(database_url) == newest
        with psycopg.connect(database_url) as other:  # nobody waits behind what stepped back
            other.execute("SET lock_timeout = '100ms'")
            other.execute("SELECT * FROM bank_clock")
        monkeypatch.setattr(upgrade, "PAUSES", (0.1,) * 100)
        migrating = threading.Thread(target=schema.migrate, args=(database_url,))
        migrating.start()
        at_work.rollback()
        migrating.join(60)
    assert schema.current(database_url) == later


@pytest.mark.parametrize(
    ("names", "before", "everything", "reached"),
    [
        (["0001_a", "0002_b"], "0001_a", False, "0002_b"),
        (["0001_a", "0002_b", "0003_c_after"], "0001_a", False, "0002_b"),
        (["0001_a", "0002_b", "0003_c_after"], "0001_a", True, "0003_c_after"),
        (["0001_a", "0002_b", "0003_c_after"], None, False, "0003_c_after"),
        (["0001_a", "0002_b", "0003_c_after"], "0003_c_after", False, "0003_c_after"),
        (["0001_a", "0002_b_after", "0003_c", "0004_d_after"], "0001_a", False, "0003_c"),
        (["0001_a", "0002_b_after", "0003_c_after"], "0002_b_after", False, "0002_b_after"),
    ],
)
def test_what_is_taken_away_waits_until_nobody_needs_it(
    monkeypatch: pytest.MonkeyPatch, names: list[str], before: str | None, everything: bool, reached: str
) -> None:
    monkeypatch.setattr(schema, "revisions", lambda: list(names))
    assert schema.target(before, everything=everything) == reached
