"""Own how rows of tables are carried from one bank into another: whole rows as JSON, a line each, by the names of their columns.

Which tables, and whose rows, is said above (:mod:`farthing.assurance.winddown.tables`). Rows are read page by page in the order
of the primary key, and written as they are; one that is there already stays. Never the tables of the ledger or of the log, into
which nothing comes but through their doors.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, LiteralString

from psycopg import sql

from farthing.db import rows
from farthing.db.tx import Tx

KEYS: LiteralString = """
    SELECT a.attname, format_type(a.atttypid, a.atttypmod)
    FROM pg_index AS i CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k (attnum, place)
        JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
    WHERE i.indisprimary AND i.indrelid = %(table)s::regclass ORDER BY k.place
"""
COLUMNS: LiteralString = """
    SELECT attname FROM pg_attribute WHERE attrelid = %(table)s::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum
"""
SCHEMA: LiteralString = "SELECT version_num FROM alembic_version"
PAGE = 1_000


def schema(tx: Tx) -> str:
    """The revision of the schema: rows are carried between banks of one revision alone."""
    return str(tx.one(SCHEMA)["version_num"])


def read(tx: Tx, table: str, of: tuple[str, Sequence[str]] | None = None) -> Iterator[str]:
    """The rows of a table in the order of its key, as text of JSON; ``of``: those alone whose column is one of some values."""
    keys = [(str(name), str(kind)) for name, kind in tx.tuples(KEYS, {"table": table})]
    columns = sql.SQL(", ").join(sql.Identifier(name) for name, _ in keys)
    wanted = [] if of is None else [sql.SQL("{} = ANY(%(of)s)").format(sql.Identifier(of[0]))]
    after: dict[str, Any] = {}
    while True:
        past = [sql.SQL("({}) > ({})").format(columns, _values(keys))] if after else []
        where = sql.SQL(" AND ").join([sql.SQL("true"), *wanted, *past])
        statement = sql.SQL(
            "SELECT to_jsonb(carried)::text, {} FROM {} AS carried WHERE {} ORDER BY {} LIMIT %(limit)s"
        ).format(columns, sql.Identifier(table), where, columns)
        given = {"limit": PAGE, "of": rows.texts(of[1]) if of else None, **after}
        page = tx.connection.execute(statement, given).fetchall()
        yield from (str(row[0]) for row in page)
        if len(page) < PAGE:
            return
        after = {f"key_{place}": value for place, value in enumerate(page[-1][1:])}


def _values(keys: Sequence[tuple[str, str]]) -> sql.Composable:
    return sql.SQL(", ").join(
        sql.SQL("{}::").format(sql.Placeholder(f"key_{place}")) + sql.SQL(kind) for place, (_, kind) in enumerate(keys)
    )


def write(tx: Tx, table: str, lines: Sequence[str]) -> int:
    """Write rows that :func:`read` gave in another bank; answers how many were not there yet."""
    columns = sql.SQL(", ").join(sql.Identifier(str(name)) for (name,) in tx.tuples(COLUMNS, {"table": table}))
    statement = sql.SQL(
        "INSERT INTO {} ({}) SELECT {} FROM unnest(%(lines)s::text[]) AS given (line),"
        " LATERAL jsonb_populate_record(NULL::{}, line::jsonb) ON CONFLICT DO NOTHING"
    ).format(sql.Identifier(table), columns, columns, sql.Identifier(table))
    return tx.connection.execute(statement, {"lines": rows.texts(lines)}).rowcount if lines else 0


def otherwise(tx: Tx, table: str, lines: Sequence[str]) -> str | None:
    """The key of the first of these rows that the table does not hold as it is: it has another under that key, or one that
    excludes it."""
    keys = [str(name) for name, _ in tx.tuples(KEYS, {"table": table})]

    def read_as(line: str) -> tuple[str, dict[str, Any]]:
        row = json.loads(line, parse_float=Decimal)
        return ", ".join(str(row[name]) for name in keys), row

    wanted = dict(map(read_as, lines))
    there = dict(map(read_as, read(tx, table, (keys[0], sorted({str(row[keys[0]]) for row in wanted.values()})))))
    return next((key for key, row in wanted.items() if there.get(key) != row), None)
