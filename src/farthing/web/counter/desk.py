"""The teller's first page: one box that finds whoever stands there, and what waits. What every counter page shows is here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from farthing.kernel import approvals
from farthing.kernel.operation import operation_of
from farthing.kernel.run import Ask
from farthing.kit.actor import Actor
from farthing.kit.digits import plain_digits
from farthing.kit.errors import Refusal
from farthing.kit.words import Words
from farthing.parties import service as parties
from farthing.parties.attending import service as attending
from farthing.parties.model import Party, Register
from farthing.parties.rules import SEVERAL
from farthing.parties.showing import service as showing
from farthing.parties.showing.model import FindByCode
from farthing.parties.showing.rules import DIGITS
from farthing.payments.tills import service as tills
from farthing.web.forms import comes_back
from farthing.web.ground import Fields, again, ask, current, page, page_of, pages, part, run, to, view

router = pages("/counter")


def at_desk(
    request: Request, name: str, who: Actor, refusal: Refusal | None, build: Callable[[Ask], dict[str, Any]] = lambda _: {},
    **values: Any,
) -> HTMLResponse:  # fmt: skip
    """A page of the counter, of one state of the books: what ``build`` asks, and the drawer of who serves, always in sight."""
    found = view(request, who, lambda ask: {**build(ask), "drawer": part(ask, tills.own_drawer)})
    return again(request, name, who, refusal, **found, **values)


def turned(request: Request, name: str, who: Actor, **values: Any) -> HTMLResponse:
    """A page that is turned to the customer: large, and with nothing of the staff's on it."""
    return page(request, name, who, places=(), **values)


def waiting(ask: Ask) -> list[Words]:
    """What the teller drafted and no second person has decided yet, by what it is called."""
    return [operation_of_name(each.operation) for each in ask(approvals.own) if each.state == "waiting"]


def operation_of_name(name: str) -> Words:
    """What an operation is called, by its name."""
    return operation_of(name).title


@router.get("")
def desk(request: Request) -> Response:
    """Find whoever stands there; customers whom a second member of staff must see; what waits."""
    return find_form(request, None)


def find_form(request: Request, refusal: Refusal | None, several: tuple[Party, ...] = ()) -> HTMLResponse:
    """The box that finds, with what was typed where nobody was found."""
    who = current(request)
    page_of(request, who, parties.the_party)

    def build(ask: Ask) -> dict[str, Any]:
        return {"own": waiting(ask), "awaiting": part(ask, attending.awaiting_witness) or []}

    return at_desk(request, "counter/desk.html", who, refusal, build, several=several)


@router.post("")
@comes_back(find_form)
def find(request: Request, fields: Fields) -> Response:
    """Find a customer by identity card, phone or the code that is shown; a family that shares a phone is asked who it is."""
    who, typed = current(request), str(fields.get("q")).strip()
    shown = plain_digits(typed).replace(" ", "")
    if shown.isascii() and shown.isdigit() and len(shown) == DIGITS:
        found = run(request, showing.find_by_code, FindByCode(shown), actor=who, accepted=showing.require_found)
        return to(f"/counter/customers/{found.party_id}")
    try:
        return to(f"/counter/customers/{ask(request, who, parties.the_party, typed).id}")
    except Refusal as refusal:
        if refusal.code != SEVERAL.name:
            raise
        return find_form(request, None, ask(request, who, parties.search, typed).parties)


@router.get("/new")
def new(request: Request) -> Response:
    """Make somebody known who came in from the street."""
    return new_form(request, None)


def new_form(request: Request, refusal: Refusal | None) -> HTMLResponse:
    """What stands on the identity card, and the phone."""
    who = current(request)
    page_of(request, who, parties.the_party)
    return at_desk(request, "counter/new.html", who, refusal)


@router.post("/new")
@comes_back(new_form)
def register(request: Request, fields: Fields) -> Response:
    """Make a person known; that it is this person, and the phone hers, is proved on the next page, before anything is done."""
    command = Register(str(fields.get("name")), str(fields.get("resident_id")), str(fields.get("phone")))
    known = run(request, parties.register, command, actor=current(request))
    return to(f"/counter/customers/{known.id}")
