"""The pages of bound cards and accounts: bound, proved by small amounts, chosen for money in and out, unbound."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from farthing.kit.digits import plain_digits
from farthing.kit.errors import Refusal
from farthing.kit.money import positive
from farthing.payments import service as payments
from farthing.payments.bindings import service as bindings
from farthing.payments.bindings.model import BindingView, MoveByBinding, Prove, Unbind
from farthing.payments.model import RailPayment
from farthing.web.forms import comes_back, command_of, meant
from farthing.web.ground import Fields, again, ask, current, once_more, page, pages, run, sign_in_first, to

router = pages()
AMOUNTS = ("first", "second", "third")
"""The fields in which small amounts are told."""


def number_of(typed: Any) -> str:
    """A card's number as it may be typed: in groups, by any keyboard."""
    return "".join(plain_digits(str(typed or "")).replace("-", " ").split())


@router.get("/cards")
def cards_page(request: Request) -> Response:
    """The cards and accounts that are bound, and the form to bind another."""
    return cards_form(request, None)


def cards_form(request: Request, refusal: Refusal | None) -> Response:
    """The same, with why one was not asked after where that was refused."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    return again(request, "customer/cards.html", who, refusal, cards=ask(request, who, bindings.listed, who.party_id))


@router.post("/cards")
@comes_back(cards_form)
def bind(request: Request, fields: Fields) -> Response:
    """Ask its bank, and go to how it stands."""
    who = current(request)
    command = command_of(
        bindings.bind, fields.but(proof=str(fields.get("proof") or "deposit")), party_id=who.party_id,
        number=number_of(fields.get("card")),
    )  # fmt: skip
    done: BindingView = run(request, bindings.bind, command, actor=who, key=str(fields.get("key")))
    return to(f"/cards/{done.id}")


@router.get("/cards/{binding_id}")
def card_page(request: Request, binding_id: str, waits: bool = False, told: bool = False) -> Response:
    """How a card stands: to be proved, used, or unbound."""
    return card_form(request, None, binding_id, waits, told)


def card_form(
    request: Request, refusal: Refusal | None, binding_id: str = "", waits: bool = False, told: bool = False
) -> Response:
    """The card as it stands, and its forms as they were filled in where one was refused."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    binding_id = meant(request, refusal, "binding", binding_id)
    found = ask(request, who, bindings.binding, who.party_id, binding_id)
    wallet = ask(request, who, payments.wallet, who.party_id)
    return again(
        request, "customer/card.html", who, refusal, card=found, wallet=wallet, waits=waits, told=told, names=AMOUNTS
    )


@router.post("/cards/proofs")
@comes_back(card_form)
def prove(request: Request, fields: Fields) -> Response:
    """Tell the small amounts."""
    who, name = current(request), str(fields.get("binding") or "")
    amounts = tuple(fields.as_money(each) for each in AMOUNTS if each in fields)
    done: BindingView = run(
        request, bindings.prove, Prove(str(who.party_id), name, amounts), actor=who, key=str(fields.get("key"))
    )
    return to(f"/cards/{name}", **({"told": "true"} if done.state == "proving" else {}))


@router.post("/cards/ends")
@comes_back(card_form)
def unbind(request: Request, fields: Fields) -> Response:
    """Unbind it, at once."""
    who, name = current(request), str(fields.get("binding") or "")
    run(request, bindings.unbind, Unbind(str(who.party_id), name), actor=who)
    return to("/cards")


@router.post("/cards/movements")
@comes_back(card_form)
def move(request: Request, fields: Fields) -> Response:
    """Show how much comes in or goes out, in figures and words, and ask once more; then ask the other bank."""
    who, name = current(request), str(fields.get("binding") or "")
    out = fields.get("way") == "out"
    command = MoveByBinding(str(who.party_id), name, positive(fields.as_money("amount")))

    def show(looked: Any, form: dict[str, Any]) -> HTMLResponse:
        card = ask(request, who, bindings.binding, str(who.party_id), name)
        return page(
            request, "customer/card_confirm.html", who, card=card, command=command, out=out, moved=looked, **form
        )

    def then(done: RailPayment) -> Response:
        if done.is_open:
            return to(f"/cards/{name}", waits="true")
        return to(f"/activity/{payments.rail_reference(done)}", done="true")

    function = bindings.pay_out if out else bindings.top_up
    return once_more(request, fields, function, command, actor=who, show=show, then=then)
