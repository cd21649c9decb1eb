"""Own the one strict reader of files: TOML, and JSON of the same shape. Every key is known and every number exact.

A file is law for money; a misspelt key that is ignored is a rule that silently does not hold, and a binary fraction is no
figure of money. Whoever owns a file's kind says how it refuses: a ``Says`` turns a ``Fault`` into its own declared code.
Nothing else reads TOML.
"""

from __future__ import annotations

import re
import reprlib
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, Literal, TypeVar

from farthing.kit.errors import Refusal
from farthing.kit.money import EXPONENTS, Money
from farthing.kit.words import Words

T = TypeVar("T")

REQUIRED: Any = object()
"""A key with no default: its absence is a fault."""
_NUMBER = re.compile(r"[+-]?[0-9]{1,20}(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,2})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
YEARS = range(1900, 2200)
"""Years that a file may name: those in which a deposit or a loan may live."""
_MOST_WHOLE, _MOST_DECIMALS = 20, 12
LONGEST_LINE = 1_000
"""Characters. Python reads a key of parts in the square of their number, and a key stands on one line: a file of 60 kB that is
one key of thirty thousand parts took a minute."""
_NAMED_MONEY = re.compile(r"([A-Z]{3})\s+(.+)")
_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = _SHORT.maxlong = 60
_SHORT.maxlevel = 3


def shown(value: object) -> str:
    """A value for a sentence: its ``repr``, never long and never deep."""
    if isinstance(value, Decimal):
        return _SHORT.repr(str(value)).strip("'")
    return _SHORT.repr(value)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong: in which file and table, at which key, and why in both languages.

    ``value`` and what was ``expected`` are there where a value is unfit; ``known`` where a key is not known; ``money`` where an
    amount was refused by the rules of money themselves.
    """

    kind: Literal["unreadable", "unknown", "missing", "unfit", "wrong"]
    file: str
    path: str
    key: str
    problem: str
    problem_zh: str
    value: str = ""
    expected: str = ""
    expected_zh: str = ""
    known: tuple[str, ...] = ()
    money: Refusal | None = None

    @property
    def name(self) -> str:
        """The key as a person finds it in the file: ``rate.annual``."""
        return ".".join(part for part in (self.path, self.key) if part)

    @property
    def where(self) -> str:
        """The table as a person finds it among files: ``savings-demand.settlement``."""
        return ".".join(part for part in (self.file, self.path) if part)


Says = Callable[[Fault], Exception]
"""How the owner of a kind of file says no."""


@dataclass(slots=True)
class Table:
    """One table while it is read: remembers which keys were asked for, so that ``close`` finds the others.

    ``standing``: the file stands in the database, checked when it was published, perhaps by an older program. Keys and names
    that are no longer known meant nothing even then and are passed over; of a key that was not known yet its reader says
    what was meant (``older``); whatever else is missing is refused, for nothing is made up.
    ``law``: a file of law, of which nothing is passed over, standing or not: what a program does not know would bind nobody.
    ``quoted``: numbers with decimals stand in quotes; without it a whole number or an exact decimal of JSON is one as well.
    """

    file: str
    values: Mapping[str, Any]
    says: Says
    path: str = ""
    standing: bool = False
    law: bool = False
    quoted: bool = False
    asked: dict[str, None] = field(default_factory=dict)

    def wrong(self, key: str, problem: str, problem_zh: str) -> Exception:
        """The refusal of a key that breaks a rule of its own."""
        return self.says(Fault("wrong", self.file, self.path, key, problem, problem_zh))

    def unfit(self, key: str, value: object, expected: str, expected_zh: str) -> Exception:
        """The refusal of a value that is not what was expected."""
        what = value if isinstance(value, str) else shown(value)
        en, zh = f"must be {expected}, not {what}", f"应为{expected_zh}，而非 {what}"
        return self.says(Fault("unfit", self.file, self.path, key, en, zh, what, expected, expected_zh))

    @property
    def passes(self) -> bool:
        """Whether what is not known is passed over."""
        return self.standing and not self.law

    def has(self, key: str) -> bool:
        """Whether an optional key is there."""
        self.asked[key] = None
        return self.values.get(key) is not None

    def older(self, key: str) -> bool:
        """Whether this is a standing file from before the key was known."""
        return self.standing and not self.has(key)

    def maybe(self, key: str, read: Callable[[str], T]) -> T | None:
        """What an optional key says, or None."""
        return read(key) if self.has(key) else None

    def take(self, key: str, default: Any = REQUIRED) -> Any:
        """A value as it stands in the file, or the default."""
        self.asked[key] = None
        value = self.values.get(key, default)
        if value is REQUIRED or (value is None and default is REQUIRED):
            raise self.says(Fault("missing", self.file, self.path, key, "is missing", "缺失"))
        return value

    def text(self, key: str, default: Any = REQUIRED) -> str:
        """Text that is not empty."""
        value = self.take(key, default)
        if isinstance(value, str) and value.strip():
            return value
        raise self.unfit(key, shown(value), "text", "文本")

    def choice(self, key: str, among: Iterable[str], default: Any = REQUIRED) -> str:
        """One of a closed set of names."""
        value, names = self.take(key, default), list(among)
        if isinstance(value, str) and value in names:
            return value
        raise self.unfit(key, shown(value), f"one of {', '.join(names)}", f"以下之一：{', '.join(names)}")

    def choices(self, key: str, among: Iterable[str]) -> tuple[str, ...]:
        """Several of a closed set of names: at least one, none twice, in the order written."""
        values, names = self.take(key), list(among)
        if isinstance(values, list) and self.passes:
            values = [value for value in values if value in names]
        if not isinstance(values, list) or any(value not in names for value in values):
            raise self.unfit(key, shown(values), f"a list of {', '.join(names)}", f"由 {', '.join(names)} 组成的列表")
        if not values or len(set(values)) != len(values):
            raise self.wrong(key, "must hold at least one name and none twice", "至少含一个名称，且不得重复")
        return tuple(values)

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, perhaps an empty one."""
        values = self.take(key)
        if isinstance(values, list) and all(isinstance(value, str) for value in values):
            return tuple(values)
        raise self.unfit(key, shown(values), "a list of texts", "文本列表")

    def many(self, key: str, each: Callable[[Table], T], default: Any = REQUIRED) -> tuple[T, ...]:
        """A list with at least one item; ``each`` reads an item under the list's own key."""
        values = self.take(key, default)
        if isinstance(values, Sequence) and not isinstance(values, str) and values:
            return tuple(each(replace(self, values={key: value}, asked={})) for value in values)
        raise self.unfit(key, shown(values), "a list with at least one item", "至少有一项的列表")

    def whole(self, key: str, low: int = 0, high: int = 10**9, default: Any = REQUIRED) -> int:
        """A whole number within limits; a boolean is none."""
        value = self.take(key, default)
        if type(value) is int and low <= value <= high:
            return value
        raise self.unfit(key, shown(value), f"a whole number from {low} to {high}", f" {low} 至 {high} 的整数")

    def flag(self, key: str, default: Any = REQUIRED) -> bool:
        """``true`` or ``false``."""
        value = self.take(key, default)
        if isinstance(value, bool):
            return value
        raise self.unfit(key, shown(value), "true or false", " true 或 false")

    def decimal(self, key: str, low: str | None = None, high: str | None = None, default: Any = REQUIRED) -> Decimal:
        """An exact number, never a binary fraction, within limits if there are any."""
        value = self.take(key, default)
        number = None if self.quoted and not isinstance(value, str) else exact(value)
        if number is None:
            raise self.unfit(key, shown(value), 'an exact number as text, such as "0.6"', '以文本写的精确数，如 "0.6"')
        if low is not None and high is not None and not Decimal(low) <= number <= Decimal(high):
            raise self.unfit(key, shown(value), f"a number from {low} to {high}", f" {low} 至 {high} 的数")
        return number

    def money(self, key: str, currency: str, default: Any = REQUIRED) -> Money:
        """An amount in major units, read exactly: text (``"50.00"``), and unless ``quoted`` also ``"CNY 50.00"`` or a number."""
        value = self.take(key, default)
        written = self._amount(value, currency)
        if written is None:
            raise self.unfit(key, shown(value), 'an amount as text, such as "50.00"', '以文本写的金额，如 "50.00"')
        try:
            return Money.parse(*written)
        except Refusal as refusal:
            en, zh = refusal.detail.rstrip("."), refusal.detail_zh.rstrip("。")
            raise self.says(Fault("wrong", self.file, self.path, key, en, zh, money=refusal)) from None

    def _amount(self, value: object, currency: str) -> tuple[str, str] | None:
        """What is written as an amount, and its currency."""
        if isinstance(value, str) and (self.quoted or len(value) <= 60):
            named = None if self.quoted else _NAMED_MONEY.fullmatch(value.strip())
            return (named[2], named[1]) if named else (value, currency)
        if self.quoted or isinstance(value, str):
            return None
        if type(value) is int and abs(value) < 10**60:
            return str(value), currency
        number = exact(value)
        return None if number is None else (format(number, "f"), currency)

    def positive(self, key: str, currency: str) -> Money:
        """An amount of more than zero."""
        amount = self.money(key, currency)
        if amount.minor <= 0:
            raise self.wrong(key, "must be more than zero", "必须大于零")
        return amount

    def by_currency(self, key: str) -> dict[str, Money]:
        """A table of positive amounts, each under its currency's code."""
        table = self.table(key)
        for code in table.values:
            if code not in EXPONENTS:
                raise table.wrong(
                    code, f"must be one of {', '.join(EXPONENTS)}", f"须为以下之一：{', '.join(EXPONENTS)}"
                )
        return {code: table.positive(code, code) for code in table.values}

    def words(self, key: str) -> Words:
        """A text in English and Chinese."""
        table = self.table(key)
        words = Words(table.text("en"), table.text("zh"))
        table.close()
        return words

    def table(self, key: str, default: Any = REQUIRED) -> Table:
        """A table inside this one."""
        value = self.take(key, default)
        if not isinstance(value, Mapping):
            raise self.unfit(key, shown(value), "a table of named fields", "由具名字段组成的表")
        return replace(self, values=value, path=f"{self.path}.{key}" if self.path else key, asked={})

    def close(self) -> None:
        """Refuse a key that nobody asked for."""
        for key in () if self.passes else self.values:
            if key not in self.asked:
                known, name = tuple(self.asked), shown(key).strip("'")
                en, zh = f"is not known here; known are {', '.join(known)}", f"不认识；可用的键为 {', '.join(known)}"
                raise self.says(Fault("unknown", self.file, self.path, name, en, zh, known=known))


def exact(value: object) -> Decimal | None:
    """An exact, finite number of at most 20 whole and 12 decimal places, or None."""
    if isinstance(value, str | int | Decimal) and not isinstance(value, bool):
        written = value.strip() if isinstance(value, str) else str(value)
        if _NUMBER.fullmatch(written):
            number = Decimal(written)
            if number.adjusted() < _MOST_WHOLE and -int(number.as_tuple().exponent) <= _MOST_DECIMALS:
                return number
    return None


def calendar_day(value: object) -> date | None:
    """An ISO 8601 calendar date (``2026-02-28``) of ``YEARS``, or a TOML date; else None."""
    found = value if type(value) is date else None
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            found = date.fromisoformat(value)
        except ValueError:
            return None
    return found if found is not None and found.year in YEARS else None


def part(value: object, most: int = 1) -> Decimal | None:
    """A part of something, ``"1.85%"`` or ``"0.0185"``, from 0 to ``most``; else None."""
    percent = isinstance(value, str) and value.strip().endswith("%")
    number = exact(value.strip()[:-1] if isinstance(value, str) and percent else value)
    if number is None or not 0 <= number <= (100 if percent else 1) * most:
        return None
    return number.scaleb(-2) if percent else number


def opened(file: str, value: object, says: Says, *, standing: bool = False, law: bool = False) -> Table:
    """A table that was read already; refuses what is none."""
    table = Table(file, value if isinstance(value, Mapping) else {}, says, standing=standing, law=law)
    if not isinstance(value, Mapping):
        raise table.unfit("", shown(value), "a table of named fields", "由具名字段组成的表")
    return table


def parse(file: str, source: str, says: Says, *, quoted: bool = False) -> Table:
    """The table of a whole TOML file. What Python itself does not read, such as a number of thousands of digits or brackets
    thousands deep, is refused as any other mistake; so is a line longer than any figure or sentence needs."""
    if any(len(line) > LONGEST_LINE for line in source.split("\n")):
        en, zh = f"a line is longer than {LONGEST_LINE} characters", f"有一行超过 {LONGEST_LINE} 个字符"
        raise says(Fault("unreadable", file, "", "", en, zh))
    try:
        return Table(file, tomllib.loads(source), says, quoted=quoted)
    except (ValueError, RecursionError) as error:
        raise says(Fault("unreadable", file, "", "", str(error), str(error))) from None
