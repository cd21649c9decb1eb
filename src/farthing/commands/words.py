"""Own the words and figures of the command line: states, plurals, percentages, exact amounts.

Never an amount without its currency.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal

import typer

from farthing.commands.language import pick, say
from farthing.kernel.operation import operation_of
from farthing.kit import rates
from farthing.kit.errors import CODES
from farthing.kit.money import exponent
from farthing.kit.words import Words
from farthing.products.rates import Term
from farthing.savings.rules.model import Agreement

STATES: Mapping[str, Words] = {
    "placed": Words("placed", "已受理"),
    "confirmed": Words("confirmed", "已确认"),
    "payable": Words("payable", "待到账"),
    "settled": Words("settled", "已到账"),
    "cancelled": Words("cancelled", "已撤销"),
    "subscribe": Words("buy", "申购"),
    "redeem": Words("redeem", "赎回"),
    "instant": Words("redeem at once", "实时赎回"),
    "waiting": Words("waiting", "待成团"),
    "open": Words("open", "已成团"),
    "lapsed": Words("lapsed", "未成团"),
    "held": Words("held", "已预留"),
    "released": Words("released", "已退回"),
    "deposited": Words("deposited", "已转存款"),
    "round_up": Words("round up", "凑整"),
    "leftover": Words("leftover", "月末结余"),
    "above": Words("above", "超额转入"),
    "person_cap": Words("a person's cap a day", "个人当日上限"),
    "fund_cap": Words("the fund's cap a day", "基金当日上限"),
    "liquidity": Words("ready money", "可用资金不足"),
    "principal": Words("principal renewed", "本金转存"),
    "principal_and_interest": Words("principal and interest renewed", "本息转存"),
}
"""What is said for the words of the API."""
TRIED = Words("(dry run)", "（试算）")
"""Stands where a dry run has no id."""


def a_day(text: str) -> datetime:
    """A day as it is typed, 2026-12-31; anything else is told so."""
    try:
        return datetime.strptime(text, "%Y-%m-%d")  # noqa: DTZ007 - a day of the calendar, in no time zone
    except ValueError:
        raise typer.BadParameter(
            say(f"{text} is not a day; write it as 2026-12-31.", f"{text} 不是日期，请写成 2026-12-31。")
        ) from None


def sentence(text: str) -> str:
    """A refusal's sentence without its code, which is for programs."""
    code, _, rest = text.partition(": ")
    return rest if code in CODES else text


def word(name: str | None) -> str:
    """A state as it is said; a name of somebody's own, such as a guard's, as it is."""
    return pick(STATES.get(name, name)) if name else ""


def step(name: str) -> str:
    """What a step of a day's close did."""
    title = operation_of(name).title
    return say(f"{title.en[0].lower()}{title.en[1:]}", title.zh)


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
