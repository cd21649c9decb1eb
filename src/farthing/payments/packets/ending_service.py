"""Run the end of packets: what nobody took within their time goes back to the sender, by the row that grabs write first.

So no part is both taken and given back: whichever comes second finds the packet as the first left it. The worker looks every few
seconds, and the close of a day once more. A packet whose sender's wallet is closed waits for it to be opened again.
"""

from __future__ import annotations

from farthing.db.server import Collision
from farthing.db.tx import Tx
from farthing.kernel.day import PIECE, CloseStep, Stepped, catch_up
from farthing.kernel.operation import operation
from farthing.kernel.run import Kernel
from farthing.kernel.whose import STAFF
from farthing.kit.words import Words
from farthing.ledger import service as ledger
from farthing.payments.packets import rules, store
from farthing.payments.wallets import wallet_path


@operation(
    "packets.end_due", title=Words("Red packets whose time is over", "红包到期退回"), permission="kernel:close_day",
    whose=STAFF,
)  # fmt: skip
def end_due(tx: Tx, step: CloseStep) -> Stepped:
    """Give back what is left of packets whose time is over, in the order in which they were sent."""
    ids = store.due(tx, step.after, PIECE)
    packets = store.standing(tx, ids)
    wallets = {each: wallet_path(packets[each].sender, tx.home, tx.home) for each in ids}
    closed = set(ledger.not_open(tx, sorted(set(wallets.values()))))
    ready = [packets[each] for each in ids if wallets[each] not in closed]
    if ready:
        taken = store.advance(tx, [(each, 0) for each in ready], ends=True)
        if any(taken.get(each.id) != each.taken for each in ready):
            raise Collision("somebody took of a packet, or ended it, meanwhile")
        ledger.post_all(tx, [rules.back_entry(each, tx.business_date, tx.home) for each in ready])
    return Stepped(len(ready), ids[-1] if len(ids) == PIECE else None)


def watch(kernel: Kernel) -> None:
    """Give back what is due now. Harmless to repeat."""
    catch_up(kernel, end_due, lambda tx, _: store.due(tx, "", 1))
