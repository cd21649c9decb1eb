"""Deposits over the counter: the product first, then only what that product needs; served with cash; passbook and slip."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from farthing.kernel.answers import Pending
from farthing.kernel.run import Ask
from farthing.kit.errors import Refusal
from farthing.parties import service as parties
from farthing.payments import service as payments
from farthing.payments.model import OpenWallet
from farthing.savings.deposits import passbook_service as passbook
from farthing.savings.deposits import service as deposits
from farthing.savings.deposits.model import COUNTER, Done
from farthing.savings.deposits.papers import WHAT
from farthing.savings.passbooks import service as paper_book
from farthing.savings.passbooks.model import PrintPassbook
from farthing.savings.shelf import service as catalogue
from farthing.web.counter.customer import back_to, of_customer
from farthing.web.counter.desk import at_desk, turned, waiting
from farthing.web.depositing import PAPERS, UNKNOWN_STEP, opening, step_of, takes_more
from farthing.web.forms import comes_back, meant
from farthing.web.ground import Fields, ask, current, once_more, pages, run, to, view

router = pages("/counter")


@router.get("/customers/{party_id}/open")
def open_page(request: Request, party_id: str, product: str = "") -> Response:
    """Choose the product; then what it needs, and no more."""
    return open_form(request, None, party_id, product)


def open_form(request: Request, refusal: Refusal | None, party_id: str, product: str = "") -> HTMLResponse:
    """The form of an opening, as it was filled in where it was refused."""
    product = meant(request, refusal, "product", product)

    def build(ask: Ask) -> dict[str, Any]:
        offered = ask(catalogue.on_offer)
        chosen = next((each for each in offered if each.product == product), None)
        return {**of_customer(ask, party_id), "products": offered, "chosen": chosen}

    return at_desk(request, "counter/open.html", current(request), refusal, build)


@router.post("/customers/{party_id}/open")
@comes_back(open_form)
def open_deposit(request: Request, party_id: str, fields: Fields) -> Response:
    """Open a deposit with cash; a customer without a wallet is given one, for what deposits pay by themselves."""
    who = current(request)
    run(request, payments.open_wallet, OpenWallet(party_id), actor=who)
    command, here = opening(party_id, fields, COUNTER), f"/counter/customers/{party_id}"

    def show(done: Done, form: dict[str, Any]) -> HTMLResponse:
        return turned(
            request, "counter/turned_deposit.html", who, done=done, what=WHAT, action=f"{here}/open", back=here, **form
        )

    def then(done: Done) -> Response:
        return to(f"/counter/deposits/{done.deposit.id}")

    return once_more(request, fields, deposits.open_deposit, command, actor=who, show=show, then=then)


@router.get("/deposits/{deposit_id}")
def deposit(request: Request, deposit_id: str) -> Response:
    """A customer's deposit, its passbook, and what can be done with cash."""
    return shown(request, None, deposit_id)


def shown(request: Request, refusal: Refusal | None, deposit_id: str) -> HTMLResponse:
    """The deposit's page; the form as it was filled in, where it was refused."""
    who = current(request)
    found = ask(request, who, passbook.deposit, deposit_id)

    def build(ask: Ask) -> dict[str, Any]:
        return {
            "deposit": ask(passbook.deposit, deposit_id), "owner": ask(parties.own_party, found.party_id),
            "worth": ask(passbook.worth, deposit_id), "statement": ask(passbook.statement, deposit_id),
            "own": waiting(ask),
        }  # fmt: skip

    return at_desk(
        request, "counter/deposit.html", who, refusal, build, what=WHAT, more=takes_more(request, who, found.product)
    )  # fmt: skip


@router.post("/deposits/{deposit_id}")
@comes_back(shown)
def change(request: Request, deposit_id: str, fields: Fields) -> Response:
    """Show the customer what would happen; do it when it is confirmed."""
    who, here = current(request), f"/counter/deposits/{deposit_id}"
    function, command = step_of(deposit_id, fields, COUNTER)
    owner = ask(request, who, passbook.deposit, deposit_id).party_id

    def show(done: Done, form: dict[str, Any]) -> HTMLResponse:
        return turned(
            request, "counter/turned_deposit.html", who, done=done, what=WHAT, action=here, back=here, **form
        )  # fmt: skip

    def then(done: Done | Pending) -> Response:
        return back_to(owner, waits=True) if isinstance(done, Pending) else to(here)

    return once_more(request, fields, function, command, actor=who, show=show, then=then)


@router.get("/deposits/{deposit_id}/slip")
def slip(request: Request, deposit_id: str) -> Response:
    """The slip of the last thing that was done with a deposit, to be printed and handed over."""
    who = current(request)
    found = ask(request, who, passbook.deposit, deposit_id)

    def build(ask: Ask) -> dict[str, Any]:
        return {
            "deposit": found, "party": ask(parties.own_party, found.party_id), "last": None,
            "event": ask(passbook.statement, deposit_id).events[-1], "institution": ask(parties.institution_name),
        }  # fmt: skip

    return at_desk(request, "counter/slip.html", who, None, build, what=WHAT)


@router.get("/deposits/{deposit_id}/passbook")
def passbook_page(request: Request, deposit_id: str) -> Response:
    """The page of the passbook as it was printed last, to be printed; and whether lines wait."""
    return passbook_shown(request, None, deposit_id)


def passbook_shown(request: Request, refusal: Refusal | None, deposit_id: str) -> HTMLResponse:
    """The page of the passbook, with what was refused."""

    def build(ask: Ask) -> dict[str, Any]:
        return {"deposit": ask(passbook.deposit, deposit_id), "book": ask(paper_book.passbook, deposit_id)}

    return at_desk(request, "counter/passbook.html", current(request), refusal, build, what=WHAT)


@router.post("/deposits/{deposit_id}/passbook")
@comes_back(passbook_shown)
def take_lines(request: Request, deposit_id: str, fields: Fields) -> Response:
    """Take the next lines to be printed; the page then shows them where they stand on paper."""
    command = PrintPassbook(deposit_id, bool(fields.get("new_book")))
    run(request, paper_book.print_passbook, command, actor=current(request), key=str(fields.get("key")))
    return to(f"/counter/deposits/{deposit_id}/passbook")


@router.get("/deposits/{deposit_id}/{kind}.pdf")
def paper(request: Request, deposit_id: str, kind: str) -> Response:
    """The passbook or the interest certificate, to be printed for the customer."""
    if kind not in PAPERS:
        raise UNKNOWN_STEP(step=repr(kind[:40]))
    made = view(request, current(request), lambda ask: ask(passbook.printed, deposit_id, PAPERS[kind]))
    return Response(made.pdf, media_type="application/pdf")
