"""Own what a bank publishes for savers: products on offer and editions of a rate board.

Never changes what was published: a rate that is in force stays as it was, and new rates begin on a later day.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from farthing.kit.errors import conflict, not_found
from farthing.kit.inputs import Day, Id, Rates, RateText
from farthing.kit.money import Money
from farthing.kit.words import Words

RATES_IN_FORCE = conflict(
    "savings.rates_in_force",
    "Rates of {board} from {effective_on} cannot be published on {today}: new rates begin after today.",
    "{board} 自 {effective_on} 起的利率不能在 {today} 发布：新利率须自次日以后生效。",
)
NO_BOARD = not_found(
    "savings.no_rate_board",
    "The bank has published no rate board {board}; publish one first.",
    "尚未公布利率表 {board}；请先公布。",
)
ACCOUNTS_PINNED = conflict(
    "savings.accounts_pinned",
    "Deposits of {product} live in {currency} on other accounts ({role}: {path}); publish these terms by another name.",
    "{product} 的存款已按币种 {currency} 及原科目（{role} 为 {path}）入账；请以其他名称发布新条款。",
)
NOT_A_DEPOSIT = conflict(
    "savings.not_a_deposit", "{product} is no deposit product but a {kind}.", "{product} 不是存款产品，而是 {kind}。"
)

RETAIL = "retail"
"""The board that a bank's deposits follow unless another is named."""


@dataclass(frozen=True, slots=True)
class EarlierRates:
    """Rates that were in force from ``effective_on`` until those after them, as in :class:`PublishRates`."""

    effective_on: Day
    demand: RateText | None = None
    lump: Rates = field(default_factory=dict)
    instalment: Rates = field(default_factory=dict)
    call: Rates = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PublishRates:
    """New rates of a board, in force from ``effective_on``: annual rates as text, ``"1.85%"`` or ``"0.0185"``.

    ``lump``, ``instalment`` and ``call`` map terms (``3m``, ``1y``, ``7d``) to rates. What is left out is not quoted.
    ``earlier``: the editions before it, which only a board that has none yet may be given.
    """

    board: Id
    effective_on: Day
    demand: RateText | None = None
    lump: Rates = field(default_factory=dict)
    instalment: Rates = field(default_factory=dict)
    call: Rates = field(default_factory=dict)
    until_on: Day | None = None
    earlier: Annotated[tuple[EarlierRates, ...], Field(max_length=100)] = ()


@dataclass(frozen=True, slots=True)
class RatesPublished:
    """An edition that stands on the board."""

    board: str
    effective_on: date
    until_on: date | None


@dataclass(frozen=True, slots=True)
class QuotedRate:
    """An annual rate that is paid today; ``term`` is the term, notice or cycle it is paid for, none for demand."""

    term: str | None
    annual: Decimal


@dataclass(frozen=True, slots=True)
class Offered:
    """A deposit product on offer: what it is, what it gives, what insures it, what it costs to leave.

    ``what``, ``ends`` and ``leaving`` are told from its terms; ``rates`` are what it pays if it is opened today, and
    ``demand_rate`` what most of what is drawn early earns, as of today (None where none is quoted). ``every``: intervals of
    draws; ``renewals``: what may happen at maturity. ``insurance`` is the badge as a sentence; ``insured`` is None where the
    bank's policy names no deposit insurance, and ``insured_to`` what it covers of one person here where it does.
    """

    product: str
    version: int
    name: Words
    method: str
    currency: str
    minimum: Money
    rates: tuple[QuotedRate, ...]
    terms: tuple[str, ...]
    every: tuple[str, ...]
    notices: tuple[str, ...]
    renewals: tuple[str, ...]
    insured: bool | None
    insured_to: Money | None
    insurance: Words
    what: Words
    ends: Words
    leaving: Words
    demand_rate: Decimal | None


@dataclass(frozen=True, slots=True)
class EditionView:
    """One edition of a rate board: annual rates by term, as exact decimals; ``in_force`` today or not."""

    effective_on: date
    until_on: date | None
    in_force: bool
    demand: Decimal | None
    lump: dict[str, Decimal]
    instalment: dict[str, Decimal]
    call: dict[str, Decimal]


@dataclass(frozen=True, slots=True)
class BoardView:
    """A published rate board, the newest edition first."""

    board: str
    on: date
    editions: tuple[EditionView, ...]


@dataclass(frozen=True, slots=True)
class NotAllowed:
    """What the policy in force refuses of deposit products: terms whose ``field`` is ``value`` (``minimum``: that are below
    it), what people call that, why, by which article, and since when, if a day is known."""

    field: str
    value: str
    name: Words
    reason: Words
    article: Words
    since_on: date | None
