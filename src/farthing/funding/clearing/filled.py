"""Own how what each listing was given becomes the fills of a batch, in the order of ids, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import numpy as np

from farthing.funding.clearing.columns import Columns, Whole
from farthing.funding.clearing.fits import Places
from farthing.funding.clearing.model import Batch, Cleared
from farthing.funding.clearing.pouring import Pouring


def cleared(
    batch: Batch, columns: Columns, held: Sequence[tuple[Places, Whole]], rates: Mapping[str, Decimal]
) -> Cleared:  # fmt: skip
    """The fills; ``rates`` of listings that nobody funds are left out."""
    order = sorted(range(len(held)), key=lambda number: columns.listings[number].id)
    who = [held[number][0] for number in order]
    ids = tuple(columns.listings[number].id for number in order)
    return Cleared(
        batch, ids, tuple(each.id for each in columns.mandates),
        np.repeat(np.arange(len(order)), [len(some) for some in who]),
        np.concatenate([np.empty(0, np.intp), *who]),
        np.concatenate([np.empty(0, np.int64), *(held[number][1] for number in order)]),
        {id: rates[id] for id, some in zip(ids, who, strict=True) if len(some)},
    )  # fmt: skip


def poured(cleared: Cleared) -> Pouring:
    """The state that the fills of a batch make, by themselves: nothing is taken over from how they were found."""
    listings = sorted(cleared.batch.listings, key=lambda each: each.id)
    pouring = Pouring(Columns(cleared.batch, listings))
    for number, (_, who, notes) in enumerate(cleared.by_listing):
        pouring.give(number, who, notes)
    return pouring
