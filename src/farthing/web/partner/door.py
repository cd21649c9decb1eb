"""Own what the partner's door is: its places and its pages."""

from __future__ import annotations

from farthing.web.doors import Door, Place
from farthing.web.partner import documents, pages
from farthing.web.speech import N_

DOOR = Door(
    "partner", N_("Partner"), "/partner", "rail",
    (
        Place("/partner", N_("Portfolio"), "funding:read"),
        Place("/partner/requests", N_("Requests"), "funding:read"),
        Place("/partner/mandate", N_("Mandate"), "funding:read"),
        Place("/partner/settlement", N_("Settlement"), "funding:read"),
        Place("/partner/documents", N_("Documents"), "funding:read"),
        Place("/me", N_("My login")),
    ),
)  # fmt: skip
ROUTERS = (pages.router, documents.router)
