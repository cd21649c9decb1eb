"""Instalment saving (零存整取): a fixed amount a calendar month; interest by accumulated months.

Monthly amount x (n + 1) x n / 2 x annual rate / 12 at the rate of the opening day. A missed month may be made up in the
next one, as often as the product's ``make_ups`` says (once, unless told), and earns from the month in which it was paid;
otherwise the contract is breached and what is paid in afterwards earns the demand rate of the withdrawal day. Never fills
a month in advance.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from farthing.kit.calendar import add_months
from farthing.kit.errors import declined
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.products.deposit import InstalmentTerms
from farthing.products.rates import RateBoard, Term
from farthing.savings.rules import books
from farthing.savings.rules.common import (
    Behaviour,
    Rates,
    at_maturity,
    changed,
    check_amount,
    check_draw,
    check_minimum,
    chosen,
    closing,
    new_deposit,
    nothing_due,
    nothing_to_settle,
    quoted_rates,
    refuse_part,
)
from farthing.savings.rules.interest import demand_payment, earning, exact_interest, fraction_of_year, lot, payment
from farthing.savings.rules.lump import maturity
from farthing.savings.rules.model import Agreement, Change, Deposit, Event, Facts, Instalment, InterestPayment, Lot
from farthing.savings.rules.telling import WAITS, Telling, joined, lengths

WRONG_INSTALMENT = declined(
    "savings.wrong_instalment",
    "The agreed instalment is {agreed}; {amount} was offered. Pay the agreed amount (twice where a month is made up).",
    "约定月存金额为 {agreed}，本次为 {amount}；请按约定金额存入（补存时可存两份）。",
)
ALREADY_PAID = declined(
    "savings.instalment_already_paid",
    "The instalment of {month} is already paid; the next one is taken next month.",
    "{month} 的月存已存入；请下月再存。",
)
TERM_OVER = declined(
    "savings.term_over",
    "The term ended on {matures_on}; close the deposit and open a new one.",
    "存期已于 {matures_on} 届满；请支取后另开新户。",
)
STOPPED = declined(
    "savings.instalments_stopped",
    "{misses} months were missed and this product takes no further instalments after {allowed}; close it or wait.",
    "已漏存 {misses} 次，本产品漏存 {allowed} 次后不再续存；请支取或等待到期。",
)


def opening(terms: InstalmentTerms, facts: Facts, agreement: Agreement, event: Event) -> Change:
    """The first instalment fixes the monthly amount and the rate."""
    amount = check_amount(terms, event)
    check_minimum(terms, amount)
    term = chosen(terms, "term", agreement.term, terms.terms)
    rate = facts.board.rate("instalment", term, event.on)
    agreed = replace(agreement, term=term)
    deposit = new_deposit(terms, agreed, amount, event.on, rate=rate, matures_on=add_months(event.on, term.months))
    first = Instalment(event.on, amount, 0)
    return changed(replace(deposit, instalments=(first,)), event.on, paid_in=amount)


def month_of_plan(deposit: Deposit, on: date) -> int:
    """Calendar months since the opening month: 0 is the opening month."""
    return (on.year - deposit.opened_on.year) * 12 + on.month - deposit.opened_on.month


@dataclass(frozen=True)
class Standing:
    """Where a plan stands on a day: its instalments with the months they count from, how many months are owed (none or
    one), how many payments this calendar month still takes, and whether the contract is breached."""

    instalments: tuple[Instalment, ...]
    owed: int
    open: int
    breached: bool

    @property
    def regular(self) -> tuple[Instalment, ...]:
        """The instalments that earn the contract's rate."""
        return tuple(each for each in self.instalments if each.slot is not None)


