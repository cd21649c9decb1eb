"""Programs outside that are told of events: which there are, how they stand, one more by two persons, an end by one; and of
each what was sent to it, a test, an event once more, and another secret, which takes two persons again."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import Response

from farthing.events import by_hand_service as by_hand
from farthing.events import service as events
from farthing.events.catalogue import KINDS
from farthing.events.model import Redeliver, SendTest, StopWebhook
from farthing.kernel.answers import Pending
from farthing.kernel.run import Ask
from farthing.kit.errors import Refusal
from farthing.web.depositing import UNKNOWN_STEP
from farthing.web.forms import Form, comes_back, command_of
from farthing.web.ground import Fields, again, ask, current, pages, run, to, view

router = pages("/ops/webhooks")

PAGE, SENT = 100, 25
CALLED = {kind.name: kind.when for kind in KINDS}
"""What each kind of event says, by its name."""


def shown(request: Request, refusal: Refusal | None = None, after: str = "", drafted: str = "") -> Response:
    """Every webhook as it stands, and the form for one more."""
    who = current(request)
    found = ask(request, who, events.webhooks, after or None, PAGE)
    return again(
        request, "operator/webhooks.html", who, refusal, webhooks=found, after=after, drafted=drafted,
        full=len(found) >= PAGE, kinds=KINDS,
    )  # fmt: skip


@router.get("")
def listed(request: Request, after: str = "", drafted: str = "") -> Response:
    """Webhooks."""
    return shown(request, None, after, drafted)


@router.post("")
@comes_back(shown)
def change(request: Request, fields: Fields) -> Response:
    """Make a webhook, which a second person must want and is told the secret of; or end one at once."""
    who, act, key = current(request), str(fields.get("act")), str(fields.get("key"))
    if act == "create":
        command = command_of(events.subscribe, fields, kinds=_chosen(fields))
        done = run(request, events.subscribe, command, actor=who, key=key)
        return to("/ops/webhooks", drafted="1") if isinstance(done, Pending) else to("/ops/webhooks")
    if act == "stop":
        run(request, events.stop_webhook, StopWebhook(str(fields.get("webhook_id"))), actor=who, key=key)
        return to("/ops/webhooks")
    raise UNKNOWN_STEP(step=repr(act[:40]))


@router.get("/{webhook_id}")
def one(request: Request, webhook_id: str, before: str = "", sent: str = "", drafted: str = "") -> Response:
    """One webhook: how it stands, and what was sent to it."""
    return shown_one(request, None, webhook_id, before, sent, drafted)


def shown_one(
    request: Request, refusal: Refusal | None, webhook_id: str, before: str = "", sent: str = "", drafted: str = ""
) -> Response:
    """The page; ``sent``: a delivery by hand whose answer is told above all others."""
    who = current(request)

    def build(ask: Ask) -> dict[str, Any]:
        found = ask(events.deliveries, webhook_id, before or None, SENT)
        return {
            "hook": ask(events.webhook, webhook_id), "sent": found, "full": len(found) >= SENT,
            "told": next((each for each in found if each.id == sent), None),
        }  # fmt: skip

    return again(
        request, "operator/webhook.html", who, refusal, before=before, drafted=drafted, called=CALLED,
        **view(request, who, build),
    )  # fmt: skip


@router.post("/{webhook_id}")
@comes_back(shown_one)
def act(request: Request, webhook_id: str, fields: Fields) -> Response:
    """Send a test, or an event once more, and tell what was answered; or ask for another secret."""
    who, wanted, key = current(request), str(fields.get("act")), str(fields.get("key"))
    path = f"/ops/webhooks/{webhook_id}"
    if wanted == "rotate":
        command = command_of(events.rotate_secret, fields, webhook_id=webhook_id)
        done = run(request, events.rotate_secret, command, actor=who, key=key)
        return to(path, drafted="1") if isinstance(done, Pending) else to(path)
    if wanted == "test":
        return to(path, sent=run(request, by_hand.send_test, SendTest(webhook_id), actor=who, key=key).id)
    if wanted == "again":
        command = Redeliver(webhook_id, str(fields.get("delivery_id")))
        return to(path, sent=run(request, by_hand.redeliver, command, actor=who, key=key).id)
    raise UNKNOWN_STEP(step=repr(wanted[:40]))


def _chosen(fields: Form) -> tuple[str, ...]:
    """The kinds that are ticked; none means all."""
    return tuple(kind.name for kind in KINDS if fields.get(f"kind-{kind.name}"))
