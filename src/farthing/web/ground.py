"""Own what every page shares: templates, the session cookie, forms that cannot be forged, and errors as pages."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Container, Mapping
from dataclasses import replace
from functools import partial
from typing import Annotated, Any
from urllib.parse import urlencode

from anyio import from_thread
from fastapi import APIRouter, Depends, Request
from fastapi.dependencies.models import Dependant
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from fastapi.routing import APIRoute

from farthing.db.tx import Tx
from farthing.identity import entrance
from farthing.identity.rules import ANONYMOUS, NOT_SIGNED_IN
from farthing.kernel.operation import Call, operation_of
from farthing.kernel.question import question_of
from farthing.kernel.run import NOT_ALLOWED, Ask, Kernel
from farthing.kernel.seen import NOT_AS_SEEN, Looked
from farthing.kernel.whose import NOT_THERE
from farthing.kit.actor import Actor
from farthing.kit.errors import InvariantBroken, Refusal, forbidden, malformed
from farthing.kit.words import Words
from farthing.products.service import NO_POLICY
from farthing.savings.shelf.model import NO_BOARD
from farthing.web import cookies, keyed, look, refusing
from farthing.web.doors import Door
from farthing.web.forms import Form
from farthing.web.here import written
from farthing.web.rendering import templates
from farthing.web.speech import language
from farthing.web.told import FIELDS, field
from farthing.web.wayback import came_from, sign_in_at

FORGED = forbidden(
    "web.form_expired",
    "This form is no longer valid; go back, load the page again and repeat.",
    "表单已失效，请返回刷新后重试。",
)
NOT_READABLE = malformed(
    "web.field_not_readable",
    "{label} cannot be read: at most {most} characters, and none that cannot be seen.",
    "{label_zh}无法读取：至多 {most} 个字符，且不含不可见字符。",
)
MOST_FILES = 2
"""A bill and its seal."""
LONGEST_FIELD, MOST_FIELDS = 5_000, 200
"""The longest form is the sheet of a group: fifty members, and the lines of those who pay for others."""
UNKNOWN_PARAMETER = malformed(
    "web.unknown_parameter",
    "This page takes no {names} in its address; open it from the page before.",
    "此页面的网址不接受参数 {names}；请从上一页重新打开。",
)
SALT = 16
"""Characters of a form token that are its salt."""
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def kernel_of(request: Request) -> Kernel:
    """The kernel this application runs on."""
    kernel: Kernel = request.app.state.kernel
    return kernel


def current(request: Request) -> Actor:
    """Who is signed in, or nobody in particular; a session in use is renewed."""
    token = cookies.session_token(request)
    if not token:
        return ANONYMOUS
    try:
        return entrance.who_is(kernel_of(request), token).actor
    except Refusal:
        return ANONYMOUS


def form_token(request: Request) -> str:
    """What a form must carry: derived from cookies that another site can neither read nor set."""
    return _salted(request, secrets.token_hex(8))


def _salted(request: Request, salt: str) -> str:
    """The token under a salt of its own for each page: a page is sent compressed, and its length must not tell of it."""
    known = f"form\n{salt}\n{cookies.session_token(request)}\n{cookies.form_secret(request)}"
    return salt + hashlib.sha256(known.encode()).hexdigest()[:32]


async def form(request: Request) -> Form:
    """The fields of a form; refuses ``web.form_expired`` where it comes from another site, or its token is not one that
    this browser was given, signed in or not."""
    fields = Form(await request.form(max_files=MOST_FILES, max_fields=MOST_FIELDS), kernel_of(request))
    for name, typed in fields.items():
        if isinstance(typed, str) and (len(typed) > LONGEST_FIELD or "\0" in typed or "\0" in name):
            label = field(name if name in FIELDS else "field")
            raise NOT_READABLE(label=f"{label.en[:1].upper()}{label.en[1:]}", label_zh=label.zh, most=LONGEST_FIELD)
    given = str(fields.get("form_token") or "")
    own = cookies.has_form_secret(request) and secrets.compare_digest(
        given.encode(), _salted(request, given[:SALT]).encode()
    )
    if not own or not cookies.from_here(request):
        raise FORGED()
    request.state.typed = fields
    return fields


def page(request: Request, name: str, who: Actor, status: int = 200, **values: Any) -> HTMLResponse:
    """A page with what every page has: who, the bank's date, the door, a form token, a fresh key and how it looks."""
    clock = kernel_of(request).clock()
    door = door_of(request, name, who)
    given = {
        "who": who,
        "form_token": form_token(request),
        "key": secrets.token_hex(16),
        "path": request.url.path,
        "led_from": came_from(request) if request.method == "POST" else "",
        "look": look.of(request),
        "door": door,
        "places": door.shown(who) if who is not ANONYMOUS else (),
        "search": door.finds(who) if who is not ANONYMOUS else None,
        **values,
        "business_date": clock.business_date,
        "zone": clock.time_zone,
        "wall": kernel_of(request).wall(),
        "simulated": clock.mode == "simulated",  # no page's own value hides that it is a sandbox
    }
    with written(given):
        response = templates.TemplateResponse(request, name, given, status_code=status, headers=_headers(given))
    response.headers["Content-Language"] = language()
    cookies.keep_form_secret(request, response)
    return response


