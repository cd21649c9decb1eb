"""The operator's page of programs of others: partners who ask who people are, and institutions that read accounts. One more by
two persons, an end by one."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import Response

from farthing.kernel.answers import Pending
from farthing.kit.errors import Refusal
from farthing.parties.vouching import service
from farthing.parties.vouching.model import CLAIMS, READS, EndRelyingParty
from farthing.web.depositing import UNKNOWN_STEP
from farthing.web.forms import comes_back
from farthing.web.ground import Fields, again, ask, current, pages, run, to
from farthing.web.registering import wanted

router = pages("/ops/institutions")
PAGE = 100


@router.get("")
def listed(request: Request, after: str = "", drafted: str = "") -> Response:
    """Programs of others."""
    return shown(request, None, after, drafted)


def shown(request: Request, refusal: Refusal | None = None, after: str = "", drafted: str = "") -> Response:
    """All of them, ended ones too, and the form for one more."""
    who = current(request)
    found = ask(request, who, service.relying_parties, after or None, PAGE)
    return again(
        request, "operator/institutions.html", who, refusal, found=found, after=after, drafted=drafted,
        full=len(found) >= PAGE, claims=CLAIMS, reads=READS,
    )  # fmt: skip


@router.post("")
@comes_back(shown)
def change(request: Request, fields: Fields) -> Response:
    """Register one, which a second person must want and is told the secret of, if it has one; or end one at once."""
    who, act, key = current(request), str(fields.get("act")), str(fields.get("key"))
    if act == "end":
        run(
            request,
            service.end_relying_party,
            EndRelyingParty(str(fields.get("relying_party_id")) or "-"),
            actor=who,
            key=key,
        )
        return to("/ops/institutions")
    if act != "register":
        raise UNKNOWN_STEP(step=repr(act[:40]))
    done = run(request, service.register_relying_party, wanted(fields), actor=who, key=key)
    return to("/ops/institutions", drafted="1") if isinstance(done, Pending) else to("/ops/institutions")
