"""Run what is no income: a step of the close of a month, what it came to, and its verification."""

from __future__ import annotations

from collections.abc import Iterable

from farthing.db.tx import Tx
from farthing.kernel.day import CloseStep, Stepped
from farthing.kernel.operation import operation
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF
from farthing.kit.calendar import month_end
from farthing.kit.findings import Finding
from farthing.kit.inputs import Day
from farthing.kit.words import Words
from farthing.ledger import service as ledger
from farthing.lending.prudence import history_service
from farthing.lending.prudence.day_service import assessed
from farthing.lending.prudence.store import months
from farthing.lending.suspense import rules, store
from farthing.lending.suspense.model import Place, SuspendedMonth


@operation(
    "lending.suspend_month", title=Words("Interest that is no income", "非应计利息"),
    permission="kernel:close_day", whose=STAFF,
)  # fmt: skip
def suspend_month(tx: Tx, command: CloseStep) -> Stepped:
    """Bring the interest that is no income to what loans that are too late owe of it: one entry a product, of the difference.

    After the loans are classed (``lending.snapshot_month``), on the last day of a month alone, and where the law says how.
    """
    if command.on != month_end(command.on) or history_service.law(tx) is None:
        return Stepped(0)
    sums = store.sums(tx, command.on)
    found = rules.decide(sums, _standing(tx, {*sums, *store.latest(tx, command.on)}))
    moving = [each for each in found if each.change]
    ledger.open_accounts(tx, [spec for each in moving for spec in rules.accounts_of(each, tx.home)])
    ledger.post_all(tx, [rules.entry(each, command.on, tx.home) for each in moving])
    if found:
        store.insert(tx, command.on, found)
    return Stepped(len(moving))


@question("lending.suspended", permission="reports:read", whose=STAFF)
def suspended(tx: Tx, month: Day | None = None) -> SuspendedMonth:
    """The interest that was no income at the end of the month of a day, by product; without a day, what would be if the month
    ended today. It names no borrower.

    Refuses ``lending.day_not_come`` for a month that is not over, ``lending.law_silent`` for today.
    """
    if month is not None:
        on = history_service.month_over(tx, month)
        return SuspendedMonth(on, tuple(store.of_month(tx, on)))
    on = tx.business_date
    sums = rules.sums_of(assessed(tx, history_service.law_said(tx), on)[0])
    return SuspendedMonth(on, tuple(rules.decide(sums, _standing(tx, {*sums, *store.latest(tx, on)}))))


def verify(tx: Tx) -> list[Finding]:
    """What differs of the last month's interest that is no income: the sums of loans as they were kept, what was kept of it, and
    the books. Whether a loan was kept as it was is found with its class."""
    done = months(tx)
    month = done[-1] if done else tx.business_date
    if not store.known(tx, month):
        return []
    kept = store.of_month(tx, month)
    places = {(each.product, each.suspended.currency) for each in kept}
    paths = {place: rules.against_path(*place, tx.home) for place in places}
    there = ledger.balances_of(tx, list(paths.values()))  # what was given up since then took of it
    stood = {
        place: -ledger.balance(tx, path, effective_on=month).balance.minor for place, path in paths.items() if path in there
    }  # fmt: skip
    return rules.differ(kept, store.sums(tx, month), stood)


def _standing(tx: Tx, places: Iterable[Place]) -> dict[Place, int]:
    paths = {place: rules.against_path(*place, tx.home) for place in places}
    books = ledger.balances_of(tx, list(paths.values())) if paths else {}
    return {place: -books[path].balance.minor for place, path in paths.items() if path in books}