def _headers(given: Mapping[str, Any]) -> dict[str, str]:
    """The headers of a page; one that a passkey confirms, or on which a browser signs, may run our own script, and no other."""
    more = keyed.WITH_SCRIPT if given.get("by_key") is not None else ""
    if given.get("own_key") is not None:
        more = f"{keyed.WITH_SCRIPT}{keyed.FETCHING}"
    if not more:
        return HEADERS
    policy = "Content-Security-Policy"
    return {**HEADERS, policy: HEADERS[policy].replace("style-src", f"{more}style-src", 1)}


def door_of(request: Request, name: str, who: Actor) -> Door:
    """The door of a page: the one that whoever looks comes in by, where the page is a place of it (approvals are of several
    doors); else that of the template's folder, else again one's own."""
    doors: Mapping[str, Door] = request.app.state.doors
    own = doors[home_door(who)]
    if any(each.holds(request.url.path) for each in own.places):
        return own
    return doors.get(name.partition("/")[0]) or own


def home_door(who: Actor) -> str:
    """The one door that somebody comes in by."""
    if who is ANONYMOUS or who.party_id:
        return "customer"
    if who.may("reports:read") and (who.may("evidence:read_any") or not who.may("ledger:read")):
        return "proof"
    if who.may("funding:read") and not who.may("ledger:read"):
        return "partner"
    return "operator" if who.may("ledger:read") else "counter" if who.may("savings:cash") else "operator"


def refused(request: Request, refusal: Refusal, kept: str = "") -> HTMLResponse:
    """A refusal as a page that says what to do next, and what an earlier step of the same request has done. ``kept``: the page
    on which what was typed comes back to whoever signs in."""
    who = current(request)
    said = _said(request, refusal, who)
    said = replace(said, next=(f"/?{urlencode({'next': kept})}", refusing.SIGN_IN[1])) if kept else said
    return page(
        request, "refused.html", who, refusal.status, said=said, done=done_by(request), back=came_from(request),
        kept=bool(kept), said_status=refusal.status,
    )  # fmt: skip


def _said(request: Request, refusal: Refusal, who: Actor) -> refusing.Said:
    """A refusal as a person reads it. Whose session ended reads that, and not that another login is needed, and signs in to
    go on here."""
    if who is ANONYMOUS and refusal.code == NOT_ALLOWED.name:
        refusal = NOT_SIGNED_IN()
    said = refusing.said(refusal, bool(who.party_id))
    return replace(said, next=(sign_in_at(request), said.next[1])) if said.next == refusing.SIGN_IN else said


