"""The pages of another phone: a code to the phone on file and one to the new phone, and both typed."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import Response

from farthing.identity.proof import sending
from farthing.identity.rules import ANONYMOUS
from farthing.kit.errors import Refusal
from farthing.kit.masked import masked_phone
from farthing.parties import service as parties
from farthing.parties.phones import service as phones
from farthing.parties.phones.model import AskPhoneChange, ChangePhone, PhoneProofs
from farthing.web import cookies
from farthing.web.customer.entrance import CODE_LOST, sandbox_of, text
from farthing.web.forms import comes_back
from farthing.web.ground import Fields, again, ask, current, kernel_of, pages, run, sign_in_first, to

router = pages()

PHONE, CODES = "/me/phone", "/me/phone/codes"


@router.get(PHONE)
def new_phone(request: Request) -> Response:
    """Which phone is on file, and where the new one is typed."""
    return new_phone_page(request, None)


def new_phone_page(request: Request, refusal: Refusal | None) -> Response:
    """The same, with a refusal where the phone was refused."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request) if who is ANONYMOUS else to("/me")
    on_file = masked_phone(ask(request, who, parties.own_party, who.party_id).phone)
    return again(request, "customer/phone.html", who, refusal, on_file=on_file, changed="done" in request.query_params)


@router.post(PHONE)
@comes_back(new_phone_page)
def ask_codes(request: Request, fields: Fields) -> Response:
    """Have a code sent to each of the two phones."""
    who = current(request)
    said = AskPhoneChange(str(who.party_id), text(fields, "phone"))
    asked: PhoneProofs = run(request, phones.ask_phone_change, said, actor=who)
    for proof_id, message in asked.messages:
        sending.send(kernel_of(request), proof_id, [message])
    kept = {"old": asked.old_proof_id, "new": asked.new_proof_id, "phone": said.phone}
    return cookies.keep_said(request, to(CODES), kept)


@router.get(CODES)
def codes(request: Request) -> Response:
    """Where both codes are typed."""
    return codes_page(request, None)


def codes_page(request: Request, refusal: Refusal | None) -> Response:
    """The same, with a refusal where a code was wrong; the page before where no code was asked for."""
    who, said = current(request), cookies.said(request)
    if not who.party_id or not said.get("old"):
        return to(PHONE)
    on_file = ask(request, who, parties.own_party, who.party_id).phone
    return again(
        request, "customer/phone_codes.html", who, refusal, on_file=masked_phone(on_file), phone=said.get("phone", ""),
        old=on_file if sandbox_of(request) is not None else "",
    )  # fmt: skip


@router.post(CODES)
@comes_back(codes_page)
def change(request: Request, fields: Fields) -> Response:
    """Type both codes: the new phone is on file and signs in from now on."""
    who, said = current(request), cookies.said(request)
    if not said.get("old"):
        raise CODE_LOST()
    command = ChangePhone(
        str(who.party_id), said["old"], text(said, "new"), text(said, "phone"), text(fields, "old_code"),
        text(fields, "new_code"),
    )  # fmt: skip
    run(request, phones.change_phone, command, actor=who, accepted=phones.require_changed)
    return cookies.forget_said(request, to(f"{PHONE}?done=1"))
