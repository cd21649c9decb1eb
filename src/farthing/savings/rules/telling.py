"""Own the words in which a product says what it is, how it ends and what leaving it early costs. Pure.

Each file of rules builds its own three sentences from the product's terms, beside the rules that they tell of, so that a
page never says what a file does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.products.rates import Term

NO_END = Words("It has no end: it stays until you close it.", "不设存期，存至销户为止。")
WAITS = Words(
    "At the end principal and interest wait for you; days after it earn the demand rate.",
    "到期后本息等待支取；逾期天数按活期利率计息。",
)


@dataclass(frozen=True, slots=True)
class Telling:
    """What a product is, how it ends, and how what is drawn before that is reckoned."""

    what: Words
    ends: Words
    leaving: Words


def length(term: Term) -> Words:
    """A term as people say it: ``7 days``, ``3 months``, ``1 year``."""
    if term.days:
        count, en, zh = term.days, "day", "天"
    elif term.months % 12 == 0:
        count, en, zh = term.months // 12, "year", "年"
    else:
        count, en, zh = term.months, "month", "个月"
    return Words(f"{count} {en}{'' if count == 1 else 's'}", f"{count} {zh}")


def lengths(terms: Sequence[Term]) -> Words:
    """Terms to choose from: ``3 months, 6 months or 1 year``."""
    told = [length(each) for each in terms]
    return Words(one_of([each.en for each in told], ", ", " or "), one_of([each.zh for each in told], "、", "或 "))


def sum_of(amount: Money) -> Words:
    """An amount as pages write it."""
    figure = amount.plain(grouped=True)
    return Words(str(amount), f"¥{figure}" if amount.currency == "CNY" else str(amount))


def one_of(words: Sequence[str], between: str, last: str) -> str:
    """Words in a row, the last one set apart."""
    return last.join([between.join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def joined(*sentences: Words | None) -> Words:
    """Sentences one after the other; those that are none are left out."""
    told = [each for each in sentences if each is not None]
    return Words(" ".join(each.en for each in told), "".join(each.zh for each in told))
