"""The operator's page of somebody's data: what would be answered to an erasure, and the drafts that ask a second officer."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from farthing.assurance.erasure import service as erasure
from farthing.assurance.erasure.model import ErasePerson, LiftRestriction, OpenRestricted
from farthing.kit.errors import Refusal
from farthing.web.forms import comes_back
from farthing.web.ground import Fields, again, ask, current, pages, run, to

router = pages()


@router.get("/ops/customers/{party_id}/data")
def data(request: Request, party_id: str, waits: bool = False) -> Response:
    """What would be answered to an erasure, and what was."""
    return data_page(request, None, party_id, waits)


def data_page(request: Request, refusal: Refusal | None, party_id: str, waits: bool = False) -> HTMLResponse:
    """The same, with a refusal where one was refused."""
    who = current(request)
    told = ask(request, who, erasure.erasure_outlook, party_id)
    return again(request, "operator/data.html", who, refusal, told=told, waits=waits)


@router.post("/ops/customers/{party_id}/data")
@comes_back(data_page)
def asked(request: Request, party_id: str, fields: Fields) -> Response:
    """Draft an erasure, the lifting of a restriction, or a look at what is restricted; another officer agrees."""
    note, who = str(fields.get("note")), current(request)
    step = str(fields.get("step"))
    if step == "lift":
        run(request, erasure.lift_restriction, LiftRestriction(party_id, note), actor=who)
    elif step == "open":
        run(request, erasure.open_restricted, OpenRestricted(party_id, note), actor=who)
    else:
        run(request, erasure.erase, ErasePerson(party_id, note), actor=who)
    return to(f"/ops/customers/{party_id}/data", waits="true")
