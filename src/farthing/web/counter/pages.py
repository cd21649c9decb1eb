"""The teller's page: find a customer, open and serve deposits with cash over the counter, print the passbook."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from farthing.assurance.phones import service as recovery
from farthing.identity.proof import sending
from farthing.kernel import approvals
from farthing.kernel.run import Ask
from farthing.kit.actor import Actor
from farthing.parties import service as parties
from farthing.parties.attending import service as attending
from farthing.parties.attending.model import AskPresence, AttendByCode, AttendByDocument, LeaveCounter, WitnessPresence
from farthing.parties.model import VerifyIdentity
from farthing.parties.phones.model import ChangePhoneAtCounter
from farthing.payments import service as payments
from farthing.payments.model import OpenWallet
from farthing.products.rates import parse_term
from farthing.savings.deposits import passbook_service as passbook
from farthing.savings.deposits import service as deposits
from farthing.savings.deposits.model import COUNTER
from farthing.savings.deposits.papers import WHAT
from farthing.savings.shelf import service as catalogue
from farthing.savings.shelf.model import Offered
from farthing.web.customer.saving import confirm
from farthing.web.depositing import PAPERS, UNKNOWN_STEP, opening, step_of, takes_more
from farthing.web.ground import Fields, ask, current, kernel_of, once_more, page, page_of, pages, part, run, to, view

router = pages("/counter")

FIRST = "east-1"
CHOICES = {"term": "terms", "every": "every", "notice": "notices"}
"""What is agreed with a deposit, and where an offer says what may be."""


@router.get("")
def customer(request: Request, customer: str = "", counter: str = FIRST, proof: str = "") -> Response:
    """Find a customer by phone, identity number or id; then, once she proved that she is there, what she has here."""
    who = current(request)
    if not customer:
        page_of(request, who, parties.the_party)
        shown = view(request, who, _waiting)
        return page(request, "counter.html", who, party=None, counter=counter, asked="", **shown)

    def build(ask: Ask) -> dict[str, Any]:
        party = ask(parties.the_party, customer)
        return {
            "party": party, "products": ask(catalogue.on_offer), "there": ask(attending.there, party.id),
            **_waiting(ask),
            "deposits": part(ask, passbook.deposits, party.id), "cover": part(ask, passbook.cover, party.id),
        }  # fmt: skip

    found = view(request, who, build)
    choices = {name: _choices(found["products"], field) for name, field in CHOICES.items()}
    return page(request, "counter.html", who, counter=counter, asked=customer, choices=choices, proof=proof, **found)


def _waiting(ask: Ask) -> dict[str, Any]:
    """What the visitor drafted and nobody decided yet, and customers whom a second member of staff must see."""
    return {"own": ask(approvals.own), "awaiting": part(ask, attending.awaiting_witness) or []}


@router.post("/attendance")
def attend(request: Request, fields: Fields) -> Response:
    """The customer proves to be there: a code is sent, read out, or the document is shown; or the customer goes."""
    party, counter = str(fields.get("customer")), str(fields.get("counter"))
    proof_id = _attend(request, current(request), party, fields)
    asked = {"customer": party} if party else {}
    return to("/counter", **asked, counter=counter, **({"proof": proof_id} if proof_id else {}))


def _attend(request: Request, who: Actor, party: str, fields: dict[str, Any]) -> str:
    """Do the step; answers the proof that waits for its code, where one was asked for."""
    step = str(fields.get("step"))
    if step == "ask":
        asked = run(request, attending.ask_presence, AskPresence(party), actor=who)
        sending.send(kernel_of(request), asked.proof_id, asked.messages)
        return str(asked.proof_id)
    if step == "code":
        read_out = AttendByCode(party, str(fields.get("proof")), str(fields.get("code")))
        run(request, attending.attend_by_code, read_out, actor=who, accepted=attending.require_there)
    elif step == "document":
        run(request, parties.verify_identity, VerifyIdentity(party), actor=who)
        shown = AttendByDocument(party, str(fields.get("number") or ""), str(fields.get("statement") or ""))
        run(request, attending.attend_by_document, shown, actor=who)
    elif step == "witness":
        seen = WitnessPresence(str(fields.get("attendance") or ""), str(fields.get("statement") or ""))
        run(request, attending.witness_presence, seen, actor=who)
    elif step == "phone":
        command = ChangePhoneAtCounter(party, str(fields.get("phone") or ""))
        run(request, recovery.change_phone_at_counter, command, actor=who)
    elif step == "leave":
        run(request, attending.leave, LeaveCounter(str(fields.get("attendance"))), actor=who)
    else:
        raise UNKNOWN_STEP(step=repr(step[:40]))
    return ""


def _choices(products: Sequence[Offered], field: str) -> list[str]:
    """What some product takes, the shortest first."""
    every = {text for each in products for text in getattr(each, field)}
    return sorted(every, key=lambda text: (parse_term(text).months, parse_term(text).days))


@router.post("/deposits")
def open_deposit(request: Request, fields: Fields) -> Response:
    """Open a deposit with cash; a customer without a wallet is given one, for what deposits pay by themselves."""
    who = current(request)
    party, counter = str(fields.get("customer")), str(fields.get("counter"))
    run(request, payments.open_wallet, OpenWallet(party), actor=who)
    command = opening(party, fields, COUNTER)
    back = f"/counter?customer={party}&counter={counter}"
    return once_more(
        request, fields, deposits.open_deposit, command, actor=who,
        show=lambda tried, form: confirm(request, who, tried, form, "/counter/deposits", back, cash=True),
        then=lambda done: to(f"/counter/deposits/{done.deposit.id}", counter=counter),
    )  # fmt: skip


@router.get("/deposits/{deposit_id}")
def deposit(request: Request, deposit_id: str, counter: str = FIRST) -> Response:
    """A customer's deposit, its passbook, and what can be done with cash."""
    who = current(request)
    found = ask(request, who, passbook.deposit, deposit_id)
    return page(
        request, "deposit.html", who, deposit=found, what=WHAT, counter=counter, more=takes_more(request, who, found.product),
        owner=ask(request, who, parties.own_party, found.party_id), own=ask(request, who, approvals.own),
        worth=ask(request, who, passbook.worth, deposit_id),
        statement=ask(request, who, passbook.statement, deposit_id),
    )  # fmt: skip


@router.post("/deposits/{deposit_id}")
def change(request: Request, deposit_id: str, fields: Fields) -> Response:
    """Show what would happen; do it when it is confirmed."""
    who, counter = current(request), str(fields.get("counter"))
    function, command = step_of(deposit_id, fields, COUNTER)
    here = f"/counter/deposits/{deposit_id}"
    return once_more(
        request, fields, function, command, actor=who,
        show=lambda tried, form: confirm(request, who, tried, form, here, f"{here}?counter={counter}", cash=True),
        then=lambda done: to(here, counter=counter),
    )  # fmt: skip


@router.get("/deposits/{deposit_id}/{kind}.pdf")
def paper(request: Request, deposit_id: str, kind: str) -> Response:
    """The passbook or the interest certificate, to be printed for the customer."""
    if kind not in PAPERS:
        raise UNKNOWN_STEP(step=repr(kind[:40]))
    made = ask(request, current(request), passbook.printed, deposit_id, PAPERS[kind])
    return Response(made.pdf, media_type="application/pdf")
