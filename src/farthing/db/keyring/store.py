"""Read and write ``keyring``: which ring a bank's personal values are sealed under. Never decides."""

from __future__ import annotations

from datetime import datetime
from typing import Any, LiteralString

import psycopg

KNOWN: LiteralString = "SELECT id FROM keyring ORDER BY since, id LIMIT 1"
SETTLE: LiteralString = "INSERT INTO keyring (id, since) VALUES (%(id)s, %(since)s) ON CONFLICT (id) DO NOTHING"


def known(connection: psycopg.Connection[Any]) -> str | None:
    """The id of the ring that this bank began with; none before it began with one."""
    row = connection.execute(KNOWN).fetchone()
    return str(row[0]) if row else None


def settle(connection: psycopg.Connection[Any], ring_id: str, since: datetime) -> None:
    """Remember which ring this bank begins with."""
    connection.execute(SETTLE, {"id": ring_id, "since": since})
