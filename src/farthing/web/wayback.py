"""Own where a person goes back to: the page that led here, and the page that was wanted before one had to sign in.

An address that a browser names is followed only where it is a page of ours that can be looked at.
"""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import Request
from starlette.routing import Match

from farthing.web import cookies

LONGEST = 3_000
"""The longest address is the request of a partner who asks who somebody is."""
FRONT = "/"


def came_from(request: Request) -> str:
    """The page of ours that led to this request, as far as the browser says; the front page otherwise.

    Where that was the answer to a form, whose address shows no page, the nearest page above it: ``/pay`` of ``/pay/payee``.
    """
    page_before = cookies.parted(request.headers.get("referer", ""))
    if page_before.netloc != request.headers.get("host", "") or not page_before.path.startswith("/"):
        return FRONT
    path = f"{page_before.path}?{page_before.query}" if page_before.query else page_before.path
    if path.startswith("//") or (path == str(request.url.path) and request.method == "GET"):
        return FRONT
    if _can_be_seen(request, page_before.path):
        return path
    above = page_before.path
    while above != FRONT and not _can_be_seen(request, above):
        above = above.rpartition("/")[0] or FRONT
    return above


def _can_be_seen(request: Request, path: str) -> bool:
    """Whether an address is a page: one that knows only POST answers nobody who goes there."""
    asked = {**request.scope, "method": "GET", "path": path}
    found = [(getattr(each, "path", ""), each.matches(asked)[0]) for each in request.app.routes]
    first = next((known for known, match in found if match is not Match.NONE), None)
    return any(match is Match.FULL for known, match in found if known == first)


def of_ours(request: Request, address: object) -> str:
    """An address that was sent along, where it is a page of ours; else the front page."""
    text = str(address or "")
    plain = text.isascii() and text.isprintable() and len(text) <= LONGEST and "\\" not in text
    if not plain or not text.startswith("/") or text.startswith("//"):
        return FRONT
    return text if _can_be_seen(request, cookies.parted(text).path) else FRONT


def sign_in_at(request: Request) -> str:
    """The front page, which leads on to what was wanted here once somebody is signed in."""
    own = f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
    wanted = of_ours(request, own) if request.method == "GET" else came_from(request)
    return FRONT if wanted == FRONT else f"/?{urlencode({'next': wanted})}"
