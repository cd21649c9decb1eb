"""Mount the pages beside the API: routes, static files, and refusals as pages where a page was asked for."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.responses import Response
from fastapi.staticfiles import StaticFiles

from farthing.kernel.run import Kernel
from farthing.kernel.settings import Settings
from farthing.kit.errors import Refusal
from farthing.web import borrower, counter, entrance, operator, pool, saving
from farthing.web.cookies import secure_cookies
from farthing.web.ground import FOLDER, refused


def mount(app: FastAPI, kernel: Kernel, settings: Settings | None = None) -> None:
    """Add the pages to an application; the settings say whether cookies travel over TLS alone."""
    app.state.kernel = kernel
    app.state.secure_cookies = secure_cookies(settings or Settings())
    app.mount("/static", StaticFiles(directory=FOLDER / "static"), name="static")
    app.include_router(entrance.router)
    app.include_router(borrower.router)
    app.include_router(pool.router)
    app.include_router(saving.router)
    app.include_router(operator.router)
    app.include_router(counter.router)
    handle = app.exception_handlers[Refusal]

    @app.exception_handler(Refusal)
    async def on_refusal(request: Request, error: Refusal) -> Response:
        if request.url.path.startswith("/v1"):
            answered: Response = await handle(request, error)  # type: ignore[misc]
            return answered
        return refused(request, error)
