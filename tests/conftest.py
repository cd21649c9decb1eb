"""Fixtures: one embedded PostgreSQL a session, a migrated template, and a fresh bank (database) a test."""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
import pytest_timeout
from argon2 import PasswordHasher
from hypothesis import settings

from farthing.bank.day import STEPS
from farthing.credit.sandbox_channel import SandboxChannel
from farthing.db.migrate import migrate
from farthing.db.server import Database, Embedded
from farthing.identity import passwords
from farthing.kernel import jobs
from farthing.kernel.ports import Ports
from farthing.kernel.run import Kernel
from farthing.kernel.settings import Settings
from farthing.kit.actor import SYSTEM, Actor
from farthing.kit.ids import IdSource
from farthing.town.ports import ports_of
from tests.waits import patience

settings.register_profile("suite", deadline=None)
settings.load_profile("suite")  # how long an example may take says something of the machine and nothing of the law

MEMORY = Path("/dev/shm")
SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
CHEAP = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
_COUNTER = itertools.count(1)
ORDINARY = "2026-06-10"
"""A Wednesday in the middle of a month, of a quarter and of nothing in particular."""
DAY = date.fromisoformat(os.environ.setdefault("FARTHING_OPENS_ON", ORDINARY))
"""The day on which every bank of the suite opens, whatever the calendar says: ``FARTHING_OPENS_ON`` chooses another
(``make awkward`` runs a slice on six of them), also for banks that a test opens through the command line."""


def pytest_timeout_set_timer(item: pytest.Item, settings: pytest_timeout.Settings) -> object:
    """A test's limit of time is one of an idle machine: on a busy one it is longer by as much."""
    return pytest_timeout.pytest_timeout_set_timer(item, settings._replace(timeout=patience(settings.timeout)))


@pytest.fixture(autouse=True)
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashing a password at its real cost takes a quarter of a second of processor; ``tests/identity`` pays it."""
    monkeypatch.setattr(passwords, "_HASHER", CHEAP)
    monkeypatch.setattr(passwords, "DECOY", CHEAP.hash("nobody's"))


@pytest.fixture(scope="session")
def server() -> Iterator[Embedded]:
    """The embedded server, in a folder of its own: in memory where there is room, so that fsync stays on and is cheap."""
    roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > 4 * 2**30
    home = Path(tempfile.mkdtemp(prefix="farthing-test-", dir=MEMORY if roomy else None))
    embedded = Embedded(home)
    yield embedded
    embedded.stop()
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def template(server: Embedded) -> str:
    """A migrated database that every test's database is copied from."""
    migrate(server.url("farthing"))
    return "farthing"


@contextmanager
def fresh_database(server: Embedded, template: str) -> Iterator[str]:
    """A migrated database of its own, as its owner (a superuser); gone at the end."""
    name = f"test_{next(_COUNTER)}"
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
    yield server.url(name)
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def database_url(server: Embedded, template: str) -> Iterator[str]:
    """A fresh migrated database for one test."""
    with fresh_database(server, template) as url:
        yield url


def sandbox_ports() -> Ports:
    """A fresh sandbox table: seeded banks repeat their ids, and sandbox peers remember what they were asked."""
    return ports_of(Settings(bureau_url=None, tsa_url=None, _env_file=None)).with_peer(
        "channel", "sandbox", SandboxChannel()
    )


@dataclass
class Bank:
    """An open bank on a fresh database."""

    kernel: Kernel
    url: str
    system: Actor = SYSTEM

    def run(self, function: Any, command: Any, **options: Any) -> Any:
        return self.kernel.run(function, command, **options)

    def read(self, query: Any, **options: Any) -> Any:
        return self.kernel.read(query, **options)

    def drain(self) -> None:
        jobs.drain(self.kernel)

    def superuser(self) -> psycopg.Connection[Any]:
        """A connection that may plant anything, for tests of what must be noticed."""
        return psycopg.connect(self.url, autocommit=True)


@pytest.fixture
def bank(database_url: str) -> Iterator[Bank]:
    """A bank with seeded ids, a simulated clock that starts on :data:`DAY`, and nothing in its books."""
    database = Database(database_url).open()
    kernel = Kernel(database, ids=IdSource(7), ports=sandbox_ports(), steps=STEPS)
    kernel.open_bank("simulated", "Asia/Shanghai", DAY)
    yield Bank(kernel, database_url)
    database.close()


@pytest.fixture
def shared_data() -> Path:
    """The real data beside the project; the test is skipped where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("the real data (../shared/data) is not here")
    return SHARED
