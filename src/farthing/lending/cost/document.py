"""Own the answer on a credit's cost: what it costs in money, and its yearly rate by every law, as one document. Pure.

Never one rate for another: each names its law, how it compounds and how it measures time.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.lending.cost.case import Case, read_case
from farthing.lending.cost.flows import Credit
from farthing.lending.cost.laws import (
    DEAREST,
    TOLERANCE,
    TOLERANCE_IRREGULAR,
    Rate,
    actuarial,
    cut,
    effective,
    intervals,
    simple,
)
from farthing.lending.cost.root import exactly
from farthing.lending.cost.unmasked import advertised_rate, sentence
from farthing.products.library import Library, own_library
from farthing.products.policy import check_annual_cost

NAMES = {
    "us_apr": Words("United States: Regulation Z, Appendix J (nominal)", "美国：Z 条例附录 J（名义年利率）"),
    "eu_apr": Words("European Union: annual percentage rate of charge (effective)", "欧盟：年费用率（实际年利率）"),
    "irr_x12": Words(
        "China, simple interest: monthly internal rate of return x 12",
        "中国（单利）：月内部收益率 × 12",
    ),
    "effective": Words("China, compound interest: effective yearly rate, by days", "中国（复利）：按日计的实际年利率"),
}
ARTICLES = {
    "us_apr": Words("12 CFR 1026.22 and Appendix J", "美国联邦法规第 12 编第 1026.22 条及附录 J"),
    "eu_apr": Words(
        "Directive 2008/48/EC annex I; (EU) 2023/2225 annex III", "欧盟指令 2008/48/EC 附件一；2023/2225 附件三"
    ),
    "irr_x12": Words("PBOC notice 2021 no. 3; to be called simple", "中国人民银行公告〔2021〕第 3 号；须说明为单利"),
    "effective": Words("PBOC notice 2021 no. 3", "中国人民银行公告〔2021〕第 3 号"),
}
OWED_BACK = Words(
    "In between the borrower is owed money; no other rate was found, and none is proven not to be.",
    "期间出现反向欠款；未发现其他利率，但不能证明没有。",
)
BEYOND = Words("More than 10^12 a year: no loan is told apart there.", "超过每年 10^12 倍，已无从区分。")
DEFAULT_BY = "days/365"
"""How the effective rate of China's notice measures time here, as offers do: by actual days."""


def quote_cost(content: bytes, name: str, library: Library | None = None) -> dict[str, Any]:
    """Answer a file of flows: costs in money, rates by law, what the ceiling of a policy says, and a fee unmasked."""
    case = read_case(content, name)
    money = case.credit
    by = case.intervals or intervals(money)
    compound = effective(money, DEFAULT_BY)
    rates = {
        "us_apr": _united_states(case),
        "eu_apr": _told("eu_apr", effective(money, by), 1) | {"intervals": by},
        "irr_x12": _told("irr_x12", simple(money), 2),
        "effective": _told("effective", compound, 2),
    }
    shelf = library or own_library()
    return {
        "currency": money.currency,
        "start_on": money.start_on.isoformat(),
        "end_on": money.flows[-1].on.isoformat(),
        **_in_money(money),
        "rates": rates,
        "ceiling": None if case.policy is None else _ceiling(shelf, case.policy, compound),
        "unmasked": _unmasked(case, compound),
    }


def _in_money(money: Credit) -> dict[str, Any]:
    fees = money.sum_of("fee")
    return {
        "lent": money.sum_of("advance").plain(),
        "received": (money.sum_of("advance") - _first_day(money)).plain(),
        "paid_back": money.sum_of("payment", "fee").plain(),
        "total_cost": money.cost.plain(),
        "fees": fees.plain(),
        "interest": (money.cost - fees).plain(),
        "flows": len(money.flows),
    }


def _first_day(money: Credit) -> Money:
    """What is paid on the day of the first advance: it never reaches the borrower."""
    first = Credit(tuple(each for each in money.flows if each.on == money.start_on), ())
    return first.sum_of("payment", "fee")


def _told(law: str, rate: Rate, places: int) -> dict[str, Any]:
    """A rate: to six decimals, and as its law wants it said."""
    known = rate.told
    note = BEYOND if known is None else None if rate.proven else OWED_BACK
    return {
        "name": _text(NAMES[law]),
        "article": _text(ARTICLES[law]),
        "annual": None if known is None else format(known, "f"),
        "percent": None if known is None else _percent(rate.annual, places),
        "note": None if note is None else _text(note),
    }


def _percent(annual: Decimal, places: int) -> str:
    """Half up to so many decimals, and with all of them: ``10.0%``, ``1,234.57%``."""
    with exactly():
        return f"{annual.scaleb(2).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):,f}%"


def _united_states(case: Case) -> dict[str, Any]:
    found = actuarial(case.credit, case.begins_on)
    whole, part = divmod(found.first, 1)
    return _told("us_apr", found.rate, 2) | {
        "unit_period": _text(found.unit.name),
        "unit_periods_a_year": _number(found.unit.a_year),
        "first_payment_after": f"{whole}" if not part else f"{whole} + {part}",
        "tolerance": format(TOLERANCE if found.regular else TOLERANCE_IRREGULAR, "f"),
        "minor_irregularity_disregarded": None if found.minor is None else format(cut(found.minor.annual), "f"),
    }


def _number(part: Fraction) -> str:
    with exactly():
        return format(cut(Decimal(part.numerator) / Decimal(part.denominator)).normalize(), "f")


def _ceiling(shelf: Library, name: str, rate: Rate) -> dict[str, Any]:
    """What a policy pack's ceiling says of the effective rate, by the one check that offers are held to."""
    policy = shelf.law(name)
    limit, refused = policy.annual_cost_max, None
    try:
        check_annual_cost(policy, cut(min(rate.annual, DEAREST)))
    except Refusal as refusal:
        refused = {"code": refusal.code, "en": refusal.detail, "zh": refusal.detail_zh}
    return {
        "policy": name,
        "annual": None if limit is None else format(limit.value, "f"),
        "article": None if limit is None else _text(limit.article),
        "refused": refused,
    }


def _unmasked(case: Case, compound: Rate) -> dict[str, str] | None:
    if case.loan is None:
        return None
    sounds = advertised_rate(case.loan, case.a_year)
    known = compound.told
    return _text(sentence(case.loan, sounds, simple(case.credit).annual, known, case.credit.cost)) | {
        "sounds_like": format(sounds.normalize(), "f")
    }


def _text(each: Words) -> dict[str, str]:
    return {"en": each.en, "zh": each.zh}
