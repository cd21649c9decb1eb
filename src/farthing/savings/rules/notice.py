"""Notice deposit (通知存款) of 1 or 7 days: the notice rate of the withdrawal day for the actual days kept.

PBC rules for notice deposits (通知存款管理办法, 银发〔1999〕3 号), articles 8 to 11. Seven cases pay less, looked at in
this order on a draw:

1. kept for less than the notice period: demand (article 9, item 1);
2. below the minimum draw: demand (item 5);
3. no notice given: demand (item 2);
4. notice given but drawn early or late: demand (item 3);
5. drawn over or under the notified amount: demand on the difference only (item 4);
6. notified and not drawn, or notice cancelled: the notice period earns nothing;
7. what remains is below the minimum: it is closed, at demand; more than that goes on from the opening day.

A draw on another day than the agreed one counts against its notice; what it leaves of it stays notified, or (late) has
lapsed. Under-drawn money earned demand until that day and starts anew on it. Never pays the notice rate on money that
nobody gave notice for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from farthing.kit.errors import conflict, declined, malformed
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.products.deposit import Basis, NoticeTerms
from farthing.products.rates import RateBoard, Term
from farthing.savings.rules import books
from farthing.savings.rules.common import (
    Behaviour,
    Rates,
    changed,
    check_amount,
    check_draw,
    check_minimum,
    check_value_date,
    chosen,
    closing,
    new_deposit,
    nothing_due,
    nothing_to_settle,
    paid_in_once,
    quoted_rates,
    refuse_second_deposit,
)
from farthing.savings.rules.interest import DENOMINATORS, earning, exact_interest, fraction_of_year, payment
from farthing.savings.rules.model import Agreement, Change, Deposit, Event, Facts, InterestPayment, Lot, Notice, Portion
from farthing.savings.rules.telling import Telling, lengths, sum_of

NOTICE_TWICE = conflict(
    "savings.notice_twice",
    "Notice to draw on {for_on} was already given; cancel it first to change the amount.",
    "已办理 {for_on} 的支取通知；如需更改请先取消。",
)
NOTICE_OVER_BALANCE = declined(
    "savings.notice_over_balance",
    "Notice for {amount} goes over the {balance} not yet notified; give notice for less.",
    "通知金额 {amount} 超过未通知余额 {balance}；请减少金额。",
)
NOTICE_TOO_SHORT = declined(
    "savings.notice_too_short",
    "{for_on} is less than {days} days after {on}; agree on a later day.",
    "{for_on} 距通知日 {on} 不足 {days} 天；请约定更晚的日期。",
)
NO_SUCH_NOTICE = declined(
    "savings.no_such_notice",
    "No notice is waiting{on_day}; give notice first.",
    "没有待支取的通知{on_day}；请先办理通知。",
)
NOTICE_DAY_UNCLEAR = malformed(
    "savings.notice_day_unclear",
    "Several notices are waiting ({days}); say which by its day (for_on; --on on the command line).",
    "有多个待支取的通知（{days}）；请用日期指明（for_on；命令行用 --on）。",
)

Piece = tuple[Money, str]


def opening(terms: NoticeTerms, facts: Facts, agreement: Agreement, event: Event) -> Change:
    """One deposit; the agreement names the notice period."""
    amount = check_amount(terms, event)
    check_minimum(terms, amount)
    agreed = replace(agreement, notice=chosen(terms, "notice", agreement.notice, terms.notices))
    facts.board.rate("call", agreed.notice, event.on)
    deposit = new_deposit(terms, agreed, amount, event.on)
    return changed(replace(deposit, portions=(Portion(amount, event.on),)), event.on, paid_in=amount)


def period(deposit: Deposit) -> Term:
    """The agreed notice period."""
    return deposit.agreement.notice or Term(days=7)


def notify(terms: NoticeTerms, facts: Facts, deposit: Deposit, event: Event) -> Change:
    """Give notice for an amount, by default to be drawn exactly the notice period later."""
    amount, days = check_amount(terms, event), period(deposit).days
    for_on = event.for_on or event.on + timedelta(days=days)
    if for_on < event.on + timedelta(days=days):
        raise NOTICE_TOO_SHORT(for_on=for_on.isoformat(), on=event.on.isoformat(), days=days)
    if any(each.for_on == for_on for each in deposit.notices):
        raise NOTICE_TWICE(for_on=for_on.isoformat())
    check_value_date(terms, facts, for_on)
    state = lapsed(deposit, event.on)
    free = state.balance - Money(sum(each.amount.minor for each in state.notices), terms.currency)
    if amount > free:
        raise NOTICE_OVER_BALANCE(amount=str(amount), balance=str(free))
    notices = sorted((*state.notices, Notice(event.on, for_on, amount)), key=lambda each: each.for_on)
    return changed(replace(state, notices=tuple(notices), as_of_on=event.on), event.on)


def cancel(terms: NoticeTerms, facts: Facts, deposit: Deposit, event: Event) -> Change:
    """Cancel a notice: its notice period earns nothing on the notified amount (case 6)."""
    state = lapsed(deposit, event.on)
    waiting = [each for each in state.notices if event.for_on in (None, each.for_on)]
    if not waiting:
        raise NO_SUCH_NOTICE(on_day=f" ({event.for_on.isoformat()})" if event.for_on else "")
    if len(waiting) > 1:
        raise NOTICE_DAY_UNCLEAR(days=", ".join(each.for_on.isoformat() for each in waiting))
    left = tuple(each for each in state.notices if each != waiting[0])
    if event.on >= notice_period(state, waiting[0])[0]:
        state = without_interest(state, waiting[0])
    return changed(replace(state, notices=left, as_of_on=event.on), event.on)


def notice_period(deposit: Deposit, notice: Notice) -> tuple[date, date]:
    """The days of a notice: its last 1 or 7 before the agreed day, however early it was given."""
    return notice.for_on - timedelta(days=period(deposit).days), notice.for_on


def lapsed(deposit: Deposit, on: date, but: Notice | None = None) -> Deposit:
    """The deposit after every notice whose agreed day passed without a draw (case 6), ``but`` for one."""
    state = deposit
    gone = [each for each in deposit.notices if each.for_on < on and each != but]
    for each in gone:
        state = without_interest(state, each)
    return replace(state, notices=tuple(each for each in deposit.notices if each not in gone))


def without_interest(deposit: Deposit, notice: Notice) -> Deposit:
    """Mark the notice period as barren on the notified amount, first portions first; no day is barren twice."""
    span = notice_period(deposit, notice)
    taken, rest = take(deposit.portions, notice.amount)
    marked = [replace(each, barren=merged((*each.barren, span))) for each in taken]
    return replace(deposit, portions=(*marked, *rest))


def merged(spans: Sequence[tuple[date, date]]) -> tuple[tuple[date, date], ...]:
    """Spans in order, those that touch or overlap made one."""
    found: list[tuple[date, date]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return tuple(found)


def take(portions: Sequence[Portion], amount: Money) -> tuple[list[Portion], list[Portion]]:
    """Split portions, first ones first, into those that make ``amount`` and the rest."""
    taken: list[Portion] = []
    rest: list[Portion] = []
    missing = amount.minor
    for each in portions:
        part = min(missing, each.amount.minor)
        missing -= part
        if part:
            taken.append(replace(each, amount=Money(part, each.amount.currency)))
        if part < each.amount.minor:
            rest.append(replace(each, amount=Money(each.amount.minor - part, each.amount.currency)))
    return taken, rest


def portion_lot(basis: Basis, portion: Portion, on: date) -> Lot:
    """A portion's days until ``on`` without its barren notice periods."""
    fraction = fraction_of_year(basis, portion.since_on, on)
    barren_days = 0
    for start, end in portion.barren:
        first, last = max(start, portion.since_on), min(end, on)
        if first < last:
            fraction -= fraction_of_year(basis, first, last)
            barren_days += (last - first).days
    working = ""
    if barren_days:
        days = (on - portion.since_on).days
        working = f"{portion.amount.plain()} x ({days} - {barren_days} days of notice)/{_base(basis)}"
    return Lot(portion.amount, portion.since_on, on, max(fraction, Fraction(0)), working)


