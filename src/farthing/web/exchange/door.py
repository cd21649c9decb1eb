"""Own what the door of a credit-information node is: its places and its pages, and how they are mounted beside its API."""

from __future__ import annotations

from fastapi import FastAPI

from farthing.exchange.node_service import Node
from farthing.kernel.settings import Settings
from farthing.web.app import mount
from farthing.web.doors import Door, Place
from farthing.web.exchange import coming, consenting, disputing, reading
from farthing.web.speech import N_

DOOR = Door(
    "exchange", N_("Credit information"), "/report", "tabs",
    (
        Place("/report", N_("My file"), also=("/reports/",)),
        Place("/seen", N_("Seen by")),
        Place("/consents", N_("Consents"), also=("/consents/",)),
        Place("/disputes", N_("Disputes"), also=("/disputes/",)),
        Place("/me", N_("Me")),
    ),
)  # fmt: skip
ROUTERS = (coming.router, reading.router, consenting.router, disputing.router)
COMERS = ("customer", "operator", "counter", "partner", "proof", DOOR.name)
"""By which names a bank knows who comes in: at a node there is one door for all."""


def mount_node(app: FastAPI, node: Node, settings: Settings | None = None) -> None:
    """Add the person's pages to the door of a node."""
    app.state.lanes = {}
    mount(app, node.kernel, settings, doors=dict.fromkeys(COMERS, DOOR), routers=ROUTERS)
