"""Run deliveries: the log is the queue, a webhook has a place in it, and some errands ahead of that place are on their way.

An event is written once, in the transaction that it is about: it is that transaction's leaf. So nothing is told that did
not happen, nothing that happened is left out, and an operation pays nothing for webhooks, whoever subscribes. A worker
gives waiting leaves their place in the tree and plans, for each webhook, the next deliveries, in the transaction that moves
the webhook's place; each delivery is an errand, sent with no transaction open. No more than :data:`WINDOW` are open at a
time, and none has more than its turn: a receiver that sleeps, or takes its time, holds up its own events and nobody's errands.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from farthing.db.server import Collision
from farthing.db.tx import Tx
from farthing.events import delivery_store as deliveries
from farthing.events import reading_service as reading
from farthing.events import rules, store
from farthing.events.model import Delivered, DeliveryReason, DeliveryState, Sent, Webhook
from farthing.evidence import service as evidence
from farthing.kernel import errands
from farthing.kernel.errands import Desk, Errand, Wanted
from farthing.kernel.operation import operation
from farthing.kernel.whose import STAFF
from farthing.kit.canonical import canonical, plain
from farthing.kit.words import Words

KIND = "events.deliver"
BY_HAND: dict[DeliveryReason, str] = {"test": "events.test", "redelivery": "events.redeliver"}
"""The kinds of errand by which is sent what somebody waits for."""
WINDOW = 50
"""Deliveries of one webhook that may be open at a time; what :func:`farthing.kernel.errands.open_about` answers at once."""
ATTEMPTS = 30
"""Attempts after which a delivery is given up, and its webhook with it: about a day, for the waits double up to an hour."""
TURN = 10.0
"""Seconds after which a look goes on with the next webhook: whoever takes each event just before the deadline, or has much to
catch up with, does not keep the others waiting, nor the bank's own jobs, which the same few workers run."""


@dataclass(frozen=True, slots=True)
class _Planned:
    """Deliveries that were planned, and whether there may be more to plan."""

    errands: tuple[str, ...] = ()
    more: bool = False


def tell_events(desk: Desk) -> None:
    """Give waiting leaves their place, and tell every webhook what it has not been told. Harmless to repeat.

    Secrets whose time is over are forgotten first."""
    desk.tidy(lambda tx: store.lapse(tx, tx.wall_at))
    while desk.read(evidence.anything_waits):
        desk.tidy(evidence.integrate)
    for webhook_id in desk.read(store.active):
        _tell(desk, webhook_id)


def _tell(desk: Desk, webhook_id: str) -> None:
    """Send what one webhook has not been told, until it does not take something or its turn is over; then the next look or
    the sweep goes on."""
    until, more = time.monotonic() + TURN, True
    while more:
        planned = desk.tidy(lambda tx: _plan(tx, webhook_id))
        for each in planned.errands:
            if not errands.carry(desk, each) or time.monotonic() >= until:
                return
        more = planned.more


def _plan(tx: Tx, webhook_id: str) -> _Planned:
    """Write the errands of a webhook's next events and move its place, as far as there is room. What the last turn did not
    come to goes first, as long as nothing waits to be tried again."""
    kept = store.webhook(tx, webhook_id)
    if kept is None or kept.webhook.state != "active":
        return _Planned()
    open_yet = errands.open_about(tx, webhook_id)
    left = () if any(each.attempts for each in open_yet) else tuple(each.id for each in open_yet)
    room = WINDOW - len(open_yet)
    if room <= 0:
        return _Planned(left, more=bool(left))
    found, place, more = reading.after(tx, kept.place, rules.check_kinds(kept.webhook.kinds), room)
    if place == kept.place:
        return _Planned(left)
    if not store.move(tx, webhook_id, kept.place, place):
        raise Collision("somebody else plans deliveries of this webhook, or it was stopped")
    ids = sorted(tx.new_id("dlv") for _ in found)  # of one instant, and in the order of the log all the same
    new = list(zip(ids, found, strict=True))
    if new:
        deliveries.insert(tx, webhook_id, "event", new)
        wanted = [Wanted(delivery_id, webhook_id, webhook_id, plain(event)) for delivery_id, event in new]
        errands.write_all(tx, KIND, wanted, delivered, waits=False)
    return _Planned((*left, *(delivery_id for delivery_id, _ in new)), more)