def again(request: Request, name: str, who: Actor, refusal: Refusal | None, **values: Any) -> HTMLResponse:
    """A page with a form: with what was typed kept, the refusal above it and each sentence at its field, where there was
    one. What cannot be read comes back as 422, as any other refused form does."""
    if refusal is None:
        return page(request, name, who, typed=None, trouble=None, errors={}, done=(), **values)
    typed = getattr(request.state, "typed", None)
    return page(
        request, name, who, 422 if refusal.status == 400 else refusal.status, typed=typed,
        trouble=_said(request, refusal, who), errors=refusing.at_fields(refusal, bool(who.party_id)),
        done=done_by(request), **values,
    )  # fmt: skip


def known_query(request: Request) -> None:
    """Refuse query parameters that a page does not know: a misspelt one that is ignored shows something else."""
    route = request.scope.get("route")
    if isinstance(route, APIRoute) and request.query_params:
        strange = sorted(set(request.query_params) - _query_of(route.dependant))
        if strange:
            raise UNKNOWN_PARAMETER(names=", ".join(name[:40] for name in strange))


def _query_of(dependant: Dependant) -> set[str]:
    below = (name for each in dependant.dependencies for name in _query_of(each))
    return {each.alias for each in dependant.query_params}.union(below)


def pages(prefix: str = "") -> APIRouter:
    """A router of pages, which are told by no description of the API and refuse parameters that they do not know."""
    return APIRouter(prefix=prefix, include_in_schema=False, dependencies=[Depends(known_query)])


Fields = Annotated[Form, Depends(form)]
"""A form that was sent from a page of this session."""


