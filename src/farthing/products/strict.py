"""Read TOML strictly: every key known, every value of its type, every number exact. Pure.

A product or policy file is law for money; a misspelt key that is ignored is a rule that silently does not hold.
Numbers with decimals are written as text (``"0.12"``), because a TOML float is binary.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from farthing.kit.errors import Refusal, malformed
from farthing.kit.money import EXPONENTS, Money
from farthing.kit.words import Words

UNREADABLE = malformed(
    "products.unreadable",
    "{file} is not TOML: {problem}.",
    "{file} 不是有效的 TOML:{problem}。",
)
UNKNOWN_KEY = malformed(
    "products.unknown_key",
    "{file}: the key {key} is not known here; known are {known}.",
    "{file}：不认识键 {key}；可用的键为 {known}。",
)
INVALID = malformed(
    "products.invalid",
    "{file}: {key} {problem}.",
    "{file}:{key} 无效（{problem}）。",
)


@dataclass(slots=True)
class Table:
    """One TOML table while it is read: remembers which keys were asked for, so that ``close`` finds the others.

    ``kept``: the file was checked when it was published, perhaps by an older program. Keys and names that are no longer
    known meant nothing even then and are passed over; a key that was not known yet means what it says was meant ``before``.
    ``standing``: the same of a policy pack, of which nothing is passed over and no law is made up.
    """

    file: str
    values: dict[str, Any]
    path: str = ""
    asked: set[str] = field(default_factory=set)
    kept: bool = False
    standing: bool = False

    def name(self, key: str) -> str:
        """The key as a person finds it in the file: ``rate.annual``."""
        return f"{self.path}.{key}" if self.path else key

    def wrong(self, key: str, problem: str) -> Refusal:
        """The refusal ``products.invalid`` for a key of this table."""
        return INVALID(file=self.file, key=self.name(key), problem=problem)

    def has(self, key: str) -> bool:
        """Whether an optional key is there."""
        self.asked.add(key)
        return key in self.values

    def _take(self, key: str, kind: type, article: str) -> Any:
        self.asked.add(key)
        if key not in self.values:
            raise self.wrong(key, "is missing")
        value = self.values[key]
        if type(value) is not kind:  # exactly: a TOML boolean is a Python int
            raise self.wrong(key, f"must be {article}, not {value!r}")
        return value

    def text(self, key: str) -> str:
        """Text that is not empty."""
        value = str(self._take(key, str, "text in quotes")).strip()
        if not value:
            raise self.wrong(key, "must not be empty")
        return value

    def older(self, key: str) -> bool:
        """Whether this is a kept file from before the key was known."""
        return self.kept and not self.has(key)

    def choice(self, key: str, among: Iterable[str], before: str | None = None) -> str:
        """One of a closed set of names."""
        if before is not None and self.older(key):
            return before
        value, names = self.text(key), list(among)
        if value not in names:
            raise self.wrong(key, f"must be one of {', '.join(names)}, not {value}")
        return value

    def choices(self, key: str, among: Iterable[str]) -> tuple[str, ...]:
        """Several of a closed set of names: at least one, none twice, in the order written."""
        names = list(among)
        values = self._take(key, list, "a list of names")
        if self.kept:
            values = [value for value in values if value in names]
        for value in values:
            if value not in names:
                raise self.wrong(key, f"may hold {', '.join(names)}, not {value!r}")
        if not values or len(set(values)) != len(values):
            raise self.wrong(key, "must hold at least one name and none twice")
        return tuple(values)

    def integer(self, key: str, low: int, high: int) -> int:
        """A whole number from ``low`` to ``high``."""
        value = int(self._take(key, int, "a whole number"))
        if not low <= value <= high:
            raise self.wrong(key, f"must lie between {low} and {high}, not {value}")
        return value

    def integers(self, key: str, low: int, high: int) -> tuple[int, ...]:
        """Whole numbers, rising."""
        values = self._take(key, list, "a list of whole numbers")
        if not values or any(type(value) is not int or not low <= value <= high for value in values):
            raise self.wrong(key, f"must hold whole numbers between {low} and {high}")
        if list(values) != sorted(set(values)):
            raise self.wrong(key, "must rise")
        return tuple(values)

    def flag(self, key: str) -> bool:
        """``true`` or ``false``."""
        return bool(self._take(key, bool, "true or false"))

    def decimal(self, key: str, low: str, high: str) -> Decimal:
        """An exact number written as text, from ``low`` to ``high``."""
        text = self._take(key, str, 'a number in quotes such as "0.12"')
        try:
            value = Decimal(text)
        except InvalidOperation:
            raise self.wrong(key, f"is not a number: {text!r}") from None
        if not value.is_finite() or not Decimal(low) <= value <= Decimal(high):
            raise self.wrong(key, f"must lie between {low} and {high}, not {text}")
        return value

    def currency(self, key: str) -> str:
        """An ISO 4217 code this deployment knows."""
        return self.choice(key, EXPONENTS)

    def money(self, key: str, currency: str) -> Money:
        """A positive amount written as text in major units."""
        text = self._take(key, str, 'an amount in quotes such as "500.00"')
        try:
            amount = Money.parse(text, currency)
        except Refusal as refusal:
            raise self.wrong(key, refusal.detail.rstrip(".")) from None
        if amount.minor <= 0:
            raise self.wrong(key, "must be more than zero")
        return amount

    def by_currency(self, key: str) -> dict[str, Money]:
        """A table of positive amounts, each under its currency's code."""
        table = self.table(key)
        for code in table.values:
            if code not in EXPONENTS:
                raise table.wrong(code, f"must be one of {', '.join(EXPONENTS)}")
        found = {code: table.money(code, code) for code in table.values}
        table.close()
        return found

    def words(self, key: str) -> Words:
        """A text in English and Chinese."""
        table = self.table(key)
        words = Words(table.text("en"), table.text("zh"))
        table.close()
        return words

    def table(self, key: str) -> Table:
        """A table inside this one."""
        return Table(self.file, self._take(key, dict, "a table"), self.name(key), kept=self.kept)

    def texts(self, key: str, keys: Sequence[str]) -> dict[str, str]:
        """A table that holds exactly ``keys``, each a text."""
        table = self.table(key)
        found = {name: table.text(name) for name in keys}
        table.close()
        return found

    def close(self) -> None:
        """Refuse ``products.unknown_key`` if the table holds a key nobody asked for."""
        for key in self.values:
            if key not in self.asked and not self.kept:
                raise UNKNOWN_KEY(file=self.file, key=self.name(key), known=", ".join(sorted(self.asked)))


def parse(file: str, source: str, *, kept: bool = False) -> Table:
    """The table of a whole file, new or ``kept``; refuses ``products.unreadable``."""
    try:
        return Table(file, tomllib.loads(source), kept=kept)
    except tomllib.TOMLDecodeError as error:
        raise UNREADABLE(file=file, problem=str(error)) from None
