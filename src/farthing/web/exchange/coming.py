"""The pages of the way in at a node: begin by the code of one's institution, sign in and out; one's own keys, and who vouched."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from farthing.exchange.disputing import service as disputes
from farthing.exchange.law import service as laws
from farthing.exchange.node_service import Node
from farthing.exchange.persons import service as persons
from farthing.exchange.persons.service import NOT_A_PERSON, Begin, EndOwnKey
from farthing.identity import entrance
from farthing.identity.model import LogIn
from farthing.identity.rules import ANONYMOUS, DOOR, require_logged_in, source_of
from farthing.kernel.run import Ask
from farthing.kit.actor import Actor
from farthing.kit.errors import Refusal
from farthing.web import cookies
from farthing.web.customer.entrance import change_look, log_out, place_of, text
from farthing.web.forms import comes_back
from farthing.web.ground import Fields, again, current, form, kernel_of, page, pages, run, sign_in_first, to, view
from farthing.web.wayback import FRONT, of_ours

router = pages()
router.post("/logout")(log_out)
router.post("/look")(change_look)


def node_of(request: Request) -> Node:
    """The node whose pages these are."""
    node: Node = request.app.state.node
    return node


def herself(who: Actor) -> str:
    """Whose pages these are; refuses ``exchange.not_a_person``."""
    if who.party_id is None:
        raise NOT_A_PERSON()
    return who.party_id


@router.get("/")
def front(request: Request, wanted: Annotated[str, Query(alias="next")] = "") -> Response:
    """The front page; ``next`` is the page that was wanted before one had to sign in."""
    if current(request) is not ANONYMOUS:
        return to("/report")
    return front_page(request, None, of_ours(request, wanted))


def front_page(request: Request, refusal: Refusal | None, wanted: str = FRONT) -> Response:
    """Both ways in, the one that was refused as it was filled in."""
    typed = getattr(request.state, "typed", {})
    wanted = of_ours(request, typed.get("next")) if "next" in typed else wanted
    return again(
        request, "exchange/front.html", current(request), refusal, node=node_of(request).name,
        wanted=wanted if wanted != FRONT else "", shortest=persons.SHORTEST_CODE,
    )  # fmt: skip


@router.post("/begin")
@comes_back(front_page)
async def begin(request: Request) -> Response:
    """Open one's own door by the code that one's institution gave, and come in."""
    fields = await form(request)
    name, password = text(fields, "phone"), text(fields, "new")
    command = Begin(text(fields, "code"), name, password, source_of(place_of(request).source))
    await run_in_threadpool(run, request, persons.begin, command, actor=DOOR, accepted=persons.require_begun)
    return await _come_in(request, LogIn(name, password, cookies.device(request)), "/report")


@router.post("/login")
@comes_back(front_page)
async def log_in(request: Request) -> Response:
    """Sign in."""
    fields = await form(request)
    command = LogIn(text(fields, "name"), text(fields, "password"), cookies.device(request))
    return await _come_in(request, command, of_ours(request, fields.get("next")))


async def _come_in(request: Request, command: LogIn, wanted: str) -> Response:
    session = await run_in_threadpool(entrance.log_in, kernel_of(request), command, place_of(request))
    require_logged_in(session)
    return cookies.begin(request, to(wanted), session)


@router.get("/help")
def help_page(request: Request) -> Response:
    """Whom to ask, and what may be asked for, without being signed in."""
    node = node_of(request)
    law = node.kernel.read(laws.law)
    return page(request, "exchange/help.html", current(request), node=node, key=node.public.id, law=law)


@router.get("/me")
def me(request: Request) -> Response:
    """Who said that it knows her, her keys, and what she says beside her report."""
    return me_form(request, None)


def me_form(request: Request, refusal: Refusal | None) -> Response:
    """The page, with why what was sent from it was refused."""
    who = current(request)
    if who is ANONYMOUS:
        return sign_in_first(request)
    subject = herself(who)

    def build(ask: Ask) -> dict[str, Any]:
        return {
            "known": ask(persons.own_introductions, subject),
            "keys": ask(persons.own_keys, subject),
            "statements": ask(disputes.own_statements, subject),
            "names": ask(persons.member_names, subject),
        }

    return again(request, "exchange/me.html", who, refusal, **view(request, who, build))


@router.post("/me/keys/end")
@comes_back(me_form)
def end_key(request: Request, fields: Fields) -> Response:
    """End a key: nothing is signed by it any more."""
    who = current(request)
    command = EndOwnKey(herself(who), text(fields, "kid"))
    run(request, persons.end_own_key, command, actor=who, key=text(fields, "key"))
    return to("/me")


@router.post("/me/statements")
@comes_back(me_form)
def say(request: Request, fields: Fields) -> Response:
    """Say something beside one's whole report."""
    who = current(request)
    command = disputes.SayBeside(herself(who), text(fields, "text"))
    run(request, disputes.say_beside, command, actor=who, key=text(fields, "key"))
    return to("/me")
