"""Answer what people ask of their deposits: what it is worth on any day, its statement, its papers, what covers it.

Reads only. A past day is told by replaying what was asked of the deposit (one look-up of its events), a future one by
carrying today's state on: the same rules, no second arithmetic.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from farthing.db.tx import Tx
from farthing.kernel.question import question
from farthing.kernel.whose import NOBODYS, of
from farthing.kit.actor import PUBLIC
from farthing.kit.errors import Refusal, declined, malformed
from farthing.kit.inputs import Amount, Count, Day, Id, Word
from farthing.kit.money import Money, total
from farthing.kit.rates import round_fraction
from farthing.kit.words import Words
from farthing.parties import service as parties
from farthing.products import reading
from farthing.products.deposit import Terms
from farthing.products.policy import insurance_in
from farthing.savings.deposits import rules, store
from farthing.savings.deposits.model import Account, Cover, DepositStatement, DepositView, Worth, check_reader
from farthing.savings.deposits.papers import Printed, paper, render
from farthing.savings.deposits.rules import Told
from farthing.savings.deposits.service import deposit_owner, load, pinned
from farthing.savings.quotes.advice import Advice, PledgeOffer, pledge_or_break
from farthing.savings.quotes.compare import Comparison, badge, beside, compare
from farthing.savings.quotes.quote import movement
from farthing.savings.quotes.worth import closing_value
from farthing.savings.rules import accrued_by_contract
from farthing.savings.rules.interest import exact_text
from farthing.savings.rules.model import Deposit, Facts, InterestPayment
from farthing.savings.shelf import service as catalogue

BAD_PERIOD = malformed(
    "savings.bad_period",
    "A period runs from {from_on} to {to_on}; the first day must not be after the last, nor the last after {today}.",
    "期间 {from_on} 至 {to_on} 无效；起始日不得晚于截止日，截止日不得晚于 {today}。",
)
MOST_LINES = 1_000
"""Lines of a paper: each takes milliseconds and memory to set."""
PAPER_LONG = declined(
    "savings.paper_long",
    "This deposit moved more often than the {most} lines of a paper tell; ask the bank for a shorter period.",
    "该存款的变动超过一份单据可列的 {most} 行；请向本行申请打印较短期间的单据。",
)
BEFORE_OPENING = malformed(
    "savings.before_opening",
    "{on} is before the deposit was opened on {opened_on}.",
    "{on} 早于开户日 {opened_on}。",
)
MOST_DEPOSITS = 1000
"""Deposits of one person that are looked at together."""


@question("savings.deposit", permission="savings:read", whose=of("deposit_id", deposit_owner))
def deposit(tx: Tx, deposit_id: Id) -> DepositView:
    """A deposit as it stands; refuses ``savings.unknown_deposit``, ``savings.not_yours``."""
    account, terms, _ = load(tx, deposit_id)
    return rules.view(terms, account, tx.business_date, catalogue.insured(tx, terms))


@question("savings.deposits", permission="savings:read", whose=of("party_id"))
def deposits(tx: Tx, party_id: Id) -> list[DepositView]:
    """A party's deposits, the oldest first, closed ones too; refuses ``savings.not_yours``."""
    return [
        rules.view(terms, account, tx.business_date, catalogue.insured(tx, terms))
        for account, terms in of_party(tx, party_id)
    ]


def of_party(tx: Tx, party_id: str) -> list[tuple[Account, Terms]]:
    """A party's deposits with their terms, the oldest first; refuses ``savings.not_yours``."""
    check_reader(tx.actor, party_id)
    found = []
    for account in store.of_party(tx, party_id, MOST_DEPOSITS):
        _, terms = catalogue.terms(tx, account.product, account.version)
        found.append((pinned(account, terms), terms))
    return found


