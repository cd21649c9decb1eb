"""Own strict reading of plain TOML and JSON values: every key known, every value of its kind, each "no" with a code.

Never guesses: an unknown key is refused, and so is a binary fraction, which has no place near money. Numbers and days
stay within bounds that any contract fits in, so that no input can ask for endless arithmetic.
"""

from __future__ import annotations

import re
import reprlib
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from farthing.kit.errors import Refusal, malformed
from farthing.kit.money import Money, exponent
from farthing.kit.words import Words

UNKNOWN_FIELD = malformed(
    "savings.unknown_field",
    "{where} has a field {field} that is not known; the fields are {known}.",
    "{where} 含有未知字段 {field}；可用字段：{known}。",
)
MISSING_FIELD = malformed("savings.missing_field", "{where} needs the field {field}.", "{where} 缺少字段 {field}。")
BAD_FIELD = malformed(
    "savings.bad_field",
    "{field} is {value}; it must be {expected}.",
    "{field} 的值 {value} 不正确；应为{expected_zh}。",
)
BAD_DATE = malformed(
    "savings.bad_date",
    "{value} is not a day that can be used; write an ISO 8601 date of the years 1900 to 2199, such as 2026-02-28.",
    "{value} 不是可用的日期；请写 1900 年至 2199 年间的日期，如 2026-02-28。",
)
BAD_RATE = malformed(
    "savings.bad_rate",
    'Rate {value} cannot be used; write an annual rate as text between 0 and 1: "1.85%" or "0.0185".',
    '利率 {value} 不可用；请以文本写年利率，如 "1.85%" 或 "0.0185"，介于 0 与 1 之间。',
)

T = TypeVar("T")


def bad(where: str, field: str, value: object, expected: str, expected_zh: str) -> Refusal:
    """``savings.bad_field`` of a field of ``where``, or of ``where`` itself; what was wanted in both languages."""
    named = f"{where}.{field}" if field else where
    return BAD_FIELD(where=where, field=named, value=value, expected=expected, expected_zh=expected_zh)


YEARS = range(1900, 2200)
"""Years in which a deposit may live."""
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER = re.compile(r"[+-]?[0-9]{1,20}(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,2})?")
_MOST_WHOLE, _MOST_DECIMALS = 20, 12
_NAMED_MONEY = re.compile(r"([A-Z]{3})\s+(.+)")
_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = _SHORT.maxlong = 60
_SHORT.maxlevel = 3


def shown(value: object) -> str:
    """A value for a sentence: its ``repr``, never long and never deep."""
    if isinstance(value, Decimal):
        return _SHORT.repr(str(value)).strip("'")
    return _SHORT.repr(value)


def table(value: object, where: str) -> Mapping[str, Any]:
    """A JSON object or TOML table."""
    if not isinstance(value, Mapping):
        raise bad(where, "", shown(value), "a table of named fields", "由具名字段组成的表")
    return value


def known_only(value: Mapping[str, Any], known: Sequence[str], where: str) -> None:
    """Refuse ``savings.unknown_field`` for a key outside ``known``."""
    for field in value:
        if field not in known:
            raise UNKNOWN_FIELD(where=where, field=shown(field).strip("'"), known=", ".join(known))


def required(value: Mapping[str, Any], field: str, where: str) -> Any:
    """The field, or ``savings.missing_field``."""
    if field not in value or value[field] is None:
        raise MISSING_FIELD(where=where, field=field)
    return value[field]


def text(value: object, where: str, field: str) -> str:
    """Text that is not empty."""
    if isinstance(value, str) and value.strip():
        return value
    raise bad(where, field, shown(value), "text", "文本")


def one_of(value: object, names: Sequence[str], where: str, field: str) -> str:
    """One of a closed list of names."""
    if isinstance(value, str) and value in names:
        return value
    raise bad(where, field, shown(value), f"one of {', '.join(names)}", f"以下之一:{', '.join(names)}")


