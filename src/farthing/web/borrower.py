"""The borrower's pages: bring a history, ask, see why, read and sign, be paid, pay and repay."""

from __future__ import annotations

import base64
from typing import Any

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from farthing.credit import service as credit
from farthing.credit.model import DisputeDatum, GiveConsent, ImportBill, ImportedBill
from farthing.funding import service as funding
from farthing.kit.actor import Actor
from farthing.kit.calendar import add_months
from farthing.kit.money import Money
from farthing.lending import service as lending
from farthing.lending.agreement import service as contracts
from farthing.lending.agreement.service import SignContract
from farthing.lending.model import AcceptOffer, Apply, LoanCommand, Repay
from farthing.parties import service as parties
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail, Transfer
from farthing.products import service as products
from farthing.savings.passbook import service as passbook
from farthing.signing.capitals import capitals
from farthing.web.ground import ask, current, form, kernel_of, page, to

router = APIRouter(include_in_schema=False)


def yuan(text: Any) -> Money:
    """An amount typed into a form."""
    return Money.parse(str(text or ""), "CNY")


@router.get("/home")
def home(request: Request) -> Response:
    """Balance, what is due next, and the last movements."""
    who = current(request)
    if not who.party_id:
        return to("/")
    party = who.party_id
    loans = ask(request, who, lambda tx: lending.loans(tx, party))
    active = [loan.id for loan in loans if loan.state == "active"]
    owed = ask(request, who, lambda tx: {loan_id: lending.owed(tx, loan_id) for loan_id in active})
    return page(
        request, "home.html", who,
        party=ask(request, who, lambda tx: parties.party(tx, party)),
        wallet=ask(request, who, lambda tx: payments.wallet(tx, party)),
        movements=ask(request, who, lambda tx: payments.history(tx, party)).movements,
        loans=loans, owed=owed, deposits=ask(request, who, lambda tx: passbook.deposits(tx, party)),
        decisions=ask(request, who, lambda tx: credit.decisions(tx, party, 5)),
    )  # fmt: skip


@router.get("/history")
def history(request: Request) -> Response:
    """Consents, and bringing a bill home."""
    who = current(request)
    if not who.party_id:
        return to("/")
    given = ask(request, who, lambda tx: credit.consents(tx, str(who.party_id)))
    bill = request.query_params.get("bill", "")
    report = ask(request, who, lambda tx: credit.bill_report(tx, bill)) if bill else None
    added = request.query_params.get("added")
    return page(request, "history.html", who, consents=given, added=added, report=report)


@router.post("/history")
async def bring(request: Request) -> Response:
    """Consent and import in one form."""
    fields = await form(request)
    who = current(request)
    upload = fields.get("bill")
    content = await upload.read() if upload is not None and hasattr(upload, "read") else b""
    imported = await run_in_threadpool(_bring, request, who, content, str(fields.get("password") or ""))
    return to("/history", added=str(imported.added), bill=imported.id)


def _bring(request: Request, who: Actor, content: bytes, password: str) -> ImportedBill:
    kernel, party = kernel_of(request), str(who.party_id)
    until = add_months(kernel.clock().business_date, 1)
    consent = GiveConsent(party, "loan_application", ("payment_history", "credit_bureau"), until)
    kernel.run(credit.give_consent, consent, actor=who)
    command = ImportBill(party, "bill", base64.b64encode(content).decode(), password)
    imported: ImportedBill = kernel.run(credit.import_bill, command, actor=who)
    return imported


@router.get("/apply")
def apply_page(request: Request) -> Response:
    """What can be borrowed."""
    who = current(request)
    return (
        page(request, "apply.html", who, products=ask(request, who, products.loans_in_force))
        if who.party_id
        else to("/")
    )


@router.post("/apply")
async def apply(request: Request) -> Response:
    """Ask for a loan and see the answer at once."""
    fields = await form(request)
    who = current(request)
    command = Apply(
        str(who.party_id), str(fields.get("product")), yuan(fields.get("amount")),
        int(str(fields.get("instalments") or 0)), str(fields.get("purpose") or "-"),
    )  # fmt: skip
    answer = await run_in_threadpool(
        kernel_of(request).run, lending.apply, command, actor=who, key=str(fields.get("key"))
    )
    if answer.offer is not None:
        return to(f"/offers/{answer.offer.id}")
    return to(f"/decisions/{answer.decision_id}")


@router.get("/decisions/{decision_id}")
def decision(request: Request, decision_id: str) -> Response:
    """Why yes, or why no."""
    who = current(request)
    found = ask(request, who, lambda tx: credit.decision(tx, decision_id))
    inputs = ask(request, who, lambda tx: credit.decision_inputs(tx, decision_id))
    return page(request, "decision.html", who, decision=found, inputs=inputs)


@router.post("/disputes")
async def dispute(request: Request) -> Response:
    """Say that a datum is wrong."""
    fields = await form(request)
    who = current(request)
    command = DisputeDatum(str(who.party_id), str(fields.get("datum")), str(fields.get("statement")))
    await run_in_threadpool(kernel_of(request).run, credit.dispute_datum, command, actor=who)
    return to("/home")


