"""Read and write the trees of proven days. Never decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import LiteralString

from farthing.assurance.liabilities.model import KeptTree, ProvenDay
from farthing.assurance.liabilities.rules import tree_id
from farthing.assurance.liabilities.tree import Piece, Tree
from farthing.db import rows
from farthing.db.tx import Row, Tx

KEEP_DAY: LiteralString = """
    INSERT INTO liability_day (id, as_of, leaf_id, key) VALUES (%(on)s, %(as_of)s, %(leaf_id)s, %(key)s)
"""
KEEP_TREE: LiteralString = """
    INSERT INTO liability_tree (id, day_id, currency, root, total, overdrawn, accounts, tops)
    VALUES (%(id)s, %(on)s, %(currency)s, %(root)s, %(total)s, %(overdrawn)s, %(accounts)s, %(tops)s)
"""
KEEP_PIECES: LiteralString = """
    INSERT INTO liability_piece (tree_id, number, leaves)
    SELECT %(tree_id)s, made.number, made.leaves FROM unnest(%(numbers)s::integer[], %(leaves)s::bytea[]) AS made (number, leaves)
"""
DAY: LiteralString = "SELECT id, as_of, leaf_id, key FROM liability_day WHERE id = %(on)s"
DAYS: LiteralString = "SELECT id, as_of, leaf_id, key FROM liability_day ORDER BY id DESC LIMIT %(limit)s"
TREES: LiteralString = """
    SELECT day_id, currency, root, total, overdrawn, accounts, tops FROM liability_tree WHERE id LIKE ANY(%(days)s)
    ORDER BY id
"""
PIECE: LiteralString = "SELECT leaves FROM liability_piece WHERE tree_id = %(tree_id)s AND number = %(number)s"
LOOK: LiteralString = """
    INSERT INTO liability_look (id, day_id, looked_at) VALUES (%(id)s, %(on)s, %(at)s) ON CONFLICT (id) DO NOTHING
"""
LOOKS: LiteralString = """
    SELECT day_id, count(*) FROM liability_look WHERE day_id = ANY(%(days)s) GROUP BY day_id
"""
PAST: LiteralString = "SELECT id FROM liability_day WHERE id < %(before)s AND key IS NOT NULL ORDER BY id LIMIT 50"
FORGET_KEYS: LiteralString = "UPDATE liability_day SET key = NULL WHERE id = ANY(%(days)s)"
FORGET_PIECES: LiteralString = "DELETE FROM liability_piece WHERE tree_id LIKE ANY(%(days)s)"


def keep_day(tx: Tx, on: date, leaf_id: str, key: bytes) -> None:
    """Keep that a day is proven."""
    tx.execute(KEEP_DAY, {"on": on.isoformat(), "as_of": tx.now, "leaf_id": leaf_id, "key": key})


def keep_tree(tx: Tx, on: date, currency: str, tree: Tree, overdrawn: int, pieces: Sequence[Piece]) -> None:
    """Keep a day's tree in a currency, with its pieces."""
    root, total = tree.root
    ident = tree_id(on, currency)
    tx.execute(KEEP_TREE, {
        "id": ident, "on": on.isoformat(), "currency": currency, "root": root, "total": total, "overdrawn": overdrawn,
        "accounts": tree.count, "tops": tree.packed(),
    })  # fmt: skip
    tx.execute(KEEP_PIECES, {
        "tree_id": ident, "numbers": rows.int4s([each.number for each in pieces]),
        "leaves": rows.byteas([each.packed for each in pieces]),
    })  # fmt: skip


def day(tx: Tx, on: date) -> ProvenDay | None:
    """A proven day, if it is one."""
    found = _days(tx, tx.rows(DAY, {"on": on.isoformat()}))
    return found[0] if found else None


def days(tx: Tx, limit: int) -> list[ProvenDay]:
    """Proven days, the newest first."""
    return _days(tx, tx.rows(DAYS, {"limit": limit}))


def _days(tx: Tx, found: Sequence[Row]) -> list[ProvenDay]:
    trees: dict[str, list[KeptTree]] = {}
    for row in tx.rows(TREES, {"days": [f"{each['id']}:%" for each in found]}) if found else ():
        tree = Tree.unpacked(row["accounts"], bytes(row["tops"]))
        kept = KeptTree(row["currency"], bytes(row["root"]), row["total"], row["overdrawn"], tree)
        trees.setdefault(row["day_id"], []).append(kept)
    return [
        ProvenDay(
            date.fromisoformat(row["id"]), row["as_of"], row["leaf_id"], None if row["key"] is None else bytes(row["key"]),
            tuple(trees.get(row["id"], ())),
        )
        for row in found
    ]  # fmt: skip


def piece(tx: Tx, on: date, currency: str, number: int) -> Piece | None:
    """A piece of a tree, while it is kept."""
    row = tx.maybe(PIECE, {"tree_id": tree_id(on, currency), "number": number})
    return None if row is None else Piece(number, bytes(row["leaves"]))


def look(tx: Tx, on: date, party_id: str) -> None:
    """Keep that somebody took the proof of a day."""
    tx.execute(LOOK, {"id": f"{on}:{party_id}", "on": on.isoformat(), "at": tx.now})


def looks(tx: Tx, found: Sequence[date]) -> dict[date, int]:
    """How many took the proof of each of some days."""
    counted = tx.tuples(LOOKS, {"days": [each.isoformat() for each in found]})
    return {date.fromisoformat(each): int(count) for each, count in counted}


def forget(tx: Tx, before: date) -> int:
    """Forget the leaves of days before one, and what their places and salts were drawn from; some days at a time."""
    past = [str(row["id"]) for row in tx.rows(PAST, {"before": before.isoformat()})]
    if not past:
        return 0
    tx.execute(FORGET_PIECES, {"days": [f"{each}:%" for each in past]})
    return tx.execute(FORGET_KEYS, {"days": past})
