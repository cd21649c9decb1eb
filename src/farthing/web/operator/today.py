"""The operator's start: what waits for whoever looks, whether the bank is in order, and what falls due."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import Response

from farthing.assurance import service as assurance
from farthing.credit.review import service as review
from farthing.kernel import approvals, errands, jobs
from farthing.kernel.run import Ask
from farthing.ledger.overview import service as overview
from farthing.lending.roll import service as loans
from farthing.parties.attending import service as attending
from farthing.payments.life import asked_service as lives
from farthing.savings.deposits import roll_service as deposits
from farthing.voice.cases import reading_service as cases
from farthing.web.ground import current, page, pages, part, view
from farthing.web.operator.jobs import given_up_webhooks

router = pages("/ops")


@router.get("")
def today(request: Request) -> Response:
    """The day as it stands."""
    who = current(request)

    def build(ask: Ask) -> dict[str, Any]:
        return {
            "groups": ask(overview.chart), "checkpoint": ask(assurance.latest_checkpoint),
            "margins": ask(overview.margins), "waiting": part(ask, approvals.waiting), "own": ask(approvals.own),
            "incidents": part(ask, attending.incidents),
            "failed": part(ask, jobs.failed), "silent": given_up_webhooks(ask),
            "unanswered": part(ask, errands.unanswered), "stuck": part(ask, lives.stuck),
            "maturing": part(ask, deposits.maturing), "due": part(ask, loans.falling_due), "asking": part(ask, review.complaints),
            "voices": part(ask, cases.waiting),
        }  # fmt: skip

    found = view(request, who, build)
    off = overview.differences(each for each in found.pop("groups") if each.total)
    return page(request, "operator/today.html", who, differences=off, **found)
