"""Run a fund's orders: load, decide by the pure rules, post and save in one transaction; and read what people hold.

Never branches about money itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from farthing.db.tx import Tx
from farthing.kernel.day import local_time
from farthing.kernel.operation import Call, operation, sole
from farthing.kernel.proving.rules import counted
from farthing.kernel.question import question
from farthing.kernel.undone import undone
from farthing.kernel.whose import of
from farthing.kit.errors import Refusal
from farthing.kit.inputs import Cursor, Day, Id, PageSize
from farthing.kit.words import Words
from farthing.ledger import service as ledger
from farthing.ledger.guards import GUARD
from farthing.ledger.model import AccountSpec
from farthing.parties import service as parties
from farthing.payments.limits import service as spending
from farthing.payments.wallets import wallet_path
from farthing.products.alone import service as alone
from farthing.savings.fund import founding_service as funds
from farthing.savings.fund import holders_store as holders
from farthing.savings.fund import refusals, rules, store, views
from farthing.savings.fund.commands import (
    CancelOrder,
    HoldingView,
    IncomeOfDay,
    OrderPage,
    Redeem,
    Redeemed,
    RedeemNow,
    Subscribe,
)
from farthing.savings.fund.day_service import settle_orders, share_income
from farthing.savings.fund.model import Fund, Holder, Order, holder_id
from farthing.savings.fund.own_income import income_by_day
from farthing.savings.fund.rules import Change, Facts
from farthing.savings.fund.shares import advanced, fund_day, new_holder
from farthing.savings.fund.trading import RedemptionPlan
from farthing.savings.shelf import service as catalogue

__all__ = [
    "cancel", "holding", "holdings", "income", "order", "orders", "redeem", "redeem_now", "settle_orders",
    "share_income", "subscribe",
]  # fmt: skip

LAST_ID = "~"
"""Sorts after every order id."""
LONGEST_PAGE = 200
ONE_DAY = timedelta(days=1)


def subscriptions(tx: Tx, calls: Sequence[Call]) -> list[Order | Refusal]:
    """Buy units for many. What the rules refuse is told before anything is written; what the books refuse is raised."""
    places: dict[str, list[int]] = {}
    for place, call in enumerate(calls):
        places.setdefault(call.command.fund, []).append(place)
    answers: dict[int, Order | Refusal] = {}
    for fund_id, of_one in places.items():
        answers |= zip(of_one, _subscribe_all(tx, fund_id, [calls[place] for place in of_one]), strict=True)
    return [answers[place] for place in range(len(calls))]


def _subscribe_all(tx: Tx, fund_id: str, calls: Sequence[Call]) -> list[Order | Refusal]:
    """Subscriptions of one fund, one after the other: a second one of a party is decided on what the first came to."""
    asked = sorted({call.command.party_id for call in calls})
    found = funds.find(tx, fund_id)
    known = parties.parties(tx, asked)
    held = {} if found is None else holders.lock_holders(tx, [holder_id(found.id, party) for party in asked])
    now, changes = dict(held), list[Change]()
    facts = None if found is None else _facts_of(tx, found, [each.index_on for each in held.values()])
    answers: list[Order | Refusal] = []
    for call in calls:
        party = call.command.party_id
        try:
            rules.check_own(call.actor, party)
            if facts is None:
                raise refusals.FUND_UNKNOWN(fund=fund_id)
            if party not in known:
                raise parties.unknown(party)
            holder = now[party] if party in now else new_holder(facts.fund, party)
            change = rules.subscribe(replace(facts, actor=call.actor), holder, call.command, tx.new_id("ford"))
            spending.beside(replace(tx, actor=call.actor), party, call.command.amount)
        except Refusal as refusal:
            answers.append(refusal)
            continue
        now[party] = change.holder
        changes.append(change)
        answers.append(change.order)
    if facts is not None and changes:
        bought = {change.order.party_id for change in changes}
        holders.make_holders(tx, [new_holder(facts.fund, party) for party in sorted(bought - set(held))])
        _keep_all(tx, facts, changes, [now[party] for party in sorted(bought)])
    return answers


@operation(
    "savings.fund_subscribe", title=Words("Buy units of a fund", "申购基金"),
    permission="savings:deposit", whose=of("party_id"), confirm=rules.order_seen, by_key=counted, bulk=subscriptions,
)  # fmt: skip
def subscribe(tx: Tx, command: Subscribe) -> Order:
    """Buy units from a wallet. The money leaves it at once; units earn from the trading day after the order's.

    Refuses ``savings.fund_unknown``, ``parties.unknown``, ``savings.fund_*``, ``money.*`` and ``ledger.*`` where the
    wallet has too little.
    """
    return sole(subscriptions(tx, [Call(command, tx.actor)]))


def _large(tx: Tx, command: Redeem | RedeemNow) -> bool:
    """Whether what is redeemed, with what was set free that day, is more than one member of staff does alone."""
    amount = command.amount
    if amount is None:
        amount = undone(tx, lambda: _redeeming(tx, Redeem(command.fund, command.party_id))[1]).order.amount
    return alone.needs_two(tx, "freed", command.party_id, amount)


@operation(
    "savings.fund_redeem", title=Words("Redeem units of a fund", "赎回基金"),
    permission="savings:withdraw", whose=of("party_id"), two_for_another=_large, confirm=rules.order_seen,
)  # fmt: skip
def redeem(tx: Tx, command: Redeem) -> Order:
    """Redeem for the next trading day; the units earn until the day before.

    Refuses ``savings.fund_unknown``, ``parties.unknown``, ``savings.fund_*``, ``money.*``.
    """
    return _keep(tx, *_redeeming(tx, command))


def _redeeming(tx: Tx, command: Redeem) -> tuple[Facts, Change]:
    facts, holder = _facts(tx, command.fund, command.party_id)
    change = rules.redeem(facts, holder, command, tx.new_id("ford"))
    ledger.balance(tx, wallet_path(command.party_id, change.order.amount.currency, tx.home))
    return facts, change


@operation(
    "savings.fund_cancel", title=Words("Take back a fund order", "撤销基金订单"),
    permission="savings:withdraw", whose=of("order_id", holders.order_owner),
)  # fmt: skip
def cancel(tx: Tx, command: CancelOrder) -> Order:
    """Take an order back before its cut-off; a subscription's money returns to the wallet.

    Refuses ``savings.fund_order_unknown``, ``savings.fund_not_yours``, ``savings.fund_order_final``,
    ``savings.fund_past_cut_off``.
    """
    facts, change = _cancelling(tx, command)
    _save(tx, facts, change)
    holders.save_orders(tx, [change.order])
    return change.order


def _cancelling(tx: Tx, command: CancelOrder) -> tuple[Facts, Change]:
    found = _order(tx, command.order_id)
    facts, holder = _facts(tx, found.fund, found.party_id)
    return facts, rules.cancel(facts, holder, _order(tx, command.order_id), command)


@dataclass(frozen=True)
class _Instant:
    """An instant redemption as decided: the plan, the change it makes, and the order for the rest, if asked for."""

    facts: Facts
    holder: Holder
    planned: RedemptionPlan
    change: Change | None
    rest: Change | None

    def answer(self) -> Redeemed:
        """What the customer is told."""
        order = self.change.order if self.change else None
        return rules.answer_now(self.facts, self.planned, order, self.rest.order if self.rest else None)


@operation(
    "savings.fund_redeem_now", title=Words("Redeem units of a fund at once", "实时赎回基金"),
    permission="savings:withdraw", whose=of("party_id"), two_for_another=_large, confirm=rules.redeemed_seen,
)  # fmt: skip
def redeem_now(tx: Tx, command: RedeemNow) -> Redeemed:
    """Redeem at once as far as the caps and guards allow; the rest is offered for the next trading day.

    Refuses ``savings.fund_unknown``, ``parties.unknown``, ``savings.fund_not_yours``, ``money.*`` and
    ``savings.fund_over_holding``; never for a cap, and not for a guard.
    """
    found = _instant(tx, command)
    if found.change is not None:
        refused = ledger.post(tx, found.change.entries)[-1]
        if isinstance(refused, Refusal):
            if refused.code != GUARD.name:
                raise refused
            nothing = rules.nothing_now(found.planned, str(refused.facts["guard"]))
            found = _with_rest(tx, replace(found, planned=nothing, change=None), command)
    if found.change is not None:
        _save(tx, found.facts, replace(found.change, entries=()))
        holders.insert_orders(tx, [found.change.order])
    if found.rest is not None:
        kept = holders.find_holder(tx, command.fund, command.party_id) or found.holder
        _save(tx, found.facts, replace(found.rest, holder=replace(found.rest.holder, version=kept.version)))
        holders.insert_orders(tx, [found.rest.order])
    return found.answer()


def _instant(tx: Tx, command: RedeemNow) -> _Instant:
    facts, holder = _facts(tx, command.fund, command.party_id, fund_too=True)
    rules.check_now(facts, holder, command)
    ledger.balance(tx, wallet_path(command.party_id, command.amount.currency, tx.home))
    left = rules.line_left(facts, command.party_id, ledger.guards(tx))
    planned = rules.plan(facts, holder, catalogue.policy(tx), command.amount, left)
    change = None
    if planned.instant:
        change = rules.redeem_now(facts, holder, command.party_id, planned.instant, tx.new_id("ford"))
    return _with_rest(tx, _Instant(facts, holder, planned, change, None), command)


def _with_rest(tx: Tx, found: _Instant, command: RedeemNow) -> _Instant:
    """The order for what is not paid at once, where the command asks for one."""
    if not command.rest_next_day or not found.planned.next_day:
        return replace(found, rest=None)
    holder = found.change.holder if found.change else found.holder
    wanted = Redeem(command.fund, command.party_id, found.planned.next_day)
    return replace(found, rest=rules.redeem(found.facts, holder, wanted, tx.new_id("ford")))


def _facts(tx: Tx, fund_id: str, party_id: str, *, fund_too: bool = False) -> tuple[Facts, Holder]:
    """What an order is decided on, and the holding, locked (and made): something will be saved."""
    rules.check_own(tx.actor, party_id)
    fund = funds.fund(tx, fund_id, lock=fund_too)
    parties.party(tx, party_id)
    empty = new_holder(fund, party_id)
    holder = holders.lock_holder(tx, empty)
    return _facts_of(tx, fund, [holder.index_on]), holder


def _facts_of(tx: Tx, fund: Fund, held_on: Sequence[date]) -> Facts:
    """What orders of a fund are decided on, for holdings as of these days."""
    return Facts(
        fund=fund,
        terms=funds.terms_of(tx, fund),
        at=funds.paths_of(tx, fund),
        calendar=funds.calendar(tx),
        days=funds.marks(tx, fund, held_on),
        moment=rules.moment_of(local_time(tx), fund_day(fund, tx.business_date)),
        now=tx.now,
        on=tx.business_date,
        actor=tx.actor,
    )


def _keep(tx: Tx, facts: Facts, change: Change) -> Order:
    """Save a new order."""
    _keep_all(tx, facts, [change], [change.holder])
    return change.order


def _keep_all(tx: Tx, facts: Facts, changes: Sequence[Change], after: Sequence[Holder]) -> None:
    """Save new orders of a fund, whose totals they leave as they are, and the holdings after them."""
    units = {facts.at.units(change.order.party_id) for change in changes}
    ledger.open_accounts(tx, [AccountSpec(path, facts.fund.currency, floor=0) for path in sorted(units)])
    ledger.post_all(tx, [entry for change in changes for entry in change.entries])
    holders.save_holders(tx, after)
    holders.insert_orders(tx, [change.order for change in changes])


def _save(tx: Tx, facts: Facts, change: Change) -> None:
    """Post what a decision came to and keep the holding, and the fund where its totals changed."""
    if change.entries:
        ledger.post_all(tx, change.entries)
    holders.save_holders(tx, [change.holder])
    if change.fund is not None:
        store.save_fund(tx, change.fund)


def _order(tx: Tx, order_id: str) -> Order:
    found = holders.find_order(tx, order_id)
    if found is None:
        raise refusals.FUND_ORDER_UNKNOWN(order=order_id)
    return found


@question("savings.fund_order", permission="savings:read", whose=of("order_id", holders.order_owner))
def order(tx: Tx, order_id: Id) -> Order:
    """One order; refuses ``savings.fund_order_unknown``, ``savings.fund_not_yours``."""
    found = _order(tx, order_id)
    rules.check_reader(tx.actor, found.party_id)
    return found


@question("savings.fund_statement", permission="savings:read", whose=of("party_id"))
def orders(tx: Tx, fund_id: Id, party_id: Id, cursor: Cursor | None = None, limit: PageSize = 50) -> OrderPage:
    """A party's statement of orders in a fund, newest first; ``cursor`` is the last order that was read.

    Refuses ``savings.fund_not_yours``, ``savings.fund_unknown``, ``savings.fund_order_unknown``.
    """
    rules.check_reader(tx.actor, party_id)
    most = max(1, min(limit, LONGEST_PAGE))
    before = LAST_ID if cursor is None else _order(tx, cursor).id
    found = holders.orders(tx, funds.fund(tx, fund_id).id, party_id, before, most + 1)
    return OrderPage(tuple(found[:most]), found[most - 1].id if len(found) > most else None)


@question("savings.fund_holding", permission="savings:read", whose=of("party_id"))
def holding(tx: Tx, fund_id: Id, party_id: Id) -> HoldingView:
    """What a party has in a fund as of its last index; refuses ``savings.fund_unknown``, ``savings.fund_not_yours``."""
    rules.check_reader(tx.actor, party_id)
    fund = funds.fund(tx, fund_id)
    return _view(tx, fund, holders.find_holder(tx, fund_id, party_id) or new_holder(fund, party_id))


@question("savings.fund_holdings", permission="savings:read", whose=of("party_id"))
def holdings(tx: Tx, party_id: Id) -> list[HoldingView]:
    """What a party has in every fund, by fund; refuses ``savings.fund_not_yours``."""
    rules.check_reader(tx.actor, party_id)
    return [_view(tx, funds.fund(tx, holder.fund), holder) for holder in holders.holders_of(tx, party_id)]


@question("savings.fund_own_income", permission="savings:read", whose=of("party_id"))
def income(
    tx: Tx, fund_id: Id, party_id: Id, from_on: Day | None = None, to_on: Day | None = None
) -> list[IncomeOfDay]:
    """What each day of a fund brought a party, with the units that earned on it; by default of the last 30 days.

    Told from the party's orders. Refuses ``savings.fund_not_yours``, ``savings.fund_unknown``, ``savings.fund_bad_range``.
    """
    rules.check_reader(tx.actor, party_id)
    fund = funds.fund(tx, fund_id)
    first, last = funds.period(tx, from_on, to_on)
    holding = holder_id(fund.id, party_id)
    orders = [each for each in holders.orders_of(tx, [holding])[holding] if each.applied_on is not None]
    if not orders:
        return []
    days = store.days_at(tx, fund.id, [each.applied_on for each in orders if each.applied_on], first - ONE_DAY, last)
    return income_by_day(funds.terms_of(tx, fund), orders, days, first, last)


def _view(tx: Tx, fund: Fund, holder: Holder) -> HoldingView:
    terms = funds.terms_of(tx, fund)
    now = advanced(terms, holder, funds.marks(tx, fund, [holder.index_on]), fund.index.on)
    return views.holding_view(terms, fund, now)
