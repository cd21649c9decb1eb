"""Loans for a customer who is there: an application on her behalf, a repayment from her wallet, and asking for relief.

The offer she accepts and signs by her own hand: nobody at a counter does that for her.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from farthing.kernel.run import Ask
from farthing.kit.errors import Refusal
from farthing.lending import service as lending
from farthing.lending.acts import service as acts
from farthing.lending.acts.model import Happened, Recover
from farthing.lending.collections import relief_service
from farthing.lending.collections import service as collections
from farthing.lending.collections.model import AskHardship
from farthing.lending.model import Loan, Repay, Repayment
from farthing.payments import service as payments
from farthing.products import service as products
from farthing.web.counter.customer import of_customer
from farthing.web.counter.desk import at_desk, turned
from farthing.web.forms import comes_back, command_of, meant
from farthing.web.ground import Fields, ask, current, once_more, pages, run, to
from farthing.web.laying_out import yearly
from farthing.web.sold import loan_products

router = pages("/counter/customers")


@router.get("/{party_id}/apply")
def apply_page(request: Request, party_id: str, product: str = "", done: bool = False) -> Response:
    """Choose the product, then the amount, the instalments and the purpose."""
    return apply_form(request, None, party_id, product, done)


def apply_form(
    request: Request, refusal: Refusal | None, party_id: str, product: str = "", done: bool = False
) -> HTMLResponse:
    """The application, as it was filled in where it was refused; what came of the last one where it was sent."""
    product = meant(request, refusal, "product", product)

    def build(ask: Ask) -> dict[str, Any]:
        found, offered = of_customer(ask, party_id), ask(products.loans_in_force)
        chosen = next((each for each in offered if each.product == product), None)
        offers = ask(lending.offers, found["party"].id, 1) if done and found["there"] else []
        return {**found, "products": offered, "chosen": chosen, "offers": offers, "yearly": yearly}

    return at_desk(request, "counter/apply.html", current(request), refusal, build, sent=done)


@router.post("/{party_id}/apply")
@comes_back(apply_form)
def apply(request: Request, party_id: str, fields: Fields) -> Response:
    """Apply on the customer's behalf; the answer is there at once."""
    command = command_of(lending.apply, fields, party_id=party_id)
    run(request, lending.apply, command, actor=current(request), key=str(fields.get("key")))
    return to(f"/counter/customers/{party_id}/apply", done="true")


@router.get("/{party_id}/repay")
def repay_page(request: Request, party_id: str, loan: str = "", done: bool = False) -> Response:
    """What is due, and paying it from the wallet."""
    return repay_form(request, None, party_id, loan, done)


def repay_form(
    request: Request, refusal: Refusal | None, party_id: str, loan: str = "", done: bool = False
) -> HTMLResponse:
    """The repayment, as it was filled in where it was refused."""
    loan = meant(request, refusal, "loan_id", loan)

    def build(ask: Ask) -> dict[str, Any]:
        found = of_customer(ask, party_id)
        chosen = one_of(ask, found, loan, lambda each: each.state == "active" or bool(each.written_off))
        gone = ask(acts.recoverable, chosen.id) if chosen and chosen.written_off else None
        return {
            **found,
            "loan": chosen,
            "owed": ask(lending.owed, chosen.id) if chosen else None,
            "gone": gone, "more": chosen is not None and not gone and _grows(ask, chosen),
            "called": loan_products(ask),
        }  # fmt: skip

    return at_desk(request, "counter/repay.html", current(request), refusal, build, sent=done)


@router.post("/{party_id}/repay")
@comes_back(repay_form)
def repay(request: Request, party_id: str, fields: Fields) -> Response:
    """Show the customer who is there what is paid from her wallet, and of what it is made up; pay it when it is confirmed. Of
    a loan that was written off it is recovered."""
    who, loan = current(request), str(fields.get("loan_id"))
    here = f"/counter/customers/{party_id}/repay"

    def show(tried: Repayment | Happened, form: dict[str, Any]) -> HTMLResponse:
        wallet = ask(request, who, payments.wallet, party_id)
        return turned(
            request, "counter/turned_repayment.html", who, tried=tried, wallet=wallet, action=here,
            back=f"{here}?loan={loan}", gone=bool(fields.get("gone")), **form,
        )  # fmt: skip

    def then(done: object) -> Response:
        return to(here, loan=loan, done="true")

    amount = fields.as_money("amount")
    function, command = (
        (acts.recover, Recover(loan, amount)) if fields.get("gone") else (lending.repay, Repay(loan, amount))
    )
    return once_more(request, fields, function, command, actor=who, show=show, then=then)


def _grows(ask: Ask, loan: Loan) -> bool:
    """Whether the product of a loan lets its borrower ask for more."""
    return any(each.product == loan.conditions.product and each.top_up for each in ask(products.loans_in_force))


def one_of(ask: Ask, found: dict[str, Any], loan: str, fits: Callable[[Loan], bool]) -> Loan | None:
    """The loan that is meant of those of the customer who is there: the one that is named, else one that is being repaid."""
    if not found["there"]:
        return None
    known = [each for each in ask(lending.loans, found["party"].id) if fits(each)]
    known.sort(key=lambda each: each.state != "active")
    return next((each for each in known if each.id == loan), known[0] if known else None)


@router.get("/{party_id}/relief")
def relief_page(request: Request, party_id: str, loan: str = "", done: bool = False) -> Response:
    """What was said about a loan, what was asked for, and asking for relief."""
    return relief_form(request, None, party_id, loan, done)


def relief_form(
    request: Request, refusal: Refusal | None, party_id: str, loan: str = "", done: bool = False
) -> HTMLResponse:
    """The page; the words that were typed, where they were refused."""
    loan = meant(request, refusal, "loan_id", loan)

    def build(ask: Ask) -> dict[str, Any]:
        found = of_customer(ask, party_id)
        chosen = one_of(ask, found, loan, lambda each: each.state == "active")
        asked = ask(relief_service.hardships, chosen.id)[::-1] if chosen else []
        contacts = ask(collections.contacts, chosen.id)[::-1] if chosen else []
        return {**found, "loan": chosen, "asked": asked, "contacts": contacts, "called": loan_products(ask)}

    return at_desk(request, "counter/relief.html", current(request), refusal, build, sent=done)


@router.post("/{party_id}/relief")
@comes_back(relief_form)
def ask_relief(request: Request, party_id: str, fields: Fields) -> Response:
    """Ask on the customer's behalf, in the customer's words; from now until the answer nobody calls about being late."""
    loan = str(fields.get("loan_id"))
    command = AskHardship(loan, str(fields.get("words")).strip())
    run(request, collections.ask_hardship, command, actor=current(request), key=str(fields.get("key")))
    return to(f"/counter/customers/{party_id}/relief", loan=loan, done="true")
