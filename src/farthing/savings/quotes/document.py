"""Own two questions people ask, as documents: what an amount gives in every product, and pledge or break a deposit.

Pure: quotes decide every figure. Never promises a fund's income: it is an assumption the asker states.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from farthing.kit.canonical import plain
from farthing.kit.rates import DAY_COUNTS
from farthing.kit.tables import shown as shown_value
from farthing.kit.words import Words
from farthing.products import reading
from farthing.products.deposit_file import part_of_one
from farthing.products.library import YUAN, Library, own_library
from farthing.savings.quotes.advice import PledgeOffer, pledge_or_break
from farthing.savings.quotes.case import decode_case
from farthing.savings.quotes.compare import MOST_DAYS, Badge, Comparison, compare
from farthing.savings.quotes.quote import quote
from farthing.savings.quotes.worth import advanced
from farthing.savings.rules.common import WRONG_CURRENCY
from farthing.savings.rules.model import Agreement, Facts


def compare_products(
    amount: str,
    days: int,
    rates: str | None = None,
    *,
    policy: str | None = None,
    held: str = "0",
    opened_on: date | None = None,
    fund_income: str | None = None,
    library: Library | None = None,
) -> dict[str, Any]:
    """What ``amount`` gives after ``days`` in every product of a library, the best first; amounts in major units.

    ``rates`` names a board; without one it is the newest of the currency in which the policy insures (yuan without one).
    ``opened_on`` is the first day of the board's newest edition unless told; ``held`` is what else is insured at the
    institution; ``fund_income`` the assumed daily income per 10,000 of a pooled fund, which is left out without it.
    """
    shelf = library or own_library()
    pack = shelf.policy(policy) if policy else None
    at_home = pack.insurance.limit.currency if pack and pack.insurance else YUAN
    board = shelf.board(rates) if rates else shelf.newest_board(at_home)
    currency = board.currency or YUAN
    asked = reading.savings("compare", {"amount": amount, "days": days, "held": held, "fund_income": fund_income})
    wanted = asked.money("amount", currency)
    if wanted.currency != currency:
        raise WRONG_CURRENCY(currency=currency, amount=str(wanted))
    start = reading.day(opened_on or board.editions[-1].effective_on)
    cover = pack.insurance.limit if pack and pack.insurance and pack.insurance.limit.currency == currency else None
    assumed, insured = asked.maybe("fund_income", asked.decimal), asked.money("held", currency)
    for key, figure in (("held", insured.minor), ("fund_income", assumed or 0)):
        if figure < 0:
            raise asked.unfit(key, shown_value(asked.take(key)), "zero or more", "零或以上")
    found = compare(
        [shelf.terms(name) for name in shelf.kinds("deposit")],
        Facts(board),
        wanted,
        start,
        start + timedelta(days=asked.whole("days", 1, MOST_DAYS)),
        held_elsewhere=insured,
        cover=cover,
        policy=pack,
        funds=[] if assumed is None else [(shelf.fund(name), assumed) for name in shelf.kinds("fund")],
    )
    return {
        "amount": wanted.plain(),
        "currency": currency,
        "rates": board.name,
        "policy": policy,
        "opened_on": plain(start),
        "closing_on": plain(found[0].closing_on if found else start),
        "deposit_insurance": None if cover is None or pack is None or pack.insurance is None else {
            "limit": cover.plain(), "article": _text(pack.insurance.article)
        },
        "products": [_comparison(each) for each in found],
    }  # fmt: skip


def _comparison(each: Comparison) -> dict[str, Any]:
    return {
        "product": each.product,
        "name": _text(each.name),
        "agreement": _agreement(each.agreement),
        "paid_in": each.paid_in.plain(),
        "gain": each.gain.plain(),
        "kept_to_maturity": each.kept_to_maturity,
        "note": None if each.note is None else _text(each.note),
        "insurance": _badge(each.badge),
        "refused": None if each.refused is None else _text(each.refused),
    }


def _badge(each: Badge) -> dict[str, Any]:
    return {
        "insured": each.insured,
        "covered": None if each.covered is None else each.covered.plain(),
        "cover_left": None if each.cover_left is None else each.cover_left.plain(),
        "text": _text(each.text),
    }


def _agreement(each: Agreement) -> dict[str, str]:
    renewal = None if each.renewal == "none" else each.renewal
    chosen = {"term": each.term, "renewal": renewal, "every": each.every, "notice": each.notice}
    return {name: str(value) for name, value in chosen.items() if value is not None}


def _text(each: Words) -> dict[str, str]:
    return {"en": each.en, "zh": each.zh}


def pledge_case(case: Mapping[str, Any], library: Library | None = None) -> dict[str, Any]:
    """Answer a case with a ``pledge`` table: a loan on the deposit, or break it, whichever costs less.

    ``pledge`` says ``on`` (today), ``needed``, ``until`` (the loan's last day), ``annual_rate`` of the loan, and may say
    ``day_count`` and ``loan_to_value``. The events are those until today; a closing date has no place in the case.
    """
    whole = reading.savings("case", case)
    asked = reading.savings("pledge", whole.take("pledge"))
    if whole.values.get("closing_on") is not None:
        raise reading.UNKNOWN_FIELD(where="case", field="closing_on", known="pledge")
    decoded = decode_case({key: value for key, value in whole.values.items() if key != "pledge"}, library)
    terms, facts = decoded.terms, decoded.facts
    on = reading.day(asked.take("on"))
    state = quote(terms, facts, decoded.agreement, decoded.events, None).deposit
    changes = advanced(terms, facts, state, on)
    deposit = changes[-1].deposit if changes else state
    needed = asked.money("needed", terms.currency)
    offer = PledgeOffer(
        annual_rate=reading.rate(asked.take("annual_rate")),
        day_count=asked.choice("day_count", DAY_COUNTS, "actual/360"),
        loan_to_value=part_of_one(asked, "loan_to_value", "0.9"),
    )
    until = reading.day(asked.take("until"))
    asked.close()
    advice = pledge_or_break(terms, facts, deposit, needed, on, until, offer)
    return {
        "product": terms.product,
        "on": plain(on),
        "needed": needed.plain(),
        "currency": terms.currency,
        "matures_on": plain(deposit.matures_on),
        "choice": advice.choice,
        "pledge_cost": None if advice.pledge_cost is None else advice.pledge_cost.plain(),
        "break_cost": advice.break_cost.plain(),
        "saved": advice.saved.plain(),
        "broken": advice.broken.plain(),
        "most_pledged": advice.most_pledged.plain(),
        "reason": _text(advice.reason),
    }
