"""Own what a deposit in the bank adds to its product's rules: what happened as events, views, replay, place. Pure."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from farthing.kit.errors import InvariantBroken, Refusal
from farthing.kit.money import Money
from farthing.products.deposit import Terms
from farthing.products.rates import RateBoard, parse_term
from farthing.savings.deposits.entries import interest_of, paid_out
from farthing.savings.deposits.model import (
    BAD_PLACE,
    COUNTER,
    WALLET,
    Account,
    CancelNotice,
    CloseDeposit,
    DepositCommand,
    DepositView,
    Done,
    EventLine,
    NoticeView,
    Notify,
    OpenDeposit,
    PayIn,
    Renew,
    Withdraw,
    agreement_view,
)
from farthing.savings.rules import behaviour, close_on, lines_of, open_deposit, renewals_of, rule, settle_until
from farthing.savings.rules.accounts import deposit_path
from farthing.savings.rules.books import Lines, difference, multiplier
from farthing.savings.rules.common import TERM_NOT_OFFERED, changed
from farthing.savings.rules.instalment import expected_on, filled, month_of_plan
from farthing.savings.rules.lump import RENEWAL_NOT_OFFERED
from farthing.savings.rules.model import Agreement, Change, Deposit, Event, Facts

FactsOn = Callable[[date], Facts]
"""What the rules look at on a day."""

DUE = "due"
NOTES = ("notice_lapsed", "instalment_expected")
"""Events that only say something: a notice nobody drew on, an instalment that did not come on its day."""


def agreement_of(command: OpenDeposit) -> Agreement:
    """What the saver chose, read from text; refuses ``savings.bad_term``."""
    term, every, notice = (
        None if text is None else parse_term(text) for text in (command.term, command.every, command.notice)
    )
    return Agreement(term=term, renewal=command.renewal, every=every, notice=notice)


def event_of(command: DepositCommand, on: date) -> Event:
    """A command as the event that the product's rules know."""
    match command:
        case PayIn():
            return Event(on, "deposit", command.amount)
        case Withdraw():
            return Event(on, "withdraw", command.amount)
        case Notify():
            return Event(on, "notify", command.amount, for_on=command.for_on)
        case CancelNotice():
            return Event(on, "cancel_notice", for_on=command.for_on)
        case Renew():
            return Event(on, "renew")
        case CloseDeposit():
            return Event(on, "close")


def check_place(place: str) -> None:
    """Refuse ``savings.bad_place`` where money comes from, or goes to, neither the wallet nor the counter."""
    if place not in (WALLET, COUNTER):
        raise BAD_PLACE(place=repr(place[:60]))


@dataclass(frozen=True, slots=True)
class Told:
    """A change and what it is called: what a person asked for, or ``due``."""

    what: str
    change: Change
    event: Event | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """A deposit before and after, the changes between them, and what they add to the control totals."""

    before: Account | None
    after: Account
    told: tuple[Told, ...]
    flows: Lines


def told_until(terms: Terms, facts: Facts, deposit: Deposit, on: date, *, end_of_day: bool = False) -> list[Told]:
    """What the deposit does by itself before the events of a day (or to its end)."""
    return [Told(DUE, change) for change in settle_until(terms, facts, deposit, on, end_of_day=end_of_day)]


def decide(terms: Terms, facts: Facts, account: Account, event: Event) -> list[Told]:
    """What one event does, after everything that was due before it."""
    told = told_until(terms, facts, account.deposit, event.on)
    last = told[-1].change.deposit if told else account.deposit
    told.append(Told(event.do, rule(terms, facts, last, event), event))
    return told


def prepared(terms: Terms, facts: Facts, account: Account, told: Sequence[Told], on: date) -> Prepared:
    """Put changes into the account; ``on`` is the day on which its part of the control totals is stated anew."""
    after_deposit = told[-1].change.deposit if told else account.deposit
    before_lines = lines_of(terms, account.deposit, account.lines_on, facts.board)
    after = replace(
        account,
        number=account.number + len(told),
        deposit=after_deposit,
        lines_on=on,
        close_on=close_on(terms, after_deposit, on, facts.board),
    )
    return Prepared(
        account, after, tuple(told), difference(before_lines, lines_of(terms, after_deposit, on, facts.board))
    )


