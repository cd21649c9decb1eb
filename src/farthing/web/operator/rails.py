"""Our accounts at rails: how each stands, its days as its statements tell them, and each difference with the form that works it
off."""

from __future__ import annotations

import base64
from datetime import date
from typing import Any

from fastapi import HTTPException, Request
from fastapi.responses import Response

from farthing.kernel.answers import Pending
from farthing.kernel.run import Ask
from farthing.kit.errors import Refusal
from farthing.payments.iso20022.rules import MOST_BYTES
from farthing.payments.nostro import breaks_service as breaks
from farthing.payments.nostro.model import AskReport, BringStatement, WorkOffRail
from farthing.payments.nostro.rules import NOT_RECONCILED
from farthing.payments.nostro.service import bring_statement
from farthing.payments.reconciling.breaks import KINDS, STATES
from farthing.web.forms import comes_back
from farthing.web.ground import Fields, again, ask, current, page_of, pages, run, to, unless, view

router = pages("/ops/rails")


@router.get("")
def listed(request: Request) -> Response:
    """Every rail as it stands, and differences that nobody has worked off."""
    who = current(request)

    def build(ask: Ask) -> dict[str, Any]:
        return {"rails": ask(breaks.rails), "open": ask(breaks.breaks)}

    return again(request, "operator/rails.html", who, None, kinds=KINDS, **view(request, who, build))


def days(request: Request, refusal: Refusal | None = None, rail: str = "", asked: bool = False) -> Response:
    """The page of a rail's days; with what was refused of a file that was brought."""
    who = current(request)
    page_of(request, who, breaks.rails)

    def build(ask: Ask) -> dict[str, Any]:
        standing = {each.rail: each for each in ask(breaks.rails)}
        if rail not in standing:
            raise HTTPException(404)
        return {"days": ask(breaks.days, rail), "standing": standing.get(rail)}

    return again(request, "operator/rail.html", who, refusal, rail=rail, asked=asked, **view(request, who, build))


@router.get("/{rail}")
def told(request: Request, rail: str, asked: bool = False) -> Response:
    """A rail's days."""
    return days(request, None, rail, asked)


@router.post("/{rail}")
@comes_back(days)
def bring(request: Request, rail: str, fields: Fields) -> Response:
    """Take the rail's own file, or ask it what moved today."""
    who, key = current(request), str(fields.get("key"))
    if fields.get("act") == "ask":
        run(request, breaks.ask_report, AskReport(rail), actor=who, key=key)
        return to(f"/ops/rails/{rail}", asked="1")
    content = base64.b64encode(fields.as_file("file", MOST_BYTES + 1)).decode()
    taken = run(request, bring_statement, BringStatement(rail, content), actor=who, key=key)
    return to(f"/ops/rails/{rail}/{taken.days[-1].on}") if taken.days else to(f"/ops/rails/{rail}")


def day(
    request: Request, refusal: Refusal | None = None, rail: str = "", on: date | str = "", drafted: bool = False
) -> Response:  # fmt: skip
    """The page of one day: what the statement came to, and what stood between the two balances."""
    who, on = current(request), date.fromisoformat(on) if isinstance(on, str) else on
    found = unless((NOT_RECONCILED.name,), lambda: ask(request, who, breaks.reconciliation, rail, on))
    return again(
        request, "operator/rail_day.html", who, refusal, rail=rail, on=on, found=found, kinds=KINDS, states=STATES,
        drafted=drafted,
    )  # fmt: skip


@router.get("/{rail}/{on}")
def compared(request: Request, rail: str, on: date, drafted: bool = False) -> Response:
    """A day's reconciliation."""
    return day(request, None, rail, on, drafted)


@router.post("/{rail}/{on}")
@comes_back(day)
def work_off(request: Request, rail: str, on: date, fields: Fields) -> Response:
    """End a difference with a reason; a second person is asked where our books are put right by it."""
    command = WorkOffRail(str(fields.get("break_id")), str(fields.get("reason")), bool(fields.get("correct")))
    done = run(request, breaks.work_off, command, actor=current(request), key=str(fields.get("key")))
    place = f"/ops/rails/{rail}/{on}"
    return to(place, drafted="1") if isinstance(done, Pending) else to(place)
