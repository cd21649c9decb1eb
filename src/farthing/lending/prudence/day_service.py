"""Close a month for loans: what prudence says of each is kept, and what is set aside for them is brought to it.

Two steps of :mod:`farthing.kernel.day`, which do something on the last day of a month alone. Loans are read, classed and
written a piece of borrowers at a time, each piece in one statement out and one in; the entries are one a product and class.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from farthing.db.tx import Tx
from farthing.kernel.day import CloseStep, Stepped
from farthing.kernel.operation import operation
from farthing.kernel.whose import STAFF
from farthing.kit.calendar import month_before, month_end
from farthing.kit.words import Words
from farthing.ledger import service as ledger
from farthing.lending.collections import store as hardships
from farthing.lending.life import days_past_due
from farthing.lending.model import Loan
from farthing.lending.prudence import cases_store, history_service, provisions, store
from farthing.lending.prudence.assess import Known, assess
from farthing.lending.prudence.entries import accounts_of, allowance_path, provision_entry
from farthing.lending.prudence.model import Assessed, Provisions, Ruling
from farthing.lending.prudence.provisions import Place
from farthing.products import service as products
from farthing.products.prudence import Prudence

MONTH_PIECE = 50_000
"""Loans that one transaction classes: some seconds."""


def assessed(
    tx: Tx,
    said: Prudence,
    on: date,
    after: str = "",
    until: str = "",
    *,
    party: str = "",
    rulings: Mapping[str, Ruling] | None = None,
) -> tuple[list[Assessed], Known]:
    """What prudence says of loans as of the end of a day, and what was known of them: of all borrowers, of some, or of one
    ``party``. ``rulings``: what officers said, else what stands."""
    found = cases_store.cases(tx, on, after, until, party=party)
    before = store.before(tx, month_before(on), after, until, party=party)
    known = Known(history_service.bases(tx, said, on, found), before, store.rulings(tx) if rulings is None else rulings)
    return assess(said, on, found, known), known


def in_difficulty(tx: Tx, loan: Loan) -> bool:
    """Whether a loan is late today, or not of the best class, or its borrower asked for relief that waits or stands: easing its
    terms then restructures it, for who cannot pay as agreed is in difficulty before anything is late (CBIRC and PBOC 2023 no. 1).
    """
    if days_past_due(loan, tx.business_date) or hardships.holds(tx, [loan.party_id], tx.business_date):
        return True
    said = history_service.law(tx)
    if said is None:
        return False
    found, _ = assessed(tx, said, tx.business_date, party=loan.party_id)
    return any(each.class_number > 0 for each in found if each.case.loan_id == loan.id)


@operation(
    "lending.snapshot_month", title=Words("Loans classed at the month's end", "月末贷款分类"),
    permission="kernel:close_day", whose=STAFF,
)  # fmt: skip
def snapshot_month(tx: Tx, command: CloseStep) -> Stepped:
    """Class every loan at the end of a month and keep it, a piece of borrowers at a time; nothing on any other day, and
    nothing where the law does not say how."""
    said = history_service.law(tx) if command.on == month_end(command.on) else None
    if said is None:
        return Stepped(0)
    until = cases_store.place(tx, command.on, command.after, MONTH_PIECE)
    found, known = assessed(tx, said, command.on, command.after, until)
    store.insert_months(tx, command.on, found, known.before, known.rulings)
    return Stepped(len(found), until or None)


@operation(
    "lending.provide_month", title=Words("Loan loss provisions", "计提贷款损失准备"),
    permission="kernel:close_day", whose=STAFF,
)  # fmt: skip
def provide_month(tx: Tx, command: CloseStep) -> Stepped:
    """Bring what is set aside to what the month's loans ask for: one entry a product and class, of the difference."""
    said = history_service.law(tx) if command.on == month_end(command.on) else None
    if said is None:
        return Stepped(0)
    sums = store.sums(tx, command.on)
    decided = provisions.decide(said, sums, standing(tx, set(sums)))
    if not decided:
        return Stepped(0)
    made = Provisions(command.on, True, tuple(decided), ())
    moving = [each for each in decided if each.change]
    ledger.open_accounts(tx, [spec for each in moving for spec in accounts_of(each, tx.home)])
    ledger.post_all(tx, [provision_entry(each, command.on, tx.home) for each in moving])
    store.insert_provisions(tx, made, products.version_in_force(tx, products.POLICY))
    return Stepped(len(moving))


def standing(tx: Tx, places: set[Place]) -> dict[Place, int]:
    """What stands in the books for each product and class that has loans, or had something set aside when it was last done."""
    done = store.months(tx)
    earlier = store.provisions(tx, done[-1]) if done else []
    known: set[Place] = places | {(row["product"], row["class"], row["currency"]) for row in earlier}
    paths = {place: allowance_path(*place, tx.home) for place in known}
    books = ledger.balances_of(tx, list(paths.values()))
    return {place: -books[path].balance.minor for place, path in paths.items() if path in books}
