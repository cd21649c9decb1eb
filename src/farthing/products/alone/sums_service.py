"""Keep sums of a business day under names of whoever counts: held until the transaction ends, so that two at once are counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from farthing.db.tx import Tx
from farthing.products.alone import store


def held(tx: Tx, names: Sequence[str]) -> dict[str, int]:
    """What was added today under these names, in minor units; nobody else adds until we are done."""
    found = store.hold(tx, [_sum_id(tx, each) for each in names])
    return {each: found[_sum_id(tx, each)] for each in names}


def looked(tx: Tx, name: str) -> int:
    """What was added today under a name, in minor units, as it is seen now; others may add meanwhile."""
    return store.looked(tx, _sum_id(tx, name))


def add(tx: Tx, minors: Mapping[str, int]) -> None:
    """Add to sums of today."""
    store.add(tx, {_sum_id(tx, name): minor for name, minor in minors.items()})


def _sum_id(tx: Tx, name: str) -> str:
    return f"{tx.business_date}:{name}"
