"""Own the routes of passkeys: add, list and remove them, sign in by one, and ask for the challenge that confirms an operation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse
from pydantic import ConfigDict

from farthing.api.entrance import MADE, Opened, made, opened, place_of
from farthing.api.ground import Who, answer, get, got, kernel_of, post, router_of
from farthing.identity import roll
from farthing.identity.authenticators import entrance
from farthing.identity.authenticators import service as passkeys
from farthing.identity.authenticators.model import (
    AskConfirmation,
    Asked,
    AskSignIn,
    Assertion,
    MadePasskey,
    Passkey,
    Site,
)
from farthing.identity.codes import service as codes
from farthing.identity.codes.model import CodesKept, KeepCodes
from farthing.identity.recovery import service as recovery
from farthing.identity.recovery.model import StopByWord, Stopped
from farthing.identity.rules import ANONYMOUS, source_of
from farthing.kernel.operation import OPERATIONS
from farthing.kit.canonical import plain
from farthing.kit.errors import malformed
from farthing.kit.inputs import Base64Url, Id, Secret

router = router_of("/v1")

post(router, "/passkeys/challenges", passkeys.ask_passkey)
post(router, "/passkeys/removals", passkeys.remove_passkey, status=200)
post(router, "/passkeys/losses", passkeys.lose_passkeys, status=200)
post(router, "/passwords/permits", passkeys.allow_password)
post(router, "/passwords/ends", passkeys.drop_password, status=200)
post(router, "/recoveries/stops", recovery.stop_recovery, status=200)
get(router, "/recoveries", recovery.own_recoveries)
get(router, "/own-keys", roll.own_keys)
post(router, "/login-codes", codes.begin_codes)
post(router, "/login-codes/ends", codes.end_codes, status=200)
get(router, "/login-codes", codes.own_codes)
get(router, "/passkeys", passkeys.own_passkeys)
get(router, "/passkeys/cloned", passkeys.cloned_passkeys, "limit")

NOT_BY_KEY = malformed(
    "api.not_by_key",
    "{operation} is not confirmed by a passkey; send it as it is.",
    "{operation} 无须通行密钥确认；请直接提交。",
)


@dataclass(frozen=True, slots=True)
class ToConfirm:
    """What is to be confirmed: the operation's name, and its command as it will be sent."""

    operation: Id
    command: dict[str, Any]


@dataclass(frozen=True, slots=True)
class SignInAsked:
    """A challenge that any passkey of this site answers."""

    challenge_id: str
    challenge: str
    rp_id: str
    origin: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class ChallengeMade:
    """What a passkey signs: ``challenge`` is SHA-256 over ``nonce`` (its bytes) and ``transaction`` (in UTF-8), all but the
    latter in base64url. ``passkeys`` are the credentials that may answer; ``key_needed``: without an answer it is refused."""

    challenge_id: str
    challenge: str
    nonce: str
    transaction: str
    facts: dict[str, Any]
    seen: str | None
    key_needed: bool
    passkeys: tuple[str, ...]
    rp_id: str
    origin: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class SignInByPasskey:
    """What a device answered to a challenge to sign in; ``device`` is what an earlier log-in on this device answered."""

    challenge_id: Id
    credential_id: Base64Url
    client_data: Base64Url
    authenticator_data: Base64Url
    signature: Base64Url
    device: Secret | None = None


@dataclass(frozen=True, slots=True)
class WordToStop:
    """The word that came to the phone."""

    word: Secret


for body in (ToConfirm, SignInByPasskey, MadePasskey, WordToStop):
    body.__pydantic_config__ = ConfigDict(extra="forbid")  # type: ignore[union-attr]


def _site(request: Request) -> Site:
    site: Site = request.app.state.site
    return site


@router.post("/passkeys", responses=made(Passkey), **MADE, tags=["identity"])
def add_passkey(request: Request, body: MadePasskey, who: Who) -> JSONResponse:
    """Keep a passkey that one's device made for a challenge of ``POST /v1/passkeys/challenges``."""
    kernel_of(request).ask(passkeys.own_passkeys, actor=who)  # whoever is nobody has none to add
    return answer(entrance.add(kernel_of(request), _site(request), who, body), 201)


@router.post("/sessions/challenges", responses=made(SignInAsked), **MADE, tags=["identity"])
def ask_sign_in(request: Request) -> JSONResponse:
    """Ask for a challenge to sign in by a passkey; it says nothing about who has one."""
    command, site = AskSignIn(source_of(place_of(request).source)), _site(request)
    asked: Asked = kernel_of(request).run(passkeys.ask_sign_in, command, actor=ANONYMOUS)
    return answer(SignInAsked(asked.challenge_id, asked.challenge, site.rp_id, site.origin, asked.expires_at), 201)


@router.post("/sessions/by-passkey", responses=made(Opened), **MADE, tags=["identity"])
def sign_in(request: Request, body: SignInByPasskey) -> JSONResponse:
    """Log in by a passkey alone; the token goes into ``Authorization: Bearer``."""
    said = Assertion(body.challenge_id, body.credential_id, body.client_data, body.authenticator_data, body.signature)
    done = entrance.sign_in(kernel_of(request), _site(request), said, place_of(request), body.device)
    return answer(opened(done), 201)


@router.post("/login-codes/first", responses=made(CodesKept), **MADE, tags=["identity"])
def keep_codes(request: Request, body: KeepCodes, who: Who) -> JSONResponse:
    """Show by a code that the app has the seed: codes are asked for from now on, and the recovery codes are told once."""
    kept: CodesKept = kernel_of(request).run(codes.keep_codes, body, actor=who)
    return answer(codes.require_kept(kept), 201)


@router.post("/recoveries/words", status_code=200, responses=got(Stopped), response_model=None, tags=["identity"])
def stop_by_word(request: Request, body: WordToStop) -> JSONResponse:
    """Stop a recovery by the word that came to the phone, without being signed in."""
    command = StopByWord(body.word, source_of(place_of(request).source))
    done: Stopped = kernel_of(request).run(recovery.stop_by_word, command, actor=ANONYMOUS)
    return answer(recovery.require_stopped(done))


@router.post("/challenges", responses=made(ChallengeMade), **MADE, tags=["identity"])
def ask_confirmation(request: Request, body: ToConfirm, who: Who) -> JSONResponse:
    """Look at what an operation would come to, and get the challenge by which a passkey confirms exactly that. The answer goes
    into the header ``Farthing-Assertion`` of the request itself, within five minutes, once."""
    operation, site = OPERATIONS.get(body.operation), _site(request)
    if operation is None or operation.by_key is None:
        raise NOT_BY_KEY(operation=body.operation[:60])
    looked = kernel_of(request).look(operation, operation.decode(body.command), actor=who)
    transaction = str(looked.transaction)
    asked: Asked = kernel_of(request).run(passkeys.ask_confirmation, AskConfirmation(transaction), actor=who.himself())
    told = ChallengeMade(
        asked.challenge_id, asked.challenge, asked.nonce, transaction, plain(looked.facts or {}), looked.seen,
        looked.key_needed, asked.passkeys, site.rp_id, site.origin, asked.expires_at,
    )  # fmt: skip
    return answer(told, 201)
