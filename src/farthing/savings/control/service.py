"""Answer what the deposits that live need of a board or a product before a new one is published, from their sums."""

from __future__ import annotations

from datetime import date

from farthing.db.tx import Tx
from farthing.products.rates import RateBoard
from farthing.savings.control import store
from farthing.savings.rules.books import Line, multiplier


def check_needed(tx: Tx, wanted: RateBoard, on: date) -> None:
    """Refuse a board that leaves out a rate by which living deposits earn, or will once they mature or are renewed
    (``savings.rate_not_quoted``): no day could be closed from ``on`` then."""
    renewing = store.terms_to_renew(tx, wanted.name)
    if renewing is not None:
        wanted.demand(on)
        for term in sorted(renewing):
            wanted.rate("lump", term, on)
    kept = {
        (product, name, key): line for (product, name), each in store.totals(tx).items() for key, line in each.items()
    }
    for flow in store.waiting_lines(tx):
        place = (flow.product, flow.board, flow.line)
        kept[place] = kept.get(place, Line()) + flow.change
    for (_, name, key), line in kept.items():
        if name == wanted.name and line != Line():
            multiplier(key, wanted, on)


def has_accrued(tx: Tx, product: str) -> bool:
    """Whether interest on a product was ever accrued, or will be at the next close."""
    return any(known == product for known, _ in store.totals(tx)) or any(
        flow.product == product for flow in store.waiting_lines(tx)
    )
