"""The pages of disputes at a node: say that a month or an account is wrong, see by when it is answered, and what became of it."""

from __future__ import annotations

from functools import partial
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from farthing.exchange.disputing import rules
from farthing.exchange.disputing import service as disputes
from farthing.exchange.inquiring import service as inquiring
from farthing.exchange.inquiring.model import reader_name
from farthing.exchange.inquiring.service import Given
from farthing.exchange.persons import service as persons
from farthing.identity.rules import ANONYMOUS
from farthing.kernel.run import Ask
from farthing.kit.errors import Refusal
from farthing.web.customer.entrance import text
from farthing.web.exchange.coming import herself
from farthing.web.exchange.reading import WORDS
from farthing.web.forms import comes_back, command_of, meant
from farthing.web.ground import Fields, again, ask, current, pages, run, sign_in_first, to, view

router = pages()


@router.get("/disputes")
def disputes_page(request: Request) -> Response:
    """One's disputes, the newest first."""
    return disputes_form(request, None)


def disputes_form(request: Request, refusal: Refusal | None) -> Response:
    """The page, with why what was added was refused."""
    who = current(request)
    if who is ANONYMOUS:
        return sign_in_first(request)
    subject = herself(who)

    def build(ask: Ask) -> dict[str, Any]:
        called = partial(reader_name, ask(persons.member_names, subject))
        return {"disputes": ask(disputes.own_disputes, subject), "called": called}

    return again(request, "exchange/disputes.html", who, refusal, **view(request, who, build))


@router.get("/disputes/new")
def new(request: Request, report: str = "", line: str = "") -> Response:
    """Dispute an account of a report, or a month of it."""
    return new_form(request, None, report, line)


def new_form(request: Request, refusal: Refusal | None, report: str = "", line: str = "") -> Response:
    """The form about one account, with why it was refused where it was."""
    who = current(request)
    if who is ANONYMOUS:
        return sign_in_first(request)
    report = meant(request, refusal, "report", report)
    line = meant(request, refusal, "tradeline_id", line)
    given: Given = ask(request, who, inquiring.own_report, herself(who), report)
    found = next((each for each in given.report["tradelines"] if each["id"] == line), None)
    if found is None:
        raise rules.ITEM_UNKNOWN()
    return again(request, "exchange/dispute_new.html", who, refusal, line=found, report=report, **WORDS)


@router.post("/disputes")
@comes_back(new_form)
def dispute(request: Request, fields: Fields) -> Response:
    """Open the dispute: the item is marked from now on."""
    who = current(request)
    command = command_of(disputes.dispute_item, fields, subject_id=herself(who))
    run(request, disputes.dispute_item, command, actor=who, key=text(fields, "key"))
    return to("/disputes")


@router.post("/disputes/more")
@comes_back(disputes_form)
def more(request: Request, fields: Fields) -> Response:
    """Say more about a dispute that is open."""
    who = current(request)
    command = command_of(disputes.bring_more, fields, subject_id=herself(who))
    run(request, disputes.bring_more, command, actor=who, key=text(fields, "key"))
    return to("/disputes")
