"""The borrower's pages: bring a history, ask, see why, read and sign, be paid, pay and repay."""

from __future__ import annotations

import base64
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from farthing.assurance import service as assurance
from farthing.credit import service as credit
from farthing.credit.model import BillSeal, DisputeDatum, ImportBill, ImportedBill, RevokeConsent
from farthing.credit.review import service as review
from farthing.credit.review.model import AskReview
from farthing.credit.rules import KINDS as NEEDED
from farthing.credit.seals import read_seal
from farthing.funding import service as funding
from farthing.funding.model import AskFunders
from farthing.kernel.run import Ask
from farthing.kit.actor import Actor
from farthing.kit.calendar import add_months
from farthing.kit.errors import Refusal, malformed
from farthing.lending import service as lending
from farthing.lending.agreement import service as contracts
from farthing.lending.agreement.service import SignContract
from farthing.lending.model import AcceptOffer, Loan, LoanCommand, Repay
from farthing.products import service as products
from farthing.web.customer.home import open_offers
from farthing.web.forms import comes_back, command_of
from farthing.web.ground import Fields, again, ask, current, kernel_of, once_more, page, pages, run, to, view

router = pages()

PURPOSE_MISSING = malformed(
    "web.purpose_missing",
    "Say in a few words what the loan is for.",
    "请用几个字写明借款用途。",
)


@router.get("/history")
def history(request: Request, bill: str = "") -> Response:
    """Consents, and bringing a bill home; what was brought is read from its report, never from the address."""
    return history_form(request, None, bill)


def history_form(request: Request, refusal: Refusal | None, bill: str = "") -> Response:
    """The page on which a bill is brought, with a refusal where the last one was refused."""
    who = current(request)
    if not who.party_id:
        return to("/")
    given = ask(request, who, credit.consents, str(who.party_id))
    report = ask(request, who, credit.bill_report, bill) if bill else None
    return again(request, "history.html", who, refusal, consents=given, report=report)


@router.post("/history")
@comes_back(history_form)
def bring(request: Request, fields: Fields) -> Response:
    """Consent and import in one form."""
    who = current(request)
    seal = read_seal(_uploaded(fields, "seal"))
    imported = _bring(request, who, _uploaded(fields, "bill"), str(fields.get("password") or ""), seal)
    return to("/history", bill=imported.id)


def _uploaded(fields: Fields, name: str) -> bytes:
    """The content of a file that was chosen in a form; nothing where none was."""
    upload = fields.get(name)
    return bytes(upload.file.read()) if upload is not None and hasattr(upload, "file") else b""


def _bring(request: Request, who: Actor, content: bytes, password: str, seal: BillSeal | None) -> ImportedBill:
    party = str(who.party_id)
    until = add_months(kernel_of(request).clock().business_date, 1)
    command = ImportBill(party, "bill", base64.b64encode(content).decode(), password, seal, until)
    imported: ImportedBill = run(request, credit.import_bill, command, actor=who)
    return imported


@router.post("/consents/revocations")
def take_back(request: Request, fields: Fields) -> Response:
    """Take a consent back."""
    run(request, credit.revoke_consent, RevokeConsent(str(fields.get("consent_id") or "")), actor=current(request))
    return to("/history")


@router.get("/apply")
def apply_page(request: Request) -> Response:
    """What can be borrowed."""
    return apply_form(request, None)


def apply_form(request: Request, refusal: Refusal | None) -> Response:
    """The form of an application, as it was filled in where it was refused; the bill first where none was brought."""
    who = current(request)
    if not who.party_id:
        return to("/")
    given = ask(request, who, credit.consents, str(who.party_id))
    today = kernel_of(request).clock().business_date
    brought = {kind for each in given if each.state(today) == "active" for kind in each.kinds}
    return again(
        request, "apply.html", who, refusal, products=ask(request, who, products.loans_in_force),
        bill_first=not brought.issuperset(NEEDED),
    )  # fmt: skip


@router.post("/apply")
@comes_back(apply_form)
def apply(request: Request, fields: Fields) -> Response:
    """Ask for a loan and see the answer at once."""
    who = current(request)
    command = command_of(lending.apply, fields, missing={"purpose": PURPOSE_MISSING}, party_id=str(who.party_id))
    answer = run(request, lending.apply, command, actor=who, key=str(fields.get("key")))
    if answer.offer is not None:
        return to(f"/offers/{answer.offer.id}")
    return to(f"/decisions/{answer.decision_id}")


@router.get("/decisions/{decision_id}")
def decision(request: Request, decision_id: str) -> Response:
    """Why yes, or why no; with the offer that came of it, while it can be accepted."""
    who, today = current(request), kernel_of(request).clock().business_date

    def build(ask: Ask) -> dict[str, Any]:
        loans = ask(lending.loans, who.party_id) if who.party_id else []
        offers = open_offers(ask, who.party_id, loans, today) if who.party_id else []
        return {
            "decision": ask(credit.decision, decision_id), "inputs": ask(credit.decision_inputs, decision_id),
            "offer": next((each for each in offers if each.decision_id == decision_id), None),
            "loan": next((each for each in loans if each.decision_id == decision_id), None),
            "reviews": ask(review.reviews, decision_id),
        }  # fmt: skip

    return page(request, "decision.html", who, **view(request, who, build))