def _base(basis: Basis) -> str:
    return "year" if basis.day_count == "actual/actual" else str(DENOMINATORS[basis.day_count])


def matching(deposit: Deposit, on: date) -> Notice | None:
    """The notice a draw on ``on`` belongs to: the agreed day's, else the oldest overdue, else the next one."""
    for each in deposit.notices:
        if each.for_on == on:
            return each
    return deposit.notices[0] if deposit.notices else None


def pieces(terms: NoticeTerms, deposit: Deposit, amount: Money, on: date, notice: Notice | None) -> list[Piece]:
    """Cut a drawn amount into (amount, rule) by cases 1 to 5, in their order."""
    held = on - deposit.opened_on
    if held.days < period(deposit).days:
        return [(amount, "notice_too_short")]
    if amount < min(terms.minimum_draw, deposit.balance):
        return [(amount, "notice_small_draw")]
    if notice is None:
        return [(amount, "notice_not_given")]
    if notice.for_on != on:
        return [(amount, "notice_wrong_day")]
    kept = min(amount, notice.amount)
    return [(kept, "notice_kept"), *([(amount - kept, "notice_difference")] if amount > kept else [])]


def interest_on(
    terms: NoticeTerms, facts: Facts, deposit: Deposit, taken: Sequence[Portion], *, rule: str, on: date
) -> InterestPayment:
    """Interest on portions by one rule: the notice rate where it was kept, else the demand rate."""
    if rule == "notice_kept":
        lots = [portion_lot(terms.basis, each, on) for each in taken]
        return payment(terms, lots, facts.board.rate("call", period(deposit), on), rule, on)
    lots = [portion_lot(terms.demand_basis, each, on) for each in taken]
    return payment(terms, lots, facts.board.demand(on), rule, on, basis=terms.demand_basis)


