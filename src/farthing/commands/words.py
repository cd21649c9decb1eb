"""Own the words and figures of the command line: states in Chinese and English, plurals, percentages, exact amounts.

Never an amount without its currency.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal

import typer

from farthing.kernel.operation import operation_of
from farthing.kit import rates
from farthing.kit.money import exponent
from farthing.products.rates import Term
from farthing.savings.rules.model import Agreement

STATES: Mapping[str, str] = {
    "placed": "已受理 placed", "confirmed": "已确认 confirmed", "payable": "待到账 payable", "settled": "已到账 settled",
    "cancelled": "已撤销 cancelled", "subscribe": "申购 buy", "redeem": "赎回 redeem", "instant": "实时赎回 redeem at once",
    "waiting": "待成团 waiting", "open": "已成团 open", "lapsed": "未成团 lapsed", "held": "已预留 held",
    "released": "已退回 released", "deposited": "已转存款 deposited",
    "round_up": "凑整 round up", "leftover": "月末结余 leftover", "above": "超额转入 above",
    "person_cap": "个人当日上限 a person's cap a day", "fund_cap": "基金当日上限 the fund's cap a day",
    "liquidity": "可用资金不足 ready money", "principal": "本金转存 principal renewed",
    "principal_and_interest": "本息转存 principal and interest renewed",
}  # fmt: skip
"""What is said for the words of the API."""


def a_day(text: str) -> datetime:
    """A day as it is typed, 2026-12-31; anything else is told so in both languages."""
    try:
        return datetime.strptime(text, "%Y-%m-%d")  # noqa: DTZ007 - a day of the calendar, in no time zone
    except ValueError:
        raise typer.BadParameter(
            f"{text} is not a day; write it as 2026-12-31. {text} 不是日期,请写成 2026-12-31。"
        ) from None


def word(name: str | None) -> str:
    """A state in both languages; a name of somebody's own, such as a guard's, as it is."""
    return STATES.get(name, name) if name else ""


def step(name: str) -> str:
    """What a step of a day's close did, in both languages."""
    title = operation_of(name).title
    return f"{title.zh} {title.en[0].lower()}{title.en[1:]}"


def count(number: int, one: str, more: str = "") -> str:
    """``1 entry``, ``2 entries``, ``1,000 entries``."""
    return f"{number:,} {one if number == 1 else more or one + 's'}"


def percent(annual: Decimal | None) -> str:
    """An annual rate as people read it; ``-`` where there is none."""
    return "-" if annual is None else rates.percent(annual)


def exactly(value: Decimal | str, currency: str) -> str:
    """``CNY 37,900.00``, ``CNY 1.004837219402``: to the minor unit, and beyond it as far as there is something."""
    figure = Decimal(value)
    most = max(-int(figure.as_tuple().exponent), 0)
    whole, _, part = f"{figure:,.{most}f}".partition(".")
    part = part.rstrip("0").ljust(exponent(currency), "0")
    return f"{currency} {whole}.{part}" if part else f"{currency} {whole}"


def chosen(agreements: Iterable[Agreement]) -> str:
    """What was agreed, the shortest first: ``3m, 6m, 1y``."""
    terms = sorted({(each.term, each.every, each.notice) for each in agreements}, key=_length)
    return ", ".join(" ".join(str(term) for term in each if term) for each in terms)


def _length(terms: tuple[Term | None, ...]) -> tuple[tuple[int, int], ...]:
    return tuple((term.months, term.days) if term else (0, 0) for term in terms)
