"""Say under which law a node lives, and let two persons choose it."""

from __future__ import annotations

from dataclasses import dataclass

from farthing.db.tx import Tx
from farthing.exchange.law import store
from farthing.exchange.law.model import Law, codes, law_of
from farthing.kernel.operation import operation
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF
from farthing.kit.errors import declined
from farthing.kit.inputs import Word
from farthing.kit.words import Words

DEFAULT = "cn"
LAW_UNKNOWN = declined(
    "exchange.law_unknown",
    "There is no law {law} for a node; there are: {known}.",
    "没有适用于节点的法域 {law}；可选：{known}。",
)


@dataclass(frozen=True, slots=True)
class SetLaw:
    """Under which law the node lives: ``cn``, ``us``, ``eu``."""

    law: Word


@dataclass(frozen=True, slots=True)
class LawShown:
    """The law of a node, and how long a dispute takes under it."""

    code: str
    name: Words
    dispute_days: int | None
    dispute_months: int | None
    further_days: int
    free_reports_a_year: int


@operation(
    "exchange.set_law", title=Words("Choose the law of the node", "设定节点适用法律"), permission="exchange:members",
    whose=STAFF, four_eyes=True,
)  # fmt: skip
def set_law(tx: Tx, command: SetLaw) -> LawShown:
    """Choose it; disputes that are open keep their days. Refuses ``exchange.law_unknown``."""
    if command.law not in codes():
        raise LAW_UNKNOWN(law=command.law, known=", ".join(codes()))
    store.set_code(tx, command.law)
    return shown(tx)


@question("exchange.law", permission="exchange:read", whose=STAFF)
def shown(tx: Tx) -> LawShown:
    """The law that holds now."""
    found = law(tx)
    clock = found.dispute
    return LawShown(found.code, found.name, clock.days, clock.months, clock.further_days, found.free_reports_a_year)


def law(tx: Tx) -> Law:
    """The law that holds now."""
    return law_of(store.code(tx) or DEFAULT)
