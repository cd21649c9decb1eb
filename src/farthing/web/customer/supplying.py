"""The pages of supply-chain finance, for suppliers and core companies: invoices, what is confirmed, pieces, payment."""

from __future__ import annotations

import base64
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from farthing.kernel.acting.scopes import opens
from farthing.kernel.run import Ask
from farthing.kit.errors import Refusal
from farthing.parties.acting import service as acting
from farthing.supply import advancing_service as advances
from farthing.supply import confirming_service as confirming
from farthing.supply import passing_service as passing
from farthing.supply import paying_service as paying
from farthing.supply import reading_service as reading
from farthing.supply import service as supply
from farthing.supply.invoices.reading import MOST_BYTES
from farthing.supply.model import ReceivableCommand, RegisterInvoice, TransferCommand
from farthing.web.forms import comes_back, command_of
from farthing.web.ground import Fields, again, ask, current, pages, run, sign_in_first, to, view

router = pages()
PRODUCT = "receivable-advance"


def whole(request: Request, refusal: Refusal | None) -> Response:
    """What one holds, owes, is to sign and issued, and the form that brings an invoice."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    party = who.party_id

    def build(ask: Ask) -> dict[str, Any]:
        return {
            "pieces": ask(reading.pieces, party), "payables": ask(reading.payables, party),
            "to_sign": ask(reading.to_sign, party), "transfers": ask(passing.transfers, party),
            "issued": ask(supply.invoices, party), "received": ask(supply.invoices_to, party),
        }  # fmt: skip

    return again(request, "customer/receivables.html", who, refusal, mine=party, **view(request, who, build))


@router.get("/receivables")
def receivables(request: Request) -> Response:
    """What one holds and owes."""
    return whole(request, None)


@router.post("/receivables")
@comes_back(whole)
def bring(request: Request, fields: Fields) -> Response:
    """Register an invoice file, or a credit note."""
    who = current(request)
    content = base64.b64encode(fields.as_file("file", MOST_BYTES + 1)).decode()
    command = RegisterInvoice(str(who.party_id), content)
    done = run(request, supply.register_invoice, command, actor=who, key=str(fields.get("key")))
    return to(f"/invoices/{done.id}")


@router.post("/receivables/transfers")
@comes_back(whole)
def transfer(request: Request, fields: Fields) -> Response:
    """Enter a transfer that both have signed, or take it back before."""
    who = current(request)
    command = TransferCommand(str(who.party_id), str(fields.get("transfer_id")))
    act = passing.end_transfer if fields.get("act") == "end" else passing.complete_transfer
    done = run(request, act, command, actor=who, key=str(fields.get("key")))
    return to(f"/receivables/{done.receivable_id}" if done.state == "done" else "/receivables")


def one_invoice(request: Request, refusal: Refusal | None, invoice_id: str) -> Response:
    """An invoice; its buyer may have it confirmed."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    found = ask(request, who, supply.invoice, who.party_id, invoice_id)
    signs = {
        each.helper: each.helper_name for each in ask(request, who, acting.powers_given, who.party_id)
        if each.state == "in_force" and supply.CONFIRMS in opens(tuple(name for name, _ in each.scope))
    }  # fmt: skip
    return again(
        request, "customer/invoice.html", who, refusal, invoice=found, signs=list(signs.items()), mine=who.party_id
    )  # fmt: skip


@router.get("/invoices/{invoice_id}")
def invoice(request: Request, invoice_id: str) -> Response:
    """An invoice as its seller or its buyer sees it."""
    return one_invoice(request, None, invoice_id)


@router.post("/invoices/{invoice_id}")
@comes_back(one_invoice)
def confirm(request: Request, invoice_id: str, fields: Fields) -> Response:
    """Have the confirmation drawn up, for all to sign."""
    who = current(request)
    command = command_of(confirming.ask_confirmation, fields, party_id=str(who.party_id), invoice_id=invoice_id)
    done = run(request, confirming.ask_confirmation, command, actor=who, key=str(fields.get("key")))
    return to(f"/receivables/{done.id}")


def one(request: Request, refusal: Refusal | None, receivable_id: str) -> Response:
    """A receivable with its pieces, and what one may do with one's own."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    found = ask(request, who, reading.receivable, who.party_id, receivable_id)
    return again(
        request, "customer/receivable.html", who, refusal, told=found, names=dict(found.holders), mine=who.party_id
    )  # fmt: skip


@router.get("/receivables/{receivable_id}")
def receivable(request: Request, receivable_id: str) -> Response:
    """A receivable, for whoever held a part of it."""
    return one(request, None, receivable_id)


@router.post("/receivables/{receivable_id}")
@comes_back(one)
def act(request: Request, receivable_id: str, fields: Fields) -> Response:
    """Enter it, pass a piece on, ask for money against one, or pay."""
    who, what, key = current(request), fields.get("act"), str(fields.get("key"))
    given: dict[str, Any] = {"party_id": str(who.party_id), "receivable_id": receivable_id}
    if what == "advance":
        command = command_of(advances.ask_advance, fields, product=PRODUCT, **given)
        done = run(request, advances.ask_advance, command, actor=who, key=key)
        return to(f"/offers/{done.offer.id}")
    if what == "enter":
        run(request, confirming.enter, ReceivableCommand(**given), actor=who, key=key)
    elif what == "pass":
        done = run(
            request, passing.offer_transfer, command_of(passing.offer_transfer, fields, **given), actor=who, key=key
        )
        return to(f"/agreements/{done.agreement_id}")
    else:
        run(request, paying.pay, command_of(paying.pay, fields, **given), actor=who, key=key)
    return to(f"/receivables/{receivable_id}")
