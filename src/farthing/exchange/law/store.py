"""Read and write under which law a node lives. Never decides."""

from __future__ import annotations

from typing import LiteralString

from farthing.db.tx import Tx

FIND: LiteralString = "SELECT code FROM exchange_law WHERE id = 'node'"
SET: LiteralString = """
    INSERT INTO exchange_law (id, code) VALUES ('node', %(code)s) ON CONFLICT (id) DO UPDATE SET code = excluded.code
"""


def code(tx: Tx) -> str | None:
    """The law's code; none where nobody chose."""
    row = tx.maybe(FIND)
    return None if row is None else str(row["code"])


def set_code(tx: Tx, chosen: str) -> None:
    """Choose the law."""
    tx.execute(SET, {"code": chosen})
