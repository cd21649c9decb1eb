"""Keep sums of a business day under names of whoever counts: held until the transaction ends, so that two at once are counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

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


def held_by_year(tx: Tx, names: Sequence[str]) -> tuple[dict[str, int], dict[str, int]]:
    """What was added today under these names, and this calendar year; both held, in one statement."""
    found = _by_year(tx, dict.fromkeys(names, 0))
    return {each: found[_sum_id(tx, each)] for each in names}, {each: found[_year_id(tx, each)] for each in names}


def add_by_year(tx: Tx, minors: Mapping[str, int]) -> None:
    """Add to sums of today and of this year."""
    _by_year(tx, minors)


def _by_year(tx: Tx, minors: Mapping[str, int]) -> dict[str, int]:
    days = {_sum_id(tx, name): minor for name, minor in minors.items()}
    years = {_year_id(tx, name): minor for name, minor in minors.items()}
    return store.add(tx, days | years, dict.fromkeys(years, date(tx.business_date.year, 12, 31)))


def _year_id(tx: Tx, name: str) -> str:
    return f"{tx.business_date.year}:{name}"


def _sum_id(tx: Tx, name: str) -> str:
    return f"{tx.business_date}:{name}"