def whole(value: object, where: str, field: str, *, least: int = 0, most: int = 10**9) -> int:
    """A whole number within limits."""
    if type(value) is int and least <= value <= most:
        return value
    raise bad(where, field, shown(value), f"a whole number from {least} to {most}", f" {least} 至 {most} 的整数")


def not_below_zero(value: Money | Decimal, written: object, where: str, field: str) -> None:
    """Refuse an amount or number below zero."""
    if (value.minor if isinstance(value, Money) else value) < 0:
        raise bad(where, field, shown(written), "zero or more", "零或以上")


def flag(value: object, where: str, field: str) -> bool:
    """True or false."""
    if isinstance(value, bool):
        return value
    raise bad(where, field, shown(value), "true or false", " true 或 false")


def day(value: object) -> date:
    """An ISO 8601 calendar date (``2026-02-28``) of ``YEARS``, or a TOML date."""
    found = value if type(value) is date else None
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            found = date.fromisoformat(value)
        except ValueError:
            found = None
    if found is None or found.year not in YEARS:
        raise BAD_DATE(value=value.isoformat() if isinstance(value, date) else shown(value))
    return found


def _number(value: object) -> Decimal | None:
    """An exact, finite number of at most 20 whole and 12 decimal places, or None."""
    if isinstance(value, str | int | Decimal) and not isinstance(value, bool):
        written = value.strip() if isinstance(value, str) else str(value)
        if _NUMBER.fullmatch(written):
            number = Decimal(written)
            if number.adjusted() < _MOST_WHOLE and -int(number.as_tuple().exponent) <= _MOST_DECIMALS:
                return number
    return None


def decimal(value: object, where: str, field: str) -> Decimal:
    """An exact number: text, a whole number or a Decimal; never a binary fraction."""
    number = _number(value)
    if number is None:
        raise bad(where, field, shown(value), 'an exact number as text, such as "0.6"', '以文本写的精确数,如 "0.6"')
    return number


def rate(value: object) -> Decimal:
    """An annual rate: ``"1.85%"`` or ``"0.0185"``, from 0 to 1."""
    percent = isinstance(value, str) and value.strip().endswith("%")
    number = _number(value.strip()[:-1] if isinstance(value, str) and percent else value)
    if number is None or not 0 <= number <= (100 if percent else 1):
        raise BAD_RATE(value=shown(value))
    return number.scaleb(-2) if percent else number


def money(value: object, currency: str, where: str, field: str) -> Money:
    """An amount in major units: text (``"50.00"``, ``"CNY 50.00"``), a whole number or a Decimal, read exactly."""
    if isinstance(value, str) and len(value) <= 60:
        named = _NAMED_MONEY.fullmatch(value.strip())
        return Money.parse(named[2], named[1]) if named else Money.parse(value, currency)
    if type(value) is int and abs(value) < 10**60:
        return Money.parse(str(value), currency)
    number = None if isinstance(value, str) else _number(value)
    if number is None:
        raise bad(where, field, shown(value), 'an amount as text, such as "50.00"', '以文本写的金额,如 "50.00"')
    return Money.parse(format(number, "f"), currency)


def currency(value: object, where: str) -> str:
    """A currency that is known here; refuses ``money.unknown_currency``."""
    code = text(value, where, "currency")
    exponent(code)
    return code


def many(value: object, each: Callable[[Any], T], where: str, field: str) -> tuple[T, ...]:
    """A list with at least one item, each read by ``each``."""
    if isinstance(value, Sequence) and not isinstance(value, str) and value:
        return tuple(each(item) for item in value)
    raise bad(where, field, shown(value), "a list with at least one item", "至少有一项的列表")


def names(value: object, where: str) -> Words:
    """A name in English and Chinese; one text serves both."""
    if isinstance(value, str):
        return Words(text(value, where, "name"), value)
    both = table(value, f"{where}.name")
    known_only(both, ("en", "zh"), f"{where}.name")
    english = text(required(both, "en", f"{where}.name"), where, "name.en")
    return Words(english, text(both.get("zh", english), where, "name.zh"))
