"""Settling with a partner lender, day by day: our statement as a file, the partner's own against it, and each difference with
the form that works it off."""

from __future__ import annotations

import base64
from datetime import date
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from farthing.funding import service as funding
from farthing.funding.settling import breaks_service as breaks
from farthing.funding.settling import service as settling
from farthing.funding.settling.breaks_model import Reconcile, Reconciled, WorkOff
from farthing.funding.settling.breaks_rules import NOT_RECONCILED
from farthing.kernel.answers import Pending
from farthing.kernel.run import Ask
from farthing.kit.errors import Refusal
from farthing.payments.iso20022.rules import MOST_BYTES
from farthing.payments.reconciling.breaks import KINDS, STATES
from farthing.web.forms import comes_back
from farthing.web.ground import Fields, again, ask, current, page_of, pages, run, to, unless, view
from farthing.web.sheets import sent

router = pages("/ops/partners")


def days(request: Request, refusal: Refusal | None = None, partner: str = "", until: date | None = None) -> Response:
    """The page of a partner's days; with what was refused of a file that was brought."""
    who = current(request)
    page_of(request, who, funding.partners)

    def build(ask: Ask) -> dict[str, Any]:
        named = {each.code: each.name for each in ask(funding.partners)}
        return {
            "statements": ask(settling.statements, partner, until),
            "called": named[partner],
            "brought": {each.on: each for each in ask(breaks.reconciliations, partner, until)},
            "open": ask(breaks.breaks).breaks,
        }

    return again(
        request, "operator/settling.html", who, refusal, partner=partner, until=until, **view(request, who, build)
    )


@router.get("/{partner}")
def listed(request: Request, partner: str, until: date | None = None) -> Response:
    """A partner's closed days with their files, and how far the partner's own agree."""
    return days(request, None, partner, until)


@router.post("/{partner}")
@comes_back(days)
def bring(request: Request, partner: str, fields: Fields) -> Response:
    """Take the partner's own file of a day and go to what it came to."""
    content = fields.as_file("file", MOST_BYTES + 1)
    command = Reconcile(base64.b64encode(content).decode(), partner)
    found: Reconciled = run(request, breaks.reconcile, command, actor=current(request), key=str(fields.get("key")))
    return to(f"/ops/partners/{partner}/{found.day.on}")


@router.get("/{partner}/{on}.csv")
def as_table(request: Request, partner: str, on: date) -> Response:
    """The statement of a day as a table."""
    return sent(ask(request, current(request), settling.statement, partner, on, "csv"))


@router.get("/{partner}/{on}.xml")
def as_message(request: Request, partner: str, on: date) -> Response:
    """The statement of a day as camt.053."""
    return sent(ask(request, current(request), settling.statement, partner, on, "camt.053"))


def day(
    request: Request, refusal: Refusal | None = None, partner: str = "", on: date | str = "", drafted: bool = False
) -> Response:  # fmt: skip
    """The page of one day: what the partner's file came to, and its differences. A refused form brings the day as text."""
    who, on = current(request), date.fromisoformat(on) if isinstance(on, str) else on
    found = unless((NOT_RECONCILED.name,), lambda: ask(request, who, breaks.reconciliation, partner, on))
    return again(
        request, "operator/settling_day.html", who, refusal, partner=partner, on=on, found=found, kinds=KINDS, states=STATES,
        drafted=drafted,
    )  # fmt: skip


@router.get("/{partner}/{on}")
def compared(request: Request, partner: str, on: date, drafted: bool = False) -> Response:
    """A day's reconciliation."""
    return day(request, None, partner, on, drafted)


@router.post("/{partner}/{on}")
@comes_back(day)
def work_off(request: Request, partner: str, on: date, fields: Fields) -> Response:
    """End a difference with a reason; a second person is asked where our books are put right by it."""
    command = WorkOff(str(fields.get("break_id")), str(fields.get("reason")), bool(fields.get("correct")))
    done = run(request, breaks.work_off, command, actor=current(request), key=str(fields.get("key")))
    place = f"/ops/partners/{partner}/{on}"
    return to(place, drafted="1") if isinstance(done, Pending) else to(place)
