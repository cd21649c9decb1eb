"""Own the commands that a fund is asked by and the answers it gives. Plain frozen data; never a decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from farthing.kit.inputs import Amount, Day, Flag, Id, Line, Rate, Source, Word
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.savings.fund.model import Order
from farthing.savings.fund.trading import Publication


@dataclass(frozen=True)
class FoundFund:
    """Found a fund from a product file (``source``: its whole text). ``policy``: the savings policy pack that binds."""

    product: Id
    source: Source
    policy: Source = "cn"


@dataclass(frozen=True)
class DeclareAsset:
    """Buy an asset with the fund's money: simple interest at ``annual_rate`` by ``day_count`` up to ``to_on``."""

    fund: Id
    name: Line
    principal: Amount
    annual_rate: Rate
    day_count: Word
    to_on: Day


@dataclass(frozen=True)
class RetireAsset:
    """An asset ends and brings ``proceeds``; without them, a matured one brings principal and interest, to the fen."""

    asset_id: Id
    proceeds: Amount | None = None


@dataclass(frozen=True)
class PayFee:
    """Pay the manager (the bank) some of the fee that it has earned."""

    fund: Id
    amount: Amount


@dataclass(frozen=True)
class Subscribe:
    """Buy units from a wallet, one a yuan."""

    fund: Id
    party_id: Id
    amount: Amount


@dataclass(frozen=True)
class Redeem:
    """Redeem for the next trading day; without an amount, everything that can be redeemed now."""

    fund: Id
    party_id: Id
    amount: Amount | None = None


@dataclass(frozen=True)
class RedeemNow:
    """Redeem at once, as far as the caps go. ``rest_next_day``: order what is over for the next trading day."""

    fund: Id
    party_id: Id
    amount: Amount
    rest_next_day: Flag = False


@dataclass(frozen=True)
class CancelOrder:
    """Take an order back before its cut-off."""

    order_id: Id


@dataclass(frozen=True)
class FundView:
    """A fund as people see it. Rates are parts a year. ``insured`` is always false: shares are not deposits."""

    id: str
    name: Words
    currency: str
    carry: str
    cut_off: str
    minimum: Money
    holding_max: Money | None
    fee_annual: Decimal
    product_version: str
    policy: str
    founded_on: date
    index_on: date
    units: Decimal
    instant_person_max: Money | None
    instant_fund_max: Money | None
    insured: bool


@dataclass(frozen=True)
class Offer:
    """What an instant redemption did not pay: it can be ordered for the next trading day, settling on that day."""

    amount: Money
    trading_on: date
    settles_on: date


@dataclass(frozen=True)
class Redeemed:
    """The answer to an instant redemption: what was paid at once, and the offer for the rest.

    ``limited_by``: ``person_cap``, ``fund_cap``, ``liquidity`` or the guard that refused; none where all was paid.
    ``order`` is the instant one (none where nothing could be paid at once); ``next_day`` the one ordered for the
    rest because the command asked for it.
    """

    instant: Money
    offer: Offer | None
    limited_by: str | None
    order: Order | None
    next_day: Order | None


@dataclass(frozen=True)
class HoldingView:
    """What a party has in a fund as of the index of ``index_on``; decimals are major units, 12 decimals.

    ``value`` = units + unpaid + confirmed. ``available`` can be redeemed now. ``income_yesterday`` is what the last
    closed day brought; ``income_total`` everything since the first purchase.
    """

    fund: str
    party_id: str
    index_on: date
    units: Decimal
    unpaid: Decimal
    value: Decimal
    income_yesterday: Decimal
    income_total: Decimal
    available: Money
    buying: Money
    confirmed: Money
    redeeming: Money
    paid_in: Money
    paid_out: Money
    insured: bool


@dataclass(frozen=True)
class Figures:
    """What a fund publishes of a day: income per 10,000 units and the 7-day annualised yield in both forms.

    Yields are parts a year, five decimals; none before the fund has seven days.
    """

    on: date
    per_ten_thousand: Decimal
    seven_day_simple: Decimal | None
    seven_day_compound: Decimal | None


@dataclass(frozen=True)
class Published:
    """Figures of each calendar day of a range, and the publications, in which days without trade are summed."""

    fund: str
    days: tuple[Figures, ...]
    publications: tuple[Publication, ...]


@dataclass(frozen=True)
class OrderPage:
    """A page of orders, newest first; ``next_cursor`` continues with older ones."""

    orders: tuple[Order, ...]
    next_cursor: str | None


@dataclass(frozen=True)
class FeePaid:
    """What was paid to the manager and what it is still owed (negative: it owes the fund rounding or a loss)."""

    fund: str
    paid: Money
    left: Money


@dataclass(frozen=True)
class IncomeOfDay:
    """What a day of a fund brought a holder: ``units`` that earned on it, its published figure, and the ``income``.

    Decimals are major units, 12 decimals; the income is exact, the published figure is rounded to four.
    """

    on: date
    units: Decimal
    per_ten_thousand: Decimal
    income: Decimal
