"""The pages of the way in: register or choose a new password by a code, sign in and out, one's password and devices."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response

from farthing.identity import entrance, links
from farthing.identity import look as looks
from farthing.identity import service as identity
from farthing.identity.authenticators import service as authenticators
from farthing.identity.codes.rules import NEEDED, WRONG
from farthing.identity.links import FollowLink
from farthing.identity.look import KeepLook
from farthing.identity.model import ChangePassword, EndSession, LoggedIn, LogIn, LogOut, Place
from farthing.identity.outside import entrance as elsewhere
from farthing.identity.proof import sending
from farthing.identity.recovery import service as recovery
from farthing.identity.rules import (
    ANONYMOUS,
    DOOR,
    actor_of,
    must_change_first,
    require_logged_in,
    second_first,
    source_of,
)
from farthing.kernel.gateway import Gateway, SandboxGateway
from farthing.kit.actor import Actor
from farthing.kit.errors import Refusal, malformed, not_found
from farthing.parties import service as parties
from farthing.parties.attending import service as attending
from farthing.parties.attending.model import Disown
from farthing.parties.enrolment import service as enrolment
from farthing.parties.enrolment.model import AskCode, Asked, Enrol, Enrolled
from farthing.parties.model import VerifyIdentity
from farthing.parties.rules import phone_of
from farthing.parties.showing import service as showing
from farthing.parties.showing.model import ShowCode
from farthing.payments import service as payments
from farthing.payments.model import OpenWallet
from farthing.web import cookies, keeping, look
from farthing.web.customer.collecting import drawn
from farthing.web.forms import comes_back
from farthing.web.ground import (
    Fields,
    again,
    ask,
    current,
    form,
    home_door,
    kernel_of,
    page,
    pages,
    run,
    sign_in_first,
    to,
)
from farthing.web.wayback import FRONT, came_from, of_ours

router = pages()

ASKED = re.compile(r"(?:collect|payee)_[0-9a-z]{26}")
"""Whom somebody came to pay before she was signed in."""

NO_SANDBOX = not_found(
    "web.no_sandbox_gateway",
    "Messages of this bank go to real phones; there is nothing to look at here.",
    "本行短信发送至真实手机；此处没有可查看的内容。",
)


CODE_LOST = malformed(
    "web.code_lost",
    "This browser does not know for whom the code was asked; ask for a new one at the front page.",
    "浏览器中已没有索取验证码时填写的信息；请在首页重新获取验证码。",
)


def place_of(request: Request) -> Place:
    """Where a request comes from."""
    return Place(request.client.host if request.client else "", request.headers.get("user-agent", ""))


def text(fields: Mapping[str, Any], name: str) -> str:
    """A field of a form as it was typed; nothing where it is missing."""
    return str(fields.get(name) or "")


@router.get("/")
def front(request: Request, wanted: Annotated[str, Query(alias="next")] = "") -> Response:
    """The front door; ``next`` is the page that was wanted before one had to sign in."""
    who = current(request)
    if who is ANONYMOUS:
        return front_page(request, None, of_ours(request, wanted))
    if must_change_first(who):
        return to("/me")
    if second_first(who):
        return to("/me/devices")
    if who.party_id:
        return to("/home")
    if (door := home_door(who)) in ("proof", "partner"):
        return to(f"/{door}")
    starts = (("ledger:read", "/ops"), ("savings:cash", "/counter"), ("identity:manage", "/ops/staff"))
    return to(next((path for permission, path in starts if who.may(permission)), "/me"))


def front_page(request: Request, refusal: Refusal | None, wanted: str = FRONT) -> Response:
    """Both ways in, the one that was refused as it was filled in; whoever came by a code to pay signs in for that."""
    typed = getattr(request.state, "typed", {})
    payee = text(typed, "payee")
    if ASKED.fullmatch(payee):
        return again(request, "customer/asked.html", current(request), refusal, payee=payee)
    wanted = of_ours(request, typed.get("next")) if "next" in typed else wanted
    asks_code = refusal is not None and refusal.code in (NEEDED.name, WRONG.name)
    wanted = wanted if wanted != FRONT else ""
    return again(
        request, "customer/front.html", current(request), refusal, wanted=wanted, asks_code=asks_code,
        providers=elsewhere.providers(kernel_of(request)),
    )  # fmt: skip


@router.post("/register")
@comes_back(front_page)
async def ask_code(request: Request) -> Response:
    """Say who one is; a code goes to a phone, whoever one is. The page that takes it is one that can be loaded again."""
    fields = await form(request)
    said = AskCode(
        text(fields, "name"), text(fields, "number"), text(fields, "phone"), source_of(place_of(request).source)
    )
    asked = await run_in_threadpool(_ask_code, request, said)
    kept = {"proof": asked.proof_id, "name": said.name, "number": said.resident_id, "phone": said.phone}
    return cookies.keep_said(request, to("/register/code"), kept)


def _ask_code(request: Request, said: AskCode) -> Asked:
    asked: Asked = run(request, enrolment.ask_code, said, actor=ANONYMOUS)
    sending.send(kernel_of(request), asked.proof_id, asked.messages)
    return asked


@router.get("/register/code")
def code(request: Request) -> Response:
    """Where the code is typed and a password chosen."""
    return code_page(request, None)


def code_page(request: Request, refusal: Refusal | None) -> Response:
    """The form of the code, with a refusal where the last one was refused; the front page where none was asked for."""
    said = cookies.said(request)
    if not said:
        return to("/")
    return again(
        request, "customer/code.html", current(request), refusal, phone=said.get("phone", ""),
        sandbox=sandbox_of(request) is not None
    )  # fmt: skip


@router.post("/register/code")
@comes_back(code_page)
async def register(request: Request) -> Response:
    """Type the code and choose a password: known, verified and signed in."""
    fields = await form(request)
    said = cookies.said(request)
    if not said:
        raise CODE_LOST()
    command = Enrol(
        text(said, "proof"), text(fields, "code"), text(said, "name"), text(said, "number"),
        text(said, "phone"), text(fields, "password"), place_of(request).device_name,
    )  # fmt: skip
    session = await run_in_threadpool(_enrol, request, command)
    return cookies.forget_said(request, cookies.begin(request, to("/home"), session))


def _enrol(request: Request, command: Enrol) -> LoggedIn:
    done: Enrolled = run(request, enrolment.enrol, command, actor=ANONYMOUS, accepted=enrolment.require_enrolled)
    assert done.session is not None and done.party is not None
    herself = actor_of(str(done.session.actor_id), "customer", done.party.id)
    if not done.known_before:
        run(request, parties.verify_identity, VerifyIdentity(done.party.id), actor=herself)
    run(request, payments.open_wallet, OpenWallet(done.party.id), actor=herself)
    return done.session


@router.post("/login")
@comes_back(front_page)
async def log_in(request: Request) -> Response:
    """Sign in."""
    fields = await form(request)
    code = text(fields, "code") or None
    command = LogIn(text(fields, "name"), text(fields, "password"), cookies.device(request), code)
    result = await run_in_threadpool(entrance.log_in, kernel_of(request), command, place_of(request))
    require_logged_in(result)
    payee = text(fields, "payee")
    wanted = f"/pay/to/{payee}" if ASKED.fullmatch(payee) else of_ours(request, fields.get("next"))
    return await run_in_threadpool(begun, request, result, wanted)


def begun(request: Request, result: LoggedIn, wanted: str) -> Response:
    """Lead to what was wanted, but that a new password comes first; the device looks as she chose on another."""
    who = entrance.who_is(kernel_of(request), str(result.token)).actor
    begun = cookies.begin(
        request, RedirectResponse("/" if must_change_first(who) or second_first(who) else wanted, 303), result
    )
    return look.bring(request, begun, ask(request, who, looks.own_look))


@router.get(keeping.BACK)
def form_again(request: Request) -> Response:
    """The form that was sent when this login's session had lapsed, with what was typed, to be looked through and sent again;
    the front page where none waits for this login. Nothing is run by it."""
    who = current(request)
    found = keeping.kept(request, who) if who is not ANONYMOUS else None
    sent = keeping.as_sent(request, found) if found is not None else None
    form = keeping.form_of(sent) if sent is not None else None
    if sent is None or form is None:
        return cookies.forget_typed(request, to("/"))
    shown = form(sent, keeping.NOT_SENT(), **sent.path_params)
    shown.status_code = 200 if shown.status_code == keeping.NOT_SENT.kind.status else shown.status_code
    return cookies.forget_typed(request, shown)


@router.post("/logout")
async def log_out(request: Request) -> Response:
    """Sign out."""
    await form(request)
    who = await run_in_threadpool(current, request)
    if who is not ANONYMOUS:
        await run_in_threadpool(run, request, identity.log_out, LogOut(cookies.session_token(request)), actor=who)
    return cookies.end(request, to("/"))


@router.post("/look")
async def change_look(request: Request) -> Response:
    """Another language, theme or text size, on the page where it was asked for."""
    fields = await form(request)
    wanted = look.chosen(fields)
    if wanted is not None:
        await run_in_threadpool(_keep_look, request, wanted)
    back = of_ours(request, fields.get("back"))
    return look.keep(request, RedirectResponse(came_from(request) if back == FRONT else back, 303), fields)


def _keep_look(request: Request, wanted: KeepLook) -> None:
    """Who is signed in finds it on every device; anybody else in this browser."""
    who = current(request)
    if who is not ANONYMOUS:
        run(request, looks.keep_look, wanted, actor=who)


@router.get("/help")
def help_page(request: Request) -> Response:
    """Whom to ask, without being signed in."""
    who = current(request)
    try:
        phone = ask(request, who, parties.institution_phone)
    except Refusal:  # nobody runs this bank yet
        phone = ""
    return page(request, "customer/help.html", who, phone=phone)


@router.get("/me")
def me(request: Request) -> Response:
    """One's password, and the devices on which one is signed in."""
    return me_page(request, None)


