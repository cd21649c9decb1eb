"""The page on which a customer sees that her money was counted in what the bank says it owes, and takes the proof along."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import Response

from farthing.assurance.liabilities import rules, service
from farthing.kit.errors import Refusal
from farthing.web.forms import comes_back, command_of
from farthing.web.ground import Fields, again, ask, current, pages, run, sign_in_first
from farthing.web.sheets import attached

router = pages()


@router.get("/me/counted")
def counted(request: Request) -> Response:
    """Each account in the tree of the newest proven day, and the days that were proven."""
    return counted_page(request, None)


def counted_page(request: Request, refusal: Refusal | None) -> Response:
    """The same, with a refusal where something was refused."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    try:
        found = ask(request, who, service.counted, who.party_id)
    except Refusal as none:
        if none.code != rules.NOT_PROVEN.name:
            raise
        found = None
    return again(
        request,
        "customer/counted.html",
        who,
        refusal,
        found=found,
        days=ask(request, who, service.days),
        kept=rules.KEPT_DAYS,
    )


@router.post("/me/counted")
@comes_back(counted_page)
def take(request: Request, fields: Fields) -> Response:
    """Take a proof along as a file."""
    who = current(request)
    command = command_of(service.take_proof, fields, party_id=who.party_id or "-")
    taken = run(request, service.take_proof, command, actor=who, key=str(fields.get("key")))
    name = f"{taken.on}-{taken.account.replace(':', '-')}.json"
    return Response(taken.text, media_type="application/json", headers=attached(name))
