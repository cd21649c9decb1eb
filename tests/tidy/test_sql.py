"""Every SQL statement prepares and is permitted on the migrated schema, which keeps to the portable subset."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import ModuleType
from typing import Any, NamedTuple

import psycopg
import pytest

from farthing.db.distribute import BESIDE, DISTRIBUTED_BY, REFERENCE
from farthing.db.server import APP_ROLE
from tests.tidy.tree import SOURCE, last_word, modules, nothing

VERB = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH|MERGE|VALUES|LOCK|CALL|COPY)\b")
PARAMETER = re.compile(r"%\((\w+)\)s")
SPEAKS_SQL = ("store", "statements")

NOT_OURS = re.compile(r"procrastinate|alembic")


class Statement(NamedTuple):
    """A named SQL constant and its text."""

    name: str
    text: str


def statements_of(module: ModuleType) -> Iterator[Statement]:
    """The SQL constants a module declares."""
    for name, value in vars(module).items():
        if name.isupper() and isinstance(value, str) and VERB.match(value):
            yield Statement(f"{module.__name__.removeprefix('farthing.')}.{name}", value)


def numbered(text: str) -> str:
    """The statement with ``$1, $2, ...`` for its named parameters, as PREPARE wants it."""
    order: dict[str, int] = {}
    shown = PARAMETER.sub(lambda match: f"${order.setdefault(match[1], len(order) + 1)}", text)
    return shown.replace("%%", "%").strip().rstrip(";")


def every_statement() -> list[Statement]:
    """All SQL constants of the program."""
    speaking = (module for module in modules() if last_word(module.__name__) in SPEAKS_SQL)
    return [statement for module in speaking for statement in statements_of(module)]


def test_stores_have_statements() -> None:
    stores = [module for module in modules() if last_word(module.__name__) == "store"]
    assert stores
    nothing([f"{module.__name__} declares no SQL constant" for module in stores if not list(statements_of(module))])


@pytest.mark.parametrize("statement", every_statement(), ids=lambda statement: statement.name)
def test_statement_prepares_and_is_permitted(statement: Statement, database: psycopg.Connection[Any]) -> None:
    """PREPARE checks names and types; a generic plan, as the application's role, checks its rights as well."""
    text = numbered(statement.text)
    database.execute(f"PREPARE tidy AS {text}")
    database.execute("DEALLOCATE tidy")
    database.execute(f"EXPLAIN (GENERIC_PLAN) {text}")


@pytest.fixture(scope="module")
def database(server: Any, template: str) -> Iterator[psycopg.Connection[Any]]:
    """The migrated schema, as the application sees it."""
    with psycopg.connect(server.url(template), autocommit=True) as connection:
        connection.execute(f"SET ROLE {APP_ROLE}")
        yield connection


def asked(database: psycopg.Connection[Any], query: str) -> list[tuple[Any, ...]]:
    """Rows of a query about the schema that concern our own tables."""
    return [row for row in database.execute(query).fetchall() if not NOT_OURS.search(str(row[0]))]


def test_every_key_holds_the_distribution_column(database: psycopg.Connection[Any]) -> None:
    keys = asked(
        database,
        """
        SELECT c.relname, i.indexrelid::regclass::text,
            array(SELECT a.attname FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = ANY (i.indkey))
        FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
        WHERE i.indisunique AND c.relnamespace = 'public'::regnamespace
        """,
    )
    assert keys
    tables = {table for table, _, _ in keys}
    nothing([f"{name} is laid out and does not exist" for name in {*DISTRIBUTED_BY, *BESIDE, *REFERENCE} - tables])
    nothing([
        f"{index} on {table} ({', '.join(columns)}) lacks {column}"
        for table, index, columns in keys
        if table not in REFERENCE  # a copy on every node holds any key
        and (column := DISTRIBUTED_BY.get(table, "id")) not in columns
    ])  # fmt: skip


def test_every_table_has_a_primary_key(database: psycopg.Connection[Any]) -> None:
    bare = asked(
        database,
        """
        SELECT c.relname FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
            AND NOT EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary)
        """,
    )
    nothing([f"{table} has no primary key" for (table,) in bare])


