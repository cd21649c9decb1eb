"""Answer which deposits there are, by product and state, what they hold, and which mature; for the bank's own staff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from farthing.db.tx import Row, Tx
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF
from farthing.kit.inputs import Cursor, Day, LongPageSize, Word
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.products.deposit import Terms
from farthing.savings.deposits import roll_store as store
from farthing.savings.rules import behaviour
from farthing.savings.shelf import service as catalogue

AHEAD = timedelta(days=14)
"""How far what matures is told beforehand."""
State = Literal["", "open", "closed"]


@dataclass(frozen=True, slots=True)
class DepositRow:
    """One deposit in a list; the rate is what was agreed, none where the board's is paid."""

    id: str
    party_id: str
    product: str
    name: Words
    balance: Money
    annual_rate: Decimal | None
    opened_on: date
    matures_on: date | None
    closed_on: date | None


@dataclass(frozen=True, slots=True)
class DepositSum:
    """All deposits of a currency that are filtered, not only those of the page."""

    deposits: int
    balance: Money


@dataclass(frozen=True, slots=True)
class DepositPage:
    """A page of deposits, the newest first; ``next_after`` is the last of them where there are more."""

    deposits: tuple[DepositRow, ...]
    sums: tuple[DepositSum, ...]
    next_after: str | None


@dataclass(frozen=True, slots=True)
class Maturing:
    """Deposits of one currency that mature on a day."""

    on: date
    deposits: int
    balance: Money


@question("savings.roll", permission="savings:read_any", whose=STAFF)
def roll(
    tx: Tx,
    product: Word = "",
    state: State = "",
    matures_by: Day | None = None,
    after: Cursor = "",
    limit: LongPageSize = 50,
) -> DepositPage:
    """Deposits of a product (any, if empty) that are open or closed, or those open ones that mature by a day, the newest
    first, with the sums of all that is filtered; continue with ``after`` the last id.

    Refuses ``products.unknown`` and, for a fund or another kind, ``savings.not_a_deposit``."""
    if product:
        catalogue.terms(tx, product)
    found = store.listed(tx, product, state, matures_by, after, limit + 1)
    page = found[:limit]
    kept = {(row["product"], row["version"]) for row in page}
    known = {each: catalogue.terms(tx, *each)[1] for each in kept}
    return DepositPage(
        tuple(_row(row, known[row["product"], row["version"]]) for row in page),
        tuple(
            DepositSum(row["deposits"], Money(row["balance"], row["currency"]))
            for row in store.sums(tx, product, state, matures_by)
        ),
        page[-1]["id"] if len(found) > limit else None,
    )  # fmt: skip


def _row(row: Row, terms: Terms) -> DepositRow:
    return DepositRow(
        row["id"], row["party_id"], row["product"], terms.name, Money(row["balance_minor"], row["currency"]),
        row["rate"] if behaviour(terms).pins_rate else None, row["opened_on"], row["matures_on"], row["closed_on"],
    )  # fmt: skip


@question("savings.maturing", permission="savings:read_any", whose=STAFF)
def maturing(tx: Tx) -> list[Maturing]:
    """Deposits that mature today and on the next fourteen days, and what they hold now, day by day."""
    found = store.maturing(tx, tx.business_date, tx.business_date + AHEAD)
    return [Maturing(row["matures_on"], row["deposits"], Money(row["balance"], row["currency"])) for row in found]
