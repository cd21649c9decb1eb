"""Own the comparison for people: what an amount gives after so many days in each product, and what insures it.

Never compares by an advertised rate: every figure is a quote made with the product's own rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction

from farthing.kit.errors import Refusal, malformed
from farthing.kit.money import Money, positive
from farthing.kit.words import Words
from farthing.products.deposit import Terms
from farthing.products.fund import FundTerms
from farthing.products.policy import SavingsPolicy, check_terms
from farthing.savings.fund.trading import TradingCalendar, order_days
from farthing.savings.fund.units import empty_holding, first_index, next_index, redeemable, subscribe
from farthing.savings.quotes.quote import Quote, quote
from farthing.savings.rules import behaviour
from farthing.savings.rules.common import BELOW_MINIMUM
from farthing.savings.rules.model import Agreement, Facts

TOO_FAR = malformed(
    "savings.withdrawal_day",
    "The withdrawal day {closing_on} must be after the opening day {opened_on}, at most {most} days later.",
    "支取日 {closing_on} 应晚于开户日 {opened_on}，且不超过 {most} 天。",
)
MOST_DAYS = 36_600
INSURANCE_UNKNOWN = Words(
    "Unknown: no policy with a deposit insurance in this currency was named.",
    "未知：未指定载有该币种存款保险的政策。",
)


@dataclass(frozen=True)
class Badge:
    """Deposit insurance: whether it covers the product, and how much cover one person has left at one institution.

    ``covered`` is the part of this saving, principal and interest, that the insurance would pay back. All are None where
    no deposit insurance is known for a product that could be insured: nobody may read a "no" out of not knowing.
    """

    insured: bool | None
    covered: Money | None
    cover_left: Money | None
    text: Words


@dataclass(frozen=True)
class Comparison:
    """What one product gives. ``refused`` holds the code and sentence where it cannot be had on these terms."""

    product: str
    name: Words
    agreement: Agreement
    paid_in: Money
    gain: Money
    closing_on: date
    kept_to_maturity: bool
    note: Words | None
    badge: Badge
    refused: Words | None = None


def badge(insured: bool, amount: Money, held_elsewhere: Money, cover: Money | None) -> Badge:
    """The badge of a saving of ``amount`` beside other insured deposits at the same institution.

    ``cover`` is the limit of the policy pack (``deposit_insurance``), None where none is known.
    """
    zero = Money.zero(amount.currency)
    if not insured:
        return Badge(False, zero, zero, Words("Not covered by deposit insurance.", "不受存款保险保障。"))
    if cover is None:
        return Badge(None, None, None, INSURANCE_UNKNOWN)
    before = max(cover - held_elsewhere, zero)
    covered = min(amount, before)
    left = before - covered
    text = Words(
        f"Deposit insurance covers {covered} of it; {left} of cover left here.",
        f"存款保险保障其中 {covered}；在本机构剩余保障额度 {left}。",
    )
    return Badge(True, covered, left, text)


def compared(
    terms: Terms,
    facts: Facts,
    agreement: Agreement,
    amount: Money,
    days: tuple[date, date],
    cover: tuple[Money, Money | None],
    policy: SavingsPolicy | None = None,
) -> Comparison:
    """One product and agreement: ``days`` are opening and withdrawal, ``cover`` is (held elsewhere, legal limit)."""
    opened_on, closing_on = days
    events = behaviour(terms).plan(terms, agreement, amount, opened_on, closing_on)
    paid_in = Money(sum(each.amount.minor for each in events if each.do == "deposit" and each.amount), amount.currency)
    try:
        if policy is not None:
            check_terms(policy, terms)
        answer = quote(terms, facts, agreement, events, closing_on)
    except Refusal as refusal:
        return refused(terms, agreement, amount, closing_on, cover, refusal)
    return Comparison(
        product=terms.product,
        name=terms.name,
        agreement=answer.agreement,
        paid_in=paid_in,
        gain=answer.interest,
        closing_on=closing_on,
        kept_to_maturity=answer.matures_on is None or closing_on >= answer.matures_on,
        note=_note(terms, answer),
        badge=badge(terms.insured, paid_in + answer.interest, *cover),
    )


def refused(
    terms: Terms | FundTerms,
    agreement: Agreement,
    amount: Money,
    closing_on: date,
    cover: tuple[Money, Money | None],
    refusal: Refusal,
) -> Comparison:
    """A product that cannot be had on these terms, and why."""
    zero = Money.zero(amount.currency)
    return Comparison(
        product=terms.product,
        name=terms.name,
        agreement=agreement,
        paid_in=zero,
        gain=zero,
        closing_on=closing_on,
        kept_to_maturity=False,
        note=None,
        badge=badge(terms.insured, zero, *cover),
        refused=Words(f"{refusal.code}: {refusal.detail}", f"{refusal.code}: {refusal.detail_zh}"),
    )


def fund_compared(
    terms: FundTerms,
    calendar: TradingCalendar,
    amount: Money,
    days: tuple[date, date],
    per_ten_thousand: Decimal,
    cover: tuple[Money, Money | None],
) -> Comparison:
    """A pooled fund at an assumed income per 10,000 units a day: nobody knows tomorrow's, so it is an input.

    Bought before the cut-off of the first day, units earn from the next trading day; paid out at once on the last day,
    they earn until the day before it.
    """
    opened_on, closing_on = days
    earns_from = order_days(calendar, datetime.combine(opened_on, time()), terms.cut_off).earns_change_on
    try:
        if amount < terms.minimum:
            raise BELOW_MINIMUM(amount=str(amount), minimum=str(terms.minimum))
        index = first_index(terms, earns_from)
        holding = subscribe(terms, empty_holding(index), index, amount)
        for _ in range((closing_on - earns_from).days):
            index = next_index(
                terms, index, Fraction(per_ten_thousand) / 10_000, Decimal(1), index.on + timedelta(days=1)
            )
    except Refusal as refusal:
        return refused(terms, Agreement(), amount, closing_on, cover, refusal)
    return Comparison(
        product=terms.product,
        name=terms.name,
        agreement=Agreement(),
        paid_in=amount,
        gain=redeemable(terms, holding, index) - amount,
        closing_on=closing_on,
        kept_to_maturity=True,
        note=Words(
            f"Assumes {per_ten_thousand} a day on each 10,000, from {earns_from}; the income of a fund is not promised.",
            f"假设自 {earns_from} 起每万份日收益 {per_ten_thousand}；基金收益不作承诺。",
        ),
        badge=badge(terms.insured, amount, *cover),
    )


def beside(found: Comparison, insured: bool, cover: tuple[Money, Money | None]) -> Comparison:
    """The same for somebody who has so much insured elsewhere: only the badge differs."""
    return replace(found, badge=badge(insured, found.paid_in + found.gain, *cover))


def _note(terms: Terms, answer: Quote) -> Words | None:
    if "collect" in behaviour(terms).takes:
        count = sum(1 for each in answer.movements if each.principal_in)
        return Words(f"Paid in by {count} equal monthly amounts.", f"分 {count} 个月等额存入。")
    if answer.matures_on is not None and answer.closed_on is not None and answer.closed_on < answer.matures_on:
        return Words(f"Drawn before maturity on {answer.matures_on}.", f"早于到期日 {answer.matures_on} 支取。")
    return None


def compare(
    products: Sequence[Terms],
    facts: Facts,
    amount: Money,
    opened_on: date,
    closing_on: date,
    *,
    held_elsewhere: Money | None = None,
    cover: Money | None = None,
    policy: SavingsPolicy | None = None,
    funds: Sequence[tuple[FundTerms, Decimal]] = (),
) -> tuple[Comparison, ...]:
    """What ``amount`` gives from ``opened_on`` to ``closing_on`` in every product, the best first.

    Products that refuse (a minimum not reached, a holiday, the ``policy``) come last, with the reason. ``funds`` come
    with the income per 10,000 units a day that is assumed. Refuses ``savings.withdrawal_day`` and ``money.not_positive``.
    """
    positive(amount)
    if not opened_on < closing_on <= opened_on + timedelta(days=MOST_DAYS):
        raise TOO_FAR(closing_on=closing_on.isoformat(), opened_on=opened_on.isoformat(), most=MOST_DAYS)
    insurance = (held_elsewhere or Money.zero(amount.currency), cover)
    found = [
        compared(terms, facts, agreement, amount, (opened_on, closing_on), insurance, policy)
        for terms in products
        for agreement in behaviour(terms).agreements(terms, facts.board, opened_on, closing_on)
    ]
    calendar = TradingCalendar(facts.holidays)
    found += [
        fund_compared(terms, calendar, amount, (opened_on, closing_on), assumed, insurance) for terms, assumed in funds
    ]
    return tuple(
        sorted(found, key=lambda each: (each.refused is not None, -each.gain.minor, each.product, str(each.agreement)))
    )