def draw(terms: NoticeTerms, facts: Facts, deposit: Deposit, event: Event) -> Change:
    """Draw an amount with its interest; a shortfall is settled at demand and starts anew; a small rest is closed."""
    amount, on = check_amount(terms, event), event.on
    check_draw(terms, deposit, amount)
    notice = matching(deposit, on)
    state = lapsed(deposit, on, but=notice)
    left = list(state.portions)
    paid: list[InterestPayment] = []
    for part, rule in pieces(terms, state, amount, on, notice):
        taken, left = take(left, part)
        paid.append(interest_on(terms, facts, state, taken, rule=rule, on=on))
    after = replace(state, balance=state.balance - amount, portions=tuple(left), as_of_on=on)
    if notice is not None:
        after = replace(after, notices=tuple(each for each in after.notices if each != notice))
        after, settled = under_drawn(terms, facts, after, replace(notice, amount=notice.amount - amount), on)
        paid += settled
    return remaining(terms, facts, after, amount, paid)


def under_drawn(
    terms: NoticeTerms, facts: Facts, deposit: Deposit, rest: Notice, on: date
) -> tuple[Deposit, list[InterestPayment]]:
    """What becomes of the notified amount that a draw left: settled at demand on the day, lapsed after it, or kept."""
    if rest.amount.minor <= 0 or not deposit.balance:
        return deposit, []
    if rest.for_on > on:
        notices = sorted((*deposit.notices, rest), key=lambda each: each.for_on)
        return replace(deposit, notices=tuple(notices)), []
    if rest.for_on < on:
        return without_interest(deposit, rest), []
    taken, left = take(deposit.portions, rest.amount)
    paid = interest_on(terms, facts, deposit, taken, rule="notice_difference", on=on)
    anew = [Portion(each.amount, on) for each in taken]
    return replace(deposit, portions=(*left, *anew)), [paid]


def remaining(terms: NoticeTerms, facts: Facts, after: Deposit, drawn: Money, paid: list[InterestPayment]) -> Change:
    """Keep what remains with the notices it can still meet, or close it at demand below the minimum (case 7)."""
    on = after.as_of_on
    if after.balance >= terms.minimum:
        return changed(replace(after, notices=covered(after)), on, paid_out=drawn, interest=paid)
    rest = [each for each in after.portions if each.since_on < on]
    if rest:
        paid = [*paid, interest_on(terms, facts, after, rest, rule="notice_remainder", on=on)]
    closed = closing(after, on, paid)
    return replace(closed, principal_out=drawn + after.balance)


