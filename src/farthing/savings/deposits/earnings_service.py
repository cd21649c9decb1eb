"""Answer what deposits have earned and will earn: one's own by deposit, a deposit day by day, a product by its terms.

Reads only. The same rules as the counter's, carried on or told again; never a second arithmetic.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache
from typing import Any

from farthing.db.tx import Tx
from farthing.kernel.question import question
from farthing.kernel.whose import NOBODYS, of
from farthing.kit.actor import PUBLIC
from farthing.kit.errors import Refusal
from farthing.kit.inputs import Amount, Id, Word
from farthing.kit.money import Money, positive, total
from farthing.kit.rates import round_fraction
from farthing.kit.words import Words
from farthing.products.deposit import Terms
from farthing.products.policy import insurance_in
from farthing.products.rates import parse_term
from farthing.savings.deposits import rules, store
from farthing.savings.deposits.model import DepositView
from farthing.savings.deposits.passbook_service import of_party, told
from farthing.savings.deposits.service import deposit_owner, load
from farthing.savings.quotes.compare import Comparison, compared
from farthing.savings.quotes.promised import Promised, at_end, days_between, earned_until, promised, whole_plan
from farthing.savings.rules import accrued_by_contract, behaviour, takes_more
from farthing.savings.rules.interest import exact_text
from farthing.savings.rules.model import Agreement, Facts, InterestPayment
from farthing.savings.shelf import rules as shelf
from farthing.savings.shelf import service as catalogue
from farthing.savings.shelf.model import Offered


@dataclass(frozen=True, slots=True)
class Earned:
    """A deposit and what it has earned: ``paid`` since it was opened, and ``accrued`` by today, rounded down to the fen."""

    deposit: DepositView
    paid: Money
    accrued: Money

    @property
    def whole(self) -> Money:
        """Both together."""
        return self.paid + self.accrued


@dataclass(frozen=True, slots=True)
class CoursePoint:
    """Interest earned from the opening to the start of a day, paid or not: exactly, as text, in major units."""

    on: date
    earned: str


@dataclass(frozen=True, slots=True)
class Course:
    """How a deposit earns: from its opening to its maturity (to today where it has none), evenly spaced.

    What is to come is told of what lies on it now. ``closing``: the payments of interest if it were closed today;
    ``kept``: if it is kept to its maturity. Empty where there is none, or the rules refuse it.
    """

    deposit_id: str
    today: date
    points: tuple[CoursePoint, ...]
    closing: tuple[InterestPayment, ...]
    kept: tuple[InterestPayment, ...]


@dataclass(frozen=True, slots=True)
class Gives:
    """What a product gives for an amount: each agreement kept to its end, best known by its term, notice or interval.

    ``kept`` holds none where the product refuses the amount, which ``refused`` says. ``early``: the longest term drawn
    halfway; none where nothing is early. ``rates_since``: the day from which today's rates are in force.
    """

    offered: Offered
    rates_since: date
    takes_more: bool
    early_pays: str | None
    kept: tuple[Promised, ...]
    early: Comparison | None
    refused: Words | None


@question("savings.earned", permission="savings:read", whose=of("party_id"))
def earned(tx: Tx, party_id: Id) -> list[Earned]:
    """What each of a party's open deposits has earned so far, the oldest first; refuses ``savings.not_yours``."""
    found = [(account, terms) for account, terms in of_party(tx, party_id) if account.deposit.closed_on is None]
    kept = store.events(tx, {account.id: terms.currency for account, terms in found}) if found else {}
    boards: dict[str, Facts] = {}
    answer = []
    for account, terms in found:
        facts = boards.setdefault(account.board, catalogue.facts(tx, account.board))
        accrued = accrued_by_contract(terms, facts, account.deposit, tx.business_date)
        answer.append(
            Earned(
                rules.view(terms, account, tx.business_date, catalogue.insured(tx, terms)),
                total([each.interest for each in kept[account.id]], terms.currency),
                round_fraction(accrued, terms.currency, "down"),
            )
        )
    return answer