@question("savings.worth", permission="savings:read", whose=of("deposit_id", deposit_owner))
def worth(tx: Tx, deposit_id: Id, on: Day | None = None) -> Worth:
    """What a deposit has earned by the start of a day (default: today), past or future, and what closing it then pays.

    A future day is told with the rates that are published now. Refuses ``savings.before_opening`` and, for a day that no
    deposit lives to see, ``savings.bad_date``.
    """
    account, terms, facts = load(tx, deposit_id)
    day = reading.day(on or tx.business_date)
    if day < account.deposit.opened_on:
        raise BEFORE_OPENING(on=day.isoformat(), opened_on=account.deposit.opened_on.isoformat())
    state = _state(tx, account, terms, facts, day)
    closing, refused = None, None
    if state.closed_on is None:
        try:
            closing = closing_value(terms, facts, state, day)
        except Refusal as refusal:
            refused = Words(refusal.detail, refusal.detail_zh)
    return Worth(
        deposit_id=account.id,
        on=day,
        balance=state.balance,
        accrued=exact_text(accrued_by_contract(terms, facts, state, day)),
        closing=closing.paid_out if closing else None,
        closing_interest=closing.interest if closing else None,
        refused=refused,
    )


def _state(tx: Tx, account: Account, terms: Terms, facts: Facts, on: date) -> Deposit:
    """The deposit at the start of a day: today's state carried on, or its story told again until then."""
    if on >= account.deposit.as_of_on:
        done = rules.told_until(terms, facts, account.deposit, on)
        return done[-1].change.deposit if done else account.deposit
    return told(tx, account, terms, on)[-1].change.deposit


def told(tx: Tx, account: Account, terms: Terms, until: date, *, end_of_day: bool = False) -> list[Told]:
    """A deposit's story until a day, by the rules, from what was asked of it."""
    events = store.events(tx, {account.id: terms.currency})[account.id]
    facts_on = catalogue.facts_by_day(tx, account.board)
    return rules.replayed(terms, facts_on, account.deposit.agreement, events, until, end_of_day=end_of_day)


@question("savings.deposit_statement", permission="savings:read", whose=of("deposit_id", deposit_owner))
def statement(tx: Tx, deposit_id: Id, from_on: Day | None = None, to_on: Day | None = None) -> DepositStatement:
    """Every event of a deposit in a period (default: all until today), oldest first, with the balance after each."""
    account, terms, _ = load(tx, deposit_id)
    first, last = _period(tx, account, from_on, to_on)
    events = store.events(tx, {account.id: terms.currency})[account.id]
    kept = tuple(event for event in events if first <= event.on <= last)
    return DepositStatement(
        rules.view(terms, account, tx.business_date, catalogue.insured(tx, terms)), first, last, kept
    )


def _period(tx: Tx, account: Account, from_on: date | None, to_on: date | None) -> tuple[date, date]:
    first, last = from_on or account.deposit.opened_on, to_on or tx.business_date
    if first > last or last > tx.business_date:
        raise BAD_PERIOD(from_on=first.isoformat(), to_on=last.isoformat(), today=tx.business_date.isoformat())
    return first, last


@question("savings.printed", permission="savings:read", whose=of("deposit_id", deposit_owner))
def printed(tx: Tx, deposit_id: Id, kind: Word, from_on: Day | None = None, to_on: Day | None = None) -> Printed:
    """An interest certificate or statement of a deposit as PDF/A, Chinese and English, over a period.

    ``kind`` is ``papers.INTEREST_CERTIFICATE`` or ``papers.STATEMENT``. Refuses ``savings.bad_period``,
    ``savings.paper_long``.
    """
    account, terms, _ = load(tx, deposit_id)
    first, last = _period(tx, account, from_on, to_on)
    story = told(tx, account, terms, last, end_of_day=last < tx.business_date)
    said = paper(
        kind,
        terms,
        number=f"{account.id}-{first:%Y%m%d}-{last:%Y%m%d}",
        institution=parties.institution(tx).name,
        holder=parties.party(tx, account.party_id).name,
        deposit=account.id,
        made_on=tx.business_date,
        insured=catalogue.insured(tx, terms),
        insurance=catalogue.insurance_text(tx, terms),
        period=(first, last),
        balance=story[-1].change.deposit.balance,
        payments=[payment for each in story for payment in each.change.interest],
        movements=[movement(each.what, each.change, terms.currency) for each in story],
    )
    if len(said.movements) + len(said.payments) > MOST_LINES:
        raise PAPER_LONG(most=MOST_LINES)
    return render(said, tx.now)