def opened(terms: Terms, facts: Facts, account: Account, told: Told) -> Prepared:
    """A deposit that begins: all of its lines are new."""
    on = told.change.on
    begun = replace(account, close_on=close_on(terms, account.deposit, on, facts.board))
    return Prepared(None, begun, (told,), lines_of(terms, account.deposit, on, facts.board))


def check_quoted(deposit: Deposit, flows: Lines, board: RateBoard, on: date) -> None:
    """Refuse ``savings.rate_not_quoted`` for a deposit one of whose rates is not quoted today, or is left out by an
    edition to come: what it earns by, the demand rate after its term, and that of the term it is renewed for.

    Else no day could be closed once that rate is needed.
    """
    renewing = deposit.agreement.term if deposit.agreement.renewal != "none" else None
    for day in (on, *(edition.effective_on for edition in board.editions if edition.effective_on > on)):
        board.demand(day)
        for key in flows:
            multiplier(key, board, day)
        if renewing is not None:
            board.rate("lump", renewing, day)


def check_agreement(terms: Terms, agreement: Agreement) -> None:
    """Refuse what a product has nothing to do with, rather than keep it: a term of demand savings, say.

    ``savings.renewal_not_offered``, ``savings.term_not_offered``.
    """
    renewals = renewals_of(terms)
    if agreement.renewal not in renewals:
        renewal = agreement.renewal if agreement.renewal.isprintable() else repr(agreement.renewal)
        raise RENEWAL_NOT_OFFERED(product=terms.product, renewal=renewal[:60], offered=", ".join(renewals))
    for name in ("term", "every", "notice"):
        wanted = getattr(agreement, name)
        if wanted is not None and name not in behaviour(terms).takes:
            raise TERM_NOT_OFFERED(product=terms.product, term=f"{name} {wanted}", offered=f"no {name}")


def event_lines(terms: Terms, first: int, told: Sequence[Told], recorded_at: datetime) -> list[EventLine]:
    """Changes as the events that are kept, numbered from ``first``."""
    made = []
    for number, each in enumerate(told, first):
        change, event = each.change, each.event
        made.append(
            EventLine(
                number=number,
                on=change.on,
                what=each.what,
                asked=event.amount if event else None,
                for_on=event.for_on if event else None,
                principal_in=change.principal_in,
                principal_out=change.principal_out,
                interest=interest_of(terms, change),
                balance=change.deposit.balance,
                recorded_at=recorded_at,
            )
        )
    return made


def view(terms: Terms, account: Account, on: date, insured: bool | None) -> DepositView:
    """The deposit as people see it on a day, ``insured`` or not by product and policy together.

    The rate is the pinned one; products that follow the board show none.

    A notice whose day has passed waits for nothing: it counts only against what is drawn later.
    """
    deposit = account.deposit
    return DepositView(
        id=account.id,
        party_id=account.party_id,
        product=terms.product,
        name=terms.name,
        version=terms.version,
        balance=deposit.balance,
        annual_rate=deposit.rate if behaviour(terms).pins_rate else None,
        renewal=deposit.agreement.renewal,
        opened_on=deposit.opened_on,
        matures_on=deposit.matures_on,
        closed_on=deposit.closed_on,
        notices=tuple(
            NoticeView(each.given_on, each.for_on, each.amount) for each in deposit.notices if each.for_on >= on
        ),
        account=deposit_path(terms, account.id),
        insured=insured,
        collect=account.collect,
        **agreement_view(deposit.agreement),
    )


