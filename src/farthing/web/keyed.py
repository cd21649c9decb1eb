"""Own how a page is confirmed by a passkey: the challenge that its form carries, and the answer that comes back with it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import Request

from farthing.identity.authenticators import entrance, service
from farthing.identity.authenticators.model import AskConfirmation, Asked, PasskeyAsked, Site
from farthing.identity.authenticators.rules import assertion_of
from farthing.kernel.seen import Looked
from farthing.kit.actor import Actor

FIELD = "assertion"
"""The field in which the device's answer comes."""
WITH_SCRIPT = "script-src 'self'; "
"""What a page with a script of ours adds to what it lets in; no other page runs any."""
FETCHING = "connect-src 'self'; "
"""What a page adds whose script fetches the document that it compares and signs."""


@dataclass(frozen=True, slots=True)
class Keyed:
    """What a form says to the device, as JSON for the script that stands on the page."""

    options: str


def site_of(request: Request) -> Site:
    """The address that passkeys are bound to."""
    site: Site = request.app.state.site
    return site


def asked_of(request: Request, asked: Asked) -> Keyed:
    """A challenge that a passkey answers."""
    said = {
        "challenge_id": asked.challenge_id, "challenge": asked.challenge, "rp_id": site_of(request).rp_id,
        "passkeys": asked.passkeys,
    }  # fmt: skip
    return Keyed(json.dumps(said))


def made_of(request: Request, asked: PasskeyAsked) -> Keyed:
    """A challenge for which a device makes a passkey."""
    site = site_of(request)
    said = {
        "challenge": asked.challenge, "rp_id": site.rp_id, "rp_name": site.name, "user_id": asked.user_id,
        "user_name": asked.user_name, "passkeys": asked.others,
    }  # fmt: skip
    return Keyed(json.dumps(said))


def wanted(request: Request, looked: Looked, run: Callable[..., Any]) -> Keyed | None:
    """The challenge over what a page shows; none where it is confirmed without a passkey. ``run`` runs an operation for whoever
    looks."""
    if not looked.key_needed or looked.transaction is None:
        return None
    asked: Asked = run(service.ask_confirmation, AskConfirmation(looked.transaction))
    return asked_of(request, asked)


def proof(request: Request, actor: Actor, fields: Mapping[str, Any]) -> str | None:
    """The challenge that the answer in a form confirms; none where there is none. Refuses ``identity.passkey_*``."""
    answer, kernel = str(fields.get(FIELD) or ""), request.app.state.kernel
    return entrance.confirm(kernel, site_of(request), actor.himself(), assertion_of(answer)) if answer else None
