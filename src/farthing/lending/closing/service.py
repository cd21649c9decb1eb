"""Close a day for loans, a piece at a time: read together, decided one by one, posted and kept together.

What falls due today is read no further than an ordinary day needs; any other loan is folded. A loan that is late is looked
at only where its borrower's wallet holds something: what being late costs is counted when somebody asks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial

from farthing.db.server import Collision
from farthing.db.tx import Tx
from farthing.kernel.day import PIECE, CloseStep, Stepped
from farthing.kernel.operation import operation
from farthing.kernel.whose import STAFF
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.ledger import service as ledger
from farthing.lending import keeping_service as keeping
from farthing.lending import store
from farthing.lending.closing import rules
from farthing.lending.closing import store as closing
from farthing.lending.dues import store as due_store
from farthing.payments.wallets import wallet_path

LOOKED_AT = 5_000
"""Late instalments whose wallets one transaction looks into."""


@operation("lending.fall_due", title=Words("Instalments due", "到期还款"), permission="kernel:close_day", whose=STAFF)
def fall_due(tx: Tx, command: CloseStep) -> Stepped:
    """Recognise interest that falls due and collect what the wallets hold: what is late first, the longest before all.

    By the index on the due day, a piece at a time; a wallet with too little pays what it has. ``after`` is
    ``<day it was due>|<loan>`` of the last one.
    """
    due_on, _, after = command.after.partition("|")
    place = (date.fromisoformat(due_on) if due_on else date.min, after)
    handled = 0
    if place[0] < command.on:
        handled, following = _late(tx, command.on, place)
        if following is not None:
            return Stepped(handled, f"{following[0]}|{following[1]}")
        place = (command.on, "")
    due = closing.today(tx, command.on, place[1], PIECE)
    collect(tx, due)
    return Stepped(handled + len(due), f"{command.on}|{due[-1]}" if len(due) == PIECE else None)


def _late(tx: Tx, on: date, place: tuple[date, str]) -> tuple[int, tuple[date, str] | None]:
    """Collect of loans that are late, a piece: how many, and from where on others follow."""
    seen = closing.late(tx, on, place, LOOKED_AT)
    whose = store.borrowers(tx, [loan_id for _, loan_id in seen])
    wallets = {loan_id: wallet_path(party_id, currency, tx.home) for loan_id, party_id, currency in whose}
    there = _there(tx, wallets)
    able = [each for each in seen if there[wallets[each[1]]].minor > 0]
    chosen = able[:PIECE]
    ids = list(dict.fromkeys(loan_id for _, loan_id in chosen))
    collect(tx, ids)
    if len(able) > PIECE:
        return len(ids), chosen[-1]
    return len(ids), seen[-1] if len(seen) == LOOKED_AT else None


def collect(tx: Tx, ids: Sequence[str]) -> None:
    """Bring loans up to the business date and collect what is due of them: decided in their order, kept together."""
    held, on = store.held(tx, ids), tx.business_date
    wallets = {row["id"]: wallet_path(row["party_id"], row["currency"], tx.home) for row in held}
    dues = {each.loan.id: each for each in due_store.due(tx, held, on)}
    there = _there(tx, wallets)
    left = dict(there)
    ordinary = rules.ordinary(dues.values(), wallets, there, on)
    others = dues.keys() - ordinary
    lives = {each.loan.id: each for each in store.lives(tx, [row for row in held if row["id"] in others])}
    told, repayment_id = [], partial(tx.new_id, "repay")
    for loan_id, due in dues.items():
        wallet = wallets[loan_id]
        about = left[wallet], wallet, repayment_id, tx.now, on
        found = rules.by_due(due, *about) if loan_id in ordinary else rules.by_fold(lives[loan_id], *about)
        told.append(found)
        if found.event is not None:
            left[wallet] -= found.event.amount
    try:
        keeping.take(tx, told, soon=False)
    except Refusal:
        if _there(tx, wallets) != there:
            raise Collision("a wallet was used while its instalment was collected") from None
        raise


def _there(tx: Tx, wallets: Mapping[str, str]) -> dict[str, Money]:
    """What wallets can give, by their accounts' paths."""
    return {path: found.available() for path, found in ledger.balances_of(tx, list(wallets.values())).items()}
