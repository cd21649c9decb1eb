"""Run the reconciliation with partners: a file is compared once, its breaks are kept, and each is worked off with a reason."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from farthing.db.tx import Tx
from farthing.funding.rules import settlement_account
from farthing.funding.settling import breaks_rules as rules
from farthing.funding.settling import breaks_store as store
from farthing.funding.settling import service as settling
from farthing.funding.settling.breaks_model import Break, BreakPage, DayReconciled, Reconcile, Reconciled, WorkOff
from farthing.funding.settling.breaks_rules import Brought
from farthing.kernel.operation import operation
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF
from farthing.kit.inputs import AnyId, Day, Id, PageSize
from farthing.kit.words import Words
from farthing.ledger import service as ledger
from farthing.ledger.model import AccountSpec
from farthing.payments.iso20022 import rules as iso20022
from farthing.payments.iso20022.model import Statement
from farthing.payments.reconciling import matching
from farthing.payments.reconciling.breaks import check_work_off

A_DAY = timedelta(days=1)
FIRST = datetime(1, 1, 2, tzinfo=UTC)


@operation(
    "funding.reconcile", title=Words("Compare a partner's own file", "与合作方对账"),
    permission="funding:configure", whose=STAFF, prepare=rules.brought,
)  # fmt: skip
def reconcile(tx: Tx, command: Reconcile, file: Brought) -> Reconciled:
    """Compare a partner's own file of a day (the table, or camt.053) with our statement, and keep where they differ.

    The same file again answers the same; another file of the day takes its place. Refuses ``funding.bad_file``,
    ``iso20022.*``, ``funding.file_of_another_day``, ``funding.file_of_several_days`` and ``funding.no_statement``.
    """
    told = file.statement
    stands = store.day(tx, told.account, told.on)
    if stands is not None and stands.digest == file.digest:
        return Reconciled(stands, tuple(store.of_day(tx, told.account, told.on)))
    ours = settling.told(tx, told.account, told.on)
    iso20022.check_one_currency("OPBD", told.opening, ours.opening.currency)
    _check_follows(tx, told)
    compared = matching.compare(ours, told, _here(tx, told, ours), _there(tx, told, ours))
    found = rules.breaks(told.account, told.on, compared.differences, ours.closing.currency, tx.now)
    store.keep(tx, told.account, file, compared, ours.closing, found)
    return reconciliation(tx, told.account, told.on)


def _check_follows(tx: Tx, told: Statement) -> None:
    """Refuse a file that does not go on where the partner's file before it ended, where that one came."""
    before = store.before(tx, told.account, told.on)
    if before is None:
        return
    on, number, closing = before
    iso20022.check_follows(number, closing if on == told.on - A_DAY else told.opening, told, before=on)


def _here(tx: Tx, told: Statement, ours: Statement) -> set[str]:
    """References of the partner's lines that its account has with us, though not on this day."""
    mine = {line.reference for line in ours.lines}
    asked = {key: each.reference for each in told.lines if each.reference not in mine and (key := _key(each.reference))}
    account = settlement_account(told.account)
    return {
        asked[key]
        for key, posted in ledger.found_by_id(tx, list(asked)).items()
        if any(line.account == account for line in posted.entry.postings)
    }


def _key(reference: str) -> UUID | None:
    try:
        return UUID(hex=reference)
    except ValueError:
        return None


def _there(tx: Tx, told: Statement, ours: Statement) -> set[str]:
    """References of our lines that the partner has told on another day."""
    theirs = {line.reference for line in told.lines}
    missing = [line.reference for line in ours.lines if line.reference not in theirs]
    return store.elsewhere(tx, told.account, told.on, missing)


def _correcting(command: WorkOff) -> bool:
    """Whether working off moves money."""
    return command.correct


@operation(
    "funding.work_off", title=Words("Work off a break with a partner", "处理对账差异"),
    permission="funding:configure", four_eyes=_correcting, whose=STAFF,
)  # fmt: skip
def work_off(tx: Tx, command: WorkOff) -> Break:
    """End a break with a reason; to put our books where the partner's file has them takes two persons.

    Refuses ``funding.unknown_break``, ``funding.break_ended``, ``funding.break_reason_missing``, ``funding.nothing_to_correct``.
    """
    found = check_work_off(
        rules.CODES, command.break_id, store.one(tx, command.break_id), command.reason, command.correct
    )
    if not store.work_off(tx, found.id, command.reason, command.correct):
        raise rules.BREAK_ENDED(break_id=found.id)
    if command.correct:
        entry = rules.correction(found, tx.business_date, tx.home)
        ledger.open_accounts(tx, [AccountSpec(entry.postings[1].account, found.difference.currency, floor=None)])
        ledger.post_all(tx, [entry])
    ended = store.one(tx, found.id)
    assert ended is not None
    return ended


@question("funding.reconciliation", permission="funding:configure", whose=STAFF)
def reconciliation(tx: Tx, partner: Id, on: Day) -> Reconciled:
    """What a partner's file of a day came to against ours, with its breaks; refuses ``funding.not_reconciled``."""
    found = store.day(tx, partner, on)
    if found is None:
        raise rules.NOT_RECONCILED(partner=partner, on=on)
    return Reconciled(found, tuple(store.of_day(tx, partner, on)))


@question("funding.reconciliations", permission="funding:configure", whose=STAFF)
def reconciliations(tx: Tx, partner: Id, until: Day | None = None) -> list[DayReconciled]:
    """The days of the last 31, up to one, whose file a partner brought, the latest first."""
    last = until or tx.business_date
    since = max(last.toordinal() - settling.DAYS, date.min.toordinal())
    return store.days(tx, partner, date.fromordinal(since), last)


@question("funding.breaks", permission="funding:configure", whose=STAFF)
def breaks(tx: Tx, after: AnyId = "", limit: PageSize = 50) -> BreakPage:
    """The breaks with all partners that nobody has worked off, the oldest first; continue with ``after`` the last id.

    Refuses ``funding.unknown_break``.
    """
    since = FIRST
    if after:
        last = store.one(tx, after)
        if last is None:
            raise rules.UNKNOWN_BREAK(break_id=after)
        since = last.found_at
    found = store.open_after(tx, since, after, limit + 1)
    return BreakPage(tuple(found[:limit]), found[limit - 1].id if len(found) > limit else None)