@pytest.mark.parametrize(
    ("what", "query"),
    [
        ("sequence", "SELECT relname FROM pg_class WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace"),
        ("trigger", "SELECT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"),
        ("deferrable constraint", "SELECT conrelid::regclass::text FROM pg_constraint WHERE condeferrable"),
        ("foreign key", "SELECT conrelid::regclass::text FROM pg_constraint WHERE contype = 'f'"),
        ("exclusion constraint", "SELECT conrelid::regclass::text FROM pg_constraint WHERE contype = 'x'"),
        ("rule", "SELECT tablename FROM pg_rules WHERE schemaname = 'public'"),
        (
            "identity or generated column",
            "SELECT attrelid::regclass::text || '.' || attname FROM pg_attribute"
            " WHERE (attidentity <> '' OR attgenerated <> '') AND attrelid >= 16384",
        ),
        ("unlogged or temporary table", "SELECT relname FROM pg_class WHERE relpersistence <> 'p' AND relkind = 'r'"),
        (
            "default that is not the same on every node",
            "SELECT adrelid::regclass::text || ': ' || pg_get_expr(adbin, adrelid) FROM pg_attrdef"
            " WHERE pg_get_expr(adbin, adrelid) ~ '\\('",
        ),
    ],
)
def test_schema_stays_portable(database: psycopg.Connection[Any], what: str, query: str) -> None:
    nothing([f"{what}: {name}" for (name,) in asked(database, query)])


UNPORTABLE = re.compile(
    r"\b(\w*advisory_\w*lock\w*|listen|notify|nextval|serial|bigserial|identity|gen_random_uuid|uuidv[47]|random|ctid)\b",
    re.IGNORECASE,
)
"""What a cluster has not, or has differently on every node: ids and chance come from the client."""
LOCKING_READ = re.compile(r"\bFOR\s+(NO\s+KEY\s+|KEY\s+)?(UPDATE|SHARE)\b", re.IGNORECASE)
CONFLICT = re.compile(
    r"INSERT\s+INTO\s+(\w+)(?:(?!INSERT\s+INTO).)*?ON\s+CONFLICT\s*(?:\(([^)]*)\))?", re.IGNORECASE | re.DOTALL
)
MOVE = re.compile(
    r"\bUPDATE\s+(\w+)(?:\s+AS\s+\w+)?\s+SET\s+(.*?)(?=\bFROM\b|\bWHERE\b|;|$)", re.IGNORECASE | re.DOTALL
)


def unportable(text: str) -> list[str]:
    """What in a statement (or a migration's text) a cluster would not take."""
    code = re.sub(r"--[^\n]*", "", text)
    found = [match[0] for pattern in (UNPORTABLE, LOCKING_READ) for match in pattern.finditer(code)]
    for table, columns in CONFLICT.findall(code):
        if DISTRIBUTED_BY.get(table, "id") not in re.split(r"\W+", columns):
            found.append(f"ON CONFLICT ({columns}) on {table} lacks {DISTRIBUTED_BY.get(table, 'id')}")
    for table, change in MOVE.findall(code):
        if re.search(rf"(?:^|,)\s*{DISTRIBUTED_BY.get(table, 'id')}\s*=", change):
            found.append(f"UPDATE moves rows of {table} to another node")
    return found


def test_statements_stay_portable() -> None:
    """Every statement of the program, and the migrations with the bodies of their functions."""
    texts = [(statement.name, statement.text) for statement in every_statement()]
    texts += [(path.name, path.read_text("utf-8")) for path in (SOURCE / "db" / "migrations").glob("*.sql")]
    assert len(texts) > 100
    nothing([f"{name}: {problem}" for name, text in texts for problem in unportable(text)])


@pytest.mark.parametrize(
    "text",
    [
        "SELECT pg_advisory_xact_lock(7)",
        "SELECT pg_try_advisory_lock(7)",
        "LISTEN news",
        "SELECT nextval('numbers')",
        "INSERT INTO entry (id) VALUES (gen_random_uuid())",
        "SELECT * FROM account WHERE id = ANY (%(ids)s) FOR NO KEY UPDATE",
        "SELECT 1 FROM account FOR KEY SHARE",
        "INSERT INTO account (id, path) VALUES (1, 'x') ON CONFLICT (path) DO NOTHING",
        "INSERT INTO account (id, path) VALUES (1, 'x') ON CONFLICT DO NOTHING",
        "INSERT INTO posting (account_id, version) VALUES (1, 2) ON CONFLICT (version) DO NOTHING",
        "UPDATE posting AS p SET version = 1, account_id = 2 WHERE account_id = 3",
        "UPDATE entry SET id = %(id)s",
    ],
)
def test_an_unportable_statement_is_seen(text: str) -> None:
    assert unportable(text)


def test_a_portable_statement_passes() -> None:
    assert not unportable("UPDATE account AS a SET version = a.version WHERE a.id = 3 -- FOR UPDATE, nextval")
    assert not unportable("INSERT INTO posting (account_id) VALUES (1) ON CONFLICT (account_id, version) DO NOTHING")
