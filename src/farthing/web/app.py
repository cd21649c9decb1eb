"""Mount the pages beside the API: routes, static files, and refusals as pages where a page was asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from fastapi import APIRouter, FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from farthing.db.server import Unavailable
from farthing.identity.rules import ANONYMOUS, NOT_SIGNED_IN
from farthing.kernel.incidents import recorded
from farthing.kernel.operation import unreadable
from farthing.kernel.run import Kernel
from farthing.kernel.settings import Settings
from farthing.kit.errors import Refusal, malformed, not_found
from farthing.web import assets, gallery, keeping
from farthing.web.cookies import secure_cookies
from farthing.web.counter import door as counter
from farthing.web.customer import door as customer
from farthing.web.doors import Door
from farthing.web.ground import HEADERS, current, page, refused
from farthing.web.operator import door as operator
from farthing.web.partner import door as partner
from farthing.web.proof import door as proof
from farthing.web.rescue import Rescue
from farthing.web.speech import Speaking

DOORS = {each.name: each for each in (customer.DOOR, counter.DOOR, operator.DOOR, partner.DOOR, proof.DOOR)}
ROUTERS: tuple[APIRouter, ...] = (
    *customer.ROUTERS, *counter.ROUTERS, *operator.ROUTERS, *partner.ROUTERS, *proof.ROUTERS, gallery.router,
)  # fmt: skip
"""Every page of every door."""
COMPRESSED_FROM = 1_000
"""Bytes of an answer that is worth compressing."""


def mount(
    app: FastAPI, kernel: Kernel, settings: Settings | None = None, *, doors: Mapping[str, Door] = DOORS,
    routers: Sequence[APIRouter] = ROUTERS,
) -> None:  # fmt: skip
    """Add pages to an application, a bank's unless others are given; the settings say whether cookies travel over TLS alone, and
    the language."""
    settings = settings or Settings()
    app.state.kernel = kernel
    app.state.doors = doors
    app.state.form_key = keeping.key_of(settings.secret)
    app.state.secure_cookies = secure_cookies(settings)
    for router in (assets.router, *routers):
        app.router.routes += router.routes
    for kind, told in PAGES.items():
        _as_page(app, kind, told)
    app.add_middleware(Pages, language=settings.language)
    app.add_middleware(GZipMiddleware, minimum_size=COMPRESSED_FROM)


NO_SUCH_PAGE = not_found(
    "web.no_such_page",
    "There is no page at this address; it may have been mistyped, or the page has moved.",
    "此地址没有页面；可能输入有误，或页面已移动。",
)
NOT_THIS_WAY = malformed(
    "web.not_this_way",
    "This address takes forms and shows no page; go back and begin again.",
    "此地址只接收表单，没有页面可看；请返回后重新开始。",
)


def _no_page(error: Exception) -> Refusal | None:
    status = error.status_code if isinstance(error, HTTPException) else 0
    return NO_SUCH_PAGE() if status == 404 else NOT_THIS_WAY() if status == 405 else None


def _refusal(error: Exception) -> Refusal | None:
    return error if isinstance(error, Refusal) else None


PAGES: Mapping[type[Exception], Callable[[Exception], Refusal | None]] = {
    Refusal: _refusal,
    HTTPException: _no_page,
    RequestValidationError: lambda error: (
        unreadable(error.errors()) if isinstance(error, RequestValidationError) else None
    ),
}
"""What is answered by a page where a page was asked for; everything else as the API answers it."""


def _as_page(app: FastAPI, kind: type[Exception], told: Callable[[Exception], Refusal | None]) -> None:
    """Answer an exception by a page outside the API, and as before within it."""
    before = app.exception_handlers[kind]

    @app.exception_handler(kind)
    async def handle(request: Request, error: Exception) -> Response:
        refusal = told(error)
        if refusal is not None and not _of_the_api(request.url.path):
            page = await run_in_threadpool(_told, request, refusal)
            page.status_code = getattr(error, "status_code", page.status_code)
            return page
        answered: Response = await before(request, error)  # type: ignore[misc]
        return answered


def _told(request: Request, refusal: Refusal) -> Response:
    """A refused form comes back with what was typed, where its page says how (``@comes_back``); else a page of its own. Where
    its session had lapsed, what was typed is kept for the login whose it was."""
    form = keeping.form_of(request) if hasattr(request.state, "typed") else None
    if form is None:
        return refused(request, refusal)
    try:
        shown: Response = form(request, refusal, **request.path_params)
    except Refusal:
        return _sent_too_late(request, refusal)
    if shown.status_code >= 400:
        return shown
    if getattr(request.state, "sign_in_first", False) and current(request) is ANONYMOUS:
        refusal = NOT_SIGNED_IN()
    return _sent_too_late(request, refusal)


def _sent_too_late(request: Request, refusal: Refusal) -> Response:
    """A refusal of a form whose page cannot be shown either, with what was typed into it kept where its session had lapsed."""
    sealed = keeping.keep(request) if current(request) is ANONYMOUS else None
    if sealed is None:
        return refused(request, refusal)
    shown = refused(request, refusal, keeping.BACK)
    keeping.give(request, shown, sealed)
    return shown


async def _incident(request: Request, error: Exception) -> Response:
    """The page of an incident, or of a bank that cannot answer just now; it asks the books nothing."""
    number = "" if isinstance(error, Unavailable) else recorded(error)
    return await run_in_threadpool(page, request, "incident.html", ANONYMOUS, 500 if number else 503, number=number)


class Pages:
    """Send what is asked of the pages by way of what pages alone need: a language, incidents that are pages, and headers: a
    paper, a file or a redirect is kept by no cache and framed by nobody, whatever its handler forgot."""

    def __init__(self, app: ASGIApp, language: str) -> None:
        self.app, self.pages = app, Speaking(Rescue(app, _incident), language)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on by its way; the API's own are slowed by nothing."""
        if scope["type"] != "http" or _of_the_api(scope["path"]):
            await self.app(scope, receive, send)
            return

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.pages(scope, receive, told)


def _of_the_api(path: str) -> bool:
    return path.startswith(("/v1", "/exchange/v1", "/openapi", "/metrics", "/healthz", "/readyz"))
