"""Run the recall: our request to the payee's bank to give money back that was sent. It may refuse; the money itself comes as a
return of its own, on its own day."""

from __future__ import annotations

from farthing.db.tx import Tx
from farthing.kernel import errands
from farthing.kernel.errands import Desk, Errand, NotYet
from farthing.kernel.operation import decode, operation
from farthing.kernel.whose import STAFF, of
from farthing.kit.errors import conflict, declined
from farthing.kit.words import Words
from farthing.payments import asking_service as asking
from farthing.payments import store as movements
from farthing.payments.life import service as life
from farthing.payments.life import store
from farthing.payments.life.model import Fact, FactKind, Recall, RecallAnswered
from farthing.payments.model import BankRail, Original, RailPayment

RECALL = "payments.recall"
RECALLABLE = ("asked", "unknown", "accepted", "settled")
NOT_RECALLABLE = declined(
    "payments.not_recallable",
    "{payment_id} cannot be called back: only a pay-out that was sent and has not come back can.",
    "{payment_id} 不能撤回：仅已发出且尚未退回的提现可申请撤回。",
)
RECALLED_BEFORE = conflict(
    "payments.recalled_before",
    "{payment_id} was called back before; the answer of the payee's bank stands.",
    "{payment_id} 此前已申请撤回；以收款行答复为准。",
)


def owner(tx: Tx, payment_id: str) -> str | None:
    """Whose movement this is; none where it is the bank's own, or none."""
    found = movements.rail_movements(tx, [payment_id]).get(payment_id)
    return found[0].party_id if found else None


def recall_of(payment_id: str) -> str:
    """The errand that asks for a movement's money back: there is one, however often it is asked for."""
    return f"{payment_id}:recall"


@operation(
    "payments.recall", title=Words("Pay-out called back", "申请撤回提现"), permission="payments:recall",
    whose=of("payment_id", owner),
)  # fmt: skip
def recall(tx: Tx, command: Recall) -> RailPayment:
    """Ask the payee's bank to give a pay-out back; once for each. Nothing moves until the money is there.

    Refuses ``payments.unknown_movement``, ``payments.not_recallable``, ``payments.recalled_before``.
    """
    payment, _ = asking.rail_payment(tx, command.payment_id)
    if payment.direction != "out" or payment.state not in RECALLABLE or not tx.ports.has("rail", payment.rail):
        raise NOT_RECALLABLE(payment_id=payment.id)
    if "recall_asked" in store.known(tx, [payment.id]).get(payment.id, ()):
        raise RECALLED_BEFORE(payment_id=payment.id)
    why = Fact(
        payment.id, "recall_asked", "recall_asked", "bank", reason_code=command.reason_code, reason=command.note.strip()
    )  # fmt: skip
    asked = life.take(tx, [why])
    wanted = {"original": life.original(payment), "reason_code": command.reason_code}
    errands.write(tx, recall_of(payment.id), RECALL, payment.rail, payment.id, wanted, recall_answered, waits=False)
    return asked.stands[0]


@errands.sender(RECALL, first=life.FIRST_INQUIRY, longest=life.LONGEST_BETWEEN)
def _recall(desk: Desk, errand: Errand) -> RecallAnswered | NotYet | None:
    rail: BankRail = desk.ports.peer("rail", errand.peer)
    answer = rail.recall(decode(Original, errand.request["original"]), str(errand.request["reason_code"]))
    if answer is None:
        return None
    if answer.outcome not in ("settled", "declined"):
        return NotYet(answer.outcome)
    return RecallAnswered(errand.id, answer.outcome == "settled", answer.reason_code, answer.reason)


@operation(
    "payments.recall_answered", title=Words("The payee's bank answers a recall", "收款行答复撤回"),
    permission=errands.ANSWER, whose=STAFF,
)  # fmt: skip
def recall_answered(tx: Tx, command: RecallAnswered) -> RailPayment:
    """Take what the payee's bank says of a recall. That it agrees moves nothing: the money comes as a notice."""
    errand = errands.settle(tx, command.errand_id)
    said: FactKind = "recall_agreed" if command.agreed else "recall_refused"
    answer = Fact(errand.subject, said, said, "answer", reason_code=command.reason_code, reason=command.reason)
    return life.take(tx, [answer]).stands[0]