def standing(terms: InstalmentTerms, deposit: Deposit, on: date) -> Standing:
    """Walk the calendar months until ``on``: each owes one payment, and one more where the month before was missed.

    An instalment counts from the month in which it was paid, a made-up one too. A missed month is made up if the month
    after brings both payments, in one sum or in two. If that month ends without, the contract is breached: with
    ``breach`` "unmade" what came in it is already late, with "month_end" it still counts as its own month's. Until it
    ends it is given the benefit of the doubt.
    """
    months, this = plan_months(deposit), month_of_plan(deposit, on)
    paid = Counter(_month_paid(deposit, each) for each in deposit.instalments)
    slots: dict[int, int | None] = {}
    owed = made_up = wanted = 0
    breached = False
    for month in range(this + 1):
        slots[month] = None if breached else month
        if breached:
            continue
        wanted = owed + (1 if month < months else 0)
        if paid[month] >= wanted:
            made_up, owed = made_up + owed, 0
        elif month < this and (owed or (terms.make_ups is not None and made_up >= terms.make_ups)):
            breached = True
            slots[month] = month if terms.breach == "month_end" else None
        elif month < this:
            owed = 1
    as_counted = tuple(
        replace(each, slot=slots.get(_month_paid(deposit, each), each.slot)) for each in deposit.instalments
    )
    return Standing(as_counted, owed, 1 if breached else max(wanted - paid[this], 0), breached)


def counted(terms: InstalmentTerms, deposit: Deposit, on: date) -> Deposit:
    """The deposit with its instalments as they count on a day."""
    return replace(deposit, instalments=standing(terms, deposit, on).instalments)


def recount_on(terms: InstalmentTerms, deposit: Deposit, on: date) -> date | None:
    """The day after ``on`` from which payments count otherwise though nobody does anything: the first of the month
    after one that owed two payments and has brought one."""
    found = standing(terms, deposit, on)
    here = month_of_plan(deposit, on)
    doubtful = found.owed and not found.breached and any(_month_paid(deposit, each) == here for each in found.regular)
    return add_months(on.replace(day=1), 1) if doubtful and terms.breach == "unmade" else None


def filled(deposit: Deposit) -> int:
    """How many months of the plan are paid, made-up ones included."""
    return sum(1 for each in deposit.instalments if each.slot is not None)


def _month_paid(deposit: Deposit, each: Instalment) -> int:
    return month_of_plan(deposit, each.paid_on)


def missed_months(deposit: Deposit, on: date) -> int:
    """Calendar months before this one in which nothing was paid in."""
    paid = {month_of_plan(deposit, each.paid_on) for each in deposit.instalments}
    return sum(1 for month in range(month_of_plan(deposit, on)) if month not in paid)


def pay_in(terms: InstalmentTerms, facts: Facts, deposit: Deposit, event: Event) -> Change:
    """One instalment, or two when the month before was missed; after a breach the amount only earns demand."""
    amount = check_amount(terms, event)
    if event.on >= maturity(deposit):
        raise TERM_OVER(matures_on=maturity(deposit).isoformat())
    monthly = deposit.instalments[0].amount
    misses = missed_months(deposit, event.on)
    if terms.misses_before_stop is not None and misses >= terms.misses_before_stop:
        raise STOPPED(misses=misses, allowed=terms.misses_before_stop)
    found = standing(terms, deposit, event.on)
    if found.open == 0:
        raise ALREADY_PAID(month=f"{event.on:%Y-%m}")
    count, rest = divmod(amount.minor, monthly.minor)
    if rest or not 1 <= count <= found.open:
        raise WRONG_INSTALMENT(agreed=str(monthly), amount=str(amount))
    slot = None if found.breached else month_of_plan(deposit, event.on)
    after = replace(
        deposit,
        balance=deposit.balance + amount,
        instalments=found.instalments + (Instalment(event.on, monthly, slot),) * count,
        as_of_on=event.on,
    )
    return changed(after, event.on, paid_in=amount)


def plan_months(deposit: Deposit) -> int:
    """Months of the plan."""
    return month_of_plan(deposit, maturity(deposit))


def early(terms: InstalmentTerms, facts: Facts, deposit: Deposit, on: date) -> list[InterestPayment]:
    """Broken before maturity: every instalment at the demand rate for the days it was kept."""
    lots = [lot(terms.demand_basis, each.amount, each.paid_on, on) for each in deposit.instalments]
    return [demand_payment(terms, facts.board.demand(on), lots, "early_demand", on)]


