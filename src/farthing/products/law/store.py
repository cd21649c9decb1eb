"""Read the tables ``product`` and ``product_version``. Never writes."""

from __future__ import annotations

from datetime import datetime
from typing import LiteralString

from farthing.db.tx import Row, Tx
from farthing.products.model import Published

STANDING: LiteralString = "SELECT id, kind, version, since_at FROM product ORDER BY kind, id"
VERSIONS: LiteralString = """
    SELECT * FROM (
        SELECT v.id, v.product, v.version, v.kind, v.source, v.published_at, v.published_by, p.version AS standing, p.since_at,
            lead(v.published_at) OVER (PARTITION BY v.product ORDER BY v.published_at, v.id) AS next_at
        FROM product_version AS v JOIN product AS p ON p.id = v.product
        WHERE %(product)s::text = '' OR v.product = %(product)s::text
    ) AS told
    WHERE %(before)s::text = '' OR (published_at, id) < (%(before_at)s::timestamptz, %(before)s::text)
    ORDER BY published_at DESC, id DESC LIMIT %(limit)s
"""


def standing(tx: Tx) -> list[tuple[str, str, str, datetime]]:
    """Everything in force: its name, kind, version and since when."""
    return [(row["id"], row["kind"], row["version"], row["since_at"]) for row in tx.rows(STANDING)]


def versions(tx: Tx, product: str, limit: int, after: Published | None = None) -> list[Row]:
    """Versions of a product (of everything, if empty), the newest first, each with when the next one came and which stands;
    ``after``: from the one after it."""
    return tx.rows(
        VERSIONS,
        {
            "product": product, "limit": limit, "before": f"{after.product}@{after.version}" if after else "",
            "before_at": after.published_at if after else None,
        },
    )  # fmt: skip
