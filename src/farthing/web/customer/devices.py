"""The pages of passkeys: sign in by one, add and remove them, sign in by passkey alone, and sign in once more.

Every essential act is there without a script too: signing in by password, and the counter. What a passkey does needs the one
script of ours, on the pages that ask for it.
"""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from farthing.identity import entrance, roll
from farthing.identity import service as identity
from farthing.identity.authenticators import entrance as passkeys
from farthing.identity.authenticators import rules, service
from farthing.identity.authenticators.model import (
    AllowPassword,
    AskPasskey,
    AskSignIn,
    DropPassword,
    PasskeyAsked,
    PasswordAllowed,
    RemovePasskey,
)
from farthing.identity.codes import service as codes
from farthing.identity.codes.model import BeginCodes, CodesBegun, EndCodes, KeepCodes
from farthing.identity.model import LogIn, LogOut
from farthing.identity.outside import entrance as elsewhere
from farthing.identity.outside import service as outside
from farthing.identity.recovery import service as recovery
from farthing.identity.recovery.model import StopByWord, StopRecovery
from farthing.identity.rules import ANONYMOUS, LOGIN_UNKNOWN, require_logged_in, second_first, source_of
from farthing.kit.actor import Actor
from farthing.kit.errors import Refusal
from farthing.web import cookies, keyed
from farthing.web.customer.collecting import drawn
from farthing.web.customer.entrance import begun, front_page, place_of, text
from farthing.web.forms import comes_back
from farthing.web.ground import Fields, again, ask, current, kernel_of, once_more, page, pages, run, sign_in_first, to
from farthing.web.wayback import FRONT, of_ours

router = pages()


@router.post("/login/passkey")
@comes_back(front_page)
def sign_in(request: Request, fields: Fields) -> Response:
    """Ask for a passkey, whosever it is."""
    command = AskSignIn(source_of(place_of(request).source))
    asked = run(request, service.ask_sign_in, command, actor=ANONYMOUS)
    wanted = of_ours(request, fields.get("next"))
    kept = {"next": wanted} if wanted != FRONT else {}
    return page(
        request, "customer/passkey.html", current(request), by_key=keyed.asked_of(request, asked), kept=kept
    )  # fmt: skip


@router.post("/login/passkey/answer")
@comes_back(front_page)
def signed_in(request: Request, fields: Fields) -> Response:
    """Sign in by what the device answered."""
    answer = rules.assertion_of(text(fields, keyed.FIELD))
    site = keyed.site_of(request)
    done = passkeys.sign_in(kernel_of(request), site, answer, place_of(request), cookies.device(request))
    return begun(request, done, of_ours(request, fields.get("next")))


@router.get("/me/devices")
def devices(request: Request) -> Response:
    """One's passkeys, and how each session began."""
    return devices_page(request, None)


def devices_page(request: Request, refusal: Refusal | None) -> Response:
    """The same, with a refusal where a change was refused."""
    who = current(request)
    if who is ANONYMOUS:
        return sign_in_first(request)
    if refusal is not None and refusal.code == rules.PROVE_AGAIN.name:
        return again_page(request, refusal)
    found = ask(request, who, service.own_passkeys)
    sessions = ask(request, who, identity.own_sessions)
    return again(
        request, "customer/devices.html", who, refusal, passkeys=found, sessions=sessions,
        codes=ask(request, who, codes.own_codes), recoveries=ask(request, who, recovery.own_recoveries),
        second_first=second_first(who),
        names=ask(request, who, service.own_login), keys=ask(request, who, roll.own_keys), linked=ask(request, who,
        outside.own_outside),
        providers=elsewhere.providers(kernel_of(request)) if who.party_id else (),
    )  # fmt: skip


@router.post("/me/devices")
@comes_back(devices_page)
def add(request: Request, fields: Fields) -> Response:
    """Ask to add a passkey; whoever has one confirms it by that first."""
    who = current(request)
    command = AskPasskey(text(fields, "name"))

    def show(_: PasskeyAsked, form: dict[str, Any]) -> HTMLResponse:
        return _change(request, who, "add", command.name, form)

    def made(asked: PasskeyAsked) -> Response:
        by_key = keyed.made_of(request, asked)
        return page(request, "customer/device_new.html", who, by_key=by_key, passkey=asked)

    return once_more(
        request,
        fields,
        service.ask_passkey,
        command,
        actor=who,
        show=show,
        then=made,
        plain=lambda asked: not asked.others,
    )


@router.post("/me/devices/new")
@comes_back(devices_page)
def made(request: Request, fields: Fields) -> Response:
    """Keep the passkey that the device made."""
    answer = rules.made_of(text(fields, keyed.FIELD), text(fields, "challenge_id"))
    passkeys.add(kernel_of(request), keyed.site_of(request), current(request), answer)
    return to("/me/devices")


@router.post("/me/devices/remove")
@comes_back(devices_page)
def remove(request: Request, fields: Fields) -> Response:
    """Remove a passkey, once that is confirmed by one."""
    who = current(request)
    command = RemovePasskey(text(fields, "passkey_id") or "-")

    def show(looked: Any, form: dict[str, Any]) -> HTMLResponse:
        return _change(request, who, "remove", looked.name, form)

    return once_more(
        request, fields, service.remove_passkey, command, actor=who, show=show, then=lambda _: to("/me/devices")
    )


