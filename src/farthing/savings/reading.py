"""Own strict reading of plain TOML and JSON values: every key known, every value of its kind, each "no" with a code.

Never guesses: an unknown key is refused, and so is a binary fraction, which has no place near money.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from farthing.kit.errors import malformed
from farthing.kit.money import Money
from farthing.savings.model import Text

UNKNOWN_FIELD = malformed(
    "savings.unknown_field",
    "{where} has a field {field} that is not known; the fields are {known}.",
    "{where} 含有未知字段 {field};可用字段:{known}。",
)
MISSING_FIELD = malformed("savings.missing_field", "{where} needs the field {field}.", "{where} 缺少字段 {field}。")
BAD_FIELD = malformed(
    "savings.bad_field",
    "{where}.{field} is {value}; it must be {expected}.",
    "{where}.{field} 的值 {value} 不正确;应为 {expected}。",
)
BAD_DATE = malformed(
    "savings.bad_date",
    "{value} is not a day of the calendar; write an ISO 8601 date such as 2026-02-28.",
    "{value} 不是有效日期;请写成 2026-02-28。",
)
BAD_RATE = malformed(
    "savings.bad_rate",
    'Rate {value} cannot be used; write an annual rate as text between 0 and 1: "1.85%" or "0.0185".',
    '利率 {value} 不可用;请以文本写年利率,如 "1.85%" 或 "0.0185",介于 0 与 1 之间。',
)

T = TypeVar("T")


def table(value: object, where: str) -> Mapping[str, Any]:
    """A JSON object or TOML table."""
    if not isinstance(value, Mapping):
        raise BAD_FIELD(where=where, field="", value=repr(value), expected="a table of named fields")
    return value


def known_only(value: Mapping[str, Any], known: Sequence[str], where: str) -> None:
    """Refuse ``savings.unknown_field`` for a key outside ``known``."""
    for field in value:
        if field not in known:
            raise UNKNOWN_FIELD(where=where, field=field, known=", ".join(known))


def required(value: Mapping[str, Any], field: str, where: str) -> Any:
    """The field, or ``savings.missing_field``."""
    if field not in value or value[field] is None:
        raise MISSING_FIELD(where=where, field=field)
    return value[field]


def text(value: object, where: str, field: str) -> str:
    """Text that is not empty."""
    if isinstance(value, str) and value.strip():
        return value
    raise BAD_FIELD(where=where, field=field, value=repr(value), expected="text")


def one_of(value: object, names: Sequence[str], where: str, field: str) -> str:
    """One of a closed list of names."""
    if isinstance(value, str) and value in names:
        return value
    raise BAD_FIELD(where=where, field=field, value=repr(value), expected="one of " + ", ".join(names))


def whole(value: object, where: str, field: str, *, least: int = 0, most: int = 10**9) -> int:
    """A whole number within limits."""
    if type(value) is int and least <= value <= most:
        return value
    raise BAD_FIELD(where=where, field=field, value=repr(value), expected=f"a whole number from {least} to {most}")


def flag(value: object, where: str, field: str) -> bool:
    """True or false."""
    if isinstance(value, bool):
        return value
    raise BAD_FIELD(where=where, field=field, value=repr(value), expected="true or false")


def day(value: object) -> date:
    """An ISO 8601 calendar date, or a TOML date."""
    if type(value) is date:
        return value
    if isinstance(value, str) and not isinstance(value, datetime) and len(value) == 10:
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise BAD_DATE(value=str(value))


def decimal(value: object, where: str, field: str) -> Decimal:
    """An exact number: text, a whole number or a Decimal; never a binary fraction."""
    if isinstance(value, str | int | Decimal) and not isinstance(value, bool):
        try:
            number = Decimal(value)
        except InvalidOperation:
            number = Decimal("NaN")
        if number.is_finite():
            return number
    raise BAD_FIELD(where=where, field=field, value=repr(value), expected='an exact number as text, such as "0.6"')


def rate(value: object) -> Decimal:
    """An annual rate: ``"1.85%"`` or ``"0.0185"``, from 0 to 1."""
    number = Decimal("NaN")
    if isinstance(value, str | int | Decimal) and not isinstance(value, bool):
        shown = str(value).strip()
        try:
            number = Decimal(shown[:-1]).scaleb(-2) if shown.endswith("%") else Decimal(shown)
        except InvalidOperation:
            number = Decimal("NaN")
    if not number.is_finite() or not 0 <= number <= 1:
        raise BAD_RATE(value=repr(value))
    return number


def money(value: object, currency: str, where: str, field: str) -> Money:
    """An amount in major units as text (``"50.00"``), a whole number or a Decimal."""
    if isinstance(value, str | int | Decimal) and not isinstance(value, bool):
        return Money.parse(str(value), currency)
    raise BAD_FIELD(where=where, field=field, value=repr(value), expected='an amount as text, such as "50.00"')


def many(value: object, each: Callable[[Any], T], where: str, field: str) -> tuple[T, ...]:
    """A list with at least one item, each read by ``each``."""
    if isinstance(value, Sequence) and not isinstance(value, str) and value:
        return tuple(each(item) for item in value)
    raise BAD_FIELD(where=where, field=field, value=repr(value), expected="a list with at least one item")


def names(value: object, where: str) -> Text:
    """A name in English and Chinese; one text serves both."""
    if isinstance(value, str):
        return Text(text(value, where, "name"), value)
    both = table(value, f"{where}.name")
    known_only(both, ("en", "zh"), f"{where}.name")
    english = text(required(both, "en", f"{where}.name"), where, "name.en")
    return Text(english, text(both.get("zh", english), where, "name.zh"))
