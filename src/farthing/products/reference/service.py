"""Run what sets reference rates, and answer them: a figure is two persons' word for what was published elsewhere."""

from __future__ import annotations

from farthing.db.tx import Row, Tx
from farthing.kernel.operation import operation
from farthing.kernel.question import question
from farthing.kernel.whose import NOBODYS, STAFF
from farthing.kit.actor import PUBLIC
from farthing.kit.inputs import Word
from farthing.kit.money import exponent
from farthing.kit.words import Words
from farthing.products import reading
from farthing.products.reference import store
from farthing.products.reference.model import (
    IN_FORCE,
    OTHER_CURRENCY,
    UNKNOWN,
    EarlierFigure,
    ReferenceFigure,
    ReferenceRate,
    SetReferenceRate,
)


@operation(
    "products.set_reference_rate", title=Words("Set a reference rate", "公布定价基准利率"),
    permission="lending:rates", four_eyes=True, whose=STAFF,
)  # fmt: skip
def set_reference_rate(tx: Tx, command: SetReferenceRate) -> ReferenceFigure:
    """Say what a reference rate is from a day on; what has come never changes.

    The first figures of a rate may be of any days. Refuses ``products.reference_in_force``, ``products.reference_currency``,
    ``savings.bad_rate`` and ``money.unknown_currency``.
    """
    exponent(command.currency)
    stands = store.figures(tx, command.rate)
    if stands and stands[0]["currency"] != command.currency:
        raise OTHER_CURRENCY(rate=command.rate, currency=stands[0]["currency"], asked=command.currency)
    figures = [*command.earlier, EarlierFigure(command.effective_on, command.annual)]
    told = [(each.effective_on, reading.rate(each.annual)) for each in figures]
    first = min(on for on, _ in told)
    known = bool(stands) and (bool(command.earlier) or first <= tx.business_date)
    if known or store.insert(tx, command, told) != len(told):
        raise IN_FORCE(rate=command.rate, effective_on=first, today=tx.business_date)
    return next(each for each in reference_rates(tx, command.rate) if each.effective_on == command.effective_on)


@question("products.reference_rates", permission=PUBLIC, whose=NOBODYS)
def reference_rates(tx: Tx, rate: Word = "") -> list[ReferenceFigure]:
    """What loans that float follow: every figure of a reference rate, or of all, in the order of their days."""
    return [_shown(row) for row in store.figures(tx, rate)]


def reference(tx: Tx, rate: str, currency: str) -> ReferenceRate:
    """A reference rate in a currency with all its figures; refuses ``products.reference_unknown``."""
    found = tx.once("reference rate", rate, lambda: store.figures(tx, rate))
    figures = tuple((row["effective_on"], row["annual"]) for row in found if row["currency"] == currency)
    if not figures:
        raise UNKNOWN(rate=rate, currency=currency, on=tx.business_date)
    return ReferenceRate(rate, _name(found[-1]), currency, figures)


def _shown(row: Row) -> ReferenceFigure:
    return ReferenceFigure(
        row["rate"], _name(row), row["currency"], row["effective_on"], row["annual"], row["source"],
        row["source_zh"] or row["source"], row["set_by"],
    )  # fmt: skip


def _name(row: Row) -> Words:
    return Words(row["name"], row["name_zh"])
