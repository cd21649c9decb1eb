"""The teller's page: find a customer, open and serve deposits with cash over the counter, print the passbook."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from farthing.identity.proof import sending
from farthing.kernel.run import NOT_ALLOWED, Kernel
from farthing.kit.actor import Actor
from farthing.parties import service as parties
from farthing.parties.attending import service as attending
from farthing.parties.attending.model import AskPresence, AttendByCode, AttendByDocument, LeaveCounter
from farthing.parties.model import VerifyIdentity
from farthing.payments import service as payments
from farthing.payments.model import OpenWallet
from farthing.savings.accounts import service as deposits
from farthing.savings.accounts.model import COUNTER
from farthing.savings.board import parse_term
from farthing.savings.catalogue import service as catalogue
from farthing.savings.catalogue.model import Offered
from farthing.savings.papers import WHAT
from farthing.savings.passbook import service as passbook
from farthing.web.ground import ask, current, form, kernel_of, page, to
from farthing.web.saving import PAPERS, UNKNOWN_STEP, confirm, opening, step_of, takes_more

router = APIRouter(prefix="/counter", include_in_schema=False)

FIRST = "east-1"
CHOICES = {"term": "terms", "every": "every", "notice": "notices"}
"""What is agreed with a deposit, and where an offer says what may be."""


def teller(request: Request) -> Actor:
    """A member of staff who handles cash; anybody else is refused."""
    who = current(request)
    if who.party_id is not None or not who.may("savings:cash"):
        raise NOT_ALLOWED(actor=who.id, permission="savings:cash")
    return who


@router.get("")
def customer(request: Request, customer: str = "", counter: str = FIRST) -> Response:
    """Find a customer by phone, identity number or id; then everything she has here, and what can be done."""
    who = teller(request)
    if not customer:
        return page(request, "counter.html", who, party=None, counter=counter, asked="")
    party = ask(request, who, lambda tx: parties.the_party(tx, customer))
    products = ask(request, who, catalogue.on_offer)
    return page(
        request, "counter.html", who, party=party, counter=counter, products=products, asked=customer,
        choices={name: _choices(products, field) for name, field in CHOICES.items()},
        deposits=ask(request, who, lambda tx: passbook.deposits(tx, party.id)),
        cover=ask(request, who, lambda tx: passbook.cover(tx, party.id)),
        there=ask(request, who, lambda tx: attending.there(tx, party.id)), proof=request.query_params.get("proof", ""),
    )  # fmt: skip


@router.post("/attendance")
async def attend(request: Request) -> Response:
    """The customer proves to be there: a code is sent, read out, or the document is shown; or the customer goes."""
    fields = await form(request)
    who = await run_in_threadpool(teller, request)
    party, counter = str(fields.get("customer")), str(fields.get("counter"))
    proof_id = await run_in_threadpool(_attend, kernel_of(request), who, party, fields)
    return to("/counter", customer=party, counter=counter, **({"proof": proof_id} if proof_id else {}))


def _attend(kernel: Kernel, who: Actor, party: str, fields: dict[str, Any]) -> str:
    """Do the step; answers the proof that waits for its code, where one was asked for."""
    step = str(fields.get("step"))
    if step == "ask":
        asked = kernel.run(attending.ask_presence, AskPresence(party), actor=who)
        sending.send(kernel, asked.proof_id, asked.messages)
        return str(asked.proof_id)
    if step == "code":
        command = AttendByCode(party, str(fields.get("proof")), str(fields.get("code")))
        attending.require_there(kernel.run(attending.attend_by_code, command, actor=who))
    elif step == "document":
        kernel.run(parties.verify_identity, VerifyIdentity(party), actor=who)
        shown = AttendByDocument(party, str(fields.get("number") or ""), str(fields.get("statement") or ""))
        kernel.run(attending.attend_by_document, shown, actor=who)
    elif step == "leave":
        kernel.run(attending.leave, LeaveCounter(str(fields.get("attendance"))), actor=who)
    else:
        raise UNKNOWN_STEP(step=repr(step[:40]))
    return ""


def _choices(products: Sequence[Offered], field: str) -> list[str]:
    """What some product takes, the shortest first."""
    every = {text for each in products for text in getattr(each, field)}
    return sorted(every, key=lambda text: (parse_term(text).months, parse_term(text).days))


@router.post("/deposits")
async def open_deposit(request: Request) -> Response:
    """Open a deposit with cash; a customer without a wallet is given one, for what deposits pay by themselves."""
    fields = await form(request)
    who, run = teller(request), kernel_of(request).run
    party, counter = str(fields.get("customer")), str(fields.get("counter"))
    await run_in_threadpool(run, payments.open_wallet, OpenWallet(party), actor=who)
    command = opening(party, fields, f"{COUNTER}{counter}")
    back = f"/counter?customer={party}&counter={counter}"
    if not fields.get("confirmed"):
        tried = await run_in_threadpool(ask, request, who, lambda tx: deposits.preview_open(tx, command))
        return confirm(request, who, tried, fields, "/counter/deposits", back, cash=True)
    done = await run_in_threadpool(run, deposits.open_deposit, command, actor=who, key=str(fields.get("key")))
    return to(f"/counter/deposits/{done.deposit.id}", counter=counter)


@router.get("/deposits/{deposit_id}")
def deposit(request: Request, deposit_id: str, counter: str = FIRST) -> Response:
    """A customer's deposit, its passbook, and what can be done with cash."""
    who = teller(request)
    found = ask(request, who, lambda tx: passbook.deposit(tx, deposit_id))
    return page(
        request, "deposit.html", who, deposit=found, what=WHAT, counter=counter, more=takes_more(request, who, found.product),
        owner=ask(request, who, lambda tx: parties.party(tx, found.party_id)),
        worth=ask(request, who, lambda tx: passbook.worth(tx, deposit_id)),
        statement=ask(request, who, lambda tx: passbook.statement(tx, deposit_id)),
    )  # fmt: skip


@router.post("/deposits/{deposit_id}")
async def change(request: Request, deposit_id: str) -> Response:
    """Show what would happen; do it when it is confirmed."""
    fields = await form(request)
    who, counter = teller(request), str(fields.get("counter"))
    function, command = step_of(deposit_id, fields, f"{COUNTER}{counter}")
    here = f"/counter/deposits/{deposit_id}"
    if not fields.get("confirmed"):
        tried = await run_in_threadpool(ask, request, who, lambda tx: deposits.preview(tx, command))
        return confirm(request, who, tried, fields, here, f"{here}?counter={counter}", cash=True)
    await run_in_threadpool(kernel_of(request).run, function, command, actor=who, key=str(fields.get("key")))
    return to(here, counter=counter)


@router.get("/deposits/{deposit_id}/{kind}.pdf")
def paper(request: Request, deposit_id: str, kind: str) -> Response:
    """The passbook or the interest certificate, to be printed for the customer."""
    if kind not in PAPERS:
        raise UNKNOWN_STEP(step=repr(kind[:40]))
    made = ask(request, teller(request), lambda tx: passbook.printed(tx, deposit_id, PAPERS[kind]))
    return Response(made.pdf, media_type="application/pdf")
