"""Read and write the tables ``product_version`` and ``product``. Never decides."""

from __future__ import annotations

from typing import LiteralString

from farthing.db.tx import Row, Tx
from farthing.products.model import Published

INSERT_VERSION: LiteralString = """
    INSERT INTO product_version (id, product, version, kind, source, published_at, published_by)
    VALUES (%(id)s, %(product)s, %(version)s, %(kind)s, %(source)s, %(published_at)s, %(published_by)s)
    ON CONFLICT (id) DO NOTHING
"""
FIND_VERSION: LiteralString = """
    SELECT product, version, kind, source, published_at, published_by FROM product_version WHERE id = %(id)s
"""
PUT_IN_FORCE: LiteralString = """
    INSERT INTO product (id, kind, version, since_at)
    VALUES (%(product)s, %(kind)s, %(version)s, %(since_at)s)
    ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, version = excluded.version, since_at = excluded.since_at
    WHERE product.version <> excluded.version
"""
FIND_IN_FORCE: LiteralString = "SELECT version FROM product WHERE id = %(product)s"
LIST_IN_FORCE: LiteralString = "SELECT id, version FROM product WHERE kind = %(kind)s ORDER BY id"


def insert_version(tx: Tx, published: Published, source: str) -> None:
    """Keep a version; one that is there already stays as it is."""
    tx.execute(
        INSERT_VERSION,
        {
            "id": f"{published.product}@{published.version}",
            "product": published.product,
            "version": published.version,
            "kind": published.kind,
            "source": source,
            "published_at": published.published_at,
            "published_by": published.published_by,
        },
    )


def put_in_force(tx: Tx, product: str, kind: str, version: str) -> None:
    """Make a version the one in force from this instant."""
    tx.execute(PUT_IN_FORCE, {"product": product, "kind": kind, "version": version, "since_at": tx.now})


def find_version(tx: Tx, product: str, version: str) -> Row | None:
    """One version with its source, or none."""
    return tx.maybe(FIND_VERSION, {"id": f"{product}@{version}"})


def in_force(tx: Tx, product: str) -> str | None:
    """The version in force, or none."""
    row = tx.once("product", product, lambda: tx.maybe(FIND_IN_FORCE, {"product": product}))
    return str(row["version"]) if row else None


def all_in_force(tx: Tx, kind: str) -> list[tuple[str, str]]:
    """Name and version of every product of a kind that is in force, by name."""
    return [(row["id"], row["version"]) for row in tx.rows(LIST_IN_FORCE, {"kind": kind})]


def published(row: Row) -> Published:
    """A row of ``product_version`` without its source."""
    return Published(row["product"], row["version"], row["kind"], row["published_at"], row["published_by"])