def done(terms: Terms, account: Account, told: Sequence[Told], insured: bool | None) -> Done:
    """The answer to a command: what moved by it (and by what was due before it), and the deposit after it."""
    changes = [each.change for each in told]
    zero = Money.zero(terms.currency)
    return Done(
        deposit=view(terms, account, changes[-1].on, insured),
        on=changes[-1].on,
        what=told[-1].what,
        principal_in=sum((change.principal_in for change in changes), zero),
        paid_out=sum((paid_out(terms, change) for change in changes), zero),
        interest=sum((interest_of(terms, change) for change in changes), zero),
        payments=tuple(payment for change in changes for payment in change.interest),
    )


def at_close(terms: Terms, facts: Facts, account: Account, on: date) -> list[Told]:
    """What a deposit does by itself at the close of a day, until the start of the next.

    Its dues; a note where notice given for that day or before was not drawn on; and, on an expected day, the
    instalment that is collected from the wallet, or a note that it did not come.
    """
    told = instalment_told(terms, facts, account, on) + told_until(
        terms, facts, account.deposit, on + timedelta(days=1)
    )
    lapsed = [each for each in account.deposit.notices if account.lines_on <= each.for_on <= on]
    last = told[-1].change.deposit if told else account.deposit
    return told + [
        Told("notice_lapsed", changed(last, on), Event(on, "note", each.amount, each.for_on)) for each in lapsed
    ]


def instalment_told(terms: Terms, facts: Facts, account: Account, on: date) -> list[Told]:
    """The instalment expected by the close of a day, if its month is not paid."""
    deposit = account.deposit
    day = expected_on(deposit, account.lines_on) if deposit.instalments else None
    if day is None or day > on or filled(deposit) > month_of_plan(deposit, day):
        return []
    monthly = deposit.instalments[0].amount
    event = Event(on, "deposit", monthly)
    if account.collect:
        with contextlib.suppress(Refusal):
            return [Told("deposit", rule(terms, Facts(facts.board), deposit, event), event)]
    return [expected_note(deposit, on)]


def expected_note(deposit: Deposit, on: date) -> Told:
    """A note that an instalment did not come on its day."""
    return Told("instalment_expected", changed(deposit, on), Event(on, "note", deposit.instalments[0].amount))


def replayed(
    terms: Terms, facts_on: FactsOn, agreement: Agreement, events: Sequence[EventLine], until: date, *, end_of_day: bool
) -> list[Told]:
    """A deposit's whole story again from what was asked of it, by the rules alone, until a day.

    ``facts_on`` answers what the rules looked at on a day: holidays declared later were not known then.
    """
    asked = [each for each in events if each.what not in (DUE, "settlement", *NOTES)]
    if not asked or asked[0].what != "open":
        raise InvariantBroken("a deposit's first event is not its opening")
    first = Event(asked[0].on, "deposit", asked[0].asked)
    told = [Told("open", open_deposit(terms, facts_on(first.on), agreement, first), first)]
    for each in asked[1:]:
        if each.on > until:
            break
        known = facts_on(each.on)
        told += told_until(terms, known, told[-1].change.deposit, each.on)
        event = Event(each.on, each.what, each.asked, for_on=each.for_on)
        # A collected instalment was taken on its day, holiday or not; who came by himself was refused in his time.
        known = Facts(known.board) if each.what == "deposit" else known
        told.append(Told(each.what, rule(terms, known, told[-1].change.deposit, event), event))
    told += told_until(terms, facts_on(until), told[-1].change.deposit, until, end_of_day=end_of_day)
    return told


def seen(command: OpenDeposit | DepositCommand, done: Done) -> dict[str, Any]:
    """What whoever confirms something about a deposit must have seen: its terms, what moves, and every interest."""
    after = done.deposit
    return {
        "what": done.what, "on": done.on, "product": after.product, "version": after.version,
        "paid_in": done.principal_in, "paid_out": done.paid_out, "interest": done.interest,
        "payments": [
            {"amount": each.amount, "annual_rate": each.annual_rate, "from_on": each.from_on, "to_on": each.to_on}
            for each in done.payments
        ],
        "balance": after.balance, "annual_rate": after.annual_rate, "term": after.term, "renewal": after.renewal,
        "matures_on": after.matures_on, "closed_on": after.closed_on, "notices": after.notices,
    }  # fmt: skip