@question("savings.course", permission="savings:read", whose=of("deposit_id", deposit_owner))
def course(tx: Tx, deposit_id: Id) -> Course:
    """How a deposit has earned and will earn, with the rates that are published now; refuses ``savings.not_yours``."""
    account, terms, facts = load(tx, deposit_id)
    today, deposit = tx.business_date, account.deposit
    last = deposit.closed_on or max(today, deposit.matures_on or today)
    story = told(tx, account, terms, min(today, last))
    now = story[-1].change.deposit
    points = []
    for day in days_between(deposit.opened_on, last, today):
        until = [each.change for each in story if each.change.on <= day]
        paid = total([each.amount for change in until for each in change.interest], terms.currency)
        state = until[-1].deposit
        points.append(CoursePoint(day, exact_text(Fraction(paid.decimal()) + earned_until(terms, facts, state, day))))
    open_now = now.closed_on is None
    return Course(
        deposit_id, today, tuple(points),
        closing=at_end(terms, facts, now, today) if open_now and today > deposit.opened_on else (),
        kept=at_end(terms, facts, now, now.matures_on) if open_now and now.matures_on and now.matures_on > today else (),
    )  # fmt: skip


@question("savings.gives", permission=PUBLIC, whose=NOBODYS)
def gives(tx: Tx, product: Word, amount: Amount) -> Gives:
    """What a product on offer gives for an amount that is paid in today, by each agreement that it offers.

    Refuses ``products.unknown``, ``savings.not_a_deposit``, ``money.not_positive``; an amount that the product does not
    take is answered with the reason.
    """
    version, terms = catalogue.terms(tx, product)
    facts, today = catalogue.facts(tx), tx.business_date
    allowed = catalogue.policy(tx).insurance
    insurance = insurance_in(allowed, terms.currency)
    limit = insurance.limit if insurance else None
    asked = _Asked((version, product, id(facts.board), facts.holidays, positive(amount), today, limit), terms, facts)
    kept, early, refused = _what_it_gives(asked)
    return Gives(
        offered=shelf.offered(terms, facts.board, today, allowed),
        rates_since=facts.board.edition(today).effective_on,
        takes_more=takes_more(terms),
        early_pays=getattr(terms, "early", None),
        kept=kept,
        early=early,
        refused=None if kept else refused,
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a product's promise depends on. ``key`` tells it all: a version is a digest of its terms, and the board is one
    object for as long as its editions stay the same (:mod:`farthing.savings.shelf.service`), which this keeps alive."""

    key: tuple[Any, ...]
    terms: Terms = field(compare=False)
    facts: Facts = field(compare=False)


@lru_cache(maxsize=256)
def _what_it_gives(asked: _Asked) -> tuple[tuple[Promised, ...], Comparison | None, Words | None]:
    """Each agreement kept to its end, the longest drawn halfway, and the first refusal: reckoned once, for it is the same for
    everybody who asks for that amount on that day."""
    *_, amount, today, limit = asked.key
    kept: list[Promised] = []
    refused = None
    for agreement in behaviour(asked.terms).agreements(asked.terms, asked.facts.board, today, None):
        try:
            kept.append(promised(asked.terms, asked.facts, agreement, amount, today))
        except Refusal as refusal:
            refused = refused or Words(refusal.detail, refusal.detail_zh)
    return tuple(kept), _early(asked.terms, asked.facts, amount, kept, (today, limit)), refused


def _early(
    terms: Terms, facts: Facts, amount: Money, kept: Sequence[Promised], known: tuple[date, Money | None]
) -> Comparison | None:
    """The longest agreement drawn at half of its days, on the first day that the product takes one."""
    (today, limit), ending = known, [each for each in kept if each.matures_on is not None]
    if not ending:
        return None
    longest = max(ending, key=lambda each: each.on)
    half = today + timedelta(days=max((longest.on - today).days // 2, 1))
    while half in facts.holidays and half < longest.on:
        half += timedelta(days=1)
    return compared(terms, facts, longest.agreement, amount, (today, half), (Money.zero(terms.currency), limit))


@question("savings.expected", permission=PUBLIC, whose=NOBODYS)
def expected(
    tx: Tx,
    product: Word,
    amount: Amount,
    term: Word | None = None,
    every: Word | None = None,
    notice: Word | None = None,
) -> Promised:
    """What one agreement gives if it is opened today with an amount and kept to its end, every instalment paid.

    Refuses what an opening refuses of amount and terms.
    """
    _, terms = catalogue.terms(tx, product)
    chosen = [None if text is None else parse_term(text) for text in (term, every, notice)]
    agreement = Agreement(term=chosen[0], every=chosen[1], notice=chosen[2])
    paid_in = whole_plan(terms, agreement, positive(amount))
    return promised(terms, catalogue.facts(tx), agreement, paid_in, tx.business_date)
