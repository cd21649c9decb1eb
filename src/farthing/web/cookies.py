"""Own the cookies: session, device and form secret, and whether a form was sent from one of our own pages.

Over TLS their names begin with ``__Host-``: a browser takes such a cookie from this host alone, for all its paths, so
that neither a neighbour's page nor a line without TLS can plant one. They are HttpOnly and SameSite=Strict always, but for what
another institution's page must bring back: that is Lax, good once, and for ten minutes.
"""

from __future__ import annotations

import base64
import ipaddress
import json
import secrets
from collections.abc import Mapping
from urllib.parse import SplitResult, urlsplit

from fastapi import Request
from fastapi.responses import Response

from farthing.identity.model import LoggedIn
from farthing.kernel.settings import Settings

SESSION, DEVICE, FORM, SAID = "farthing_session", "farthing_device", "farthing_form", "farthing_said"
TYPED, FLOW = "farthing_typed", "farthing_flow"
DEVICE_SECONDS = 400 * 86_400
"""How long a device is known to us again; browsers keep no cookie longer."""


def secure_cookies(settings: Settings) -> bool | None:
    """Whether cookies travel over TLS alone: as set, always off this machine, else as each request came (none)."""
    if settings.secure_cookies is not None:
        return settings.secure_cookies
    return None if _is_loopback(settings.host) else True


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_secure(request: Request) -> bool:
    """Whether the cookies of this request travel over TLS alone."""
    chosen: bool | None = request.app.state.secure_cookies
    return request.url.scheme == "https" if chosen is None else chosen


def _name(request: Request, name: str) -> str:
    return f"__Host-{name}" if is_secure(request) else name


def _set(request: Request, response: Response, name: str, value: str, seconds: int | None = None) -> None:
    response.set_cookie(
        _name(request, name), value, max_age=seconds, path="/", secure=is_secure(request), httponly=True,
        samesite="strict",
    )  # fmt: skip


def session_token(request: Request) -> str:
    """The session's token, or nothing."""
    return request.cookies.get(_name(request, SESSION), "")


def device(request: Request) -> str | None:
    """What an earlier log-in left on this device, if one did."""
    return request.cookies.get(_name(request, DEVICE))


def begin(request: Request, response: Response, session: LoggedIn) -> Response:
    """Give the browser its session, and remember the device."""
    _set(request, response, SESSION, session.token or "")
    if session.device:
        _set(request, response, DEVICE, session.device, DEVICE_SECONDS)
    return response


def end(request: Request, response: Response) -> Response:
    """Take the session from the browser; the device stays known."""
    return _forget(request, response, SESSION)


def keep_said(request: Request, response: Response, said: Mapping[str, str]) -> Response:
    """Let the browser remember, until it is closed or the way in is done, what was said when a code was asked for: the page
    that takes the code can then be loaded again, and nobody's number stands in an address."""
    _set(request, response, SAID, base64.urlsafe_b64encode(json.dumps(said).encode()).decode())
    return response


def said(request: Request) -> dict[str, str]:
    """What was said when a code was asked for; nothing where the browser does not know it."""
    try:
        found = json.loads(base64.urlsafe_b64decode(request.cookies.get(_name(request, SAID), "").encode()))
        kept = {str(name): str(value) for name, value in found.items()} if isinstance(found, dict) else {}
        "".join(kept.values()).encode()  # half a character is no text that a page can show
    except (ValueError, RecursionError):
        return {}
    return kept


def forget_said(request: Request, response: Response) -> Response:
    """Let the browser forget what was said."""
    return _forget(request, response, SAID)


def _forget(request: Request, response: Response, name: str) -> Response:
    response.delete_cookie(_name(request, name), path="/", secure=is_secure(request), httponly=True, samesite="strict")
    return response


def keep_typed(request: Request, response: Response, sealed: str, seconds: int) -> None:
    """Let the browser keep a form that is sealed, for so long."""
    _set(request, response, TYPED, sealed, seconds)


def typed(request: Request) -> str:
    """The sealed form that the browser keeps; nothing where it keeps none."""
    return request.cookies.get(_name(request, TYPED), "")


def forget_typed(request: Request, response: Response) -> Response:
    """Let the browser forget the sealed form."""
    return _forget(request, response, TYPED)


def has_form_secret(request: Request) -> bool:
    """Whether the browser was given a form secret."""
    return bool(request.cookies.get(_name(request, FORM)))


def form_secret(request: Request) -> str:
    """The browser's form secret; a new one, which the answer gives it, where it has none."""
    known = request.cookies.get(_name(request, FORM)) or getattr(request.state, "form_secret", None)
    if not known:
        known = request.state.form_secret = secrets.token_hex(16)
    return str(known)


def keep_form_secret(request: Request, response: Response) -> None:
    """Give the browser the form secret that was made for this answer, if one was."""
    made = getattr(request.state, "form_secret", None)
    if made:
        _set(request, response, FORM, made)


def parted(address: str) -> SplitResult:
    """An address as a browser says it, in its parts; none of them where it is no address."""
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")


def from_here(request: Request) -> bool:
    """Whether a form was sent from a page of this host, as far as the browser says."""
    origin = request.headers.get("origin")
    if origin is not None and parted(origin).netloc != request.headers.get("host", ""):
        return False
    return request.headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none")


def keep_flow(request: Request, response: Response, flow: str, wanted: str, seconds: int) -> Response:
    """Let the browser keep what it was sent elsewhere with, and which page was wanted; a link from there brings it back."""
    value = f"{flow}.{base64.urlsafe_b64encode(wanted.encode()).decode()}"
    response.set_cookie(
        _name(request, FLOW), value, max_age=seconds, path="/", secure=is_secure(request), httponly=True, samesite="lax"
    )
    return response


def flow(request: Request) -> tuple[str, str]:
    """What this browser was sent elsewhere with, and the page that was wanted; nothing where it keeps none."""
    kept, _, wanted = request.cookies.get(_name(request, FLOW), "").partition(".")
    try:
        return kept, base64.urlsafe_b64decode(wanted.encode()).decode()
    except ValueError:
        return kept, ""


def forget_flow(request: Request, response: Response) -> Response:
    """Let the browser forget it."""
    return _forget(request, response, FLOW)


def keep_choice(request: Request, response: Response, name: str, value: str) -> None:
    """Let the browser remember how its pages look; no secret, and sent with a link from elsewhere too."""
    response.set_cookie(
        name, value, max_age=DEVICE_SECONDS, path="/", secure=is_secure(request), httponly=True, samesite="lax"
    )
