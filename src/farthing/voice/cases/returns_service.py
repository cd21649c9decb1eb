"""Answer a supervisor's return of a quarter. Reads only; it tells no words and no names."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from farthing.db.tx import Tx
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF
from farthing.kit.inputs import Count, Word
from farthing.voice.cases import returns, store
from farthing.voice.cases.classes import classes
from farthing.voice.cases.model import Case
from farthing.voice.cases.returns import CaseReturn

PAGE = 1_000


@question("voice.return", permission="reports:read", whose=STAFF)
def quarterly(tx: Tx, quarter: Word, outlets: Count = 0, customers: Count = 0) -> CaseReturn:
    """Complaints of a quarter by the standard's classes, with rates per 1,000 outlets and ten million customers where it is said
    how many there are. Refuses ``voice.bad_quarter``."""
    since, after = returns.bounds(quarter)
    return returns.returned(
        quarter, _between(tx, since, after), tx.business_date, classes(), tx.home, outlets, customers
    )


def _between(tx: Tx, since: date, until: date) -> Iterator[Case]:
    after = (since, "")
    while some := store.between(tx, since, until, after, PAGE):
        yield from some
        after = (some[-1].received_on, some[-1].id)
