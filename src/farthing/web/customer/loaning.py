"""The pages of a loan: its contract to read and sign, how it stands, what is due, paying it, and its papers."""

from __future__ import annotations

import base64
from datetime import date
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from farthing.assurance import service as assurance
from farthing.funding import service as funding
from farthing.funding.market import listings_service as listings
from farthing.funding.market.listings_rules import LIVE
from farthing.funding.model import AskFunders
from farthing.funding.papers import service as papers
from farthing.kernel.run import Ask
from farthing.kit.actor import Actor
from farthing.kit.errors import Refusal
from farthing.kit.money import Money, total
from farthing.lending import service as lending
from farthing.lending.acts import service as acts
from farthing.lending.acts.model import Recover
from farthing.lending.agreement import service as contracts
from farthing.lending.agreement.service import SignContract
from farthing.lending.backing import service as backing
from farthing.lending.floating import service as floating
from farthing.lending.life import GIVES_BACK
from farthing.lending.model import Loan, LoanCommand, Repay
from farthing.payments import service as payments
from farthing.products import service as products
from farthing.signing.model import Contract
from farthing.web import loan_charts
from farthing.web.asking_again import by_key_once_more
from farthing.web.forms import comes_back
from farthing.web.ground import Fields, again, ask, current, kernel_of, once_more, page, pages, run, to, view
from farthing.web.seeking import seeking
from farthing.web.sold import loan_products

router = pages()


def draw(request: Request, who: Actor, loan: Loan) -> None:
    """Have an accepted loan funded, if it is not, and its contract drawn for today; one that seeks lenders has none yet."""
    if loan.state == "accepted":
        run(request, funding.ask, AskFunders(loan.id), actor=who)
        if view(request, who, lambda ask: seeking(ask, [ask(lending.loan, loan.id)])):
            return
    run(request, contracts.draw_contract, LoanCommand(loan.id), actor=who)


@router.get("/loans/{loan_id}/contract")
def contract(request: Request, loan_id: str) -> Response:
    """The contract to read and sign, with the digest of exactly this document; a loan that seeks lenders has none yet."""
    if view(request, current(request), lambda ask: seeking(ask, [ask(lending.loan, loan_id)])):
        return to(f"/loans/{loan_id}/lenders")
    return contract_form(request, None, loan_id)


def contract_form(request: Request, refusal: Refusal | None, loan_id: str) -> Response:
    """The contract as it stands; with what stopped the last step, where one was refused."""
    who = current(request)

    def build(ask: Ask) -> dict[str, Any]:
        loan = ask(lending.loan, loan_id)
        drawn = ask(contracts.view, loan_id) if loan.contract_id is not None else None
        return {
            "loan": loan, "contract": drawn, "text": ask(contracts.text, loan_id) if drawn else None,
            "by_browser": drawn is not None and awaits_her(loan, drawn, kernel_day(request)),
        }  # fmt: skip

    return again(request, "customer/borrow/contract.html", who, refusal, **view(request, who, build))


def awaits_her(loan: Loan, drawn: Contract, today: date) -> bool:
    """Whether a loan's contract waits for its borrower's signature, today."""
    return loan.state == "funded" and loan.pays_on == today and "borrower" in drawn.waiting_for


@router.get("/loans/{loan_id}/contract.pdf")
def contract_pdf(request: Request, loan_id: str) -> Response:
    """The PDF."""
    pdf = ask(request, current(request), contracts.document, loan_id)
    return Response(pdf, media_type="application/pdf")


@router.post("/loans/{loan_id}/contract")
@comes_back(contract_form)
def sign(request: Request, loan_id: str, fields: Fields) -> Response:
    """Sign what was shown; the institution seals and pays out in the next breath, or when it is asked again."""
    who = current(request)
    found = ask(request, who, lending.loan, loan_id)
    if found.state in ("active", "closed"):  # a second press, or the page of before: it was paid out
        return to(f"/loans/{loan_id}")
    if fields.get("again"):  # its day passed, or it was never drawn: it is drawn for today, to be read and signed
        draw(request, who, found)
        return to(f"/loans/{loan_id}/contract")
    if not fields.get("complete"):  # what was refused after the signature is asked for again without another one
        command = SignContract(loan_id, str(fields.get("digest")))
        asking = by_key_once_more(
            request, fields, contracts.sign_contract, command, actor=who,
            show=lambda form: page(request, "customer/borrow/sign_key.html", who, loan_id=loan_id, **form),
        )  # fmt: skip
        if asking is not None:
            return asking
    run(request, contracts.complete, LoanCommand(loan_id), actor=who)
    return to(f"/loans/{loan_id}")


