"""The pages on which a borrower signs her loan's contract by a key of her own browser: the same steps as of any agreement."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import Response

from farthing.kernel.proving.rules import KEY_NEEDED
from farthing.kit.errors import Refusal
from farthing.lending import service as lending
from farthing.lending.agreement import own_key_service as own_key
from farthing.lending.agreement import service as contracts
from farthing.lending.agreement.own_key_service import AskLoanCertificate, GiveLoanSignature
from farthing.lending.model import LoanCommand
from farthing.signing.custody.model import PreparedTold
from farthing.web import keyed
from farthing.web.customer.loaning import awaits_her
from farthing.web.customer.signing import by_passkey, reads, signs
from farthing.web.forms import comes_back
from farthing.web.ground import Fields, again, ask, current, kernel_of, pages, run, to
from farthing.web.speech import gettext as _

router = pages()


@router.get("/loans/{loan_id}/sign")
def confirm(request: Request, loan_id: str) -> Response:
    """The contract's fingerprint as the browser computes it, and the key that it makes; not her turn leads back."""
    return confirmed(request, None, loan_id)


def confirmed(request: Request, refusal: Refusal | None, loan_id: str) -> Response:
    """The same, with what stopped the last step."""
    who = current(request)
    loan = ask(request, who, lending.loan, loan_id)
    found: Any = ask(request, who, contracts.view, loan_id) if loan.contract_id else None
    today = kernel_of(request).clock().business_date
    if refusal is None and (found is None or not awaits_her(loan, found, today)):
        return to(f"/loans/{loan_id}/contract")
    said = reads(found, f"/loans/{loan_id}/contract.pdf") if found is not None else None
    return again(request, "customer/borrow/own_key.html", who, refusal, loan_id=loan_id, contract=found, own_key=said)


@router.post("/loans/{loan_id}/sign")
@comes_back(confirmed)
def certified(request: Request, loan_id: str, fields: Fields) -> Response:
    """Have the key that this browser made certified, and hand it the contract to sign; whoever has a passkey confirms that."""
    who, at = current(request), f"/loans/{loan_id}"
    said = (str(fields.get(name) or "") for name in ("digest", "public_key", "possession"))
    command = AskLoanCertificate(loan_id, *said)
    try:
        proof = keyed.proof(request, who, fields)
        told: PreparedTold = run(request, own_key.ask_certificate, command, actor=who, proof=proof)
    except Refusal as refusal:
        if refusal.code != KEY_NEEDED.name:
            raise
        return by_passkey(request, who, own_key.ask_certificate, command, fields, at, _("Loan contract"))
    return signs(request, who, told, at, f"{at}/contract.pdf", _("Loan contract"))


@router.post("/loans/{loan_id}/signature")
@comes_back(confirmed)
def given(request: Request, loan_id: str, fields: Fields) -> Response:
    """Hand in what this browser signed; the institution seals and pays out in the next breath."""
    who = current(request)
    command = GiveLoanSignature(loan_id, str(fields.get("prepared_id")), str(fields.get("signature")))
    run(request, own_key.give_signature, command, actor=who)
    run(request, contracts.complete, LoanCommand(loan_id), actor=who)
    return to(f"/loans/{loan_id}")
