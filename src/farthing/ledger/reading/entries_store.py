"""Read entries newest first, whole or by their heads alone. Table entry. Never writes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from farthing.db.tx import Tx
from farthing.kit.money import MAX_MINOR, Money
from farthing.ledger.model import EntryPage, reversal_reference
from farthing.ledger.reading.model import EntryHead, HeadPage
from farthing.ledger.reading.store import BAD_CURSOR, decoded, encoded, names, posted_of, postings_of

ENTRIES_BETWEEN = """
SELECT e.recorded_at, e.id, e.reference, e.kind, e.effective_on, e.memo, e.legs
FROM entry AS e
WHERE e.recorded_at >= %(since)s AND e.recorded_at <= %(until)s
    AND (e.recorded_at, e.id) < (%(until)s, %(before)s)
ORDER BY e.recorded_at DESC, e.id DESC
LIMIT %(limit)s
"""

_FIRST_ID, _LAST_ID = UUID(int=0), UUID(int=2**128 - 1)
_A_DAY = timedelta(days=1)
LONG_AGO = datetime(1, 1, 2, tzinfo=UTC)
_REVERSAL = reversal_reference("")
FEW = 4
"""Postings that the head of an entry tells."""


def entries(
    tx: Tx, cursor: str | None, limit: int, since: datetime | None = None, until: datetime | None = None
) -> EntryPage:
    """A page of all entries, or of those recorded from an instant on and before another, newest first."""
    found, further = _page(tx, cursor, limit, since, until)
    known = names(tx, (leg for row in found for leg in row[6][0::2]))
    return EntryPage(tuple(posted_of(row, known) for row in found), further)


def heads(
    tx: Tx, cursor: str | None, limit: int, since: datetime | None = None, until: datetime | None = None
) -> HeadPage:
    """The same page by the heads of its entries: of a thousand accounts only those are looked up that are told, and those
    of the side with fewer lines, whose sums are the other side's too."""
    found, further = _page(tx, cursor, limit, since, until)
    sides = [lesser_side(row[6]) for row in found]
    told = {leg for row in found for leg in row[6][0 : 2 * FEW : 2]}
    known = names(tx, told.union(*(dict(side) for side in sides)))
    return HeadPage(tuple(_head(row, side, known) for row, side in zip(found, sides, strict=True)), further)


def lesser_side(legs: Sequence[int]) -> list[tuple[int, int]]:
    """Account and amount (minor units, above zero) of the debits or of the credits of an entry, whichever are fewer: as its
    row keeps it, account, amount, account, amount. In each currency either side comes to the same."""
    lines = list(zip(legs[0::2], legs[1::2], strict=True))
    debits = [line for line in lines if line[1] > 0]
    return debits if 2 * len(debits) <= len(lines) else [(account, -minor) for account, minor in lines if minor < 0]


def _head(row: Sequence[Any], side: list[tuple[int, int]], known: dict[int, tuple[str, str]]) -> EntryHead:
    recorded_at, key, reference, kind, effective_on, memo, legs = row
    sums: dict[str, int] = {}
    for account, minor in side:
        currency = known[account][1]
        sums[currency] = sums.get(currency, 0) + minor
    moved = tuple(Money(minor, currency) for currency, minor in sorted(sums.items()) if minor <= MAX_MINOR)
    first = postings_of(legs[: 2 * FEW], known)
    return EntryHead(
        str(key), reference, kind, effective_on, memo, recorded_at, reference.startswith(_REVERSAL), moved, len(legs) // 2,
        first,
    )  # fmt: skip


def _page(
    tx: Tx, cursor: str | None, limit: int, since: datetime | None, until: datetime | None
) -> tuple[list[tuple[Any, ...]], str | None]:
    """Rows of entries, and where the page after begins.

    The index on ``recorded_at`` is a block-range index (a few bytes a thousand entries), which cannot answer
    "the newest": so look back one second, five minutes, a day, and then twice as far until the page is full.
    """
    earliest = since or LONG_AGO
    until, before = (until or tx.now + timedelta(days=1)), (_FIRST_ID if until else _LAST_ID)
    if cursor is not None:
        instant, text = decoded(cursor, 2)
        try:
            until, before = datetime.fromisoformat(instant).astimezone(UTC), UUID(text)
        except (ValueError, OverflowError):
            raise BAD_CURSOR(cursor=cursor) from None
    found: list[tuple[Any, ...]] = []
    back, step = timedelta(seconds=1), until - tx.now if cursor is None and since is None else timedelta()
    while len(found) <= limit and until > earliest:
        reached = max(until - min(step + back, until - earliest), earliest)
        asked = {"since": reached, "until": until, "before": before, "limit": limit + 1 - len(found)}
        found += tx.tuples(ENTRIES_BETWEEN, asked, binary=True)
        until, before, step = reached, _FIRST_ID, timedelta()
        back *= 2 if back >= _A_DAY else 300
    page = found[:limit]
    return page, encoded(page[-1][0].isoformat(), str(page[-1][1])) if len(found) > limit else None