@router.post("/decisions/{decision_id}/reviews")
def ask_review(request: Request, decision_id: str, fields: Fields) -> Response:
    """Ask that a person looks at a decision."""
    command = AskReview(decision_id, str(fields.get("words")))
    run(request, review.ask_review, command, actor=current(request), key=str(fields.get("key")))
    return to(f"/decisions/{decision_id}")


@router.post("/disputes")
def dispute(request: Request, fields: Fields) -> Response:
    """Say that a datum is wrong."""
    who = current(request)
    command = DisputeDatum(str(who.party_id), str(fields.get("datum")), str(fields.get("statement")))
    run(request, credit.dispute_datum, command, actor=who)
    return to("/home")


@router.get("/offers/{offer_id}")
def offer(request: Request, offer_id: str) -> Response:
    """The offer with schedule, total cost and APR."""
    who = current(request)
    found = ask(request, who, lending.offer, offer_id)
    answer = ask(request, who, credit.decision, found.decision_id)
    return page(request, "offer.html", who, offer=found, decision=answer)


@router.post("/offers/{offer_id}")
def accept(request: Request, offer_id: str, fields: Fields) -> Response:
    """Accept the offer as it was seen; funding and contract follow at once."""
    loan_id = _accept(request, current(request), offer_id, fields)
    return to(f"/loans/{loan_id}/contract")


def _accept(request: Request, who: Actor, offer_id: str, fields: Fields) -> str:
    command = AcceptOffer(offer_id, fields.as_money("amount"), fields.as_money("total_cost"))
    loan = run(request, lending.accept_offer, command, actor=who)
    _draw(request, who, loan)
    return str(loan.id)


def _draw(request: Request, who: Actor, loan: Loan) -> None:
    """Have an accepted loan funded, if it is not, and its contract drawn for today."""
    if loan.state == "accepted":
        run(request, funding.ask, AskFunders(loan.id), actor=who)
    run(request, funding.draw_contract, LoanCommand(loan.id), actor=who)


@router.get("/loans/{loan_id}/contract")
def contract(request: Request, loan_id: str) -> Response:
    """The contract to read and sign, with the digest of exactly this document."""
    who = current(request)
    loan = ask(request, who, lending.loan, loan_id)
    view = ask(request, who, contracts.view, loan_id)
    return page(request, "contract.html", who, loan=loan, contract=view)


@router.get("/loans/{loan_id}/contract.pdf")
def contract_pdf(request: Request, loan_id: str) -> Response:
    """The PDF."""
    pdf = ask(request, current(request), contracts.document, loan_id)
    return Response(pdf, media_type="application/pdf")


@router.post("/loans/{loan_id}/contract")
def sign(request: Request, loan_id: str, fields: Fields) -> Response:
    """Sign what was shown; the institution seals and pays out in the next breath, or when it is asked again."""
    who = current(request)
    if fields.get("again"):  # its day passed, or it was never drawn: it is drawn for today, to be read and signed
        _draw(request, who, ask(request, who, lending.loan, loan_id))
        return to(f"/loans/{loan_id}/contract")
    if not fields.get("complete"):  # what was refused after the signature is asked for again without another one
        run(request, contracts.sign_contract, SignContract(loan_id, str(fields.get("digest"))), actor=who)
    run(request, funding.complete, LoanCommand(loan_id), actor=who)
    return to(f"/loans/{loan_id}")


@router.get("/loans/{loan_id}")
def loan(request: Request, loan_id: str) -> Response:
    """A loan as it stands, what is due, and paying it."""
    who = current(request)
    found, owed, paid = view(
        request,
        who,
        lambda ask: tuple(ask(about, loan_id) for about in (lending.loan, lending.owed, lending.repayments)),
    )
    due, settlement, late = owed
    return page(request, "loan.html", who, loan=found, due=due, settlement=settlement, late=late, repayments=paid)


@router.post("/loans/{loan_id}")
def repay(request: Request, loan_id: str, fields: Fields) -> Response:
    """Repay what is due; settle the whole, or give it up: shown first, done when it is confirmed."""
    who, key = current(request), str(fields.get("key"))
    if fields.get("withdraw") or fields.get("settle"):
        ends = "withdraw" if fields.get("withdraw") else "settle"
        function = funding.withdraw if ends == "withdraw" else lending.settle
        return once_more(
            request, fields, function, LoanCommand(loan_id), actor=who, then=lambda done: to(f"/loans/{loan_id}"),
            show=lambda tried, form: page(
                request, "loan_confirm.html", who, loan_id=loan_id, ends=ends, tried=tried, **form
            ),
        )  # fmt: skip
    run(request, lending.repay, Repay(loan_id, fields.as_money("amount")), actor=who, key=key)
    return to(f"/loans/{loan_id}")


@router.post("/loans/{loan_id}/evidence")
def evidence(request: Request, loan_id: str, fields: Fields) -> Response:
    """The evidence package of one's loan: contract, journal and proofs, to be checked without this bank."""
    made = run(request, assurance.package_loan, LoanCommand(loan_id), actor=current(request))
    name = f"evidence-{loan_id}.zip" if loan_id.isidentifier() else "evidence.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(base64.b64decode(made.content_base64), media_type="application/zip", headers=headers)
