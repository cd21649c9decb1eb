"""Fixtures: one embedded PostgreSQL a session, a migrated template, and a fresh bank (database) a test."""

from __future__ import annotations

import functools
import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import psycopg
import pytest
import pytest_timeout
import typer.main
from argon2 import PasswordHasher
from httpx._transports import default as httpx_transports
from hypothesis import settings

from farthing.db.migrate import migrate
from farthing.db.server import Embedded
from farthing.identity import passwords
from tests.banks import Bank, Shelf, opened_at, sandbox_ports
from tests.browsers import CHROMIUM, Chromium
from tests.kit.keys import hsm
from tests.waits import patience

__all__ = ["CHROMIUM", "DAY", "MEMORY", "SHARED", "Bank", "Chromium", "sandbox_ports"]

# How long an example may take says something of the machine and nothing of the law. The fast suite tries the same examples
# each time, so that it says something of the change that is tested and nothing of luck; `make prove` searches at random.
settings.register_profile("suite", deadline=None, derandomize=True, max_examples=50)
settings.register_profile("search", deadline=None, max_examples=500)
settings.load_profile(os.environ.get("FARTHING_LAWS", "suite"))

# httpx reads the certificates of the whole world for each client: 30 ms, for servers that speak no TLS, a thousand times.
httpx_transports.create_ssl_context = functools.cache(httpx_transports.create_ssl_context)

# The command line reads what its commands take from their signatures, each time that it is called: half of what calling it in
# a test costs.
typer.main.get_params_from_function = functools.cache(typer.main.get_params_from_function)

# What is brought in while tests are collected stays until the end: looking through it again and again for what nobody
# holds any more would be a quarter of what collecting costs.
gc.disable()

LONGEST = frozenset(
    Path(__file__).parent / f"{name}.py"
    for name in (
        "api/test_everybody", "api/test_schemathesis", "assurance/winddown/test_going_on", "bank/test_guide",
        "commands/test_problems", "commands/test_start",
        "commands/test_wheel", "errors/test_gallery", "evidence/test_package", "faults/test_kill9",
        "funding/holdings/test_notes", "funding/market/test_life", "funding/market/test_listings", "funding/resale/test_sales",
        "lending/acts/test_acts", "lending/closing/test_by_sets", "lending/draws/test_random_lives",
        "lending/test_audit_by_rows", "lending/test_planted_acts", "lending/test_product_kinds", "savings/audit/test_verify",
        "town/test_saver", "town/test_stories",
        "web/test_budgets", "web/test_counter", "web/test_doors", "web/test_gallery", "web/test_hostile_forms",
        "web/test_operator_house", "web/test_paying", "web/test_saving", "web/test_savings_pages",
    )
)  # fmt: skip
"""The files of tests that take longest, by their processor time (``pytest --durations=0``)."""
MEMORY = Path("/dev/shm")
HASTE = {"fsync": "off", "full_page_writes": "off", "wal_compression": "off", "autovacuum": "off"}
"""Settings of the suite's own server, which nobody starts again after the machine lost its power. The servers that are killed
and filled up by tests stand apart, as the program makes them."""
SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
CHEAP = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
ORDINARY = "2026-06-10"
"""A Wednesday in the middle of a month, of a quarter and of nothing in particular."""
DAY = date.fromisoformat(os.environ.setdefault("FARTHING_OPENS_ON", ORDINARY))
"""The day on which every bank of the suite opens, whatever the calendar says: ``FARTHING_OPENS_ON`` chooses another
(``make awkward`` runs a slice on six of them), also for banks that a test opens through the command line."""


RING = tempfile.TemporaryDirectory(prefix="farthing-ring-")
os.environ["FARTHING_KEYRING"] = RING.name
"""Where the keyring of a bank lies that a test opens itself: never where somebody's own does (:func:`tests.banks.at`)."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first: a worker that took one of them last would end alone."""
    items.sort(key=lambda item: item.path not in LONGEST)


def pytest_collection_finish() -> None:
    """From here on what is left behind is collected, but for what was brought in; and seldom, for it is little."""
    gc.freeze()
    gc.set_threshold(20_000, 10, 20)
    gc.enable()


def pytest_timeout_set_timer(item: pytest.Item, settings: pytest_timeout.Settings) -> object:
    """A test's limit of time is one of an idle machine: on a busy one it is longer by as much."""
    return pytest_timeout.pytest_timeout_set_timer(item, settings._replace(timeout=patience(settings.timeout)))


@pytest.fixture(autouse=True, scope="session")
def cheap_passwords() -> Iterator[None]:
    """Hashing a password at its real cost takes a quarter of a second of processor; the tests of
    ``tests/identity`` that look at that cost pay it (``dear_passwords``)."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_HASHER", CHEAP)
        patch.setattr(passwords, "DECOY", CHEAP.hash("nobody's"))
        yield


@pytest.fixture(scope="session")
def server() -> Iterator[Embedded]:
    """The embedded server, in a folder of its own, in memory where there is room, in haste (:data:`HASTE`)."""
    roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > 4 * 2**30
    home = Path(tempfile.mkdtemp(prefix="farthing-test-", dir=MEMORY if roomy else None))
    embedded = Embedded(home)
    with psycopg.connect(embedded.url("postgres"), autocommit=True) as owner:
        for name, value in HASTE.items():
            owner.execute(f"ALTER SYSTEM SET {name} = {value}".encode())
        owner.execute("SELECT pg_reload_conf()")
    yield embedded
    embedded.stop()
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def template(server: Embedded) -> str:
    """A migrated database that every test's database is copied from."""
    migrate(server.url("farthing"))
    return "farthing"


@pytest.fixture(scope="session")
def shelf(server: Embedded, template: str) -> Iterator[Shelf]:
    """The beginnings of banks that this session keeps to copy."""
    kept = Shelf(server, template)
    yield kept
    kept.close()


@pytest.fixture(scope="session")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two tokens of this process alone, ``bank`` and ``spare``, and the file ``pin``."""
    return hsm.two_tokens(tmp_path_factory.mktemp("hsm"))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    """A chromium for all tests of the process that look at pages; it starts when the first of them does."""
    kept = Chromium()
    yield kept
    kept.close()


@pytest.fixture
def database_url(shelf: Shelf) -> Iterator[str]:
    """A fresh migrated database for one test."""
    with shelf.database() as url:
        yield url


@pytest.fixture
def bank(request: pytest.FixtureRequest, shelf: Shelf) -> Iterator[Bank]:
    """A bank with seeded ids, a simulated clock that starts on :data:`DAY`, and nothing in its books."""
    if "database_url" not in request.fixturenames:
        with shelf.bank(DAY) as bank:
            yield bank
        return
    opened = opened_at(request.getfixturevalue("database_url"), DAY)
    yield opened
    opened.kernel.database.close()


@pytest.fixture
def shared_data() -> Path:
    """The real data beside the project; the test is skipped where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("the real data (../shared/data) is not here")
    return SHARED