def me_page(request: Request, refusal: Refusal | None) -> Response:
    """The same, with a refusal where a new password was refused."""
    who = current(request)
    if who is ANONYMOUS:
        return sign_in_first(request)
    seen = ask(request, who, attending.attendances, who.party_id) if who.party_id else []
    return again(
        request, "customer/me.html", who, refusal, seen=seen, sessions=ask(request, who, identity.own_sessions),
        here_id=identity.session_id_of(cookies.session_token(request)),
        recoveries=ask(request, who, recovery.own_recoveries),
        must_change=must_change_first(who),
        keyed=any(each.ended_at is None for each in ask(request, who, authenticators.own_passkeys)),
    )  # fmt: skip


def password_page(request: Request, refusal: Refusal | None) -> Response:
    """The form that was refused: with what a passkey allowed, where it is good yet."""
    permit = text(getattr(request.state, "typed", {}), "permit")
    if not permit:
        return me_page(request, refusal)
    return again(request, "customer/password.html", current(request), refusal, permit=permit)


@router.post("/me/password")
@comes_back(password_page)
async def change_password(request: Request) -> Response:
    """Replace one's password; every session ends, and one signs in again with the new one."""
    fields = await form(request)
    who = await run_in_threadpool(_signed_in, request)
    command = ChangePassword(text(fields, "old"), text(fields, "new"), text(fields, "permit") or None)
    await run_in_threadpool(entrance.change_password, kernel_of(request), command, who)
    return cookies.end(request, to("/"))


