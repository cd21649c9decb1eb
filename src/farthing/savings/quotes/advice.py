"""Own the advice on a deposit that is needed before its maturity: pledge it for a loan, or break it.

Never hides a cost: both ways are priced with the deposit's own rules and the loan's simple interest.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from farthing.kit.errors import declined, malformed
from farthing.kit.inputs import Rate, Word
from farthing.kit.money import Money, positive
from farthing.kit.rates import interest, year_fraction
from farthing.kit.words import Words
from farthing.products.deposit import Terms
from farthing.savings.quotes.worth import closing_value
from farthing.savings.rules import behaviour, rule
from farthing.savings.rules.common import OVER_BALANCE
from farthing.savings.rules.model import Deposit, Event, Facts

NOTHING_TO_WAIT_FOR = declined(
    "savings.already_matured",
    "The deposit has matured ({matures_on}); draw it, a pledge would cost more.",
    "该存款已到期（{matures_on}）；直接支取即可，无需质押。",
)


LOAN_ENDS_BEFORE = malformed(
    "savings.pledge_period",
    "The loan would end on {until}, and it begins on {on}; choose a later day.",
    "借款到期日 {until} 不晚于借款日 {on}；请选择更晚的日期。",
)


@dataclass(frozen=True)
class PledgeOffer:
    """A loan on the security of a deposit: simple interest, up to ``loan_to_value`` of the balance."""

    annual_rate: Rate
    day_count: Word = "actual/360"
    loan_to_value: Rate = Decimal("0.9")


@dataclass(frozen=True)
class Advice:
    """Which way is cheaper. ``pledge_cost`` is None where the loan would exceed what the deposit secures.

    ``break_cost``: interest lost by drawing early, against keeping everything to maturity. ``choice`` is ``pledge``,
    ``break`` or (equal) ``either``.
    """

    choice: str
    pledge_cost: Money | None
    break_cost: Money
    saved: Money
    broken: Money
    most_pledged: Money
    reason: Words


def pledge_or_break(
    terms: Terms, facts: Facts, deposit: Deposit, needed: Money, on: date, until: date, offer: PledgeOffer
) -> Advice:
    """Compare on the day ``on`` a pledge loan of ``needed`` until ``until`` with breaking what must be broken.

    A loan that runs beyond maturity is repaid from the matured deposit, so it costs interest until then only. Where
    the product allows part withdrawals only the needed part is broken. Refuses ``savings.over_balance``,
    ``savings.already_matured``, ``savings.pledge_period``.
    """
    positive(needed)
    matures_on = deposit.matures_on
    if needed > deposit.balance:
        raise OVER_BALANCE(amount=str(needed), balance=str(deposit.balance))
    if matures_on is None or on >= matures_on:
        raise NOTHING_TO_WAIT_FOR(matures_on=matures_on.isoformat() if matures_on else "-")
    if until <= on:
        raise LOAN_ENDS_BEFORE(until=until.isoformat(), on=on.isoformat())
    most = Money(int(deposit.balance.minor * offer.loan_to_value), terms.currency)
    loan_until = min(until, matures_on)
    years = year_fraction(offer.day_count, on, loan_until)
    pledge_cost = interest(needed, offer.annual_rate, years, "up") if needed <= most else None
    broken, break_cost = breaking(terms, facts, deposit, needed, on)
    if pledge_cost is None or break_cost < pledge_cost:
        choice = "break"
    else:
        choice = "pledge" if pledge_cost < break_cost else "either"
    saved = Money(abs(break_cost.minor - pledge_cost.minor) if pledge_cost is not None else 0, terms.currency)
    return Advice(choice, pledge_cost, break_cost, saved, broken, most, _reason(pledge_cost, break_cost, most))


def breaking(terms: Terms, facts: Facts, deposit: Deposit, needed: Money, on: date) -> tuple[Money, Money]:
    """What must be broken, and the interest lost by it against keeping the deposit to maturity."""
    matures_on = deposit.matures_on or on
    once = replace(deposit, agreement=replace(deposit.agreement, renewal="none"))
    kept = closing_value(terms, Facts(facts.board), once, matures_on)
    if not behaviour(terms).part(terms, deposit, needed):
        early = closing_value(terms, Facts(facts.board), once, on)
        return deposit.balance, kept.interest - early.interest
    change = rule(terms, Facts(facts.board), once, Event(on, "withdraw", needed))
    rest = closing_value(terms, Facts(facts.board), change.deposit, matures_on)
    now = Money(sum(each.amount.minor for each in change.interest), terms.currency)
    return needed, kept.interest - now - rest.interest


def _reason(pledge_cost: Money | None, break_cost: Money, most: Money) -> Words:
    if pledge_cost is None:
        return Words(
            f"The deposit secures a loan of at most {most}; breaking it costs {break_cost} of interest.",
            f"该存款最多可质押借款 {most}；提前支取损失利息 {break_cost}。",
        )
    return Words(
        f"A pledge loan costs {pledge_cost} of interest; breaking the deposit loses {break_cost}.",
        f"质押借款利息 {pledge_cost}；提前支取损失利息 {break_cost}。",
    )
