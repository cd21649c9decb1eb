"""Decide about a fund's assets: what may be bought, what an end brings, what the manager may take. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from farthing.kit.money import Money, positive
from farthing.kit.rates import year_fraction
from farthing.ledger.model import JournalEntry
from farthing.products import reading
from farthing.savings.fund import entries, refusals
from farthing.savings.fund.commands import DeclareAsset, FeePaid, PayFee, RetireAsset
from farthing.savings.fund.entries import Paths
from farthing.savings.fund.income import accrued_until
from farthing.savings.fund.model import Fund, HeldAsset
from farthing.savings.fund.shares import fund_day, whole_down, whole_up
from farthing.savings.fund.units import Asset

LONGEST_NAME = 100


@dataclass(frozen=True)
class Balances:
    """What a fund's accounts say, on their own side, and what its holders have ordered out (``leaving``)."""

    cash: Money
    orders: Money
    leaving: Money
    redemptions: Money
    line: Money
    manager: Money

    @property
    def free(self) -> Money:
        """Cash that is not promised: not to orders that may be cancelled, nor redemptions, the line, the manager."""
        owed = max(self.manager, Money.zero(self.manager.currency))
        return self.cash - self.orders - self.leaving - self.redemptions - self.line - owed


@dataclass(frozen=True)
class AssetChange:
    """An asset after a decision, and its entry."""

    held: HeldAsset
    entry: JournalEntry


def declare(at: Paths, fund: Fund, command: DeclareAsset, there: Balances, asset_id: str, on: date) -> AssetChange:
    """Buy an asset today with money that is free.

    Refuses ``money.*``, ``savings.bad_rate``, ``rates.unknown_day_count``, ``savings.fund_asset_bad``,
    ``savings.fund_cash_short``.
    """
    positive(command.principal)
    reading.rate(command.annual_rate)
    day = fund_day(fund, on)
    if not 1 <= len(command.name) <= LONGEST_NAME or not command.name.isprintable():
        raise refusals.FUND_ASSET_BAD(
            field="name", value=repr(command.name[:60]), expected="1 to 100 characters", expected_zh=" 1 至 100 个字符"
        )
    if command.to_on <= day:
        raise refusals.FUND_ASSET_BAD(
            field="to_on", value=command.to_on, expected=f"after {day}", expected_zh=f" {day} 之后的日期"
        )
    year_fraction(command.day_count, day, command.to_on)
    if command.principal > there.free:
        raise refusals.FUND_CASH_SHORT(fund=fund.id, free=str(there.free), wanted=str(command.principal))
    asset = Asset(command.name, command.principal, command.annual_rate, command.day_count, day, command.to_on)
    zero = Money.zero(fund.currency)
    held = HeldAsset(asset_id, fund.id, asset, zero, None, None, zero, 0)
    return AssetChange(held, entries.bought(at, held, on))


def retire(at: Paths, fund: Fund, held: HeldAsset, command: RetireAsset, on: date) -> AssetChange:
    """End an asset. What it brings beyond its exact accrual is the holders' income of the day; a loss is the manager's.

    Refuses ``savings.fund_asset_ended``, ``savings.fund_asset_not_mature``, ``savings.fund_asset_bad``.
    """
    if held.retired_on is not None:
        raise refusals.FUND_ASSET_ENDED(asset=held.id, retired_on=held.retired_on)
    day = fund_day(fund, on)
    earned = accrued_until(held.asset, day - timedelta(days=1))
    proceeds = command.proceeds
    if proceeds is None:
        if day < held.asset.to_on:
            raise refusals.FUND_ASSET_NOT_MATURE(asset=held.id, to_on=held.asset.to_on)
        proceeds = held.asset.principal + whole_down(earned, fund.currency)
    zero = Money.zero(fund.currency)
    if proceeds < zero:
        raise refusals.FUND_ASSET_BAD(
            field="proceeds", value=str(proceeds), expected="zero or more", expected_zh="零或以上"
        )
    gain = max(proceeds - held.asset.principal - whole_up(earned, fund.currency), zero)
    after = replace(held, retired_on=day, proceeds=proceeds, gain=gain)
    return AssetChange(after, entries.ended(at, held, proceeds, on))


def pay_fee(
    at: Paths, fund: Fund, command: PayFee, there: Balances, number: str, on: date
) -> tuple[FeePaid, JournalEntry]:
    """Pay the manager what it has earned; refuses ``money.*``, ``savings.fund_fee_over``, ``savings.fund_cash_short``."""
    positive(command.amount)
    if command.amount > there.manager:
        raise refusals.FUND_FEE_OVER(amount=str(command.amount), due=str(there.manager), fund=fund.id)
    free = there.free + there.manager
    if command.amount > free:
        raise refusals.FUND_CASH_SHORT(fund=fund.id, free=str(free), wanted=str(command.amount))
    paid = FeePaid(fund.id, command.amount, there.manager - command.amount)
    return paid, entries.fee_paid(at, command.amount, number, on)
