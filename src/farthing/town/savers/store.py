"""Write deposits by the million as the owner of the database, in one transaction. Never used by a bank at work.

The statements stand in ``fill.sql``: they write the ledger's tables past the posting door, which no constant that the
application may execute can do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, LiteralString
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb

from farthing.db.tx import Tx

FILL = Path(__file__).with_name("fill.sql")
PIECE = 100
"""Entries that one statement writes."""
CASH: LiteralString = "SELECT id FROM account WHERE path = %(path)s AND closed_at IS NULL"


@dataclass(frozen=True, slots=True)
class Kind:
    """What some of the new deposits have in common."""

    product: str
    version: str
    path: str
    minor: int
    agreement: dict[str, Any]
    rate: Any
    matures_on: date | None
    close_on: date | None


@dataclass(frozen=True, slots=True)
class Run:
    """One filling: ``stem`` begins the ids of its deposits; ``cash`` is the ledger account that they paid into."""

    stem: str
    board: str
    currency: str
    opened_on: date
    stamp: datetime
    cash: int
    in_one: int


Flow = tuple[UUID, str, str, str, Any, Any]


def cash(tx: Tx, path: str) -> int:
    """The ledger's id of the open account that all deposits pay into."""
    return int(tx.one(CASH, {"path": path})["id"])


@contextmanager
def filling(
    url: str, run: Run, kinds: Sequence[Kind], owners: Sequence[tuple[str, str]]
) -> Iterator[psycopg.Connection[Any]]:
    """A transaction of the owner in which ``fill.sql`` and :func:`done` write; all of it stands, or nothing."""
    with psycopg.connect(url) as connection:
        connection.execute("SET LOCAL work_mem = '128MB'")
        connection.execute(FILL.read_bytes())
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO savers_kind VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
                [
                    (
                        number, kind.product, kind.version, kind.path, kind.minor, Jsonb(kind.agreement), kind.rate,
                        kind.matures_on, kind.close_on,
                    )
                    for number, kind in enumerate(kinds)
                ],
            )  # fmt: skip
            cursor.executemany(
                "INSERT INTO savers_owner VALUES (%s, %s, %s)",
                [(number, party_id, payout) for number, (party_id, payout) in enumerate(owners)],
            )
        connection.execute(
            "INSERT INTO savers_run VALUES (%s, %s, %s, %s, %s, %s, %s)",
            (run.stem, run.board, run.currency, run.opened_on, run.stamp, run.cash, run.in_one),
        )
        connection.execute("ANALYZE savers_kind, savers_owner, savers_run")
        connection.execute("SELECT pg_temp.savers_ready()")
        yield connection


def fill(connection: psycopg.Connection[Any], count: int, in_one: int, progress: Callable[[int, int], None]) -> None:
    """Write ``count`` deposits, some entries at a time."""
    step = PIECE * in_one
    for first in range(0, count, step):
        last = min(first + step, count) - 1
        connection.execute("SELECT pg_temp.savers_piece(%s, %s)", (first, last))
        progress(last + 1, count)


def done(connection: psycopg.Connection[Any], count: int, flows: Sequence[Flow]) -> None:
    """Put the cash, the guards' figures, the sums of groups and the control totals right."""
    connection.execute("SELECT pg_temp.savers_done(%s)", (count,))
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO savings_flow (id, product, board, line, slope, intercept) VALUES (%s, %s, %s, %s, %s, %s)",
            flows,
        )


def settle_down(url: str) -> None:
    """Let the database look at what it was given, so that it plans as it would for a bank that grew slowly."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE) account, entry, posting, deposit, deposit_event")
