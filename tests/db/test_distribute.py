"""The layout on Citus: declared once, refused without the extension; the ledger works on a real cluster.

Tests on a cluster run when FARTHING_TEST_CITUS_URL names a coordinator's database that knows its nodes. Its name must begin
with ``farthing_test``; beside it, on every node, a database of that name and ``_bank`` is made anew.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from farthing.bank.day import STEPS
from farthing.db.distribute import BESIDE, DISTRIBUTED_BY, REFERENCE, distribute, layout, one_role
from farthing.db.migrate import migrate
from farthing.db.server import Collision, Database, translate
from farthing.kernel.run import Kernel
from farthing.kit.errors import Refusal
from farthing.kit.ids import IdSource
from farthing.ledger import service as ledger
from farthing.ledger.audit.service import verify
from farthing.ledger.guards import Guard
from farthing.ledger.model import AccountSpec, Hold, Release, Settle
from tests.conftest import DAY, Bank, sandbox_ports
from tests.ledger.books import CASH, TODAY, WALLET, books_open, move, work

CLUSTER = os.environ.get("FARTHING_TEST_CITUS_URL")


def test_without_the_extension_nothing_is_declared_and_the_refusal_says_so(database_url):
    with pytest.raises(Refusal) as refused:
        distribute(database_url)
    assert refused.value.code == "db.citus_absent"


def test_parents_come_before_those_beside_them_and_copies_first():
    tables = ["posting", "account", "guard", "hold_leg", "entry", "loan_obligation", "loan"]
    placed = layout(tables)
    assert [one.table for one in placed] == [
        "guard",
        "account",
        "entry",
        "loan",
        "hold_leg",
        "loan_obligation",
        "posting",
    ]
    assert [one.column for one in placed] == [None, "id", "id", "id", "account_id", "loan_id", "account_id"]
    assert not set(REFERENCE) & (DISTRIBUTED_BY.keys() | BESIDE.keys())


def test_columns_that_lie_together_have_one_type(database_url):
    """Citus puts rows side by side by the hash of the column, which goes by its type."""
    with psycopg.connect(database_url) as connection:
        for child, parent in BESIDE.items():
            types = connection.execute(
                "SELECT count(DISTINCT atttypid), count(*) FROM pg_attribute WHERE (attrelid, attname) IN"
                " ((%s::regclass, %s), (%s::regclass, %s))",
                (child, DISTRIBUTED_BY.get(child, "id"), parent, DISTRIBUTED_BY.get(parent, "id")),
            ).fetchone()
            assert types == (1, 2), child


def test_a_duplicate_that_another_node_refuses_is_a_collision_in_every_language():
    """Such an error comes back from the other node with its words and without its code."""
    for words in (
        "duplicate key value violates unique constraint",
        "doppelter Schlüsselwert verletzt Unique-Constraint",
    ):
        told = translate(psycopg.errors.InternalError_(f'{words} "entry_pkey_102215"'))
        assert isinstance(told, Collision)
    other = psycopg.errors.InternalError_("cannot execute a distributed query from a query on a shard")
    assert translate(other) is other


@pytest.fixture
def of_one_role(bank: Bank) -> Bank:
    """A bank whose doors write as who calls them, as on a cluster: one role for a whole transaction."""
    with bank.superuser() as connection:
        one_role(connection)
        counted = "SELECT count(*) FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"
        assert connection.execute(counted).fetchone() == (0,)
    return bank


NODES = "SELECT nodename, nodeport, groupid = 0, shouldhaveshards FROM pg_dist_node ORDER BY groupid"


def fresh_cluster(url: str) -> str:
    """A new database on every node that the coordinator's database ``url`` knows, joined to a cluster of the same layout.

    Emptying the old one would not do: the extension's own views lie in it, and sessions have them cached.
    """
    given = conninfo_to_dict(url)
    name = f"{given['dbname']}_bank"
    with psycopg.connect(url, autocommit=True) as connection:
        nodes = connection.execute(NODES).fetchall()
    assert nodes, f"{given['dbname']} knows no nodes: SELECT citus_set_coordinator_host(...), citus_add_node(...)"
    fresh = make_conninfo("", **{**given, "dbname": name})
    for host, port, _, _ in nodes:
        with psycopg.connect(url, host=host, port=port, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        with psycopg.connect(fresh, host=host, port=port, autocommit=True) as connection:
            connection.execute("CREATE EXTENSION citus")
    with psycopg.connect(fresh, autocommit=True) as connection:
        for host, port, coordinates, has_shards in nodes:
            adding = "citus_set_coordinator_host" if coordinates else "citus_add_node"
            connection.execute(sql.SQL("SELECT {}(%s, %s)").format(sql.SQL(adding)), (host, port))
            connection.execute(
                "SELECT citus_set_node_property(%s, %s, 'shouldhaveshards', %s)", (host, port, has_shards)
            )
    return fresh


@pytest.fixture(scope="module")
def cluster() -> Iterator[Bank]:
    """An open bank, distributed, on the cluster that the environment names."""
    if CLUSTER is None:
        pytest.skip("FARTHING_TEST_CITUS_URL names no cluster")
    assert str(conninfo_to_dict(CLUSTER)["dbname"]).startswith("farthing_test")
    url = fresh_cluster(CLUSTER)
    migrate(url)
    assert distribute(url) and distribute(url) == []
    database = Database(url).open()
    kernel = Kernel(database, ids=IdSource(7), ports=sandbox_ports(), steps=STEPS)
    kernel.open_bank("simulated", "Asia/Shanghai", "CNY", DAY)
    yield Bank(kernel, url)
    database.close()


def test_tables_lie_where_they_were_declared(cluster):
    with psycopg.connect(cluster.url) as connection:
        rows = connection.execute(
            "SELECT table_name::text, citus_table_type, distribution_column FROM citus_tables"
        ).fetchall()
    found = {name: (kind, column) for name, kind, column in rows}
    assert {name for name, (kind, _) in found.items() if kind == "reference"} == set(REFERENCE)
    assert found["posting"] == ("distributed", "account_id") and found["entry"] == ("distributed", "id")


@pytest.mark.parametrize("where", ["bank", "of_one_role", "cluster"])
def test_the_ledger_works_the_same_on_one_machine_and_on_a_cluster(where: str, request: Any) -> None:
    cluster = request.getfixturevalue(where)
    books_open(cluster)
    wallets = [f"liabilities:wallets:w{n}" for n in range(64)]
    specs = [AccountSpec(path, "CNY", floor=0) for path in wallets]
    work(cluster, lambda tx: ledger.open_accounts(tx, specs))
    fill = [move(f"in:{n}", CASH, path, 100 + n) for n, path in enumerate(wallets)]
    work(cluster, lambda tx: ledger.post_all(tx, fill))
    swap = [move(f"t:{n}", wallets[n], wallets[-1 - n], 7, on=TODAY - timedelta(days=n)) for n in range(32)]
    work(cluster, lambda tx: ledger.post_all(tx, swap))
    again, refused = work(cluster, lambda tx: ledger.post(tx, [fill[0], move("too-much", WALLET, CASH, 1)]))
    assert again.existed and refused.code == "ledger.insufficient_funds"

    hold = [Hold(f"hold:{n}", "purchase", TODAY, move("x", wallets[n], CASH, 50).postings) for n in range(2)]
    work(cluster, lambda tx: ledger.post(tx, hold))
    work(cluster, lambda tx: ledger.post(tx, [Settle("paid", "hold:0", TODAY), Release("void", "hold:1")]))
    guard = Guard("cover", "covered", "CNY", 0, ((CASH, 1), ("liabilities:wallets:*", -1)))
    (state,) = work(cluster, lambda tx: ledger.install_guards(tx, [guard]))
    assert state.figure == 0
    work(cluster, lambda tx: ledger.open_accounts(tx, [AccountSpec("assets:loans:L1", "CNY")]))
    (stopped,) = work(cluster, lambda tx: ledger.post(tx, [move("lend", "assets:loans:L1", wallets[0], 1)]))
    assert stopped.code == "ledger.guard"

    page = cluster.read(lambda tx: ledger.statement(tx, wallets[0], limit=2))
    assert [line.owed_balance(wallets[0]).minor for line in page.lines] == [43, 93]
    early = cluster.read(lambda tx: ledger.balance(tx, wallets[5], effective_on=TODAY - timedelta(days=5)))
    assert early.owed().minor == 105 - 7 - 105
    assert cluster.read(ledger.trial_balance).sums() == {"CNY": 0}
    assert cluster.read(verify).clean
