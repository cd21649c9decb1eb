"""Programs outside that are told of events: which there are, how they stand, one more by two persons, an end by one."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import Response

from farthing.events import service as events
from farthing.events.catalogue import KINDS
from farthing.events.model import StopWebhook
from farthing.kernel.answers import Pending
from farthing.kit.errors import Refusal
from farthing.web.depositing import UNKNOWN_STEP
from farthing.web.forms import Form, comes_back, command_of
from farthing.web.ground import Fields, again, ask, current, pages, run, to

router = pages("/ops/webhooks")

PAGE = 100


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


def _chosen(fields: Form) -> tuple[str, ...]:
    """The kinds that are ticked; none means all."""
    return tuple(kind.name for kind in KINDS if fields.get(f"kind-{kind.name}"))