def plan_lots(terms: InstalmentTerms, deposit: Deposit) -> list[Lot]:
    """The instalments of the plan until maturity: one lot of month-products, or one a payment by its actual days."""
    if terms.basis.period == "full_months":
        return [plan_lot(deposit)]
    matures_on = maturity(deposit)
    return [
        lot(terms.basis, each.amount, each.paid_on, matures_on) for each in deposit.instalments if each.slot is not None
    ]


def plan_lot(deposit: Deposit) -> Lot:
    """The instalments of the plan as one lot of month-products: one paid in the last month earns one month."""
    months, matures_on = plan_months(deposit), maturity(deposit)
    slots = [each.slot for each in deposit.instalments if each.slot is not None]
    products = sum(months - slot for slot in slots)
    monthly = deposit.instalments[0].amount
    return Lot(monthly, deposit.opened_on, matures_on, Fraction(products, 12), f"{monthly.plain()} x {products}/12")


def close(terms: InstalmentTerms, facts: Facts, deposit: Deposit, event: Event) -> Change:
    """Pay everything: at maturity by month-products, later ones and overdue time at the demand rate."""
    on, matures_on = event.on, maturity(deposit)
    if on < matures_on:
        return closing(deposit, on, early(terms, facts, deposit, on))
    deposit = counted(terms, deposit, matures_on)
    regular = deposit.instalments[0].amount * filled(deposit)
    matured = payment(terms, plan_lots(terms, deposit), deposit.rate, "instalments_matured", on)
    paid = [replace(matured, principal=regular)]
    late = [lot(terms.demand_basis, each.amount, each.paid_on, on) for each in deposit.instalments if each.slot is None]
    if late:
        paid.append(demand_payment(terms, facts.board.demand(on), late, "instalments_breach", on))
    if on > matures_on:
        overdue = [lot(terms.demand_basis, regular, matures_on, on)]
        paid.append(demand_payment(terms, facts.board.demand(on), overdue, "overdue_demand", on))
    return closing(deposit, on, paid)


def draw(terms: InstalmentTerms, facts: Facts, deposit: Deposit, event: Event) -> Change:
    """Drawn as a whole only."""
    amount = check_amount(terms, event)
    check_draw(terms, deposit, amount)
    if amount == deposit.balance:
        return close(terms, facts, deposit, event)
    return refuse_part(terms, facts, deposit, event)


def accrued(terms: InstalmentTerms, facts: Facts, deposit: Deposit, on: date) -> Fraction:
    """Month-products spread evenly over the days each instalment is kept; after a breach, demand."""
    opened, matures_on = deposit.opened_on, deposit.matures_on or on
    months, until = plan_months(deposit), min(on, matures_on)
    deposit = counted(terms, deposit, until)
    earned = Fraction(0)
    for each in deposit.instalments:
        amount = Fraction(earning(terms, each.amount).decimal())
        if each.slot is None:
            kept = fraction_of_year(terms.demand_basis, each.paid_on, on)
            earned += amount * kept * Fraction(facts.board.demand(on))
        elif terms.basis.period == "actual_days":
            earned += amount * fraction_of_year(terms.basis, each.paid_on, until) * Fraction(deposit.rate)
        else:
            span = Fraction((until - each.paid_on).days, max((matures_on - each.paid_on).days, 1))
            earned += amount * Fraction(months - each.slot, 12) * span * Fraction(deposit.rate)
    regular = sum(each.amount.minor for each in deposit.instalments if each.slot is not None)
    if on > matures_on and opened < on:
        late = [lot(terms.demand_basis, Money(regular, terms.currency), matures_on, on)]
        earned += exact_interest(terms, late, facts.board.demand(on))
    return earned


