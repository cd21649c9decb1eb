"""Close a day for funds, in pieces that resume: share out income, move the day's orders on, repay the line, pay.

Income stands before orders: an order changes a holding at the index of the day that ends. Never touches a holder
that has no order due.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from farthing.db.tx import Tx
from farthing.kernel.day import PIECE, CloseStep, Stepped
from farthing.kernel.operation import operation
from farthing.kernel.whose import STAFF
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.ledger import service as ledger
from farthing.savings.fund import assets_store as assets
from farthing.savings.fund import entries, store
from farthing.savings.fund import founding_service as funds
from farthing.savings.fund import holders_store as holders
from farthing.savings.fund.closing import Piece, line_due, payments
from farthing.savings.fund.entries import Paths
from farthing.savings.fund.income import share_out
from farthing.savings.fund.model import Fund, Order, holder_id

MOVING, PAYING = "move", "pay"
FIRST = (date.min, "")
"""Where the first piece begins."""


@operation("savings.fund_income", title=Words("Funds' income", "基金收益"), permission="kernel:close_day", whose=STAFF)
def share_income(tx: Tx, command: CloseStep) -> Stepped:
    """Share out a day's income of one fund a piece, weekends and holidays too.

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
    return store.save_fund(tx, shared.fund)


@operation("savings.fund_orders", title=Words("Fund orders", "基金订单"), permission="kernel:close_day", whose=STAFF)
def settle_orders(tx: Tx, command: CloseStep) -> Stepped:
    """Move the orders on that are due: confirm, start to earn, take out; then repay the bank's line and pay.

    Orders are found by the day they are due, a piece at a time. A payment that the ledger or the fund's cash does
    not allow stays due and is tried again at the next close.
    """
    paying, cursor = _cursor(command.after)
    handled = 0
    if not paying:
        due = holders.due(tx, command.on, cursor, PIECE, paying=False)
        for name, orders in _by_fund(due):
            _move_on(tx, name, orders, command.on)
        handled = len(due)
        if len(due) == PIECE:
            return Stepped(handled, _after(MOVING, due[-1]))
        _repay_lines(tx, command.on)
        cursor = FIRST
    due = holders.due(tx, command.on, cursor, PIECE, paying=True)
    for name, orders in _by_fund(due):
        _pay(tx, name, orders, command.on)
    return Stepped(handled + len(due), _after(PAYING, due[-1]) if len(due) == PIECE else None)


def _cursor(after: str) -> tuple[bool, tuple[date, str]]:
    if not after:
        return False, FIRST
    what, day, order = after.split("|")
    return what == PAYING, (date.fromisoformat(day), order)


def _after(what: str, order: Order) -> str:
    return f"{what}|{order.due_on}|{order.id}"


def _by_fund(due: list[Order]) -> list[tuple[str, list[Order]]]:
    found: dict[str, list[Order]] = defaultdict(list)
    for order in due:
        found[order.fund].append(order)
    return sorted(found.items())


def _move_on(tx: Tx, name: str, due: list[Order], on: date) -> None:
    """Confirm, start and take out one fund's orders of a piece."""
    fund = funds.fund(tx, name, lock=True)
    there = holders.lock_holders(tx, [holder_id(name, order.party_id) for order in due])
    days = funds.marks(tx, fund, [holder.index_on for holder in there.values()])
    piece = Piece(fund, funds.terms_of(tx, fund), funds.paths_of(tx, fund), days, dict(there), on)
    for order in due:
        piece.take(order)
    ledger.post_all(tx, piece.posted)
    holders.save_orders(tx, piece.orders)
    holders.save_holders(tx, [holder for party, holder in piece.holders.items() if holder != there[party]])
    if piece.fund != fund:
        store.save_fund(tx, piece.fund)


def _repay_lines(tx: Tx, on: date) -> None:
    """Repay the bank what every fund was advanced before this day, if it trades."""
    if not funds.calendar(tx).trades(on):
        return
    for fund in store.funds(tx):
        at = funds.paths_of(tx, fund)
        if ledger.balance(tx, at.line).owed():
            locked = funds.fund(tx, fund.id, lock=True)
            owed = ledger.balance(tx, at.line).owed()
            amount = line_due(locked, owed, _free(tx, at), on)
            if amount:
                ledger.post_all(tx, [entries.repaid(at, amount, owed, on)])


def _pay(tx: Tx, name: str, due: list[Order], on: date) -> None:
    """Pay one fund's redemptions of a piece, as far as its money goes."""
    at = funds.paths_of(tx, funds.fund(tx, name, lock=True))
    wanted = payments(at, due, _free(tx, at), on)
    answers = ledger.post(tx, [entry for _, entry in wanted])
    paid = [order for (order, _), answer in zip(wanted, answers, strict=True) if not isinstance(answer, Refusal)]
    holders.save_orders(tx, paid)


def _free(tx: Tx, at: Paths) -> Money:
    """The fund's cash less the money of orders that may still be cancelled."""
    return ledger.balance(tx, at.cash).owed() - ledger.balance(tx, at.orders).owed()
