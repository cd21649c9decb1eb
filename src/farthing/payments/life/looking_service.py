"""Run the note that somebody looked at a movement of which a rail told what cannot be: kept among what was heard of it, and it is
off the list. What is told of it afterwards puts it there again."""

from __future__ import annotations

from dataclasses import replace

from farthing.db.server import Collision
from farthing.db.tx import Tx
from farthing.kernel.operation import operation
from farthing.kernel.whose import STAFF
from farthing.kit.errors import conflict, malformed
from farthing.kit.words import Words
from farthing.payments import asking_service as asking
from farthing.payments import store as movements
from farthing.payments.life import service as life
from farthing.payments.life.model import Fact, LookedAt
from farthing.payments.model import RailPayment

NOTHING_TO_SEE = conflict(
    "payments.nothing_to_see",
    "Nothing of {payment_id} waits for somebody to look; somebody did already, or it was in order.",
    "{payment_id} 无须核查：已有人核查，或无异常。",
)
NO_NOTE = malformed("payments.no_note", "Say what you found.", "请填写核查结果。")


@operation(
    "payments.looked_at",
    title=Words("A movement was looked at", "核查通道收付"),
    permission="payments:suspense",
    whose=STAFF,
)
def looked_at(tx: Tx, command: LookedAt) -> RailPayment:
    """Note what one found of a movement of which a rail told what cannot be; it moves nothing, and the movement is off the list.

    Refuses ``payments.no_note``, ``payments.unknown_movement``, ``payments.nothing_to_see``.
    """
    if not command.note.strip():
        raise NO_NOTE()
    payment, _ = asking.rail_payment(tx, command.payment_id)
    if not payment.attention:
        raise NOTHING_TO_SEE(payment_id=payment.id)
    note = Fact(payment.id, tx.new_id("look"), "looked", "bank", reason=command.note.strip())
    (stands,) = life.take(tx, [note]).stands
    after = replace(stands, attention="")
    if movements.move_on(tx, f"{payment.id} {note.id}", [(stands, after)]) != 1:
        raise Collision("a movement was told of at the same time")
    return after
