"""The pages of a person's report: take it, read it, keep it as a signed file; and who asked for it and saw what."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import partial
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from farthing.exchange.codes import STATUSES
from farthing.exchange.consents import rules as consent_rules
from farthing.exchange.inquiring import service as inquiring
from farthing.exchange.inquiring.model import HER, PURPOSES, reader_name
from farthing.exchange.inquiring.service import Given, TakeOwnReport
from farthing.exchange.law.model import law_of
from farthing.exchange.own import file as own_file
from farthing.exchange.persons import service as persons
from farthing.identity.rules import ANONYMOUS
from farthing.kernel.run import Ask
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.web.customer.entrance import text
from farthing.web.exchange.coming import herself, node_of
from farthing.web.forms import comes_back
from farthing.web.ground import Fields, again, ask, current, page, pages, run, sign_in_first, to, view

router = pages()
WORDS: Mapping[str, Any] = {
    "statuses": STATUSES, "kinds": consent_rules.KIND_NAMES, "purposes": PURPOSES,
    "day": date.fromisoformat, "at": datetime.fromisoformat, "money": Money,
}  # fmt: skip
"""What a report's codes are called, and how its texts become days and amounts again."""


@router.get("/report")
def report(request: Request) -> Response:
    """The reports that one took, and how many are left."""
    return report_form(request, None)


def report_form(request: Request, refusal: Refusal | None) -> Response:
    """The page, with why no report was given."""
    who = current(request)
    if who is ANONYMOUS:
        return sign_in_first(request)
    subject = herself(who)

    def build(ask: Ask) -> dict[str, Any]:
        found = ask(inquiring.own_inquiries, subject)
        return {
            "allowed": ask(inquiring.own_allowance, subject),
            "taken": [each for each in found if each.member_id == HER],
            "asked": len([each for each in found if each.member_id != HER]),
        }

    return again(request, "exchange/report.html", who, refusal, **view(request, who, build))


@router.post("/report")
@comes_back(report_form)
def take(request: Request, fields: Fields) -> Response:
    """Take one's report as it stands now."""
    who = current(request)
    command = TakeOwnReport(herself(who), node_of(request).name)
    given: Given = run(request, inquiring.take_own_report, command, actor=who, key=text(fields, "key"))
    return to(f"/reports/{given.view_id}")


@router.get("/reports/{view_id}")
def one(request: Request, view_id: str) -> Response:
    """A report that was given, to oneself or to a lender, as it was given: the content of its signed file, for reading."""
    who = current(request)
    if who is ANONYMOUS:
        return sign_in_first(request)
    subject = herself(who)

    def build(ask: Ask) -> dict[str, Any]:
        given: Given = ask(inquiring.own_report, subject, view_id)
        asked = next(each for each in ask(inquiring.own_inquiries, subject) if each.id == view_id)
        return {
            "given": given, "report": given.report, "to": asked, "law": law_of(given.report["law"]),
            "called": partial(reader_name, ask(persons.member_names, subject)),
        }  # fmt: skip

    key = node_of(request).public.id
    return page(request, "exchange/one.html", who, key=key, **WORDS, **view(request, who, build))


@router.get("/reports/{view_id}/file")
def file(request: Request, view_id: str) -> Response:
    """The same as one signed file, which anybody checks with the network off."""
    who = current(request)
    if who is ANONYMOUS:
        return sign_in_first(request)
    subject, node = herself(who), node_of(request)
    given: Given = ask(request, who, inquiring.own_report, subject, view_id)
    content = own_file.make(given.report, given.view_id, subject, node.name, node.key, node.kernel.wall())
    name = f'attachment; filename="report-{given.as_of.isoformat()}.json"'
    return Response(content, media_type="application/json", headers={"Content-Disposition": name})


@router.get("/seen")
def seen(request: Request) -> Response:
    """Who asked for one, for what, and what was shown."""
    who = current(request)
    if who is ANONYMOUS:
        return sign_in_first(request)
    found = ask(request, who, inquiring.own_inquiries, herself(who))
    others = [each for each in found if each.member_id != HER]
    return page(request, "exchange/seen.html", who, asked=others, **WORDS)