def covered(deposit: Deposit) -> tuple[Notice, ...]:
    """The waiting notices, the earliest first, as far as the balance goes: nobody can draw what is gone."""
    found: list[Notice] = []
    left = deposit.balance.minor
    for each in deposit.notices:
        part = min(each.amount.minor, left)
        left -= part
        if part:
            found.append(replace(each, amount=Money(part, each.amount.currency)))
    return tuple(found)


def close(terms: NoticeTerms, facts: Facts, deposit: Deposit, event: Event) -> Change:
    """Draw everything; the minimum draw does not hinder a whole withdrawal."""
    return draw(terms, facts, deposit, replace(event, amount=deposit.balance))


def accrued(terms: NoticeTerms, facts: Facts, deposit: Deposit, on: date) -> Fraction:
    """Every portion at the notice rate of a day, as if notice were kept."""
    lots = [portion_lot(terms.basis, each, on) for each in lapsed(deposit, on).portions]
    return exact_interest(terms, lots, facts.board.rate("call", period(deposit), on))


def lines(terms: NoticeTerms, deposit: Deposit, on: date, board: RateBoard) -> books.Lines:
    """Every portion by the day, less its barren days so far."""
    found = books.Line()
    for each in deposit.portions:
        barren = sum(max((min(end, on) - max(start, each.since_on)).days, 0) for start, end in each.barren)
        earns = earning(terms, each.amount)
        found += books.balance_line(earns, each.since_on) + books.Line(Decimal(0), Decimal(-earns.minor * barren))
    return {str(books.Key("call", period(deposit), DENOMINATORS[terms.basis.day_count])): found}


def rates(terms: NoticeTerms, board: RateBoard, on: date) -> Rates:
    """What is quoted for its notice periods."""
    return quoted_rates(board, "call", terms.notices, on)


def agreements(terms: NoticeTerms, board: RateBoard, opened_on: date, closing_on: date | None) -> tuple[Agreement, ...]:
    """One a quoted notice period."""
    return tuple(Agreement(notice=notice) for notice, _ in rates(terms, board, opened_on))


def plan(terms: NoticeTerms, agreement: Agreement, amount: Money, opened_on: date, closing_on: date) -> list[Event]:
    """Notice of everything, in time."""
    events = paid_in_once(terms, agreement, amount, opened_on, closing_on)
    given_on = closing_on - timedelta(days=(agreement.notice or Term(days=7)).days)
    return [*events, Event(given_on, "notify", amount)] if given_on >= opened_on else events


def told(terms: NoticeTerms) -> Telling:
    """Drawn after notice, at a better rate than demand."""
    days, least, draw_least = lengths(terms.notices), sum_of(terms.minimum), sum_of(terms.minimum_draw)
    return Telling(
        what=Words(
            f"One sum of {least.en} or more, without a fixed term. You say {days.en} before, as agreed, how much you will "
            "draw; it earns the notice rate of that day for all the days it was kept.",
            f"一次存入 {least.zh} 或以上，不约定存期；按约定提前 {days.zh}通知支取金额，全部天数按支取日通知存款利率计息。",
        ),
        ends=Words(
            "It has no end and nothing is renewed by itself: it stays until you draw it.",
            "不设存期，也不自动转存，存至支取为止。",
        ),
        leaving=Words(
            f"Drawn without notice, on another day, or less than {draw_least.en} at a time, it earns the demand rate of "
            f"that day; so does what is more or less than you said. Notice that you do not use costs the interest of its days. "
            f"A rest below {least.en} is closed at the demand rate.",
            f"未通知、非约定日支取，或单次支取不足 {draw_least.zh} 的，按支取日活期利率计息；多取、少取的差额亦然。"
            f"已通知而未支取的，通知期内不计息。支取后余额低于 {least.zh} 的，一并按活期利率结清。",
        ),
    )


BEHAVIOUR = Behaviour(
    open=opening,
    rules={
        "deposit": refuse_second_deposit,
        "withdraw": draw,
        "notify": notify,
        "cancel_notice": cancel,
        "close": close,
    },
    due=nothing_due,
    settle=nothing_to_settle,
    accrued=accrued,
    lines=lines,
    rates=rates,
    told=told,
    takes=frozenset({"notice"}),
    agreements=agreements,
    plan=plan,
)