@router.get("/offers/{offer_id}")
def offer(request: Request, offer_id: str) -> Response:
    """The offer with schedule, total cost and APR."""
    who = current(request)
    found = ask(request, who, lambda tx: lending.offer(tx, offer_id))
    answer = ask(request, who, lambda tx: credit.decision(tx, found.decision_id))
    return page(request, "offer.html", who, offer=found, decision=answer)


@router.post("/offers/{offer_id}")
async def accept(request: Request, offer_id: str) -> Response:
    """Accept the offer as it was seen; funding and contract follow at once."""
    fields = await form(request)
    loan_id = await run_in_threadpool(_accept, request, current(request), offer_id, fields)
    return to(f"/loans/{loan_id}/contract")


def _accept(request: Request, who: Actor, offer_id: str, fields: dict[str, Any]) -> str:
    kernel = kernel_of(request)
    command = AcceptOffer(offer_id, yuan(fields.get("amount")), yuan(fields.get("total_cost")))
    loan = kernel.run(lending.accept_offer, command, actor=who)
    if loan.state == "accepted":
        funding.arrange(kernel, loan.id)
    kernel.run(funding.draw_contract, LoanCommand(loan.id), actor=who)
    return str(loan.id)


@router.get("/loans/{loan_id}/contract")
def contract(request: Request, loan_id: str) -> Response:
    """The contract to read and sign, with the digest of exactly this document."""
    who = current(request)
    loan = ask(request, who, lambda tx: lending.loan(tx, loan_id))
    view = ask(request, who, lambda tx: contracts.view(tx, loan_id))
    return page(request, "contract.html", who, loan=loan, contract=view)


@router.get("/loans/{loan_id}/contract.pdf")
def contract_pdf(request: Request, loan_id: str) -> Response:
    """The PDF."""
    pdf = ask(request, current(request), lambda tx: contracts.document(tx, loan_id))
    return Response(pdf, media_type="application/pdf")


@router.post("/loans/{loan_id}/contract")
async def sign(request: Request, loan_id: str) -> Response:
    """Sign what was shown; the institution seals and pays out in the next breath."""
    fields = await form(request)
    await run_in_threadpool(_sign, request, current(request), loan_id, str(fields.get("digest")))
    return to(f"/loans/{loan_id}")


def _sign(request: Request, who: Actor, loan_id: str, digest: str) -> None:
    kernel = kernel_of(request)
    kernel.run(contracts.sign_contract, SignContract(loan_id, digest), actor=who)
    kernel.run(funding.complete, LoanCommand(loan_id), actor=who)


@router.get("/loans/{loan_id}")
def loan(request: Request, loan_id: str) -> Response:
    """A loan as it stands, what is due, and paying it."""
    who = current(request)
    found = ask(request, who, lambda tx: lending.loan(tx, loan_id))
    due, settlement, late = ask(request, who, lambda tx: lending.owed(tx, loan_id))
    paid = ask(request, who, lambda tx: lending.repayments(tx, loan_id))
    return page(request, "loan.html", who, loan=found, due=due, settlement=settlement, late=late, repayments=paid)


@router.post("/loans/{loan_id}")
async def repay(request: Request, loan_id: str) -> Response:
    """Repay what is due, or settle the whole."""
    fields = await form(request)
    who, key = current(request), str(fields.get("key"))
    kernel = kernel_of(request)
    if fields.get("settle"):
        await run_in_threadpool(kernel.run, lending.settle, LoanCommand(loan_id), actor=who, key=key)
    else:
        command = Repay(loan_id, yuan(fields.get("amount")))
        await run_in_threadpool(kernel.run, lending.repay, command, actor=who, key=key)
    return to(f"/loans/{loan_id}")


@router.get("/pay")
def pay_page(request: Request) -> Response:
    """Pay somebody, or top the wallet up."""
    who = current(request)
    if not who.party_id:
        return to("/")
    wallet = ask(request, who, lambda tx: payments.wallet(tx, str(who.party_id)))
    return page(request, "pay.html", who, wallet=wallet, done=request.query_params.get("done"),
                waits=request.query_params.get("waits"))  # fmt: skip


@router.post("/pay")
async def pay(request: Request) -> Response:
    """Show the amount in words and ask once more; then pay."""
    fields = await form(request)
    who = current(request)
    amount = yuan(fields.get("amount"))
    if not fields.get("confirmed"):
        wallet = ask(request, who, lambda tx: payments.wallet(tx, str(who.party_id)))
        return page(request, "pay.html", who, wallet=wallet, asked=fields, amount=amount, words=capitals(amount))
    kernel, key = kernel_of(request), str(fields.get("key"))
    if fields.get("card"):
        top_up = MoveByRail(str(who.party_id), amount, str(fields["card"]))
        moved = await run_in_threadpool(kernel.run, payments.top_up, top_up, actor=who, key=key)
        if moved.state == "asked":
            return to("/pay", waits=str(amount))
    else:
        command = Transfer(str(who.party_id), str(fields.get("payee")), amount, str(fields.get("memo") or ""))
        await run_in_threadpool(kernel.run, payments.transfer, command, actor=who, key=key)
    return to("/pay", done=str(amount))