@router.post("/me/devices/password")
@comes_back(devices_page)
def drop_password(request: Request, fields: Fields) -> Response:
    """Sign in by passkey alone from now on, once that is confirmed by one."""
    who = current(request)

    def show(_: Any, form: dict[str, Any]) -> HTMLResponse:
        return _change(request, who, "password", "", form)

    return once_more(
        request, fields, service.drop_password, DropPassword(), actor=who, show=show, then=lambda _: to("/me/devices")
    )


@router.post("/me/devices/new-password")
@comes_back(devices_page)
def allow_password(request: Request, fields: Fields) -> Response:
    """Choose another password, once a passkey confirmed that it may be."""
    who = current(request)

    def show(_: Any, form: dict[str, Any]) -> HTMLResponse:
        return _change(request, who, "new_password", "", form)

    def chosen(allowed: PasswordAllowed) -> Response:
        return page(request, "customer/password.html", who, permit=allowed.permit)

    return once_more(
        request, fields, service.allow_password, AllowPassword(), actor=who, show=show, then=chosen,
        plain=lambda each: not each.by_key,
    )  # fmt: skip


@router.post("/me/devices/codes")
@comes_back(devices_page)
def begin_codes(request: Request, fields: Fields) -> Response:
    """Give an app a seed; whoever has a passkey confirms it by that first."""
    who = current(request)

    def show(_: Any, form: dict[str, Any]) -> HTMLResponse:
        return _change(request, who, "codes", "", form)

    def begun(found: CodesBegun) -> Response:
        return page(request, "customer/codes_new.html", who, begun=found, drawn=drawn(found.address))

    return once_more(
        request,
        fields,
        codes.begin_codes,
        BeginCodes(),
        actor=who,
        show=show,
        then=begun,
        plain=lambda each: not each.by_key,
    )


@router.post("/me/devices/codes/kept")
@comes_back(devices_page)
def keep_codes(request: Request, fields: Fields) -> Response:
    """Show that the app has it; the recovery codes are in this answer alone."""
    who = current(request)
    command = KeepCodes(text(fields, "code"))
    kept = run(request, codes.keep_codes, command, actor=who, accepted=codes.require_kept)
    return page(request, "customer/codes_kept.html", who, kept=kept)


@router.post("/me/devices/codes/end")
@comes_back(devices_page)
def end_codes(request: Request, fields: Fields) -> Response:
    """Ask for no more codes, once that is confirmed."""
    who = current(request)

    def show(_: Any, form: dict[str, Any]) -> HTMLResponse:
        return _change(request, who, "end_codes", "", form)

    return once_more(
        request, fields, codes.end_codes, EndCodes(), actor=who, show=show, then=lambda _: to("/me/devices")
    )


@router.post("/me/devices/recovery")
@comes_back(devices_page)
def stop_recovery(request: Request, fields: Fields) -> Response:
    """Stop a recovery of one's own login that somebody asked for."""
    run(request, recovery.stop_recovery, StopRecovery(), actor=current(request))
    return to("/me/devices")


@router.get("/stop")
def stop(request: Request) -> Response:
    """Where the word is typed that came to the phone, by whoever is signed in nowhere."""
    return stop_page(request, None)


def stop_page(request: Request, refusal: Refusal | None, stopped: bool = False) -> Response:
    """The same, with a refusal, or with what was stopped."""
    return again(request, "customer/stop.html", current(request), refusal, stopped=stopped)


@router.post("/stop")
@comes_back(stop_page)
def stop_by_word(request: Request, fields: Fields) -> Response:
    """Stop a recovery by that word."""
    command = StopByWord(text(fields, "word"), source_of(place_of(request).source))
    run(request, recovery.stop_by_word, command, actor=ANONYMOUS, accepted=recovery.require_stopped)
    return stop_page(request, None, stopped=True)


def _change(request: Request, who: Actor, what: str, name: str, form: dict[str, Any]) -> HTMLResponse:
    return page(request, "customer/device_change.html", who, what=what, called=name, **form)


@router.get("/me/again")
def once_again(request: Request) -> Response:
    """Sign in once more, before one changes how one signs in."""
    return again_page(request, None)


def again_page(request: Request, refusal: Refusal | None) -> Response:
    """The same, with a refusal."""
    who = current(request)
    if who is ANONYMOUS:
        return sign_in_first(request)
    return again(request, "customer/again.html", who, refusal, codes=ask(request, who, codes.own_codes))


@router.post("/me/again")
@comes_back(again_page)
def signed_in_again(request: Request, fields: Fields) -> Response:
    """Begin another session by the password, in the place of the one that there is."""
    who, kernel = current(request), kernel_of(request)
    names = ask(request, who, service.own_login)
    if not names:
        raise LOGIN_UNKNOWN(actor_id=who.id)
    command = LogIn(names[0], text(fields, "password"), cookies.device(request), text(fields, "code") or None)
    done = entrance.log_in(kernel, command, place_of(request))
    require_logged_in(done)
    run(request, identity.log_out, LogOut(cookies.session_token(request)), actor=who)
    return cookies.begin(request, to("/me/devices"), done)