@errands.sender(KIND)
def _deliver(desk: Desk, errand: Errand) -> Delivered:
    """Send one event. What was tried long enough, or is refused for ever, is given up: the operation says what follows."""
    line = desk.read(lambda tx: _line(tx, errand.peer))
    if line.webhook.state != "active":
        return Delivered(errand.id, errand.peer, "stopped")
    sent = _send(desk, line, errand)
    if sent.taken:
        return _came(errand, "delivered", sent)
    if sent.gone or errand.attempts >= ATTEMPTS:
        return _came(errand, "given_up", sent)
    desk.tidy(lambda tx: deliveries.tried(tx, _came(errand, "waiting", sent)))
    raise ConnectionError(sent.problem)


@errands.sender(BY_HAND["test"])
@errands.sender(BY_HAND["redelivery"])
def _deliver_once(desk: Desk, errand: Errand) -> Delivered:
    """Send what somebody waits for; that the receiver did not take it is an answer too."""
    line = desk.read(lambda tx: _line(tx, errand.peer))
    if line.webhook.state == "stopped":
        return Delivered(errand.id, errand.peer, "stopped")
    sent = _send(desk, line, errand)
    return _came(errand, "delivered" if sent.taken else "not_taken", sent)


@dataclass(frozen=True, slots=True)
class _Line:
    """The way to a program: its webhook, the secrets that sign now, and the machine's own time, by which a receiver knows an
    old delivery."""

    webhook: Webhook
    secrets: tuple[bytes, ...]
    stamp: int


def _line(tx: Tx, webhook_id: str) -> _Line:
    """The way to a program as it stands."""
    kept = store.webhook(tx, webhook_id)
    if kept is None:
        raise rules.UNKNOWN_WEBHOOK(webhook_id=webhook_id)
    until, vault = kept.webhook.former_until, tx.ports.peer("vault")
    sealed = (kept.secret,) if until is None or until <= tx.wall_at else (kept.secret, kept.former)
    return _Line(kept.webhook, tuple(vault.unseal(each) for each in sealed), int(tx.wall_at.timestamp()))


def _send(desk: Desk, line: _Line, errand: Errand) -> Sent:
    """Send what an errand asks, signed, once."""
    body = canonical(errand.request)
    headers = rules.signed(line.secrets, errand.request["id"], line.stamp, body)
    sent: Sent = desk.ports.peer("webhook").send(line.webhook.url, body, headers)
    return sent


def _came(errand: Errand, outcome: DeliveryState, sent: Sent) -> Delivered:
    """What an attempt came to."""
    return Delivered(errand.id, errand.peer, outcome, sent.problem, errand.attempts, sent.status)


@operation(
    "events.delivered",
    title=Words("A receiver takes an event", "接收方收到事件"),
    permission=errands.ANSWER,
    whose=STAFF,
)
def delivered(tx: Tx, command: Delivered) -> Delivered:
    """Take how a delivery ended. One that is given up stops its webhook where it stands: its place goes back to the first
    event that was not taken, and waits there for a person. Refuses ``errands.answered``."""
    given_up = errands.settle(tx, command.errand_id)
    if command.attempts:
        deliveries.tried(tx, command)
    else:
        deliveries.end(tx, command.webhook_id, [command.errand_id], command.outcome)
    if command.outcome != "given_up":
        return command
    open_yet = errands.open_about(tx, command.webhook_id)
    settled = [each for each in errands.settle_all(tx, [each.id for each in open_yet]) if isinstance(each, Errand)]
    deliveries.end(tx, command.webhook_id, [each.id for each in settled], "given_up")
    places = [rules.read_cursor(each.request["cursor"]) for each in (given_up, *settled) if each.request]
    first = min(places)
    store.give_up(tx, command.webhook_id, (first[0], first[1] - 1), command.problem)
    return command
