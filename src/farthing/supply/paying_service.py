"""Run payment: on the day that it is due the core company pays who holds a receivable; a piece that is pledged repays its loan.

Each payment is one balanced entry from the debtor's wallet to the holders', and a loan is repaid out of the holder's wallet in
the same transaction. What the debtor does not have is late: it is taken on a later day, the longest late first.
"""

from __future__ import annotations

from collections.abc import Collection

from farthing.db.tx import Tx
from farthing.kernel.day import CloseStep, Stepped, place_of, read_place
from farthing.kernel.operation import Call, operation
from farthing.kernel.whose import STAFF, of
from farthing.kit.actor import SYSTEM
from farthing.kit.errors import Refusal
from farthing.kit.ids import bare
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.ledger import service as ledger
from farthing.ledger.model import JournalEntry, Posting
from farthing.payments import service as payments
from farthing.payments.model import OpenWallet
from farthing.payments.wallets import RECEIVABLE_PAID, wallet_path
from farthing.supply import advancing_service as advances
from farthing.supply import binding_service as binding
from farthing.supply import confirming_service as confirming
from farthing.supply import passing_service as passing
from farthing.supply import refusals, rules, store
from farthing.supply.confirming_service import found, keep
from farthing.supply.model import PaidOut, PayReceivable, Receivable

PIECE = 50
"""Receivables that one transaction pays: each may have many holders."""


@operation(
    "supply.pay", title=Words("Pay a confirmed payable", "兑付应收账款"), permission="supply:act", whose=of("party_id")
)
def pay(tx: Tx, command: PayReceivable) -> PaidOut:
    """Pay what is owed of a receivable from the core company's wallet, all or a part, to whoever holds its pieces today.

    Refuses ``supply.unknown_receivable``, ``supply.not_buyer``, ``supply.other_state``, ``supply.not_due``,
    ``supply.more_than_owed``, ``signing.contested``, ``supply.not_binding``, ``money.*``, and ``ledger.*``
    where the wallet has too little.
    """
    before = found(tx, command.receivable_id)
    if before.debtor != command.party_id:
        raise refusals.NOT_BUYER(buyer=before.debtor)
    return paid(tx, before, command.amount, binding.check(tx, before).waits(before))


def paid(tx: Tx, before: Receivable, amount: Money, waits: Collection[int]) -> PaidOut:
    """Pay an amount of a receivable: one entry to all holders, then what of it repays their loans. The share of whoever holds a
    piece that is in dispute waits."""
    parts, on = rules.shares(before, amount, tx.business_date, waits), tx.business_date
    reference = f"receivable:{bare(before.id)}:paid:{before.version}"
    keep(tx, before, *rules.pay(before, amount, reference, on, waits))
    _open_wallets(tx, {piece.holder for piece, _ in parts}, amount.currency)
    wallets = [wallet_path(party, amount.currency, tx.home) for party in (before.debtor, *(p.holder for p, _ in parts))]
    moved: dict[str, Money] = {}
    for path, change in zip(wallets, (amount, *(-part for _, part in parts)), strict=True):
        moved[path] = moved.get(path, amount * 0) + change
    lines = tuple(Posting(path, change) for path, change in moved.items() if change)
    if lines:
        ledger.post_all(tx, [JournalEntry(reference, RECEIVABLE_PAID, on, lines, before.id)])
    for piece, part in parts:
        advances.repaid(tx, piece, part, before.id)
    told = tuple((piece.number, piece.holder, part) for piece, part in parts)
    return PaidOut(before.id, amount, before.left - amount, told)


def _open_wallets(tx: Tx, holders: set[str], currency: str) -> None:
    """A holder without a wallet has one from now on: it must be paid."""
    for answer in payments.open_wallets(tx, [Call(OpenWallet(each, currency), SYSTEM) for each in sorted(holders)]):
        if isinstance(answer, Refusal):
            raise answer


@operation(
    "supply.settle_due",
    title=Words("Confirmed payables due", "应收账款到期兑付"),
    permission="kernel:close_day",
    whose=STAFF,
)
def settle_due(tx: Tx, step: CloseStep) -> Stepped:
    """Take what is due of confirmed payables from the wallets of those who owe them, as far as it is there, the longest late
    first; a receivable that cannot be paid out, or is in dispute, waits for the next day and holds up no other."""
    day, after = read_place(step.after)
    ids = store.due(tx, step.on, day, after, PIECE)
    some = store.in_order(tx, ids)
    now = binding.standing(tx, some)
    handled = sum(_taken(tx, before, now.waits(before)) for before in some if not now.unsettled(before))
    last = found(tx, ids[-1]) if len(ids) == PIECE else None
    return Stepped(handled, None if last is None else place_of(last.due_on, last.id))


def _taken(tx: Tx, before: Receivable, waits: Collection[int]) -> int:
    """Take what a debtor's wallet can give of one receivable; answers whether something was."""
    path = wallet_path(before.debtor, before.amount.currency, tx.home)
    wallet = ledger.balances_of(tx, [path]).get(path)
    left = rules.left(before, waits)
    most = left * 0 if wallet is None else min(wallet.available(), left)
    if most.minor <= 0:
        return 0
    try:
        with tx.part():
            paid(tx, before, most, waits)
    except Refusal:  # somebody's wallet is closed: what is owed stays owed
        return 0
    return 1


@operation(
    "supply.let_lapse", title=Words("Confirmations, transfers and pledges that are over", "确权、转让与质押到期处理"),
    permission="kernel:close_day", whose=STAFF,
)  # fmt: skip
def let_lapse(tx: Tx, step: CloseStep) -> Stepped:
    """Void confirmations that nobody signed in time, enter or give back transfers, and free pieces whose loans are over.

    ``after``: first of the confirmations, then, behind a colon, of the pieces.
    """
    stage, _, after = step.after.partition(":")
    if stage in ("", "proposed"):
        ids = store.waits(tx, after, PIECE)
        return Stepped(confirming.lapse(tx, ids), f"proposed:{ids[-1]}" if len(ids) == PIECE else "pieces:")
    ids = store.held_up(tx, after, PIECE)
    some = store.in_order(tx, ids)
    offered = [piece.about for each in some for piece in each.pieces if piece.state == "passing"]
    handled = passing.lapse(tx, offered)
    handled += advances.lapse(tx, store.in_order(tx, ids))
    return Stepped(handled, f"pieces:{ids[-1]}" if len(ids) == PIECE else None)
