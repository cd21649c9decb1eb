"""Answer which model decides in a slot: the one that ships with the program, or the one that was promoted."""

from __future__ import annotations

from functools import lru_cache

from farthing.credit.models.file import load
from farthing.credit.models.model import Model
from farthing.credit.models.shipped import Shipped
from farthing.credit.reasons import DEBTOR
from farthing.credit.scorecard import load as load_card
from farthing.credit.succession import store
from farthing.db.tx import Tx
from farthing.products import service as products

SCORECARDS = products.ROOT / "products" / "scorecards"


@lru_cache(maxsize=16)
def card_of(name: str) -> tuple[str, Shipped]:
    """A scorecard that ships with the program: its text, and as it was read."""
    source = (SCORECARDS / f"{name}.toml").read_text(encoding="utf-8")
    return source, Shipped(load_card(source, name))


@lru_cache(maxsize=1)
def slots() -> tuple[str, ...]:
    """The scorecards that may be followed by another: all that ship but the one of debtors' grades, which no model replaces."""
    names = sorted(each.name.removesuffix(".toml") for each in SCORECARDS.iterdir() if each.name.endswith(".toml"))
    return tuple(name for name in names if [each.name for each in card_of(name)[1].figures] != [DEBTOR])


def card_in_force(tx: Tx, slot: str) -> tuple[str, Model]:
    """The text and the model by which decisions of a slot are made in this transaction."""
    digest = store.champion(tx, slot)
    if not digest:
        return card_of(slot)
    source = store.source(tx, digest)
    return source, load(source)
