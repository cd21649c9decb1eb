"""The pages of payments that are reported as fraud: this was not me, or I was deceived, from the receipt; what became of it; and,
at the other end, what is frozen in one's wallet, until when, and how to object."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import Response

from farthing.kernel.run import Ask
from farthing.kit.errors import Refusal
from farthing.payments.activity import service as activity
from farthing.payments.reported import service as reported
from farthing.payments.reported.model import ObjectToFreeze, ReportPayment
from farthing.web.forms import comes_back, command_of, meant
from farthing.web.ground import Fields, again, ask, current, page, pages, run, sign_in_first, to, view

router = pages()


@router.get("/reports")
def reports_page(request: Request) -> Response:
    """What one reported, and what is frozen in one's wallet."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    party = who.party_id

    def build(ask: Ask) -> dict[str, Any]:
        return {"reports": ask(reported.own_list, party), "frozen": ask(reported.frozen, party)}

    return page(request, "customer/reports.html", who, **view(request, who, build))


def report_form(request: Request, refusal: Refusal | None = None, reference: str = "") -> Response:
    """The form about one payment, with why it was refused where it was."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    found = ask(request, who, activity.receipt, who.party_id, meant(request, refusal, "reference", reference))
    return again(request, "customer/report_new.html", who, refusal, found=found)


@router.get("/reports/new")
def report_new(request: Request, reference: str = "") -> Response:
    """Report a payment of one's own."""
    return report_form(request, None, reference)


@router.post("/reports")
@comes_back(report_form)
def report(request: Request, fields: Fields) -> Response:
    """Report it: what is left of the money is frozen at once."""
    who = current(request)
    command = command_of(reported.report, fields, payer=str(who.party_id))
    assert isinstance(command, ReportPayment)
    done = run(request, reported.report, command, actor=who, key=str(fields.get("key")))
    return to(f"/reports/{done.id}")


@router.get("/reports/{report_id}")
def report_one(request: Request, report_id: str) -> Response:
    """What became of a report."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    return page(request, "customer/report.html", who, report=ask(request, who, reported.own, who.party_id, report_id))


def frozen_form(request: Request, refusal: Refusal | None = None, report_id: str = "") -> Response:
    """What is frozen in one's wallet, with why an objection was refused where it was."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    found = ask(request, who, reported.frozen_one, who.party_id, meant(request, refusal, "report_id", report_id))
    return again(request, "customer/frozen.html", who, refusal, frozen=found)


@router.get("/frozen/{report_id}")
def frozen_one(request: Request, report_id: str) -> Response:
    """What a report froze in one's wallet."""
    return frozen_form(request, None, report_id)


@router.post("/frozen/objections")
@comes_back(frozen_form)
def object_to(request: Request, fields: Fields) -> Response:
    """Say why it is one's own."""
    who = current(request)
    command = command_of(reported.object_to, fields, party_id=str(who.party_id))
    assert isinstance(command, ObjectToFreeze)
    run(request, reported.object_to, command, actor=who)
    return to(f"/frozen/{command.report_id}")
