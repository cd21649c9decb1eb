"""Run what falls due: many payments in one transaction, by the statements of a transfer batch, however many they are.

A group is one load, one batch of transfers, and two statements that keep what became of them; killed anywhere, a group was
done or it was not. Whoever tries moves an order on only as it was read, so that what was stopped meanwhile is not paid, and a
transfer of one id is posted once. The worker tries what is due each few seconds, the close of a day for the last time that day.
"""

from __future__ import annotations

from farthing.db.server import Collision
from farthing.db.tx import Tx
from farthing.evidence import service as evidence
from farthing.kernel.day import CloseStep, Stepped, catch_up, is_closing, place_of, read_place
from farthing.kernel.operation import Call, operation
from farthing.kernel.run import Kernel
from farthing.kernel.whose import STAFF
from farthing.kit.errors import Refusal
from farthing.kit.words import Words
from farthing.payments import service as payments
from farthing.payments.model import Transfer
from farthing.payments.standing import rules, store
from farthing.payments.standing.model import MISSED, MissedTold, Order
from farthing.payments.standing.service import law

GROUP = 1_000
"""How many payments one transaction tries: as many as the ledger posts best."""


@operation(
    "standing.run_due", title=Words("Standing payments that are due", "定期付款到期"), permission="kernel:close_day", whose=STAFF
)  # fmt: skip
def run_due(tx: Tx, step: CloseStep) -> Stepped:
    """Try what is due by a day, a group in one transaction; what fails is tried again, or told as missed."""
    closing = is_closing(tx)
    due = store.due(tx, step.on, read_place(step.after), closing, GROUP)
    if not due:
        return Stepped(0)
    done = payments.arranged_batch(tx, [Call(_transfer(each), tx.actor) for each in due])
    codes = [each.code if isinstance(each, Refusal) else "" for each in done]
    limits = law(tx)
    tried = [
        rules.after_try(order, code, limits, step.on, tx.now, closing) for order, code in zip(due, codes, strict=True)
    ]
    if store.move_on(tx, due, tried) != len(due):
        raise Collision("an order was stopped or tried meanwhile")
    ended = [each.done for each in tried if each.done is not None]
    if ended:
        store.insert_done(tx, ended)
    missed = [
        MissedTold(order.id, order.payer, order.due_on, order.amount, each.done.code)
        for order, each in zip(due, tried, strict=True)
        if each.done is not None and each.done.became == "missed"
    ]
    if missed:
        evidence.append_many(tx, [(MISSED, each) for each in missed])
    return Stepped(len(due), place_of(due[-1].try_on, due[-1].id) if len(due) == GROUP else None)


def _transfer(order: Order) -> Transfer:
    return Transfer(order.payer, order.payee, order.amount, order.memo, rules.transfer_id(order.id, order.number))


def watch(kernel: Kernel) -> None:
    """Try what is due now. Harmless to repeat."""
    catch_up(kernel, run_due, lambda tx, on: store.due(tx, on, read_place(""), False, 1))
