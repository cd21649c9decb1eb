"""Payments that were reported as fraud: what is frozen where, what its holders say, and the forms that report for a customer,
freeze what another bank asks for, and give back or free."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import Response

from farthing.kernel.answers import Pending
from farthing.kit.errors import Refusal
from farthing.payments.reported import service as reported
from farthing.web.forms import comes_back, command_of
from farthing.web.ground import Fields, again, ask, current, pages, run, to

router = pages("/ops/reports-of-fraud")


def front(request: Request, refusal: Refusal | None = None) -> Response:
    """All reports, those that are open first; with what was refused of a form."""
    who = current(request)
    found = ask(request, who, reported.listed, True)
    return again(request, "operator/reports_of_fraud.html", who, refusal, cases=found)


@router.get("")
def shown(request: Request) -> Response:
    """Reports, the one whose time is over first at the head."""
    return front(request)


@router.post("")
@comes_back(front)
def report(request: Request, fields: Fields) -> Response:
    """Report what a customer paid, or what another bank asks for."""
    who, key = current(request), str(fields.get("key"))
    made = reported.report_come_in if fields.get("act") == "bank" else reported.report_for
    done = run(request, made, command_of(made, fields), actor=who, key=key)
    return to(f"/ops/reports-of-fraud/{done.report.id}")


def one(request: Request, refusal: Refusal | None = None, report_id: str = "", drafted: bool = False) -> Response:
    """The page of a report; with what was refused of its form."""
    who = current(request)
    found = ask(request, who, reported.case, report_id)
    return again(request, "operator/report_of_fraud.html", who, refusal, case=found, drafted=drafted)


@router.get("/{report_id}")
def case(request: Request, report_id: str, drafted: bool = False) -> Response:
    """A report and what it froze."""
    return one(request, None, report_id, drafted)


@router.post("/{report_id}")
@comes_back(one)
def decide(request: Request, report_id: str, fields: Fields) -> Response:
    """Give back or free, which a second person agrees to."""
    command = command_of(reported.decide, fields, report_id=report_id)
    done = run(request, reported.decide, command, actor=current(request), key=str(fields.get("key")))
    place = f"/ops/reports-of-fraud/{report_id}"
    return to(place, drafted="1") if isinstance(done, Pending) else to(place)
