"""The saver's front pages: what one has and what it earned, what products give, one product, and what is not offered.

An amount or a number of days that cannot be read comes back at its field, with the page as it would be without.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from farthing.funding.market import lenders_service as lenders
from farthing.funding.market.lenders_rules import NO_MARKETPLACE
from farthing.kernel.run import Ask
from farthing.kit.calendar import add_months
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.payments import service as payments
from farthing.products.rates import parse_term
from farthing.products.service import NO_POLICY
from farthing.savings.deposits import earnings_service as earnings
from farthing.savings.deposits import passbook_service as passbook
from farthing.savings.deposits.model import Cover
from farthing.savings.fund import founding_service as funds
from farthing.savings.fund import service as pool
from farthing.savings.quotes.promised import Promised
from farthing.savings.shelf import service as catalogue
from farthing.savings.shelf.model import Offered
from farthing.web.customer import saving_charts as charts
from farthing.web.forms import amount_of, whole
from farthing.web.ground import again, ask, current, kernel_of, page, pages, sign_in_first, unless, view
from farthing.web.speech import gettext as _
from farthing.web.speech import language, said
from farthing.web.writing import money

router = pages()

AMOUNT, MOST_DAYS = "1000", 36_600
PERIODS = ("1m", "3m", "6m", "1y", "3y")
"""Periods that are one tap away: as long as the terms of that name, counted from today."""
USUAL = "3m"


def cover_said(cover: Cover) -> str:
    """What deposit insurance says of what somebody has here, as a sentence."""
    badge, spoken = cover.badge, language()
    if badge.covered is None or badge.cover_left is None:
        return _("This bank's policy names no deposit insurance in this currency.")
    limit = money(badge.covered + badge.cover_left, spoken)
    if not cover.held:
        return _("Deposits here are insured up to %(limit)s a person, principal and interest together.") % {
            "limit": limit
        }
    covered, held = money(badge.covered, spoken), money(cover.held, spoken)
    if badge.covered == cover.held:
        return _("All of your deposits are insured: %(held)s of at most %(limit)s.") % {"held": held, "limit": limit}
    return _("%(covered)s of your %(held)s on deposit are insured; the rest is not.") % {
        "covered": covered,
        "held": held,
    }


def days_of(period: str, today: date) -> int:
    """The days of a period from today on."""
    return (add_months(today, parse_term(period).months) - today).days


def looked_up(amount: str, days: str, home: str) -> tuple[Money, int]:
    """What is compared; refuses an amount or a number of days that cannot be read."""
    return amount_of(amount, home), max(1, min(whole(days), MOST_DAYS))


@router.get("/savings")
def shelf(request: Request, amount: str = "", days: str = "") -> Response:
    """What one has here and what it earned; what an amount gives after so many days in each product."""
    if not current(request).party_id:
        return sign_in_first(request)
    try:
        return _shelf(request, amount, days, None)
    except Refusal as refusal:
        if not amount and not days:
            raise
        return _shelf(request, amount, days, refusal)


def _shelf(request: Request, typed_amount: str, typed_days: str, refusal: Refusal | None) -> Response:
    who = current(request)
    party, home = str(who.party_id), kernel_of(request).home
    today = kernel_of(request).clock().business_date
    usual = str(days_of(USUAL, today))
    amount, days = looked_up(
        AMOUNT if refusal else typed_amount or AMOUNT, usual if refusal else typed_days or usual, home
    )

    def build(ask: Ask) -> dict[str, Any]:
        return {
            "found": ask(passbook.comparison_for, party, amount, days=days), "earned": ask(earnings.earned, party),
            "methods": {each.product: each.method for each in ask(catalogue.on_offer)},
            "all_deposits": ask(passbook.deposits, party), "cover": ask(passbook.cover, party),
            "wallet": ask(payments.wallet, party),
            "funds": [(each, _published(ask, each.id)) for each in ask(funds.funds)],
            "held": {each.fund: each for each in ask(pool.holdings, party)},
            "lends": unless((NO_MARKETPLACE.name, NO_POLICY.name), lambda: ask(lenders.lender, party)),
        }  # fmt: skip

    found = view(request, who, build)
    lines, refused = charts.lines_of(found.pop("found"), found.pop("methods"))
    return again(
        request, "customer/savings/shelf.html", who, refusal, amount=amount, days=days, lines=lines, refused=refused,
        typed_amount=typed_amount or AMOUNT, typed_days=typed_days or usual,
        periods=[(each, days_of(each, today)) for each in PERIODS], until=today + timedelta(days=days),
        finding=charts.finding(lines, amount), share=charts.share, cover_said=cover_said(found["cover"]),
        reason_of=reason_of, whole=_whole(found["earned"], home),
        closed=[each for each in found["all_deposits"] if each.closed_on], **found,
    )  # fmt: skip


def _published(ask: Ask, fund: str) -> Any:
    """The last figures of a fund; none before its first day is over."""
    days = ask(funds.figures, fund).days
    return days[-1] if days else None


def _whole(earned: list[earnings.Earned], home: str) -> tuple[Money, Money]:
    """What all deposits in the home currency come to, and what they earned."""
    own = [each for each in earned if each.deposit.balance.currency == home]
    zero = Money.zero(home)
    return (
        sum((each.deposit.balance for each in own), zero),
        sum((each.whole for each in own), zero),
    )


@router.get("/savings/products/{product}")
def product(request: Request, product: str, amount: str = "") -> Response:
    """One product: what it is, what it gives, what insures it, what leaving it costs, how it ends; and open it."""
    if not current(request).party_id:
        return sign_in_first(request)
    try:
        return _product(request, product, amount, None)
    except Refusal as refusal:
        if not amount:
            raise
        return _product(request, product, amount, refusal)


def _product(request: Request, product: str, typed: str, refusal: Refusal | None) -> Response:
    who, home = current(request), kernel_of(request).home

    def build(ask: Ask) -> tuple[earnings.Gives, Money]:
        if typed and not refusal:
            amount = amount_of(typed, home)
        else:
            minimum = ask(catalogue.offer_of, product).minimum
            amount = max(amount_of(AMOUNT, home), minimum) if minimum.currency == home else minimum
        return ask(earnings.gives, product, amount), amount

    found, amount = view(request, who, build)
    return again(
        request, "customer/savings/product.html", who, refusal, gives=found, offered=found.offered, amount=amount,
        typed_amount=typed or amount.plain(), finding=charts.best_term(found, amount), share=charts.share, rate_of=rate_of,
        length_of=charts.length_of,
        cost=_cost(found),
    )  # fmt: skip


def rate_of(offered: Offered, promised: Promised) -> Decimal | None:
    """The rate of an agreement's term or notice today; none where the product has one rate, or none of its own."""
    length = str(promised.agreement.term or promised.agreement.notice or "")
    return next((each.annual for each in offered.rates if each.term == length), None)


def _cost(found: earnings.Gives) -> Money | None:
    """What the longest term loses of its interest if it is drawn halfway; none where it cannot be drawn, or loses none."""
    if found.early is None or found.early.refused is not None:
        return None
    longest = max(found.kept, key=lambda each: each.on)
    lost: Money = longest.interest - found.early.gain
    return lost if lost.minor > 0 else None


@router.get("/savings/not-offered")
def not_offered(request: Request) -> Response:
    """What the law and this bank's policy refuse, with the article; and which of what exists elsewhere that is."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    return page(
        request,
        "customer/savings/not_offered.html",
        who,
        refused=ask(request, who, catalogue.not_allowed),
        sentence=sentence,
    )


def reason_of(refused: Words) -> Words:
    """The sentence of a comparison that says why a product cannot be had, without its code."""
    return Words(refused.en.partition(": ")[2] or refused.en, refused.zh.partition(": ")[2] or refused.zh)


def sentence(reason: Words) -> str:
    """A reason that a policy gives as part of a sentence, as one of its own."""
    text = said(reason)
    return f"{text[:1].upper()}{text[1:].rstrip('.。')}{'。' if language() == 'zh' else '.'}"
