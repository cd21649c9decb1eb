"""Mount the pages beside the API: routes, static files, and refusals as pages where a page was asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from farthing.kernel.operation import unreadable
from farthing.kernel.run import Kernel
from farthing.kernel.settings import Settings
from farthing.kit.errors import Refusal, malformed, not_found
from farthing.web import borrower, counter, entrance, operator, paying, pool, saving
from farthing.web.cookies import secure_cookies
from farthing.web.ground import FOLDER, refused


def mount(app: FastAPI, kernel: Kernel, settings: Settings | None = None) -> None:
    """Add the pages to an application; the settings say whether cookies travel over TLS alone."""
    app.state.kernel = kernel
    app.state.secure_cookies = secure_cookies(settings or Settings())
    app.mount("/static", StaticFiles(directory=FOLDER / "static"), name="static")
    for part in (entrance, borrower, paying, pool, saving, operator, counter):
        app.router.routes += part.router.routes
    for kind, told in PAGES.items():
        _as_page(app, kind, told)


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
        if refusal is not None and not _of_the_api(request):
            page = await run_in_threadpool(_told, request, refusal)
            page.status_code = getattr(error, "status_code", page.status_code)
            return page
        answered: Response = await before(request, error)  # type: ignore[misc]
        return answered


def _told(request: Request, refusal: Refusal) -> Response:
    """A refused form comes back with what was typed, where it is one that people fill in; else a page of its own."""
    form = FORMS.get(request.url.path) if request.method == "POST" and hasattr(request.state, "typed") else None
    if form is not None:
        try:
            shown = form(request, refusal)
        except Refusal:
            return refused(request, refusal)
        if shown.status_code == refusal.status:
            return shown
    return refused(request, refusal)


FORMS: Mapping[str, Callable[[Request, Refusal], Response]] = {
    "/login": entrance.front_page, "/register": entrance.front_page, "/register/code": entrance.code_page,
    "/me/password": entrance.me_page, "/apply": borrower.apply_form, "/pay": paying.pay_form,
    "/history": borrower.history_form, "/savings/open": saving.open_form,
}  # fmt: skip
"""Forms that come back when they are refused, by where they are sent to."""


def _of_the_api(request: Request) -> bool:
    return request.url.path.startswith(("/v1", "/openapi", "/metrics", "/healthz", "/readyz"))
