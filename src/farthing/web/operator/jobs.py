"""Jobs that were given up after every attempt: what failed, since when, and how somebody lets one be tried again."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import Response

from farthing.events import service as events
from farthing.events.model import Webhook
from farthing.kernel import jobs
from farthing.kernel.run import Ask
from farthing.kit.errors import Refusal
from farthing.web.forms import comes_back, command_of
from farthing.web.ground import Fields, again, current, pages, part, run, to, view

router = pages("/ops/jobs")


def shown(request: Request, refusal: Refusal | None = None, put_back: str = "") -> Response:
    """Every job that was given up, the latest first."""
    who = current(request)

    def build(ask: Ask) -> dict[str, Any]:
        return {"failed": ask(jobs.failed), "silent": given_up_webhooks(ask)}

    return again(request, "operator/jobs.html", who, refusal, put_back=put_back, **view(request, who, build))


def given_up_webhooks(ask: Ask) -> list[Webhook]:
    """Programs that did not take events for so long that they are told nothing more, for whoever may know it."""
    return [each for each in part(ask, events.webhooks) or () if each.state == "given_up"]


@router.get("")
def given_up(request: Request, put_back: str = "") -> Response:
    """Jobs that were given up."""
    return shown(request, put_back=put_back)


@router.post("")
@comes_back(shown)
def retry(request: Request, fields: Fields) -> Response:
    """Let a job be tried again by the worker, or a webhook go on where it was given up."""
    if fields.get("webhook_id"):
        resumed = command_of(events.resume_webhook, fields)
        run(request, events.resume_webhook, resumed, actor=current(request), key=str(fields.get("key")))
        return to("/ops/jobs", put_back="1")
    command = command_of(jobs.retry, fields)
    run(request, jobs.retry, command, actor=current(request), key=str(fields.get("key")))
    return to("/ops/jobs", put_back="1")
