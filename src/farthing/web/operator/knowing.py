"""The operator's pages of levels: whose ends soon, and the doubt of an evidence, which takes two officers."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from farthing.kit.errors import Refusal
from farthing.parties.levels import service as levels
from farthing.parties.levels.model import DoubtEvidence
from farthing.web.forms import comes_back
from farthing.web.ground import Fields, ask, current, page, pages, run, to
from farthing.web.operator.people import customer_page

router = pages()
PAGE = 50


@router.get("/ops/levels")
def ending(request: Request, days: int = 0, after: str = "") -> Response:
    """Whose level ends soon, the earliest first."""
    who = current(request)
    found = ask(request, who, levels.ending, days, after, PAGE)
    return page(request, "operator/levels.html", who, found=found, days=days, after=after)


def _customer(request: Request, refusal: Refusal, party_id: str) -> HTMLResponse:
    return customer_page(request, refusal, party_id)


@router.post("/ops/customers/{party_id}/doubts")
@comes_back(_customer)
def doubt(request: Request, party_id: str, fields: Fields) -> Response:
    """Draft the doubt of an evidence; another officer agrees, and it counts for nothing from then on."""
    command = DoubtEvidence(party_id, str(fields.get("evidence")), str(fields.get("note")))
    run(request, levels.doubt_evidence, command, actor=current(request))
    return to(f"/ops/customers/{party_id}", waits="true")
