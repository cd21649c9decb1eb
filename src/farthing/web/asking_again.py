"""Own two more ways of asking once more: what a second person must want, and what its page has shown already and a passkey
confirms. The usual one is :func:`farthing.web.ground.once_more`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from farthing.kernel.answers import Pending
from farthing.kernel.proving.rules import KEY_NEEDED
from farthing.kernel.seen import NOT_AS_SEEN
from farthing.kit.actor import Actor
from farthing.kit.canonical import digest, plain
from farthing.kit.errors import Refusal
from farthing.web import keyed
from farthing.web.forms import Form
from farthing.web.ground import looked, run


def drafted_once_more(
    request: Request,
    fields: Mapping[str, Any],
    function: Callable[..., Any],
    command: Any,
    *,
    actor: Actor,
    beside: Any,
    show: Callable[[dict[str, Any]], HTMLResponse],
    then: Callable[[bool], Response],
) -> Response:
    """As ``once_more``, of what a second person must want: it is drafted once it is confirmed as it was shown, beside
    what stands now. ``then`` is told whether it waits for that person."""
    seen, changed = digest(plain([beside, command])).hex(), dict[str, Any]()
    if fields.get("confirmed"):
        if fields.get("seen") == seen:
            return then(isinstance(run(request, function, command, actor=actor, key=str(fields.get("key"))), Pending))
        changed = {"key": str(fields.get("key")), "status": NOT_AS_SEEN.kind.status}
    return show({"seen": seen, "changed": bool(changed), **changed})


def by_key_once_more(
    request: Request,
    fields: Form,
    function: Callable[..., Any],
    command: Any,
    *,
    actor: Actor,
    show: Callable[[dict[str, Any]], HTMLResponse],
    done: Callable[[Any], object] = lambda _: None,
) -> HTMLResponse | None:
    """Run what its page has shown in full already, at once, under the form's key, tell ``done`` what it came to, and answer
    nothing; but where it takes a passkey that has not answered yet, ask for that on a page of its own."""
    try:
        key = str(fields.get("key")) if fields.get("key") else None
        done(run(request, function, command, actor=actor, key=key, proof=keyed.proof(request, actor, fields)))
    except Refusal as refusal:
        if refusal.code != KEY_NEEDED.name:
            raise
    else:
        return None
    found = looked(request, actor, function, command)
    by_key = keyed.wanted(request, found, partial(run, request, actor=actor.himself()))
    return show({"asked": fields.asked, "seen": "", "by_key": by_key})