def ask(request: Request, who: Actor, function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
    """Ask a question as the person signed in; its declaration says who may."""
    return kernel_of(request).ask(function, *arguments, actor=who, **named)


def view(request: Request, who: Actor, build: Callable[[Ask], Any]) -> Any:
    """Ask several questions of one state of the books, as the person signed in."""
    return kernel_of(request).view(build, actor=who)


def page_of(request: Request, who: Actor, function: Callable[..., Any]) -> None:
    """Refuse a page that only leads to a question to whoever may not ask it."""
    permission = question_of(function).permission
    if who.party_id is not None or not who.may(permission):
        raise NOT_ALLOWED(actor=who.id, permission=permission)


def page_of_any(who: Actor, *functions: Callable[..., Any]) -> None:
    """Refuse a page of staff that only leads to operations to whoever may run none of them."""
    if not may_any(who, *functions):
        raise NOT_ALLOWED(actor=who.id, permission=operation_of(functions[0]).permission)


def may_any(who: Actor, *functions: Callable[..., Any]) -> bool:
    """Whether a member of staff may run any of these operations, as each declares it."""
    return who.party_id is None and any(who.may(operation_of(each).permission) for each in functions)


def part(ask: Ask, function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
    """A part of a page that only some who see the page may see: none for the others."""
    return unless((NOT_ALLOWED.name, NOT_THERE.name), lambda: ask(function, *arguments, **named))


WITHOUT_LAW = (NO_BOARD.name, NO_POLICY.name)
"""What is refused in a bank that has published no policy or no rates yet: its pages stand all the same."""


def unless(codes: Container[str], asked: Callable[[], Any]) -> Any:
    """What was asked for; none where it was refused by one of these codes."""
    try:
        return asked()
    except Refusal as refusal:
        if refusal.code in codes:
            return None
        raise


def once_more(
    request: Request,
    fields: Form,
    function: Callable[..., Any],
    command: Any,
    *,
    actor: Actor,
    show: Callable[[Any, dict[str, Any]], HTMLResponse],
    then: Callable[[Any], Response],
    plain: Callable[[Any], bool] | None = None,
) -> Response:
    """Show what an operation would come to and ask once more; when that is confirmed, do what was shown.

    ``show`` makes the page of the answer of a preview and of what the page's form must carry. What has changed since
    is shown again, with a line that says so, under the same key. ``then`` says where to go on once it is done. An answer
    that is ``plain``, such as a count that agrees with the books, is done without being asked about.
    """
    if operation_of(function).confirm is None:
        raise InvariantBroken(f"operation {operation_of(function).name} says nothing that could be confirmed")
    kernel, key, again = kernel_of(request), str(fields.get("key")), dict[str, Any]()
    if fields.get("confirmed"):
        try:
            proof = keyed.proof(request, actor, fields)
            return then(
                run(request, function, command, actor=actor, key=key, seen=str(fields.get("seen")), proof=proof)
            )
        except Refusal as refusal:
            if refusal.code != NOT_AS_SEEN.name:
                raise
        again = {"key": key, "changed": True, "status": NOT_AS_SEEN.kind.status}
    elif plain is not None and (twice := kernel.earlier(operation_of(function), command, actor, key)) is not None:
        return then(twice.result)  # the button was pressed twice
    looked = kernel.look(function, command, actor=actor)
    if plain is not None and not again and plain(looked.answer):
        return then(run(request, function, command, actor=actor, key=key, seen=str(looked.seen)))
    by_key = keyed.wanted(request, looked, partial(run, request, actor=actor.himself()))
    return show(looked.answer, {"asked": fields.asked, "seen": looked.seen, "by_key": by_key, **again})


def foreseen(
    request: Request, who: Actor, function: Callable[..., Any], command: Any, shown: Callable[[Tx, Any], Any]
) -> tuple[Any, Words | None]:
    """What an operation would come to now, as ``shown`` sees it in the transaction that is then undone; or the sentence of
    its refusal. For a page that tells what a second person would decide: nothing is confirmed by it."""
    try:
        return kernel_of(request).preview(function, command, actor=who, shown=shown), None
    except Refusal as refusal:
        return None, refusing.said(refusal, bool(who.party_id)).words


def looked(
    request: Request, who: Actor, function: Callable[..., Any], command: Any,
    shown: Callable[[Tx, Any], Any] | None = None,
) -> Looked:  # fmt: skip
    """What an operation would come to now, as ``shown`` sees it, with what confirms that; the same refusals."""
    return kernel_of(request).look(function, command, actor=who, shown=shown)


def tried(
    request: Request, function: Callable[..., Any], command: Any, *, actor: Actor,
    shown: Callable[[Tx, Any], Any] | None = None,
) -> Any:  # fmt: skip
    """What an operation would answer now, with the same refusals, or what ``shown`` sees of it; nothing is kept. For what a
    second person must want, whose draft would else be refused only when it is decided."""
    return kernel_of(request).preview(function, command, actor=actor, shown=shown)


def run(
    request: Request,
    function: Callable[..., Any],
    command: Any,
    *,
    actor: Actor,
    key: str | None = None,
    accepted: Callable[[Any], Any] = lambda answer: answer,
    seen: str | None = None,
    proof: str | None = None,
) -> Any:
    """Run an operation for the person signed in; a hot one through its lane, as any other door does. Pages run
    operations only by this function: what is done is noted, so that a refusal of a later step says what stands.

    ``accepted`` raises the refusal that an answer may be. ``seen``: an operation that says what its person must have seen
    is never run by a page without (:func:`once_more`); ``proof``: the challenge that a passkey
    answered. Called from a handler's thread, never from the event loop that
    drives the lanes.
    """
    operation = operation_of(function)
    if operation.confirm is not None and seen is None:
        raise InvariantBroken(f"operation {operation.name} is run by a page that did not show it first")
    lane = request.app.state.lanes.get(operation.name)
    if lane is None:
        answer = kernel_of(request).run(function, command, actor=actor, key=key, seen=seen, proof=proof)
    else:
        answer = from_thread.run(lane.run, Call(command, actor, key, seen=seen, proof=proof)).result
    answer = accepted(answer)
    request.state.done = (*done_by(request), operation.title)
    return answer


def done_by(request: Request) -> tuple[Words, ...]:
    """What a request has done so far, by the titles of its operations; each of them stands, whatever comes after."""
    done: tuple[Words, ...] = getattr(request.state, "done", ())
    return done


def to(path: str, **query: str) -> Response:
    """Go to a page after a form was handled."""
    return RedirectResponse(f"{path}?{urlencode(query)}" if query else path, 303)


def sign_in_first(request: Request) -> Response:
    """Go to the front page, and from there back here once a customer is signed in."""
    request.state.sign_in_first = True
    return RedirectResponse(sign_in_at(request), 303)
