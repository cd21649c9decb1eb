"""The pages of logins at other institutions: go there to sign in or to link one, come back, link, unlink.

Where one goes is a link on a page that says so, and not a redirect: our forms lead to our own pages alone. What comes back comes
with a link from elsewhere, with which no session travels; so the answer is a page of ours that leads on.
"""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from farthing.identity import entrance as doors
from farthing.identity.model import LoggedIn
from farthing.identity.outside import entrance, rules, service
from farthing.identity.outside.model import Answer, LinkOutside, UnlinkOutside
from farthing.identity.rules import ANONYMOUS
from farthing.kit.actor import Actor
from farthing.web import cookies
from farthing.web.customer.devices import devices_page
from farthing.web.customer.entrance import front_page, place_of, text
from farthing.web.forms import comes_back
from farthing.web.ground import Fields, current, kernel_of, once_more, page, pages, sign_in_first, to
from farthing.web.keyed import site_of
from farthing.web.wayback import of_ours

router = pages()
coming_back = APIRouter(include_in_schema=False)
SECONDS = int(rules.LIVES.total_seconds())
DEVICES = "/me/devices"


@router.post("/login/outside")
@comes_back(front_page)
def go(request: Request, fields: Fields) -> Response:
    """Go to a provider to sign in."""
    begun = entrance.begin(
        kernel_of(request), site_of(request), text(fields, "provider")[:60] or "-", place_of(request)
    )
    return _gone(request, begun, of_ours(request, fields.get("next")))


@router.post("/me/devices/outside")
@comes_back(devices_page)
def go_to_link(request: Request, fields: Fields) -> Response:
    """Go to a provider, to link one's login there."""
    provider = text(fields, "provider")[:60] or "-"
    begun = entrance.begin_link(kernel_of(request), site_of(request), provider, current(request))
    return _gone(request, begun, DEVICES)


def _gone(request: Request, begun: entrance.Begun, wanted: str) -> Response:
    shown = page(request, "customer/outside_go.html", current(request), onward=begun.address)
    return cookies.keep_flow(request, shown, begun.flow, wanted, SECONDS)


@coming_back.get("/login/outside/{provider}")
def came(request: Request, provider: str) -> Response:
    """Come back from a provider. Parameters that nobody knows are passed over, as the standards want it."""
    flow, wanted = cookies.flow(request)
    state, code, iss, error = (
        request.query_params.get(name, "")[:2_000] for name in ("state", "code", "iss", "error")
    )  # fmt: skip
    answer = Answer(state, code, iss, error, flow)
    done = entrance.answered(kernel_of(request), site_of(request), provider, answer, place_of(request))
    if not isinstance(done, LoggedIn):
        return cookies.forget_flow(request, _onward(request, f"{DEVICES}/outside/{done.flow_id}"))
    who = doors.who_is(kernel_of(request), str(done.token)).actor
    shown = _onward(request, of_ours(request, wanted), who)
    return cookies.forget_flow(request, cookies.begin(request, shown, done))


def _onward(request: Request, onward: str, who: Actor = ANONYMOUS) -> HTMLResponse:
    """A page of ours that leads on, for which the browser then sends the session along."""
    shown = page(request, "customer/outside_back.html", who, onward=onward)
    shown.headers["Refresh"] = f"0; url={onward}"
    return shown


@router.get("/me/devices/outside/{flow_id}")
def to_link(request: Request, flow_id: str) -> Response:
    """The login with which one came back, before it is linked."""
    who = current(request)
    return (
        sign_in_first(request)
        if who is ANONYMOUS
        else page(request, "customer/outside_link.html", who, flow_id=flow_id)
    )


@router.post("/me/devices/outside/link")
@comes_back(devices_page)
def link(request: Request, fields: Fields) -> Response:
    """Link it, once that is confirmed."""
    who = current(request)

    def show(looked: Any, form: dict[str, Any]) -> HTMLResponse:
        return page(request, "customer/device_change.html", who, what="link", called=looked.issuer, **form)

    command = LinkOutside(text(fields, "flow_id") or "-")
    return once_more(request, fields, service.link_outside, command, actor=who, show=show, then=lambda _: to(DEVICES))


@router.post("/me/devices/outside/unlink")
@comes_back(devices_page)
def unlink(request: Request, fields: Fields) -> Response:
    """Unlink one, once that is confirmed."""
    who = current(request)

    def show(_: Any, form: dict[str, Any]) -> HTMLResponse:
        return page(request, "customer/device_change.html", who, what="unlink", called=text(fields, "called"), **form)

    command = UnlinkOutside(text(fields, "login_id") or "-")
    return once_more(request, fields, service.unlink_outside, command, actor=who, show=show, then=lambda _: to(DEVICES))
