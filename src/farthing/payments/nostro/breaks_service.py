"""Run what becomes of breaks at rails, and answer how each rail stands: its days, what is open, what waits."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from farthing.db.tx import Tx
from farthing.kernel import errands
from farthing.kernel.operation import operation
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF
from farthing.kit.inputs import AnyId, Day, PageSize, Word
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.ledger import service as ledger
from farthing.ledger.chart import in_transit_path, rail_path, suspense_path
from farthing.ledger.model import AccountSpec
from farthing.payments import rules as movement_rules
from farthing.payments import store as movements
from farthing.payments.life import suspense_service as suspense
from farthing.payments.nostro import cut_service, rules, store
from farthing.payments.nostro.model import (
    AskReport,
    RailBreak,
    RailBreakPage,
    RailDay,
    RailReconciled,
    RailStanding,
    ReportAsked,
    WorkOffRail,
)
from farthing.payments.reconciling.breaks import check_work_off
from farthing.products import service as products

A_DAY = timedelta(days=1)
FIRST = datetime(1, 1, 2, tzinfo=UTC)
DAYS = 31
"""So many days of a rail are listed at once."""


def _correcting(command: WorkOffRail) -> bool:
    """Whether working off moves money."""
    return command.correct


@operation(
    "payments.work_off", title=Words("Work off a break at a rail", "处理通道对账差异"), permission="payments:suspense",
    four_eyes=_correcting, whose=STAFF,
)  # fmt: skip
def work_off(tx: Tx, command: WorkOffRail) -> RailBreak:
    """End a break with a reason; to put our books where the statement has them takes two persons. What came in and nobody knows
    lies in suspense from then on.

    Refuses ``payments.unknown_break``, ``payments.break_ended``, ``payments.break_reason_missing``,
    ``payments.nothing_to_correct``.
    """
    found = check_work_off(
        rules.CODES, command.break_id, store.one(tx, command.break_id), command.reason, command.correct
    )
    against_differences = command.correct and not rules.to_suspense(found)
    cleared = _clears(tx, found.rail) if against_differences else None
    if not store.work_off(tx, found.id, command.reason, command.correct, cleared):
        raise rules.BREAK_ENDED(break_id=found.id)
    if against_differences:
        entry = rules.correction(found, tx.business_date, tx.home)
        opens = [AccountSpec(each.account, found.difference.currency, floor=None) for each in entry.postings]
        ledger.open_accounts(tx, opens)
        ledger.post_all(tx, [entry])
    elif command.correct:
        suspense.lay(tx, [rules.into_suspense(found, tx.business_date, tx.now)])
    ended = store.one(tx, found.id)
    assert ended is not None
    return ended


def _clears(tx: Tx, rail: str) -> date:
    """From which day of a rail on what is posted now is in our balance: today, unless today was told whole already."""
    last = store.last_final(tx, rail)
    return max(tx.business_date, last.day.on + A_DAY) if last else tx.business_date


@operation(
    "payments.ask_report", title=Words("A rail is asked what moved today", "查询通道日间明细"),
    permission="payments:suspense", whose=STAFF,
)  # fmt: skip
def ask_report(tx: Tx, command: AskReport) -> ReportAsked:
    """Ask a rail what moved on our account today so far; the next sweep of errands carries it, and its answer is compared.

    Refuses ``payments.rail_unknown``, ``payments.rail_tells_nothing``.
    """
    if not tx.ports.has("rail", command.rail):
        raise movement_rules.RAIL_UNKNOWN(rail=command.rail)
    if not tx.ports.has("statement", command.rail):
        raise rules.TELLS_NOTHING(rail=command.rail)
    return ReportAsked(command.rail, cut_service.ask_report(tx, command.rail))


@question("payments.rail_reconciliation", permission="payments:read_any", whose=STAFF)
def reconciliation(tx: Tx, rail: Word, on: Day) -> RailReconciled:
    """What a day of our account at a rail came to, with the breaks that stood at its end; refuses
    ``payments.rail_not_reconciled``."""
    found = store.day(tx, rail, on)
    if found is None:
        raise rules.NOT_RECONCILED(rail=rail, on=on)
    return RailReconciled(found.day, _aged(tx, (each.told for each in store.standing(tx, rail, on))))


@question("payments.rail_days", permission="payments:read_any", whose=STAFF)
def days(tx: Tx, rail: Word, until: Day | None = None) -> list[RailDay]:
    """The last 31 days of a rail, up to one, of which something was told, the latest first."""
    return store.days(tx, rail, until or tx.business_date, DAYS)


@question("payments.rail_breaks", permission="payments:read_any", whose=STAFF)
def breaks(tx: Tx, rail: AnyId = "", after: AnyId = "", limit: PageSize = 50) -> RailBreakPage:
    """Breaks that nobody has worked off, of a rail or of all, the oldest first; continue with ``after`` the last id.

    Refuses ``payments.unknown_break``.
    """
    since = FIRST
    if after:
        last = store.one(tx, after)
        if last is None:
            raise rules.UNKNOWN_BREAK(break_id=after)
        since = last.found_at
    found = store.open_after(tx, rail, since, after, limit + 1)
    return RailBreakPage(_aged(tx, found[:limit]), found[limit - 1].id if len(found) > limit else None)


def _aged(tx: Tx, found: Iterable[RailBreak]) -> tuple[RailBreak, ...]:
    """With the days since the line is of, and whether that is too long."""
    most = products.rail_rules(tx).break_days
    ages = [(each, (tx.business_date - (each.theirs_on or each.ours_on or each.on)).days) for each in found]
    return tuple(replace(each, age_days=age, old=each.state == "open" and age > most) for each, age in ages)


@question("payments.rails", permission="payments:read_any", whose=STAFF)
def rails(tx: Tx) -> list[RailStanding]:
    """Every rail as it stands."""
    names = tx.ports.names("rail")
    paths = [path(each) for each in names for path in _paths(tx)]
    books = ledger.balances_of(tx, paths)
    counts = store.open_counts(tx, tx.business_date - timedelta(days=products.rail_rules(tx).break_days))
    open_ = movements.open_counts(tx)
    found = []
    for rail in names:
        ours, transit, nobodys = (
            books[at].owed() if (at := path(rail)) in books else Money.zero(tx.home) for path in _paths(tx)
        )
        last = store.days(tx, rail, date.max, 1)
        many, old = counts.get(rail, (0, 0))
        waits = _waits_for(tx, rail)
        found.append(
            RailStanding(
                rail, ours, transit, nobodys, open_.get(rail, 0), last[0] if last else None, waits, many, old,
                tx.ports.has("statement", rail),
            )
        )  # fmt: skip
    return found


def _paths(tx: Tx) -> tuple[Callable[[str], str], ...]:
    return (
        rail_path,
        lambda rail: in_transit_path(rail, tx.home, tx.home),
        lambda rail: suspense_path(rail, tx.home, tx.home),
    )


def _waits_for(tx: Tx, rail: str) -> date | None:
    """The earliest day whose statement was asked for and is not there."""
    waiting = errands.open_about(tx, cut_service.subject_of(rail))
    asked = [date.fromisoformat(each.request["on"]) for each in waiting if each.request["on"]]
    return min(asked, default=None)