@router.get("/loans/{loan_id}")
def loan(request: Request, loan_id: str) -> Response:
    """A loan as it stands, what is due, and paying it."""
    return loan_form(request, None, loan_id)


def loan_form(request: Request, refusal: Refusal | None, loan_id: str) -> Response:
    """The loan's page, with the form of a repayment as it was filled in where it was refused."""
    who = current(request)

    def build(ask: Ask) -> dict[str, Any]:
        found = ask(lending.loan, loan_id)
        due, settlement, late = ask(lending.owed, loan_id)
        gone = ask(acts.recoverable, loan_id) if found.written_off else None
        pays = who.party_id and (found.state == "active" or gone)
        wallet = ask(payments.wallet, found.party_id) if pays else None
        parts = found.conditions.payments_out is not None
        told = ask(acts.story, loan_id) if found.replaces or found.state == "closed" or parts else []
        between = next((each for each in told if each.other), None)
        draws = [each for each in told if each.kind in ("pay_out", GIVES_BACK) and each.number > 1] if parts else []
        more = [each.amount for each in draws if each.kind == "pay_out"]
        first = found.principal - total(more, found.principal.currency)
        sold = {each.product: each.top_up for each in ask(products.loans_in_force)}
        return {
            "draws": draws, "first": first, "accepted": _accepted(ask, found),
            "called": loan_products(ask),
            "loan": found, "gone": gone, "due": due, "settlement": settlement, "late": late, "wallet": wallet,
            "repayments": ask(lending.repayments, loan_id), "backing": ask(backing.backing, loan_id), "topped": between,
            "more": sold.get(found.conditions.product) is not None and found.state == "active" and not late,
            "taken": ask(papers.taken, loan_id), "rate": ask(floating.rate, loan_id),
            "listing": ask(listings.listing_of_loan, loan_id) if found.state in ("accepted", "cancelled") else None,
        }  # fmt: skip

    found = view(request, who, build)
    known: Loan = found["loan"]
    by_plan = total([each.interest_left + each.fee_left for each in known.instalments], known.principal.currency)
    today = kernel_day(request)
    ahead = [each for each in known.instalments if each.left and each.due_on > today]
    return again(
        request, "customer/borrow/loan.html", who, refusal, next=ahead[0] if ahead else None,
        saved=by_plan - found["settlement"].interest - found["settlement"].fee,
        chart=loan_charts.repaid(known) if known.state in ("active", "closed") else None, **found,
    )  # fmt: skip


def _accepted(ask: Ask, loan: Loan) -> Money:
    """What was accepted of a loan: of one that is paid out in parts what its offer said."""
    if loan.conditions.payments_out is None:
        return loan.principal
    agreed: Money = ask(lending.offer, loan.offer_id).amount
    return agreed


def kernel_day(request: Request) -> date:
    """The bank's date."""
    return kernel_of(request).clock().business_date


@router.post("/loans/{loan_id}")
@comes_back(loan_form)
def repay(request: Request, loan_id: str, fields: Fields) -> Response:
    """Repay what is due, settle the whole, pay what was written off, or give it up: shown first, done when it is confirmed."""
    who = current(request)
    function: Any = lending.repay
    command: Any = LoanCommand(loan_id)
    ends = next((each for each in ("withdraw", "settle", "recover") if fields.get(each)), "repay")
    if ends == "repay":
        command = Repay(loan_id, fields.as_money("amount"))
    elif ends == "recover":
        function, command = acts.recover, Recover(loan_id, fields.as_money("amount"))
    else:
        function = funding.withdraw if ends == "withdraw" else lending.settle

    def show(tried: Any, form: dict[str, Any]) -> HTMLResponse:
        wallet = ask(request, who, payments.wallet, str(who.party_id)) if ends != "withdraw" else None
        listing = ask(request, who, listings.listing_of_loan, loan_id) if ends == "withdraw" else None
        return page(
            request, "customer/borrow/confirm.html", who, loan_id=loan_id, ends=ends, tried=tried, wallet=wallet,
            listing=listing if listing and listing.state in LIVE and listing.filled else None, **form,
        )  # fmt: skip

    return once_more(
        request, fields, function, command, actor=who, show=show, then=lambda done: to(f"/loans/{loan_id}")
    )


@router.post("/loans/{loan_id}/evidence")
def evidence(request: Request, loan_id: str, fields: Fields) -> Response:
    """The evidence package of one's loan: contract, journal and proofs, to be checked without this bank."""
    made = run(request, assurance.package_loan, LoanCommand(loan_id), actor=current(request))
    name = f"evidence-{loan_id}.zip" if loan_id.isidentifier() else "evidence.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(base64.b64decode(made.content_base64), media_type="application/zip", headers=headers)
