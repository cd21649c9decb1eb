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
from farthing.events import reading_service as reading
from farthing.events import rules, store
from farthing.events.model import Delivered, Sent
from farthing.evidence import service as evidence
from farthing.kernel import errands
from farthing.kernel.errands import Desk, Errand, Wanted
from farthing.kernel.operation import operation
from farthing.kernel.whose import STAFF
from farthing.kit.canonical import canonical, plain
from farthing.kit.words import Words

KIND = "events.deliver"
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
    """Give waiting leaves their place, and tell every webhook what it has not been told. Harmless to repeat."""
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
    wanted = [
        Wanted(f"{webhook_id}-{kept.round}-{each.id}", webhook_id, webhook_id, plain(each)) for each in found
    ]  # fmt: skip
    if wanted:
        errands.write_all(tx, KIND, wanted, delivered, waits=False)
    return _Planned((*left, *(each.id for each in wanted)), more)


@errands.sender(KIND)
def _deliver(desk: Desk, errand: Errand) -> Delivered:
    """Send one event. What was tried long enough, or is refused for ever, is given up: the operation says what follows."""
    kept, raw, stamp = desk.read(lambda tx: _line(tx, errand.peer))
    if kept.webhook.state != "active":
        return Delivered(errand.id, errand.peer, "stopped")
    body = canonical(errand.request)
    headers = rules.signed(raw, errand.request["id"], stamp, body)
    sent: Sent = desk.ports.peer("webhook").send(kept.webhook.url, body, headers)
    if sent.taken:
        return Delivered(errand.id, errand.peer, "delivered", "", errand.attempts)
    if sent.gone or errand.attempts >= ATTEMPTS:
        return Delivered(errand.id, errand.peer, "given_up", sent.problem, errand.attempts)
    raise ConnectionError(sent.problem)


def _line(tx: Tx, webhook_id: str) -> tuple[store.Kept, bytes, int]:
    """A webhook, the secret that signs, and the machine's own time, by which a receiver knows an old delivery."""
    kept = store.webhook(tx, webhook_id)
    if kept is None:
        raise rules.UNKNOWN_WEBHOOK(webhook_id=webhook_id)
    return kept, tx.ports.peer("vault").unseal(kept.secret), int(tx.wall_at.timestamp())


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
    if command.outcome != "given_up":
        return command
    open_yet = errands.open_about(tx, command.webhook_id)
    settled = [each for each in errands.settle_all(tx, [each.id for each in open_yet]) if isinstance(each, Errand)]
    places = [rules.read_cursor(each.request["cursor"]) for each in (given_up, *settled) if each.request]
    first = min(places)
    store.give_up(tx, command.webhook_id, (first[0], first[1] - 1), command.problem)
    return command