@question("savings.interest", permission="savings:read", whose=of("deposit_id", deposit_owner))
def interest(
    tx: Tx, deposit_id: Id, from_on: Day | None = None, to_on: Day | None = None
) -> tuple[InterestPayment, ...]:
    """Every payment of interest in a period (default: all until today) and how it was reached, oldest first.

    Told by the rules from what was asked of the deposit. Refuses ``savings.bad_period``.
    """
    account, terms, _ = load(tx, deposit_id)
    first, last = _period(tx, account, from_on, to_on)
    story = told(tx, account, terms, last, end_of_day=last < tx.business_date)
    payments = [payment for each in story for payment in each.change.interest]
    return tuple(each for each in payments if first <= each.paid_on <= last)


@question("savings.cover", permission="savings:read", whose=of("party_id"))
def cover(tx: Tx, party_id: Id) -> Cover:
    """What deposit insurance covers of a party's deposits here, principal and interest accrued by today, and what
    cover is left (Deposit Insurance Regulations, article 5)."""
    held = _insured(tx, party_id)
    insurance = insurance_in(catalogue.policy(tx).insurance, tx.home)
    limit = insurance.limit if insurance else None
    return Cover(party_id, held, badge(True, held, Money.zero(held.currency), limit))


def _insured(tx: Tx, party_id: str) -> Money:
    """Principal and accrued interest, whole minor units, of a party's insured deposits in the home currency."""
    held = []
    facts: dict[str, Facts] = {}
    for account, terms in of_party(tx, party_id):
        if terms.insured and terms.currency == tx.home and account.deposit.closed_on is None:
            board = facts.setdefault(account.board, catalogue.facts(tx, account.board))
            earned = accrued_by_contract(terms, board, account.deposit, tx.business_date)
            held.append(account.deposit.balance + round_fraction(earned, terms.currency, "down"))
    return total(held, tx.home)


@question("savings.comparison", permission=PUBLIC, whose=NOBODYS)
def comparison(tx: Tx, amount: Amount, on: Day | None = None, days: Count = 0) -> tuple[Comparison, ...]:
    """What an amount gives from today until a day, or for so many days, in every product on offer, the best first."""
    return _compared(tx, amount, on or tx.business_date + timedelta(days=days), None)


@question("savings.comparison_for", permission="savings:read", whose=of("party_id"))
def comparison_for(
    tx: Tx, party_id: Id, amount: Amount, on: Day | None = None, days: Count = 0
) -> tuple[Comparison, ...]:
    """As :func:`comparison`, beside the insurance cover that a party's deposits leave."""
    return _compared(tx, amount, on or tx.business_date + timedelta(days=days), _insured(tx, party_id))


def _compared(tx: Tx, amount: Money, closing_on: date, held: Money | None) -> tuple[Comparison, ...]:
    insurance = insurance_in(catalogue.policy(tx).insurance, amount.currency)
    known, facts = catalogue.offered_versions(tx), catalogue.facts(tx)
    products = {terms.product: terms for _, terms in known}
    versions = tuple((version, terms.product) for version, terms in known)
    asked = _Compared(
        (versions, id(facts.board), facts.holidays, amount, tx.business_date, closing_on), tuple(products.values()), facts
    )  # fmt: skip
    cover = held or Money.zero(amount.currency), insurance.limit if insurance else None
    return tuple(beside(each, products[each.product].insured, cover) for each in _what_each_gives(asked))


@dataclass(frozen=True, slots=True)
class _Compared:
    """What a comparison depends on. ``key`` tells it all: versions are digests of their terms, and the board is one object
    for as long as its editions stay the same (:mod:`farthing.savings.shelf.service`), which this keeps alive."""

    key: tuple[Any, ...]
    products: tuple[Terms, ...] = field(compare=False)
    facts: Facts = field(compare=False)


@lru_cache(maxsize=256)
def _what_each_gives(asked: _Compared) -> tuple[Comparison, ...]:
    """What an amount gives in every product, reckoned once: it is the same for everybody who asks on that day, but for the
    badge."""
    *_, amount, opened_on, closing_on = asked.key
    return compare(asked.products, asked.facts, amount, opened_on, closing_on)


@question("savings.pledge_advice", permission="savings:read", whose=of("deposit_id", deposit_owner))
def pledge_advice(tx: Tx, deposit_id: Id, needed: Amount, until: Day, offer: PledgeOffer) -> Advice:
    """Whether a loan on the security of the deposit or breaking it costs less, from today until a day."""
    account, terms, facts = load(tx, deposit_id)
    state = _state(tx, account, terms, facts, tx.business_date)
    return pledge_or_break(terms, facts, state, needed, tx.business_date, until, offer)
