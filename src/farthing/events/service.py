"""Run webhooks: who is told of events, made by two persons, stopped by one, resumed by whoever looks after the day.

A webhook hands out what happens in the bank to a program outside, so it is made as a program's key is. Its secret is told
once, to the second person, and is kept sealed, since it signs; so is one that takes its place.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta

from farthing.db.tx import Tx
from farthing.events import delivery_store, rules, store
from farthing.events.model import Delivery, MakeWebhook, ResumeWebhook, RotateSecret, StopWebhook, Webhook
from farthing.evidence import service as evidence
from farthing.kernel import errands, sealed_anew
from farthing.kernel.operation import operation
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF
from farthing.kit.inputs import Id, PageSize
from farthing.kit.words import Words


@operation(
    "events.subscribe", title=Words("Send events to an address", "向外部地址推送事件"),
    permission="events:subscribe", four_eyes=True, whose=STAFF,
)  # fmt: skip
def subscribe(tx: Tx, command: MakeWebhook) -> Webhook:
    """Have an address told of events from now on, which two persons must want; its secret is in this answer and nowhere else.

    Refuses ``events.unknown_kind``, ``events.bad_address``, ``events.address_inside``, ``events.too_many_webhooks``.
    """
    rules.check_kinds(command.kinds)
    rules.check_address(command.url, anywhere=tx.ports.has("webhook", rules.ANYWHERE))
    if store.count(tx) >= rules.MOST_WEBHOOKS:
        raise rules.TOO_MANY(most=rules.MOST_WEBHOOKS)
    raw, position = _fresh(tx), evidence.size(tx)
    kinds = tuple(dict.fromkeys(command.kinds))
    made = Webhook(
        tx.new_id("hook"), command.label, command.url, kinds, "active", tx.now, tx.actor.id,
        rules.write_cursor((position, 0)),
    )  # fmt: skip
    store.insert(tx, made, tx.ports.peer("vault").seal(raw), position)
    return replace(made, secret=rules.shown_secret(raw))


@operation(
    "events.rotate_secret", title=Words("Give a webhook a new secret", "更换事件推送的签名密钥"),
    permission="events:subscribe", four_eyes=True, whose=STAFF,
)  # fmt: skip
def rotate_secret(tx: Tx, command: RotateSecret) -> Webhook:
    """Sign by a new secret from now on, and by the one before it too for some hours, so that no delivery is refused while the
    receiver changes over; none ends that one at once. The new secret is in this answer and nowhere else.

    Two sign at most: another rotation meanwhile ends the older. Refuses ``events.unknown_webhook``,
    ``events.webhook_stopped``.
    """
    not_stopped(tx, command.webhook_id)
    raw, until = _fresh(tx), tx.wall_at + timedelta(hours=command.overlap_hours)
    store.rotate(
        tx, command.webhook_id, tx.ports.peer("vault").seal(raw), until if command.overlap_hours else None
    )  # fmt: skip
    return replace(_known(tx, command.webhook_id), secret=rules.shown_secret(raw))


@operation(
    "events.stop_webhook", title=Words("Stop sending events to an address", "停止向外部地址推送事件"),
    permission="events:subscribe", whose=STAFF,
)  # fmt: skip
def stop_webhook(tx: Tx, command: StopWebhook) -> Webhook:
    """Tell an address nothing more, at once and for ever; what is on its way may still arrive. Refuses
    ``events.unknown_webhook``."""
    found = _known(tx, command.webhook_id)
    store.stop(tx, found.id)
    return _known(tx, command.webhook_id)


@operation(
    "events.resume_webhook", title=Words("Resume sending events to an address", "恢复向外部地址推送事件"),
    permission="kernel:close_day", whose=STAFF,
)  # fmt: skip
def resume_webhook(tx: Tx, command: ResumeWebhook) -> Webhook:
    """Tell an address again that was given up, from the first event that it did not take: nothing is lost, and some that it
    took come a second time. Refuses ``events.unknown_webhook``, ``events.not_given_up``."""
    _known(tx, command.webhook_id)
    if not store.resume(tx, command.webhook_id):
        raise rules.NOT_GIVEN_UP(webhook_id=command.webhook_id)
    return _known(tx, command.webhook_id)


@question("events.webhooks", permission="events:webhooks", whose=STAFF)
def webhooks(tx: Tx, after: Id | None = None, limit: PageSize = 100) -> list[Webhook]:
    """Who is told of events, stopped ones too, in the order in which they were made; continue with ``after`` the last."""
    return store.webhooks(tx, after or "", limit)


@question("events.webhook", permission="events:webhooks", whose=STAFF)
def webhook(tx: Tx, webhook_id: Id) -> Webhook:
    """One webhook as it stands. Refuses ``events.unknown_webhook``."""
    return _known(tx, webhook_id)


@question("events.deliveries", permission="events:webhooks", whose=STAFF)
def deliveries(tx: Tx, webhook_id: Id, before: Id | None = None, limit: PageSize = 50) -> list[Delivery]:
    """What was sent to an address and what came of it, the newest first; continue with ``before`` the last.

    Refuses ``events.unknown_webhook``.
    """
    _known(tx, webhook_id)
    found = delivery_store.deliveries(tx, webhook_id, before, limit)
    waiting = errands.find_all(tx, [each.id for each in found if each.state == "waiting"])
    return [replace(each, next_at=waiting[each.id].due_at) if each.id in waiting else each for each in found]


def not_stopped(tx: Tx, webhook_id: str) -> None:
    """Refuse ``events.unknown_webhook`` and ``events.webhook_stopped``."""
    if _known(tx, webhook_id).state == "stopped":
        raise rules.STOPPED(webhook_id=webhook_id)


def _fresh(tx: Tx) -> bytes:
    """A secret that nobody knows yet."""
    return hashlib.sha256(tx.ids.token().encode()).digest()


def _known(tx: Tx, webhook_id: str) -> Webhook:
    found = store.webhook(tx, webhook_id)
    if found is None:
        raise rules.UNKNOWN_WEBHOOK(webhook_id=webhook_id)
    return found.webhook


def seal_anew(tx: Tx, limit: int) -> int:
    """Seal some secrets as the vault seals now, that were sealed otherwise; answers how many."""
    about = dict.fromkeys(("secret", "former_secret"), tx.ports.peer("vault").SECRETS)
    return sealed_anew.seal_anew(tx, store.OTHERWISE, store.ANEW, about, limit)
