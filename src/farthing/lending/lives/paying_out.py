"""Own how a payment out becomes instalments: the first one makes the plan, later ones level what is left of it anew."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from farthing.lending.lives.events import Event
from farthing.lending.lives.instalments import Instalment
from farthing.lending.lives.levels import level, planned, settle
from farthing.lending.lives.loan import Loan
from farthing.lending.lives.periods import Accrual, Period
from farthing.lending.plans.days import due_days, odd_units
from farthing.lending.plans.factors import minor, units_between
from farthing.lending.plans.schedule import down_payment, rounded
from farthing.lending.plans.terms import CONTRADICT, Terms


def pay_out(loan: Loan, event: Event) -> None:
    """Money goes out, or income is added to the principal."""
    terms, on = loan.agreement.terms, event.on
    if loan.desk is None:
        begin(loan, on)
    assert loan.desk is not None
    signed = loan.agreement.agreed and not any(loan.desk.paid_out.values())  # its rows hold the down payment
    down = down_payment(terms, event.amount) if event.do == "pay_out" and not signed else 0
    loan.paid_out += event.amount
    if down:
        first = Instalment(on, on, down_payment=True)
        first.owed["principal"] = down
        loan.instalments.append(first)
        loan.sort()
    added = event.amount - down
    if signed:
        take_over(loan, added, on)
    elif loan.bears:
        raise_by(loan.desk, _effective(loan.desk, on), added)
        loan.agree(on)
    else:
        spread_evenly(loan, added, on)


def begin(loan: Loan, on: date) -> None:
    """The plan's periods and instalments, with nothing owed yet."""
    terms, agreed = loan.agreement.terms, loan.agreement.agreed
    days = tuple(row.due_on for row in agreed) or due_days(terms, on)
    starts = on, *days[:-1]
    odd = (
        tuple(_units(terms, number, *span) for number, span in enumerate(zip(starts, days, strict=True))) if agreed
        else odd_units(terms, on, days)
    )  # fmt: skip
    waits = terms.instalments - 1 if terms.method == "bullet" else terms.grace_interest
    periods = [
        Period(first, due, units, free=number < terms.free, waits=number < waits)
        for number, (first, due, units) in enumerate(zip(starts, days, odd, strict=True))
    ]
    loan.began_on, loan.desk = (
        on,
        Accrual(terms, periods, as_planned=loan.agreement.as_planned, signed=bool(loan.agreement.agreed)),
    )
    loan.instalments = [Instalment(period.start, period.due) for period in periods]


def _units(terms: Terms, number: int, start: date, due: date) -> Decimal | None:
    """How many months, weeks or days a row that was signed has: by equal periods all but the first are as any other, also where
    a holiday or a short month moved their ends."""
    return None if terms.interest_by == "period" and number else units_between(terms.every, start, due)


def take_over(loan: Loan, amount: int, on: date) -> None:
    """The plan is the one that was signed: its principal, interest and fees stand as they are."""
    desk, agreed = loan.desk, loan.agreement.agreed
    assert desk is not None
    if sum(row.principal for row in agreed) != amount:
        raise CONTRADICT(problem="the rows do not repay what is paid out", problem_zh="各期本金之和与放款金额不符")
    fixed = desk.terms.method in ("equal_principal", "interest_only", "bullet", "custom")
    for number, (row, period, instalment) in enumerate(zip(agreed, desk.periods, loan.of_plan, strict=True)):
        period.level = period.agreed = row.principal + row.interest
        period.principal_agreed = row.principal if fixed or number < desk.terms.grace_principal else None
        period.free, period.fixed = True, row.interest
        instalment.owed["fee"] += row.fee
        instalment.lapses = row.fee if period.start > on else 0
    desk.paid_out[on] = amount
    if loan.lively:  # which comes to what was signed, as long as money comes on its day
        reckon_again(loan, on)
    desk.compute()
    loan.agree(on)


def reckon_again(loan: Loan, on: date) -> None:
    """What is not due yet bears by its days again, and not what was signed: something changes the plan. What was agreed to bear
    nothing goes on bearing nothing."""
    free = loan.agreement.terms.free
    for number, period in enumerate(loan.desk.periods if loan.desk is not None and loan.agreement.agreed else []):
        if period.free and period.due > on:
            period.free, period.fixed = number < free, 0


def _effective(desk: Accrual, on: date) -> date:
    """From when a payment out bears: its day, or the first of its period where only whole periods bear."""
    if desk.terms.interest_by != "period" or not desk.terms.whole_periods:
        return on
    return next((period.start for period in desk.periods if period.due > on), on)


def by_level(terms: Terms) -> bool:
    """Whether the instalment is levelled over the life; else the schedule says its principal."""
    plain = not terms.grace_interest and not terms.grace_principal and not terms.balloon
    each = terms.flat_interest == "each_period"
    return plain and (terms.method == "equal_instalment" or (terms.method == "flat" and each))


def next_due(desk: Accrual, on: date) -> date:
    """The due day from which a change on a day counts: of its period, or of the next one on a due day. A period that a
    re-ageing ended takes no part in what changes after it."""
    for period in desk.periods:
        if period.due > on and not period.closed:
            return period.due
    return desk.periods[-1].due


def raise_by(desk: Accrual, on: date, amount: int) -> None:
    """The balance grows on a day, and the instalments from then on are levelled as if all had been paid as planned."""
    first = not any(desk.paid_out.values())
    desk.paid_out[on] = desk.paid_out.get(on, 0) + amount
    due = desk.periods[0].due if first else next_due(desk, on)
    make = level if by_level(desk.terms) else planned
    if first or desk.terms.method == "flat":
        make(desk, desk.after(due), due)
        return
    other = desk.unpaid()
    make(other, other.after(due), due)
    for period, made in zip(desk.after(due), other.after(due), strict=True):
        period.level, period.agreed, period.principal_agreed = made.level, made.agreed, made.principal_agreed
        period.free, period.fixed = made.free, made.fixed
    settle(desk, due)


def spread_evenly(loan: Loan, amount: int, on: date) -> None:
    """Without interest: what is paid out is an equal part of every instalment that is due later."""
    assert loan.desk is not None
    if not evenly(loan.agreement.terms):
        raise_by(loan.desk, on, amount)
        loan.agree(on)
        return
    loan.desk.paid_out[on] = loan.desk.paid_out.get(on, 0) + amount
    share_evenly(loan, amount, on)


def evenly(terms: Terms) -> bool:
    """Whether without interest every instalment is an equal part; else the schedule says its principal."""
    ends = terms.method in ("interest_only", "bullet")
    return not (terms.rows or ends or terms.grace_principal or terms.balloon)


def share_evenly(loan: Loan, amount: int, on: date) -> None:
    """Add an equal part of an amount to every instalment that is due later, rounded; the last takes the rest."""
    terms, left = loan.agreement.terms, amount
    later = [each for each in loan.of_plan if each.due_on > on] or loan.of_plan[-1:]
    share = minor(Decimal(amount) / len(later))
    for instalment in later:
        before = instalment.owed["principal"]
        now = min(rounded(Decimal(before + share), terms.multiple), before + max(0, left))
        instalment.owed["principal"] = now
        left -= now - before
    later[-1].owed["principal"] += left
    plan(loan, on)


def plan(loan: Loan, on: date) -> None:
    """Without interest the obligations lead, and the accrual follows them."""
    assert loan.desk is not None
    for instalment, period in zip(loan.of_plan, loan.desk.periods, strict=True):
        period.level = period.agreed = instalment.owed["principal"]
        instalment.met(on)
