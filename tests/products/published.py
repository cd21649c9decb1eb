"""The text of a published file, as it stands in the database: what tests change and publish anew."""

from __future__ import annotations

from farthing.db.tx import Tx
from farthing.products import service, store


def source_of(tx: Tx, product: str) -> str:
    """The text of the version in force."""
    row = store.find_version(tx, product, service.version_in_force(tx, product))
    assert row is not None
    return str(row["source"])
