"""How a customer proves to be there: a code is sent and read out, or the document is shown to two of the staff."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from farthing.assurance.phones import service as recovery
from farthing.identity.proof import sending
from farthing.kit.actor import Actor
from farthing.kit.errors import Refusal
from farthing.parties import service as parties
from farthing.parties.attending import service as attending
from farthing.parties.attending.model import AskPresence, AttendByCode, AttendByDocument, LeaveCounter, WitnessPresence
from farthing.parties.levels import service as levels
from farthing.parties.levels.model import VouchAtCounter
from farthing.parties.model import VerifyIdentity
from farthing.parties.phones.model import ChangePhoneAtCounter
from farthing.web.counter.customer import shown
from farthing.web.counter.desk import find_form
from farthing.web.depositing import UNKNOWN_STEP
from farthing.web.forms import comes_back
from farthing.web.ground import Fields, current, kernel_of, pages, run, to

router = pages("/counter")


def presence_form(request: Request, refusal: Refusal, party_id: str) -> HTMLResponse:
    """The customer's page with the form that was refused; a code that was sent can still be read out."""
    return shown(request, refusal, party_id, proof=str(request.state.typed.get("proof")))


@router.post("/customers/{party_id}/presence")
@comes_back(presence_form)
def attend(request: Request, party_id: str, fields: Fields) -> Response:
    """A code is sent, or read out; the document is shown; another phone is asked for; two vouch; the customer goes."""
    proof_id = _attend(request, current(request), party_id, fields)
    if str(fields.get("step")) == "leave":
        return to("/counter")
    if str(fields.get("step")) == "vouch":
        return to(f"/counter/customers/{party_id}", waits="true")
    return to(f"/counter/customers/{party_id}", **({"proof": proof_id} if proof_id else {}))


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
        document = AttendByDocument(party, str(fields.get("number")), str(fields.get("statement")))
        run(request, attending.attend_by_document, document, actor=who)
    elif step == "phone":
        command = ChangePhoneAtCounter(party, str(fields.get("phone")))
        run(request, recovery.change_phone_at_counter, command, actor=who)
    elif step == "vouch":
        seen = VouchAtCounter(party, str(fields.get("number")), str(fields.get("statement")))
        run(request, levels.vouch_at_counter, seen, actor=who)
    elif step == "leave":
        run(request, attending.leave, LeaveCounter(str(fields.get("attendance"))), actor=who)
    else:
        raise UNKNOWN_STEP(step=repr(step[:40]))
    return ""


@router.post("/witness")
@comes_back(find_form)
def witness(request: Request, fields: Fields) -> Response:
    """A second member of staff saw the customer and the document too."""
    seen = WitnessPresence(str(fields.get("attendance")), str(fields.get("statement")))
    run(request, attending.witness_presence, seen, actor=current(request))
    return to("/counter")
