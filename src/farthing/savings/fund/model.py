"""Own the nouns of a fund in the bank: the fund, its day, a holder, an order, an asset that it holds.

Tables: ``fund``, ``fund_index``, ``fund_holding``, ``fund_order``, ``fund_asset``. Units have 12
decimals at a holder and 24 in the fund's total; money is whole minor units. Never a balance: those are the ledger's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from farthing.kit.money import Money
from farthing.savings.fund.units import Asset, Holding, Index

PLACED, CONFIRMED, PAYABLE, SETTLED, CANCELLED = "placed", "confirmed", "payable", "settled", "cancelled"
STATES_ZH = {PLACED: "已下单", CONFIRMED: "已确认", PAYABLE: "待付款", SETTLED: "已完成", CANCELLED: "已撤销"}
SUBSCRIBE, REDEEM, INSTANT = "subscribe", "redeem", "instant"


@dataclass(frozen=True)
class Fund:
    """A fund in the bank. ``units`` earn and ``waiting`` is income of all holders at ``index`` (24 decimals, up).

    ``instant`` was paid at once on ``instant_on``. The product's version is a digest: terms never change.
    """

    id: str
    product_version: str
    policy: str
    currency: str
    founded_on: date
    index: Index
    units: Decimal
    waiting: Decimal
    instant_on: date | None
    instant: Money
    version: int


@dataclass(frozen=True)
class Day:
    """A day of a fund: its index at the end, what the units of that day earned, and the published figure.

    ``gross`` less the manager's ``fee`` is ``income`` (24 decimals, major units). ``carried``: at its end waiting
    income became units (monthly carry only).
    """

    on: date
    value: Decimal
    units: Decimal
    gross: Decimal
    fee: Decimal
    income: Decimal
    per_ten_thousand: Decimal
    carried: bool

    @property
    def index(self) -> Index:
        """The index at the end of the day."""
        return Index(self.on, self.value)


@dataclass(frozen=True)
class Holder:
    """What one party has in one fund: ``holding`` as of the index of ``index_on``, and money on its way.

    ``buying``: ordered, not confirmed. ``confirmed``: confirmed, not earning yet. ``redeeming``: ordered out and
    still earning. ``booked``: what the holder's own ledger account says. ``income_last`` is what the day
    ``income_on`` brought, kept because a holding that is touched forgets what it was the day before.
    """

    id: str
    fund: str
    party_id: str
    holding: Holding
    index_on: date
    buying: Money
    confirmed: Money
    redeeming: Money
    booked: Money
    paid_in: Money
    paid_out: Money
    income_on: date
    income_last: Decimal
    instant_on: date | None
    instant: Money
    version: int


@dataclass(frozen=True)
class Order:
    """An order of a holder: ``subscribe``, ``redeem`` (next trading day) or ``instant``.

    States: placed, confirmed (at the close of its trading day), payable (units are gone, money follows on
    ``settles_on``), settled, cancelled. From ``earns_change_on`` its units earn, or earn no more. ``due_on`` is the
    close that handles it next. ``id`` is empty in a preview. ``units`` and ``waiting``: what it changed of the
    holding when it was applied at the index of ``applied_on``.
    """

    id: str
    fund: str
    party_id: str
    kind: str
    amount: Money
    state: str
    placed_at: datetime
    trading_on: date
    earns_change_on: date
    settles_on: date
    due_on: date | None
    confirmed_on: date | None = None
    applied_on: date | None = None
    settled_on: date | None = None
    units: Decimal = Decimal(0)
    waiting: Decimal = Decimal(0)
    version: int = 0


@dataclass(frozen=True)
class HeldAsset:
    """An asset of a fund with what was booked of its accrual (whole minor units) and how it ended.

    ``gain`` is what it brought beyond its accrual when it was retired early; it is income of ``retired_on``.
    """

    id: str
    fund: str
    asset: Asset
    accrued: Money
    retired_on: date | None
    proceeds: Money | None
    gain: Money
    version: int


def holder_id(fund: str, party_id: str) -> str:
    """The one holding of a party in a fund."""
    return f"{fund}:{party_id}"


def day_id(fund: str, on: date) -> str:
    """The one index row of a fund and day."""
    return f"{fund}@{on}"
