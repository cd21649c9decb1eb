"""Run the ladder: kept at each month's end, asked when a loan is paid out, shown to who watches the bank."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from farthing.db.tx import Tx
from farthing.kernel.day import CloseStep, Stepped
from farthing.kernel.operation import operation
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF
from farthing.kit.calendar import month_end
from farthing.kit.canonical import plain
from farthing.kit.inputs import Day
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.ledger.overview import service as overview
from farthing.ledger.overview.model import Group, Limit
from farthing.lending.maturity import rules, store
from farthing.lending.maturity.model import DATED, RUNGS, Dated, Ladder
from farthing.lending.maturity.rules import Position
from farthing.lending.model import Loan
from farthing.lending.prudence import history_service
from farthing.lending.prudence.shared import own_part
from farthing.products.balance_limits import LADDER_DAYS
from farthing.products.policy import Policy

TOO_LATE = timedelta(days=90)
"""A loan that is later than this comes back on no day that one may count on."""


@operation(
    "lending.ladder_month", title=Words("Maturity ladder", "期限错配表"), permission="kernel:close_day", whose=STAFF,
)  # fmt: skip
def ladder_month(tx: Tx, command: CloseStep) -> Stepped:
    """Keep the ladder of each currency on the last day of a month, once all that the day moved has moved."""
    if command.on != month_end(command.on):
        return Stepped(0)
    found = _ladders(tx)
    store.insert(tx, command.on, found)
    return Stepped(len(found))


@question("lending.maturity_ladder", permission="reports:read", whose=STAFF)
def maturity_ladder(tx: Tx, month: Day | None = None) -> list[Ladder]:
    """What comes in and what may be asked back by how soon at the end of the month of a day, a ladder a currency; without a day,
    as of this moment. It names nobody.

    Refuses ``lending.day_not_come`` for a month that is not over.
    """
    if month is not None:
        on = history_service.month_over(tx, month)
        return [rules.told(on, currency, pairs) for currency, pairs in store.of_month(tx, on).items()]
    return [
        rules.told(tx.business_date, currency, dict(zip(RUNGS, pairs, strict=True)))
        for currency, pairs in sorted(_ladders(tx).items())
    ]


def _ladders(tx: Tx) -> dict[str, list[tuple[int, int]]]:
    groups, nothing = overview.totals(tx), Dated([0] * len(DATED), [0] * len(DATED))
    dated = store.dated(tx, tx.business_date, tx.business_date - TOO_LATE)
    currencies, undrawn = {each.currency for each in groups}, store.undrawn(tx)
    return {
        each: rules.ladder(groups, dated.get(each, nothing), each, undrawn.get(each, 0)) for each in sorted(currencies)
    }


def dated_on(tx: Tx, on: date, currency: str) -> tuple[int, ...] | None:
    """Deposits by how soon they may be asked for, on the rungs of ``DATED``, in minor units: as of today, or as the end of a
    month
    kept it; none where nothing was kept."""
    if on == tx.business_date:
        found = store.dated(tx, on, on - TOO_LATE).get(currency)
        return (0,) * len(DATED) if found is None else tuple(found.deposits)
    kept = store.of_month(tx, on)
    return tuple(rules.dated_of(kept.get(currency, {})).deposits) if kept else None


def undrawn_now(tx: Tx, currency: str) -> int:
    """What is agreed of loans and not paid out, in minor units."""
    return store.undrawn(tx).get(currency, 0)


def _standing(tx: Tx, groups: Sequence[Group], currency: str) -> Position:
    """Where the bank stands now: balances of this moment, and what was dated at the last month's end that was kept. Money that
    got a day since counts as owed on demand, and what was lent since as coming back on no day; what borrowers may still ask for
    of what was agreed, as owed on demand."""
    month = store.last(tx)
    kept = {} if month is None else store.of_month(tx, month).get(currency, {})
    return rules.position(groups, rules.dated_of(kept), currency, store.undrawn(tx).get(currency, 0))


def check(
    tx: Tx, policy: Policy, groups: Sequence[Group], loan: Loan, lent: Money, replaced: Loan | None = None, promised: int = 0
) -> None:  # fmt: skip
    """Refuse to pay out a loan, of which our part is ``lent``, that would leave too little by the time it is asked for, in the
    transaction that pays it out. ``groups``: what the books come to now. ``replaced``: the loan that is paid off out of it, as it
    was before: so much less leaves, and what was to come back of it does not; or the same loan, before more of it is paid out.
    ``promised``: how much more, in minor units, may be asked for of what is agreed. Refuses as
    :func:`farthing.lending.maturity.rules.check`."""
    if policy.liquidity_ratio_min is None and policy.maturity_gap_min is None:
        return
    comes_back, leaves = _returns(loan, lent, tx.business_date), lent
    if replaced is not None and lent:
        was = own_part(plain(replaced.holders), replaced.principal, replaced.outstanding)
        gone = _returns(replaced, was, tx.business_date)
        leaves, comes_back = lent - min(was, lent), {days: back - gone[days] for days, back in comes_back.items()}
    rules.check(policy, _standing(tx, groups, lent.currency), leaves, comes_back, promised)


def _returns(loan: Loan, own: Money, on: date) -> dict[int, int]:
    """How much of our part of what is owed of a loan falls due within so many days, in minor units."""
    owed = loan.outstanding.minor or 1
    return {
        days: sum(each.principal_left.minor for each in loan.instalments if each.due_on <= on + timedelta(days=days))
        * own.minor // owed
        for days in LADDER_DAYS
    }  # fmt: skip


def limits(tx: Tx, policy: Policy, groups: Sequence[Group]) -> list[Limit]:
    """How much of each limit is used, in the home currency."""
    return rules.used(policy, _standing(tx, groups, tx.home), tx.home)
