"""Answer which loans there are, by state and product, what they add up to, and what falls due; for the bank's own staff."""

from __future__ import annotations

from datetime import date, timedelta

from farthing.db.tx import Row, Tx
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF
from farthing.kit.inputs import AnyId, Count, Cursor, LongPageSize, Word
from farthing.kit.money import Money
from farthing.lending.refusals import UNKNOWN_LOAN
from farthing.lending.roll import store
from farthing.lending.roll.model import Asked, DueDay, HeldLoan, Lent, LoanPage, LoanRow, LoanSum, Unpaid
from farthing.products import service as products

AHEAD = timedelta(days=14)
"""How far what falls due is told beforehand."""


@question("lending.roll", permission="lending:read_any", whose=STAFF)
def roll(
    tx: Tx, state: Word = "", product: Word = "", past_due: Count = 0, after: Cursor = "", limit: LongPageSize = 50,
    party_id: AnyId = "",
) -> LoanPage:  # fmt: skip
    """Loans of a state, a product, a customer, or at least so many days past due, the latest first, and the sums of all.

    A filter that is empty takes every loan; continue with ``after`` the last id.
    Refuses ``lending.unknown_loan``, ``products.unknown`` and ``products.other_kind``."""
    if product:
        products.loan_terms(tx, product)
    place = store.place_of(tx, after) if after else store.LAST
    if place is None:
        raise UNKNOWN_LOAN(loan_id=after)
    asked = Asked(state, product, party_id, _late_by(tx.business_date, past_due))
    found = store.listed(tx, asked, place, limit + 1)
    page = found[:limit]
    owed = store.owed(tx, [row["id"] for row in page])
    counted, owing = store.sums(tx, asked)
    return LoanPage(
        tuple(_row(row, owed.get(row["id"]), tx.business_date) for row in page),
        tuple(_sum(row, owing.get(row["currency"])) for row in counted),
        page[-1]["id"] if len(found) > limit else None,
    )


def _late_by(on: date, days: int) -> date | None:
    """The last day on which something was due that is so many days past due; none where it does not matter."""
    return None if not days else on - timedelta(days) if days < on.toordinal() else date.min


def _row(row: Row, owed: Row | None, on: date) -> LoanRow:
    currency, owing = row["currency"], owed if row["state"] == "active" else None
    oldest = owing["oldest_on"] if owing else None
    return LoanRow(
        row["id"], row["party_id"], row["product"], row["state"], Money(row["principal_minor"], currency),
        *_owing(owing, currency), max((on - oldest).days, 0) if oldest else 0, owing["next_on"] if owing else None,
        row["accepted_on"], row["closed_on"], row["given_up_on"], Money(owed["written_off"] if owed else 0, currency),
    )  # fmt: skip


def _sum(row: Row, owing: Row | None) -> LoanSum:
    currency = row["currency"]
    return LoanSum(row["loans"], Money(row["principal"], currency), *_owing(owing, currency))


def _owing(row: Row | None, currency: str) -> tuple[Money, Money]:
    return Money(row["outstanding"] if row else 0, currency), Money(row["overdue"] if row else 0, currency)


@question("lending.falling_due", permission="lending:read_any", whose=STAFF)
def falling_due(tx: Tx) -> list[DueDay]:
    """What borrowers are to pay today and on the next fourteen days; what is late stands on the day before today."""
    return store.due(tx, tx.business_date - timedelta(days=1), tx.business_date + AHEAD)


def held(tx: Tx, ids: list[str]) -> list[HeldLoan]:
    """Of these loans those that were paid out, as far as they were shared out: two statements."""
    paid = store.shared_out(tx, ids)
    return [_held(row, paid[row["id"]]) for row in store.held(tx, ids) if row["id"] in paid]


def _held(row: Row, paid: Row) -> HeldLoan:
    figures = (paid["principal"], row["principal_late"], paid["interest"], paid["penalty"], paid["fee"])
    return HeldLoan(row["id"], row["state"] == "active", *(Money(each, row["currency"]) for each in figures))


def lent(tx: Tx, since: date, until: date) -> list[Lent]:
    """Every loan that was being repaid on any day of a period, by id."""
    return store.lent(tx, since, until)


def lent_of(tx: Tx, short_ids: list[str]) -> list[Lent]:
    """Of these loans, by their ids without the prefix, those that were paid out."""
    return store.lent_of(tx, [f"loan_{each}" for each in short_ids])


def late(tx: Tx, until: date, after: str, limit: int) -> list[str]:
    """Loans of which something that fell due by a day is not paid, a page in the order of their ids: fewer than ``limit`` are the
    last."""
    return store.late(tx, until, after, limit)


def unpaid(tx: Tx, on: date, after: str, limit: int) -> tuple[list[Unpaid], str | None]:
    """The instalments of a day of which something is left, a page of loans at a time in the order of their ids: after which loan
    the next page begins, none if there is none. By the index on the due day, however many loans there are."""
    ids = store.falling(tx, on, after, limit)
    return store.unpaid(tx, on, ids), ids[-1] if len(ids) == limit else None
