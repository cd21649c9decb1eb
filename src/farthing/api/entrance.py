"""Own the routes of the way in: codes, registrations, sessions, passwords, staff logins and API keys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse
from pydantic import ConfigDict

from farthing.api.ground import Who, answer, bearer, get, got, kernel_of, post, router_of
from farthing.api.problems import RESPONSES
from farthing.assurance.erasure import service as erasure
from farthing.assurance.phones import service as recovery
from farthing.identity import entrance, roll
from farthing.identity import service as identity
from farthing.identity.model import ChangePassword, Ended, LoggedIn, LogIn, LogOut, Place
from farthing.identity.proof import sending
from farthing.identity.rules import ANONYMOUS, NOT_SIGNED_IN, require_logged_in, source_of
from farthing.kernel.attendance import Attendance
from farthing.kernel.operation import operation_of
from farthing.parties.attending import service as attending
from farthing.parties.attending.model import AskPresence, AttendByCode
from farthing.parties.enrolment import service as enrolment
from farthing.parties.enrolment.model import AskCode, Enrol
from farthing.parties.phones import service as phones
from farthing.parties.phones.model import AskPhoneChange, ChangePhone, PhoneChanged
from farthing.parties.showing import service as showing
from farthing.parties.showing.model import FindByCode, Found

router = router_of("/v1")

post(router, "/sessions/ends", identity.end_session, status=200)
get(router, "/sessions", identity.own_sessions)
get(router, "/logins", roll.staff, "after", "limit")
get(router, "/api-keys", roll.program_keys, "after", "limit")
post(router, "/logins", identity.create_login)
post(router, "/logins/disablements", identity.disable_login)
post(router, "/logins/password-resets", identity.reset_password)
post(router, "/api-keys", identity.create_api_key)
post(router, "/api-keys/revocations", identity.revoke_api_key)
post(router, "/attendances/by-document", attending.attend_by_document)
post(router, "/attendances/witnesses", attending.witness_presence)
post(router, "/attendances/disowned", attending.disown)
post(router, "/shown-codes", showing.show_code)
post(router, "/phones/at-counter", recovery.change_phone_at_counter)
post(router, "/incidents/closings", attending.close_incident, status=200)
get(router, "/attendances/awaiting", attending.awaiting_witness)
get(router, "/parties/{party_id}/attendances", attending.attendances)
get(router, "/incidents", attending.incidents)
post(router, "/erasures", erasure.erase)
post(router, "/erasures/lifted", erasure.lift_restriction)
post(router, "/erasures/opened", erasure.open_restricted)
get(router, "/parties/{party_id}/erasure", erasure.erasure_outlook)
post(router, "/attendances/ends", attending.leave, status=200)


@dataclass(frozen=True, slots=True)
class AskForCode:
    """Who says to be whom, and the phone."""

    name: str
    resident_id: str
    phone: str


@dataclass(frozen=True, slots=True)
class Registration:
    """The same once more, with the code that came and the password that is chosen."""

    proof_id: str
    code: str
    name: str
    resident_id: str
    phone: str
    password: str


@dataclass(frozen=True, slots=True)
class CodeSent:
    """The proof that waits for its code."""

    proof_id: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class PresenceAsked:
    """The proof that waits for the code that the customer reads out."""

    proof_id: str
    party_id: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class PhoneCodesSent:
    """The two proofs that wait for their codes: of the phone on file and of the new one."""

    old_proof_id: str
    new_proof_id: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Opened:
    """A session: ``token`` is what a request bears, ``device`` goes into the next log-in from this device."""

    token: str
    actor_id: str
    expires_at: datetime
    device: str | None
    must_change_password: bool


@dataclass(frozen=True, slots=True)
class Registered(Opened):
    """A session and the person it is of."""

    party_id: str


MADE: dict[str, Any] = {"status_code": 201, "response_model": None}


def made(model: Any) -> dict[int | str, dict[str, Any]]:
    """The documented answers of a POST that makes something."""
    return {**RESPONSES, 201: {"model": model}}


for body in (AskPresence, AttendByCode, FindByCode, AskForCode, Registration, LogIn, ChangePassword):
    body.__pydantic_config__ = ConfigDict(extra="forbid")  # type: ignore[union-attr]


def place_of(request: Request) -> Place:
    """Where a request comes from."""
    return Place(request.client.host if request.client else "", request.headers.get("user-agent", ""))


def opened(session: LoggedIn) -> dict[str, Any]:
    """A session as it is told to whoever opened it."""
    return {
        "token": session.token, "actor_id": session.actor_id, "expires_at": session.expires_at,
        "device": session.device, "must_change_password": session.must_change,
    }  # fmt: skip


@router.post("/codes", responses=made(CodeSent), **MADE, tags=["identity"])
def ask_code(request: Request, body: AskForCode) -> JSONResponse:
    """Ask for a code, to register or to choose a new password: it comes to the phone on file, or, of somebody new, to
    the phone that is given. The answer is the same for everybody."""
    kernel = kernel_of(request)
    command = AskCode(body.name, body.resident_id, body.phone, source_of(place_of(request).source))
    asked = kernel.execute(operation_of(enrolment.ask_code), command, actor=ANONYMOUS, key=None).result
    sending.send(kernel, asked.proof_id, asked.messages)
    return answer({"proof_id": asked.proof_id, "expires_at": asked.expires_at}, 201)


@router.post("/registrations", responses=made(Registered), **MADE, tags=["identity"])
def register(request: Request, body: Registration) -> JSONResponse:
    """Prove the phone by the code: the person is known from now on, has this password, and a session."""
    command = Enrol(
        body.proof_id, body.code, body.name, body.resident_id, body.phone, body.password,
        place_of(request).device_name,
    )  # fmt: skip
    found = kernel_of(request).execute(operation_of(enrolment.enrol), command, actor=ANONYMOUS, key=None).result
    done = enrolment.require_enrolled(found)
    assert done.session is not None and done.party is not None
    return answer({**opened(done.session), "party_id": done.party.id}, 201)


@router.post("/sessions", responses=made(Opened), **MADE, tags=["identity"])
def log_in(request: Request, body: LogIn) -> JSONResponse:
    """Log in by name and password; the token goes into ``Authorization: Bearer``, ``device`` into the next log-in."""
    outcome = entrance.log_in(kernel_of(request), body, place_of(request))
    require_logged_in(outcome)
    return answer(opened(outcome), 201)


@router.delete("/sessions/current", responses=got(Ended), response_model=None, tags=["identity"])
def log_out(request: Request, who: Who) -> JSONResponse:
    """Log out: the session that asks is ended."""
    token = bearer(request)
    if token is None:
        raise NOT_SIGNED_IN()
    return answer(kernel_of(request).run(identity.log_out, LogOut(token), actor=who))


@router.post("/passwords", status_code=200, responses=got(Ended), response_model=None, tags=["identity"])
def change_password(request: Request, body: ChangePassword, who: Who) -> JSONResponse:
    """Replace one's own password; every session ends, this one too."""
    kernel_of(request).ask(identity.own_sessions, actor=who)  # who has no sessions has no password to change
    return answer(entrance.change_password(kernel_of(request), body, who))


