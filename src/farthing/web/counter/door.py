"""Own what the counter's door is: its places and its pages."""

from __future__ import annotations

from farthing.web.counter import pages
from farthing.web.doors import Door, Place
from farthing.web.speech import N_

DOOR = Door(
    "counter", N_("Counter"), "/counter", "rail",
    (
        Place("/counter", N_("Counter"), "savings:cash", also=("/counter/",), key="1"),
        Place("/approvals", N_("Approvals"), "approvals:decide", also=("/approvals/",), key="2"),
        Place("/me", N_("My login")),
    ),
)  # fmt: skip
ROUTERS = (pages.router,)
