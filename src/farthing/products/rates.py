"""Own the rate board: which annual rate a product family and term paid on which day.

A board is a row of editions, each in force from its effective date until the next one; a hole between two editions
is refused when the board is read. Never interpolates: a rate that was not published does not exist.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import ClassVar

from farthing.kit.errors import conflict, declined, malformed
from farthing.kit.tables import Table
from farthing.products import reading

GAP = declined(
    "savings.rate_board_gap",
    "Rate board {board} has no edition in force on {on}; publish one that covers that day.",
    "利率表 {board} 在 {on} 没有生效的版本；请补发覆盖该日的版本。",
)
OVERLAP = conflict(
    "savings.rate_board_overlap",
    "Rate board {board} has two editions in force on {on}; keep one.",
    "利率表 {board} 在 {on} 有两个版本同时生效；请只保留一个。",
)
NOT_QUOTED = declined(
    "savings.rate_not_quoted",
    "Rate board {board} quotes no {family} rate for term {term} on {on}; choose a term it quotes.",
    "利率表 {board} 在 {on} 没有 {family} {term} 的挂牌利率；请选择已挂牌的存期。",
)
BAD_TERM = malformed(
    "savings.bad_term",
    "{text} is not a term; write days, months or years such as 7d, 3m or 1y.",
    "{text} 不是存期；请写成 7d、3m 或 1y。",
)

TERM_TWICE = malformed(
    "savings.term_twice",
    "{text} is quoted twice, at {one} and at {other}; 12m and 1y are one term.",
    "{text} 有两个不同的利率：{one} 和 {other}；12m 与 1y 是同一存期。",
)


@dataclass(frozen=True, order=True)
class Term:
    """A length of time: whole months, or days for notice deposits; never both."""

    months: int = 0
    days: int = 0

    def __str__(self) -> str:
        """``7d``, ``3m`` or ``1y``: the text rate boards use."""
        if self.days:
            return f"{self.days}d"
        return f"{self.months // 12}y" if self.months % 12 == 0 else f"{self.months}m"


def parse_term(text: object) -> Term:
    """Read ``7d``, ``6m`` or ``1y`` (``12m`` and ``1y`` are one term); refuses ``savings.bad_term``."""
    if isinstance(text, str) and text[:-1].isascii() and text[:-1].isdigit() and text[-1] in "dmy":
        count = int(text[:-1])
        if 0 < count <= 1200:
            return Term(days=count) if text[-1] == "d" else Term(months=count * (12 if text[-1] == "y" else 1))
    raise BAD_TERM(text=text if isinstance(text, str) and len(text) < 40 else type(text).__name__)


def by_term(quoted: Mapping[str, object]) -> dict[Term, Decimal]:
    """Read rates by their terms; refuses ``savings.bad_term``, ``savings.bad_rate`` and, of one term at two rates,
    ``savings.term_twice``."""
    found: dict[Term, Decimal] = {}
    for text, annual in quoted.items():
        term, rate = parse_term(text), reading.rate(annual)
        if found.setdefault(term, rate) != rate:
            raise TERM_TWICE(text=text, one=str(found[term]), other=str(rate))
    return found


@dataclass(frozen=True)
class Edition:
    """The rates in force from ``effective_on``; ``until_on`` is the last day, or None: until the next edition.

    ``rates`` maps (family, term or None for demand) to an annual rate as an exact decimal: 0.0185 is 1.85%.
    """

    effective_on: date
    rates: Mapping[tuple[str, Term | None], Decimal]
    until_on: date | None = None


@dataclass(frozen=True)
class RateBoard:
    """A bank's published rates in a currency; ``editions`` stand in the order of their effective dates, without a hole."""

    kind: ClassVar[str] = "rate_board"
    name: str
    editions: tuple[Edition, ...]
    currency: str | None = None

    def edition(self, on: date) -> Edition:
        """The edition in force on a day; refuses ``savings.rate_board_gap``."""
        for edition in reversed(self.editions):
            if edition.effective_on <= on:
                if edition.until_on is not None and on > edition.until_on:
                    break
                return edition
        raise GAP(board=self.name, on=on.isoformat())

    def rate(self, family: str, term: Term | None, on: date) -> Decimal:
        """Annual rate of a family and term on a day; refuses a gap or a term the board does not quote."""
        rates = self.edition(on).rates
        if (family, term) not in rates:
            raise NOT_QUOTED(board=self.name, family=family, term=str(term or ""), on=on.isoformat())
        return rates[family, term]

    def demand(self, on: date) -> Decimal:
        """Annual demand rate of a day."""
        return self.rate("demand", None, on)

    def terms(self, family: str, on: date) -> tuple[Term, ...]:
        """The terms a family is quoted for on a day, shortest first."""
        return tuple(sorted(term for name, term in self.edition(on).rates if name == family and term is not None))


def rate_board(name: str, editions: Sequence[Edition], currency: str | None = None) -> RateBoard:
    """Put editions in order and refuse holes (``savings.rate_board_gap``) and overlaps between them."""
    ordered = tuple(sorted(editions, key=lambda edition: edition.effective_on))
    for earlier, later in pairwise(ordered):
        if earlier.effective_on == later.effective_on:
            raise OVERLAP(board=name, on=later.effective_on.isoformat())
        if earlier.until_on is None:
            continue
        if earlier.until_on >= later.effective_on:
            raise OVERLAP(board=name, on=later.effective_on.isoformat())
        if earlier.until_on + timedelta(days=1) < later.effective_on:
            raise GAP(board=name, on=(earlier.until_on + timedelta(days=1)).isoformat())
    return RateBoard(name, ordered, currency)


def decode_board(name: str, value: object, *, standing: bool = False) -> RateBoard:
    """A board: ``{editions = [{effective_on, demand, lump = {...}, instalment = {...}, call = {...}}]}``.

    One edition alone may be given without the list around it.
    """
    table = reading.savings(name, value, standing=standing)
    if "editions" not in table.values and "effective_on" in table.values:
        table = reading.savings(name, {"editions": [table.values]}, standing=standing)
    table.has("kind")
    label = table.file = table.text("name", name)
    editions = table.many("editions", lambda one: _edition(one.table("editions")))
    currency = reading.currency(table) if table.has("currency") else None
    table.close()
    return rate_board(label, editions, currency)


def decode_edition(name: str, value: object) -> Edition:
    """One edition of a board: ``{effective_on, until_on, demand, lump = {...}, instalment = {...}, call = {...}}``."""
    return _edition(reading.savings(f"{name}.editions", value))


def _edition(table: Table) -> Edition:
    rates: dict[tuple[str, Term | None], Decimal] = {}
    if table.has("demand"):
        rates["demand", None] = reading.rate(table.take("demand"))
    for family in ("lump", "instalment", "call"):
        for term, annual in by_term(table.table(family, {}).values).items():
            rates[family, term] = annual
    start = reading.day(table.take("effective_on"))
    until = table.maybe("until_on", lambda key: reading.day(table.take(key)))
    if until is not None and until < start:
        raise table.unfit("until_on", until.isoformat(), f"{start} or later", f"不早于 {start}")
    table.close()
    return Edition(effective_on=start, rates=rates, until_on=until)