@router.post("/phones/codes", responses=made(PhoneCodesSent), **MADE, tags=["parties"])
def ask_phone_change(request: Request, body: AskPhoneChange, who: Who) -> JSONResponse:
    """Send a code to one's phone on file and one to the new phone."""
    kernel = kernel_of(request)
    asked = kernel.execute(operation_of(phones.ask_phone_change), body, actor=who, key=None).result
    for proof_id, message in asked.messages:
        sending.send(kernel, proof_id, [message])
    told = {"old_proof_id": asked.old_proof_id, "new_proof_id": asked.new_proof_id, "expires_at": asked.expires_at}
    return answer(told, 201)


@router.post("/phones", responses=made(PhoneChanged), **MADE, tags=["parties"])
def change_phone(request: Request, body: ChangePhone, who: Who) -> JSONResponse:
    """Both codes: the new phone is on file and logs in from now on."""
    done = kernel_of(request).execute(operation_of(phones.change_phone), body, actor=who, key=None).result
    return answer(phones.require_changed(done), 201)


@router.post("/attendances/codes", responses=made(PresenceAsked), **MADE, tags=["parties"])
def ask_presence(request: Request, body: AskPresence, who: Who) -> JSONResponse:
    """Send a code to the phone on file of a customer who is at the counter, for the customer to read out."""
    kernel = kernel_of(request)
    asked = kernel.execute(operation_of(attending.ask_presence), body, actor=who, key=None).result
    sending.send(kernel, asked.proof_id, asked.messages)
    return answer({"proof_id": asked.proof_id, "party_id": asked.party_id, "expires_at": asked.expires_at}, 201)


@router.post("/attendances", responses=made(Attendance), **MADE, tags=["parties"])
def attend(request: Request, body: AttendByCode, who: Who) -> JSONResponse:
    """The customer reads the code out and is there from now on, for half an hour at most."""
    done = kernel_of(request).execute(operation_of(attending.attend_by_code), body, actor=who, key=None).result
    return answer(attending.require_there(done), 201)


@router.post("/shown-codes/uses", status_code=200, responses=got(Found), response_model=None, tags=["parties"])
def find_by_code(request: Request, body: FindByCode, who: Who) -> JSONResponse:
    """Find the customer who shows a code at the counter; it is good once, and the customer still proves to be there."""
    done = kernel_of(request).execute(operation_of(showing.find_by_code), body, actor=who, key=None).result
    return answer(showing.require_found(done))
