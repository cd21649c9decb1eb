"""The page of how well one is known here: at which level, until when, by which evidence, and what would raise or renew it."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import Response

from farthing.identity.rules import ANONYMOUS
from farthing.kit.errors import Refusal
from farthing.parties import service as parties
from farthing.parties.levels import service as levels
from farthing.parties.model import VerifyIdentity
from farthing.web.forms import comes_back
from farthing.web.ground import Fields, again, ask, current, pages, run, sign_in_first, to

router = pages()
LEVEL = "/me/level"


@router.get(LEVEL)
def level(request: Request) -> Response:
    """How well one is known, and until when."""
    return level_page(request, None)


def level_page(request: Request, refusal: Refusal | None) -> Response:
    """The same, with a refusal where no provider answered."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request) if who is ANONYMOUS else to("/me")
    told = ask(request, who, levels.level, who.party_id)
    return again(request, "customer/level.html", who, refusal, told=told)


@router.post(LEVEL)
@comes_back(level_page)
def verify(request: Request, fields: Fields) -> Response:
    """Have the register asked anew; what it says counts, whatever it is."""
    who = current(request)
    run(request, parties.verify_identity, VerifyIdentity(str(who.party_id)), actor=who)
    return to(LEVEL)