def lines(terms: InstalmentTerms, deposit: Deposit, on: date, board: RateBoard) -> books.Lines:
    """Each instalment's interest evenly over the days it is kept; those after a breach by the demand rate."""
    months, matures_on, late = plan_months(deposit), maturity(deposit), books.demand_key(terms)
    deposit = counted(terms, deposit, min(on, matures_on))
    found: books.Lines = {books.FIXED: books.Line(), late: books.Line()}
    regular = 0
    for each in deposit.instalments:
        if each.slot is None:
            found[late] += books.balance_line(earning(terms, each.amount), each.paid_on)
            continue
        regular += each.amount.minor
        years = Fraction(months - each.slot, 12)
        if terms.basis.period == "actual_days":
            years = fraction_of_year(terms.basis, each.paid_on, matures_on)
        whole = earning(terms, each.amount).minor * years * Fraction(deposit.rate)
        found[books.FIXED] += books.stands(whole) if on >= matures_on else books.spread(whole, each.paid_on, matures_on)
    if on >= matures_on:
        found[late] += books.balance_line(earning(terms, Money(regular, terms.currency)), matures_on)
    return found


def changes_on(terms: InstalmentTerms, deposit: Deposit, on: date, board: RateBoard) -> date | None:
    """Maturity, or the end of a month that has not made up the one before."""
    ahead = [at_maturity(terms, deposit, on, board), recount_on(terms, deposit, on)]
    return min((day for day in ahead if day is not None and day > on), default=None)


def expected_on(deposit: Deposit, on: date) -> date | None:
    """The next day, ``on`` or later, on which an instalment is expected: the day of opening, month by month."""
    for number in range(1, plan_months(deposit)):
        day = add_months(deposit.opened_on, number)
        if day >= on:
            return day
    return None


def rates(terms: InstalmentTerms, board: RateBoard, on: date) -> Rates:
    """What is quoted for its terms."""
    return quoted_rates(board, "instalment", terms.terms, on)


def agreements(
    terms: InstalmentTerms, board: RateBoard, opened_on: date, closing_on: date | None
) -> tuple[Agreement, ...]:
    """One a quoted term."""
    return tuple(Agreement(term=term) for term, _ in rates(terms, board, opened_on))


def plan(terms: InstalmentTerms, agreement: Agreement, amount: Money, opened_on: date, closing_on: date) -> list[Event]:
    """The amount in equal parts, one a month as far as the days go."""
    months = (agreement.term or Term(months=12)).months
    days = [add_months(opened_on, number) for number in range(months)]
    paid = [day for day in days if day < closing_on]
    part = Money(amount.minor // len(paid), amount.currency)
    return [Event(day, "deposit", part) for day in paid]


def told(terms: InstalmentTerms) -> Telling:
    """A fixed amount a month; what comes late earns less."""
    term = lengths(terms.terms)
    making_up = {
        None: Words("Each missed month may be made up in the next one;", "每次漏存均可在次月补存；"),
        0: Words("A missed month cannot be made up;", "漏存不能补存；"),
    }.get(
        terms.make_ups,
        Words(
            f"A missed month may be made up in the next one, {'once' if terms.make_ups == 1 else f'{terms.make_ups} times'};",
            f"漏存可在次月补存，以 {terms.make_ups} 次为限；",
        ),
    )
    breach = Words("otherwise what you pay in afterwards earns the demand rate.", "否则其后存入的按活期利率计息。")
    return Telling(
        what=joined(
            Words(
                f"The same amount once a month for {term.en}, at the rate of the day it is opened.",
                f"每月存入固定金额，存期 {term.zh}，按开户日利率计息。",
            ),
            making_up,
            breach,
        ),
        ends=WAITS,
        leaving=Words(
            "Before the end it is drawn as a whole: each payment earns the demand rate of that day for the days it was kept.",
            "提前支取须一次全部支取：每笔存入按已存天数和支取日活期利率计息。",
        ),
    )


BEHAVIOUR = Behaviour(
    open=opening,
    rules={"deposit": pay_in, "withdraw": draw, "close": close},
    due=nothing_due,
    settle=nothing_to_settle,
    accrued=accrued,
    lines=lines,
    rates=rates,
    told=told,
    takes=frozenset({"term", "collect"}),
    agreements=agreements,
    plan=plan,
    changes_on=changes_on,
    pins_rate=True,
)
