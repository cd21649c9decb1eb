"""Own ``Tx``: one database transaction with everything an operation may know. Nothing ambient.

Stores write SQL out and call the few verbs below; only :mod:`farthing.kernel.run` commits.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, LiteralString, NamedTuple
from uuid import UUID

import psycopg
from psycopg.rows import dict_row

from farthing.kit.actor import Actor
from farthing.kit.errors import InvariantBroken
from farthing.kit.ids import IdSource, prefixed

Row = dict[str, Any]
Parameters = Mapping[str, Any] | Sequence[Any] | None


class Statement(NamedTuple):
    """A statement for :meth:`Tx.many`: SQL with named parameters."""

    sql: LiteralString
    parameters: Parameters


@dataclass(frozen=True, slots=True)
class Tx:
    """One transaction: connection, the bank's instant and business date, who acts, the id source, and the
    machine's own time ``wall_at``, which only the clock needs."""

    connection: psycopg.Connection[Any]
    now: datetime
    business_date: date
    actor: Actor
    ids: IdSource
    wall_at: datetime

    def rows(self, sql: LiteralString, parameters: Parameters = None) -> list[Row]:
        """Every row of a query, as dictionaries."""
        with self.connection.cursor(row_factory=dict_row) as cursor:
            return cursor.execute(sql, parameters).fetchall()

    def tuples(
        self, sql: LiteralString, parameters: Parameters = None, *, binary: bool = False
    ) -> list[tuple[Any, ...]]:
        """Every row of a query, as tuples; ``binary`` for large results of numbers."""
        with self.connection.cursor(binary=binary) as cursor:
            return cursor.execute(sql, parameters).fetchall()

    def maybe(self, sql: LiteralString, parameters: Parameters = None) -> Row | None:
        """The only row of a query, or none."""
        found = self.rows(sql, parameters)
        if len(found) > 1:
            raise InvariantBroken(f"{len(found)} rows where at most one was promised")
        return found[0] if found else None

    def one(self, sql: LiteralString, parameters: Parameters = None) -> Row:
        """The only row of a query."""
        found = self.maybe(sql, parameters)
        if found is None:
            raise InvariantBroken("no row where one was promised")
        return found

    def execute(self, sql: LiteralString, parameters: Parameters = None) -> int:
        """Run a statement; answers how many rows it touched."""
        return self.connection.execute(sql, parameters).rowcount

    @contextlib.contextmanager
    def part(self) -> Iterator[None]:
        """A part of the transaction that is undone alone when it raises, so that the rest may go on."""
        with self.connection.transaction():
            yield

    def uuid(self) -> UUID:
        """A new UUIDv7 for this instant."""
        return self.ids.uuid7(self.now)

    def new_id(self, prefix: str) -> str:
        """A new prefixed id, such as ``loan_01jd...``."""
        return prefixed(prefix, self.uuid())
