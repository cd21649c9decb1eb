"""Run what is sent by hand: a test of the line, and an event once more. Each is an errand of its own kind, tried once.

Neither moves the webhook's place nor counts as one of its open deliveries, and one that is not taken gives nothing up: it
is the answer that somebody waits for. So it goes to a webhook that was given up as well, to see whether it may be resumed.
"""

from __future__ import annotations

from farthing.db.tx import Tx
from farthing.events import delivery_store as store
from farthing.events import reading_service as reading
from farthing.events import rules
from farthing.events.catalogue import BY_NAME
from farthing.events.delivery_service import BY_HAND, delivered
from farthing.events.model import Delivery, DeliveryReason, Event, Redeliver, SendTest
from farthing.events.service import not_stopped
from farthing.kernel import errands
from farthing.kernel.operation import Asked, operation
from farthing.kernel.whose import STAFF
from farthing.kit.canonical import plain
from farthing.kit.errors import InvariantBroken
from farthing.kit.words import Words


def sent(tx: Tx, asked: Asked) -> Delivery:
    """A delivery by hand as it stands, now that it was tried."""
    kept = store.delivery(tx, asked.subject, asked.errands[0])
    if kept is None:
        raise InvariantBroken(f"delivery {asked.errands[0]} was written with its errand, and is not there")
    return kept.delivery


@operation(
    "events.send_test", title=Words("Send a test event to an address", "向外部地址发送测试事件"),
    permission="events:deliver", whose=STAFF, conclude=sent,
)  # fmt: skip
def send_test(tx: Tx, command: SendTest) -> Asked:
    """Send an address an event of no meaning, signed as real ones are, and answer what the receiver answered.

    Its type is ``webhook.test``, and nothing of the log has it. Refuses ``events.unknown_webhook``,
    ``events.webhook_stopped``, ``events.too_many_by_hand``.
    """
    not_stopped(tx, command.webhook_id)
    event = rules.trial_event(tx.new_id("evt"), command.webhook_id, tx.now, tx.business_date)
    return _wanted(tx, command.webhook_id, "test", event)


@operation(
    "events.redeliver", title=Words("Send an event once more", "重新投递事件"),
    permission="events:deliver", whose=STAFF, conclude=sent,
)  # fmt: skip
def redeliver(tx: Tx, command: Redeliver) -> Asked:
    """Send the event of a past delivery once more, under its own id, by which a receiver knows one that it took.

    It is read off the log again. One that waits to be tried stays as it is, and comes a second time. Refuses
    ``events.unknown_webhook``, ``events.webhook_stopped``, ``events.unknown_delivery``,
    ``events.was_a_test``, ``events.too_many_by_hand``.
    """
    not_stopped(tx, command.webhook_id)
    kept = store.delivery(tx, command.webhook_id, command.delivery_id)
    if kept is not None and kept.delivery.reason == "test":
        raise rules.WAS_A_TEST(delivery_id=command.delivery_id)
    event = None if kept is None or not kept.cursor else _read_again(tx, kept)
    if event is None:
        raise rules.UNKNOWN_DELIVERY(webhook_id=command.webhook_id, delivery_id=command.delivery_id)
    return _wanted(tx, command.webhook_id, "redelivery", event)


def _read_again(tx: Tx, kept: store.Kept) -> Event | None:
    """The event of a delivery, as the log tells it; none where the program does not know its kind any more."""
    position, number = rules.read_cursor(kept.cursor)
    if kept.delivery.event_type not in BY_NAME:
        return None
    found, _, _ = reading.after(tx, (position, number - 1), frozenset((kept.delivery.event_type,)), 1)
    return next((each for each in found if each.id == kept.delivery.event_id), None)


def _wanted(tx: Tx, webhook_id: str, reason: DeliveryReason, event: Event) -> Asked:
    about = f"{webhook_id} by hand"
    if len(errands.open_about(tx, about)) >= rules.MOST_BY_HAND:
        raise rules.TOO_MANY_OPEN(webhook_id=webhook_id, most=rules.MOST_BY_HAND)
    delivery_id = tx.new_id("dlv")
    store.insert(tx, webhook_id, reason, [(delivery_id, event)])
    errands.write(tx, delivery_id, BY_HAND[reason], webhook_id, about, plain(event), delivered)
    return Asked(webhook_id, (delivery_id,))
