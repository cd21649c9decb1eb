"""Own what was typed into a form whose session had lapsed: kept in the browser, sealed, until the same login is back.

The cookie is sealed by AES-256-GCM under a key that the server alone knows, names the login whose session it was, and is
good for a quarter of an hour. It comes back as a form to look through and send again: nothing is ever run by it. Passwords,
codes and files are never kept, nor what somebody had confirmed; nothing is kept of a session that was ended on purpose.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from fastapi import Request
from fastapi.responses import Response
from starlette.routing import Match

from farthing.identity import entrance
from farthing.kit.actor import Actor
from farthing.kit.errors import conflict
from farthing.web import cookies
from farthing.web.forms import CARRIED, Form

NOT_SENT = conflict(
    "web.not_sent_yet",
    "Your session had ended, so this was not sent; look it through and send it again.",
    "您的登录已失效，所填内容尚未提交；请核对后重新提交。",
)
SECONDS = 15 * 60
"""How long a form waits for its login: what signing in takes, with a walk to the phone."""
LONGEST = 3_500
"""Characters of a cookie that every browser keeps; a longer form is not kept."""
NEVER = frozenset({"password", "old", "new", "code", *CARRIED})
"""Fields that are never kept: what only its owner knows, and what a page carries of its own."""
BACK = "/again"
"""The page on which a kept form comes back."""
_NONCE = 12


@dataclass(frozen=True, slots=True)
class Kept:
    """A form that was sent to ``path`` when the session of ``actor_id`` had lapsed, and what was typed into it."""

    actor_id: str
    path: str
    typed: Mapping[str, str]


def key_of(secret: str | None) -> bytes:
    """The key of this bank's kept forms; without a secret one of this process alone, which another does not read."""
    return hashlib.sha256(b"farthing kept forms\0" + secret.encode()).digest() if secret else os.urandom(32)


def form_of(request: Request) -> Callable[..., Response] | None:
    """How the form that this request was sent by comes back (``@comes_back``); none where its page does not say."""
    found: Callable[..., Response] | None = getattr(
        getattr(request.scope.get("route"), "endpoint", None), "comes_back", None
    )
    return found


def keep(request: Request) -> str | None:
    """What was typed into the form of this request, sealed, where it was sent with a session that lapsed; none where there is
    nothing to keep, or nobody whose it is."""
    typed = getattr(request.state, "typed", None)
    actor_id = entrance.whose_was(request.app.state.kernel, cookies.session_token(request))
    fields = {name: value for name, value in (typed or {}).items() if isinstance(value, str) and name not in NEVER}
    if not fields or actor_id is None:
        return None
    until = int(request.app.state.kernel.wall().timestamp()) + SECONDS
    plain = json.dumps([actor_id, request.url.path, fields, until]).encode()
    nonce = os.urandom(_NONCE)
    sealed = nonce + AESGCM(request.app.state.form_key).encrypt(nonce, zlib.compress(plain), None)
    found = base64.urlsafe_b64encode(sealed).decode()
    return found if len(found) <= LONGEST else None


def give(request: Request, response: Response, sealed: str) -> None:
    """Let the browser keep a sealed form."""
    cookies.keep_typed(request, response, sealed, SECONDS)


def kept(request: Request, who: Actor) -> Kept | None:
    """The form that waits for this login; none where there is none, it waited too long, or it is another's."""
    try:
        sealed = base64.urlsafe_b64decode(cookies.typed(request).encode())
        opened = AESGCM(request.app.state.form_key).decrypt(sealed[:_NONCE], sealed[_NONCE:], None)
    except (ValueError, InvalidTag):
        return None
    actor_id, path, fields, until = json.loads(zlib.decompress(opened))
    lives = request.app.state.kernel.wall().timestamp() < until
    return Kept(actor_id, path, fields) if lives and actor_id == who.id else None


def as_sent(request: Request, found: Kept) -> Request | None:
    """The request by which a kept form was sent, as whoever asks now would send it; none where no page takes it."""
    asked = {**request.scope, "method": "POST", "path": found.path, "query_string": b"", "state": {}}
    for route in request.app.routes:
        matched, scope = route.matches(asked)
        if matched is Match.FULL:
            sent = Request({**asked, **scope, "route": route})
            sent.state.typed = Form(found.typed, request.app.state.kernel)
            return sent
    return None
