"""Buy and end a fund's assets and pay its manager; each needs two persons. Never moves a holder's units."""

from __future__ import annotations

from farthing.db.tx import Tx
from farthing.kernel.operation import operation
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF
from farthing.kit.inputs import Id
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.ledger import service as ledger
from farthing.ledger.model import AccountSpec, JournalEntry
from farthing.savings.fund import assets as rules
from farthing.savings.fund import assets_store as store
from farthing.savings.fund import founding_service as funds
from farthing.savings.fund import holders_store as holders
from farthing.savings.fund import refusals
from farthing.savings.fund.assets import AssetChange, Balances
from farthing.savings.fund.commands import DeclareAsset, FeePaid, PayFee, RetireAsset
from farthing.savings.fund.entries import Paths
from farthing.savings.fund.model import Fund, HeldAsset


@operation(
    "savings.fund_declare_asset", title=Words("A fund buys an asset", "基金买入资产"),
    permission="savings:fund", four_eyes=True, whose=STAFF,
)  # fmt: skip
def declare_asset(tx: Tx, command: DeclareAsset) -> HeldAsset:
    """Buy an asset with the fund's free money, as of the day it is approved. Refuses as :func:`rules.declare`."""
    change = _declaring(tx, command)
    at = funds.paths_of(tx, funds.fund(tx, command.fund))
    ledger.open_accounts(tx, [AccountSpec(at.held(change.held.id), change.held.accrued.currency, floor=0)])
    ledger.post_all(tx, [change.entry])
    store.insert_asset(tx, change.held)
    return change.held


def _declaring(tx: Tx, command: DeclareAsset) -> AssetChange:
    fund = funds.fund(tx, command.fund, lock=True)
    at = funds.paths_of(tx, fund)
    return rules.declare(at, fund, command, balances(tx, fund, at), tx.new_id("fasset"), tx.business_date)


@operation(
    "savings.fund_retire_asset", title=Words("A fund's asset ends", "基金资产终止"),
    permission="savings:fund", four_eyes=True, whose=STAFF,
)  # fmt: skip
def retire_asset(tx: Tx, command: RetireAsset) -> HeldAsset:
    """End an asset and take in what it brings. Refuses as :func:`rules.retire`."""
    change = _retiring(tx, command)
    ledger.post_all(tx, [change.entry])
    store.save_assets(tx, [change.held])
    return change.held


def _retiring(tx: Tx, command: RetireAsset) -> AssetChange:
    fund = funds.fund(tx, asset(tx, command.asset_id).fund, lock=True)
    held = asset(tx, command.asset_id)
    return rules.retire(funds.paths_of(tx, fund), fund, held, command, tx.business_date)


@operation(
    "savings.fund_pay_fee", title=Words("Pay a fund's manager", "支付基金管理费"),
    permission="savings:fund", four_eyes=True, whose=STAFF,
)  # fmt: skip
def pay_fee(tx: Tx, command: PayFee) -> FeePaid:
    """Pay the manager, which is the bank, what it has earned. Refuses as :func:`rules.pay_fee`."""
    paid, entry = _paying_fee(tx, command)
    ledger.post_all(tx, [entry])
    return paid


def _paying_fee(tx: Tx, command: PayFee) -> tuple[FeePaid, JournalEntry]:
    fund = funds.fund(tx, command.fund, lock=True)
    at = funds.paths_of(tx, fund)
    return rules.pay_fee(at, fund, command, balances(tx, fund, at), tx.new_id("ffee"), tx.business_date)


def asset(tx: Tx, asset_id: str) -> HeldAsset:
    """One asset; refuses ``savings.fund_asset_unknown``."""
    found = store.find_asset(tx, asset_id)
    if found is None:
        raise refusals.FUND_ASSET_UNKNOWN(asset=asset_id)
    return found


@question("savings.fund_assets", permission="savings:read_any", whose=STAFF)
def assets(tx: Tx, fund_id: Id) -> list[HeldAsset]:
    """The assets that a fund holds now, oldest first; refuses ``savings.fund_unknown``."""
    return [held for held in store.assets_on(tx, funds.fund(tx, fund_id).id, tx.business_date) if not held.retired_on]


def balances(tx: Tx, fund: Fund, at: Paths) -> Balances:
    """What a fund's accounts say, and what is ordered out."""

    def owed(path: str) -> Money:
        return ledger.balance(tx, path).owed()

    leaving = holders.ordered_out(tx, fund.id, fund.currency)
    return Balances(owed(at.cash), owed(at.orders), leaving, owed(at.redemptions), owed(at.line), owed(at.manager))