@router.get("/me/help-code")
def help_code(request: Request) -> Response:
    """What the code for help at a counter is, before one is shown."""
    who = current(request)
    return page(request, "customer/help_code.html", who, shown=None) if who.party_id else sign_in_first(request)


@router.post("/me/help-code")
def show_help_code(request: Request, fields: Fields) -> Response:
    """Show a code; it is in this answer alone."""
    who = current(request)
    shown = run(request, showing.show_code, ShowCode(str(who.party_id)), actor=who)
    return page(request, "customer/help_code.html", who, shown=shown, drawn=drawn(shown.code.replace(" ", "")))


@router.post("/me/attendances")
async def disown(request: Request) -> Response:
    """Say that it was somebody else who was at the counter."""
    fields = await form(request)
    who = await run_in_threadpool(_signed_in, request)
    await run_in_threadpool(run, request, attending.disown, Disown(text(fields, "attendance")), actor=who)
    return to("/me")


@router.post("/me/sessions")
async def end_session(request: Request) -> Response:
    """End one session, or all."""
    fields = await form(request)
    who = await run_in_threadpool(_signed_in, request)
    command = EndSession(text(fields, "session_id") or None)
    await run_in_threadpool(run, request, identity.end_session, command, actor=who)
    return to("/me")


def _signed_in(request: Request) -> Actor:
    return entrance.who_is(kernel_of(request), cookies.session_token(request)).actor


def sandbox_of(request: Request) -> SandboxGateway | None:
    """The gateway whose messages can be looked at; none where they go to real phones."""
    kernel = kernel_of(request)
    if kernel.clock().mode != "simulated" or not kernel.ports.names("gateway"):
        return None
    gateway: Gateway = kernel.ports.peer("gateway")
    return gateway if isinstance(gateway, SandboxGateway) else None


@router.get("/sandbox/enter/{token}")
def enter(request: Request, token: str) -> Response:
    """Follow a sign-in link, once; a bank with a real clock has none."""
    command = FollowLink(token, place_of(request).device_name)
    return cookies.begin(request, to("/"), run(request, links.follow_link, command, actor=DOOR))


@router.get("/sandbox/messages")
def messages(request: Request, phone: str = "") -> Response:
    """What would have come to a phone, where the gateway is the one named sandbox; else refused."""
    gateway = sandbox_of(request)
    if gateway is None:
        raise NO_SANDBOX()
    found = gateway.sent_to(phone_of(phone)) if phone else ()
    return page(request, "customer/messages.html", current(request), phone=phone, messages=found[::-1])
