"""The operator's page of institutions from which people bring their history: one more by two persons, an end by one."""

from __future__ import annotations

import json

from fastapi import Request
from fastapi.responses import Response

from farthing.kernel.answers import Pending
from farthing.kit.errors import Refusal
from farthing.sharing.pulling import service
from farthing.sharing.pulling.model import EndGiver, MakeClientKey
from farthing.web.depositing import UNKNOWN_STEP
from farthing.web.forms import comes_back, command_of
from farthing.web.ground import Fields, again, ask, current, page, pages, run, to

router = pages("/ops/givers")


@router.get("")
def listed(request: Request, drafted: str = "") -> Response:
    """Institutions from which history comes."""
    return shown(request, None, drafted)


def shown(request: Request, refusal: Refusal | None = None, drafted: str = "") -> Response:
    """All of them, ended ones too, and the form for one more."""
    who = current(request)
    found = ask(request, who, service.givers)
    back = f"{request.app.state.site.origin}/pulls/back"
    return again(request, "operator/givers.html", who, refusal, found=found, drafted=drafted, back=back)


@router.post("")
@comes_back(shown)
def change(request: Request, fields: Fields) -> Response:
    """Show the key that is registered elsewhere; set one institution up, which a second person must want; or end one."""
    who, act, key = current(request), str(fields.get("act")), str(fields.get("key"))
    if act == "key":
        made = run(request, service.make_client_key, MakeClientKey(), actor=who)
        return page(request, "operator/givers_key.html", who, keys=json.dumps({"keys": list(made.keys)}, indent=2))
    if act == "end":
        run(request, service.end_giver, EndGiver(str(fields.get("giver_id")) or "-"), actor=who, key=key)
        return to("/ops/givers")
    if act != "register":
        raise UNKNOWN_STEP(step=repr(act[:40]))
    done = run(request, service.register_giver, command_of(service.register_giver, fields), actor=who, key=key)
    return to("/ops/givers", drafted="1") if isinstance(done, Pending) else to("/ops/givers")
