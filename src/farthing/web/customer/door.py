"""Own what the customer's door is: its places and its pages."""

from __future__ import annotations

from farthing.web.customer import borrower, entrance, paying, pool, saving
from farthing.web.doors import Door, Place
from farthing.web.speech import N_

DOOR = Door(
    "customer", N_("Farthing"), "/home", "tabs",
    (
        Place("/home", N_("Home"), also=("/pay", "/collect", "/top-up", "/cash-out")),
        Place("/savings", N_("Save"), also=("/savings/",)),
        Place("/borrow", N_("Borrow"), also=("/apply", "/offers/", "/decisions/", "/loans/", "/history")),
        Place("/activity", N_("Activity"), also=("/activity/",)),
        Place("/me", N_("Me"), also=("/me/",)),
    ),
)  # fmt: skip
ROUTERS = (entrance.router, borrower.router, paying.router, pool.router, saving.router)
