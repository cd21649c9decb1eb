"""The borrower's pages: bring a history, ask, see why, read and sign, be paid, pay and repay."""

from __future__ import annotations

import base64
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from farthing.credit import service as credit
from farthing.credit.model import BillSeal, DisputeDatum, GiveConsent, ImportBill, ImportedBill, RevokeConsent
from farthing.credit.seals import read_seal
from farthing.funding import service as funding
from farthing.funding.model import AskFunders
from farthing.kernel.run import Ask
from farthing.kit.actor import Actor
from farthing.kit.calendar import add_months
from farthing.kit.money import positive
from farthing.lending import service as lending
from farthing.lending.agreement import service as contracts
from farthing.lending.agreement.service import SignContract
from farthing.lending.model import AcceptOffer, Apply, Loan, LoanCommand, Repay
from farthing.parties import service as parties
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail, Transfer
from farthing.products import service as products
from farthing.savings.passbook import service as passbook
from farthing.signing.capitals import capitals
from farthing.web.ground import Fields, ask, current, kernel_of, page, pages, run, to, view, whole, yuan

router = pages()


@router.get("/home")
def home(request: Request) -> Response:
    """Balance, what is due next, and the last movements."""
    who = current(request)
    if not who.party_id:
        return to("/")
    party = who.party_id

    def build(ask: Ask) -> dict[str, Any]:
        loans = ask(lending.loans, party)
        return {
            "party": ask(parties.own_party, party), "wallet": ask(payments.wallet, party), "loans": loans,
            "movements": ask(payments.history, party).movements, "deposits": ask(passbook.deposits, party),
            "owed": {loan.id: ask(lending.owed, loan.id) for loan in loans if loan.state == "active"},
            "decisions": ask(credit.decisions, party, 5),
        }  # fmt: skip

    return page(request, "home.html", who, **view(request, who, build))


@router.get("/history")
def history(request: Request, added: str | None = None, bill: str = "") -> Response:
    """Consents, and bringing a bill home."""
    who = current(request)
    if not who.party_id:
        return to("/")
    given = ask(request, who, credit.consents, str(who.party_id))
    report = ask(request, who, credit.bill_report, bill) if bill else None
    return page(request, "history.html", who, consents=given, added=added, report=report)


@router.post("/history")
def bring(request: Request, fields: Fields) -> Response:
    """Consent and import in one form."""
    who = current(request)
    seal = read_seal(_uploaded(fields, "seal"))
    imported = _bring(request, who, _uploaded(fields, "bill"), str(fields.get("password") or ""), seal)
    return to("/history", added=str(imported.added), bill=imported.id)


def _uploaded(fields: Fields, name: str) -> bytes:
    """The content of a file that was chosen in a form; nothing where none was."""
    upload = fields.get(name)
    return bytes(upload.file.read()) if upload is not None and hasattr(upload, "file") else b""


def _bring(request: Request, who: Actor, content: bytes, password: str, seal: BillSeal | None) -> ImportedBill:
    party = str(who.party_id)
    until = add_months(kernel_of(request).clock().business_date, 1)
    consent = GiveConsent(party, "loan_application", ("payment_history", "credit_bureau"), until)
    run(request, credit.give_consent, consent, actor=who)
    command = ImportBill(party, "bill", base64.b64encode(content).decode(), password, seal)
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
    who = current(request)
    return (
        page(request, "apply.html", who, products=ask(request, who, products.loans_in_force))
        if who.party_id
        else to("/")
    )


@router.post("/apply")
def apply(request: Request, fields: Fields) -> Response:
    """Ask for a loan and see the answer at once."""
    who = current(request)
    command = Apply(
        str(who.party_id), str(fields.get("product")), yuan(fields.get("amount")),
        whole(fields.get("instalments")), str(fields.get("purpose") or "-"),
    )  # fmt: skip
    answer = run(request, lending.apply, command, actor=who, key=str(fields.get("key")))
    if answer.offer is not None:
        return to(f"/offers/{answer.offer.id}")
    return to(f"/decisions/{answer.decision_id}")


@router.get("/decisions/{decision_id}")
def decision(request: Request, decision_id: str) -> Response:
    """Why yes, or why no."""
    who = current(request)
    found, inputs = view(
        request, who, lambda ask: (ask(credit.decision, decision_id), ask(credit.decision_inputs, decision_id))
    )
    return page(request, "decision.html", who, decision=found, inputs=inputs)


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


def _accept(request: Request, who: Actor, offer_id: str, fields: dict[str, Any]) -> str:
    command = AcceptOffer(offer_id, yuan(fields.get("amount")), yuan(fields.get("total_cost")))
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
    """Repay what is due, or settle the whole."""
    who, key = current(request), str(fields.get("key"))
    if fields.get("withdraw"):
        run(request, funding.withdraw, LoanCommand(loan_id), actor=who, key=key)
    elif fields.get("settle"):
        run(request, lending.settle, LoanCommand(loan_id), actor=who, key=key)
    else:
        command = Repay(loan_id, yuan(fields.get("amount")))
        run(request, lending.repay, command, actor=who, key=key)
    return to(f"/loans/{loan_id}")


@router.get("/pay")
def pay_page(request: Request, done: bool = False, waits: bool = False) -> Response:
    """Pay somebody, or top the wallet up. What was done is read from the wallet, never from the address."""
    who = current(request)
    if not who.party_id:
        return to("/")
    wallet = ask(request, who, payments.wallet, str(who.party_id))
    last = ask(request, who, payments.history, str(who.party_id), limit=1).movements if done else ()
    return page(request, "pay.html", who, wallet=wallet, last=last, waits=waits)


@router.post("/pay")
def pay(request: Request, fields: Fields) -> Response:
    """Show the amount in words and ask once more; then pay."""
    who = current(request)
    amount = positive(yuan(fields.get("amount")))
    if not fields.get("confirmed"):
        wallet = ask(request, who, payments.wallet, str(who.party_id))
        return page(request, "pay.html", who, wallet=wallet, asked=fields, amount=amount, words=capitals(amount))
    key = str(fields.get("key"))
    if fields.get("card"):
        top_up = MoveByRail(str(who.party_id), amount, str(fields["card"]))
        moved = run(request, payments.top_up, top_up, actor=who, key=key)
        if moved.state == "asked":
            return to("/pay", waits="true")
    else:
        command = Transfer(str(who.party_id), str(fields.get("payee")), amount, str(fields.get("memo") or ""))
        run(request, payments.transfer, command, actor=who, key=key)
    return to("/pay", done="true")
