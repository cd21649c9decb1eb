"""What waits for a second person, decided here by whoever of the staff may; and what customers disowned, for security to look
into. Seen at the door of whoever looks."""

from __future__ import annotations

import json
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from farthing.kernel import approvals
from farthing.kernel.approvals import Decide, Decided
from farthing.kernel.run import Ask
from farthing.kit.errors import Refusal
from farthing.parties.attending import service as attending
from farthing.parties.attending.model import CloseIncident
from farthing.web.forms import comes_back
from farthing.web.ground import Fields, again, current, page, pages, part, run, to, view

router = pages("/approvals")

TOLD_ONCE = ("password", "token")
"""What an operation answers once and keeps nowhere: the second person is told it, and nobody else."""


def waiting_page(request: Request, refusal: Refusal | None = None, decided: str = "") -> Response:
    """What waits for a second person that the visitor may be, what the visitor drafted, and how the last one ended."""
    who = current(request)

    def build(ask: Ask) -> dict[str, Any]:
        own = ask(approvals.own)
        mine = {each.approval_id for each in own}
        return {
            "others": [each for each in ask(approvals.waiting) if each.approval_id not in mine], "own": own,
            "decided": ask(approvals.draft, decided) if decided else None, "incidents": part(ask, attending.incidents),
        }  # fmt: skip

    return again(request, "operator/approvals.html", who, refusal, **view(request, who, build))


@router.get("")
def waiting(request: Request, decided: str = "") -> Response:
    """What waits, and what became of the last."""
    return waiting_page(request, None, decided)


@router.post("")
@comes_back(waiting_page)
def decide(request: Request, fields: Fields) -> Response:
    """Decide a draft as its second person; the page says how it ended, and tells once what is told once."""
    who = current(request)
    command = Decide(str(fields.get("approval_id")), fields.get("decision") == "approve", str(fields.get("note") or ""))
    done = run(request, approvals.decide, command, actor=who, key=str(fields.get("key")))
    secrets = told_once(done)
    if secrets:
        return page(request, "operator/told_once.html", who, done=done, secrets=secrets)
    return to("/approvals", decided=command.approval_id)


def told_once(done: Decided) -> list[tuple[str, str]]:
    """What of an answer is told this once: the name of the field and the secret."""
    answer = json.loads(done.result_json) if done.result_json else None
    if not isinstance(answer, dict):
        return []
    return [(name, answer[name]) for name in TOLD_ONCE if isinstance(answer.get(name), str)]


@router.post("/incidents")
@comes_back(waiting_page)
def close_incident(request: Request, fields: Fields) -> Response:
    """Security has looked into what a customer disowned."""
    command = CloseIncident(str(fields.get("incident_id") or ""), str(fields.get("note") or ""))
    run(request, attending.close_incident, command, actor=current(request))
    return to("/approvals")
