"""The papers of a partner lender: its loans, of each a certificate of its part with the schedule, and the contract."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import Response

from farthing.funding.papers import service as papers
from farthing.funding.papers.model import Certificate, TakeContract
from farthing.web.ground import Fields, ask, current, page, pages, run, to
from farthing.web.sheets import sheet
from farthing.web.speech import gettext as _

router = pages("/partner/documents")


@router.get("")
def documents(request: Request, after: str = "") -> Response:
    """The loans that the partner has a part of, the latest first."""
    who = current(request)
    return page(
        request, "partner/documents.html", who, after=after, found=ask(request, who, papers.own_parts, after, 30)
    )


@router.get("/{loan_id}")
def certificate(request: Request, loan_id: str) -> Response:
    """What the partner holds of one loan, and its part of each instalment."""
    who = current(request)
    return page(request, "partner/certificate.html", who, held=ask(request, who, papers.own_certificate, loan_id))


@router.get("/{loan_id}/schedule.csv")
def schedule(request: Request, loan_id: str) -> Response:
    """The partner's part of each instalment as a file for a spreadsheet."""
    held: Certificate = ask(request, current(request), papers.own_certificate, loan_id)
    heads = (_("No."), _("Day"), _("Principal"), _("Interest"), _("Paid"), _("Currency"))
    rows = [
        (str(each.number), each.due_on.isoformat(), each.principal.plain(), each.interest.plain(),
         _("paid") if each.settled else "", each.principal.currency)
        for each in held.schedule
    ]  # fmt: skip
    return sheet(f"schedule-{held.since.isoformat()}.csv", heads, rows)


@router.post("/{loan_id}/contract")
def take(request: Request, loan_id: str, fields: Fields) -> Response:
    """Take the contract, which is logged and told to the borrower; then it can be read."""
    run(request, papers.take_contract, TakeContract(loan_id), actor=current(request))
    return to(f"/partner/documents/{loan_id}")


@router.get("/{loan_id}/contract.pdf")
def contract(request: Request, loan_id: str) -> Response:
    """The contract as it was signed, for the login that took it."""
    pdf = ask(request, current(request), papers.own_contract, loan_id)
    headers = {"Content-Disposition": 'inline; filename="contract.pdf"', "Cache-Control": "no-store"}
    return Response(pdf, media_type="application/pdf", headers=headers)
