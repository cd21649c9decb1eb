"""Own the application of a node: its routes, its description, health, and no more."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.responses import PlainTextResponse

from farthing import __version__
from farthing.api import problems
from farthing.api.exchange import persons
from farthing.api.exchange.routes import router
from farthing.exchange.node_service import Node


def create_exchange(node: Node) -> FastAPI:
    """The door of one node."""
    app = FastAPI(
        title="Farthing exchange",
        version=__version__,
        summary="A credit-information node: records of borrowers, shared between lenders under the person's own consent",
        openapi_url="/exchange/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.state.node, app.state.kernel = node, node.kernel
    problems.install(app)
    app.router.routes += [*router.routes, *persons.router.routes]

    @app.get("/healthz", include_in_schema=False)
    def healthz() -> PlainTextResponse:
        if node.kernel.database.answers():
            return PlainTextResponse("ok")
        return PlainTextResponse("the database does not answer", 503, headers={"Retry-After": "2"})

    return app
