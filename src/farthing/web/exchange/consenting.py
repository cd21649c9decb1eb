"""The pages of a person's consents at a node: what each allows, who was told of its end; pause, resume, take back."""

from __future__ import annotations

from datetime import datetime

from fastapi import Request
from fastapi.responses import Response

from farthing.exchange.consents import rules
from farthing.exchange.consents import service as consents
from farthing.exchange.consents.service import STATE_NAMES
from farthing.identity.rules import ANONYMOUS
from farthing.kit.errors import Refusal
from farthing.web.exchange.coming import herself
from farthing.web.forms import comes_back, command_of
from farthing.web.ground import Fields, again, ask, current, pages, run, sign_in_first, to

router = pages()
MOST = 100


@router.get("/consents")
def consents_page(request: Request) -> Response:
    """One's consents, the newest first."""
    return consents_form(request, None)


def consents_form(request: Request, refusal: Refusal | None) -> Response:
    """The page, with why a change was refused."""
    who = current(request)
    if who is ANONYMOUS:
        return sign_in_first(request)
    found = ask(request, who, consents.own_consents, herself(who), limit=MOST)
    return again(
        request, "exchange/consents.html", who, refusal, consents=found, states=STATE_NAMES, kinds=rules.KIND_NAMES,
        purposes=rules.PURPOSE_NAMES, every=rules.EVERY_NAMES, at=datetime.fromisoformat,
    )  # fmt: skip


@router.post("/consents/change")
@comes_back(consents_form)
def change(request: Request, fields: Fields) -> Response:
    """Pause a consent, resume it, or take it back for good."""
    who = current(request)
    command = command_of(consents.change_consent, fields, subject_id=herself(who))
    run(request, consents.change_consent, command, actor=who, key=str(fields.get("key")))
    return to("/consents")
