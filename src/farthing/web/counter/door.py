"""Own what the counter's door is: its places and its pages."""

from __future__ import annotations

from farthing.web.counter import (
    attending,
    cash,
    customer,
    deposits,
    desk,
    drawer,
    drawing,
    loans,
    meeting,
    powers,
    signing,
    topping_up,
    voicing,
)
from farthing.web.doors import Door, Place
from farthing.web.speech import N_

DOOR = Door(
    "counter", N_("Counter"), "/counter", "rail",
    (
        Place("/counter", N_("Find a customer"), "savings:cash", also=("/counter/customers/", "/counter/deposits/"), key="1"),
        Place("/counter/new", N_("New customer"), "parties:register", key="2"),
        Place("/counter/drawer", N_("Drawer"), "payments:hand", key="3"),
        Place("/counter/powers", N_("Who acts for whom"), "parties:powers"),
        Place("/groups", N_("Groups"), "lending:read_groups", also=("/groups/",), key="0"),
        Place("/approvals", N_("Approvals"), "approvals:decide", also=("/approvals/",), key="4"),
        Place("/me", N_("My login")),
    ),
)  # fmt: skip
ROUTERS = (
    desk.router, attending.router, drawer.router, cash.router, deposits.router, loans.router, drawing.router, topping_up.router,
    meeting.router, signing.router,
    powers.router, customer.router, voicing.router,
)  # fmt: skip
