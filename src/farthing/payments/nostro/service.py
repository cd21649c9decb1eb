"""Run the reconciliation of our account at a rail: a statement is taken once, whatever it overlaps; what it tells of movements
that have no end is heard; and each difference is kept until it is gone, or worked off with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from farthing.db.tx import Tx
from farthing.kernel import errands
from farthing.kernel.calendar import holidays
from farthing.kernel.operation import operation
from farthing.kernel.whose import STAFF
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.ledger import service as ledger
from farthing.ledger.chart import rail_path
from farthing.ledger.overview import service as overview
from farthing.payments import rules as movement_rules
from farthing.payments import store as movements
from farthing.payments.iso20022 import rules as iso20022
from farthing.payments.iso20022.model import Statement
from farthing.payments.life import service as life
from farthing.payments.life import store as facts
from farthing.payments.life.model import Fact
from farthing.payments.life.names import payment_id_of
from farthing.payments.life.notices_service import NOT_BOOKED
from farthing.payments.nostro import reading, rules, store
from farthing.payments.nostro.model import (
    BringStatement,
    Item,
    Kept,
    RailDay,
    StatementsTaken,
    StatementTold,
)
from farthing.payments.nostro.reading import Brought
from farthing.payments.nostro.rules import Known, Looked
from farthing.payments.nostro.store import Standing
from farthing.payments.reconciling.matching import concern_of
from farthing.products import service as products

A_DAY = timedelta(days=1)


@operation(
    "payments.bring_statement", title=Words("A rail's statement brought", "通道对账单导入"),
    permission="payments:suspense", whose=STAFF, prepare=reading.brought,
)  # fmt: skip
def bring_statement(tx: Tx, command: BringStatement, file: Brought) -> StatementsTaken:
    """Take a file of statements of our account at a rail, compare each day with the books, and keep where they differ.

    Days that were taken before change nothing. Refuses ``payments.rail_unknown``, ``payments.statement_not_base64``,
    ``iso20022.*`` (a gap, another account, balances that do not go on), ``payments.statement_changed``,
    ``payments.statement_too_late`` and ``payments.statement_of_a_day_to_come``; then no day of the file is taken.
    """
    return take(tx, command.rail, file)


@operation(
    "payments.statement_told", title=Words("A rail tells its statement", "通道报送对账单"), permission=errands.ANSWER,
    whose=STAFF, prepare=reading.told,
)  # fmt: skip
def statement_told(tx: Tx, command: StatementTold, file: Brought) -> StatementsTaken:
    """Take the statement that a rail was asked for; refuses as ``payments.bring_statement`` does, and is asked for again."""
    return take(tx, errands.settle(tx, command.errand_id).peer, file)


def take(tx: Tx, rail: str, file: Brought) -> StatementsTaken:
    """Take the statements of a file, day by day."""
    if not tx.ports.has("rail", rail):
        raise movement_rules.RAIL_UNKNOWN(rail=rail)
    facts.held_place(tx, rail)  # whoever else takes statements or notices of this rail waits
    file_id = store.keep_file(tx, rail, file.digest, file.content)
    taken = [_day(tx, rail, file, file_id, each) for each in file.statements]
    return StatementsTaken(rail, tuple(day for day, _ in taken), sum(known for _, known in taken))


def _day(tx: Tx, rail: str, file: Brought, file_id: str, told: Statement) -> tuple[RailDay, bool]:
    """A day of a file as it stands after it, and whether it was known before."""
    stands, last = store.day(tx, rail, told.on), store.last_final(tx, rail)
    if stands is not None and (stands.day.final or file_id in stands.files):
        if file.final and stands.digest != rules.digest(told):
            raise _changed(tx, stands, told)
        return stands.day, True
    if told.on > tx.business_date:
        raise rules.NOT_OVER(on=told.on, today=tx.business_date)
    if last is not None and told.on < last.day.on:
        raise rules.BEFORE(on=told.on, last=last.day.on)
    _check_account(tx, rail, told, last)
    earlier = stands.files if stands is not None and not file.final else ()
    whole = told if file.final else rules.joined([_of(each, told.on) for each in store.files(tx, earlier)], told)
    if last is not None:
        number = last.day.number if file.final else None
        iso20022.check_follows(number, last.day.theirs, whole, before=last.day.on)
    store.forget_after(tx, rail, told.on)
    return _reconciled(tx, rail, whole, file.final, (*earlier, file_id), last), False


def _of(content: bytes, on: date) -> Statement:
    return next(each for each in reading.statements(content)[1] if each.on == on)


def _changed(tx: Tx, stands: Standing, told: Statement) -> Refusal:
    (content,) = store.files(tx, stands.files[-1:])
    what, what_zh = rules.what_changed(_of(content, told.on), told)
    return rules.CHANGED(on=told.on, what=what, what_zh=what_zh)


def _check_account(tx: Tx, rail: str, told: Statement, last: Standing | None) -> None:
    if last is not None:
        iso20022.check_own([told], last.day.account)
    books = ledger.balances_of(tx, [rail_path(rail)]).get(rail_path(rail))
    iso20022.check_one_currency("OPBD", told.opening, books.currency if books else tx.home)


def _reconciled(
    tx: Tx, rail: str, told: Statement, final: bool, files: tuple[str, ...], last: Standing | None
) -> RailDay:
    after = last.until_version if last else _begin(tx, rail, told.on)
    until, closing = _end(tx, rail, told, after)
    found, known = compared(tx, rail, told, after, until, closing, store.base(tx, rail, told.on))
    constant = [each.told.id for each in found.constant]
    store.keep_breaks(tx, rail, told.on, found.breaks, constant)
    day = RailDay(
        rail, told.on, final, told.number, told.account, len(told.lines), found.matched, closing, told.closing,
        told.closing - closing, tx.now, tx.actor.id,
    )  # fmt: skip
    refs = [line.reference for line in told.lines]
    store.keep_day(tx, Standing(day, rules.digest(told), files, after, until), refs)
    _hear(tx, rules.facts_of(rules.theirs_of(told), known.movements))
    return day


def _begin(tx: Tx, rail: str, on: date) -> int:
    """After which of our postings the first statement of a rail begins: those of earlier days are in its opening balance."""
    before = store.cut(tx, rail, on - A_DAY)
    return before.until_version if before else overview.version_at(tx, rail_path(rail), on - A_DAY)


def _end(tx: Tx, rail: str, told: Statement, after: int) -> tuple[int, Money]:
    """Up to which of our postings a day goes, and what our account holds then: as it was cut, or as it stands now."""
    cut = store.cut(tx, rail, told.on)
    if cut is not None and cut.until_version >= after:
        return cut.until_version, cut.closing
    books = ledger.balances_of(tx, [rail_path(rail)]).get(rail_path(rail))
    return (books.version, books.owed()) if books else (0, Money.zero(told.closing.currency))


def compared(
    tx: Tx, rail: str, told: Statement, after: int, until: int, closing: Money, base: Sequence[Kept]
) -> tuple[rules.Found, Known]:
    """A day of both sides against each other, on top of what waited before it."""
    booked = overview.booked(tx, rail_path(rail), after, until) if until > after else []
    theirs = rules.theirs_of(told)
    known = _known(tx, rail, [each.reference for each in booked], base, theirs)
    mine, waiting = rules.carried(base, rail, known)
    look = Looked(
        rail, told.on, holidays(tx), products.rail_rules(tx).timing_days, known,
        store.elsewhere(tx, rail, told.on, [line.reference for line in told.lines]),
        {each.theirs_key: each.told.kind for each in base if each.theirs_key}, tx.now,
    )  # fmt: skip
    stands = [each for each in base if not rules.waits(each) and each.cleared_on != told.on]
    ours = [*mine, *rules.ours_of(booked, rail, known, closing.currency)]
    return rules.reconciled(ours, [*waiting, *theirs], (closing, told.closing), stands, look), known


def _known(tx: Tx, rail: str, references: Sequence[str], base: Sequence[Kept], theirs: Sequence[Item]) -> Known:
    """What we instructed, of all that either side names."""
    ours = [*references, *(each.ours_key for each in base if each.ours_key)]
    steps = {rules.movement_in(each, rail) for each in ours}
    named = {movement for movement, _ in steps} | {payment_id_of(concern_of(line)) for line in theirs}
    named |= {each.told.payment_id for each in base}
    found = movements.rail_movements(tx, sorted(each for each in named if each))
    told = facts.references(tx, [(movement, step) for movement, step in steps if step not in ("", "settled")])
    suspended = facts.suspended_all(tx, [name for each in ours if (name := rules.suspense_in(each))])
    return Known({key: payment for key, (payment, _) in found.items()}, told, suspended)


def _hear(tx: Tx, heard: Sequence[Fact]) -> None:
    """Take what a statement tells of movements; what the books refuse is set aside for somebody to look at."""
    try:
        with tx.part():
            life.take(tx, heard)
    except Refusal:
        for fact in heard:
            try:
                with tx.part():
                    life.take(tx, [fact])
            except Refusal:
                life.take(tx, [fact], aside=NOT_BOOKED)
