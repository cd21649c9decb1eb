"""Own ``Tx``: one database transaction with everything an operation may know. Nothing ambient.

Stores write SQL out and call the few verbs below; only :mod:`farthing.kernel.run` commits.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, LiteralString, Protocol, TypeVar
from uuid import UUID

import psycopg
from psycopg.rows import dict_row

from farthing.kit.actor import Actor
from farthing.kit.errors import InvariantBroken
from farthing.kit.ids import IdSource, prefixed

Row = dict[str, Any]
Names = list[str]
"""Rows as a leaf names them: the id and the digest of each, in canonical JSON."""
Line = tuple[str, date, str, int]
"""What an entry moves: the account, the day on which it counts, the currency, and minor units, debit positive."""
Parameters = Mapping[str, Any] | Sequence[Any] | None
Found = TypeVar("Found")


class PortTable(Protocol):
    """What a transaction may know of the bank's ports: which peers there are. It never asks one."""

    def names(self, kind: Any) -> tuple[str, ...]:
        """The peers of a kind."""

    def has(self, kind: Any, name: str) -> bool:
        """Whether there is such a peer."""

    def first(self, kind: Any) -> str:
        """The peer that is meant where none is named."""

    def peer(self, kind: Any, name: str | None = None) -> Any:
        """The adapter, for those who hold no transaction open."""


class NoPorts:
    """A table without peers: for books that nobody outside is asked about."""

    def names(self, kind: Any) -> tuple[str, ...]:
        """None."""
        return ()

    def has(self, kind: Any, name: str) -> bool:
        """No."""
        return False

    def first(self, kind: Any) -> str:
        """Broken: there is none."""
        raise InvariantBroken(f"this transaction was begun without a {kind}")

    def peer(self, kind: Any, name: str | None = None) -> Any:
        """Broken: there is none."""
        raise InvariantBroken(f"this transaction was begun without a {kind}")


@dataclass(frozen=True, slots=True)
class Written:
    """A batch of entries that a transaction wrote: how the log names them, and what they move. Functions: who asks for
    neither pays nothing."""

    names: Callable[[], Names]
    lines: Callable[[], list[Line]]


@dataclass(frozen=True, slots=True)
class Tx:
    """One transaction: connection, the bank's instant and business date, who acts, the id source, the machine's own
    time ``wall_at``, which only the clock and retries need, the bank's home currency, the table of the bank's ports, and
    the names of the steps of a day's close.

    ``read_once``: what was read already of the one state of the books that a snapshot sees; none in any other transaction,
    where it may change meanwhile (:meth:`once`).

    ``posted``: each batch of entries that this transaction wrote. The ledger adds to it; the kernel puts the names into
    the operation's leaf. ``made``: the ids that it made, which differ each time that the same thing is tried.
    """

    connection: psycopg.Connection[Any]
    now: datetime
    business_date: date
    actor: Actor
    ids: IdSource
    wall_at: datetime
    home: str
    ports: PortTable = field(default_factory=NoPorts)
    steps: tuple[str, ...] = ()
    posted: list[Written] = field(default_factory=list)
    made: list[UUID] = field(default_factory=list)
    read_once: dict[tuple[str, str], Any] | None = None

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

    def once(self, what: str, which: str, read: Callable[[], Found]) -> Found:
        """Read something that many questions of a page ask for: of a snapshot once, in any other transaction each time."""
        if self.read_once is None:
            return read()
        if (what, which) not in self.read_once:
            self.read_once[what, which] = read()
        found: Found = self.read_once[what, which]
        return found

    @contextlib.contextmanager
    def part(self) -> Iterator[None]:
        """A part of the transaction that is undone alone when it raises, so that the rest may go on."""
        before = len(self.posted)
        try:
            with self.connection.transaction():
                yield
        except BaseException:
            del self.posted[before:]
            raise

    def names(self) -> Names:
        """What this transaction has posted so far, as its leaf names it: ``{id, digest}`` of each entry."""
        return [name for batch in self.posted for name in batch.names()]

    def lines(self) -> list[Line]:
        """What the entries that this transaction has posted so far move, a line each."""
        return [line for batch in self.posted for line in batch.lines()]

    def uuid(self) -> UUID:
        """A new UUIDv7 for this instant."""
        made = self.ids.uuid7(self.now)
        self.made.append(made)
        return made

    def new_id(self, prefix: str) -> str:
        """A new prefixed id, such as ``loan_01jd...``."""
        return prefixed(prefix, self.uuid())
