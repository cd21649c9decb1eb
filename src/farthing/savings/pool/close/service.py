"""Close a day for funds, in pieces that resume: share out income, repay the line, move the day's orders on.

Income stands before orders: an order changes a holding at the index of the day that ends. Never touches a holder
that has no order due.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from farthing.db.tx import Tx
from farthing.kernel.day import PIECE, CloseStep, Stepped, closing_step
from farthing.kernel.operation import operation
from farthing.kit.errors import Refusal
from farthing.ledger import service as ledger
from farthing.savings.pool import entries, store
from farthing.savings.pool.assets import store as assets
from farthing.savings.pool.closing import Piece, line_due
from farthing.savings.pool.entries import Paths
from farthing.savings.pool.funds import service as funds
from farthing.savings.pool.holders import store as holders
from farthing.savings.pool.income import share_out
from farthing.savings.pool.model import Fund, Order, holder_id


@operation("savings.fund_income", permission="kernel:close_day")
def share_income(tx: Tx, command: CloseStep) -> Stepped:
    """Share out a day's income of one fund a piece, weekends and holidays too, and repay the bank's line.

    A fund whose day is shared out already is left as it is; days that were missed are made up.
    """
    names = store.fund_ids(tx, command.after, 2)
    if not names:
        return Stepped(0)
    fund = funds.fund(tx, names[0], lock=True)
    at = funds.paths_of(tx, fund)
    handled = 0
    while fund.index.on < command.on:
        fund = _share(tx, at, fund)
        handled += 1
    if handled:
        _repay(tx, at, fund, command.on)
    return Stepped(handled, names[0] if len(names) > 1 else None)


def _share(tx: Tx, at: Paths, fund: Fund) -> Fund:
    """The day after the fund's index; its row, its entry, and the fund after it."""
    (before,) = store.days(tx, fund.id, fund.index.on, fund.index.on)
    held = assets.assets_on(tx, fund.id, fund.index.on)
    shared = share_out(at, funds.terms_of(tx, fund), fund, before, held)
    store.insert_day(tx, fund.id, shared.day)
    assets.save_assets(tx, shared.assets)
    if shared.entry is not None:
        ledger.post_all(tx, [shared.entry])
    store.save_fund(tx, shared.fund)
    return funds.fund(tx, fund.id)


def _repay(tx: Tx, at: Paths, fund: Fund, on: date) -> None:
    if not funds.calendar(tx).trades(on):
        return
    owed, cash = ledger.balance(tx, at.line).owed(), ledger.balance(tx, at.cash).owed()
    amount = line_due(fund, owed, cash, on)
    if amount:
        ledger.post_all(tx, [entries.repaid(at, amount, on)])


@operation("savings.fund_orders", permission="kernel:close_day")
def settle_orders(tx: Tx, command: CloseStep) -> Stepped:
    """Move the orders on that are due: confirm, start to earn, take out, pay. Found by their day, a piece at a time.

    A payment that the ledger or the fund's cash does not allow stays due and is tried again at the next close.
    """
    due = holders.due(tx, command.on, _cursor(command.after), PIECE)
    by_fund: dict[str, list[Order]] = defaultdict(list)
    for order in due:
        by_fund[order.fund].append(order)
    for name in sorted(by_fund):
        _settle(tx, name, by_fund[name], command.on)
    return Stepped(len(due), f"{due[-1].due_on}|{due[-1].id}" if len(due) == PIECE else None)


def _cursor(after: str) -> tuple[date, str]:
    day, _, order = after.partition("|")
    return (date.fromisoformat(day), order) if after else (date.min, "")


def _settle(tx: Tx, name: str, due: list[Order], on: date) -> None:
    fund = funds.fund(tx, name, lock=True)
    at = funds.paths_of(tx, fund)
    there = holders.lock_holders(tx, [holder_id(name, order.party_id) for order in due])
    days = funds.marks(tx, fund, [holder.index_on for holder in there.values()])
    cash = ledger.balance(tx, at.cash).owed()
    piece = Piece(fund, funds.terms_of(tx, fund), at, days, dict(there), cash, on)
    for order in due:
        piece.take(order)
    ledger.post_all(tx, piece.posted)
    answers = ledger.post(tx, [entry for _, entry in piece.payments])
    paid = [
        order for (order, _), answer in zip(piece.payments, answers, strict=True) if not isinstance(answer, Refusal)
    ]
    holders.save_orders(tx, [*piece.orders, *paid])
    holders.save_holders(tx, [holder for party, holder in piece.holders.items() if holder != there[party]])
    if piece.fund != fund:
        store.save_fund(tx, piece.fund)


closing_step(420, share_income)
closing_step(430, settle_orders)
